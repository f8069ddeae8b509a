"""A small planted district in memory, and the same with ledgers taken away."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.learning import baseline_of
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame

_PLAN = PlantedPlan(buildings=8, years=5, seed=4)
BASE_YEAR = int(_PLAN.ledger_years[-1])


@functools.cache
def planted_ledgers() -> Ledgers:
    """Ledgers of eight buildings over five years: areas, tenants and tax by enterprise."""
    district, _ = make_planted(_PLAN)
    frames = dict(district.frames)
    frames["buildings"] = frames["buildings"].assign(since_year=frames["buildings"]["opened_date"].dt.year)
    for name in ("tenancies", "taxes"):
        frames[name] = frames[name].assign(enterprise_id=frames[name]["credit_code"])
    frames["taxes"] = frames["taxes"].assign(level="enterprise")
    wanted = ("buildings", "occupancy", "tenancies", "taxes")
    typed = {name: typed_frame(name, frames[name]) for name in wanted}
    return Ledgers(district.name, typed, *[pd.DataFrame()] * 3)


@functools.cache
def _learned(lacking: tuple[str, ...]) -> Baseline:
    ledgers = planted_ledgers()
    frames = {name: frame for name, frame in ledgers.frames.items() if name not in lacking}
    return baseline_of(replace(ledgers, frames=frames), BASE_YEAR, 3, tax_draws=_draws(ledgers))


def _draws(ledgers: Ledgers) -> pd.DataFrame:
    """Three draws of two buildings and two years, as chapter 04 might hand them on."""
    ids = sorted(ledgers["buildings"]["building_id"])[:2]
    rows = [(name, BASE_YEAR + at, yuan) for name in ids for at in (1, 2) for yuan in (3.0, 1.0, 2.0)]
    return pd.DataFrame(rows, columns=["building_id", "year", "yuan"])


@pytest.fixture(scope="session")
def ledgers() -> Ledgers:
    """Return the planted ledgers."""
    return planted_ledgers()


@pytest.fixture(scope="session")
def learned() -> Callable[..., Baseline]:
    """Return the maker of the planted district's baseline without the ledgers named."""
    return lambda *lacking: _learned(lacking)


@pytest.fixture(scope="session")
def base_year() -> int:
    """Return the planted district's last year."""
    return BASE_YEAR
