"""The command line: exit codes, Chinese in every message, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from louyu_lab.cli import main
from louyu_lab.run.parameters import InputError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that nothing is written into the project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ledgers_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "台账"
    folder.mkdir()
    text = "楼宇名称,建筑面积(㎡),可租售面积(㎡),年份\n和安大厦,30000,20000,2020\n"
    (folder / "楼宇台账.csv").write_text(text, encoding="utf-8")
    return folder


def finished_run(folder: Path, *statuses: str) -> Path:
    """A run folder as ``run_annual`` leaves it, as far as the command looks."""
    folder.mkdir()
    stages = [
        {"name": f"0{n}", "status": status, "reason": "" if status == "done" else f"原因 {n}", "seconds": 0}
        for n, status in enumerate(statuses, start=1)
    ]
    (folder / "manifest.json").write_text(json.dumps({"stages": stages}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("statuses", "code"), [(("done", "skipped"), 0), (("done", "failed", "skipped"), 1)])
def test_a_run_ends_with_its_folder_and_tells_what_did_not_run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    statuses: tuple[str, ...],
    code: int,
) -> None:
    folder = finished_run(tmp_path / "run", *statuses)
    monkeypatch.setattr("louyu_lab.run.annual.run_annual", lambda *_, **__: folder)
    assert main(["run"]) == code
    said = capsys.readouterr()
    assert said.out.splitlines() == [f"研究报告：{folder / 'study.html'}", str(folder)]
    assert "02：原因 2" in said.err
    assert ("logs" in said.err) == (code == 1)


def test_what_was_asked_reaches_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def run_annual(*values: object, **options: object) -> Path:
        asked.append((values, options))
        return finished_run(tmp_path / "run", "done")

    monkeypatch.setattr("louyu_lab.run.annual.run_annual", run_annual)
    main(["run", "--data", "台账", "--year", "2020", "--out", "结果", "--replace"])
    assert asked == [(("台账", 2020, "结果"), {"replace": True})]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--data", "没有"], "找不到台账文件夹“没有”"),
        (["run", "--data", "台账", "--year", "1999"], "没有 1999 年。可选的年份：2020"),
        (["run", "--data", "台账", "--out", "台账/结果"], "不能写进台账文件夹"),
        (["run", "--data", "台账", "--out", "台账/楼宇台账.csv/结果"], "不能写进台账文件夹"),
        (["run", "--data", "台账", "--out", "文件/结果"], "写不了"),
        (["check", "台账", "--out", "文件/核对.xlsx"], "写不了"),
        (["check", "--dictionary", "--out", "文件/字典.xlsx"], "写不了"),
        (["check"], "请给出台账文件夹"),
        (["check", "没有"], "找不到台账文件夹“没有”"),
    ],
)
def test_what_the_user_can_mend_exits_with_two(
    ledgers_folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    Path("文件").touch()
    assert main(arguments) == 2
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--year", "今年"], "参数 --year: 应为整数，现为 '今年'"),
        (["run", "--jaar", "2020"], "不认识的参数： --jaar 2020"),
        (["walk"], "没有这个命令： 'walk'"),
        ([], "缺少参数： 命令"),
    ],
)
def test_a_mistyped_command_is_answered_in_chinese(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：")
    for english in ("usage", "options:", "show this"):
        assert english not in text


def test_check_prints_and_writes_the_workbook(
    ledgers_folder: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "台账"]) == 0
    workbook = elsewhere / "outputs" / "核对_台账.xlsx"
    assert capsys.readouterr().out.splitlines()[-1] == f"核对表：{workbook}"
    assert workbook.is_file()


def test_a_console_without_chinese_does_not_stop_it(ledgers_folder: Path) -> None:
    command = [sys.executable, "-m", "louyu_lab", "check", "台账"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr


def test_the_dictionary_needs_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--dictionary"]) == 0
    assert "统一社会信用代码（credit_code）" in capsys.readouterr().out


def test_the_unexpected_is_one_sentence_and_a_log(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> Path:
        raise RuntimeError("inner detail")

    monkeypatch.setattr("louyu_lab.run.annual.run_annual", broken)
    assert main(["run"]) == 1
    message = capsys.readouterr().err
    log = elsewhere / "outputs" / "louyu-error.log"
    assert message == f"程序出错，没有完成。详情见 {log}\n"
    assert "inner detail" in log.read_text(encoding="utf-8")


def test_the_log_goes_elsewhere_where_nothing_can_be_written(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> Path:
        raise RuntimeError("inner detail")

    monkeypatch.setattr("louyu_lab.run.annual.run_annual", broken)
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere / "temporary"))
    (elsewhere / "outputs").touch()
    assert main(["run"]) == 1
    log = elsewhere / "temporary" / "louyu-error.log"
    assert str(log) in capsys.readouterr().err
    assert "inner detail" in log.read_text(encoding="utf-8")


def test_breaking_off_is_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken_off(*_: object, **__: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("louyu_lab.run.annual.run_annual", broken_off)
    assert main(["run"]) == 1
    assert capsys.readouterr().err == "已中断。\n"


def test_help_and_the_dictionary_load_no_heavy_library() -> None:
    heavy = "matplotlib papermill nbconvert openpyxl bs4 jinja2 IPython"
    for arguments, forbidden in (("--help", f"pandas {heavy}"), ("check --dictionary", heavy)):
        code = (
            "import sys\nfrom louyu_lab.cli import main\n"
            f"try:\n    main({arguments.split()!r})\nexcept SystemExit:\n    pass\n"
            f"sys.exit(' '.join(name for name in {forbidden.split()!r} if name in sys.modules) or 0)"
        )
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert ended.stderr == b"" and ended.returncode == 0


def test_an_input_error_is_shown_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> Path:
        raise InputError("请改这里。")

    monkeypatch.setattr("louyu_lab.run.annual.run_annual", refused)
    assert main(["run"]) == 2
    assert capsys.readouterr().err == "请改这里。\n"


def test_lab_opens_the_projects_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(subprocess, "call", lambda command: called.append(command) or 0)
    assert main(["lab"]) == 0
    assert called[0][:3] == [sys.executable, "-m", "jupyterlab"]
    assert Path(called[0][3]).name == "notebooks"


def test_demo_writes_a_district_and_its_key(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--buildings", "6", "--years", "2", "--seed", "3", "--out", "虚构区"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("虚构区台账：6 幢楼宇，")
    assert "2019–2020 年，难度 realistic" in said[0]
    assert said[1:] == [f"答案：{Path('虚构区') / 'truth.yaml'}", "虚构区"]
    names = {path.name for path in Path("虚构区").iterdir()}
    assert {"truth.yaml", "楼宇台账.csv", "运营台账.csv", "税收台账_2020年.csv", "区级总量.csv"} <= names
    assert main(["check", "虚构区"]) == 0


def test_demo_never_writes_among_other_files(
    ledgers_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in ledgers_folder.iterdir())
    assert main(["demo", "--out", "台账"]) == 2
    assert "“台账”里已有文件，不会覆盖" in capsys.readouterr().err
    assert main(["demo", "--out", "台账/楼宇台账.csv"]) == 2
    assert sorted(path.name for path in ledgers_folder.iterdir()) == before


def test_demo_says_all_that_is_wrong_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ["--buildings", "5", "--years", "1", "--seed", "-1", "--difficulty", "难", "--format", "ods"]
    assert main(["demo", "--out", "虚构区", *wrong]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 5
    assert not Path("虚构区").exists()


def test_demo_needs_a_folder_and_its_help_tells_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    from louyu_lab.ledgers.demo.planted import PlantedPlan

    with pytest.raises(SystemExit) as ended:
        main(["demo"])
    assert ended.value.code == 2
    assert "缺少参数： --out" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["demo", "--help"])
    told = "".join(capsys.readouterr().out.split())
    plan = PlantedPlan()
    for words in (f"默认{plan.buildings}", f"到{plan.last_year}年为止，默认{plan.years}", f"默认{plan.seed}"):
        assert words in told
