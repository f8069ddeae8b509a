"""Scenario files written to a folder of their own, and a small district to hold them against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.ledgers.lined_yaml import LinedValue


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a writer of scenario files below a data folder."""

    def write(name: str, text: str) -> Path:
        folder = tmp_path / "scenarios"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return write


@pytest.fixture
def entry() -> Callable[[str], LinedValue]:
    """Return a reader of one YAML value as the files module hands it on."""

    def read(text: str) -> LinedValue:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return LinedValue(1, yaml.safe_load(text), node)

    return read


@pytest.fixture
def district() -> Baseline:
    """Base year 2020, three years on; three buildings, two of one name; a past of three years.

    Rentable 10 万㎡, occupied 8 万㎡, so 2 万㎡ free; tax 1 亿元: 1,250 元/㎡ occupied. Best net absorption 3,000 ㎡.
    """
    baseline = standalone(
        [6e7, 3e7, 1e7],
        year=2020,
        horizon=3,
        groups={
            "building": ["甲大厦", "双子楼", "双子楼"],
            "street": ["南街", "北街", "北街"],
            "grade": ["甲级", "乙级", "乙级"],
            "sector": ["金融", "商贸", "商贸"],
        },
        areas={
            "gross_area_sqm": [9e4, 6e4, 5e4],
            "rentable_area_sqm": [5e4, 3e4, 2e4],
            "occupied_area_sqm": [4e4, 2.5e4, 1.5e4],
        },
    )
    history = pd.DataFrame(
        {"year": [2018, 2019, 2020], "net_absorption_sqm": [3e3, -1e3, 2e3], "lettings_sqm": [8e3, 6e3, 7e3]}
    )
    demand = replace(baseline.demand, lettings_sqm=7e3, history=history)
    return replace(baseline, demand=demand)
