"""The program as a whole: exit codes, Chinese in every message, no traceback, nothing heavy at the start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.cli import main
from louyu_lab.cli.entry import program
from louyu_lab.run.parameters import InputError

HEAVY = ("matplotlib", "papermill", "nbconvert", "openpyxl", "bs4", "jinja2", "IPython")
COMMANDS = ("check", "run", "what-if", "verify", "diff", "new-year", "run-many", "demo", "lab")


def louyu(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "louyu_lab", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
        check=False,
    )


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.fixture
def raising(stand_in: Callable[..., None]) -> Callable[[BaseException], None]:
    """Let ``louyu run`` end with an exception."""

    def put(error: BaseException) -> None:
        def broken(*_: object, **__: object) -> Path:
            raise error

        stand_in("louyu_lab.run.unchanged", finished_run=lambda *_: None)
        stand_in("louyu_lab.run.annual", run_annual=broken)

    return put


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["run", "--yaer", "2020"],
            "不认识的参数：--yaer。是否想写 --year？\n用 louyu run --help 查看用法。\n",
        ),
        (["run", "--yaer=2020"], "不认识的参数：--yaer。是否想写 --year？\n"),
        (["run", "--yea", "2020"], "不认识的参数：--yea。是否想写 --year？\n"),
        (["run", "--horizon_years", "2"], "是否想写 --horizon-years？\n"),
        # A word processor's dash.
        (["run", "–year", "2020"], "不认识的参数：–year。是否想写 --year？\n用"),
        # Of that command's own options: check has no year.
        (["check", "区", "--yaer", "2020"], "不认识的参数：--yaer。\n"),
        (["diff", "a", "b", "--ouy", "x"], "是否想写 --out？"),
        # Said although something required is missing too.
        (["demo", "--uot", "区"], "不认识的参数：--uot。是否想写 --out？"),
        (
            ["run", "--replaec", "--jbos", "2"],
            "--replaec。是否想写 --replace？\n不认识的参数：--jbos。是否想写 --jobs？",
        ),
        (["run", "区"], "不认识的参数：区。\n"),
        (["--yaer", "run"], "不认识的参数：--yaer。\n"),
        (
            ["rnu"],
            "没有这个命令：rnu。是否想写 run？可用的命令：check、run、what-if、verify、diff、new-year、run-many、demo、lab。\n",
        ),
        (["newyear", "a", "b"], "没有这个命令：newyear。是否想写 new-year？"),
        (["走"], "没有这个命令：走。可用的命令："),
        ([], "缺少参数： 命令"),
        (["diff", "a"], "缺少参数： 后来"),
        (["run", "--year"], "参数 --year: 后面要跟一个值"),
        (["run", "--replace=是"], "参数 --replace: 后面不跟值"),
        (["run", "--jobs", "0"], "参数 --jobs: 应为不小于 1 的整数，现为 0"),
        (["run", "--jobs", "2.5"], "应为不小于 1 的整数，现为 2.5"),
        (["run", "--time-limit", "0"], "参数 --time-limit: 应为大于 0 的分钟数，如 30，现为 0"),
        (["run", "--time-limit", "半小时"], "应为大于 0 的分钟数"),
        (["run", "--time-limit", "nan"], "应为大于 0 的分钟数"),
        (["run-many", "区", "--engine", "ray"], "参数 --engine: 应为 local 或 dask，现为 ray"),
        (["demo", "--out", "区", "--years", "八"], "参数 --years: 应为整数，现为 '八'"),
    ],
)
def test_a_mistyped_command_is_answered_in_chinese(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert said in refused(arguments, capsys)


def test_a_negative_number_is_a_value_and_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--seed", "-1"]) == 2
    assert capsys.readouterr().err.startswith("命令行：参数 seed（随机种子）应在 0–4294967295 之间，现为“-1”")


@pytest.mark.parametrize("arguments", [[], *([command] for command in COMMANDS)], ids=str)
def test_help_is_chinese(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：")
    for english in ("usage", "options:", "positional", "show this"):
        assert english not in text


def test_the_commands_stand_in_the_order_of_a_year() -> None:
    assert tuple(program().commands) == COMMANDS


def test_the_exit_code_is_that_of_the_process(ledgers_folder: Path) -> None:
    ended = louyu("run", "--yaer", "2020")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "不认识的参数：--yaer。是否想写 --year？\n用 louyu run --help 查看用法。\n"
    Path("p.yaml").write_text("yaer: 2020\n", encoding="utf-8")
    ended = louyu("run", "--params", "p.yaml")
    assert ended.returncode == 2
    assert ended.stderr.startswith("参数文件 p.yaml：没有参数 yaer，是否想写 year？可用的参数：")


def test_a_console_without_chinese_does_not_stop_it() -> None:
    ended = louyu("run", "--yaer", "2020", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 2
    assert "--yaer" in ended.stderr and "Traceback" not in ended.stderr


def test_the_unexpected_is_one_sentence_and_a_log(
    elsewhere: Path, raising: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    raising(RuntimeError("inner detail"))
    assert main(["run"]) == 1
    message = capsys.readouterr().err
    log = elsewhere / "outputs" / "louyu-error.log"
    assert message == f"程序出错，没有完成。详情见 {log}\n"
    assert "inner detail" in log.read_text(encoding="utf-8")


def test_the_log_goes_elsewhere_where_nothing_can_be_written(
    elsewhere: Path,
    raising: Callable[[BaseException], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    raising(RuntimeError("inner detail"))
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere / "temporary"))
    (elsewhere / "outputs").touch()
    assert main(["run"]) == 1
    log = elsewhere / "temporary" / "louyu-error.log"
    assert str(log) in capsys.readouterr().err
    assert "inner detail" in log.read_text(encoding="utf-8")


def test_breaking_off_is_one_word(
    raising: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    raising(KeyboardInterrupt())
    assert main(["run"]) == 1
    assert capsys.readouterr().err == "已中断。\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_being_asked_to_end_is_breaking_off(
    stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    asked = getattr(signal, name)

    def ended(*_: object, **__: object) -> Path:
        try:
            signal.raise_signal(asked)
        finally:
            # Asked again while it clears up, it goes on clearing up.
            signal.raise_signal(asked)
        raise AssertionError("it went on")

    stand_in("louyu_lab.run.unchanged", finished_run=ended)
    # As in a process of its own, whatever the test runner has set.
    before = signal.signal(asked, signal.SIG_DFL)
    try:
        assert main(["run"]) == 1
        assert capsys.readouterr().err == "已中断。\n"
        assert signal.getsignal(asked) is signal.SIG_DFL
    finally:
        signal.signal(asked, before)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_was_told_to_stay_when_the_terminal_closes_stays(stand_in: Callable[..., None]) -> None:
    def body(*_: object, **__: object) -> Path:
        signal.raise_signal(signal.SIGHUP)
        raise InputError("还在")

    stand_in("louyu_lab.run.unchanged", finished_run=body)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert main(["run"]) == 2
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
def test_a_reader_who_has_seen_enough_is_no_failure(elsewhere: Path) -> None:
    # As ``louyu what-if --list | head -1``.
    command = [sys.executable, "-m", "louyu_lab", "what-if", "--list", "注册"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 0
    assert not (elsewhere / "outputs").exists()


def test_the_program_can_be_called_from_a_thread(capsys: pytest.CaptureFixture[str]) -> None:
    codes = []
    thread = threading.Thread(target=lambda: codes.append(main(["run", "--seed", "-1"])))
    thread.start()
    thread.join()
    assert codes == [2]


def test_an_input_error_is_shown_as_it_is(
    raising: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    raising(InputError("请改这里。"))
    assert main(["run"]) == 2
    assert capsys.readouterr().err == "请改这里。\n"


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [
        ("--help", "pandas yaml"),
        ("run --yaer 2020", "pandas yaml"),
        ("run --params p.yaml", "pandas"),
        ("check --dictionary", ""),
    ],
)
def test_what_needs_no_heavy_library_loads_none(arguments: str, forbidden: str) -> None:
    Path("p.yaml").write_text("yaer: 2020\n", encoding="utf-8")
    heavy = [*forbidden.split(), *HEAVY]
    code = (
        "import sys\nfrom louyu_lab.cli import main\n"
        f"try:\n    main({arguments.split()!r})\nexcept SystemExit:\n    pass\n"
        f"sys.exit(' '.join(name for name in {heavy!r} if name in sys.modules) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stderr
