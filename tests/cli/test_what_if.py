"""``louyu what-if``: which run and file are taken, what is printed, and exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from louyu_lab.cli import main
from louyu_lab.run.parameters import InputError


@pytest.fixture
def asked(stand_in: Callable[..., None]) -> list[tuple[Any, ...]]:
    """What the command asks for; the answer is two lines and a report."""
    calls: list[tuple[Any, ...]] = []

    def ask(run: Path, given: Path, against: Path | None, *, draws: int, seed: int) -> SimpleNamespace:
        calls.append((run, given, against, draws, seed))
        return SimpleNamespace()

    stand_in("louyu_lab.run.what_if.asking", asked=ask)
    stand_in("louyu_lab.run.what_if.summary", summary=lambda _, run: [f"情景，运行 {run}", "结果"])
    stand_in(
        "louyu_lab.run.what_if.folder", report_folder=lambda run, given, against, out: out or Path("报告")
    )
    stand_in("louyu_lab.run.what_if.report", write_answer=lambda _, folder, run: folder / "report.html")
    return calls


@pytest.fixture
def scenario() -> Path:
    path = Path("情景") / "甲.yaml"
    path.parent.mkdir()
    path.write_text("title: 甲\nchanges: {}\n", encoding="utf-8")
    return path


def test_the_latest_run_answers(
    asked: list[Any], scenario: Path, finished_run: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run = finished_run(Path("outputs/和安区-2020-01234567"), "done")
    assert main(["what-if", str(scenario)]) == 0
    assert capsys.readouterr().out == "情景，运行 和安区-2020-01234567\n结果\n报告：报告/report.html\n"
    assert asked == [(run, scenario, None, 2000, 0)]


def test_everything_can_be_named(asked: list[Any], scenario: Path, finished_run: Callable[..., Path]) -> None:
    run = finished_run(Path("outputs/先"), "done")
    finished_run(Path("outputs/后"), "done")
    other = scenario.with_name("乙.yml")
    other.write_text("title: 乙\nchanges: {}\n", encoding="utf-8")
    options = ["--run", "先", "--against", "情景/乙", "--draws", "300", "--seed", "7", "--out", "新"]
    assert main(["what-if", "情景/甲", *options]) == 0
    assert asked == [(run, scenario, other, 300, 7)]


def test_no_run_yet_says_how_to_make_one(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["what-if", str(scenario)]) == 2
    said = capsys.readouterr().err
    assert "还没有完成的运行" in said and "louyu run" in said


def test_a_run_that_is_not_there_and_a_file_that_is_not_there(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["what-if", str(scenario), "--run", "没有"]) == 2
    assert "找不到运行“没有”" in capsys.readouterr().err
    assert main(["what-if"]) == 2
    assert "请给出情景文件" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--draws", "0"], "应为不小于 1 的整数"),
        (["--draws", "99"], "应在 100–20000 之间，现为 99：次数太少"),
        (["--draws", "1000000"], "应在 100–20000 之间，现为 1000000"),
        (["--seed", "-1"], "应为 0–4294967295 的整数，现为 -1"),
        (["--againts", "乙"], "不认识的参数：--againts。是否想写 --against？"),
    ],
)
def test_wrong_options_are_told(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["what-if", "甲.yaml", *options])
    assert ended.value.code == 2 and said in capsys.readouterr().err


def test_the_levers_are_listed_all_or_by_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["what-if", "--list"]) == 0
    every = capsys.readouterr().out
    assert main(["what-if", "--list", "注册"]) == 0
    some = capsys.readouterr().out
    assert "absorption_sqm" in every and "absorption_sqm" not in some and "registration_rate" in some
    assert main(["what-if", "--list", "没有的词"]) == 2
    assert "没有哪个杠杆提到" in capsys.readouterr().err


def test_the_page_is_served_for_the_run_named(
    stand_in: Callable[..., None], finished_run: Callable[..., Path]
) -> None:
    served = []
    stand_in("louyu_lab.run.panel.page", serve_page=served.append)
    run = finished_run(Path("outputs/先"), "done")
    assert main(["what-if", "--page", "--run", "先"]) == 0
    assert main(["what-if", "--page"]) == 0
    assert served == [run, ""]


def test_faults_of_a_file_are_the_users(
    stand_in: Callable[..., None],
    scenario: Path,
    finished_run: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InputError("情景文件 甲.yaml 有 1 处问题，没有推演：\n  第 3 行：…")

    finished_run(Path("outputs/先"), "done")
    stand_in("louyu_lab.run.what_if.asking", asked=refuse)
    stand_in("louyu_lab.run.what_if.folder", report_folder=lambda *_: Path("报告"))
    stand_in("louyu_lab.run.what_if.report", write_answer=refuse)
    stand_in("louyu_lab.run.what_if.summary", summary=refuse)
    assert main(["what-if", str(scenario)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "  第 3 行：…"
    assert not Path("outputs/先-what-if").exists() and not Path("报告").exists()
