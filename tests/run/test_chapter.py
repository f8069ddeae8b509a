"""What a notebook publishes is checked, kept inside a run and only shown outside one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from louyu_lab.ledgers.model import FAULT_COLUMNS, Ledgers
from louyu_lab.run.chapter import ChapterSkipped, ledgers_state, open_chapter, tables_state
from louyu_lab.run.graph import Stage
from louyu_lab.run.making.declared import UndeclaredError
from louyu_lab.run.making.records import StageRecord
from louyu_lab.run.making.staging import move_outputs, new_staging, output_faults
from louyu_lab.run.manifest import StageResult, output_records
from louyu_lab.run.parameters import InputError


def bar_chart() -> plt.Figure:
    fig, axes = plt.subplots(figsize=(3, 2))
    axes.bar(["甲级", "乙级"], [-3, 2])
    axes.set_title("楼宇规模")
    return fig


def test_a_table_is_kept_for_excel_and_with_its_types(tmp_path: Path, ledgers: Ledgers) -> None:
    open_chapter(run_dir=str(tmp_path)).publish("faults", ledgers.check())
    csv = tmp_path / "tables" / "faults.csv"
    # Excel takes a CSV for UTF-8 only with the byte order mark in front.
    assert csv.read_bytes().startswith(b"\xef\xbb\xbffile,sheet,row")
    assert list(pd.read_csv(csv)) == list(FAULT_COLUMNS)
    assert pd.read_parquet(tmp_path / "state" / "tables" / "faults.parquet")["row"].dtype == "Int64"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Everything a chapter displays, in order."""
    objects: list[Any] = []
    monkeypatch.setattr("IPython.display.display", objects.append)
    return objects


def test_a_table_is_shown_in_chinese(shown: list[Any], ledgers: Ledgers) -> None:
    chapter = open_chapter()
    chapter.show("faults", ledgers.check())
    chapter.show("faults", ledgers.check().iloc[:0])
    table, nothing = shown
    assert "不是数字" in table.data and "提醒" in table.data
    assert "从略" in nothing.data


def test_a_name_cannot_smuggle_markup_into_the_page(shown: list[Any], ledgers: Ledgers) -> None:
    open_chapter().show("faults", ledgers.check().assign(value="<script>x</script>"))
    assert "<script>" not in shown[0].data


def test_all_rows_are_kept_where_only_the_first_are_shown(
    tmp_path: Path, ledgers: Ledgers, shown: list[Any]
) -> None:
    faults = pd.concat([ledgers.check()] * 5, ignore_index=True)
    open_chapter(run_dir=str(tmp_path)).show("faults", faults, rows=2)
    assert shown[0].data.count("不是数字") == 2
    assert len(pd.read_csv(tmp_path / "tables" / "faults.csv")) == 5


def test_a_table_in_parts_is_kept_whole(tmp_path: Path, ledgers: Ledgers, shown: list[Any]) -> None:
    fault = ledgers.check().head(1)
    faults = pd.concat([fault.assign(sheet=sheet) for sheet in ("乙", "乙", "<甲>")], ignore_index=True)
    open_chapter(run_dir=str(tmp_path)).show("faults", faults, rows=1, by="sheet")
    first, second = (table.data for table in shown)
    assert first.count("不是数字") == second.count("不是数字") == 1
    assert "：乙（前 1 行，共 2 行" in first and "：&lt;甲&gt;" in second and "<甲>" not in second
    # Two parts share no id of an element in one page.
    ids = [set(re.findall(r'id="([^"]+)"', table)) for table in (first, second)]
    assert ids[0] and not ids[0] & ids[1]
    assert len(pd.read_csv(tmp_path / "tables" / "faults.csv")) == 3


def test_an_undeclared_table_or_column_is_refused(tmp_path: Path, ledgers: Ledgers) -> None:
    chapter = open_chapter(run_dir=str(tmp_path))
    with pytest.raises(KeyError):
        chapter.publish("no_such_table", ledgers.check())
    with pytest.raises(ValueError, match="undeclared"):
        chapter.publish("faults", ledgers.check().assign(extra=1))
    assert not (tmp_path / "tables").exists()


