"""Event panels: made up cell by cell, and of planted districts whose policy effect is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from louyu_lab.analysis.vacancy.policy.event_panel import SETTLED_YEARS, EventPanel
from louyu_lab.ledgers.demo.planted import PlantedPlan, effects
from louyu_lab.ledgers.demo.planted.outcome import part_streams, simulated


@pytest.fixture(scope="session")
def event_of() -> Callable[..., EventPanel]:
    """Return a maker of panels from rates (n, T) and first treated years, the first column being 2013."""

    def make(rate: np.ndarray, first_year: list[float]) -> EventPanel:
        rate = np.asarray(rate, dtype="float64")
        ids = np.array([f"L{at:03d}" for at in range(len(rate))])
        return EventPanel(ids, 2013 + np.arange(rate.shape[1]), rate, np.asarray(first_year, dtype="float64"))

    return make


@pytest.fixture(scope="session")
def staggered(event_of: Callable[..., EventPanel]) -> Callable[..., tuple[EventPanel, dict[int, float]]]:
    """Return a maker of panels with two cohorts, growing effects, and never treated buildings.

    Treated in 2016 gain 2 points a year from then on, treated in 2018 5 points a year: two-way fixed effects
    would compare the second cohort with the first, whose own effect still grows. Returned with the true
    effect by lag.
    """

    def make(rng: np.random.Generator, noise: float, each: int = 10) -> tuple[EventPanel, dict[int, float]]:
        first = np.repeat([2016.0, 2018.0, np.inf], [each, each, 2 * each])
        lag = 2013 + np.arange(8) - first[:, None]
        step = np.where(first == 2016, -0.02, -0.05)[:, None]
        effect = np.where(lag >= 0, step * (lag + 1), 0.0)
        level = rng.uniform(0.3, 0.5, (len(first), 1)) + 0.01 * np.arange(8)
        true = {int(at): float(effect[lag == at].mean()) for at in np.unique(lag[lag >= 0])}
        return event_of(level + effect + rng.normal(0, noise, effect.shape), list(first)), true

    return make


@pytest.fixture(scope="session")
def planted_event() -> Callable[[int], tuple[EventPanel, float]]:
    """Return a maker of realistic districts by seed: the policy's panel and its true mean effect (0–1)."""

    def make(seed: int) -> tuple[EventPanel, float]:
        plan = PlantedPlan(buildings=90, years=8, seed=seed, difficulty="realistic")
        made = simulated(plan, 0, plan.buildings, part_streams(plan, 0))
        base, _ = effects.driver_sums(plan, made.rates, made.is_open, made.marketable_sqm)
        sums = effects.event_sums(plan, made.state, base, made.is_open, made.marketable_sqm, made.opened_year)
        lags = [key[1] for key in sums if key[0] == "policy" and key[2:] == ("plain",)]
        treated_years = sum(sums["policy", lag, "weight", "plain"] for lag in lags)
        years = plan.ledger_years
        is_settled = years[None, :] - made.opened_year[:, None] >= SETTLED_YEARS
        rate = np.where(is_settled, 1 - made.let_sqm / made.marketable_sqm[:, None], np.nan)
        first = np.where(made.state.is_treated, float(plan.policy_year), np.inf)
        has_base = np.isfinite(rate[:, plan.policy_year - 1 - plan.first_year])
        kept = has_base | ~made.state.is_treated
        panel = EventPanel(np.flatnonzero(kept), years, rate[kept], first[kept])
        return panel, sum(sums["policy", lag, "plain"] for lag in lags) / treated_years

    return make
