"""What a chapter leaves is held against its declaration before it comes into the run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.analysis.handed import write_handed
from louyu_lab.run.graph import Stage
from louyu_lab.run.making.staging import copy_outputs, move_outputs, new_staging, output_faults, read_card
from louyu_lab.run.manifest import StageResult

STAGE = Stage("02", "现状", reads=("buildings",), makes=("a",), may_make=("b",))


def published(staging: Path, name: str, rows: int = 1) -> None:
    for path in (staging / "state" / "tables" / f"{name}.parquet", staging / "tables" / f"{name}.csv"):
        path.parent.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame({"x": range(rows)})
    frame.to_parquet(staging / "state" / "tables" / f"{name}.parquet")
    frame.to_csv(staging / "tables" / f"{name}.csv")


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    return new_staging(tmp_path, STAGE, ["c"], [StageResult("01", "skipped", "缺楼宇台账", title="核对")])


def test_a_chapter_is_told_where_its_run_is_and_what_it_may_see(staging: Path, tmp_path: Path) -> None:
    card = read_card(staging)
    assert card is not None
    assert (staging / card.run).resolve() == tmp_path.resolve()
    assert (card.reads, card.takes) == (["buildings"], ["c"])
    assert card.ended == [["核对", "skipped", "缺楼宇台账"]]
    assert read_card(tmp_path) is None


def test_two_attempts_never_share_a_folder(tmp_path: Path) -> None:
    assert new_staging(tmp_path, STAGE, [], []) != new_staging(tmp_path, STAGE, [], [])


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"a": 1}, []),
        ({"a": 1, "b": 0}, []),
        ({}, ["没有写出应有的表 a"]),
        ({"a": 0}, ["表 a 是空的"]),
        ({"a": 1, "z": 1}, ["写出了 graph.yaml 没有声明的表 z"]),
    ],
)
def test_declared_outputs_must_be_there_with_rows_and_no_others(
    staging: Path, tables: dict[str, int], said: list[str]
) -> None:
    for name, rows in tables.items():
        published(staging, name, rows)
    assert output_faults(STAGE, staging) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("part_units", []), ("draws", []), ("units", ["交出了 graph.yaml 没有声明的数据 units"])],
)
def test_what_is_handed_on_is_declared_by_name_or_pattern(staging: Path, name: str, said: list[str]) -> None:
    published(staging, "a")
    write_handed(staging, name, pd.DataFrame({"x": [1]}))
    assert output_faults(replace(STAGE, hands=("draws", "part_*")), staging) == said


def test_a_stage_without_declaration_may_make_anything_but_an_empty_file(staging: Path) -> None:
    published(staging, "z")
    assert output_faults(Stage("02", "现状"), staging) == []
    (staging / "figures").mkdir()
    (staging / "figures" / "map.png").touch()
    assert output_faults(Stage("02", "现状"), staging) == ["文件 map.png 是空的"]


def test_outputs_are_moved_with_their_hashes_and_the_folder_goes(staging: Path, tmp_path: Path) -> None:
    published(staging, "a")
    moved = move_outputs(staging, tmp_path)
    assert sorted(moved) == ["state/tables/a.parquet", "tables/a.csv"]
    assert all((tmp_path / path).is_file() for path in moved)
    assert not staging.exists()


def test_taking_over_from_a_run_that_is_just_going_away_is_no_failure(tmp_path: Path) -> None:
    assert not copy_outputs(tmp_path / "gone", tmp_path / "work", {"tables/a.csv": "1"})
