"""A chapter is taken over only where everything it hangs on is the same and everything it made is still there."""

from __future__ import annotations

from pathlib import Path

import pytest

from louyu_lab.run.making.records import StageRecord, find_record, stage_key, write_record
from louyu_lab.run.manifest import sha256_of

PARTS = {
    "stage": "04_tax",
    "code": "c",
    "parameters": {"year": 2020},
    "about": {"years": [2019, 2020]},
    "ledgers": {"taxes": "t"},
    "taken": {"02": [["done", ""], {"rollup": "r"}]},
}
OTHERS = {
    "stage": "05",
    "code": "d",
    "parameters": {"year": 2019},
    "about": {"years": [2020]},
    "ledgers": {"taxes": "u"},
    "taken": {"02": [["skipped", "缺"], {}]},
}


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_thing_a_chapter_hangs_on_makes_another_key(part: str) -> None:
    assert stage_key(**PARTS) == stage_key(**PARTS)
    assert stage_key(**{**PARTS, part: OTHERS[part]}) != stage_key(**PARTS)


def recorded(run: Path, key: str = "k") -> StageRecord:
    table = run / "tables" / "a.csv"
    table.parent.mkdir(parents=True)
    table.write_text("a\n1\n", encoding="utf-8")
    record = StageRecord("01", key, "done", "", {"tables/a.csv": sha256_of(table)})
    write_record(run, record)
    return record


def test_the_first_run_that_still_has_everything_is_found(tmp_path: Path) -> None:
    record = recorded(tmp_path / "second")
    runs = [tmp_path / "missing", tmp_path / "second"]
    assert find_record(runs, "01", "k") == (tmp_path / "second", record)
    assert find_record(runs, "01", "other") is None
    assert find_record(runs, "02", "k") is None


@pytest.mark.parametrize("damage", ["changed", "gone", "record"])
def test_a_run_that_was_changed_since_is_not_taken_from(tmp_path: Path, damage: str) -> None:
    recorded(tmp_path)
    table, card = tmp_path / "tables" / "a.csv", tmp_path / "state" / "stages" / "01.json"
    if damage == "changed":
        table.write_text("a\n2\n", encoding="utf-8")
    elif damage == "gone":
        table.unlink()
    else:
        card.write_text('{"name": "01", "key"', encoding="utf-8")
    assert find_record([tmp_path], "01", "k") is None


def test_typed_tables_are_told_from_the_rest() -> None:
    outputs = {"tables/a.csv": "1", "state/tables/a.parquet": "2", "figures/a.png": "3"}
    assert StageRecord("01", "k", "done", "", outputs).tables() == {"a": "2"}
