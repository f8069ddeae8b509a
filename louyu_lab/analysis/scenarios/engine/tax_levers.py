"""Levers on tax as factors on what is paid anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.resolving import in_years
from louyu_lab.analysis.scenarios.levers.setting import Clause

#: What stands where a lever is not set.
_UNSET = Clause(float("nan"))


@dataclass(frozen=True)
class TaxLevers:
    """Factors on tax: of ``units`` (1 or draws, n, h), and of newcomers by ``buildings`` (1 or draws, b, h).

    ``newcomers_yield`` (1 or draws, h) mature tax of a ㎡ let in the year (元), registration in it.
    """

    units: np.ndarray
    buildings: np.ndarray
    newcomers_yield: np.ndarray


def tax_levers(plan: Plan, noise: Noise) -> TaxLevers:
    """Return the factors of a scenario; all 1 where it sets none."""
    factor = plan.over("tax_factor", plan.of_units).drawn(noise.of_lever("tax_factor"))
    factor = factor * _refitted(plan, noise)[:, plan.world.home] * _tax_types(plan)
    weight = np.maximum(plan.world.tax, 0.0)
    buildings = np.swapaxes(plan.world.mean_by_building(np.swapaxes(factor, 1, 2), weight), 1, 2)
    units = factor * _growth(plan, noise) * _registered(plan, noise)
    return TaxLevers(units, buildings, _newcomers_yield(plan, noise))


def _growth(plan: Plan, noise: Noise) -> np.ndarray:
    """Return how much more a unit pays by growing otherwise; (1 or draws, n, h).

    Π over the years of (growth in place of the baseline's) ÷ (the baseline's) × (1 + added growth); growth in
    place of the baseline's is the median growth of every tenant it holds for.
    """
    made = np.ones((1, len(plan.world.home), plan.baseline.horizon))
    if plan.is_set("incumbent_growth_rate"):
        drift = np.diff(plan.baseline.growth.drift, prepend=0.0)
        own = np.exp(drift + plan.world.growth[:, None])
        grid = plan.over("incumbent_growth_rate", plan.of_units)
        # A year, or a tenant, that is not named grows as in the baseline.
        named = plan.over("incumbent_growth_rate", plan.of_units, _UNSET).center
        drawn = grid.drawn(noise.of_lever("incumbent_growth_rate"))
        made = made * np.cumprod(np.where(np.isnan(named), 1.0, (1 + drawn) / own), axis=2)
    if plan.is_set("growth_change_rate"):
        added = plan.over("growth_change_rate", plan.of_units).drawn(noise.of_lever("growth_change_rate"))
        made = made * np.cumprod(1 + added, axis=2)
    return made


def _refitted(plan: Plan, noise: Noise) -> np.ndarray:
    """Return the factor on the tax of refitted buildings; (1 or draws, b, h)."""
    if not plan.refit_from.any():
        return np.ones((1, *plan.refit_from.shape))
    factor = plan.one_drawn("refit_tax_factor", noise.of_lever("refit_tax_factor"))
    return np.where(plan.refit_from, factor[:, :, None], 1.0)


def _tax_types(plan: Plan) -> np.ndarray:
    """Return Π over the kinds of tax of 1 + share × (factor − 1); (h,)."""
    made = np.ones(plan.baseline.horizon)
    for kind, share in plan.baseline.tax_types.items():
        factor = np.ones(plan.baseline.horizon)
        for clause in plan.clauses("tax_type_factor"):
            if kind in clause.scope.get("tax_types", (kind,)):
                factor = np.where(in_years(clause, plan.baseline.years), clause.value, factor)
        made = made * (1 + share * (factor - 1))
    return made


def _registered(plan: Plan, noise: Noise) -> np.ndarray:
    """Return the factor of today's tenants' registration: 1 + landed × (rate ÷ today's − 1); (…, 1, h).

    Observed tax already holds today's rate: only the ratio counts.
    """
    now = plan.baseline.registration_rate
    if not plan.is_set("registration_rate") or not now > 0:
        return np.ones((1, 1, plan.baseline.horizon))
    landed = plan.one_drawn("registration_recovery_rate", noise.of_lever("registration_recovery_rate"))
    return 1 + landed[:, :, None] * (plan.by_year("registration_rate", now) / now - 1)


def _newcomers_yield(plan: Plan, noise: Noise) -> np.ndarray:
    """Return the mature tax of a ㎡ let in each year (元), at the level of the base year; (1 or draws, h)."""
    entrants, mean = plan.baseline.entrants, plan.baseline.mean_yield_yuan_sqm
    yields = np.full((1, plan.baseline.horizon), entrants.yield_yuan_sqm)
    if plan.is_set("new_tenant_yield_ratio") and mean > 0:
        now = Clause(entrants.yield_yuan_sqm / mean)
        ratio = plan.over("new_tenant_yield_ratio", plan.of_district, now)
        yields = ratio.drawn(noise.of_lever("new_tenant_yield_ratio"))[:, 0] * mean
    now = entrants.registration_rate
    if plan.is_set("new_tenant_registration_rate") and now > 0:
        yields = yields * plan.by_year("new_tenant_registration_rate", now) / now
    return yields
