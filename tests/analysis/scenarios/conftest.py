"""A small baseline worked out by hand, and scenarios without files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios import Baseline, Scenario

#: No building whose tax of the base year is unknown.
NOBODY = pd.DataFrame({"building": [], "year": [], "tax_yuan": []})


@pytest.fixture
def baseline() -> Baseline:
    """Base year 2020, three years on; numbers that can be reckoned in the head.

    Rentable 10 万㎡ of 20 万㎡ gross, occupied 8 万㎡, vacant 2 万㎡ of which 1.6 万㎡ can be let: A 1 万㎡ (南街),
    B 0.6 万㎡ (北街). Tax 1 亿元, so 1,250 元/㎡ occupied; the median building pays 250: ratio 0.2.
    """
    space = pd.DataFrame({"building_id": ["A", "B"], "street": ["南街", "北街"], "grade": ["甲级", "乙级"]})
    return Baseline(
        year=2020,
        sums={
            "gross_area_sqm": (2e5, 1.0),
            "rentable_area_sqm": (1e5, 1.0),
            "occupancy_rate": (8e4, 1e5),
            "vacancy_rate": (2e4, 1e5),
            "tax_yuan": (1e8, 1.0),
            "tax_per_sqm_yuan": (1e8, 2e5),
            "tax_per_occupied_yuan_sqm": (1e8, 8e4),
        },
        space=space.assign(marketable_sqm=[1e4, 6e3]),
        tax_growth=pd.Series([1.0, 1.0, 1.0], index=pd.RangeIndex(2021, 2024, name="year")),
        is_forecast=False,
        carried=NOBODY,
        mean_yield_yuan_sqm=1250.0,
        median_yield_yuan_sqm=250.0,
        registration_rate=0.8,
        supply=pd.DataFrame({"planned_completion_year": [2019.0, 2022.0], "office_area_sqm": [1e4, 3e4]}),
    )


@pytest.fixture
def unknown() -> Baseline:
    """A district that knows its buildings and nothing else."""
    empty = pd.DataFrame({"building_id": [], "street": [], "grade": [], "marketable_sqm": []})
    return Baseline(
        year=2020,
        sums={"gross_area_sqm": (2e5, 1.0)},
        space=empty,
        tax_growth=pd.Series([1.0], index=pd.RangeIndex(2021, 2022, name="year")),
        is_forecast=False,
        carried=NOBODY,
        mean_yield_yuan_sqm=np.nan,
        median_yield_yuan_sqm=np.nan,
        registration_rate=np.nan,
        supply=pd.DataFrame({"planned_completion_year": [], "office_area_sqm": []}),
    )


@pytest.fixture
def scenario_of() -> Callable[..., Scenario]:
    """Return a maker of scenarios from their changes."""

    def make(title: str = "试", reason: str = "", **changes: object) -> Scenario:
        return Scenario("试.yaml", title, "", reason, "", changes)

    return make


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a writer of scenario files below a data folder."""

    def write(name: str, text: str) -> Path:
        folder = tmp_path / "scenarios"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return write
