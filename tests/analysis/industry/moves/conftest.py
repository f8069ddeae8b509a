"""Small districts in memory: three buildings in two streets, tenants as stays or as yearly lists."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.ledgers.model import FAULT_COLUMNS, Ledgers, typed_frame

STREETS = {"A": "东街道", "B": "东街道", "C": "西街道"}
YEARS = [2018, 2019, 2020]


def make_district(
    tenancies: pd.DataFrame,
    taxes: pd.DataFrame | None = None,
    registrations: pd.DataFrame | None = None,
    years: list[int] | None = None,
    streets: dict[str, str] | None = None,
    **buildings: list,
) -> SimpleNamespace:
    """Return ``ledgers, panel, tenants`` of a district; ``taxes`` are rows ``enterprise_id, year, tax_yuan``."""
    streets = STREETS if streets is None else streets
    stock = pd.DataFrame({"building_id": list(streets), "street": list(streets.values()), **buildings})
    stock = stock.assign(building=[f"楼{name}" for name in streets], rentable_area_sqm=10_000.0)
    for date in ("move_in_date", "move_out_date", "registered_date"):
        tenancies = tenancies.assign(**{date: pd.to_datetime(tenancies.get(date))})
    if "enterprise" not in tenancies:
        tenancies = tenancies.assign(enterprise=tenancies["enterprise_id"].astype("str") + "公司")
    frames = {"buildings": typed_frame("buildings", stock), "tenancies": typed_frame("tenancies", tenancies)}
    if taxes is not None:
        taxes = taxes.assign(level="enterprise", period=taxes["year"].astype("str"))
        frames["taxes"] = typed_frame("taxes", taxes)
    if registrations is not None:
        for date in ("registered_date", "cancelled_date"):
            registrations = registrations.assign(**{date: pd.to_datetime(registrations.get(date))})
        frames["registrations"] = typed_frame("registrations", registrations)
    empty = pd.DataFrame(columns=list(FAULT_COLUMNS))
    ledgers = Ledgers("和安区", frames, empty, empty, empty)
    years = years or YEARS
    return SimpleNamespace(
        ledgers=ledgers, panel=building_years(ledgers, years), tenants=enterprise_years(ledgers, years)
    )


@pytest.fixture(scope="session")
def district_of():
    """The maker of districts, see ``make_district``."""
    return make_district


@pytest.fixture(scope="session")
def stays_of():
    """A frame of stays from rows ``enterprise_id, building_id, area_sqm, move_in_date, move_out_date``."""

    def made(*rows: tuple) -> pd.DataFrame:
        columns = ["enterprise_id", "building_id", "area_sqm", "move_in_date", "move_out_date"]
        return pd.DataFrame(rows, columns=columns)

    return made


@pytest.fixture(scope="session")
def lists_of():
    """A frame of yearly lists from rows ``enterprise_id, building_id, area_sqm, year``."""

    def made(*rows: tuple) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=["enterprise_id", "building_id", "area_sqm", "year"])

    return made
