"""Years of tax in a wrong unit: which side of a break is wrong, and what becomes unknown with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.history import RECURRING
from louyu_lab.analysis.tax.unit_errors import unit_errors, without_years

#: A building of the size of the others, in all years: 元.
USUAL = [1.0e7, 1.1e7, 1.2e7, 1.1e7, 1.3e7]


def panel_of(**taxes: list[float]) -> pd.DataFrame:
    """Return buildings by year from 2016 on; nan where not known."""
    rows = [(name, 2016 + at, tax) for name, own in taxes.items() for at, tax in enumerate(own)]
    panel = pd.DataFrame(rows, columns=["building_id", "year", RECURRING])
    return panel.assign(building=panel["building_id"] + "楼", tax_yuan=panel[RECURRING] + 1.0)


def wrong(panel: pd.DataFrame) -> dict[str, list[int]]:
    found = unit_errors(panel)
    return {name: rows["year"].tolist() for name, rows in found.groupby("building_id")}


@pytest.mark.parametrize(
    ("factors", "years"),
    [
        ([1, 1, 1, 1, 1e4], [2020]),
        ([1, 1, 1, 1e4, 1e4], [2019, 2020]),
        ([1e-4, 1e-4, 1, 1, 1], [2016, 2017]),
        ([1, 1, 1e8, 1, 1], [2018]),
        ([1e4, 1, 1, 1, 1e4], [2016, 2020]),
    ],
)
def test_the_fewer_years_are_wrong(factors, years):
    panel = panel_of(甲=np.multiply(USUAL, factors).tolist(), 乙=USUAL, 丙=USUAL)
    assert wrong(panel) == {"甲": years}


@pytest.mark.parametrize(("factors", "years"), [([1, 1e4], [2017]), ([1e4, 1], [2016]), ([1, 1e-4], [2017])])
def test_of_two_years_the_one_unlike_the_others_is_wrong(factors, years):
    panel = panel_of(甲=np.multiply(USUAL[:2], factors).tolist(), 乙=USUAL[:2], 丙=USUAL[:2])
    assert wrong(panel) == {"甲": years}


def test_a_new_building_shares_the_error_of_its_year():
    slip = [*USUAL[:4], 1.3e11]
    new = [np.nan] * 4
    # 5e10 is 5e6 in the right unit; 3e7 is not made likelier by 10⁴.
    assert wrong(panel_of(甲=slip, 乙=USUAL, 丙=USUAL, 新=[*new, 5e10])) == {"甲": [2020], "新": [2020]}
    assert wrong(panel_of(甲=slip, 乙=USUAL, 丙=USUAL, 新=[*new, 3e7])) == {"甲": [2020]}
    # Nobody else errs in that year: a large building it is.
    assert wrong(panel_of(甲=USUAL, 乙=USUAL, 新=[*new, 5e10])) == {}


def test_growth_zeros_and_refunds_are_no_errors():
    panel = panel_of(甲=[1e6, 4e6, 2e7, 9e7, 3e8], 乙=[1e7, 0, 1e7, -2e6, 1e7], 丙=[0] * 5, 丁=[np.nan] * 5)
    found = unit_errors(panel)
    assert not len(found)
    assert found.columns.tolist() == ["building_id", "building", "year", "tax_yuan"]


def test_what_was_found_is_told():
    found = unit_errors(panel_of(甲=[*USUAL[:4], 1.3e11], 乙=USUAL))
    assert found.to_dict("records") == [
        {"building_id": "甲", "building": "甲楼", "year": 2020, "tax_yuan": 1.3e11}
    ]


def test_a_buildings_year_goes_with_its_enterprises():
    panel = panel_of(甲=[*USUAL[:4], 1.3e11], 乙=USUAL)
    errors = unit_errors(panel)
    firms = pd.DataFrame(
        {"building_id": ["甲", "甲", "乙", None], "year": [2019, 2020, 2020, 2020], "tax_yuan": [1.0, 2.0, 3.0, 4.0],
         RECURRING: 1.0, "retained_yuan": 1.0, "area_sqm": 5.0}
    )  # fmt: skip
    kept = without_years(firms, errors)
    assert kept["tax_yuan"].isna().tolist() == [False, True, False, False]
    assert kept[[RECURRING, "retained_yuan"]].isna().sum().tolist() == [1, 1]
    assert kept["area_sqm"].notna().all()
    clean = without_years(panel, errors)
    assert clean[["tax_yuan", RECURRING]].isna().sum().tolist() == [1, 1]
    assert without_years(panel, errors.head(0)) is panel
