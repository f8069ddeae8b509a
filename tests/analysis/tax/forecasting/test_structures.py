"""The bank's covariances against the recursions they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.tax.forecasting.structures import (
    ANNUAL,
    SEASONAL,
    Structure,
    bank,
    covariance,
    growth_path,
)

structures = st.builds(
    Structure,
    noise=st.floats(0, 10),
    level=st.floats(0, 2),
    slope=st.floats(0, 1),
    first_slope=st.floats(0, 3),
    damping=st.floats(0, 1),
    deviation=st.floats(0, 2),
    persistence=st.floats(0, 0.95),
    pattern=st.floats(0, 30),
    pattern_drift=st.floats(0, 2),
)


def recursion(structure: Structure, periods: int) -> np.ndarray:
    """Covariance of the level with its slope, from one innovation at a time.

    level[t+1] = level[t] + slope[t] + e, slope[t+1] = damping·slope[t] + u; slope[0] ~ first_slope, level[0] = 0.
    """
    total = np.zeros((periods, periods))
    for kind, variance in (
        ("first", structure.first_slope),
        ("level", structure.level),
        ("slope", structure.slope),
    ):
        for when in [0] if kind == "first" else range(1, periods):
            level, slope, course = 0.0, float(kind == "first"), [0.0]
            for time in range(1, periods):
                level += slope + (kind == "level" and when == time)
                slope = structure.damping * slope + (kind == "slope" and when == time)
                course.append(level)
            total += variance * np.outer(course, course)
    return total


@given(structures, st.integers(1, 9))
@settings(max_examples=40)
def test_level_and_slope_follow_their_recursion(structure, periods):
    plain = Structure(
        level=structure.level,
        slope=structure.slope,
        first_slope=structure.first_slope,
        damping=structure.damping,
    )
    np.testing.assert_allclose(
        covariance(plain, periods, 1), recursion(plain, periods), rtol=1e-10, atol=1e-12
    )


@given(structures, st.integers(1, 14), st.sampled_from([2, 4, 12]))
@settings(max_examples=60)
def test_every_covariance_is_one(structure, periods, season):
    made = covariance(structure, periods, season)
    np.testing.assert_allclose(made, made.T, rtol=1e-12)
    # Rounding of the sums (1e-16 each) may leave eigenvalues a little below 0.
    assert np.linalg.eigvalsh(made).min() >= -1e-10 * (1 + np.abs(made).max())


def test_white_noise_and_returning_deviation():
    np.testing.assert_array_equal(covariance(Structure(noise=6, level=0), 3, 1), 6 * np.eye(3))
    # AR(1): variance d/(1 − φ²) = 1/(1 − 0.36) = 1.5625, a period apart 0.6 of it.
    made = covariance(Structure(level=0, deviation=1, persistence=0.6), 3, 1)
    assert made[0] == pytest.approx([1.5625, 0.9375, 0.5625])


@pytest.mark.parametrize("drift", [0, 0.5])
@pytest.mark.parametrize("season", [4, 12])
def test_a_pattern_sums_to_zero_over_every_year(season, drift):
    made = covariance(Structure(level=0, pattern=30, pattern_drift=drift), 3 * season, season)
    years = np.kron(np.eye(3), np.ones((1, season)))
    np.testing.assert_allclose(made @ years.T, 0, atol=1e-11)
    # The first period of the third year: two years of innovations more than the first, less the mean taken out.
    assert made[2 * season, 2 * season] == pytest.approx((30 + 2 * drift) * (1 - 1 / season))
    assert made[0, season] == pytest.approx(30 * (1 - 1 / season))


def test_what_a_growth_adds_up_to():
    # 1, 1 + 0.9, 1 + 0.9 + 0.81; a level without slope does not grow.
    assert growth_path(Structure(first_slope=1, damping=0.9), 4) == pytest.approx([0, 1, 1.9, 2.71])
    assert growth_path(Structure(), 3).tolist() == [0, 0, 0]


def test_the_banks():
    assert bank(1) is ANNUAL and bank(4) is SEASONAL
    assert len(set(ANNUAL)) == len(ANNUAL) == 27
    # The plain one of every four is the structure without season.
    assert SEASONAL[::4] == ANNUAL
    assert len(set(SEASONAL)) == 108
