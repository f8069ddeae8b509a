"""``louyu verify`` and ``louyu diff``: runs are found by path or by name, and their findings passed on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from louyu_lab.cli import main


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 2)])
def test_verify_prints_what_was_found(
    stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str], ok: bool, code: int
) -> None:
    stand_in("louyu_lab.run.proof.verify", verify_run=lambda *_: SimpleNamespace(ok=ok, text="结果如此"))
    Path("一次运行").mkdir()
    assert main(["verify", "一次运行"]) == code
    assert capsys.readouterr().out == "结果如此\n"


def test_verify_is_given_the_run_and_the_ledgers(
    stand_in: Callable[..., None], finished_run: Callable[..., Path], ledgers_folder: Path
) -> None:
    calls = []
    found = SimpleNamespace(ok=True, text="")
    stand_in("louyu_lab.run.proof.verify", verify_run=lambda *values: calls.append(values) or found)
    finished_run(Path("outputs/和安区-2020-01234567"))
    assert main(["verify", "和安区-2020-01234567", "--data", "台账"]) == 0
    assert main(["verify", "outputs/和安区-2020-01234567"]) == 0
    run = Path("outputs/和安区-2020-01234567")
    assert calls == [(run, ledgers_folder), (run, None)]


@pytest.mark.parametrize("same", [True, False])
def test_diff_exits_with_zero_whether_or_not_they_differ(
    stand_in: Callable[..., None],
    finished_run: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    same: bool,
) -> None:
    calls = []
    found = SimpleNamespace(text="通报", same=same)
    stand_in("louyu_lab.run.compare", compare_runs=lambda *values: calls.append(values) or found)
    finished_run(Path("outputs/先"))
    finished_run(Path("后"))
    assert main(["diff", "先", "后"]) == 0
    assert capsys.readouterr().out.splitlines() == ["通报"]
    assert main(["diff", "先", "后", "--out", "x.xlsx"]) == 0
    assert calls == [(Path("outputs/先"), Path("后"), None), (Path("outputs/先"), Path("后"), Path("x.xlsx"))]


@pytest.mark.parametrize("command", [["verify"], ["diff", "outputs"]])
def test_a_run_that_is_not_there_is_answered_with_those_that_are(
    finished_run: Callable[..., Path], capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(["verify", "和安区-2020"]) == 2
    assert capsys.readouterr().err == "找不到运行“和安区-2020”。请给出运行文件夹的路径。\n"
    finished_run(Path("outputs/和安区-2020-01234567"))
    assert main([*command, "和安区-2020-0123456"]) == 2
    assert capsys.readouterr().err == (
        "找不到运行“和安区-2020-0123456”。是否想写 和安区-2020-01234567？outputs/ 里有：和安区-2020-01234567。\n"
    )


def test_ledgers_that_are_not_there_are_named(
    stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in("louyu_lab.run.proof.verify", verify_run=None)
    Path("一次运行").mkdir()
    assert main(["verify", "一次运行", "--data", "没有"]) == 2
    assert "找不到台账文件夹“没有”" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["verify"], ["diff", "outputs/先"]])
@pytest.mark.parametrize(
    "named", ["结果", "outputs/和安区-2020-01234567", "和安区-2020-01234567", "结果_未完成"]
)
def test_a_run_under_way_or_broken_off_is_said_to_go_on(
    finished_run: Callable[..., Path], capsys: pytest.CaptureFixture[str], command: list[str], named: str
) -> None:
    whole = dict.fromkeys(("run_id", "district", "fingerprint", "results", "code"), "和安区")
    whole |= {"parameters": {"year": 2020}, "inputs": [], "outputs": []}
    manifest = finished_run(Path("outputs/先"), "done") / "manifest.json"
    stages = [{"name": "01", "title": "", "status": "done", "reason": "", "seconds": 0}]
    manifest.write_text(json.dumps(whole | {"stages": stages}), encoding="utf-8")
    Path("结果_未完成").mkdir()
    Path("outputs/和安区-2020-01234567_未完成").mkdir()
    assert main([*command, named]) == 2
    said = capsys.readouterr()
    called = Path(named).name.removesuffix("_未完成")
    assert f"“{called}”的运行还没有完成。还在运行就等它结束；" in said.out + said.err
    assert "再运行一次，会接着做完" in said.out + said.err
    assert "找不到" not in said.out + said.err
