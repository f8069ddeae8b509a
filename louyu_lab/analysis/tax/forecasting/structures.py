"""The structures a short series may have: a declared bank of Gaussian state-space models.

A series is a level that wanders, a slope that wanders and dies out, a deviation that returns, noise, and
a seasonal pattern. Exponential smoothing (simple, Holt, damped), Theta, the random walk with drift, and
trend with autoregressive errors are members: a member is the ratio of its variances. Forecasts weigh
the members rather than pick one, see ``weights``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np


@dataclass(frozen=True)
class Structure:
    """Variances relative to each other; none has a unit.

    ``noise`` white noise; ``level`` innovations of the level; ``slope`` innovations of the slope,
    ``first_slope`` its variance at the start, ``damping`` (0–1) what is left of it a period later;
    ``deviation`` innovations of a deviation from the level, ``persistence`` (0–1) what is left of it;
    ``pattern`` the seasonal pattern at the start, ``pattern_drift`` its innovations a year.
    """

    noise: float = 0.0
    level: float = 1.0
    slope: float = 0.0
    first_slope: float = 0.0
    damping: float = 1.0
    deviation: float = 0.0
    persistence: float = 0.0
    pattern: float = 0.0
    pattern_drift: float = 0.0

    @property
    def has_slope(self) -> bool:
        """Tell whether the level has a slope at all."""
        return self.slope > 0 or self.first_slope > 0


#: damping, slope, first_slope: none; short-lived, medium, long-lived; a line, hardly, plainly, and bending.
_SLOPES = (
    (1, 0, 0),
    (0.85, 0.15, 1),
    (0.93, 0.03, 1),
    (0.97, 0.005, 1),
    (1, 0, 0.05),
    (1, 0, 1),
    (1, 0.02, 1),
)

#: Structures without season.
ANNUAL: tuple[Structure, ...] = (
    *(
        Structure(noise=noise, damping=damping, slope=slope, first_slope=first)
        for noise, (damping, slope, first) in product((0, 1, 6), _SLOPES)
    ),
    *(
        Structure(level=0.1, deviation=1, persistence=persistence, first_slope=first)
        for persistence, first in product((0.6, 0.9), (0, 0.3))
    ),
    *(Structure(level=0, noise=8, slope=0.3, first_slope=3, damping=damping) for damping in (0.9, 1)),
)

#: pattern, pattern_drift: none; fixed; slowly and quickly changing.
_PATTERNS = ((0, 0), (30, 0), (30, 0.1), (30, 1))

#: Structures with season: each of the others with each kind of pattern.
SEASONAL: tuple[Structure, ...] = tuple(
    replace(structure, pattern=pattern, pattern_drift=drift)
    for structure, (pattern, drift) in product(ANNUAL, _PATTERNS)
)


def bank(season: int) -> tuple[Structure, ...]:
    """Return the structures for data with ``season`` periods a year."""
    return SEASONAL if season > 1 else ANNUAL


def covariance(structure: Structure, periods: int, season: int) -> np.ndarray:
    """Return the covariance of ``periods`` values around their common unknown level; (periods, periods)."""
    time = np.arange(periods)
    result = structure.level * np.minimum.outer(time, time) + structure.noise * np.eye(periods)
    if structure.has_slope:
        climbed = _climbed(structure, periods)
        result = result + climbed @ climbed.T
    apart = np.abs(time[:, None] - time)
    if structure.deviation > 0:
        result = result + structure.deviation / (1 - structure.persistence**2) * structure.persistence**apart
    if structure.pattern > 0:
        years = np.minimum.outer(time // season, time // season)
        result = result + (apart % season == 0) * (structure.pattern + structure.pattern_drift * years)
        result = result - (structure.pattern + structure.pattern_drift * years) / season
    return result


def growth_path(structure: Structure, periods: int) -> np.ndarray:
    """Return what a first slope of 1 adds up to by each period; (periods,)."""
    if not structure.has_slope:
        return np.zeros(periods)
    return np.concatenate([[0.0], np.cumsum(structure.damping ** np.arange(periods - 1))])


def _climbed(structure: Structure, periods: int) -> np.ndarray:
    """Return what each slope innovation (columns) has added by each period; the first is the first slope.

    The second column is empty: the slope of the first step has no innovation beside it.
    """
    since = np.arange(periods)[:, None] - np.arange(periods)
    steps = structure.damping ** np.maximum(since, 0) * (since >= 0)
    steps[:, 0] = structure.damping ** np.maximum(np.arange(periods) - 1.0, 0)
    steps[0, :] = 0.0
    steps[:, 1:2] = 0.0
    scale = np.full(periods, np.sqrt(structure.slope))
    scale[0] = np.sqrt(structure.first_slope)
    return np.cumsum(steps, axis=0) * scale
