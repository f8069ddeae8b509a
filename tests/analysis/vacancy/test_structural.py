"""Structural vacancy: by start dates where there are some, for the rest a bound that no truth exceeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.accounting import split_vacancy, vacant_parts
from louyu_lab.analysis.vacancy.structural import BY_DATES, BY_ENDS, TOO_NEW, UNTOLD, structural_areas
from louyu_lab.ledgers.model import typed_frame


def found(panel: pd.DataFrame, idle: pd.DataFrame | None = None, year: int = 2020) -> pd.DataFrame:
    areas = structural_areas(panel, split_vacancy(panel)["marketable"], idle)
    rows = panel[["building_id", "year"]].join(areas)
    return rows[rows["year"] == year].set_index("building_id")


def census(year: int | None = 2020, **columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    frame["idle_since_date"] = pd.to_datetime(frame["idle_since_date"])
    return typed_frame("idle", frame.assign(year=year))


def history(panel_of: Callable[..., pd.DataFrame], *vacant: float | None, last: int = 2020) -> pd.DataFrame:
    """Building A of 1000 ㎡ with these vacant areas at the year ends up to ``last``; None: not reported."""
    years = list(range(last + 1 - len(vacant), last + 1))
    occupied = [np.nan if area is None else 1000.0 - area for area in vacant]
    return panel_of(
        years, building_id=["A"] * len(years), rentable_area_sqm=[1000.0] * len(years),
        occupied_area_sqm=occupied,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("vacant", "basis", "area"),
    [
        ((10.0, 300.0, 200.0, 400.0, 500.0), BY_ENDS, 200.0),  # the four last year ends, not the fifth
        ((300.0, 0.0, 400.0, 500.0), BY_ENDS, 0.0),
        ((300.0, None, 400.0, 500.0), BY_ENDS, 300.0),  # a gap only loosens the bound
        ((None, 300.0, 400.0, 500.0), UNTOLD, 0.0),
        ((300.0, 400.0, 500.0), UNTOLD, 0.0),
    ],
)
def test_the_bound_from_year_ends(
    panel_of: Callable[..., pd.DataFrame], vacant: tuple, basis: str, area: float
) -> None:
    row = found(history(panel_of, *vacant)).loc["A"]
    assert (row["basis"], row["structural_sqm"], row["bound_sqm"]) == (basis, 0.0, area)


def test_what_was_sealed_then_was_not_marketable_then(panel_of: Callable[..., pd.DataFrame]) -> None:
    # 300 vacant throughout, 250 of it sealed in 2018: only 50 could have stood to let all the time.
    panel = history(panel_of, 300.0, 300.0, 300.0, 300.0)
    panel["unmarketable_area_sqm"] = [0.0, 250.0, 0.0, 0.0]
    assert found(panel).loc["A", "bound_sqm"] == 50.0


def test_a_building_not_there_three_years_ago_has_none(panel_of: Callable[..., pd.DataFrame]) -> None:
    young = history(panel_of, 400.0, 400.0, 400.0).assign(building_id="B")
    panel = pd.concat([history(panel_of, 300.0, 300.0, 300.0, 300.0), young], ignore_index=True)
    assert found(panel).loc["B", ["basis", "structural_sqm", "bound_sqm"]].tolist() == [TOO_NEW, 0.0, 0.0]


def test_start_dates_come_out_of_the_bound(panel_of: Callable[..., pd.DataFrame]) -> None:
    # 36 months on 31 December 2020: since 31 December 2017. Let by then, elsewhere, undated: not counted.
    panel = history(panel_of, 500.0, 500.0, 500.0, 500.0)
    idle = census(
        building_id=["A", "A", "A", "A", "Z"],
        idle_area_sqm=[100.0, 40.0, 20.0, 70.0, 900.0],
        idle_since_date=["2017-12-31", "2018-01-01", "2010-05-01", None, "2001-01-01"],
        disposal=["在闲", "在闲", "盘活", "在闲", "在闲"],
    )
    row = found(panel, idle).loc["A"]
    assert row[["basis", "structural_sqm", "dated_sqm"]].tolist() == [BY_DATES, 100.0, 140.0]
    # Of the 500 ㎡ vacant at all four year ends 100 are told: 400 more may have been so throughout.
    assert row[["bound_sqm", "excess_sqm"]].tolist() == [400.0, 0.0]
    # The census of 2020 says nothing of 2019, and one without dates nothing at all.
    assert found(panel, idle, 2019).loc["A", "basis"] == UNTOLD
    assert found(panel, idle.assign(idle_since_date=pd.NaT)).loc["A", "basis"] == BY_ENDS


def test_a_date_in_a_building_without_history_bounds_nothing(panel_of: Callable[..., pd.DataFrame]) -> None:
    idle = census(building_id=["A"], idle_area_sqm=[100.0], idle_since_date=["2015-01-01"])
    for vacant in ((500.0, 500.0, 500.0), (None, 500.0, 500.0, 500.0)):
        row = found(history(panel_of, *vacant), idle).loc["A"]
        assert row[["basis", "structural_sqm", "bound_sqm"]].tolist() == [BY_DATES, 100.0, 0.0]


@pytest.mark.parametrize(("year_end", "excess"), [(180.0, 0.0), (60.0, 40.0), (None, 0.0)])
def test_dates_beyond_a_year_end_are_told(
    panel_of: Callable[..., pd.DataFrame], year_end: float | None, excess: float
) -> None:
    # 100 ㎡ since 2015, so they stood empty at the end of 2018 too; one that is not known says nothing.
    idle = census(building_id=["A"], idle_area_sqm=[100.0], idle_since_date=["2015-01-01"])
    row = found(history(panel_of, 500.0, year_end, 500.0, 500.0), idle).loc["A"]
    assert row["structural_sqm"] == 100.0
    assert row["excess_sqm"] == excess
    assert row["bound_sqm"] == (400.0 if year_end is None else max(0.0, year_end - 100.0))


def test_what_is_sealed_is_not_structural_a_second_time(panel_of: Callable[..., pd.DataFrame]) -> None:
    # 100 and 80 ㎡ idle for long, 30 since lately; 80 and 30 under seizure. With 50 ㎡ reported 不可招商, 50 of
    # the 80 are in there and 50 of the 110; with 100, all 80 and 100.
    panel = history(panel_of, 500.0, 500.0, 500.0, 500.0)
    idle = census(
        building_id=["A", "A", "A"],
        idle_area_sqm=[100.0, 80.0, 30.0],
        idle_since_date=["2015-01-01", "2015-01-01", "2020-01-01"],
        idle_cause=["设施陈旧", "司法查封", "司法查封"],
    )
    for sealed, long, dated in ((0.0, 180.0, 210.0), (50.0, 130.0, 160.0), (100.0, 100.0, 110.0)):
        row = found(panel.assign(unmarketable_area_sqm=sealed), idle).loc["A"]
        assert row[["structural_sqm", "dated_sqm"]].tolist() == [long, dated]
        assert row["bound_sqm"] == 500.0 - sealed - long


def test_no_truth_exceeds_the_bound(panel_of: Callable[..., pd.DataFrame]) -> None:
    # 60 buildings of 20 suites; a suite that empties or fills goes on by a Markov chain of years. What is
    # vacant at all four year ends is at least what was so throughout.
    rng = np.random.default_rng(5)
    states = [rng.random((60, 20)) < 0.3]
    for _ in range(3):
        states.append(np.where(rng.random((60, 20)) < 0.6, states[-1], rng.random((60, 20)) < 0.3))
    empty = np.stack(states)
    vacant = 50.0 * empty.sum(axis=2)
    panel = panel_of(
        [2017, 2018, 2019, 2020] * 60,
        building_id=[f"L{at:02d}" for at in range(60) for _ in range(4)],
        rentable_area_sqm=[1000.0] * 240,
        occupied_area_sqm=list(1000.0 - vacant.T.ravel()),
    )
    truth = 50.0 * empty.all(axis=0).sum(axis=1)
    bound = found(panel)["bound_sqm"].to_numpy()
    assert (bound >= truth).all()
    # A census that dates the first half of each building: with what it says of the suites empty now, dates
    # and bound together still cover the truth, and no longer reach beyond the year ends.
    long, now = 50.0 * empty.all(axis=0)[:, :10].sum(axis=1), 50.0 * empty[-1][:, :10].sum(axis=1)
    ids = [f"L{at:02d}" for at in range(60)]
    spaces = [
        (own, area, since)
        for own, old, every in zip(ids, long, now, strict=True)
        for area, since in ((old, "2016-06-01"), (every - old, "2020-06-01"))
        if area > 0
    ]
    names = ("building_id", "idle_area_sqm", "idle_since_date")
    idle = census(**dict(zip(names, map(list, zip(*spaces, strict=True)), strict=True)))
    opening = pd.Series(1990.0, index=ids)
    parts = vacant_parts(panel, opening, idle)
    rows = parts[parts["year"] == 2020].set_index("building_id").loc[ids]
    assert rows["结构"].to_numpy() == pytest.approx(long)
    both = (rows["结构"] + rows["结构（上限）"]).to_numpy()
    assert (both >= truth).all()
    assert (both <= bound).all()
    assert both.sum() < 0.9 * bound.sum()
    assert (rows["excess_sqm"] == 0).all()
    # It is a bound and no estimate: suites change places below a steady total.
    assert bound.sum() > 1.5 * truth.sum()


def test_an_empty_panel_and_an_empty_census(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = history(panel_of, 1.0, 1.0, 1.0, 1.0)
    assert len(structural_areas(panel.iloc[:0], panel["vacant_area_sqm"].iloc[:0], None)) == 0
    assert found(panel, typed_frame("idle", pd.DataFrame())).loc["A", "basis"] == BY_ENDS
