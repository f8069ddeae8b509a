"""Tenants and buildings in the columns of the panels, and a planted district in memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.truth import Truth
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame

Panels = tuple[pd.DataFrame, pd.DataFrame]


def _panels_of(rows: list[dict], listed: bool = True) -> Panels:
    """Return ``enterprise_years`` and ``building_years`` of rows ``firm, building, year, tax`` (元).

    ``here`` false: left before the year's end. ``one_off`` is part of ``tax``. Without ``listed`` the
    enterprises are in the tax ledger alone. Every building stands in every year.
    """
    frame = pd.DataFrame(rows)
    for name, usual in (("here", True), ("one_off", 0.0), ("industry", "商贸")):
        given = frame[name] if name in frame else pd.Series(usual, index=frame.index)
        frame[name] = given.where(given.notna(), usual)
    tenants = pd.DataFrame(
        {
            "enterprise_id": frame["firm"].astype("str"),
            "enterprise": ("企业" + frame["firm"]).astype("str"),
            "building_id": frame["building"].astype("str"),
            "year": frame["year"].astype("int64"),
            "at_year_end": frame["here"].astype("bool") & listed,
            "industry": frame["industry"].astype("str"),
            "tax_yuan": frame["tax"].astype("float64"),
            "recurring_tax_yuan": (frame["tax"] - frame["one_off"]).astype("float64"),
            "in_tenancies": listed,
            "in_taxes": frame["tax"].notna(),
        }
    )
    for name in ("industry_code", "business_scope"):
        tenants[name] = pd.Series(pd.NA, index=tenants.index, dtype="str")
    ids, years = sorted(frame["building"].unique()), sorted(frame["year"].unique())
    grid = pd.MultiIndex.from_product([ids, years], names=["building_id", "year"])
    money = tenants.groupby(["building_id", "year"])[["tax_yuan", "recurring_tax_yuan"]].sum(min_count=1)
    panel = money.reindex(grid).reset_index().astype({"building_id": "str"})
    street = pd.Series(["北街", "南街"] * len(ids))[: len(ids)].to_numpy()
    panel["street"] = panel["building_id"].map(dict(zip(ids, street, strict=True))).astype("str")
    panel["building"] = (panel["building_id"] + "大厦").astype("str")
    return tenants, panel.assign(rentable_area_sqm=1e4, zone="片区", area="地区")


def _steady(
    firms: int = 300,
    years: int = 8,
    rate: float = 0.05,
    noise: float = 0.1,
    buildings: int = 6,
    seed: int = 3,
) -> list[dict]:
    """Firms that stay and grow by ``rate`` (log) a year, each year's tax with chance of its own."""
    rng = np.random.default_rng(seed)
    level = rng.normal(13, 1.2, firms)
    return [
        {
            "firm": f"F{firm:04d}", "building": f"B{firm % buildings}", "year": 2021 - years + at,
            "tax": float(np.exp(level[firm] + rate * at + noise * rng.standard_normal())),
        }
        for firm in range(firms)
        for at in range(years)
    ]  # fmt: skip


@pytest.fixture(scope="session")
def planted() -> Callable[[int], tuple[pd.DataFrame, pd.DataFrame, Truth]]:
    """Return a maker of tenants, buildings and truth of a realistic district by its seed."""

    def made(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, Truth]:
        plan = PlantedPlan(buildings=40, years=8, seed=seed)
        district, truth = make_planted(plan)
        frames = dict(district.frames)
        frames["buildings"] = frames["buildings"].assign(
            since_year=frames["buildings"]["opened_date"].dt.year
        )
        for name in ("tenancies", "taxes"):
            frames[name] = frames[name].assign(enterprise_id=frames[name]["credit_code"])
        frames["taxes"] = frames["taxes"].assign(level="enterprise")
        wanted = ("buildings", "occupancy", "tenancies", "taxes")
        typed = {name: typed_frame(name, frames[name]) for name in wanted}
        ledgers = Ledgers(district.name, typed, *[pd.DataFrame()] * 3)
        years = plan.ledger_years.tolist()
        return enterprise_years(ledgers, years), building_years(ledgers, years), truth

    return made


@pytest.fixture(scope="session")
def panels_of() -> Callable[..., Panels]:
    """Return the maker of both panels from rows ``firm, building, year, tax``."""
    return _panels_of


@pytest.fixture(scope="session")
def steady() -> Callable[..., list[dict]]:
    """Return the maker of firms that stay and grow."""
    return _steady
