"""Group-time effects of a staggered event, after Callaway and Sant'Anna; errors by leaving buildings out.

    ATT(g, t) = mean over buildings first treated in g of (v_t − v_{g−1})
                − the same mean over buildings not yet treated by t (nor by g−1), never those already treated

Callaway & Sant'Anna (2021), Journal of Econometrics 225. Rates are 0–1, effects differences of rates. Every
comparison takes the buildings for which both year-ends are known, so panels need not be balanced.
Effects are averaged over treated building-years: by lag t − g, and over all lags from 0 on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.policy.event_panel import EventPanel

#: Fewer controls than this in a comparison of one cohort and year, and it is not made.
CELL_CONTROLS = 5

#: How often an effect that counts as detectable is to be seen.
POWER = 0.80


@dataclass(frozen=True)
class Comparisons:
    """Every comparison of a cohort and a year with its base g − 1; c of them over n buildings.

    ``lag`` (c,) t − g; ``change`` (c, n) v_t − v_{g−1}, 0 where not used; ``treated`` and ``control`` (c, n)
    who is on which side; ``is_treated`` (n,) who is ever treated.
    """

    lag: np.ndarray
    change: np.ndarray
    treated: np.ndarray
    control: np.ndarray
    is_treated: np.ndarray


@dataclass(frozen=True)
class Effect:
    """A mean effect (difference of rates) over some comparisons.

    ``se`` by the jackknife over buildings, ``df`` its Welch degrees of freedom, ``lo, hi`` at ``LEVEL``,
    ``p_value`` two-sided by t; NaN where a side is too small. ``deviations`` (n,) of the effect when each
    building is left out.
    """

    value: float
    se: float
    df: float
    lo: float
    hi: float
    p_value: float
    n_treated: int
    n_control: int
    deviations: np.ndarray

    @property
    def detectable(self) -> float:
        """Size of the smallest effect whose interval leaves out 0 in 80 % of districts like this one.

        (t₀.₉₅ + t₀.₈₀) × se at ``df`` degrees of freedom (Bloom 1995, Evaluation Review 19), by the same t as
        the interval. Its power by the noncentral t is within a point of 80 % from 2 degrees on.
        """
        return float(stats.t.ppf([(1 + LEVEL) / 2, POWER], self.df).sum() * self.se)

    @property
    def t(self) -> float:
        """Effect over its standard error."""
        return self.value / self.se if self.se > 0 else np.nan


def comparisons(panel: EventPanel) -> Comparisons:
    """Return the comparisons that can be made; see the module's formula."""
    lags, changes, treated, control = [], [], [], []
    for cohort in np.unique(panel.first_year[panel.is_treated]):
        base = np.flatnonzero(panel.years == cohort - 1)
        if not len(base):
            continue
        change = panel.rate - panel.rate[:, base]
        for at in np.flatnonzero(panel.years != cohort - 1):
            is_known = np.isfinite(change[:, at])
            is_later = panel.first_year > max(panel.years[at], cohort - 1)
            in_cohort = is_known & (panel.first_year == cohort)
            others = is_known & is_later & (panel.first_year != cohort)
            if in_cohort.any() and others.sum() >= CELL_CONTROLS:
                lags.append(int(panel.years[at] - cohort))
                changes.append(np.where(is_known, change[:, at], 0.0))
                treated.append(in_cohort)
                control.append(others)
    n = len(panel.first_year)
    return Comparisons(
        lag=np.array(lags, dtype="int64"),
        change=np.array(changes, dtype="float64").reshape(len(lags), n),
        treated=np.array(treated, dtype=bool).reshape(len(lags), n),
        control=np.array(control, dtype=bool).reshape(len(lags), n),
        is_treated=panel.is_treated,
    )


def effect_of(made: Comparisons, lags: Sequence[int] | None = None) -> Effect:
    """Return the mean effect over the comparisons of ``lags``; by default all from 0 on.

    The weight of a comparison is its number of treated buildings. With fewer than two buildings on a
    side there is no error.
    """
    chosen = made.lag >= 0 if lags is None else np.isin(made.lag, list(lags))
    treated, control, change = made.treated[chosen], made.control[chosen], made.change[chosen]
    is_used = (treated | control).any(axis=0)
    counts = treated.sum(axis=1, keepdims=True), control.sum(axis=1, keepdims=True)
    sums = (change * treated).sum(axis=1, keepdims=True), (change * control).sum(axis=1, keepdims=True)
    value = float(_mean_effect(counts, sums)[0])
    # What is left of every count and sum when each building in turn is taken out.
    counts_without = counts[0] - treated, counts[1] - control
    sums_without = sums[0] - change * treated, sums[1] - change * control
    deviations = np.where(is_used, _mean_effect(counts_without, sums_without) - value, 0.0)
    n_treated, n_control = (int(side.any(axis=0).sum()) for side in (treated, control))
    se, df = _error(deviations, is_used, made.is_treated)
    half = stats.t.ppf((1 + LEVEL) / 2, df) * se
    p_value = float(2 * stats.t.sf(abs(value) / se, df)) if se > 0 else np.nan
    return Effect(value, se, df, value - half, value + half, p_value, n_treated, n_control, deviations)


def jackknife_factor(n: int) -> float:
    """Return (n − 1) ÷ n, by which squared deviations of leaving one out add up to a variance."""
    return (n - 1) / n if n else np.nan


def _mean_effect(counts: tuple[np.ndarray, ...], sums: tuple[np.ndarray, ...]) -> np.ndarray:
    """Mean ATT over comparisons (axis 0) weighted by treated buildings; NaN where none is left."""
    (n_treated, n_control), (treated, control) = counts, sums
    gap = treated - np.divide(n_treated * control, n_control, out=np.zeros_like(treated), where=n_control > 0)
    weight = n_treated.sum(axis=0)
    return np.divide(gap.sum(axis=0), weight, out=np.full(weight.shape, np.nan), where=weight > 0)


def _error(deviations: np.ndarray, is_used: np.ndarray, is_treated: np.ndarray) -> tuple[float, float]:
    """Jackknife standard error, and the degrees of freedom of Welch and Satterthwaite from its two sides."""
    sides = [is_used & is_treated, is_used & ~is_treated]
    n = is_used.sum()
    parts = [(float((deviations[side] ** 2).sum()), int(side.sum()) - 1) for side in sides if side.any()]
    variance = jackknife_factor(n) * sum(part for part, _ in parts)
    if not variance > 0 or any(df < 1 for _, df in parts):
        return np.nan, np.nan
    freedom = sum(part for part, _ in parts) ** 2 / sum(part**2 / df for part, df in parts)
    return float(np.sqrt(variance)), float(freedom)
