"""A number beside its chance expectation: mean, limits and how often chance gives as much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.industry.chance.drawing import Tables
from louyu_lab.analysis.industry.chance.statistics import SMALL_IS_CONCENTRATED, Statistic

#: Quantiles of the draws printed as chance's lower and upper limit.
LIMITS = (0.05, 0.95)

#: Two sums of the same shares in another order differ by rounding, not in truth.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Chance:
    """One statistic at every place: the ``value`` found, and of the draws mean (``expected``) and limits.

    ``p_value`` = (1 + number of draws at least as concentrated)/(1 + draws), one-sided; ``p_opposite``
    the same of draws at most as concentrated. NaN, as the others are, where the value is.
    """

    value: np.ndarray
    expected: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    p_value: np.ndarray
    p_opposite: np.ndarray


def against_chance(
    found: Tables,
    drawn: Iterable[Tables],
    statistics: Mapping[str, Statistic],
    limits: tuple[float, float] = LIMITS,
) -> dict[str, Chance]:
    """Return every statistic of the table ``found`` beside what it is in the ``drawn`` ones.

    A name may have words before that of the index (``street evenness``), so that one run serves places of
    several levels. The tables are drawn once for all statistics; held are only the statistics, one number
    a draw and place. Draws in which a statistic is not defined (an industry of nothing) are left out of
    its mean, limits and p-value.
    """
    parts: dict[str, list[np.ndarray]] = {name: [] for name in statistics}
    for tables in drawn:
        for name, statistic in statistics.items():
            parts[name].append(statistic(tables))
    return {
        name: _chance(
            statistic(found)[0], _joined(parts[name]), limits, name.split()[-1] in SMALL_IS_CONCENTRATED
        )
        for name, statistic in statistics.items()
    }


def discovery_rates(p_value: np.ndarray) -> np.ndarray:
    """Return Benjamini–Hochberg adjusted p-values of one family of tests; NaN stays NaN and is not counted.

    Calling all at or below 0.05 found, 5 % of the calls are chance on average. Source:
    Benjamini/Hochberg (1995), JRSS B 57.
    """
    from scipy.stats import false_discovery_control

    adjusted = np.asarray(p_value, dtype="float64").copy()
    known = np.isfinite(adjusted)
    if known.any():
        adjusted[known] = false_discovery_control(adjusted[known])
    return adjusted


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty((0, 0))


def _chance(value: np.ndarray, draws: np.ndarray, limits: tuple[float, float], small: bool) -> Chance:
    """Compare ``value`` (places) with ``draws`` (draws, places)."""
    nothing = np.full(value.shape, np.nan)
    is_known = np.isfinite(value)
    if not len(draws) or not is_known.any():
        return Chance(value, *[nothing] * 5)
    defined = np.isfinite(draws)
    number = defined.sum(axis=0)
    room = ROUNDING * np.maximum(1.0, np.abs(value))
    tails = (draws >= value - room, draws <= value + room)
    p_values = [
        (1.0 + (tail & defined).sum(axis=0)) / (1.0 + number) for tail in tails[:: -1 if small else 1]
    ]
    expected = np.where(defined, draws, 0.0).sum(axis=0) / np.where(number > 0, number, np.nan)
    lo, hi = _quantiles(draws, defined, limits)
    kept = is_known & (number > 0)
    return Chance(value, *(np.where(kept, each, np.nan) for each in (expected, lo, hi, *p_values)))


def _quantiles(draws: np.ndarray, defined: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Return the quantiles of each column over its defined draws; NaN without any."""
    if defined.all():
        return np.quantile(draws, limits, axis=0)
    columns = (column[keep] for column, keep in zip(draws.T, defined.T, strict=True))
    return np.array([np.quantile(c, limits) if len(c) else (np.nan, np.nan) for c in columns]).T
