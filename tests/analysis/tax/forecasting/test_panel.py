"""A long frame becomes one matrix and a calendar, and dates come back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.tax.forecasting.panel import ForecastError, read_panel


def frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unique_id", "ds", "y"])


def dated(days: list[str], values: list[float] | None = None) -> pd.DataFrame:
    """One series at these dates."""
    y = [1.0] * len(days) if values is None else values
    return pd.DataFrame({"unique_id": "甲", "ds": pd.to_datetime(days), "y": y})


def coming(panel: pd.DataFrame, periods: int = 3) -> list[str]:
    read = read_panel(panel)
    return list(pd.DatetimeIndex(read.calendar.dates(read.last[0] + 1 + np.arange(periods))).strftime("%F"))


def test_series_are_right_aligned_at_their_own_last_row():
    read = read_panel(
        frame([("乙", 2020, 4.0), ("甲", 2015, 1.0), ("甲", 2018, 3.0), ("甲", 2016, 2.0), ("乙", 2019, 5.0)])
    )
    # 乙 (U+4E59) sorts before 甲 (U+7532); position 0 is 2015.
    assert read.unique_id.tolist() == ["乙", "甲"]
    np.testing.assert_array_equal(read.y, [[np.nan, np.nan, 5, 4], [1, 2, np.nan, 3]])
    assert read.last.tolist() == [5, 3]
    assert read.calendar.dates(read.last + 1).tolist() == [2021, 2019]


def test_a_blank_at_the_end_keeps_its_column():
    read = read_panel(frame([("甲", 2019, 1.0), ("甲", 2020, np.nan)]))
    np.testing.assert_array_equal(read.y, [[1, np.nan]])
    assert read.calendar.dates(read.last + 1).tolist() == [2021]


@pytest.mark.parametrize(
    ("years", "ahead"),
    [([2000, 2005, 2015], [2020, 2025]), ([2000], [2001, 2002]), ([2001, 2004], [2007, 2010])],
)
def test_whole_numbers_step_by_their_common_divisor(years, ahead):
    read = read_panel(frame([("甲", year, 1.0) for year in years]))
    assert read.calendar.dates(read.last[0] + np.arange(1, 3)).tolist() == ahead


@pytest.mark.parametrize(
    ("days", "ahead"),
    [
        (["2018-12-31", "2019-12-31"], ["2020-12-31", "2021-12-31", "2022-12-31"]),
        (["2020-06-30", "2020-09-30"], ["2020-12-31", "2021-03-31", "2021-06-30"]),
        (["2020-01-31", "2020-02-29"], ["2020-03-31", "2020-04-30", "2020-05-31"]),
        (["2020-07-01", "2020-10-01"], ["2021-01-01", "2021-04-01", "2021-07-01"]),
        (["2020-05-15", "2020-06-15"], ["2020-07-15", "2020-08-15", "2020-09-15"]),
        # Five-yearly, one missing between.
        (["2000-01-01", "2005-01-01", "2015-01-01"], ["2020-01-01", "2025-01-01", "2030-01-01"]),
        # A single date says nothing of the step: a year.
        (["2020-03-01"], ["2021-03-01", "2022-03-01", "2023-03-01"]),
        # Days of different months: counted in days, here weeks and a leap day.
        (["2020-02-15", "2020-02-22"], ["2020-02-29", "2020-03-07", "2020-03-14"]),
        (["2020-12-30", "2020-12-31", "2021-01-01"], ["2021-01-02", "2021-01-03", "2021-01-04"]),
        # The 30th of every quarter: February has none, its last day stands for it.
        (["2020-08-30", "2020-11-30", "2020-05-30"], ["2021-02-28", "2021-05-30", "2021-08-30"]),
    ],
)
def test_dates_go_on(days, ahead):
    assert coming(dated(days)) == ahead


def test_categories_sort_as_the_names_they_stand_for():
    panel = frame([("a", 2019, 1.0), ("a", 2020, 2.0), ("b", 2020, 3.0)])
    named = panel.assign(unique_id=pd.Categorical(panel["unique_id"], categories=["b", "a"]))
    np.testing.assert_array_equal(read_panel(named).y, read_panel(panel).y)
    assert read_panel(named).last.tolist() == [1, 1]


def test_unsigned_years_are_years():
    read = read_panel(frame([("甲", 2019, 1.0), ("甲", 2020, 2.0)]).astype({"ds": "uint64"}))
    assert read.calendar.dates(read.last + 1).tolist() == [2021]


@given(st.randoms(use_true_random=False), st.integers(1, 6), st.integers(1, 12))
@settings(max_examples=25)
def test_every_value_comes_back_at_its_date(random, series, step):
    rows = [
        (f"b{at}", 1990 + step * period, float(random.randint(-5, 5)))
        for at in range(series)
        for period in random.sample(range(12), random.randint(1, 12))
    ]
    panel = frame(rows).sort_values(["unique_id", "ds"], ignore_index=True)
    read = read_panel(frame(random.sample(rows, len(rows))))
    at, column = np.nonzero(np.isfinite(read.y))
    position = read.last[at] - (read.y.shape[1] - 1 - column)
    assert read.unique_id[at].tolist() == panel["unique_id"].tolist()
    assert read.calendar.dates(position).tolist() == panel["ds"].tolist()
    assert read.y[at, column].tolist() == panel["y"].tolist()


def test_what_is_wrong_is_said_at_once_with_at_most_five_examples():
    rows = [(f"楼{at}", 2020, value) for at in range(7) for value in (1.0, 2.0)] + [("庚", 2019, np.inf)]
    with pytest.raises(ForecastError) as told:
        read_panel(frame(rows))
    assert "楼0（2020）、楼1（2020）、楼2（2020）、楼3（2020）、楼4（2020） 等 7 处" in str(told.value)
    assert "庚（2019）" in str(told.value)


def test_dates_are_named_as_dates():
    with pytest.raises(ForecastError, match="甲（2020-12-31）"):
        read_panel(dated(["2020-12-31", "2020-12-31"]))


@pytest.mark.parametrize(
    ("panel", "word"),
    [
        (dated(["2020-01-01 06:00", "2020-01-01 18:00"]), "时刻"),
        (dated(["2020-01-01"]).assign(ds=lambda rows: rows["ds"].dt.tz_localize("Asia/Shanghai")), "时区"),
        (frame([("甲", 2020, 1.0), (3, 2020, 1.0)]), "混在一起"),
        (frame([("甲", 2020.5, 1.0)]), "整数"),
        (frame([("甲", 2**63, 1.0)]).astype({"ds": "uint64"}), "整数太大"),
    ],
)
def test_periods_and_names_that_cannot_be_ordered_are_refused(panel, word):
    with pytest.raises(ForecastError, match=word):
        read_panel(panel)