def test_outside_a_run_nothing_is_written(
    tmp_path: Path, ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chapter = open_chapter()
    chapter.publish("faults", ledgers.check())
    chapter.figure("scale", bar_chart())
    assert list(tmp_path.iterdir()) == []


def test_a_figure_is_kept_closed_and_the_same_each_time(tmp_path: Path) -> None:
    chapter = open_chapter(run_dir=str(tmp_path))
    for name in ("first", "second"):
        chapter.figure(name, bar_chart())
    first, second = ((tmp_path / "figures" / f"{name}.png").read_bytes() for name in ("first", "second"))
    assert first.startswith(b"\x89PNG")
    assert first == second
    assert plt.get_fignums() == []


def test_a_figure_shows_its_title_to_those_who_cannot_see_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    open_chapter().figure("scale", bar_chart())
    assert [image.alt for image in shown] == ["楼宇规模"]


def test_an_empty_table_is_kept_and_passed_over_with_a_word(
    tmp_path: Path, ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    chapter = open_chapter(run_dir=str(tmp_path))
    chapter.show("faults", ledgers.check().head(0))
    chapter.show("faults", ledgers.check().head(0), said=True)
    chapter.draw("scale", lambda frame: bar_chart(), ledgers.check().head(0))
    chapter.say("", "一句话。")
    assert [markdown.data for markdown in shown] == ["（问题清单：没有可用的数据，从略。）", "一句话。"]
    assert (tmp_path / "tables" / "faults.csv").is_file()
    assert not (tmp_path / "figures").exists()


def test_a_table_and_a_figure_with_rows_are_shown(
    tmp_path: Path, ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    chapter = open_chapter(run_dir=str(tmp_path))
    chapter.show("faults", ledgers.check())
    chapter.draw("scale", lambda frame: bar_chart(), ledgers.check())
    assert len(shown) == 2
    assert (tmp_path / "figures" / "scale.png").is_file()


def test_a_figure_name_is_no_path() -> None:
    with pytest.raises(ValueError, match="figure name"):
        open_chapter().figure("../scale", bar_chart())
    plt.close("all")


def test_the_next_chapter_finds_the_ledgers_as_read(tmp_path: Path, ledgers: Ledgers) -> None:
    ledgers.save(ledgers_state(tmp_path))
    # The data folder does not exist: what comes back can only come from the run's state.
    later = open_chapter(data_dir="/no/such/folder", run_dir=str(tmp_path))
    assert later.year == 2020
    pd.testing.assert_frame_equal(later.ledgers["occupancy"], ledgers["occupancy"])


def test_a_chapter_reads_the_folder_where_no_run_has(data_dir: Path) -> None:
    chapter = open_chapter(str(data_dir))
    assert chapter.year == 2020
    assert sorted(chapter.ledgers["buildings"]["building"]) == ["云台中心", "和安大厦"]


def test_a_year_that_is_not_held_is_refused(data_dir: Path) -> None:
    with pytest.raises(InputError, match="没有 2015 年"):
        _ = open_chapter(str(data_dir), year=2015).year


def test_skipping_ends_the_chapter_with_its_reason() -> None:
    with pytest.raises(ChapterSkipped, match="缺税收台账"):
        open_chapter().skip("缺税收台账")


def test_a_chapter_in_the_making_sees_what_it_declared_and_takes_what_it_may(
    tmp_path: Path, ledgers: Ledgers
) -> None:
    ledgers.save(ledgers_state(tmp_path))
    tables_state(tmp_path).mkdir(parents=True)
    ledgers.check().to_parquet(tables_state(tmp_path) / "faults.parquet")
    before = StageResult("01", "failed", "单元 In [4] 出错", title="数据核对")
    stage = Stage("07", "总结", reads=("buildings",))
    chapter = open_chapter(run_dir=str(new_staging(tmp_path, stage, ["faults", "rollup"], [before])))
    assert len(chapter.ledgers["buildings"]) == 2
    with pytest.raises(UndeclaredError):
        chapter.ledgers["occupancy"]
    assert chapter.ended == [("数据核对", "failed", "单元 In [4] 出错")]
    pd.testing.assert_frame_equal(chapter.taken("faults"), ledgers.check())
    assert chapter.taken("rollup") is None
    with pytest.raises(UndeclaredError, match="moves"):
        chapter.taken("moves")
    # What it makes lies in its own folder until the run has looked it over.
    chapter.publish("faults", ledgers.check())
    assert not (tmp_path / "tables").exists()


def test_what_is_handed_on_keeps_its_types_and_is_published_nowhere(tmp_path: Path, ledgers: Ledgers) -> None:
    frame = pd.DataFrame({"building_id": ["B1", "B2"], "draw": [0, 1], "yuan": [1.5, float("nan")]})
    first = Stage("04", "税收", reads=(), may_make=(), hands=("tax_draws",))
    staging = new_staging(tmp_path, first, [], [])
    chapter = open_chapter(run_dir=str(staging))
    chapter.hand_on("tax_draws", frame)
    assert output_faults(first, staging) == []
    moved = move_outputs(staging, tmp_path)
    assert list(moved) == ["state/handed/tax_draws.parquet"]
    # What comes later depends on it, and it is proven like a result.
    assert StageRecord("04", "k", "done", "", moved).tables() == {
        "tax_draws": moved["state/handed/tax_draws.parquet"]
    }
    assert [entry["path"] for entry in output_records(tmp_path)] == ["state/handed/tax_draws.parquet"]
    later = new_staging(tmp_path, Stage("06", "情景"), ["tax_*"], [])
    pd.testing.assert_frame_equal(open_chapter(run_dir=str(later)).taken("tax_draws"), frame)
    with pytest.raises(UndeclaredError, match="tax_draws"):
        open_chapter(run_dir=str(new_staging(tmp_path, Stage("07", "小结"), ["taxes"], []))).taken(
            "tax_draws"
        )


def test_the_same_frame_is_handed_on_as_the_same_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"building_id": ["B1"] * 3, "yuan": [1.0, 2.0, 3.0]})
    for name in ("one", "two"):
        open_chapter(run_dir=str(tmp_path / name)).hand_on("tax_draws", frame.copy())
    one, two = ((tmp_path / name / "state/handed/tax_draws.parquet").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("name", ["faults", "../x", "税收", ""])
def test_what_is_handed_on_has_a_plain_name_and_no_published_tables(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        open_chapter(run_dir=str(tmp_path)).hand_on(name, pd.DataFrame({"x": [1]}))
    assert not (tmp_path / "state").exists()


def test_opened_by_hand_in_a_finished_run_it_finds_ledgers_and_tables(
    tmp_path: Path, ledgers: Ledgers
) -> None:
    ledgers.save(ledgers_state(tmp_path))
    tables_state(tmp_path).mkdir(parents=True)
    ledgers.check().to_parquet(tables_state(tmp_path) / "faults.parquet")
    chapter = open_chapter(run_dir=str(tmp_path))
    assert len(chapter.ledgers["occupancy"]) == 2
    assert chapter.ended == []
    assert len(chapter.taken("faults")) == 1
    assert open_chapter().taken("faults") is None
