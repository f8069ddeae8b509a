"""How far each node's forecast can be trusted: the error covariance each method assumes.

All are kept as diagonal plus low rank, W = diag(d) + F F′, so that nothing of size nodes × nodes is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.forecasting.reconciling.hierarchy import Hierarchy

#: A variance counts as at least this part of the largest: a series that never erred is not beyond doubt.
LEAST_VARIANCE = 1e-12

#: Least shrinkage: keeps the covariance of few points invertible.
LEAST_SHRINKAGE = 1e-4


@dataclass(frozen=True)
class ErrorCovariance:
    """W = diag(``diagonal``) + ``factor`` · ``factor``′, shapes (m,) and (m, r)."""

    diagonal: np.ndarray
    factor: np.ndarray


def equal_covariance(hierarchy: Hierarchy) -> ErrorCovariance:
    """Return W = I (OLS)."""
    return _diagonal(np.ones(len(hierarchy.nodes)))


def structural_covariance(hierarchy: Hierarchy) -> ErrorCovariance:
    """Return W = diag(S·1): a node's variance is the number of bottom nodes in it (WLS-struct)."""
    return _diagonal(hierarchy.summing.sum(axis=1))


def variance_covariance(residuals: np.ndarray) -> ErrorCovariance:
    """Return W = diag of the mean squared ``residuals`` (m, T), NaN left out (variance scaling)."""
    known = np.isfinite(residuals)
    squares = np.where(known, residuals, 0.0) ** 2
    variance = squares.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return _diagonal(floored(variance))


def shrunk_covariance(residuals: np.ndarray) -> ErrorCovariance:
    """Return W = λ diag(Σ) + (1 − λ) Σ with Σ = R R′ ÷ T of complete ``residuals`` R (m, T) (MinT-shrink)."""
    count = residuals.shape[1]
    variance = floored((residuals**2).mean(axis=1))
    shrinkage = max(shrinkage_of(residuals), LEAST_SHRINKAGE)
    return ErrorCovariance(shrinkage * variance, np.sqrt((1 - shrinkage) / count) * residuals)


def shrinkage_of(residuals: np.ndarray) -> float:
    """Return λ of Schäfer & Strimmer (2005), as in R's ``hts``: Σ var(r_ij) ÷ Σ r_ij² over i ≠ j, in 0–1.

    ``residuals`` (m, T), complete. With x the residuals divided by their root mean square,
    r_ij = Σ_t x_it x_jt ÷ T and var(r_ij) = (Σ_t x_it² x_jt² − T r_ij²) ÷ (T (T − 1)). The sums over all
    pairs come from the T × T products: Σ_ij r_ij² = ‖x′x‖² ÷ T². 1 where nothing correlates.
    """
    count = residuals.shape[1]
    scale = np.sqrt((residuals**2).mean(axis=1))
    x = residuals[scale > 0] / scale[scale > 0, None]
    products = ((x**2).sum(axis=0) ** 2).sum() - (x**4).sum()
    # Every series has r_ii = 1.
    squared = max((x.T @ x / count).ravel() @ (x.T @ x / count).ravel() - len(x), 0.0)
    if squared <= 1e-12 * max(len(x), 1) ** 2:
        return 1.0
    return float(np.clip((products - count * squared) / (count * (count - 1)) / squared, 0.0, 1.0))


def floored(variance: np.ndarray) -> np.ndarray:
    """Return the variances, at least ``LEAST_VARIANCE`` of the largest; all 1 where none is above zero."""
    largest = variance.max(initial=0.0)
    return np.maximum(variance, LEAST_VARIANCE * largest) if largest > 0 else np.ones(len(variance))


def _diagonal(variance: np.ndarray) -> ErrorCovariance:
    return ErrorCovariance(np.asarray(variance, dtype="float64"), np.zeros((len(variance), 0)))
