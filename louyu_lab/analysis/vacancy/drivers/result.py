"""A fitted driver model: what it says, and what can be asked of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit

from louyu_lab.analysis.vacancy.drivers.design import Design
from louyu_lab.analysis.vacancy.drivers.diagnostics import Diagnostics
from louyu_lab.analysis.vacancy.drivers.newton import maximise_many
from louyu_lab.analysis.vacancy.drivers.problems import DriverError
from louyu_lab.analysis.vacancy.drivers.sample import Sample

#: Draws refitted at a time: as many as keep the (draws × rows) weights within some tens of megabytes.
_CELLS_AT_A_TIME = 4_000_000


@dataclass(frozen=True)
class DriverFit:
    """A fitted driver model.

    ``effects``: ``driver, level, effect_pp, se_pp, lo_pp, hi_pp, p_value, n``, average partial effects
    in percentage points: of a number per unit (of a 0/1 number the step from 0 to 1), of a text one
    row a level against the reference. Standard errors are CR2 by ``cluster`` with Satterthwaite
    degrees of freedom, the interval is at ``level``; ``n`` counts the rows used, of a level its
    own.
    ``coefficients``: ``driver, level, is_mean, coefficient, se, se_cr1, se_cr3``, on the logit scale; the
    intercept first, ``is_mean`` marks a Mundlak mean. ``beta`` (k,) are the same numbers, in the columns
    of ``design``.
    """

    effects: pd.DataFrame
    coefficients: pd.DataFrame
    diagnostics: Diagnostics
    design: Design
    beta: np.ndarray
    level: float
    outcome: str
    _spread: np.ndarray = field(repr=False)
    _sample: Sample = field(repr=False)
    _start: np.ndarray = field(repr=False)

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the expected vacancy rate (n,) in 0–1 of a frame; NaN where a driver is missing.

        Raises DriverError for missing columns and for levels the model has not seen.
        """
        return expit(self.design.matrix(frame) @ self.beta)

    def bootstrap(self, replicates: int, rng: np.random.Generator) -> np.ndarray:
        """Return coefficients (replicates, k) refitted on clusters drawn with replacement.

        A draw that leaves some level without rows, or has no maximum, is drawn again; raises DriverError
        where that goes on for ever.
        """
        kept: list[np.ndarray] = []
        at_a_time = max(1, min(replicates, _CELLS_AT_A_TIME // len(self._sample.z)))
        for _ in range(20 * (replicates // at_a_time + 1)):
            clusters = self._sample.clusters
            counts = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=at_a_time)
            drawn = self._refitted(counts)
            kept += list(drawn[np.isfinite(drawn).all(axis=1)])
            if len(kept) >= replicates:
                return np.array(kept[:replicates])
        raise DriverError(["重抽样后多数样本无法估计：某个类别只在个别楼里出现。请合并类别或减少成因。"])

    def draws(self, replicates: int, rng: np.random.Generator) -> np.ndarray:
        """Return bootstrap coefficients (replicates, k) spread as far as the coefficients' own intervals.

        Percentiles of the bootstrap are too short where clusters are few, just as CR1 is. The draws are moved
        about the estimate by the symmetric map that gives them the covariance of CR2, widened for its
        degrees of freedom: between columns of mean 0 and scale 1, so that a driver's unit changes nothing.
        """
        off = self._sample.scaled(self.bootstrap(replicates, rng)) - self._start
        root, inverse = _roots(np.cov(off, rowvar=False))
        middle, _ = _roots(root @ self._spread @ root)
        return self._sample.raw(self._start + off @ (inverse @ middle @ inverse))

    def _refitted(self, counts: np.ndarray) -> np.ndarray:
        """Refit with each cluster counted (draws, clusters) times; coefficients in raw columns."""
        sample = self._sample
        weights = (counts if sample.codes is None else counts[:, sample.codes]).astype("float64")
        if sample.w is not None:
            weights *= sample.w
        return sample.raw(maximise_many(sample.z, sample.y, weights, self._start))


def _roots(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the symmetric root of a covariance and the inverse of it, in the directions that have any."""
    values, vectors = np.linalg.eigh(matrix)
    values = np.maximum(values, 0.0)
    roots = np.sqrt(values)
    inverse = np.divide(1.0, roots, out=np.zeros_like(roots), where=values > values.max() * 1e-12)
    return (vectors * roots) @ vectors.T, (vectors * inverse) @ vectors.T
