"""The matrices against the same model written in differences, by Kalman filter, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.tsa.statespace.structural import UnobservedComponents

from louyu_lab.analysis.tax.forecasting.kernels import kernels
from louyu_lab.analysis.tax.forecasting.structures import ANNUAL, Structure, bank, covariance, growth_path

HORIZON = 3
Y = np.array([3.0, 3.5, 3.2, 4.1, 4.4, 4.0, 5.2])

# The kernels add 1e-8 to the diagonal (the references do not); against innovations of 0.1 and more that moves
# results by about 1e-7 of them, and by up to the square of the span where slopes are extrapolated.
CLOSE = {"rtol": 2e-5, "atol": 2e-5}


def said(y: np.ndarray, season: int = 1, horizon: int = HORIZON):
    """Squared residuals (q,), log determinants (q,), forecasts (q, h), variances (q, h)."""
    made = kernels(len(y), horizon, season)
    count = len(bank(season))
    squares = ((y @ made.residual).reshape(count, -1) ** 2).sum(axis=1)
    return squares, made.log_det, (y @ made.forecast).reshape(count, horizon), made.variance


def in_differences(structure: Structure, y: np.ndarray, season: int, horizon: int = HORIZON):
    """The same from first differences, free of the level: with D their matrix |DKD'| = |K|·1'K⁻¹1."""
    periods = len(y) + horizon
    differ = np.diff(np.eye(periods), axis=0)
    past = differ[: len(y) - 1]
    ahead = np.eye(periods)[len(y) :] - np.eye(periods)[len(y) - 1]
    whole = covariance(structure, periods, season)
    inner, between = past @ whole @ past.T, ahead @ whole @ past.T
    steps = np.diff(y)
    gain = np.linalg.solve(inner, between.T).T if len(steps) else between
    return (
        steps @ np.linalg.solve(inner, steps) if len(steps) else 0.0,
        np.linalg.slogdet(inner)[1] if len(steps) else 0.0,
        y[-1] + gain @ steps,
        np.diag(ahead @ whole @ ahead.T - gain @ between.T),
    )


@pytest.mark.parametrize(("season", "length"), [(1, 1), (1, 2), (1, 7), (4, 1), (4, 7), (12, 5)])
def test_all_structures_against_the_model_in_differences(season, length):
    y = Y[:length]
    made = said(y, season)
    for at, structure in enumerate(bank(season)):
        reference = in_differences(structure, y, season)
        for mine, theirs in zip(made, reference, strict=True):
            np.testing.assert_allclose(mine[at], theirs, err_msg=str(structure), **CLOSE)


@pytest.mark.parametrize("noise", [1.0, 6.0])
def test_the_local_level_is_that_of_statsmodels(noise):
    at = ANNUAL.index(Structure(noise=noise))
    squares, log_det, forecast, variance = said(Y)
    filtered = UnobservedComponents(Y, "local level", use_exact_diffuse=True).filter([noise, 1.0])
    ahead = filtered.get_forecast(HORIZON)
    np.testing.assert_allclose(forecast[at], ahead.predicted_mean, rtol=1e-6)
    np.testing.assert_allclose(variance[at], ahead.var_pred_mean, rtol=1e-6)
    # Log likelihoods differ by a constant that does not depend on the variances; noise 2 is its measure.
    other = UnobservedComponents(Y, "local level", use_exact_diffuse=True).filter([2.0, 1.0]).llf
    reference = in_differences(Structure(noise=2.0), Y, 1)
    mine = -0.5 * (log_det[at] + squares[at]) + 0.5 * (reference[0] + reference[1])
    assert mine == pytest.approx(filtered.llf - other, abs=1e-6)


@pytest.mark.parametrize("at", [at for at, each in enumerate(ANNUAL) if each.slope > 0 and each.level == 1])
def test_damped_and_linear_trends_are_those_of_a_kalman_filter(at):
    structure = ANNUAL[at]
    move = np.array([[1, 1], [0, structure.damping]])
    shock = np.diag([structure.level, structure.slope])
    # A level of variance 1e7 knows nothing: its prior moves results by about 1e-7.
    mean, spread = np.zeros(2), np.diag([1e7, structure.first_slope])
    for value in Y:
        gain = spread[:, 0] / (spread[0, 0] + structure.noise)
        mean, spread = mean + gain * (value - mean[0]), spread - np.outer(gain, spread[0])
        mean, spread = move @ mean, move @ spread @ move.T + shock
    forecast, variance = [], []
    for _ in range(HORIZON):
        forecast.append(mean[0])
        variance.append(spread[0, 0] + structure.noise)
        mean, spread = move @ mean, move @ spread @ move.T + shock
    np.testing.assert_allclose(said(Y)[2][at], forecast, rtol=1e-5)
    np.testing.assert_allclose(said(Y)[3][at], variance, rtol=1e-5)


def test_the_drift_by_hand():
    # Steps 1 and 2, variance 1 each around a drift ~ N(0, 1): drift 3/(2 + 1) = 1; 4 goes on to 5, 6, 7.
    # Variance h²/(2 + 1) + h; of the steps I + 11': |I + 11'| = 3, squares 5 − 3²/3 = 2.
    at = ANNUAL.index(Structure(first_slope=1))
    squares, log_det, forecast, variance = said(np.array([1.0, 2, 4]))
    assert squares[at] == pytest.approx(2)
    assert log_det[at] == pytest.approx(np.log(3))
    assert forecast[at] == pytest.approx([5, 6, 7])
    assert variance[at] == pytest.approx([4 / 3, 10 / 3, 6])


def test_expected_growth_by_hand():
    # With 0.5 expected beforehand the drift is (3 + 0.5)/(2 + 1), half a step as likely as a whole one.
    at = ANNUAL.index(Structure(first_slope=1))
    made = kernels(3, HORIZON, 1)
    forecast = said(np.array([1.0, 2, 4]))[2][at] + 0.5 * made.growth_forecast[at]
    assert forecast == pytest.approx([4 + ahead * 3.5 / 3 for ahead in (1, 2, 3)])
    # A random walk has no slope: it grows only where growth lasts, and then by all of it.
    walk = ANNUAL.index(Structure())
    assert made.growth_forecast[walk] == pytest.approx([0, 0, 0])
    assert made.lasting_forecast[walk] == pytest.approx([1, 2, 3])


def test_a_course_of_the_expected_growth_has_no_residuals_and_goes_on():
    made = kernels(7, HORIZON, 1)
    for at, structure in enumerate(ANNUAL):
        damped, lasting = growth_path(structure, 10), np.arange(10.0)
        for path, residual, ahead in (
            (damped, made.growth_residual, made.growth_forecast),
            (lasting, made.lasting_residual, made.lasting_forecast),
        ):
            y = 5 + path
            own = (y[:7] @ made.residual).reshape(len(ANNUAL), 7)[at] - residual[at]
            np.testing.assert_allclose(own, 0, atol=1e-3)  # cancels terms of 1e4, see the jitter
            np.testing.assert_allclose(said(y[:7])[2][at] + ahead[at], y[7:], rtol=1e-6)


@pytest.mark.parametrize("season", [1, 4])
def test_a_level_more_or_less_changes_nothing_else(season):
    squares, _, forecast, _ = said(Y, season)
    higher = said(Y + 100, season)
    # Residuals of 100·1 are 0 up to the inverse of a Cholesky factor with 1e-4 in it (1e4 · 100 · 1e-16).
    np.testing.assert_allclose(higher[0], squares, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(higher[2], forecast + 100, rtol=1e-6)


def test_a_short_seasonal_series_repeats_its_pattern():
    # Two years of the same pattern, hardly any innovation beside it: a third year alike.
    at = bank(4).index(Structure(pattern=30))
    made = said(np.array([0.0, 8, -8, 4] * 2), 4, 4)[2][at]
    assert made == pytest.approx([0, 8, -8, 4], abs=0.8)
