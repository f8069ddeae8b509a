"""From a spread to probabilities: how large past errors were, counted in spreads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from louyu_lab.analysis.tax.forecasting.dependence import USUAL_SHARE, Dependence

#: Probabilities at which the distribution of errors is known; between them it is straight in normal scores.
NODES = np.array([0.005, 0.0125, 0.025, 0.05, *np.arange(0.1, 0.91, 0.05), 0.95, 0.975, 0.9875, 0.995])

#: Errors of public series, in spreads: Student's t with these degrees of freedom, times a factor for annual
#: and for seasonal series (whose spread is estimated too wide). From the training parts alone.
_FREEDOM, _ANNUAL_FACTOR, _SEASONAL_FACTOR = 3.5, 0.95, 0.77

#: Series whose errors lie beyond a quantile that count as much as what is known from public ones: three of
#: thirty for the 10 % quantile. What one series in a panel did is no ground for the half per cent.
_PUBLIC_COUNT = 3.0

#: A panel's own quantile is believed up to this many times the public one.
_MOST_TAIL = 2.0

#: A step's errors are taken as no more than this many times smaller or larger than those of all steps: with
#: few series, or many constant ones, the middle one may be next to nothing.
_MOST_SCALE = 5.0

#: Points at which a mean is taken over the distribution.
MEAN_POINTS = 100


@dataclass(frozen=True)
class Calibration:
    """Quantiles of errors in spreads: ``quantile`` (h, nodes) at ``NODES``; the median is 0.

    ``shared`` (0–1): the part of an error's variance that all series of the same date have in common.
    """

    quantile: np.ndarray
    shared: float

    def after(self, lag: int) -> Calibration:
        """Return the calibration for series that are ``lag`` periods behind: their steps are later ones."""
        step = np.minimum(np.arange(len(self.quantile)) + lag, len(self.quantile) - 1)
        return Calibration(self.quantile[step], self.shared)

    def at(self, probability: np.ndarray | float) -> np.ndarray:
        """Return the quantiles at the probabilities (…,); shape (h, …)."""
        return self.at_scores(np.asarray(ndtri(probability)))

    def at_scores(self, score: np.ndarray) -> np.ndarray:
        """Return the quantiles at normal scores (…,), the same for every step; shape (h, …)."""
        return np.stack([_along(score, row) for row in self.quantile])

    def of_scores(self, score: np.ndarray) -> np.ndarray:
        """Return errors (…, h) that have the normal scores (…, h)."""
        return np.stack([_along(score[..., step], row) for step, row in enumerate(self.quantile)], axis=-1)


def calibrate(errors: np.ndarray, together: Dependence, horizon: int, season: int) -> Calibration:
    """Return the calibration from past errors in spreads (n, h; NaN not seen), ``together`` by their dates.

    What all series of a date had in common is taken out of the errors; what is left makes one distribution
    over all steps, as its size hardly depends on the step, and a step's own size then scales it. Each
    quantile is drawn towards what public series show, the more the fewer series lie beyond it. The common
    part, of which there are only as many values as dates, is put back as its share of the variance.
    """
    factor = _SEASONAL_FACTOR if season > 1 else _ANNUAL_FACTOR
    public = factor * stdtrit(_FREEDOM, NODES)
    widened = np.sqrt((1 - USUAL_SHARE) / (1 - together.shared))
    seen = errors[np.isfinite(errors)]
    if not len(seen):
        return Calibration(np.tile(widened * public, (horizon, 1)), together.shared)
    left = errors - together.common[:, None]
    beyond = together.series * np.minimum(NODES, 1 - NODES)
    own = beyond / (beyond + _PUBLIC_COUNT)
    centred = left[np.isfinite(left)]
    centred = centred - np.median(centred)
    most = _MOST_TAIL * np.abs(public)
    found = np.clip(np.quantile(centred, NODES) / np.sqrt(1 - USUAL_SHARE), -most, most)
    usual = np.median(np.abs(centred))
    scale = [_step_scale(left[:, step], usual, own.max()) for step in range(horizon)]
    # Nodes are drawn by different parts, so that neighbours may have changed places.
    quantile = np.sort((1 - own) * public + own * found)
    return Calibration(widened * np.outer(scale, quantile), together.shared)


def _step_scale(errors: np.ndarray, usual: float, own: float) -> float:
    """Return how large the errors (n,) of a step are beside the ``usual`` deviation, drawn towards 1."""
    seen = errors[np.isfinite(errors)]
    if not len(seen) or not usual > 0:
        return 1.0
    scale = np.median(np.abs(seen - np.median(seen))) / usual
    return float(np.clip(scale, 1 / _MOST_SCALE, _MOST_SCALE) ** own)


def _along(score: np.ndarray, quantile: np.ndarray) -> np.ndarray:
    """Return the quantile at normal scores; beyond the outermost nodes the outermost."""
    return np.interp(score, ndtri(NODES), quantile)
