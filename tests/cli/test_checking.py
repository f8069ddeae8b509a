"""``louyu check`` and ``louyu new-year``: the folder before the study, and the one of next year."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from louyu_lab.cli import main
from louyu_lab.run.parameters import InputError


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["台账", "--out", "文件/核对.xlsx"], "写不了"),
        (["--dictionary", "--out", "文件/字典.xlsx"], "写不了"),
        ([], "请给出台账文件夹"),
        (["没有"], "找不到台账文件夹“没有”"),
    ],
)
def test_what_the_user_can_mend_exits_with_two(
    ledgers_folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    Path("文件").touch()
    assert main(["check", *arguments]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message


def test_check_prints_what_it_found_and_all_it_wrote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []
    written = [("核对表", Path("核对_区/核对表.xlsx")), ("核实单", Path("核对_区/核实单"))]
    report = SimpleNamespace(text="3 处错误", workbook=written[0][1], exit_code=2, written=written)

    def check_folder(*values: object, **options: object) -> SimpleNamespace:
        calls.append((values, options))
        return report

    monkeypatch.setattr("louyu_lab.run.check.check_folder", check_folder)
    assert main(["check", "区", "--replies", "回复", "--out", "x.xlsx"]) == 2
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["3 处错误", *(f"{label}：{path}" for label, path in written)]
    assert main(["check", "区"]) == 2
    assert calls == [(("区", "x.xlsx"), {"replies": "回复"}), (("区", None), {"replies": None})]


def test_check_writes_the_workbook(ledgers_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "台账", "--out", "核对.xlsx"]) == 0
    assert f"核对表：{Path('核对.xlsx').resolve()}" in capsys.readouterr().out.splitlines()
    assert Path("核对.xlsx").is_file()


def test_the_dictionary_needs_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--dictionary"]) == 0
    assert "统一社会信用代码（credit_code）" in capsys.readouterr().out


def test_a_new_year_is_made_as_asked(
    ledgers_folder: Path, stand_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []
    stand_in(
        "louyu_lab.run.year_roll.new_year", new_year=lambda *values: calls.append(values) or "☐ 楼宇台账"
    )
    assert main(["new-year", "台账", "明年"]) == 0
    assert capsys.readouterr().out == "☐ 楼宇台账\n"
    assert main(["new-year", "台账", "明年", "--year", "２０２１", "--history"]) == 0
    assert calls == [(ledgers_folder, Path("明年"), None, False), (ledgers_folder, Path("明年"), 2021, True)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["没有", "明年"], "找不到台账文件夹“没有”"),
        (["台账", "明年", "--year", "明年"], "命令行：参数 year（年份）应为整数，现为“明年”"),
        (["台账", "明年", "--year", "21"], "应在 1990–2100 年之间"),
        (["台账", "台账"], "里已有文件"),
    ],
)
def test_a_new_year_that_cannot_be_is_refused(
    ledgers_folder: Path,
    stand_in: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    def refused(*_: object) -> str:
        raise InputError("“台账”里已有文件")

    stand_in("louyu_lab.run.year_roll.new_year", new_year=refused)
    assert main(["new-year", *arguments]) == 2
    assert said in capsys.readouterr().err
