"""The checks see what they should and are quiet where there is nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from louyu_lab.analysis.vacancy.policy.checks import permutation_p_value, placebo, pre_trend
from louyu_lab.analysis.vacancy.policy.effects import comparisons, effect_of

FIRST = [2017.0] * 12 + [np.inf] * 25


def noisy(rng: np.random.Generator, drift: float = 0.0, noise: float = 0.03) -> np.ndarray:
    rate = 0.3 + rng.normal(0, noise, (len(FIRST), 8))
    rate[:12] += drift * np.arange(8)
    return rate


def test_one_lag_alone_is_the_t_test(event_of: Callable) -> None:
    # With q = 1 Hotelling's F is t² on 1 and d: the p-values agree, jointly and for the drift.
    made = comparisons(event_of(noisy(np.random.default_rng(5))[:, 2:], [2015.0] * 12 + [np.inf] * 25))
    trend, alone = pre_trend(made, 5), effect_of(made, [-2])
    assert trend.lags == (-2,)
    assert (trend.p_value, trend.drift_p) == pytest.approx((alone.p_value, alone.p_value))


def test_a_drift_before_is_seen(event_of: Callable) -> None:
    panel = event_of(noisy(np.random.default_rng(6), drift=0.02), FIRST)
    # Lags −2 to −4 lie 2, 4 and 6 points off; an error is about 1.3 points.
    trend = pre_trend(comparisons(panel), 5)
    assert trend.lags == (-2, -3, -4)
    assert trend.p_value < 0.05
    assert trend.drift_p < 0.05
    # Two lags of a start two years early: 2 and 4 points, mean 3.
    exact = event_of(noisy(np.random.default_rng(6), drift=0.02, noise=0.0), FIRST)
    assert placebo(exact).value == pytest.approx(0.03)


def test_the_placebo_sees_nothing_of_the_true_effect(event_of: Callable) -> None:
    rate = noisy(np.random.default_rng(7), noise=0.01)
    fallen = rate.copy()
    fallen[:12, 4:] -= 0.2
    assert placebo(event_of(fallen, FIRST)).value == placebo(event_of(rate, FIRST)).value


def test_too_few_years_before(event_of: Callable) -> None:
    # Two year-ends before: no pretended start has a year-end before it.
    short = event_of(noisy(np.random.default_rng(8))[:, :4], [2015.0] * 12 + [np.inf] * 25)
    assert np.isnan(placebo(short).value)
    only_one = comparisons(event_of(noisy(np.random.default_rng(8))[:, :4], [2014.0] * 12 + [np.inf] * 25))
    assert pre_trend(only_one, 5).lags == ()
    assert np.isnan(pre_trend(only_one, 5).p_value)


def test_sizes_where_nothing_happens(event_of: Callable) -> None:
    rng = np.random.default_rng(9)
    joint, drift, pretended = [], [], []
    for _ in range(300):
        panel = event_of(noisy(rng), FIRST)
        trend = pre_trend(comparisons(panel), 5)
        joint.append(trend.p_value)
        drift.append(trend.drift_p)
        pretended.append(placebo(panel).p_value)
    for p_values in (joint, drift, pretended):
        rejected = int((np.array(p_values) < 0.10).sum())
        # Nominal 10 %: the jackknife errs to the careful side, so at most three binomial errors above.
        assert rejected <= stats.binom.ppf(0.9987, 300, 0.10)
        assert rejected >= 6


def test_chance_gives_p_values_that_are_even(event_of: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("louyu_lab.analysis.vacancy.policy.checks.PERMUTATIONS", 39)
    rng = np.random.default_rng(10)
    p_values = []
    for _ in range(60):
        panel = event_of(noisy(rng)[:, 2:], [2017.0] * 12 + [np.inf] * 25)
        p_values.append(permutation_p_value(panel, effect_of(comparisons(panel)), rng))
    # An exact test: P(p ≤ α) ≤ α. Of 60 at 20 % no more than 12 + 3 × 3.1.
    assert np.sum(np.array(p_values) <= 0.20) <= 21
    assert 0.3 < np.mean(p_values) < 0.7
    fallen = noisy(rng)[:, 2:]
    fallen[:12, 4:] -= 0.1
    # Three errors and more away: nothing dealt out by lot comes near, p is the least there is, 1/40.
    panel = event_of(fallen, FIRST)
    assert permutation_p_value(panel, effect_of(comparisons(panel)), rng) == pytest.approx(1 / 40)
