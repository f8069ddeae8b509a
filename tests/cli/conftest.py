"""Every command is tried in an empty folder, so that nothing is written into the project."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest


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


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put functions in the place of a module of louyu_lab: what the command asks of it is what counts here."""

    def put(module: str, **functions: object) -> None:
        made = ModuleType(module)
        vars(made).update(functions)
        parent, _, name = module.rpartition(".")
        monkeypatch.setitem(sys.modules, module, made)
        monkeypatch.setattr(import_module(parent), name, made, raising=False)

    return put


@pytest.fixture
def finished_run() -> Callable[..., Path]:
    """Make a run folder as ``run_annual`` leaves it, as far as the commands look."""

    def make(folder: Path, *statuses: str) -> Path:
        folder.mkdir(parents=True)
        stages = [
            {
                "name": f"0{n}",
                "status": status,
                "reason": "" if status == "done" else f"原因 {n}",
                "seconds": 0,
            }
            for n, status in enumerate(statuses, start=1)
        ]
        (folder / "manifest.json").write_text(json.dumps({"stages": stages}), encoding="utf-8")
        return folder

    return make
