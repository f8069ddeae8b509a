"""The driver frame: what a row is, and values equal to those that drove a planted district."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.measures import declared_drivers, driver_frame
from louyu_lab.analysis.vacancy.measures.declared import ordered_traits
from louyu_lab.analysis.vacancy.measures.frame import AMOUNTS, IDENTITY, unreported_rows
from louyu_lab.ledgers.demo.planted.drivers import DRIVERS, driver_values
from louyu_lab.ledgers.model import typed_frame

#: Planted driver -> ours; the planted contrast's step is one of our units.
PLANTED = {
    "ln_owners": "owners_log2",
    "parking_per_100sqm": "parking_fifths",
    "thousand_sqm_per_lift": "thousand_sqm_per_lift",
    "ln_metro_m": "metro_log2",
    "grade_steps": "grade_steps",
    "property_grade_steps": "property_grade_steps",
    "ln_gross_area": "gross_area_log2",
    "nearby_supply": "nearby_supply_tenths",
}


def test_rows_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(
        2020,
        building_id=list("ABCD"),
        rentable_area_sqm=[1000.0, 1000, 1000, 500],
        occupied_area_sqm=[700.0, 1100, None, 0],
        unmarketable_area_sqm=[100.0, None, None, 500],
    )
    buildings = typed_frame(
        "buildings", pd.DataFrame({"building_id": list("ABCD"), "since_year": [2000, 2019, 2000, 2000]})
    )
    frame = driver_frame(panel, buildings)
    # C tells no occupancy; all of D cannot be let: no marketable area to be vacant. B is overfull: nothing vacant.
    assert frame["building_id"].tolist() == ["A", "B"]
    assert frame["vacancy_rate"].tolist() == pytest.approx([200 / 900, 0.0])
    assert frame["vacant_sqm"].tolist() == [200.0, 0.0]
    assert frame["marketable_area_sqm"].tolist() == [900.0, 1000.0]
    assert frame["is_lease_up"].tolist() == [False, True]
    assert frame["year"].tolist() == ["2020", "2020"]
    every = driver_frame(panel, buildings, every=True)
    assert every["building_id"].tolist() == ["A", "B", "C"]
    assert np.isnan(every["vacancy_rate"][2])


def test_columns_are_the_declared_ones(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(2020, building_id=["A"], rentable_area_sqm=[10.0], occupied_area_sqm=[5.0])
    frame = driver_frame(panel, typed_frame("buildings", pd.DataFrame({"building_id": ["A"]})))
    measured = [name for name, driver in declared_drivers().items() if driver.columns]
    assert list(frame.columns) == [*IDENTITY, *AMOUNTS, *ordered_traits(), *measured]
    assert (frame[measured].dtypes == "float64").all()


def test_labels_are_those_of_the_ledger(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(
        [2019, 2020, 2020], building_id=["B", "B", "A"], rentable_area_sqm=[10.0] * 3, occupied_area_sqm=[5.0] * 3
    )  # fmt: skip
    buildings = pd.DataFrame(
        {"building_id": ["A", "B"], "grade": ["5A", "特级"], "property_grade": ["好", None]}
    )
    frame = driver_frame(panel, typed_frame("buildings", buildings))
    assert frame["grade"].tolist() == ["5A", "特级", "特级"]
    assert frame["property_grade"].notna().tolist() == [True, False, False]
    assert frame["grade_steps"].tolist() == pytest.approx([3.0, np.nan, np.nan], nan_ok=True)


def test_building_years_without_an_occupancy_row_are_counted(panel_of: Callable[..., pd.DataFrame]) -> None:
    # Five building-years with an occupied area and one without. The ledger tells B 2019 and 2020 and, for A,
    # only a rent in 2019: the other three rest on tenants.
    panel = panel_of(
        [2018, 2019, 2020] * 2,
        building_id=["A"] * 3 + ["B"] * 3,
        rentable_area_sqm=[10.0] * 6,
        occupied_area_sqm=[5.0, 5, 5, None, 5, 5],
    )
    told = {"building_id": ["B", "B", "B", "A"], "year": [2019, 2020, 2020, 2019]}
    told |= {"occupied_area_sqm": [5.0, 4, 5, None], "asking_rent_yuan": [1.0, 1, 1, 2]}
    occupancy = typed_frame("occupancy", pd.DataFrame(told))
    buildings = typed_frame("buildings", pd.DataFrame({"building_id": ["A", "B"]}))
    for every in (False, True):
        assert unreported_rows(driver_frame(panel, buildings, every=every), occupancy) == 3
    frame = driver_frame(panel, buildings)
    assert unreported_rows(frame, typed_frame("occupancy", pd.DataFrame())) == 5
    assert unreported_rows(frame.iloc[:0], occupancy) == 0


def test_an_empty_panel_gives_an_empty_frame(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(2020, building_id=["A"], rentable_area_sqm=[10.0], occupied_area_sqm=[5.0]).iloc[:0]
    assert driver_frame(panel, typed_frame("buildings", pd.DataFrame({"building_id": ["A"]}))).empty


def test_values_equal_those_that_drove_a_planted_district(planted_ledgers: Callable) -> None:
    ledgers, panel, _ = planted_ledgers(buildings=60, years=4, seed=5, difficulty="plain")
    buildings = ledgers["buildings"]
    frame = driver_frame(panel, buildings)
    years = np.arange(2017, 2021)
    planted = driver_values(buildings.astype({"refit_year": "float64"}), np.zeros(len(buildings)), years)
    at = pd.MultiIndex.from_product([buildings["building_id"], [str(year) for year in years]])
    rows = pd.MultiIndex.from_frame(frame[["building_id", "year"]])
    for driver, values in zip(DRIVERS, planted, strict=True):
        if driver.name in PLANTED:
            expected = pd.Series(values.ravel(), at).reindex(rows).to_numpy() / driver.step
            np.testing.assert_allclose(frame[PLANTED[driver.name]], expected, rtol=1e-12, atol=1e-12)


def test_rent_premium_follows_the_planted_one(planted_ledgers: Callable) -> None:
    # Printed rents are rounded to 0.1 元 of some 50 (0.02 steps of 10 %) and the grade's mean is a sample's.
    _, panel, _ = planted_ledgers(buildings=60, years=4, seed=5, difficulty="plain")
    buildings = planted_ledgers(buildings=60, years=4, seed=5, difficulty="plain")[0]["buildings"]
    frame = driver_frame(panel, buildings)
    first = frame["year"] == "2017"
    assert frame.loc[first, "rent_premium_tenths"].isna().all()
    by_building = frame[~first].groupby("building_id")["rent_premium_tenths"]
    # Premiums are fixed: what moves is rounding and newcomers in a grade's mean.
    assert by_building.std().max() < 0.25
    assert by_building.mean().std() == pytest.approx(0.12 / np.log(1.1), rel=0.25)
