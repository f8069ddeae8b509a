"""Vacancy in motion: 消化率, turnover and age by hand, and in agreement with the moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.moves import moves
from louyu_lab.analysis.vacancy.circulation import circulation, district_turnover, turnover_rates
from louyu_lab.ledgers.model import typed_frame

NO_IDLE = typed_frame("idle", pd.DataFrame())
NO_TENANTS = typed_frame("tenancies", pd.DataFrame())


def two_years(panel_of: Callable[..., pd.DataFrame], **ends: tuple) -> pd.DataFrame:
    """Buildings of 1000 ㎡ by occupied area at the ends of 2019 and 2020; None: not in the stock."""
    rows = [
        (name, year, area)
        for name, areas in ends.items()
        for year, area in zip((2019, 2020), areas, strict=True)
        if area is not None
    ]
    names, years, occupied = (list(column) for column in zip(*rows, strict=True))
    streets = ["南街" if name in "AB" else "北街" for name in names]
    return panel_of(
        years, building_id=names, street=streets, rentable_area_sqm=[1000.0] * len(rows),
        occupied_area_sqm=occupied,
    )  # fmt: skip


def row(table: pd.DataFrame, name: str) -> pd.Series:
    return table[(table["id"] == name) & (table["year"] == 2020)].iloc[0]


def test_absorption_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A let 150 of 400; B lost 100 of its tenants' area; C opened in 2020 with 700 let; D is not known
    # in 2019; E left the stock with 300 vacant. 期初: 400 + 200 + 0 + 300; only A let anything up.
    panel = two_years(
        panel_of, A=(600.0, 750.0), B=(800.0, 700.0), C=(None, 700.0), D=(np.nan, 500.0), E=(700.0, None)
    )
    table = circulation(panel, moves(NO_TENANTS, panel, "某区"), NO_IDLE, "某区")
    district = row(table, "某区")
    assert district["opening_vacant_area_sqm"] == 900.0
    assert district["absorbed_area_sqm"] == 150.0
    assert district["absorption_rate"] == pytest.approx(150 / 900)
    # 150 − 100 + 700 − 700.
    assert district["net_absorption_sqm"] == 50.0
    assert np.isnan(district["churn_rate"])
    assert row(table, "南街")["absorption_rate"] == pytest.approx(150 / 600)
    assert row(table, "B")["absorption_rate"] == 0.0
    assert np.isnan(row(table, "C")["absorption_rate"])  # nothing was vacant before it opened
    assert "D" not in set(table["id"])


def test_no_more_is_absorbed_than_was_vacant(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A was extended: 900 let of 1000 became 1400 of 1500. Only the 100 that stood empty were let up.
    panel = two_years(panel_of, A=(900.0, 1400.0))
    panel.loc[panel["year"] == 2020, ["rentable_area_sqm", "vacant_area_sqm"]] = [1500.0, 100.0]
    table = circulation(panel, moves(NO_TENANTS, panel, "某区"), NO_IDLE, "某区")
    assert row(table, "A")["absorbed_area_sqm"] == 100.0
    assert row(table, "A")["net_absorption_sqm"] == 500.0


def test_age_is_weighted_by_area(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A: 300 ㎡ for 12 months and 100 for 36: (3600 + 3600) ÷ 400 = 18. C: 600 for 0. Z is no building.
    panel = two_years(panel_of, A=(600.0, 600.0), C=(200.0, 200.0))
    frame = pd.DataFrame({"building_id": list("AAACZ"), "idle_area_sqm": [300.0, 100.0, 50.0, 600.0, 9.0]})
    dates = pd.to_datetime(["2019-12-31", "2017-12-01", None, "2020-12-05", "2000-01-01"])
    idle = typed_frame("idle", frame.assign(idle_since_date=dates, year=2020))
    table = circulation(panel, moves(NO_TENANTS, panel, "某区"), idle, "某区")
    assert row(table, "A")["mean_idle_months"] == pytest.approx(18.0)
    assert row(table, "某区")["mean_idle_months"] == pytest.approx(7200 / 1000)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 1000) | st.none() | st.just(np.nan)] * 2), min_size=1, max_size=5))
def test_a_rate_is_a_rate_and_levels_agree(panel_of: Callable[..., pd.DataFrame], ends: list[tuple]) -> None:
    ends = [pair if any(end is not None for end in pair) else (1.0, 1.0) for pair in ends]
    panel = two_years(panel_of, Y=(500.0, 500.0), **dict(zip("ABCDE", ends, strict=False)))
    table = circulation(panel, moves(NO_TENANTS, panel, "某区"), NO_IDLE, "某区")
    rates = table["absorption_rate"].dropna()
    # A quotient of equal sums may miss 1 by a rounding.
    assert ((rates >= 0) & (rates <= 1 + 1e-12)).all()
    for measure in ("opening_vacant_area_sqm", "absorbed_area_sqm", "net_absorption_sqm"):
        sums = table.groupby("level")[measure].sum()
        # Sums of six areas below 1e3: rounding stays far below 1e-6.
        assert sums.to_numpy() == pytest.approx(sums["district"], abs=1e-6)


def tenants(*stays: tuple[str, str, float, str | None]) -> pd.DataFrame:
    """Stays of firm, building and area since 2010; the last item is the day of leaving."""
    names, places, areas, left = zip(*stays, strict=True)
    frame = pd.DataFrame({"enterprise_id": names, "building_id": places, "area_sqm": areas})
    frame = frame.assign(enterprise=list(names), move_in_date=pd.Timestamp(2010, 1, 1))
    return typed_frame("tenancies", frame.assign(move_out_date=pd.to_datetime(list(left))))


def test_turnover_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A (25 firms): 100 of mean (600 + 500)/2 left, its own rate. B (3 firms): 40 of 800, too few firms.
    # District: 140 ÷ (550 + 800). C is not known in 2019: the district's rate on what it holds now.
    panel = two_years(panel_of, A=(600.0, 500.0), B=(800.0, 800.0), C=(np.nan, 300.0))
    panel["firms"] = panel["building_id"].map({"A": 25.0, "B": 3.0, "C": 50.0})
    ledger = tenants(
        ("a", "A", 100.0, "2020-06-01"), ("b", "B", 40.0, "2020-07-01"), ("c", "C", 77.0, "2020-08-01"),
        ("d", "A", 500.0, None), ("e", "B", 700.0, None), ("f", "C", 300.0, None),
    )  # fmt: skip
    moved = moves(ledger, panel, "某区")
    rates = turnover_rates(moved, panel, ledger).set_index("building_id")
    assert rates.loc["A", ["turnover_rate", "is_own"]].tolist() == [pytest.approx(100 / 550), True]
    assert rates.loc["B", ["turnover_rate", "is_own"]].tolist() == [pytest.approx(140 / 1350), False]
    assert rates.loc["C", "turnover_rate"] == pytest.approx(140 / 1350)
    assert rates["occupied_area_sqm"].to_dict() == {"A": 550.0, "B": 800.0, "C": 300.0}
    # (100 + 800·140/1350 + 300·140/1350) ÷ 1650
    assert district_turnover(rates.reset_index(), 2020) == pytest.approx((100 + 1100 * 140 / 1350) / 1650)
    assert np.isnan(district_turnover(rates.reset_index(), 2019))
    # One definition: net absorption and churn are those of the moves.
    table = circulation(panel, moved, NO_IDLE, "某区").set_index(["level", "id", "year"])
    same = moved.set_index(["level", "id", "year"])
    for measure in ("net_absorption_sqm", "churn_rate"):
        shared = table[measure].reindex(same.index)
        pd.testing.assert_series_equal(shared, same[measure].astype("float64"), check_names=False)


def test_turnover_across_a_gap_is_no_yearly_rate(panel_of: Callable[..., pd.DataFrame]) -> None:
    # Snapshots of 2018 and 2020: what left did so in two years.
    panel = two_years(panel_of, A=(600.0, 500.0))
    panel = pd.concat([panel[panel["year"] == 2019].assign(year=2018), panel], ignore_index=True)
    frame = pd.DataFrame({"enterprise_id": ["a", "b", "b"], "area_sqm": [100.0, 500.0, 500.0]})
    ledger = typed_frame("tenancies", frame.assign(building_id="A", enterprise="x", year=[2018, 2018, 2020]))
    moved = moves(ledger, panel, "某区")
    assert len(moved) > 0
    assert len(turnover_rates(moved, panel, ledger)) == 0


def test_without_an_enterprise_ledger_there_is_no_turnover(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = two_years(panel_of, A=(600.0, 500.0))
    rates = turnover_rates(moves(NO_TENANTS, panel, "某区"), panel, NO_TENANTS)
    assert len(rates) == 0
    assert np.isnan(district_turnover(rates, 2020))
