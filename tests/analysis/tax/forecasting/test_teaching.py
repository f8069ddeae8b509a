"""What a panel teaches about itself, from what was known at the time."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from louyu_lab.analysis.tax.forecasting.calibrating import NODES
from louyu_lab.analysis.tax.forecasting.dependence import USUAL_SHARE
from louyu_lab.analysis.tax.forecasting.growth import group_growth
from louyu_lab.analysis.tax.forecasting.series import ready
from louyu_lab.analysis.tax.forecasting.teaching import joined, past_forecasts, teach
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
    # Calm for eight years, wild since: what looked certain was not.
    rng = np.random.default_rng(3)
    steps = np.concatenate([rng.normal(0, 0.02, (100, 8)), rng.normal(0, 0.3, (100, 4))], axis=1)
    wild = taught(100 * np.exp(np.cumsum(steps, axis=1)))
    assert wild.calibration.at(0.9)[0] > 1.5 * taught(walks(100, 12)).calibration.at(0.9)[0]
