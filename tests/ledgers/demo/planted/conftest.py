"""Planted districts and the small pieces they are made of."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.planted.buildings import make_buildings
from louyu_lab.ledgers.demo.planted.outcome import circumstances
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.rates import Circumstances
from louyu_lab.ledgers.demo.planted.sectors import draw_types, entry_mix
from louyu_lab.ledgers.demo.planted.truth import Truth
from louyu_lab.ledgers.demo.planted.writing import make_planted

Planted = Callable[..., tuple[District, Truth]]


@pytest.fixture(scope="session")
def planted() -> Planted:
    """A district by its plan's fields; the last ones made are kept."""

    @functools.lru_cache(maxsize=3)
    def made(**fields: object) -> tuple[District, Truth]:
        return make_planted(PlantedPlan(**fields))

    return made


@pytest.fixture(scope="session")
def sketched() -> Callable[..., tuple[pd.DataFrame, Truth]]:
    """The building ledger and the truth of a district by its plan's fields, made once.

    Tenants and taxes of dozens of districts would fill the memory.
    """

    @functools.cache
    def made(**fields: object) -> tuple[pd.DataFrame, Truth]:
        district, truth = make_planted(PlantedPlan(**fields))
        return district.frames["buildings"], truth

    return made


@pytest.fixture(scope="session")
def few_years() -> PlantedPlan:
    return PlantedPlan(buildings=8, years=3, seed=5)


@pytest.fixture(scope="session")
def state(few_years: PlantedPlan) -> Circumstances:
    """What the rates of eight buildings depend on; one opens in the first ledger year, one just before all."""
    rng = np.random.default_rng(11)
    buildings = make_buildings(few_years, 0, 8, "某区", rng)
    buildings.ledger.loc[3, "opened_date"] = np.datetime64(f"{few_years.first_year}-04-18")
    # One opens shortly before the simulation starts: half let by then.
    buildings.ledger.loc[5, "opened_date"] = np.datetime64(f"{few_years.start_year - 1}-03-02")
    mix = entry_mix(draw_types(8, rng), few_years.nature, rng)
    return circumstances(few_years, buildings, mix, {"trait": rng, "policy": rng})
