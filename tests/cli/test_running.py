"""``louyu run`` and ``louyu run-many``: what is asked reaches the run, what it left is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from louyu_lab.cli import main
from louyu_lab.cli.asking import option_of
from louyu_lab.run.parameters import SCHEMA, Parameters


@pytest.fixture
def asked(
    tmp_path: Path, stand_in: Callable[..., None], finished_run: Callable[..., Path]
) -> list[tuple[tuple, dict]]:
    """What ``run_annual`` was called with; nothing is found unchanged."""
    calls: list[tuple[tuple, dict]] = []

    def run_annual(*values: object, **options: object) -> Path:
        calls.append((values, options))
        return finished_run(tmp_path / f"run{len(calls)}", "done")

    stand_in("louyu_lab.run.unchanged", finished_run=lambda *_: None)
    stand_in("louyu_lab.run.annual", run_annual=run_annual)
    return calls


@pytest.mark.parametrize(("statuses", "code"), [(("done", "skipped"), 0), (("done", "failed", "skipped"), 1)])
@pytest.mark.parametrize("unchanged", [False, True])
def test_a_run_ends_with_its_folder_and_tells_what_did_not_run(
    tmp_path: Path,
    stand_in: Callable[..., None],
    finished_run: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    statuses: tuple[str, ...],
    code: int,
    unchanged: bool,
) -> None:
    folder = finished_run(tmp_path / "run", *statuses)
    stand_in("louyu_lab.run.unchanged", finished_run=lambda *_: folder if unchanged else None)
    stand_in("louyu_lab.run.annual", run_annual=lambda *_, **__: folder)
    assert main(["run"]) == code
    said = capsys.readouterr()
    assert said.out.splitlines() == [f"研究报告：{folder / 'study.html'}", str(folder)]
    assert "02：原因 2" in said.err
    assert ("logs" in said.err) == (code == 1)
    assert ("输入、参数和程序都没有变，沿用上次的结果" in said.err) == unchanged


def test_an_unchanged_run_is_asked_for_by_parameters_and_folder(
    tmp_path: Path, stand_in: Callable[..., None], finished_run: Callable[..., Path]
) -> None:
    calls, folder = [], finished_run(tmp_path / "run", "done")
    stand_in("louyu_lab.run.unchanged", finished_run=lambda *values: calls.append(values) or folder)
    assert main(["run", "--year", "2020", "--out", "结果"]) == 0
    assert main(["run"]) == 0
    assert calls == [(Parameters(year=2020), Path("结果")), (Parameters(), None)]


def test_what_was_asked_reaches_the_run(asked: list[tuple[tuple, dict]]) -> None:
    parameters = ["--data", "台账", "--year", "2020", "--seed", "7", "--horizon-years", "5"]
    rest = ["--out", "结果", "--replace", "--jobs", "2", "--time-limit", "1.5"]
    assert main(["run", *parameters, *rest]) == 0
    assert main(["run"]) == 0
    everything, nothing = asked
    assert everything == (
        (Parameters("台账", 2020, 7, 5), Path("结果")),
        {"replace": True, "jobs": 2, "time_limit_s": 90.0},
    )
    # Without --time-limit the run's own limit holds.
    assert nothing == ((Parameters(), None), {"replace": False, "jobs": None})


def test_each_parameter_has_its_option_with_range_and_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert [option_of(p) for p in SCHEMA] == ["--data", "--year", "--seed", "--horizon-years"]
    for command, left_out in (("run", set()), ("run-many", {"data_dir"})):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        told = capsys.readouterr().out
        joined = "".join(told.split())
        for parameter in SCHEMA:
            assert (f"{option_of(parameter)} {parameter.title_zh}" in told) == (
                parameter.name not in left_out
            )
        assert "（1990–2100年，默认0）" in joined
        assert "以命令行为准" in joined


def test_the_command_line_wins_over_the_file(asked: list[tuple[tuple, dict]]) -> None:
    Path("p.yaml").write_text("年份: 2019\nseed: 3\ndata_dir: 台账\n", encoding="utf-8")
    assert main(["run", "--params", "p.yaml", "--year", "2020"]) == 0
    assert asked[0][0][0] == Parameters("台账", 2020, 3)


def test_all_that_is_wrong_in_file_and_options_is_said_at_once(
    asked: list[tuple[tuple, dict]], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("p.yaml").write_text("yaer: 2019\nseed: 三\n", encoding="utf-8")
    assert main(["run", "--params", "p.yaml", "--year", "2020年", "--horizon-years", "99"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.split("：")[0] for line in said] == ["参数文件 p.yaml"] * 2 + ["命令行"] * 2
    assert asked == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "没有"], "找不到台账文件夹“没有”"),
        (["--data", "台账", "--year", "1999"], "没有 1999 年。可选的年份：2020"),
        (["--data", "台账", "--out", "台账/结果"], "不能写进台账文件夹"),
        (["--data", "台账", "--out", "台账/楼宇台账.csv/结果"], "不能写进台账文件夹"),
        (["--data", "台账", "--out", "文件/结果"], "写不了"),
        (["--params", "没有.yaml"], "参数文件 没有.yaml：没有这个文件"),
        (["--params", "台账"], "参数文件 台账：打不开"),
    ],
)
def test_what_the_user_can_mend_exits_with_two(
    ledgers_folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    Path("文件").touch()
    assert main(["run", *arguments]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message


def test_an_unchanged_run_loads_no_pandas(tmp_path: Path, finished_run: Callable[..., Path]) -> None:
    """With a finished run at hand nothing of the study's libraries is loaded by the command itself."""
    folder = finished_run(tmp_path / "run", "done")
    code = (
        "import sys, types, pathlib\n"
        "made = types.ModuleType('louyu_lab.run.unchanged')\n"
        f"made.finished_run = lambda *_: pathlib.Path({str(folder)!r})\n"
        "sys.modules['louyu_lab.run.unchanged'] = made\n"
        "from louyu_lab.cli import main\n"
        "assert main(['run']) == 0\n"
        "sys.exit(' '.join(n for n in ('pandas', 'numpy', 'papermill') if n in sys.modules) or 0)"
    )
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == str(folder)


def test_many_districts_are_asked_for_with_their_engine(
    stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []
    result = SimpleNamespace(text="2 个区完成，1 个区要改台账", exit_code=2)
    stand_in("louyu_lab.run.districts.many", run_many=lambda *values: calls.append(values) or result)
    dask = [
        "--year",
        "2020",
        "--jobs",
        "2",
        "--engine",
        "dask",
        "--address",
        "tcp://10.0.0.5:8786",
        "--out",
        "果",
    ]
    assert main(["run-many", "各区", *dask]) == 2
    assert capsys.readouterr().out.splitlines() == [result.text]
    assert main(["run-many", "各区/"]) == 2
    assert calls == [
        (Path("各区"), Parameters(year=2020), Path("果"), 2, "dask", "tcp://10.0.0.5:8786"),
        (Path("各区"), Parameters(), Path("outputs/多区_各区"), None, "local", ""),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--params", "p.yaml"], "请从参数文件里去掉 data_dir"),
        (["--address", "tcp://10.0.0.5:8786"], "--address 只用于 --engine dask"),
        (["--year", "今年"], "命令行：参数 year（年份）应为整数，现为“今年”"),
    ],
)
def test_many_districts_refuse_what_means_nothing_to_them(
    stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    stand_in("louyu_lab.run.districts.many")
    Path("p.yaml").write_text("data_dir: 区\n", encoding="utf-8")
    assert main(["run-many", "各区", *arguments]) == 2
    assert said in capsys.readouterr().err
