"""A finished run answers for the very same request, as long as it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.run import unchanged
from louyu_lab.run.annual import run_annual
from louyu_lab.run.graph import Stage
from louyu_lab.run.parameters import Parameters

STAGES = (Stage("01_check", "核对"),)


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, write_notebook: Callable[..., Path]
) -> Path:
    """``data``, ``notebooks`` and a finished run in ``outputs/run``."""
    base = tmp_path_factory.mktemp("unchanged")
    shutil.copytree(data_dir, base / "data")
    publish = "chapter.publish('faults', chapter.ledgers.check())"
    write_notebook(base / "notebooks" / "01_check.ipynb", "核对", publish)
    asked = Parameters(str(base / "data"))
    run_annual(asked, base / "outputs" / "run", notebooks_dir=base / "notebooks", stages=STAGES)
    return base


@pytest.fixture
def at(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project to change; the run is looked for there."""
    base = tmp_path / "here"
    shutil.copytree(project, base)
    monkeypatch.setattr(unchanged, "notebooks_folder", lambda: base / "notebooks")
    monkeypatch.setattr(unchanged, "NOTEBOOKS", STAGES)
    monkeypatch.chdir(base)
    return base


def found(at: Path, out: Path | None = None, **parameters: int) -> Path | None:
    return unchanged.finished_run(Parameters(str(at / "data"), **parameters), out)


def test_it_is_found_with_and_without_its_folder_named(at: Path) -> None:
    assert found(at) == found(at, at / "outputs" / "run") == at / "outputs" / "run"
    assert found(at, at / "elsewhere") is None


def test_another_request_has_to_be_run(at: Path) -> None:
    assert found(at, seed=1) is None
    (at / "data" / "楼宇台账.csv").write_text("楼宇名称\n甲\n", encoding="utf-8")
    assert found(at) is None


@pytest.mark.parametrize("damage", ["tables/faults.csv", "study.html", "manifest.json", "tables/mine.csv"])
def test_a_run_that_was_touched_has_to_be_run(at: Path, damage: str) -> None:
    (at / "outputs" / "run" / damage).write_text("{}", encoding="utf-8")
    assert found(at) is None


def test_notes_of_the_users_own_do_not_count(at: Path) -> None:
    (at / "outputs" / "run" / "批注.docx").write_text("我的", encoding="utf-8")
    assert found(at) is not None
