"""Whether an effect can be believed: trends before, a start that never was, and treatment drawn by lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from louyu_lab.analysis.vacancy.policy.effects import (
    Comparisons,
    Effect,
    comparisons,
    effect_of,
    jackknife_factor,
)
from louyu_lab.analysis.vacancy.policy.event_panel import EventPanel

#: Lags before the start that are tested together; each further one costs the test power.
TESTED_LAGS = (-2, -3, -4)

#: The placebo pretends that everything began so many years earlier.
PLACEBO_YEARS = 2

#: Draws of treatment by lot: a p-value of 5 % is then known to ± 1 point.
PERMUTATIONS = 499


@dataclass(frozen=True)
class PreTrend:
    """Tests that treated buildings moved like their controls before, over the ``lags`` tested.

    ``p_value`` of all lags together; ``drift_p`` of their mean, which sees a steady drift sooner.
    """

    lags: tuple[int, ...]
    p_value: float
    drift_p: float


def pre_trend(made: Comparisons, fewest: int) -> PreTrend:
    """Test the effects at ``TESTED_LAGS`` together, those with ``fewest`` treated buildings or more.

    Hotelling's T² on the jackknife covariance: with q lags and Welch's d degrees of freedom
    F = T² (d − q + 1) ÷ (q d) on q and d − q + 1. No lag, or too few buildings for that many: NaN.
    """
    effects = {lag: effect_of(made, [lag]) for lag in TESTED_LAGS}
    lags = tuple(lag for lag, effect in effects.items() if effect.n_treated >= fewest and effect.se > 0)
    if not lags:
        return PreTrend((), np.nan, np.nan)
    drift_p = effect_of(made, lags).p_value
    values = np.array([effects[lag].value for lag in lags])
    deviations = np.nan_to_num(np.stack([effects[lag].deviations for lag in lags]))
    n = np.count_nonzero((deviations != 0).any(axis=0))
    covariance = jackknife_factor(n) * deviations @ deviations.T
    df = min(effects[lag].df for lag in lags)
    free = df - len(lags) + 1
    if free <= 0 or np.linalg.matrix_rank(covariance) < len(lags):
        return PreTrend(lags, np.nan, drift_p)
    t_squared = float(values @ np.linalg.solve(covariance, values))
    p_value = float(stats.f.sf(t_squared * free / (len(lags) * df), len(lags), free))
    return PreTrend(lags, p_value, drift_p)


def placebo(panel: EventPanel) -> Effect:
    """Return the effect of a start ``PLACEBO_YEARS`` earlier, from year-ends before the true one only."""
    return effect_of(comparisons(panel.before_treatment().first_at(panel.first_year - PLACEBO_YEARS)))


def permutation_p_value(panel: EventPanel, observed: Effect, rng: np.random.Generator) -> float:
    """Return how often treatment dealt out by lot gives a t as large: (1 + times) ÷ (1 + draws).

    The first years are dealt anew among the buildings with any usable year-end; t instead of the effect
    itself, so that treated buildings that vary more than the others do not count against it.
    """
    if not observed.se > 0:
        return np.nan
    dealt = np.flatnonzero(np.isfinite(panel.rate).any(axis=1))
    times = 0
    for _ in range(PERMUTATIONS):
        first = np.full_like(panel.first_year, np.inf)
        first[dealt] = rng.permutation(panel.first_year[dealt])
        drawn = effect_of(comparisons(panel.first_at(first))).t
        times += bool(abs(drawn) >= abs(observed.t))
    return (1 + times) / (1 + PERMUTATIONS)
