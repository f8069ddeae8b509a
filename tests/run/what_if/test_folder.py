"""Where a report goes, and whose files are never lost by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.folder import AFTER, BEFORE, PAGE, cleared, report_folder


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A folder with what an answer leaves."""
    folder = tmp_path / "报告"
    folder.mkdir()
    for name in (BEFORE, AFTER, PAGE, "scenarios.csv", "scenario_sweep.csv"):
        (folder / name).write_text("of an earlier answer", encoding="utf-8")
    return folder


def test_the_report_lies_beside_the_run_and_never_inside_one(run: Path, tmp_path: Path) -> None:
    given, other = tmp_path / "台账" / "甲.yaml", Path("乙.yaml")
    beside = run.parent / f"{run.name}-what-if"
    assert report_folder(run, given, None) == beside / "甲"
    assert report_folder(run, given, other) == beside / "甲_对比_乙"
    assert report_folder(run, given, None, tmp_path / "报告") == tmp_path / "报告"
    for inside in (run, run / "tables" / "新"):
        with pytest.raises(InputError, match="一次运行的结果"):
            report_folder(run, given, None, inside)
    (tmp_path / "文件").touch()
    with pytest.raises(InputError, match="是一个文件"):
        report_folder(run, given, None, tmp_path / "文件")


def test_the_report_never_lies_among_ledgers(
    run: Path, tmp_path: Path, make_run: Callable[..., Path]
) -> None:
    data = tmp_path / "别处" / "台账"
    (data / "scenarios").mkdir(parents=True)
    given = tmp_path / "情景" / "甲.yaml"
    # The run read 楼宇台账.xlsx, wherever its folder lay.
    (data / "楼宇台账.xlsx").touch()
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["inputs"] = [{"path": "楼宇台账.xlsx", "sha256": "0"}]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for among in (data / "新", data / "scenarios" / "新"):
        with pytest.raises(InputError, match="推演的报告不能写进台账文件夹“台账”"):
            report_folder(run, given, None, among)
    with pytest.raises(InputError, match="里有别的文件"):
        report_folder(run, given, None, tmp_path / "别处")
    # Of the scenario's own ledgers too, though this run did not read them.
    own = tmp_path / "另一区" / "scenarios" / "甲.yaml"
    with pytest.raises(InputError, match="台账文件夹“另一区”"):
        report_folder(run, own, None, tmp_path / "另一区" / "报告")
    # A folder that merely holds the scenario file is nobody's ledgers.
    assert report_folder(run, given, None, given.parent / "报告") == given.parent / "报告"


@pytest.mark.parametrize(
    ("names", "named"),
    [
        (("我的笔记.txt",), "我的笔记.txt"),
        # Names of tables of the study, ours among them, and nothing that shows an answer wrote them.
        (("moves.csv", "places.csv", "scenarios.csv"), "moves.csv"),
        (("scenarios.csv",), "scenarios.csv"),
        (("report.html", "scenarios.csv"), "report.html"),
    ],
)
def test_files_of_anybody_elses_are_never_touched(
    run: Path, tmp_path: Path, names: tuple[str, ...], named: str
) -> None:
    folder = tmp_path / "我的"
    folder.mkdir()
    for name in names:
        (folder / name).write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=f"里有别的文件（如“{named}”）"):
        report_folder(run, tmp_path / "甲.yaml", None, folder)
    with pytest.raises(InputError, match=f"里有别的文件（如“{named}”）"):
        cleared(folder)
    held = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert held == dict.fromkeys(names, "mine")


def test_exactly_an_earlier_answer_gives_way(earlier: Path) -> None:
    # What a file manager or Excel leaves is nobody's own, and stays.
    (earlier / ".DS_Store").touch()
    (earlier / "~$scenarios.csv").touch()
    assert {path.name for path in cleared(earlier).iterdir()} == {".DS_Store", "~$scenarios.csv"}


@pytest.mark.parametrize("added", ["批注.docx", "summary.csv", "scenario_money.csv/"])
def test_an_answer_beside_which_something_was_put_stays(earlier: Path, added: str) -> None:
    if added.endswith("/"):
        (earlier / added).mkdir()
    else:
        (earlier / added).touch()
    before = sorted(earlier.iterdir())
    with pytest.raises(InputError, match=added.rstrip("/")):
        cleared(earlier)
    assert sorted(earlier.iterdir()) == before


@pytest.mark.parametrize("left", [1, 2, 3, 4])
def test_an_answer_broken_off_gives_way_whenever_it_was(tmp_path: Path, left: int) -> None:
    # In the order in which they are written; they are taken away in the opposite one.
    for name in (BEFORE, AFTER, PAGE, "scenarios.csv")[:left]:
        (tmp_path / name).touch()
    assert not any(cleared(tmp_path).iterdir())


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    assert cleared(tmp_path / "新" / "更新").is_dir()
