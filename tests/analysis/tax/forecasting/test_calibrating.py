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


@pytest.mark.parametrize(
    ("series", "probability", "own"),
    [
        # Three of thirty series lie beyond the 10 % quantile: 3 beside 3.
        (30, 0.9, 1 / 2),
        (30, 0.1, 1 / 2),
        # 7.5 and 0.15 of thirty beside 3; 10 and 0.5 of a hundred.
        (30, 0.75, 7.5 / 10.5),
        (30, 0.995, 0.15 / 3.15),
        (100, 0.9, 10 / 13),
        (100, 0.005, 0.5 / 3.5),
        (10**6, 0.9, 1.0),
    ],
)
def test_the_more_series_lie_beyond_a_quantile_the_more_their_own_counts(series, probability, own):
    # Errors −1 … 1: the quantile is 2p − 1; the common part is put back, ÷ √0.9 (as the usual share).
    errors = np.linspace(-1, 1, 2001)[:, None]
    made = calibrate(errors, together(series, 2001), 1, 1)
    expected = (1 - own) * 0.95 * t.ppf(probability, 3.5) + own * (2 * probability - 1) / np.sqrt(0.9)
    # 3 beside 100,000: 3e-5.
    assert made.at(probability) == pytest.approx([expected], rel=1e-4)
    assert made.at(0.5) == pytest.approx([0], abs=1e-9)


@pytest.mark.parametrize("season", [1, 4])
def test_no_more_than_twice_the_public_quantile_is_believed(season):
    # Errors −1000 … 1000 are beyond it at every node but the middle one: public × (1 − own + 2·own).
    errors = np.linspace(-1000, 1000, 2001)[:, None]
    made = calibrate(errors, together(30, 2001), 1, season)
    public = {1: 0.95, 4: 0.77}[season] * t.ppf(NODES, 3.5)
    beyond = 30 * np.minimum(NODES, 1 - NODES)
    assert made.quantile[0] == pytest.approx(public * (1 + beyond / (beyond + 3)))


def test_neighbours_that_changed_places_are_put_in_order():
    # A thousand series, 3 % of them wrong by 7·√0.9 on either side, the others hardly. Public quantiles are about
    # 3.6 at 0.9875 and 4.8 at 0.995, so 7 is within twice both; 12.5/15.5 of it counts at the former, 5/8 at
    # the latter: 6.3 and 6.2.
    wild = 7 * np.sqrt(0.9)
    errors = np.concatenate([np.full(30, -wild), np.linspace(-0.1, 0.1, 940), np.full(30, wild)])[:, None]
    made = calibrate(errors, together(1000, 1000), 1, 1).quantile[0]
    public = 0.95 * t.ppf(NODES[-2:], 3.5)
    inner, outer = public * (1 - np.array([12.5 / 15.5, 5 / 8])) + 7 * np.array([12.5 / 15.5, 5 / 8])
    assert inner > outer
    assert made[-2:] == pytest.approx([outer, inner])
    assert made[:2] == pytest.approx([-inner, -outer])


def test_the_common_part_is_taken_out_before_and_put_back_as_a_share():
    errors = np.linspace(-1, 1, 2001)[:, None]
    plain = calibrate(errors, together(10**6, 2001), 1, 1)
    common = np.where(np.arange(2001) % 2, 100.0, -80.0)
    moved = calibrate(errors + common[:, None], Dependence(0.5, 1.0, common, 10**6), 1, 1)
    assert moved.quantile == pytest.approx(plain.quantile * np.sqrt(0.9 / 0.5), rel=1e-9)


def test_a_step_of_its_own_size():
    # The second step errs three times as much. Thirty series have 15 beyond the middle: 15/18 of it counts.
    errors = np.linspace(-1, 1, 1001)[:, None] * [1, 3]
    made = calibrate(errors, together(30, 1001), 2, 1)
    assert made.quantile[1] == pytest.approx(3 ** (15 / 18) * made.quantile[0])


@pytest.mark.parametrize("nothing", [0.0, 1e-16])
def test_a_step_at_which_hardly_any_erred_keeps_some_width(nothing):
    # Half of all errors are next to nothing, so the middle one is: a step's size is held within a factor of 5.
    errors = np.column_stack([nothing * np.linspace(-1, 1, 99), np.linspace(-1, 1, 99)])
    made = calibrate(errors, together(10**6, 99), 2, 1)
    assert 1 / 26 < made.at(0.9)[0] / made.at(0.9)[1] < 26
    assert 0.1 < made.at(0.9)[1] < 10
    # No error at all anywhere: what is left is the public part, 3 series beside the 9.9 beyond the quantile.
    none = calibrate(np.zeros((99, 2)), together(99, 99), 2, 1)
    assert none.at(0.9) == pytest.approx([3 / 12.9 * 0.95 * t.ppf(0.9, 3.5)] * 2)


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


def test_between_nodes_it_is_straight_in_normal_scores_and_beyond_them_flat():
    made = Calibration(np.tile(3 * norm.ppf(NODES), (2, 1)) * [[1], [2]], 0.1)
    probability = np.array([1e-6, 0.003, 0.33, 0.5, 0.96, 0.9999])
    # The outermost nodes are 0.005 and 0.995.
    within = norm.ppf([0.005, 0.005, 0.33, 0.5, 0.96, 0.995])
    assert made.at(probability) == pytest.approx(np.outer([3, 6], within))
    # Half-way between the last two nodes in scores, half-way between their quantiles 5 and 8.
    z = norm.ppf([0.9875, 0.995]).mean()
    bent = Calibration(np.r_[np.zeros(len(NODES) - 2), 5, 8][None], 0.1)
    assert bent.at_scores(np.array([-9.0, z, 4.0]))[0] == pytest.approx([0, 6.5, 8])


def test_scores_of_steps_are_read_at_their_own_step():
    made = Calibration(norm.ppf(NODES) * [[1], [2]], 0.1)
    score = np.array([[[0.5, 0.5], [-1, 2.5]]])
    assert made.of_scores(score) == pytest.approx(np.array([[[0.5, 1], [-1, 5]]]))


def test_quantiles_rise():
    rng = np.random.default_rng(9)
    made = calibrate(rng.standard_cauchy((25, 4)), together(25, 25), 4, 4)
    assert (np.diff(made.quantile, axis=1) > 0).all()
    # The outermost nodes are at scores of ±2.576; beyond them nothing rises any more.
    assert (np.diff(made.at_scores(np.linspace(-2.57, 2.57, 200)), axis=1) > 0).all()
    assert (made.at_scores(np.array([-6.0, 6.0])) == made.quantile[:, [0, -1]]).all()


def test_a_series_behind_takes_the_quantiles_of_later_steps():
    made = Calibration(norm.ppf(NODES) * [[1], [2], [4]], 0.1).after(1)
    # The last step stands for what lies beyond it.
    assert made.quantile == pytest.approx(norm.ppf(NODES) * [[2], [4], [4]])
    assert made.shared == 0.1
