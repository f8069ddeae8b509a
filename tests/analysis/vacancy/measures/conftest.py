"""Planted districts read in memory, without tenants or taxes that the tests here do not need."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pandas as pd
import pytest

from louyu_lab.analysis.panel import building_years
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.truth import Truth
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame


@pytest.fixture(scope="session")
def planted_ledgers() -> Callable[..., tuple[Ledgers, pd.DataFrame, Truth]]:
    """Ledgers, building panel and truth of a district by its plan's fields."""

    @functools.lru_cache(maxsize=4)
    def made(**fields: object) -> tuple[Ledgers, pd.DataFrame, Truth]:
        plan = PlantedPlan(**fields)
        district, truth = make_planted(plan)
        buildings = district.frames["buildings"]
        buildings = buildings.assign(since_year=buildings["opened_date"].dt.year)
        frames = {
            "buildings": typed_frame("buildings", buildings),
            "occupancy": typed_frame("occupancy", district.frames["occupancy"]),
            "policies": typed_frame("policies", district.frames["policies"]),
        }
        ledgers = Ledgers(district.name, frames, *[pd.DataFrame()] * 3)
        return ledgers, building_years(ledgers, plan.ledger_years.tolist()), truth

    return made
