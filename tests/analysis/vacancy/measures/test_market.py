"""What happens around a building, by hand: rents, supply, age of opening, support, lags."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.measures import market
from louyu_lab.analysis.vacancy.policy.exposure import policy_exposures
from louyu_lab.ledgers.model import typed_frame

Panel = Callable[..., pd.DataFrame]


def test_rent_premium_is_against_grade_and_year(panel_of: Panel) -> None:
    # Rents 100, 110, 121: their geometric mean is 110, so the premiums are −1, 0 and 1 step of 10 %.
    panel = panel_of(
        building_id=list("ABCDE"),
        grade=["甲级"] * 3 + ["乙级"] * 2,
        asking_rent_yuan=[100.0, 110, 121, 50, 60],
    )
    found = market.rent_premium_tenths(panel)
    assert found.tolist()[:3] == pytest.approx([-1, 0, 1])
    # Two rents of a grade are too few to compare.
    assert found[3:].isna().all()


def test_rents_are_compared_within_a_grade_however_it_is_written(panel_of: Panel) -> None:
    panel = panel_of(grade=["甲级", "A", "甲"], asking_rent_yuan=[100.0, 110, 121])
    assert market.rent_premium_tenths(panel).tolist() == pytest.approx([-1, 0, 1])


def test_a_lag_is_the_year_before_or_the_one_before_that() -> None:
    panel = pd.DataFrame({"building_id": ["A"] * 4 + ["B"], "year": [2017, 2018, 2019, 2020, 2018]})
    found = market.lagged(pd.Series([1.0, np.nan, 3.0, 4.0, 9.0]), panel)
    # 2018 sees 2017; 2019 sees a blank 2018 and takes 2017; 2020 sees 2019. B was alone with its year.
    assert found.tolist() == pytest.approx([np.nan, 1.0, 1.0, 3.0, np.nan], nan_ok=True)


def test_a_later_value_never_reaches_back() -> None:
    panel = pd.DataFrame({"building_id": ["A"] * 3, "year": [2018, 2019, 2020]})
    one = market.lagged(pd.Series([1.0, 2.0, 3.0]), panel)
    other = market.lagged(pd.Series([1.0, 2.0, 99.0]), panel)
    pd.testing.assert_series_equal(one, other)


def test_nearby_supply_by_hand(panel_of: Panel) -> None:
    # A, B, C in one 地区, C opened in 2019; D alone by its street; E placed nowhere.
    panel = panel_of(
        2020,
        building_id=list("ABCDE"),
        area=["湾", "湾", "湾", None, None],
        street=["一", "一", "一", "一", None],
        gross_area_sqm=[1000.0, 3000, 1000, 500, 500],
    )
    opening = pd.Series([1990.0, 2000, 2019, 2020, 2000], index=list("ABCDE"))
    found = market.nearby_supply_tenths(panel, opening)
    # A: 1000 of 3000 + 1000; B: 1000 of 1000 + 1000; C sees nothing new but itself; D has no other.
    assert found.tolist() == pytest.approx([2.5, 5.0, 0.0, 0.0, np.nan], nan_ok=True)
    # A year later C is no longer new.
    assert market.nearby_supply_tenths(panel.assign(year=2021), opening)[0] == 0.0


def test_lease_up_tail_halves_from_two_years_on(panel_of: Panel) -> None:
    panel = panel_of(2020, building_id=list("ABC"))
    found = market.lease_up_tail(panel, pd.Series([2018.0, 2016.0], index=list("AB")))
    assert found.tolist() == [1.0, 0.25, 0.0]


def test_support_begins_with_the_first_policy_of_the_building(panel_of: Panel) -> None:
    panel = panel_of([2018, 2019, 2019], building_id=["A", "A", "B"], building=["甲楼", "甲楼", "乙楼"])
    buildings = typed_frame(
        "buildings", pd.DataFrame({"building_id": ["A", "B"], "building": ["甲楼", "乙楼"]})
    )
    given = {"policy": "补贴", "start_date": pd.Timestamp(2019, 7, 1)}
    policies = typed_frame("policies", pd.DataFrame([given | {"beneficiary": "甲楼"}]))
    found = market.policy_support(panel, policy_exposures(policies, buildings))
    assert dict(zip(zip(panel["building_id"], panel["year"], strict=True), found, strict=True)) == {
        ("A", 2018): 0.0,
        # Half a year at the pace of half of the rest a year.
        ("A", 2019): pytest.approx(1 - 0.5**0.5),
        ("B", 2019): 0.0,
    }
    none = market.policy_support(panel, policy_exposures(policies.iloc[:0], buildings))
    assert none.isna().all()
