"""Who counts as treated: by hand, and what becomes of everybody else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.policy import event_panel as events
from louyu_lab.analysis.vacancy.policy.exposure import REFIT, policy_exposures, refit_exposures
from louyu_lab.ledgers.model import typed_frame

BUILDINGS = typed_frame(
    "buildings",
    pd.DataFrame(
        {
            "building_id": list("ABCD"),
            "building": ["甲大厦", "乙大厦", "丙大厦", "丁大厦"],
            "alias": [None, "老乙楼", None, None],
            "refit_year": [2016, 2009, 1999, None],
            "completion_year": [1995, 1996, 1990, 2019],
        }
    ),
)


def ledger(**columns: list) -> pd.DataFrame:
    return typed_frame("policies", pd.DataFrame(columns))


def test_matching_by_hand() -> None:
    made = policy_exposures(
        ledger(
            policy=["补贴"] * 6,
            beneficiary=["甲大厦", "甲大厦", "老乙楼", None, "某某公司", "无名楼"],
            building_id=[None, "A", None, "C", "D", None],
            start_date=pd.to_datetime(
                ["2018-12-31", "2017-07-01", "2019-01-01", None, "2018-01-01", "2018-01-01"]
            ),
        ),
        BUILDINGS,
    )
    by_id = made[made["is_building"]].set_index("building_id")
    # Two rows of 甲大厦 are one exposure from the earlier start; an alias is the building; no date is NaN.
    assert by_id["first_year"].to_dict() == pytest.approx({"A": 2017, "B": 2019, "C": np.nan}, nan_ok=True)
    assert by_id["rows"].to_dict() == {"A": 2, "B": 1, "C": 1}
    assert by_id.loc["B", "beneficiary"] == "乙大厦"
    # An enterprise's money is not its building's, though the row names the building.
    assert set(made.loc[~made["is_building"], "beneficiary"]) == {"某某公司", "无名楼"}
    assert made.loc[made["beneficiary"] == "某某公司", "building_id"].tolist() == ["D"]


def test_refits_long_ago_have_played_out() -> None:
    # Data from 2013: 2016 is within, 2009 before it began, 1999 more than ten years before.
    made = refit_exposures(BUILDINGS, 2013)
    assert dict(zip(made["building_id"], made["first_year"], strict=True)) == {"A": 2016.0, "B": 2009.0}
    assert set(made["policy"]) == {REFIT}


def test_nothing_in_the_ledgers() -> None:
    assert len(policy_exposures(ledger(), BUILDINGS)) == 0
    assert len(refit_exposures(BUILDINGS.iloc[:0], 2013)) == 0


def test_rates_are_of_settled_buildings(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A: 300 vacant, 100 of it sealed: 200 ÷ 900. D: opened in 2019, so new in 2020. B: all sealed. C: unknown.
    panel = panel_of(
        building_id=list("ABCD"),
        rentable_area_sqm=[1000.0, 500.0, 400.0, 800.0],
        occupied_area_sqm=[700.0, 0.0, np.nan, 200.0],
        unmarketable_area_sqm=[100.0, 500.0, np.nan, np.nan],
    )
    rates = events.marketable_rates(panel, pd.Series({"A": 1995.0, "D": 2019.0}))
    assert rates.loc["A", 2020] == pytest.approx(200 / 900)
    assert rates.loc[["B", "C", "D"], 2020].isna().all()
    since = 2020 - events.SETTLED_YEARS
    assert events.marketable_rates(panel, pd.Series({"D": float(since)})).loc["D", 2020] == 0.75
    assert events.marketable_rates(panel.iloc[:0], pd.Series(dtype="float64")).shape == (0, 0)


def test_roles_by_hand() -> None:
    rates = pd.DataFrame(0.2, index=list("ABCDEFG"), columns=[2017, 2018, 2019])
    rates.loc["C", 2017] = np.nan
    exposures = pd.DataFrame(
        {
            "building_id": ["A", "B", "C", "D", "E", "F", None],
            "first_year": [2018.0, 2017.0, 2018.0, np.nan, 2020.0, 2018.0, 2018.0],
            "is_building": [True] * 5 + [False] * 2,
        }
    )
    role = events.exposure_roles(exposures, rates)
    assert role.tolist() == [
        *(events.TREATED, events.ALWAYS, events.NO_BASE, events.UNDATED),
        *(events.LATER, events.UNMATCHED, events.UNMATCHED),
    ]
    made = events.event_panel(exposures, rates)
    # Left out on both sides: treated from the beginning, without a base, undated, and a tenant's building.
    assert made.building_id.tolist() == ["A", "E", "G"]
    assert made.first_year.tolist() == [2018.0, np.inf, np.inf]
