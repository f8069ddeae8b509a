"""Every notebook runs with the papermill command alone, on a district and a year of the user's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import write_planted
from louyu_lab.run.graph import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated district large enough for the driver model, small enough to be quick."""
    folder = tmp_path_factory.mktemp("papermill") / "屿川区"
    write_planted(folder, PlantedPlan(buildings=26, years=4, seed=5))
    return folder


@pytest.mark.parametrize("name", [stage.name for stage in NOTEBOOKS])
def test_each_notebook_runs_with_plain_papermill(district: Path, tmp_path: Path, name: str) -> None:
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", ROOT / "notebooks" / f"{name}.ipynb"]
    command = [*papermill, tmp_path / "out.ipynb", "-p", "data_dir", district, "-p", "year", "2019"]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (ROOT / "notebooks" / "tables").exists()
