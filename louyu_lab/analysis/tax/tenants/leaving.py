"""Who stops paying: exits by size and industry, moves inside the district, years without tax."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.tenants.units import Units

#: Exits a group's rate is worth before it has a say of its own (gamma–Poisson).
_WORTH = 3.0

#: Nobody is as good as gone.
_MOST_RATE = 0.95

#: Priors where nobody was seen: yearly exit (工商总局 2013: 6.2 % in 2012) worth so many tenant-years.
_EXIT_RATE, _EXIT_YEARS = 0.062, 30.0

#: Where tax divides the tenants when exits are set against it (finer at the top), and the exits needed.
_QUANTILES, _FEWEST_EXITS = (0.25, 0.5, 0.7, 0.85, 0.93, 0.97, 0.99), 20


@dataclass(frozen=True)
class Leaving:
    """Yearly chances of a tenant that pays and is there at the year's end. Rates 0–1.

    ``exit_rate`` (n,) of leaving the buildings within the next year, ``move_rate`` of going to another of
    them and paying on; ``parted`` what leavers pay in their last year as parts of a year's tax (drawn in
    proportion to it); ``silent_rate`` of staying without paying in a year, ``return_rate`` of who is there
    and did not pay in the base year, but before, paying again; ``late_rate`` tax in the year after leaving
    ÷ tax in that of leaving.
    """

    exit_rate: np.ndarray
    move_rate: float
    parted: np.ndarray
    parted_weight: np.ndarray
    silent_rate: float
    return_rate: float
    late_rate: float

    @property
    def parted_mean(self) -> float:
        """Return the mean part of a year that leavers pay."""
        return float(np.average(self.parted, weights=self.parted_weight))


def fit_leaving(units: Units) -> Leaving:
    """Count the leavings of every pair of years."""
    tax, here, home = units.tax_yuan, units.is_here, units.home
    at_risk = here[:, :-1] & (tax[:, :-1] > 0)
    left = at_risk & ~here[:, 1:]
    stayed = at_risk & here[:, 1:]
    moved = stayed & (home[:, 1:] != home[:, :-1]) & (home[:, 1:] >= 0) & (home[:, :-1] >= 0)
    money = np.where(at_risk, tax[:, :-1], 0.0)
    part = np.clip(tax[:, 1:] / np.where(tax[:, :-1] > 0, tax[:, :-1], 1.0), 0.0, 1.0)[left]
    weight = tax[:, :-1][left]
    silent = stayed & (tax[:, 1:] <= 0)
    waiting = here[:, :-1] & (tax[:, :-1] <= 0) & (np.cumsum(tax > 0, axis=1)[:, :-1] > 0) & here[:, 1:]
    gone = ~here[:, :-1] & (tax[:, :-1] > 0) & ~here[:, 1:]
    return Leaving(
        exit_rate=_exit_rates(units, at_risk, left),
        move_rate=float((moved.sum() + 0.5) / (at_risk.sum() + 50.0)),
        parted=np.append(part, 0.5),
        parted_weight=np.append(weight, max(weight.mean(), 1.0) if len(weight) else 1.0),
        silent_rate=float(money[silent].sum() / max(money[stayed].sum(), 1.0)),
        return_rate=float(((tax[:, 1:] > 0) & waiting).sum() / max(waiting.sum(), 1)),
        late_rate=float(min(1.0, tax[:, 1:][gone].sum() / max(tax[:, :-1][gone].sum(), 1.0))),
    )


def _exit_rates(units: Units, at_risk: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return each unit's rate: a line of its log tax × ratios of size and industry, shrunk to 1."""
    rows, years = np.nonzero(at_risk)
    gone = left[rows, years].astype("float64")
    log_tax = np.log(units.tax_yuan[rows, years])
    slope, start = _by_size(log_tax, gone)
    # Beyond the taxes seen the line is not followed.
    reach = (log_tax.min(), log_tax.max()) if len(log_tax) else (0.0, 0.0)
    last = np.clip(np.log(np.maximum(units.tax_yuan[:, -1], 1.0)), *reach)
    expected, rate = (np.exp(start + slope * log) for log in (log_tax, last))
    names, sector = np.unique(units.sector, return_inverse=True)
    edges = np.unique(np.quantile(log_tax, _QUANTILES)) if len(log_tax) else np.empty(0)
    size, now = (np.searchsorted(edges, log, side="right") for log in (log_tax, last))
    for seen, groups, own in ((size, len(edges) + 1, now), (sector[rows], len(names), sector)):
        ratio = _ratios(seen, gone, expected, groups)
        expected, rate = expected * ratio[seen], rate * ratio[own]
    return np.minimum(rate, _MOST_RATE)


def _by_size(log_tax: np.ndarray, gone: np.ndarray) -> tuple[float, float]:
    """Return slope and start of the log rate against log tax: who pays more does not leave more often."""
    base = float(np.log((gone.sum() + _EXIT_RATE * _EXIT_YEARS) / (len(gone) + _EXIT_YEARS)))
    if gone.sum() < _FEWEST_EXITS:
        return 0.0, base
    edges = np.unique(np.quantile(log_tax, _QUANTILES))
    size = np.searchsorted(edges, log_tax, side="right")
    seen, n = np.bincount(size), np.bincount(size, gone)
    middle = np.bincount(size, log_tax)[seen > 0] / seen[seen > 0]
    n, seen = n[seen > 0], seen[seen > 0]
    if len(n) < 2:
        return 0.0, base
    slope, start = np.polyfit(middle, np.log((n + 0.5) / (seen + 1.0)), 1, w=np.sqrt(n + 0.5))
    return (float(slope), float(start)) if slope < 0 else (0.0, base)


def _ratios(group: np.ndarray, gone: np.ndarray, expected: np.ndarray, groups: int) -> np.ndarray:
    seen = np.bincount(group, gone, minlength=groups)
    awaited = np.bincount(group, expected, minlength=groups)
    return (seen + _WORTH) / (awaited + _WORTH)
