"""Changes of unit are found; growth and spikes are not taken for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.tax.forecasting import ForecastError
from louyu_lab.analysis.tax.forecasting.unit_breaks import unit_breaks

STEADY = [3.1, 3.4, 3.3, 3.8, 4.1, 4.0, 4.6, 5.0]


def found(values: list[float], first: int = 2010) -> list[tuple[int, float]]:
    panel = pd.DataFrame({"unique_id": "甲", "ds": np.arange(first, first + len(values)), "y": values})
    breaks = unit_breaks(panel)
    assert breaks.columns.tolist() == ["unique_id", "ds", "factor"]
    return list(zip(breaks["ds"], breaks["factor"], strict=True))


@pytest.mark.parametrize("factor", [1e4, 1e8, 1e-4, 1e-8])
@pytest.mark.parametrize("at", [1, 2, 4, 7])
def test_a_change_of_unit_anywhere_in_the_series(factor, at):
    values = [y * (factor if t >= at else 1) for t, y in enumerate(STEADY)]
    assert found(values) == [(2010 + at, factor)]


@pytest.mark.parametrize("at", [2, 5, 6])
def test_one_year_in_another_unit_is_out_and_back(at):
    values = [y * (1e4 if t == at else 1) for t, y in enumerate(STEADY)]
    assert found(values) == [(2010 + at, 1e4), (2011 + at, 1e-4)]


def test_two_values_suffice():
    assert found([81.09, 980_000.0]) == [(2011, 1e4)]


def test_over_blanks_zeros_and_refunds():
    assert found([3.1, 3.4, np.nan, 0.0, -1.0, 41_000.0, 40_000.0]) == [(2015, 1e4)]


@pytest.mark.parametrize(
    "values",
    [
        [3.1 * 2**t for t in range(14)],  # doubling for 13 years: 8,192-fold, a step at a time
        [3.1, 3.4, 3.3, 33_000 * 2.5, 3.8, 4.1, 4.0],  # a one-off that returns
        [3.1, 3.4, 3.3, 300.0, 310.0, 320.0],  # a hundredfold newcomer stays
        [3.1, 3.4, 0.0, 0.0, 5.0],
        [1.0, 2e4, 3.0, 5e5, 0.2, 9e3, 4.0, 1e6],  # wild every year: cannot be judged
        [5.0],
        [],
        [0.0, 0.0, np.nan],
    ],
)
def test_what_is_none(values):
    assert found(values) == []


def test_series_do_not_touch_each_other():
    # The last value of one and the first of the next differ by 10,000.
    panel = pd.DataFrame(
        {"unique_id": ["a"] * 3 + ["b"] * 3, "ds": [1, 2, 3] * 2, "y": [3, 3, 3, 3e4, 3e4, 3e4]}
    )
    assert unit_breaks(panel).empty


def test_faults_of_the_panel_are_told_as_in_a_forecast():
    panel = pd.DataFrame({"unique_id": ["甲", "甲"], "ds": [2020, 2020], "y": [1.0, 2.0]})
    with pytest.raises(ForecastError, match="甲"):
        unit_breaks(panel)


def test_dates_are_given_back_as_dates():
    ds = pd.date_range("2012-12-31", periods=8, freq="YE")
    values = [y * (1e4 if t >= 3 else 1) for t, y in enumerate(STEADY)]
    breaks = unit_breaks(pd.DataFrame({"unique_id": "甲", "ds": ds, "y": values}))
    assert breaks["ds"].tolist() == [pd.Timestamp("2015-12-31")]


@given(st.integers(0, 10_000), st.sampled_from([1e4, 1e-4]), st.integers(1, 9))
@settings(max_examples=40)
def test_planted_among_ordinary_series(seed, factor, at):
    # Yearly steps of sd 25 % and drift 8 %: three years' median against three is at most about ±1.0 off in natural
    # logs in 4 sd, 0.43 in log10; the allowance is 0.7. The other series never change their unit.
    rng = np.random.default_rng(seed)
    y = np.exp(rng.normal(8, 2, (30, 1)) + np.cumsum(rng.normal(0.08, 0.25, (30, 10)), axis=1))
    y[7, at:] *= factor
    panel = pd.DataFrame(
        {"unique_id": np.repeat(np.arange(30), 10), "ds": np.tile(np.arange(10), 30), "y": y.ravel()}
    )
    assert unit_breaks(panel).to_dict("records") == [{"unique_id": 7, "ds": at, "factor": factor}]
