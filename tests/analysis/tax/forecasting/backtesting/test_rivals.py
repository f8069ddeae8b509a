"""The simple methods: by hand, against statsmodels, and what they do with few values and gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.seasonal import seasonal_decompose

from louyu_lab.analysis.tax.forecasting.backtesting import smoothing
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import (
    CAGR,
    DAMPED,
    DRIFT,
    HALF_DRIFT,
    NAIVE,
    RIVALS,
    THETA,
    rival,
)
from louyu_lab.analysis.tax.forecasting.backtesting.seasons import season_indices

NO = np.nan


@pytest.mark.parametrize(
    ("method", "y", "expected"),
    [
        (NAIVE, [1, 3, 6], [6, 6]),
        (NAIVE, [1, 3, NO], [3, 3]),  # carried on from the last known value
        (DRIFT, [1, 3, 7], [10, 13]),  # (7 − 1) ÷ 2 = 3 a step
        (DRIFT, [1, NO, 7, NO], [13, 16]),  # 3 a step from 7, two and three steps on
        (HALF_DRIFT, [1, 3, 7], [8.5, 10]),
        (CAGR, [5, 1, 2, 4, 8], [16, 32]),  # 8 ÷ 1 over three years: doubles every year
        (CAGR, [1, 4], [16, 64]),  # the one year there is
        (CAGR, [2, NO, 1, 16], [32, 64]),  # 16 ÷ 2 over three years
        (CAGR, [0, 1, 2, 4], [4, 4]),  # nothing to grow from
        (CAGR, [4, 2, 1, -1], [-1, -1]),
    ],
)
def test_by_hand(method: str, y: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(rival(method, np.array([y], dtype="float64"), 2), [expected])


@pytest.mark.parametrize("method", RIVALS)
def test_one_value_is_carried_on_and_none_stays_unknown(method: str) -> None:
    y = np.array([[NO, NO, 4.0], [5.0, NO, NO], [NO, NO, NO]])
    np.testing.assert_array_equal(rival(method, y, 2), [[4, 4], [5, 5], [NO, NO]])


@pytest.mark.parametrize("method", [DAMPED, THETA])
def test_smoothing_with_two_or_three_values_is_the_half_drift(method: str) -> None:
    y = np.array([[NO, NO, 2.0, 5.0], [NO, 1.0, 2.0, 5.0]])
    np.testing.assert_array_equal(rival(method, y, 3), rival(HALF_DRIFT, y, 3))


@pytest.fixture(scope="module")
def walk() -> np.ndarray:
    rng = np.random.default_rng(1)
    return 100 + np.cumsum(rng.normal(2, 5, 15)) + rng.normal(0, 8, 15)


def test_theta_is_that_of_statsmodels(walk: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    series = pd.Series(walk, index=pd.period_range("2000", periods=len(walk), freq="Y"))
    fit = ThetaModel(series, deseasonalize=False, use_test=False).fit()
    monkeypatch.setattr(smoothing, "ALPHAS", np.array([fit.params["alpha"]]))
    expected = fit.forecast(4, theta=2).to_numpy()
    # The reference starts its level by maximum likelihood; 15 values leave less than 1 % of that.
    np.testing.assert_allclose(rival(THETA, walk[None], 4)[0], expected, rtol=0.01)


@pytest.mark.parametrize(("alpha", "beta", "phi"), [(0.4, 0.1, 0.9), (0.8, 0.3, 0.95), (0.1, 0.0, 0.8)])
def test_the_damped_trend_is_that_of_statsmodels(
    walk: np.ndarray, monkeypatch: pytest.MonkeyPatch, alpha: float, beta: float, phi: float
) -> None:
    slope, level = np.polyfit(np.arange(1, 11), walk[:10], 1)
    model = ExponentialSmoothing(
        walk, trend="add", damped_trend=True, initialization_method="known",
        initial_level=level, initial_trend=slope,
    )  # fmt: skip
    fit = model.fit(smoothing_level=alpha, smoothing_trend=beta, damping_trend=phi, optimized=False)
    for name, value in {"DAMPED_ALPHAS": alpha, "BETAS": beta, "PHIS": phi}.items():
        monkeypatch.setattr(smoothing, name, np.array([value]))
    np.testing.assert_allclose(rival(DAMPED, walk[None], 4)[0], fit.forecast(4), rtol=1e-9)


def test_the_damped_trend_finds_its_parameters_by_least_squares(walk: np.ndarray) -> None:
    fit = smoothing.best_damped(walk[None])
    slope, level = np.polyfit(np.arange(1, 11), walk[:10], 1)
    model = ExponentialSmoothing(
        walk, trend="add", damped_trend=True, initialization_method="known",
        initial_level=level, initial_trend=slope,
    )  # fmt: skip

    def squares(alpha: float, beta: float, phi: float) -> float:
        return model.fit(smoothing_level=alpha, smoothing_trend=beta, damping_trend=phi, optimized=False).sse

    grid = [
        (a, b, p)
        for a in smoothing.DAMPED_ALPHAS[::3]
        for b in smoothing.BETAS[::3]
        for p in smoothing.PHIS[::2]
    ]
    best = min(grid, key=lambda point: squares(*point))
    # The whole grid holds the part looked at here, so its best point is no worse.
    chosen = [(a, b) for a in smoothing.DAMPED_ALPHAS for b in smoothing.BETAS]
    assert min(squares(a, b, fit.phi[0]) for a, b in chosen) <= squares(*best) * (1 + 1e-9)


def test_a_straight_line_is_continued() -> None:
    y = np.arange(10.0, 20.0)[None]
    np.testing.assert_allclose(rival(DRIFT, y, 3), [[20, 21, 22]])
    # Simple smoothing with α = 1 sits on the last value; half the slope on top.
    np.testing.assert_allclose(rival(THETA, y, 3), [[19.5, 20, 20.5]])
    # The least damped trend of the grid: 0.98, 0.98 + 0.98² …, and the line's own slope of 1 at the start
    # has lost next to nothing: between the half drift and the line.
    made = rival(DAMPED, y, 3)[0]
    assert ((made > [19.5, 20, 20.5]) & (made < [20.0, 21.0, 22.0])).all()


def test_seasons_are_those_of_statsmodels_and_return() -> None:
    rng = np.random.default_rng(3)
    factor = np.array([0.8, 1.3, 1.0, 0.9])
    y = 100 * 1.02 ** np.arange(24) * np.tile(factor, 6) * np.exp(rng.normal(0, 0.05, 24))
    seasons = season_indices(y[None], 4)
    reference = seasonal_decompose(y, model="multiplicative", period=4).seasonal[:4]
    np.testing.assert_allclose(seasons.index[0], reference, rtol=1e-12)
    np.testing.assert_allclose(seasons.put_back(seasons.taken_out(y[None])[:, :8], 0), y[None, :8])


def test_seasonal_forecasts_keep_the_seasons() -> None:
    y = np.tile([10.0, 20.0, 30.0, 40.0], 4)[None]
    for method in RIVALS:
        np.testing.assert_allclose(rival(method, y, 5, 4), [[10, 20, 30, 40, 10]], err_msg=method)
    # Not positive: seasons are added, not multiplied.
    np.testing.assert_allclose(rival(THETA, y - 10, 4, 4), [[0, 10, 20, 30]], atol=1e-9)


def test_seasonal_naive_with_gaps_and_less_than_a_season() -> None:
    y = np.array([[1.0, 2, 3, 4, NO, 6], [NO, NO, NO, NO, 7, 8]])
    # Next come seasons 2, 3, 0, 1: the first row's 3 and 4, its 1 of the year before, its 6.
    np.testing.assert_array_equal(rival(NAIVE, y, 4, 4), [[3, 4, 1, 6], [8, 8, 7, 8]])


VALUES = st.lists(
    st.one_of(st.just(NO), st.floats(-1e6, 1e6).map(lambda value: round(value, 2))), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(values=VALUES, early=st.integers(0, 4))
def test_units_and_unknown_years_before_the_first_do_not_matter(values: list[float], early: int) -> None:
    y = np.array([values])
    padded = np.hstack([np.full((1, early), NO), y])
    for method in RIVALS:
        made = rival(method, y, 3)
        assert np.isfinite(made).all() == np.isfinite(y).any()
        # A power of two changes no digit, so even equally good grid points stay equal.
        np.testing.assert_array_equal(rival(method, y * 2.0**14, 3), made * 2.0**14, err_msg=method)
        # The regression slope is added up in another order: rounding of the largest amount.
        size = np.nanmax(np.abs(y), initial=1e-9) * 1e-9
        np.testing.assert_allclose(rival(method, padded, 3), made, rtol=1e-9, atol=size, err_msg=method)


def test_a_series_does_not_depend_on_the_others() -> None:
    y = np.random.default_rng(5).lognormal(3, 1, (7, 9))
    y[2, :4] = NO
    for method in RIVALS:
        alone = np.vstack([rival(method, row[None], 3) for row in y])
        np.testing.assert_array_equal(rival(method, y, 3), alone)
