"""``louyu demo`` and ``louyu lab``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from louyu_lab.cli import main


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
