"""Group-time effects: by hand, exact without noise, right on average with it, and never from the treated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from louyu_lab.analysis.vacancy.policy.effects import (
    CELL_CONTROLS,
    Effect,
    comparisons,
    effect_of,
)


def test_one_cohort_is_two_means_by_hand(event_of: Callable) -> None:
    # Treated fall by 2, 4 and 6 points, controls rise by 0, 1, 2, 3 and 4: −4 − 2 = −6 points.
    before = np.full((8, 1), 0.3)
    after = 0.3 + np.array([-0.02, -0.04, -0.06, 0.0, 0.01, 0.02, 0.03, 0.04])[:, None]
    effect = effect_of(comparisons(event_of(np.hstack([before, after]), [2014] * 3 + [np.inf] * 5)))
    assert effect.value == pytest.approx(-0.06)
    assert (effect.n_treated, effect.n_control) == (3, 5)
    # Leaving one out: Σ of squares is s²/(n − 1) a side, s² = 4e−4 of 3 and 2.5e−4 of 5; times 7/8.
    sides = np.array([4e-4 / 2, 2.5e-4 / 4])
    assert effect.se == pytest.approx(np.sqrt(7 / 8 * sides.sum()))
    # Welch's degrees of freedom from the same two sides.
    assert effect.df == pytest.approx(sides.sum() ** 2 / (sides[0] ** 2 / 2 + sides[1] ** 2 / 4))
    half = stats.t.ppf(0.95, effect.df) * effect.se
    assert (effect.lo, effect.hi) == pytest.approx((-0.06 - half, -0.06 + half))
    assert effect.detectable == pytest.approx(half + stats.t.ppf(0.80, effect.df) * effect.se)


@pytest.mark.parametrize(
    # 95 % and 80 % points of a printed t table: 2.353 + 0.978, 1.860 + 0.889, 1.697 + 0.854, and the normal's
    # 1.645 + 0.842.
    ("df", "errors"),
    [(3, 3.331), (8, 2.749), (30, 2.551), (1e6, 2.487)],
)
def test_what_is_detectable_is_seen_four_times_in_five(df: float, errors: float) -> None:
    effect = Effect(0.0, 0.02, df, 0.0, 0.0, 1.0, 9, 9, np.zeros(1))
    # Table values of three decimals: two halves of a thousandth, and one for the sum.
    assert effect.detectable / effect.se == pytest.approx(errors, abs=1.5e-3)
    # Power of the t test against it; the sum of two t points is an approximation that misses by 0.7 points.
    power = stats.nct.sf(stats.t.ppf(0.95, df), df, effect.detectable / effect.se)
    assert power == pytest.approx(0.80, abs=0.01)


def test_growing_effects_of_two_cohorts_are_exact_without_noise(staggered: Callable) -> None:
    panel, true = staggered(np.random.default_rng(1), noise=0.0)
    made = comparisons(panel)
    assert {lag: effect_of(made, [lag]).value for lag in true} == pytest.approx(true)
    # Over all lags: 10 buildings of −2, −4 … −10 points and 10 of −5, −10, −15: their mean −60/8.
    assert effect_of(made).value == pytest.approx(-0.075)
    assert [effect_of(made, [lag]).value for lag in (-2, -3)] == pytest.approx([0.0, 0.0], abs=1e-12)


def test_an_error_of_rounding_size_is_none(event_of: Callable) -> None:
    effect = effect_of(comparisons(event_of(np.full((10, 2), 0.3), [2014] * 4 + [np.inf] * 6)))
    assert effect.value == 0
    assert np.isnan(effect.se)
    assert np.isnan(effect.p_value)
    assert np.isnan(effect.detectable)


def test_the_already_treated_are_never_controls(staggered: Callable) -> None:
    panel, _ = staggered(np.random.default_rng(2), noise=0.01)
    made = comparisons(panel)
    first = panel.first_year
    for lag, treated, control in zip(made.lag, made.treated, made.control, strict=True):
        cohort = first[treated][0]
        assert (first[treated] == cohort).all()
        assert (first[control] > max(cohort + lag, cohort - 1)).all()
    # The later cohort serves as control before its own start.
    assert np.isfinite(first[made.control.any(axis=0)]).any()


def test_holes_are_left_out_in_pairs(event_of: Callable) -> None:
    # The treated with the hole and the control with the hole would change both means.
    rate = np.array([[0.3, 0.2], [0.3, np.nan], *[[0.3, 0.3]] * 5, [np.nan, 0.9]])
    made = comparisons(event_of(rate, [2014, 2014, *[np.inf] * 6]))
    assert effect_of(made).value == pytest.approx(-0.1)
    assert (effect_of(made).n_treated, effect_of(made).n_control) == (1, 5)


def test_too_few_controls_make_no_comparison(event_of: Callable) -> None:
    few = CELL_CONTROLS - 1
    effect = effect_of(comparisons(event_of(np.full((3 + few, 2), 0.3), [2014] * 3 + [np.inf] * few)))
    assert (effect.n_treated, effect.n_control) == (0, 0)
    assert np.isnan(effect.value)
    assert len(comparisons(event_of(np.empty((0, 0)), [])).lag) == 0


@given(st.integers(0, 2**32 - 1), st.floats(-0.2, 0.2), st.floats(-0.1, 0.1))
def test_levels_and_common_years_do_not_matter(
    staggered: Callable, seed: int, level: float, year: float
) -> None:
    rng = np.random.default_rng(seed)
    panel, _ = staggered(rng, noise=0.05, each=6)
    moved = panel.rate + level * rng.random((len(panel.rate), 1)) + year * rng.random((1, 8))
    other = comparisons(type(panel)(panel.building_id, panel.years, moved, panel.first_year))
    one, two = effect_of(comparisons(panel)), effect_of(other)
    # Sums of a few hundred rates below 1: rounding stays far below 1e-9.
    assert (two.value, two.se) == pytest.approx((one.value, one.se), abs=1e-9)


def test_intervals_of_a_staggered_event_hold(staggered: Callable) -> None:
    rng = np.random.default_rng(3)
    held, errors = 0, []
    for _ in range(200):
        effect = effect_of(comparisons(staggered(rng, noise=0.05)[0]))
        held += effect.lo <= -0.075 <= effect.hi
        errors.append(effect.value + 0.075)
    # 90 % of 200 with three binomial standard errors (4.2 each); the mean error within three of its own.
    assert 167 <= held <= 193
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(200)


def test_the_planted_policy_is_found(planted_event: Callable) -> None:
    held, errors = 0, []
    for seed in range(8):
        panel, true = planted_event(seed)
        effect = effect_of(comparisons(panel))
        held += effect.lo <= true <= effect.hi
        errors.append(effect.value - true)
    # Eight intervals at 90 %: fewer than five hold once in 200 such eights. The spread of one error is 2.1
    # points, so their mean's is 0.75; 300 districts gave a bias of +0.3: three of them and that, 2.6 points.
    assert held >= 5
    assert abs(np.mean(errors)) < 0.026
