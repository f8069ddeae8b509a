"""What structures on different scales say of a series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.tax.forecasting.candidates import candidates
from louyu_lab.analysis.tax.forecasting.series import ready
from louyu_lab.analysis.tax.forecasting.structures import ANNUAL, Structure, bank
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS

ROOT, LASTING, LEVEL, LOG = range(4)
COUNT = len(ANNUAL)
WALK, DRIFT = ANNUAL.index(Structure()), ANNUAL.index(Structure(first_slope=1))


def made_of(values: list[float], growth: tuple[float, ...] = (0, 0, 0, 0), horizon: int = 2, season: int = 1):
    (part,) = ready(np.array([values], dtype="float64"))
    return candidates(part, np.array([growth]), horizon, season)


def test_the_blocks_are_in_this_order():
    assert [(block.power, block.is_lasting) for block in BLOCKS] == [
        (0.5, False),
        (0.5, True),
        (1, False),
        (0, False),
    ]
    assert sum(block.share for block in BLOCKS) == pytest.approx(1)


def test_one_value_goes_on_as_its_group_grows():
    # In units of the value; root 2√1 = 2 grows by 0.1 a year: (2.1/2)², (2.2/2)².
    made = made_of([7.0], (0.1, 0.1, 0.2, 0.3)).forecast[0]
    assert made[COUNT * ROOT + WALK] == pytest.approx([1, 1])
    assert made[COUNT * ROOT + DRIFT] == pytest.approx([1.05**2, 1.1**2])
    assert made[COUNT * LASTING + WALK] == pytest.approx([1.05**2, 1.1**2])
    assert made[COUNT * LEVEL + DRIFT] == pytest.approx([1.2, 1.4])
    assert made[COUNT * LOG + DRIFT] == pytest.approx(np.exp([0.3, 0.6]))


def test_drift_on_every_scale_by_hand():
    # 4, 9: in units of 9 a step of s; the drift is s/(1 + 1), see test_kernels.
    made = made_of([4, 9], horizon=1).forecast[0, :, 0]
    assert made[COUNT * ROOT + DRIFT] == pytest.approx((3 + 0.5) ** 2 / 9)
    assert made[COUNT * LEVEL + DRIFT] == pytest.approx((9 + 2.5) / 9)
    assert made[COUNT * LOG + DRIFT] == pytest.approx(np.sqrt(9 / 4))


def test_likelihood_by_hand():
    # One step s: variance 1 for the walk, 2 with a drift. Density |V|^−½ (s²/V + p)^(−2/2), p = 4e-6.
    made = made_of([4, 9]).likelihood[0]
    s2 = (5 / 9) ** 2
    expected = np.log(s2 + 4e-6) - 0.5 * np.log(2) - np.log(s2 / 2 + 4e-6)
    assert made[COUNT * LEVEL + DRIFT] - made[COUNT * LEVEL + WALK] == pytest.approx(expected, abs=1e-6)


def test_likelihoods_average_to_one_within_a_block():
    made = np.exp(made_of([4, 9, 5, 8, 7]).likelihood.reshape(4, COUNT))
    assert made.mean(axis=1) == pytest.approx(np.ones(4))


def test_only_the_logarithms_do_without_what_is_not_positive():
    made = made_of([4.0, 0, 9])
    blocks = made.likelihood.reshape(4, COUNT)
    assert np.isneginf(blocks[LOG]).all()
    assert np.isfinite(blocks[:LOG]).all()


def test_squares_and_forecasts_on_roots_are_those_of_growth_that_dies_out():
    # A walk: the squared step 2√1 − 2√(4/9) = 2/3; lasting growth of 0.5 beside it must not be in it.
    made = made_of([4, 9], (0, 0.5, 0, 0))
    assert made.root_squares[0, WALK] == pytest.approx(4 / 9)
    assert made.root_forecast[0, WALK] == pytest.approx([2, 2])
    assert made.root_variance[WALK] == pytest.approx([1, 2])


def test_expected_growth_is_no_surprise():
    # The step 2/3 beside an expected one of g, variance 2 (and 1e-8 for the inverse): (2/3 − g)²/2.
    for growth in (0.0, 0.5, 2 / 3):
        made = made_of([4, 9], (growth, 0, 0, 0))
        assert made.root_squares[0, DRIFT] == pytest.approx((2 / 3 - growth) ** 2 / 2, abs=1e-7)


@given(
    st.lists(st.sampled_from([0.0, -1.0, -1e9, 1.0, 5.0, 1e-9, 1e9]), min_size=1, max_size=12),
    st.sampled_from([1, 4]),
)
@settings(max_examples=60)
def test_nothing_is_ever_nan(values, season):
    parts = ready(np.array([values]))
    for part in parts:
        made = candidates(part, np.full((1, 4), 0.05), 3, season)
        assert made.forecast.shape == (1, 4 * len(bank(season)), 3)
        assert np.isfinite(made.forecast).all()
        assert not np.isnan(made.likelihood).any()
        assert np.isfinite(made.root_squares).all() and np.isfinite(made.root_forecast).all()
