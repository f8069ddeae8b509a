"""What a panel teaches about itself, from what was known at the time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from louyu_lab.analysis.tax.forecasting import forecast_panel, simulate_panel, teaching
from louyu_lab.analysis.tax.forecasting.calibrating import NODES
from louyu_lab.analysis.tax.forecasting.dependence import USUAL_SHARE
from louyu_lab.analysis.tax.forecasting.growth import group_growth
from louyu_lab.analysis.tax.forecasting.predicting import predict
from louyu_lab.analysis.tax.forecasting.series import ready
from louyu_lab.analysis.tax.forecasting.teaching import _teachers, joined, past_forecasts, teach
from louyu_lab.analysis.tax.forecasting.weights import prior, softmax


def walks(series: int, periods: int, sd: float = 0.1, common: float = 0.0, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = rng.normal(0.03, sd, (series, periods)) + rng.normal(0, 1, periods) * common
    return 100 * np.exp(np.cumsum(steps, axis=1))


def taught(y: np.ndarray, horizon: int = 3, season: int = 1):
    return teach(y, np.full(len(y), y.shape[1] - 1), np.zeros(len(y), dtype="int64"), horizon, season)


def past(y: np.ndarray, back: int, horizon: int = 3, least: int = 4):
    return past_forecasts(y, np.zeros(len(y), dtype="int64"), back, horizon, 1, prior(1), least)


def test_few_series_teach_their_growth_only():
    y = walks(19, 12)
    lesson = taught(y)
    np.testing.assert_array_equal(lesson.growth, group_growth(ready(y), np.zeros(19, dtype="int64")))
    assert lesson.prior is prior(1)
    assert lesson.calibration.shared == USUAL_SHARE
    assert lesson.calibration.quantile[0] == pytest.approx(0.95 * t.ppf(NODES, 3.5))


def test_short_series_teach_no_more():
    # Four values have to lie behind an origin: with four there is none.
    assert taught(walks(60, 4)).prior is prior(1)
    assert taught(walks(60, 5)).prior is not prior(1)


def test_past_forecasts_know_nothing_of_what_came():
    y = walks(25, 10)
    changed = y.copy()
    changed[:, -2:] *= 1e6
    before, after = past(y, 2), past(changed, 2)
    for mine, theirs in zip(before, after, strict=True):
        np.testing.assert_array_equal(mine.made.forecast, theirs.made.forecast)
        np.testing.assert_array_equal(mine.trials.base, theirs.trials.base)
        np.testing.assert_array_equal(mine.trials.unit, theirs.trials.unit)
    (known,) = before
    np.testing.assert_array_equal(known.series.y, y[:, :-2])
    # What came is in the unit of the forecasts, the last value then; the third period is not seen yet.
    np.testing.assert_allclose(known.trials.actual[:, :2], y[:, -2:] / y[:, [-3]])
    assert np.isnan(known.trials.actual[:, 2]).all()


def test_farther_back_than_asked_the_first_periods_count():
    y = walks(25, 10)
    (known,) = past(y, 5)
    np.testing.assert_allclose(known.trials.actual, y[:, 5:8] / y[:, [4]])


def test_who_forecasts_the_past():
    y = walks(44, 10)
    y[:20, :5] = np.nan  # 3 values behind the origin, 4 needed
    y[20, -2:] = np.nan  # nothing came
    y[21, 6] = np.nan  # a gap does not matter
    parts = past(y, 2)
    assert np.concatenate([part.row for part in parts]).tolist() == list(range(21, 44))
    assert past(y[:40], 2) == []  # 19 are too few
    assert past(y, 10) == []


def test_the_unit_of_errors_by_hand():
    # Steps 1, 3, 2: mean 2, in units of the last value 8; ¼ ÷ (2/8) + 2 ÷ 1.
    y = np.tile([4.0, 5, 8 - 2, 8, 9], (20, 1))
    y[:, 2] = 10  # 4, 5, 10, 8: steps 1, 5, 2
    (known,) = past(y, 1)
    assert known.trials.unit == pytest.approx([0.25 / (8 / 3 / 8) + 2] * 20)
    # A constant: steps count as a hundredth.
    (known,) = past(np.full((20, 6), 5.0), 1)
    assert known.trials.unit == pytest.approx([0.25 / 0.01 + 2] * 20)


def test_the_panel_moves_weights_to_what_would_have_erred_less():
    # Noise around a level that stays: structures that look further back beat those that follow the last value.
    y = 100 * np.exp(np.random.default_rng(6).normal(0, 0.2, (200, 12)))
    lesson = taught(y)
    assert lesson.prior is not prior(1)
    trials = joined([part.trials for part in past(y, 3)])
    loss = []
    for each in (prior(1), lesson.prior):
        weight = softmax(trials.base - prior(1).weight + each.weight)
        error = (weight[:, None, :] @ trials.forecast)[:, 0] - trials.actual
        loss.append(np.abs(error * trials.unit[:, None]).mean())
    assert loss[1] < 0.97 * loss[0]
    np.testing.assert_array_equal(lesson.prior.tilt, prior(1).tilt)


@pytest.mark.parametrize("horizon", [1, 3, 6])
def test_common_shocks_are_seen(horizon):
    # One year ahead as well the last four years are looked at: one date would tell little of what is shared.
    alone, shared = taught(walks(150, 14), horizon), taught(walks(150, 14, 0.05, 0.15), horizon)
    assert shared.calibration.shared > 0.3
    assert alone.calibration.shared < 0.15


def test_wilder_than_their_spread_widens_the_calibration():
    # Calm for eleven years, wild in the last, one of four that were forecast. An eighth of all errors is then far
    # above what was thought possible, so the 90 % quantile is believed up to twice the public one; of a hundred
    # series ten lie beyond it: 3/13 + 2·10/13 of the public. What all have in common is put back.
    rng = np.random.default_rng(3)
    steps = np.concatenate([rng.normal(0, 0.02, (100, 11)), rng.normal(0, 2, (100, 1))], axis=1)
    wild = taught(100 * np.exp(np.cumsum(steps, axis=1)), 1).calibration
    public = 0.95 * t.ppf(0.9, 3.5) * np.sqrt((1 - USUAL_SHARE) / (1 - wild.shared))
    assert wild.at(0.9)[0] == pytest.approx(23 / 13 * public)
    calm = taught(walks(100, 12), 1).calibration
    assert calm.at(0.9)[0] < 1.2 * 0.95 * t.ppf(0.9, 3.5)


def moved(lesson) -> float:
    """The part of the weights that changed places."""
    weights = [np.exp(each.weight) / np.exp(each.weight).sum() for each in (prior(1), lesson.prior)]
    return float(np.abs(weights[1] - weights[0]).sum() / 2)


def test_errors_that_all_share_hardly_move_the_weights():
    # 200 series wrong together in four years are four errors, not 800: beside the 50 of public series nothing.
    # Without a common part (sd 0.2 of one's own instead) the same panel moves them.
    rng = np.random.default_rng(6)
    common = rng.normal(0, 0.2, (1, 12))
    assert moved(taught(100 * np.exp(common + rng.normal(0, 0.05, (200, 12))))) < 0.03
    assert moved(taught(100 * np.exp(rng.normal(0, 0.2, (200, 12))))) > 0.1


def test_the_lean_by_hand():
    # Fifty series alike but for their size err alike: all of the latest error is common, and a fifth goes on.
    steps = np.random.default_rng(2).normal(0.03, 0.1, 12)
    steps[-1] = -0.2
    path = 100 * np.exp(np.cumsum(steps))
    y = np.outer(np.geomspace(1, 50, 50), path)
    lesson = taught(y, 1)
    (part,) = ready(y[:, :-1])
    growth = group_growth([part], np.zeros(50, dtype="int64"))
    made = predict(part, growth, 1, 1, lesson.prior)
    error = (2 * np.sqrt(y[:, -1:] / part.size[:, None]) - made.centre) / made.spread
    assert lesson.lean == pytest.approx(0.2 * error.mean())
    assert lesson.lean < -0.1


@pytest.mark.parametrize("horizon", [1, 3])
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_common_error_goes_on(sign, horizon):
    # The last two years all grew by 15 % more, or less, than ever before.
    steps = np.random.default_rng(5).normal(0.03, 0.05, (60, 12))
    steps[:, -2:] += sign * 0.15
    lean = taught(100 * np.exp(np.cumsum(steps, axis=1)), horizon).lean
    assert 0.1 < sign * lean < 0.2 * 4


@pytest.mark.parametrize("seed", range(4))
def test_independent_errors_leave_no_lean(seed):
    # The mean of 150 independent errors has a deviation of about 1.2/√150 = 0.1 spreads: a fifth of three of it.
    assert abs(taught(walks(150, 12, seed=seed), 1).lean) < 0.2 * 0.3


def test_the_lean_reaches_points_bounds_and_draws(monkeypatch):
    steps = np.random.default_rng(5).normal(0.03, 0.05, (60, 12))
    steps[:, -2:] -= 0.15
    y = 100 * np.exp(np.cumsum(steps, axis=1))
    ids = np.repeat([f"b{at:02d}" for at in range(60)], 12)
    panel = pd.DataFrame({"unique_id": ids, "ds": np.tile(np.arange(12), 60), "y": y.ravel()})
    leaning, drawn = forecast_panel(panel, 2), simulate_panel(panel, 2, draws=50).paths
    monkeypatch.setattr(teaching, "_GOES_ON", 0.0)
    numbers = ["mean", "median", "lo-80", "hi-80"]
    assert (leaning[numbers] < forecast_panel(panel, 2)[numbers]).all(axis=None)
    assert (drawn < simulate_panel(panel, 2, draws=50).paths).all()


def test_at_most_300_teach_of_every_size():
    # Sizes 1 … 1000 in any order: the smallest, the largest, and no gap wider than four.
    size = np.random.default_rng(4).permutation(1000) + 1.0
    y = size[:, None] * [[0.5, np.nan, 1.0]]
    taught_by = np.sort(size[_teachers(y)])
    assert len(taught_by) == 300
    assert (taught_by[0], taught_by[-1]) == (1, 1000)
    assert np.diff(taught_by).max() <= 4
    assert _teachers(y[:7]).tolist() == list(range(7))
