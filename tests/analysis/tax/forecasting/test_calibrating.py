"""From spreads to probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from louyu_lab.analysis.tax.forecasting.calibrating import NODES, Calibration, calibrate
from louyu_lab.analysis.tax.forecasting.dependence import UNSEEN, USUAL_SHARE, Dependence


def together(series: int, rows: int, shared: float = USUAL_SHARE) -> Dependence:
    return Dependence(shared, 1.0, np.zeros(rows), series)


def test_without_errors_the_public_ones_stand():
    # Student's t with 3.5 degrees of freedom, × 0.95 for annual and × 0.77 for seasonal data.
    for season, factor in ((1, 0.95), (4, 0.77)):
        made = calibrate(np.empty((0, 3)), UNSEEN, 3, season)
        assert made.quantile == pytest.approx(np.tile(factor * t.ppf(NODES, 3.5), (3, 1)))
    unseen = calibrate(np.full((5, 3), np.nan), together(0, 5), 3, 1)
    assert unseen.at(0.9) == pytest.approx([0.95 * t.ppf(0.9, 3.5)] * 3)


def test_what_is_shared_beyond_the_usual_widens():
    # The part of one's own is as public series have it; the whole is larger by 0.9/(1 − 0.4).
    made = calibrate(np.empty((0, 1)), Dependence(0.4, 1.0, np.empty(0), 0), 1, 1)
    assert made.at(0.9) == pytest.approx([0.95 * t.ppf(0.9, 3.5) * np.sqrt(0.9 / 0.6)])
    assert made.shared == 0.4


@pytest.mark.parametrize(("series", "own"), [(30, 1 / 2), (90, 3 / 4), (10**6, 1.0)])
def test_the_more_series_the_more_their_own_errors_count(series, own):
    # Errors 0 … 100 less their middle: quantiles −50 … 50; the common part is put back, ÷ √0.9 (as the usual share).
    errors = np.linspace(0, 100, 2001)[:, None]
    made = calibrate(errors, together(series, 2001), 1, 1)
    expected = (1 - own) * 0.95 * t.ppf(0.9, 3.5) + own * 40 / np.sqrt(0.9)
    # 30 beside a million: 3e-5.
    assert made.at(0.9) == pytest.approx([expected], rel=1e-4)
    assert made.at(0.5) == pytest.approx([0], abs=1e-9)


def test_the_common_part_is_taken_out_before_and_put_back_as_a_share():
    errors = np.linspace(-50, 50, 2001)[:, None]
    plain = calibrate(errors, together(10**6, 2001), 1, 1)
    common = np.where(np.arange(2001) % 2, 1000.0, -800.0)
    moved = calibrate(errors + common[:, None], Dependence(0.5, 1.0, common, 10**6), 1, 1)
    assert moved.quantile == pytest.approx(plain.quantile * np.sqrt(0.9 / 0.5), rel=1e-9)


def test_a_step_of_its_own_size():
    # The second step errs three times as much; in the square root of it after 30 series.
    errors = np.linspace(-1, 1, 1001)[:, None] * [1, 3]
    made = calibrate(errors, together(30, 1001), 2, 1)
    assert made.quantile[1] == pytest.approx(np.sqrt(3) * made.quantile[0])


@pytest.mark.parametrize("nothing", [0.0, 1e-16])
def test_a_step_at_which_hardly_any_erred_keeps_some_width(nothing):
    # Half of all errors are next to nothing, so the middle one is: a step's size is held within a factor of 5.
    errors = np.column_stack([nothing * np.linspace(-1, 1, 99), np.linspace(-1, 1, 99)])
    made = calibrate(errors, together(10**6, 99), 2, 1)
    assert 1 / 26 < made.at(0.9)[0] / made.at(0.9)[1] < 26
    assert 0.1 < made.at(0.9)[1] < 10
    # No error at all anywhere: what is left is the public part, 30 series beside 99.
    none = calibrate(np.zeros((99, 2)), together(99, 99), 2, 1)
    assert none.at(0.9) == pytest.approx([30 / 129 * 0.95 * t.ppf(0.9, 3.5)] * 2)


def test_planted_errors_are_covered():
    # 4000 errors of t with 5 degrees of freedom, twice as large as spreads say; 4000 others held against them.
    rng = np.random.default_rng(2)
    errors, later = 2 * rng.standard_t(5, (2, 4000, 2))
    # The errors have no common part, so the usual share would widen: shared 0 is right here.
    made = calibrate(errors, together(4000, 4000, 0.0), 2, 1)
    for level in (0.5, 0.8, 0.95):
        lo, hi = made.at((1 - level) / 2), made.at((1 + level) / 2)
        # Standard error of a share over 8000, twice (both halves): at most 1.1 %.
        assert ((lo < later) & (later < hi)).mean() == pytest.approx(level, abs=0.03)


def test_between_nodes_and_beyond_it_is_straight_in_normal_scores():
    made = Calibration(np.tile(3 * norm.ppf(NODES), (2, 1)) * [[1], [2]], 0.1)
    probability = np.array([1e-6, 0.003, 0.33, 0.5, 0.96, 0.9999])
    assert made.at(probability) == pytest.approx(np.outer([3, 6], norm.ppf(probability)))
    # Beyond the last node the last slope: nodes at z = 2.24 and 2.58, quantiles 5 and 8 there.
    z = norm.ppf(NODES)
    bent = Calibration(np.r_[np.zeros(len(NODES) - 2), 5, 8][None], 0.1)
    assert bent.at_scores(np.array(4.0))[0] == pytest.approx(8 + (4 - z[-1]) * 3 / (z[-1] - z[-2]))
    assert bent.at_scores(np.array(-9.0))[0] == pytest.approx(0)


def test_scores_of_steps_are_read_at_their_own_step():
    made = Calibration(norm.ppf(NODES) * [[1], [2]], 0.1)
    score = np.array([[[0.5, 0.5], [-1, 3]]])
    assert made.of_scores(score) == pytest.approx(np.array([[[0.5, 1], [-1, 6]]]))


def test_quantiles_rise():
    rng = np.random.default_rng(9)
    made = calibrate(rng.standard_cauchy((25, 4)), together(25, 25), 4, 4)
    assert (np.diff(made.quantile, axis=1) > 0).all()
    assert (np.diff(made.at_scores(np.linspace(-6, 6, 200)), axis=1) > 0).all()
