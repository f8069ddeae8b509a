"""A scenario file put to a finished run: faults of every file, all at once, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.cli import main
from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.asking import asked


def test_every_fault_of_either_file_is_told_with_its_line(
    run: Path, write_scenario: Callable[..., Path]
) -> None:
    one = write_scenario("甲", "title: 甲\nchanges:\n  absorption_sq: 1万㎡\n  exit_factor: 5万㎡\n")
    two = write_scenario("乙", "- 一行\n")
    with pytest.raises(InputError) as error:
        asked(run, one, two, draws=10, seed=0)
    lines = str(error.value).splitlines()
    assert lines[0] == "情景文件 甲.yaml 有 2 处问题，没有推演："
    assert "第 3 行" in lines[1] and "absorption_sqm" in lines[1] and "第 4 行" in lines[2]
    assert lines[3].startswith("情景文件 乙.yaml 有 1 处问题")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: 甲\nchanges:\n  absorption_sqm: {2030: 1万㎡}\n", "2030 年不在推演年份之内（2021–2023）"),
        ("title: 甲\nchanges:\n  unlock_rate: 50%\n", "运营台账没有不可招商面积"),
        (
            "title: 甲\nchanges: {}\ngoal: {indicator: 亿元楼数量, year: 2023, target: 9, probability: 80%,"
            " levers: {growth_change_rate: [0个百分点, 5个百分点]}}\n",
            "税收年增长加减",
        ),
    ],
)
def test_what_only_the_run_can_tell_is_a_fault_too(
    run: Path, write_scenario: Callable[..., Path], text: str, said: str
) -> None:
    with pytest.raises(InputError, match="没有推演") as error:
        asked(run, write_scenario("甲", text), None, draws=10, seed=0)
    assert said in str(error.value)


def test_the_command_answers_and_writes_beside_the_run(
    run: Path,
    write_scenario: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write_scenario("消化", "title: 消化空置\nchanges:\n  absorption_sqm: 4000㎡\n")
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    assert main(["what-if", "消化", "--draws", "100"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("消化空置（对比基准") and len(said) < 10
    page = run.parent / f"{run.name}-what-if" / "消化" / "report.html"
    assert said[-1] == f"报告：{page}" and page.is_file()
    # The run itself is left as it was.
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    write_scenario("错", "title: 错\nchanges:\n  x: 1\n")
    assert main(["what-if", "错"]) == 2
    assert "第 3 行" in capsys.readouterr().err
    assert not (page.parent.parent / "错").exists()


def test_a_file_beside_itself_is_no_comparison(run: Path, write_scenario: Callable[..., Path]) -> None:
    one = write_scenario("甲", "title: 甲\nchanges: {}\n")
    with pytest.raises(InputError, match=r"同一个文件“甲\.yaml”"):
        asked(run, one, one.parent / ".." / one.parent.name / one.name, draws=10, seed=0)
