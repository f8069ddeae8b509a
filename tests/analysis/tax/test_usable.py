"""What a forecast may rest on: whole years in one unit, from the last year with any tax."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.tax.history import RECURRING
from louyu_lab.analysis.tax.outlook import tax_outlook
from louyu_lab.analysis.tax.usable import UsableTaxes, usable_taxes
from louyu_lab.ledgers.model import Ledgers, typed_frame

NAMES = ("甲", "乙", "丙")


def ledgers_of(periods: dict[str, float], left: str = "", skip: tuple[str, ...] = ()) -> Ledgers:
    """Return three buildings of 2015 that pay 1000, 2000, 3000 万元 times each period's share.

    ``left`` is out of the stock from 2020 on; ``skip`` names period and building left out, as 2020甲.
    """
    buildings = pd.DataFrame(
        {"building_id": NAMES, "building": NAMES, "since_year": 2015, "until_year": None}
    )
    buildings.loc[buildings["building_id"] == left, "until_year"] = 2019
    rows = [
        ("building", name, period, 1e7 * (at + 1) * share)
        for period, share in periods.items()
        for at, name in enumerate(NAMES)
        if period + name not in skip
    ]
    taxes = pd.DataFrame(rows, columns=["level", "building_id", "period", "tax_yuan"])
    taxes["year"] = taxes["period"].str[:4].astype("int64")
    frames = {"buildings": typed_frame("buildings", buildings), "taxes": typed_frame("taxes", taxes)}
    return Ledgers("某区", frames, *[pd.DataFrame()] * 3)


WHOLE = {str(year): 1 + 0.05 * (year - 2016) for year in range(2016, 2020)}


def base_yuan(taxes: UsableTaxes) -> list[float]:
    """Return the recurring tax of the base year by building, in the order of their numbers."""
    rows = taxes.panel[taxes.panel["year"] == taxes.base_year].set_index("building_id")[RECURRING]
    return rows.reindex(list(NAMES)).tolist()


def test_whole_years_pass_unchanged():
    taxes = usable_taxes(ledgers_of(WHOLE | {"2020": 1.2}), 2020)
    assert (taxes.base_year, taxes.horizon(3)) == (2020, 3)
    assert base_yuan(taxes) == pytest.approx([1.2e7, 2.4e7, 3.6e7])
    assert not len(taxes.part_years) and not len(taxes.unit_errors)
    assert len(taxes.known_yuan) == 15


def test_nine_months_are_no_year():
    quarters = {f"2020Q{quarter}": 0.3 for quarter in (1, 2, 3)}
    taxes = usable_taxes(ledgers_of(WHOLE | quarters), 2020)
    # Three buildings paid 90 % of it by September: taken as a year the district falls.
    assert taxes.base_year == 2019
    assert base_yuan(taxes) == pytest.approx([1.15e7, 2.3e7, 3.45e7])
    assert taxes.part_years.values.tolist() == [["building", 2020, 9]]
    assert taxes.panel["year"].max() == 2019


def test_without_tax_of_the_year_the_same_years_are_told():
    # The year is known from elsewhere: somebody moved in.
    ledgers = ledgers_of(WHOLE)
    taxes = usable_taxes(ledgers, 2021)
    assert (taxes.base_year, taxes.horizon(3)) == (2019, 5)
    outlook = tax_outlook(taxes.panel, taxes.tenants, taxes.base_year, taxes.horizon(1), seed=1)
    assert outlook.paths.years.tolist() == [2020, 2021, 2022]
    assert outlook.total.years[-1] == 2019
    assert not len(outlook.carried)


def test_what_has_left_the_stock_since_is_not_forecast():
    taxes = usable_taxes(ledgers_of(WHOLE, left="丙"), 2020)
    outlook = tax_outlook(taxes.panel, taxes.tenants, taxes.base_year, taxes.horizon(1), seed=1)
    assert taxes.base_year == 2019
    assert sorted(outlook.paths.building_id) == ["乙", "甲"]


def test_one_building_with_tax_is_enough_to_start_from_the_year():
    taxes = usable_taxes(ledgers_of(WHOLE | {"2020": 1.2}, skip=("2020乙", "2020丙")), 2020)
    assert taxes.base_year == 2020
    assert pd.isna(base_yuan(taxes)[1:]).all()


def test_a_wrong_unit_is_not_known():
    ledgers = ledgers_of(WHOLE | {"2020": 1.2})
    rows = ledgers["taxes"]
    slip = (rows["year"] == 2020) & (rows["building_id"] == "甲")
    ledgers["taxes"].loc[slip, "tax_yuan"] *= 1e4
    taxes = usable_taxes(ledgers, 2020)
    assert taxes.unit_errors["building_id"].tolist() == ["甲"]
    assert pd.isna(base_yuan(taxes)).tolist() == [True, False, False]
    outlook = tax_outlook(taxes.panel, taxes.tenants, 2020, 1, seed=1)
    assert outlook.carried["tax_yuan"].tolist() == pytest.approx([1.15e7])


def test_no_tax_at_all():
    taxes = usable_taxes(ledgers_of({}), 2020)
    assert taxes.base_year == 2020
    assert not len(taxes.known_yuan)
