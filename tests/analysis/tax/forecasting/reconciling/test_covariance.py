from __future__ import annotations

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting.reconciling.covariance import (
    floored,
    shrinkage_of,
    structural_covariance,
    variance_covariance,
)
from louyu_lab.analysis.tax.forecasting.reconciling.hierarchy import Hierarchy


def written_out(residuals: np.ndarray) -> float:
    """λ of Schäfer & Strimmer over all pairs, one by one."""
    m, count = residuals.shape
    x = residuals / np.sqrt((residuals**2).mean(axis=1))[:, None]
    above = below = 0.0
    for i in range(m):
        for j in range(m):
            if i != j:
                w = x[i] * x[j]
                above += ((w - w.mean()) ** 2).sum() / (count * (count - 1))
                below += w.mean() ** 2
    return min(1.0, above / below)


@pytest.mark.parametrize("common", [0.0, 0.5, 3.0])
def test_the_shrinkage_is_the_formula_written_out(common):
    rng = np.random.default_rng(4)
    residuals = (
        rng.normal(size=(7, 1)) * common * rng.normal(size=(1, 15)) + rng.normal(size=(7, 15))
    ) * 10.0 ** np.arange(-3, 4)[:, None]
    # Sums of some hundred products in doubles.
    assert shrinkage_of(residuals) == pytest.approx(written_out(residuals), rel=1e-9)


def test_common_errors_are_shrunk_less():
    rng = np.random.default_rng(5)
    own, common = rng.normal(size=(30, 40)), rng.normal(size=(1, 40))
    assert shrinkage_of(own + 3 * common) < 0.2 < 0.8 < shrinkage_of(own)


def test_errors_without_correlation_are_shrunk_whole():
    # Orthogonal: every r_ij is exactly 0.
    assert shrinkage_of(np.kron(np.eye(4), [1.0, -1.0])) == 1.0


def test_a_node_without_errors_is_left_out_of_the_shrinkage():
    errors = np.random.default_rng(6).normal(size=(5, 12))
    assert shrinkage_of(np.vstack([errors, np.zeros(12)])) == pytest.approx(shrinkage_of(errors))


def test_variances_leave_out_what_is_unknown():
    # (9 + 1) ÷ 2 and 4 ÷ 1.
    errors = np.array([[3.0, np.nan, -1.0], [np.nan, 2.0, np.nan]])
    assert variance_covariance(errors).diagonal.tolist() == [5.0, 4.0]


def test_a_series_that_never_erred_is_not_beyond_doubt():
    assert floored(np.array([0.0, 4.0])).tolist() == [4e-12, 4.0]
    assert floored(np.zeros(2)).tolist() == [1.0, 1.0]


def test_structural_variances_count_the_members():
    made = Hierarchy.from_children({"all": ["a", "b"], "a": ["x", "y", "z"]})
    assert structural_covariance(made).diagonal.tolist() == [4.0, 3.0, 1.0, 1.0, 1.0, 1.0]
