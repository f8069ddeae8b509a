"""A finished run of a small district without ledgers, and scenario files to put to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.handed import write_handed
from louyu_lab.analysis.scenarios.baseline.frames import TARGET_COLUMNS, typed
from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.baseline.stored import handed_frames
from louyu_lab.run.manifest import StageResult, write_manifest


@pytest.fixture(scope="session")
def baseline() -> Baseline:
    """Twelve buildings of 1万㎡, four fifths let, 3,000万元 to 1.4亿元 of tax each; two targets."""
    areas = {"gross_area_sqm": [12_000.0] * 12, "rentable_area_sqm": [10_000.0] * 12}
    areas |= {"occupied_area_sqm": [8_000.0] * 12, "unmarketable_area_sqm": [0.0] * 12}
    groups = {"building": [f"楼{n}" for n in range(12)], "street": ["东街街道", "西街街道"] * 6}
    made = standalone(np.arange(3, 15) * 1e7, year=2020, horizon=3, groups=groups, areas=areas)
    targets = pd.DataFrame(
        [("occupancy_rate", 2022, 0.85), ("yi_buildings", 2023, 7.0)], columns=list(TARGET_COLUMNS)
    )
    return replace(made, district="和安区", retained_rate=0.3, targets=typed(targets, TARGET_COLUMNS))


@pytest.fixture
def make_run(baseline: Baseline) -> Callable[..., Path]:
    """Leave a run folder as a finished run does, as far as scenarios look."""

    def make(folder: Path, stage: StageResult | None = None, *, hands: bool = True) -> Path:
        if hands:
            for name, frame in handed_frames(baseline).items():
                write_handed(folder, name, frame)
        folder.mkdir(parents=True, exist_ok=True)
        write_manifest(
            folder,
            run_id=folder.name,
            district="和安区",
            fingerprint="0" * 64,
            code="c",
            parameters={"data_dir": "和安区台账", "year": 2020, "seed": 0, "horizon_years": 3},
            inputs=[],
            stages=[stage or StageResult("06_scenarios", "done", title="情景推演")],
        )
        return folder

    return make


@pytest.fixture
def run(tmp_path: Path, make_run: Callable[..., Path]) -> Path:
    """A finished run below ``outputs``."""
    return make_run(tmp_path / "outputs" / "和安区-2020-00000000")


@pytest.fixture
def write_scenario(tmp_path: Path) -> Callable[..., Path]:
    """Write a scenario file, by default into the folder of the run's ledgers."""

    def write(name: str, text: str, folder: str = "和安区台账/scenarios") -> Path:
        path = tmp_path / folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
