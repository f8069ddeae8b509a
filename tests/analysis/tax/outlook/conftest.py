"""A planted district in memory with its outlook, and panels written out by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.analysis.tax.outlook import tax_outlook
from louyu_lab.analysis.tax.outlook.detail import tax_detail
from louyu_lab.analysis.tax.outlook.table import tax_forecast
from louyu_lab.analysis.tax.tiers.chances import tier_chances
from louyu_lab.analysis.tax.tiers.draws import tier_draws
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame

YEAR, HORIZON, SEED = 2020, 2, 1


@pytest.fixture(scope="session")
def district() -> tuple[pd.DataFrame, pd.DataFrame]:
    """``building_years`` and ``enterprise_years`` of a realistic district, 2016–2020."""
    plan = PlantedPlan(buildings=12, years=5, seed=5)
    made, _ = make_planted(plan)
    extra = {
        "buildings": {"since_year": made.frames["buildings"]["opened_date"].dt.year},
        "tenancies": {"enterprise_id": made.frames["tenancies"]["credit_code"]},
        "taxes": {"enterprise_id": made.frames["taxes"]["credit_code"], "level": "enterprise"},
        "occupancy": {"period": made.frames["occupancy"]["year"].astype("str")},
    }
    frames = {name: typed_frame(name, made.frames[name].assign(**extra[name])) for name in extra}
    ledgers = Ledgers(made.name, frames, *[pd.DataFrame()] * 3)
    years = plan.ledger_years.tolist()
    return building_years(ledgers, years), enterprise_years(ledgers, years)


def told(panel: pd.DataFrame, tenants: pd.DataFrame, horizon: int = HORIZON) -> SimpleNamespace:
    """Return everything that is published of the outlook."""
    outlook = tax_outlook(panel, tenants, YEAR, horizon, SEED)
    detail = tax_detail(panel, tenants, outlook, SEED)
    chances = tier_chances(tier_draws(outlook.paths, outlook.total, panel))
    table = tax_forecast(outlook.paths, detail, chances, "某区")
    return SimpleNamespace(outlook=outlook, detail=detail, chances=chances, table=table)


@pytest.fixture(scope="session")
def tell() -> Callable[..., SimpleNamespace]:
    """Return the maker of outlook, detail and table."""
    return told


@pytest.fixture(scope="session")
def planted(district: tuple[pd.DataFrame, pd.DataFrame]) -> SimpleNamespace:
    """Outlook, detail and table of the planted district."""
    return told(*district)


TEXT = ("enterprise_id", "enterprise", "building_id", "industry", "industry_code", "business_scope")


def _panels_of(
    buildings: dict[str, list], firms: dict[tuple[str, str, str], list] | None = None, first: int = 2016
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both panels of {building: taxes by year} and {(building, enterprise, industry): taxes by year}.

    None in a building's taxes: not known; in an enterprise's: no row. Nothing is one-off; streets by turns.
    """
    panel = pd.DataFrame(
        [(name, first + at, tax) for name, own in buildings.items() for at, tax in enumerate(own)],
        columns=["building_id", "year", "tax_yuan"],
    ).astype({"building_id": "str", "year": "int64", "tax_yuan": "float64"})
    streets = dict(zip(buildings, ["北街", "南街"] * len(buildings), strict=False))
    panel = panel.assign(
        recurring_tax_yuan=panel["tax_yuan"], building=panel["building_id"] + "大厦",
        street=panel["building_id"].map(streets).astype("str"), zone="片区", area="地区", rentable_area_sqm=1e4,
    )  # fmt: skip
    rows = [
        (home, name, industry, first + at, tax)
        for (home, name, industry), own in (firms or {}).items()
        for at, tax in enumerate(own)
        if tax is not None
    ]
    tenants = pd.DataFrame(rows, columns=["building_id", "enterprise_id", "industry", "year", "tax_yuan"])
    tenants = tenants.astype({"year": "int64", "tax_yuan": "float64"}).assign(
        recurring_tax_yuan=tenants["tax_yuan"].astype("float64"), enterprise=tenants["enterprise_id"],
        at_year_end=True, in_tenancies=True, in_taxes=True, industry_code=pd.NA, business_scope=pd.NA,
    )  # fmt: skip
    return panel, tenants.astype(dict.fromkeys(TEXT, "str"))


@pytest.fixture(scope="session")
def panels_of() -> Callable[..., tuple[pd.DataFrame, pd.DataFrame]]:
    """Return the maker of both panels."""
    return _panels_of


@pytest.fixture(scope="session")
def firms() -> dict[tuple[str, str, str], list]:
    """Taxes of 24 enterprises in the buildings A, B and C, 2016–2020, that grow by some 5 % a year."""
    rng = np.random.default_rng(2)
    kinds = ("金融业", "批发和零售业")
    return {
        ("ABC"[at % 3], f"e{at:02d}", kinds[at % 2]): [
            float(1e5 * (at + 1) * 1.05**year * np.exp(0.1 * rng.standard_normal())) for year in range(5)
        ]
        for at in range(24)
    }


@pytest.fixture(scope="session")
def buildings(firms: dict[tuple[str, str, str], list]) -> dict[str, list]:
    """Taxes of A, B and C: the sums of their enterprises."""
    return {
        name: np.sum([own for (home, *_), own in firms.items() if home == name], axis=0).tolist()
        for name in "ABC"
    }
