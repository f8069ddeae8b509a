"""Weights learned from past forecasts: the gradient, the direction, the restraint."""

from __future__ import annotations

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting.learning import Trials, _Loss, error_unit, learned
from louyu_lab.analysis.tax.forecasting.weights import Prior, softmax


def drawn(series: int = 40, candidates: int = 5, horizon: int = 3) -> tuple[Trials, Prior]:
    """Candidates that err alike, the third not at all; some values not seen."""
    rng = np.random.default_rng(3)
    actual = rng.normal(1, 0.3, (series, horizon))
    forecast = actual[:, None, :] + rng.normal(0, 0.4, (series, candidates, horizon))
    forecast[:, 2] = actual
    actual[rng.random(actual.shape) < 0.3] = np.nan
    weight = rng.normal(size=candidates)
    base = weight + rng.normal(0, 0.5, (series, candidates))
    trials = Trials(base, forecast, actual, rng.uniform(0.5, 2, series), rng.normal(size=(series, 2)))
    return trials, Prior(weight, np.zeros((2, candidates)))


@pytest.mark.parametrize("tilt_strength", [None, 30.0])
def test_the_gradient_is_that_of_finite_differences(tilt_strength):
    trials, start = drawn()
    loss = _Loss(trials, start.weight, 10.0, tilt_strength)
    at = np.random.default_rng(1).normal(0, 0.5, loss.size)
    assert loss.size == (5 if tilt_strength is None else 15)
    # Central differences of 1e-6 leave about 1e-9.
    numeric = [(loss(at + step)[0] - loss(at - step)[0]) / 2e-6 for step in 1e-6 * np.eye(loss.size)]
    np.testing.assert_allclose(loss(at)[1], numeric, atol=1e-8)


def test_the_loss_by_hand():
    # One series, two candidates with weights ½: forecast 2 beside 1.5 in units of 4: error 2; unseen counts nothing.
    trials = Trials(
        np.zeros((1, 2)),
        np.array([[[1.0, 9.0], [3.0, 9.0]]]),
        np.array([[1.5, np.nan]]),
        np.array([4.0]),
        np.zeros((1, 2)),
    )
    value, gradient = _Loss(trials, np.zeros(2), 0.0, None)(np.zeros(2))
    assert value == pytest.approx(np.sqrt(2**2 + 0.05**2))
    # More of the second by dw moves weights by ¼ and the forecast by ½: 4·½ in error, times its slope.
    assert gradient == pytest.approx(np.array([-2, 2]) * 2 / np.sqrt(4.0025))


def test_restraint_by_hand():
    # No error at all: what is left is KL(¾, ¼ ‖ ½, ½), 7 series' worth on one.
    trials = Trials(np.zeros((1, 2)), np.zeros((1, 2, 1)), np.zeros((1, 1)), np.ones(1), np.zeros((1, 2)))
    value, _ = _Loss(trials, np.zeros(2), 7.0, None)(np.array([np.log(3), 0]))
    expected = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    assert value == pytest.approx(0.05 + 7 * expected)


def test_the_better_candidate_gains():
    trials, start = drawn()
    found = learned(trials, start, 1.0, None, 50)
    before, after = softmax(start.weight[None])[0], softmax(found.weight[None])[0]
    assert after[2] > 0.8 > before[2]
    np.testing.assert_array_equal(found.tilt, 0)


def test_a_great_strength_leaves_the_weights():
    trials, start = drawn()
    found = learned(trials, start, 1e7, None, 50)
    np.testing.assert_allclose(softmax(found.weight[None]), softmax(start.weight[None]), atol=1e-4)


def test_tilts_tell_kinds_of_series_apart():
    # The first candidate is right for series of trait −1, the second for +1.
    trait = np.tile([-1.0, 1.0], 50)
    forecast = np.tile([[[0.0], [1.0]]], (100, 1, 1))
    actual = (trait[:, None] > 0).astype("float64")
    trials = Trials(np.zeros((100, 2)), forecast, actual, np.ones(100), trait[:, None])
    found = learned(trials, Prior(np.zeros(2), np.zeros((1, 2))), 1.0, 1.0, 100)
    weights = softmax(found.weight + trait[:, None] @ found.tilt)
    assert (weights[trait < 0, 0] > 0.8).all() and (weights[trait > 0, 1] > 0.8).all()
    held = learned(trials, Prior(np.zeros(2), np.zeros((1, 2))), 1.0, 1e7, 100)
    assert np.abs(held.tilt).max() < 1e-3


def test_the_unit_of_errors():
    assert error_unit(np.array([0.5]), np.array([4.0])) == pytest.approx([0.25 / 0.5 + 2 / 4])
