"""Standard errors that allow rows of a cluster to go together, honest where clusters are few.

With working-independence ``A = Σ x̃ x̃ᵀ`` and a cluster's score ``s_g`` and part ``A_g``, the variance of
a contrast ``c β`` is ``Σ_g [cᵀ A^-½ (I − L_g)^-p A^-½ s_g]²``, ``L_g = A^-½ A_g A^-½``. ``p = 0`` is the
usual sandwich (CR1 with its factor), ``p = 1`` the cluster jackknife CR3 (MacKinnon, Nielsen & Webb
2023), ``p = ½`` the bias-reduced CR2 (Bell & McCaffrey 2002), which with its Satterthwaite degrees of
freedom (Imbens & Kolesár 2016) holds its level where CR1 is too short and CR3 too long. Roots are the
symmetric ones of the whitened rows; clubSandwich takes another root of the same matrix, up to 2 % apart
where weights are uneven.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from louyu_lab.analysis.vacancy.drivers.newton import blocks

_Part = tuple[np.ndarray, np.ndarray, np.ndarray]

CR1, CR2, CR3 = 0.0, 0.5, 1.0

#: Leverage is at most 1, reached by a cluster that alone tells a coefficient; just below it stays finite.
_FULL_LEVERAGE = 1 - 1e-9

#: Clusters whose k × k parts are held at a time.
_CLUSTERS_AT_A_TIME = 512

#: Numbers in the parts of all clusters up to which they are kept for the next question.
_MOST_KEPT = 10_000_000


@dataclass(frozen=True)
class Rows:
    """Fitted rows: ``x`` (n, k) with independent columns, ``resid`` w (y − μ) and ``curve`` w μ (1 − μ) (n,).

    ``gram`` (k, k) is Σ curve x xᵀ. ``codes`` number the rows' clusters 0 … clusters − 1; None where every
    row is its own.
    """

    x: np.ndarray
    resid: np.ndarray
    curve: np.ndarray
    gram: np.ndarray
    codes: np.ndarray | None

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return len(self.x) if self.codes is None else int(self.codes.max()) + 1

    @cached_property
    def root(self) -> np.ndarray:
        """``A^-½``, symmetric."""
        values, vectors = np.linalg.eigh(self.gram)
        return (vectors / np.sqrt(values)) @ vectors.T

    @cached_property
    def _kept(self) -> list[_Part]:
        return list(self._clustered())

    def parts(self) -> Iterator[_Part]:
        """Yield scores (g, r), basis (g, k, r) and leverages (g, r) of clusters, a number of them at a time.

        The basis are the eigenvectors of ``L_g``; a row that is its own cluster has one.
        """
        if self.codes is None:
            return self._single()
        small = self.clusters * self.gram.size <= _MOST_KEPT
        return iter(self._kept) if small else self._clustered()

    def _single(self) -> Iterator[_Part]:
        for part in blocks(len(self.x)):
            whitened = self.x[part] @ self.root
            length = np.sqrt((whitened**2).sum(axis=1))
            unit = whitened / np.maximum(length, 1e-300)[:, None]
            leverage = self.curve[part] * length**2
            yield (self.resid[part] * length)[:, None], unit[:, :, None], leverage[:, None]

    def _clustered(self) -> Iterator[_Part]:
        # Short numbers are sorted by their digits, in one pass over the rows.
        short = self.codes.astype(np.uint16) if self.clusters <= 65_536 else self.codes
        order = np.argsort(short, kind="stable")
        bounds = np.concatenate([[0], np.cumsum(np.bincount(self.codes))])
        for first in range(0, self.clusters, _CLUSTERS_AT_A_TIME):
            last = min(first + _CLUSTERS_AT_A_TIME, self.clusters)
            scores = np.empty((last - first, len(self.root)))
            parts = np.empty((last - first, *self.root.shape))
            for i in range(first, last):
                members = order[bounds[i] : bounds[i + 1]]
                x = self.x[members]
                scores[i - first] = self.resid[members] @ x
                parts[i - first] = x.T @ (x * self.curve[members, None])
            leverage, vectors = np.linalg.eigh(self.root @ parts @ self.root)
            whitened = np.einsum("gji,gj->gi", vectors, scores @ self.root)
            yield whitened, vectors, np.maximum(leverage, 0.0)


@dataclass(frozen=True)
class Uncertainty:
    """Standard errors and degrees of freedom of contrasts, each (contrasts,)."""

    se: np.ndarray
    dof: np.ndarray


def uncertainty(rows: Rows, contrasts: np.ndarray, power: float) -> Uncertainty:
    """Return standard errors and degrees of freedom of ``contrasts`` (c, k) for a power of the module's.

    CR1 has the factor G/(G−1) · (n−1)/(n−k) and G − 1 degrees of freedom, as statsmodels has it.
    """
    target = contrasts @ rows.root
    n, k = rows.x.shape
    clusters = rows.clusters
    if power == CR1:
        variance = _variance(rows, target, power) * clusters / (clusters - 1) * (n - 1) / (n - k)
        return Uncertainty(np.sqrt(variance), np.full(len(target), clusters - 1.0))
    variance = _variance(rows, target, power)
    if power == CR3:
        variance = variance * (clusters - 1) / clusters
    return Uncertainty(np.sqrt(variance), np.clip(_satterthwaite(rows, target, power), 1.0, clusters - 1.0))


def covariance(rows: Rows, power: float) -> np.ndarray:
    """Return the covariance (k, k) of the coefficients for CR2 or CR3."""
    total = np.zeros_like(rows.gram)
    for scores, vectors, leverage in rows.parts():
        adjusted = scores * (1 - np.minimum(leverage, _FULL_LEVERAGE)) ** -power
        each = np.einsum("gij,gj->gi", vectors, adjusted) @ rows.root
        total += each.T @ each
    return total * ((rows.clusters - 1) / rows.clusters if power == CR3 else 1.0)


def left_out(rows: Rows) -> np.ndarray:
    """Return what leaving each cluster out takes from the coefficients, one Newton step; (clusters, k)."""
    taken = []
    for scores, vectors, leverage in rows.parts():
        stretched = scores / (1 - np.minimum(leverage, _FULL_LEVERAGE))
        taken.append(np.einsum("gij,gj->gi", vectors, stretched) @ rows.root)
    return np.concatenate(taken)


def _variance(rows: Rows, target: np.ndarray, power: float) -> np.ndarray:
    variance = np.zeros(len(target))
    for scores, vectors, leverage in rows.parts():
        adjusted = scores * (1 - np.minimum(leverage, _FULL_LEVERAGE)) ** -power
        each = np.einsum("gij,gj->gi", vectors, adjusted) @ target.T
        variance += (each**2).sum(axis=0)
    return variance


def _satterthwaite(rows: Rows, target: np.ndarray, power: float) -> np.ndarray:
    """Degrees of freedom ``(tr P)² / tr P²`` of the quadratic form in independent residuals.

    ``P = diag(aᵀa) − B Bᵀ`` (clusters × clusters) of each contrast; only ``Bᵀ B`` (k, k) is ever held.
    """
    trace, squares, cross = np.zeros(len(target)), np.zeros(len(target)), 0.0
    for _, vectors, leverage in rows.parts():
        stretch = (1 - np.minimum(leverage, _FULL_LEVERAGE)) ** -power
        seen = np.matmul(target, vectors) * stretch[:, None, :]
        own = np.einsum("gci,gi->gc", seen**2, leverage)
        taken = np.matmul(seen * leverage[:, None, :], vectors.transpose(0, 2, 1))
        length = (taken**2).sum(axis=2)
        trace += (own - length).sum(axis=0)
        squares += (own**2 - 2 * own * length).sum(axis=0)
        by_contrast = taken.transpose(1, 0, 2)
        cross = cross + np.matmul(by_contrast.transpose(0, 2, 1), by_contrast)
    below = squares + (cross**2).sum(axis=(1, 2))
    return np.divide(trace**2, below, out=np.ones(len(target)), where=below > 0)
