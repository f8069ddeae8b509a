"""A small made district on which the panel's tests stand, as a baseline and as a finished run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.handed import write_handed
from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.baseline.state import Baseline, Demand
from louyu_lab.analysis.scenarios.baseline.stored import handed_frames

NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


@pytest.fixture(scope="session")
def baseline() -> Baseline:
    """Twenty buildings, 80 % let, 8 % of tenants leaving a year, new lettings that make it good."""
    rng = np.random.default_rng(3)
    area = rng.uniform(1e4, 6e4, 20).round(-2)
    made = standalone(
        rng.lognormal(16.5, 1.4, 20).round(-2),
        year=2020,
        horizon=3,
        groups={"building": [f"{sign}大厦" for sign in NAMES], "street": ["东街道", "西街道"] * 10},
        areas={
            "gross_area_sqm": area * 1.2,
            "rentable_area_sqm": area,
            "occupied_area_sqm": area * 0.8,
            "unmarketable_area_sqm": area * 0.02,
            "asking_rent_yuan": np.full(20, 90.0),
        },
    )
    targets = pd.DataFrame(
        {
            "indicator": ["occupancy_rate", "yi_buildings", "firms"],
            "year": [2022, 2023, 2023],
            "target": [0.86, 2.0, 3.0],
        }
    )
    demand = Demand(0.08 * float(area.sum() * 0.8), 0.2, made.demand.history, "示例")
    units = made.units.assign(exit_rate=0.08)
    return replace(made, units=units, district="示例区", demand=demand, targets=targets, retained_rate=0.3)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two scenario files that can be read and one that cannot."""
    folder = tmp_path_factory.mktemp("data") / "示例区"
    (folder / "scenarios").mkdir(parents=True)
    files = {
        "消化": "title: 多消化两万\nchanges: {absorption_sqm: 2万㎡}",
        "返还": "title: 利税返点\nchanges: {absorption_sqm: {2021: 1万㎡}, tax_rebate_rate: 30%}",
        "坏的": "title: 坏的\nchanges: {absorption: 1}",
    }
    for name, text in files.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory, baseline: Baseline) -> Path:
    """A finished run that holds nothing but the baseline and its manifest."""
    folder = tmp_path_factory.mktemp("outputs") / "示例区-2020-01234567"
    for name, frame in handed_frames(baseline).items():
        write_handed(folder, name, frame)
    outputs = [
        {"path": path.relative_to(folder).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.rglob("*.parquet"))
    ]
    whole = ("run_id", "district", "fingerprint", "results", "code")
    manifest = {**dict.fromkeys(whole, ""), "inputs": [], "outputs": outputs, "stages": []}
    manifest["parameters"] = {"data_dir": "示例区"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
