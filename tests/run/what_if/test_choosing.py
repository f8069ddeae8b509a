"""The latest run, and scenario files by path or by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.choosing import latest_run, scenario_file


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_run_finished_last_is_taken(tmp_path: Path, make_run: Callable[..., Path]) -> None:
    outputs = tmp_path / "outputs"
    with pytest.raises(InputError, match=r"还没有完成的运行.*louyu run.*--run"):
        latest_run()
    for number, name in enumerate(("丙", "甲", "乙")):
        stamp = 1_600_000_000 + (2 - number)
        os.utime(make_run(outputs / name, hands=False) / "manifest.json", (stamp, stamp))
    (outputs / "未完").mkdir()
    assert latest_run() == Path("outputs") / "丙"


def test_a_scenario_is_found_by_path_and_by_name(
    tmp_path: Path, run: Path, write_scenario: Callable[..., Path]
) -> None:
    held = write_scenario("消化空置", "")
    other = write_scenario("另一个", "", folder="桌面")
    assert scenario_file("桌面/另一个.yaml", run) == Path("桌面/另一个.yaml")
    assert scenario_file("桌面/另一个", run).resolve() == other
    assert scenario_file("消化空置", run) == scenario_file("消化空置.yaml", run) == held
    with pytest.raises(InputError) as error:
        scenario_file("消化空制", run)
    assert str(error.value) == (
        "找不到情景文件“消化空制”。是否想写 消化空置？台账文件夹的 scenarios 里有：消化空置。"
    )


def test_without_any_file_a_path_is_asked_for(run: Path) -> None:
    with pytest.raises(InputError, match="请给出情景文件的路径"):
        scenario_file("x", run)


@pytest.mark.parametrize("named", [".", "/", "..", "", "~没有这个人", "长" * 300])
def test_what_can_be_no_file_is_told_like_any_other(run: Path, named: str) -> None:
    with pytest.raises(InputError, match="找不到情景文件"):
        scenario_file(named, run)
