"""From a spread to probabilities: how large past errors were, counted in spreads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

#: Probabilities at which the distribution of errors is known; between them it is straight in normal scores.
NODES = np.array([0.005, 0.0125, 0.025, 0.05, *np.arange(0.1, 0.91, 0.05), 0.95, 0.975, 0.9875, 0.995])

#: Errors of public series, in spreads: Student's t with these degrees of freedom, times a factor for annual
#: and for seasonal series (whose spread is estimated too wide).
_FREEDOM, _ANNUAL_FACTOR, _SEASONAL_FACTOR = 5.0, 0.82, 0.62

#: Independent past errors that count as much as what is known from public series.
_PUBLIC_COUNT = 30.0

#: Points at which a mean is taken over the distribution.
MEAN_POINTS = 40


@dataclass(frozen=True)
class Calibration:
    """Quantiles of errors in spreads: ``quantile`` (h, nodes) at ``NODES``; the median is 0.

    ``shared`` (0–1): the part of an error's variance that all series of the same date have in common.
    """

    quantile: np.ndarray
    shared: float

    def at(self, probability: np.ndarray | float) -> np.ndarray:
        """Return the quantiles at the probabilities (…,); shape (h, …)."""
        return self.at_scores(np.asarray(ndtri(probability)))

    def at_scores(self, score: np.ndarray) -> np.ndarray:
        """Return the quantiles at normal scores (…,), the same for every step; shape (h, …)."""
        return np.stack([_along(score, row) for row in self.quantile])

    def of_scores(self, score: np.ndarray) -> np.ndarray:
        """Return errors (…, h) that have the normal scores (…, h)."""
        return np.stack([_along(score[..., step], row) for step, row in enumerate(self.quantile)], axis=-1)


def calibrate(errors: np.ndarray, independent: float, shared: float, horizon: int, season: int) -> Calibration:
    """Return the calibration from past errors in spreads (n, h; NaN not seen).

    Errors of all steps make one distribution, as their size hardly depends on the step; a step's own size
    then scales it. Both are drawn towards what public series show, as by ``_PUBLIC_COUNT`` errors against
    the ``independent`` ones.
    """
    factor = _SEASONAL_FACTOR if season > 1 else _ANNUAL_FACTOR
    public = factor * stdtrit(_FREEDOM, NODES)
    own = independent / (independent + _PUBLIC_COUNT)
    seen = errors[np.isfinite(errors)]
    if not len(seen):
        return Calibration(np.tile(public, (horizon, 1)), shared)
    centred = seen - np.median(seen)
    whole = (1 - own) * public + own * np.quantile(centred, NODES)
    usual = np.median(np.abs(centred))
    scale = [_step_scale(errors[:, step], usual, own) for step in range(horizon)]
    return Calibration(np.outer(scale, whole), shared)


def _step_scale(errors: np.ndarray, usual: float, own: float) -> float:
    seen = errors[np.isfinite(errors)]
    if not len(seen) or not usual > 0:
        return 1.0
    return float((np.median(np.abs(seen - np.median(seen))) / usual) ** own)


def _along(score: np.ndarray, quantile: np.ndarray) -> np.ndarray:
    """Return the quantile at normal scores, straight on beyond the outermost nodes."""
    nodes = ndtri(NODES)
    result = np.interp(score, nodes, quantile)
    for edge, inner in ((0, 1), (-1, -2)):
        slope = (quantile[edge] - quantile[inner]) / (nodes[edge] - nodes[inner])
        beyond = score < nodes[0] if edge == 0 else score > nodes[-1]
        result = np.where(beyond, quantile[edge] + slope * (score - nodes[edge]), result)
    return result
