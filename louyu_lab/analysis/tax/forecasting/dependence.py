"""How far series err together: a district's buildings share their bad years."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

#: What is supposed before any date is seen, and the dates it counts as: a tenth of the variance is shared.
USUAL_SHARE, _USUAL_DATES = 0.10, 2.0

#: A few dates, that overlap, show less than there is: with d of them the odds of what is shared are raised by
#: this over d + 1. On nine public panels sums of all series then kept to their intervals.
_FEW_DATES = 2.0

#: An error counts as no more than this many usual ones: one wild series must not decide.
_MOST_ERROR = 4.0


@dataclass(frozen=True)
class Dependence:
    """How far series err together.

    ``shared`` (0–1) part of the variance common to a date; ``inflation`` of the variance of a mean over
    series through it (≥ 1; the design effect); ``common`` (n,) the common part of each error, in its unit;
    ``series`` how many have errors.
    """

    shared: float
    inflation: float
    common: np.ndarray
    series: int

    def of(self, rows: np.ndarray) -> Dependence:
        """Return the same for some of the errors."""
        return replace(self, common=self.common[rows])


#: What is supposed where no error was seen.
UNSEEN = Dependence(USUAL_SHARE, 1.0, np.empty(0), 0)


def dependence(errors: np.ndarray, date: np.ndarray, row: np.ndarray) -> Dependence:
    """Return the dependence among errors (n, h; NaN not seen) of series ``row`` at origins ``date`` (n,).

    The shared part is the intraclass correlation by date of a series' mean error over the steps, from the
    one-way analysis of variance; the inflation 1 + (m − 1)·shared with m the mean number of series a date
    (Kish 1965). A date with one series tells nothing about what is shared. The common part of a date is
    its mean error, drawn towards 0 by as much as chance alone would move it. The odds
    shared ÷ (1 − shared) are multiplied by 1 + ``_FEW_DATES`` ÷ (dates + 1).
    """
    seen = np.isfinite(errors)
    mean = np.where(seen, errors, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    usual = np.median(np.abs(mean)) or 1.0
    mean = np.clip(mean / usual, -_MOST_ERROR, _MOST_ERROR)
    _, at, count = np.unique(date, return_inverse=True, return_counts=True)
    tells = count > 1
    found, dates = _intraclass(mean[tells[at]], at[tells[at]]), tells.sum()
    shared = (dates * found + _USUAL_DATES * USUAL_SHARE) / (dates + _USUAL_DATES)
    if dates:
        odds = shared / (1 - shared) * (1 + _FEW_DATES / (dates + 1))
        shared = odds / (1 + odds)
    drawn = count * found / (1 + (count - 1) * found) * np.bincount(at, mean) / count
    inflation = 1 + (len(mean) / len(count) - 1) * found
    return Dependence(shared, inflation, usual * drawn[at], len(np.unique(row)))


def _intraclass(value: np.ndarray, group: np.ndarray) -> float:
    """Return the intraclass correlation, within 0–1, of groups of two values and more.

    With one group: how far its mean is from 0. The mean error of all series and dates is taken as 0:
    forecasts are not meant to err on one side.
    """
    if not len(value):
        return 0.0
    _, at, size = np.unique(group, return_inverse=True, return_counts=True)
    groups, mean = len(size), np.bincount(at, value) / size
    within = ((value - mean[at]) ** 2).sum() / (len(value) - groups)
    between = (size * mean**2).sum() / groups
    usual = len(value) / groups
    variance = (between - within) / usual
    return float(np.clip(variance / (variance + within), 0.0, 1.0)) if between > within else 0.0
