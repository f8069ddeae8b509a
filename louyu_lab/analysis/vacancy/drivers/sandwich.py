"""Standard errors that allow rows of a cluster to go together, honest where clusters are few.

With working-independence ``A = Σ x̃ x̃ᵀ`` and a cluster's score ``s_g`` and part ``A_g``, the variance of a
contrast ``c β`` is ``Σ_g [cᵀ A^-½ (I − L_g)^-p A^-½ s_g]²``, ``L_g = A^-½ A_g A^-½``. ``p = 0`` is the usual
sandwich (CR1 with its factor), ``p = 1`` the cluster jackknife CR3 (MacKinnon, Nielsen & Webb 2023), ``p = ½``
the bias-reduced CR2 (Bell & McCaffrey 2002), which with its Satterthwaite degrees of freedom (Imbens &
Kolesár 2016) holds its level where CR1 is too short and CR3 too long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.vacancy.drivers.newton import BLOCK_ROWS

CR1, CR2, CR3 = 0.0, 0.5, 1.0

#: Leverage is at most 1, reached by a cluster that alone tells a coefficient; just below it stays finite.
_FULL_LEVERAGE = 1 - 1e-9

#: Clusters whose k × k parts are held at a time.
_CLUSTERS_AT_A_TIME = 512


@dataclass(frozen=True)
class Rows:
    """Fitted rows: ``x`` (n, k) with independent columns, ``resid`` w (y − μ) and ``curve`` w μ (1 − μ) (n,).

    ``order`` sorts the rows by cluster and ``bounds`` (clusters + 1,) tells where each begins; both None
    where every row is its own.
    """

    x: np.ndarray
    resid: np.ndarray
    curve: np.ndarray
    order: np.ndarray | None
    bounds: np.ndarray | None

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return len(self.x) if self.bounds is None else len(self.bounds) - 1


@dataclass(frozen=True)
class Uncertainty:
    """Standard errors and degrees of freedom of contrasts, each (contrasts,)."""

    se: np.ndarray
    dof: np.ndarray


def by_cluster(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order that sorts rows by cluster and where each begins, from codes 0 … clusters − 1."""
    order = np.argsort(codes, kind="stable")
    return order, np.concatenate([[0], np.cumsum(np.bincount(codes))])


def uncertainty(rows: Rows, gram: np.ndarray, contrasts: np.ndarray, power: float) -> Uncertainty:
    """Return standard errors and degrees of freedom of ``contrasts`` (c, k) for a power of the module's.

    CR1 has the factor G/(G−1) · (n−1)/(n−k) and G − 1 degrees of freedom, as statsmodels has it.
    """
    root = _inverse_root(gram)
    target = contrasts @ root
    variance, trace, squares, cross = np.zeros(len(target)), 0.0, 0.0, 0.0
    for scores, vectors, leverage in _clusters(rows, root):
        adjust = (1 - np.minimum(leverage, _FULL_LEVERAGE)) ** -power
        seen = np.einsum("gji,cj->gci", vectors, target) * adjust[:, None, :]
        variance += (np.einsum("gci,gi->gc", seen, scores) ** 2).sum(axis=0)
        # Of the residuals' quadratic form: aᵀa on the diagonal, B Bᵀ taken off.
        own = np.einsum("gci,gi->gc", seen**2, leverage)
        taken = np.einsum("gji,gci->gcj", vectors, seen * leverage[:, None, :])
        trace = trace + (own - (taken**2).sum(axis=2)).sum(axis=0)
        squares = squares + (own**2 - 2 * own * (taken**2).sum(axis=2)).sum(axis=0)
        cross = cross + np.einsum("gci,gcj->cij", taken, taken)
    n, k = rows.x.shape
    clusters = rows.clusters
    if power == CR1:
        factor = clusters / (clusters - 1) * (n - 1) / (n - k)
        return Uncertainty(np.sqrt(variance * factor), np.full(len(target), clusters - 1.0))
    below = squares + (cross**2).sum(axis=(1, 2))
    dof = np.divide(trace**2, below, out=np.ones(len(target)), where=below > 0)
    if power == CR3:
        variance = variance * (clusters - 1) / clusters
    return Uncertainty(np.sqrt(variance), np.clip(dof, 1.0, clusters - 1.0))


def left_out(rows: Rows, gram: np.ndarray) -> np.ndarray:
    """Return what leaving each cluster out takes from the coefficients, one Newton step; (clusters, k)."""
    root = _inverse_root(gram)
    parts = []
    for scores, vectors, leverage in _clusters(rows, root):
        stretched = scores / (1 - np.minimum(leverage, _FULL_LEVERAGE))
        parts.append(np.einsum("gij,gj->gi", vectors, stretched) @ root)
    return np.concatenate(parts)


def _inverse_root(gram: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(gram)
    return (vectors / np.sqrt(values)) @ vectors.T


def _clusters(rows: Rows, root: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield scores (g, r), basis (g, k, r) and leverages (g, r) of clusters, a number of them at a time.

    The basis are the eigenvectors of ``L_g``; a row that is its own cluster has one.
    """
    if rows.bounds is None:
        for first in range(0, len(rows.x), BLOCK_ROWS):
            part = slice(first, first + BLOCK_ROWS)
            whitened = rows.x[part] @ root
            length = np.sqrt((whitened**2).sum(axis=1))
            unit = whitened / np.maximum(length, 1e-300)[:, None]
            leverage = rows.curve[part] * length**2
            yield (rows.resid[part] * length)[:, None], unit[:, :, None], leverage[:, None]
        return
    for first in range(0, rows.clusters, _CLUSTERS_AT_A_TIME):
        last = min(first + _CLUSTERS_AT_A_TIME, rows.clusters)
        scores = np.empty((last - first, len(root)))
        parts = np.empty((last - first, *root.shape))
        for i in range(first, last):
            members = rows.order[rows.bounds[i] : rows.bounds[i + 1]]
            x = rows.x[members]
            scores[i - first] = rows.resid[members] @ x
            parts[i - first] = x.T @ (x * rows.curve[members, None])
        leverage, vectors = np.linalg.eigh(root @ parts @ root)
        yield np.einsum("gji,gj->gi", vectors, scores @ root), vectors, np.maximum(leverage, 0.0)
