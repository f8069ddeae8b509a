"""The drivers' values, worked out by hand, and that they are what the ledgers print."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.demo.planted.buildings import trait_correlations
from louyu_lab.ledgers.demo.planted.drivers import (
    DRIVERS,
    GRADES,
    age_decades,
    driver_values,
    nearby_supply,
    steps,
)
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan

YEARS = np.array([2018, 2019, 2020])


def buildings(**columns: object) -> pd.DataFrame:
    facts = {
        "gross_area_sqm": [10_000.0, 30_000.0, 20_000.0],
        "owners": [1, 10, 100],
        "completion_year": [2000, 2019, 1990],
        "refit_year": [np.nan, np.nan, 2019.0],
        "parking_spaces": [50, 300, 100],
        "lifts": [4, 10, 5],
        "metro_distance_m": [500.0, 1000.0, 100.0],
        "grade": ["丙级", "超甲级", "甲级"],
        "property_grade": ["三级", "一级", "二级"],
        "area": ["甲里", "甲里", "甲里"],
        "opened_date": pd.to_datetime(["2001-01-18", "2019-06-18", "1991-01-18"]),
    }
    return pd.DataFrame(facts | columns)


def test_age_counts_from_the_refit_on_once_it_is_done() -> None:
    assert age_decades(buildings(), YEARS).tolist() == [
        [1.8, 1.9, 2.0],
        [0.0, 0.0, 0.1],
        # Completed 1990, refitted 2019: 28 years in 2018, then 0 and 1.
        [2.8, 0.0, 0.1],
    ]


def test_supply_near_by_is_that_of_others_of_this_year_and_last() -> None:
    # The second opens in 2019 with 30,000 ㎡ of the others' 30,000 + 20,000 (first) or + 10,000 (third).
    expected = [[0.0, 0.6, 0.6], [0.0, 0.0, 0.0], [0.0, 0.75, 0.75]]
    assert nearby_supply(buildings(), YEARS) == pytest.approx(np.array(expected))
    apart = buildings(area=["甲里", "乙里", "甲里"])
    assert not nearby_supply(apart, YEARS).any()


def test_two_years_after_opening_supply_is_new_no_more() -> None:
    assert nearby_supply(buildings(), np.array([2021]))[0, 0] == 0


def test_values_are_on_the_scale_the_names_say() -> None:
    values = driver_values(buildings(), np.array([0.0, 0.1, -0.1]), YEARS)
    by_name = {driver.name: values[i, :, 0].tolist() for i, driver in enumerate(DRIVERS)}
    assert by_name["ln_owners"] == pytest.approx([0, 2.302585, 4.605170])
    assert by_name["parking_per_100sqm"] == pytest.approx([0.5, 1.0, 0.5])
    assert by_name["thousand_sqm_per_lift"] == pytest.approx([2.5, 3.0, 4.0])
    assert by_name["ln_metro_m"] == pytest.approx(np.log([500, 1000, 100]))
    assert by_name["grade_steps"] == [0, 3, 2]
    assert by_name["property_grade_steps"] == [0, 2, 1]
    assert by_name["ln_gross_area"] == pytest.approx(np.log([10_000, 30_000, 20_000]))
    assert by_name["ln_rent_premium"] == [0.0, 0.1, -0.1]


def test_steps_follow_the_order_given() -> None:
    assert steps(pd.Series(["超甲级", "丙级", "甲级", "乙级"]), GRADES).tolist() == [3, 0, 2, 1]


def test_what_is_worse_raises_vacancy() -> None:
    """One unit moves the logit of vacancy by leaving − letting: the sign expected of each driver."""
    signs = {driver.name: np.sign(driver.leaving - driver.letting) for driver in DRIVERS}
    lowering = {"parking_per_100sqm", "grade_steps", "property_grade_steps"}
    assert {name for name, sign in signs.items() if sign < 0} == lowering
    assert 0 not in signs.values()


@pytest.mark.parametrize("difficulty", ["plain", "realistic", "confounded"])
def test_correlations_can_be_drawn_from(difficulty: str) -> None:
    matrix = trait_correlations(PlantedPlan(difficulty=difficulty))
    assert np.array_equal(matrix, matrix.T)
    # Clearly positive definite: the factor of the matrix would otherwise depend on rounding.
    assert np.linalg.eigvalsh(matrix).min() > 0.05
    assert (np.abs(matrix - np.eye(len(matrix))).max() == 0) == (difficulty == "plain")
