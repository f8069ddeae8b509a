"""Centre and spread of the weighed candidates."""

from __future__ import annotations

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting.candidates import Candidates
from louyu_lab.analysis.tax.forecasting.predicting import USUAL_STEP, predict, weighed
from louyu_lab.analysis.tax.forecasting.series import ready
from louyu_lab.analysis.tax.forecasting.weights import prior

NONE = np.zeros((1, 4))


def of(values: list[float], horizon: int = 3, season: int = 1):
    (part,) = ready(np.array([values], dtype="float64"))
    return predict(part, NONE, horizon, season, prior(season))


def two(forecast: list[float], squares: list[float]) -> Candidates:
    """Two structures, one step ahead; on every block they forecast the same two values (÷ size)."""
    return Candidates(
        np.zeros((1, 8)),
        np.tile(forecast, 4)[None, :, None],
        np.array([squares]),
        2 * np.sqrt([forecast])[:, :, None],
        np.array([[1.0], [2.0]]),
    )


def test_centre_and_spread_by_hand():
    # Weights ¾ and ¼ of forecasts 1 and 4: 1.75 in level, 2√1.75 on roots. On roots they say 2 and 4.
    made = weighed(two([1.0, 4.0], [0.08, 0.02]), np.tile(np.log([3.0, 1.0]), 4)[None], length=5)
    assert made.centre == pytest.approx(np.array([[2 * np.sqrt(1.75)]]))
    # Variances from 4 residuals, 0.02 and 0.005, drawn in logarithm by 1.5 towards 0.12² and 0.12²/2; × 1 and 2.
    first = (0.02**4 * 0.0144**1.5) ** (1 / 5.5)
    second = (0.005**4 * 0.0072**1.5) ** (1 / 5.5)
    between = 0.75 * 0.5**2 + 0.25 * 1.5**2
    assert made.spread**2 == pytest.approx(np.array([[0.75 * first + 0.25 * 2 * second + between]]))


def test_hardly_any_residual_is_not_believed():
    # No less than (0.12/20)² a step: drawn by 1.5 of 5.5 towards 0.12².
    made = weighed(two([1.0, 1.0], [0.0, 0.0]), np.zeros((1, 8)), length=5)
    expected = 0.12**2 * 0.0025 ** (4 / 5.5)
    assert made.spread**2 == pytest.approx(np.array([[expected]]))


def test_one_value_has_the_usual_spread():
    # Nothing is known but the usual step, and all structures go on from the value.
    made = of([7.0])
    assert made.centre[0] == pytest.approx([2, 2, 2])
    assert made.spread[0, 0] == pytest.approx(USUAL_STEP)
    assert (np.diff(made.spread[0]) > 0).all()


@pytest.mark.parametrize("season", [1, 4])
def test_rougher_series_spread_more(season):
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, 16)
    spread = [of(list(100 * np.exp(sd * noise)), season=season).spread[0, 0] for sd in (0.01, 0.05, 0.3)]
    assert 2 * spread[0] < spread[1] and 2 * spread[1] < spread[2]


def test_series_of_one_length_do_not_disturb_each_other():
    values = np.array([[1.0, 2, 3, 4], [5, 4, 9, 1], [7, 7, 7, 7]])
    (part,) = ready(values)
    whole = predict(part, np.zeros((3, 4)), 2, 1, prior(1))
    for row in range(3):
        alone = of(values[row].tolist(), 2)
        np.testing.assert_allclose(whole.centre[row], alone.centre[0], rtol=1e-10)
        np.testing.assert_allclose(whole.spread[row], alone.spread[0], rtol=1e-10)


def test_a_lean_moves_every_centre_by_so_many_spreads():
    (part,) = ready(np.array([[3.0, 5, 4, 6]]))
    plain = predict(part, NONE, 3, 1, prior(1))
    leaning = predict(part, NONE, 3, 1, prior(1), -0.5)
    assert leaning.centre == pytest.approx(plain.centre - 0.5 * plain.spread)
    assert leaning.spread == pytest.approx(plain.spread)
