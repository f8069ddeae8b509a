"""Pools of errors: quantiles that cover, refused where there are too few."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.errors import LEAST_POOL, interval_of, pooled, share_at_least


@pytest.mark.parametrize(("level", "least"), [(0.80, 9), (0.95, 39)])
def test_too_few_errors_give_no_interval(level: float, least: int) -> None:
    # With n errors the extremes have rank 1 and n of n + 1: they cover (n − 1) ÷ (n + 1).
    assert np.isnan(interval_of(np.arange(least - 1.0), level)).all()
    assert interval_of(np.arange(float(least)), level) == pytest.approx((0.0, least - 1.0))


def test_intervals_cover_a_new_error() -> None:
    # 20 errors, skewed; 4000 trials: standard error of the coverage 0.6 points, three of them.
    rng = np.random.default_rng(0)
    drawn = rng.lognormal(0, 1, (4000, 21))
    held = [lo <= row[-1] <= hi for row in drawn for lo, hi in [interval_of(row[:-1], 0.80)]]
    assert np.mean(held) == pytest.approx(0.80, abs=0.02)


def test_a_small_class_borrows_from_all() -> None:
    errors = pd.DataFrame({"size_class": ["a"] * LEAST_POOL + ["b"], "scaled_error": 0.0})
    errors.loc[LEAST_POOL, "scaled_error"] = -1.0
    assert len(pooled(errors, "a")) == LEAST_POOL
    assert pooled(errors, "b").tolist() == [-1.0] + [0.0] * LEAST_POOL


def test_shares_count_the_bound_itself() -> None:
    pool = np.array([-0.5, 0.0, 0.0, 1.0])
    assert share_at_least(pool, np.array([-1.0, 0.0, 0.1, 2.0, -np.inf, np.inf])).tolist() == [
        1,
        0.75,
        0.25,
        0,
        1,
        0,
    ]
    assert np.isnan(share_at_least(np.array([]), np.array([0.0]))).all()
