"""A small district and hand-made courses of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine.courses import Courses

#: Buildings 甲 乙 丙 丁: 甲 is 亿元楼, 丙's occupancy is unknown, 丁's tax is unknown.
TAX = [1.2e8, 9e7, 1e7, np.nan]
GROSS = [20_000.0, 10_000.0, 10_000.0, 5_000.0]
RENTABLE = [16_000.0, 8_000.0, 8_000.0, 4_000.0]
OCCUPIED = [12_000.0, 6_000.0, np.nan, 4_000.0]


def targets_of(*rows: tuple[str, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["indicator", "year", "target"])
    return frame.astype({"indicator": "str", "year": "int64", "target": "float64"})


def with_projects(baseline: Baseline, count: int = 1) -> Baseline:
    """Put the new places of ``courses_of`` into the ledger of projects: they are buildings to be."""
    ids = [f"P{at}" for at in range(count)]
    return replace(baseline, supply=baseline.supply.reindex(range(count)).assign(project_id=ids))


@pytest.fixture
def district() -> Baseline:
    """Four buildings at the end of 2020, two years simulated, no targets."""
    return standalone(
        TAX,
        year=2020,
        horizon=2,
        groups={
            "building": ["甲", "乙", "丙", "丁"],
            "street": ["东街"] * 4,
            "grade": ["甲级", "乙级", "乙级", ""],
        },
        areas={"gross_area_sqm": GROSS, "rentable_area_sqm": RENTABLE, "occupied_area_sqm": OCCUPIED},
    )


@pytest.fixture
def courses_of() -> Callable[..., Courses]:
    """Make courses in which nothing changes, but for the arrays given."""

    def make(baseline: Baseline, draws: int = 4, new: int = 0, **given: np.ndarray) -> Courses:
        own, h = baseline.buildings, baseline.horizon
        places = own[["building_id", "building", "street", "grade"]].assign(is_new=False)
        more = pd.DataFrame(
            {
                "building_id": [f"P{at}" for at in range(new)],
                "building": [f"新{at}" for at in range(new)],
                "street": "东街",
                "grade": "",
                "is_new": True,
            }
        )
        places = pd.concat([places, more], ignore_index=True) if new else places
        count = len(places)

        def still(column: str, each_draw: bool, fill: float = np.nan) -> np.ndarray:
            values = np.append(own[column].to_numpy(dtype="float64"), np.zeros(new))
            values = np.where(np.isnan(values), fill, values)
            return np.broadcast_to(values[:, None], (draws, count, h) if each_draw else (count, h)).copy()

        made: dict[str, object] = {name.name: np.zeros((draws, h)) for name in fields(Courses)}
        made |= {name: np.zeros(h) for name in ("unlocked_sqm", "refit_sqm", "merged_sqm")}
        made |= {name: np.zeros((draws, count, h)) for name in ("let_sqm", "exits_sqm", "entrants_tax_yuan")}
        made |= {name: np.full((draws, h), np.nan) for name in ("firms", "registered", "paying")}
        made |= {
            "places": places,
            "years": baseline.years,
            "gross_sqm": still("gross_area_sqm", False),
            "rentable_sqm": still("rentable_area_sqm", False),
            "unmarketable_sqm": np.zeros((count, h)),
            "occupied_sqm": still("occupied_area_sqm", True),
            "tax_yuan": still("tax_yuan", True, 0.0),
        }
        return replace(Courses(**made), **given)

    return make
