"""The driver frame: what a row is, and values equal to those that drove a planted district."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.measures import declared_drivers, driver_frame
from louyu_lab.analysis.vacancy.measures.frame import AMOUNTS, IDENTITY
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
    assert list(frame.columns) == [*IDENTITY, *AMOUNTS, *measured]
    assert (frame[measured].dtypes == "float64").all()


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
