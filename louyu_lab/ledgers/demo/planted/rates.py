"""The rates of the planted process: how fast vacant suites are let and tenants leave, by half-year.

A vacant suite is let at a yearly rate ``m``, a tenant leaves at a yearly hazard ``h``; both are
loglinear in the drivers. Were they constant, a building's vacancy would come to rest at ``h/(h+m)``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from louyu_lab.ledgers.demo.planted.drivers import DRIVERS
from louyu_lab.ledgers.demo.planted.plan import PANDEMIC_YEAR, PlantedPlan
from louyu_lab.ledgers.demo.planted.sectors import sector_factors

#: Yearly exit hazard of the average tenant where every driver has its reference value.
EXIT_HAZARD = 0.10

#: Effects on the logarithm of the letting rate (and of the exit hazard, for the policy).
PANDEMIC_LETTING = -0.45
POLICY_LETTING, POLICY_LEAVING = 0.50, -0.25

HALVES_A_YEAR, MONTHS_A_HALF = 2, 6


@dataclass(frozen=True)
class Circumstances:
    """Everything the rates depend on.

    ``drivers`` (drivers, buildings, simulated years), ``trait`` and ``quality`` (buildings) with their
    effect on the logarithm of the letting rate already taken, ``year_shock`` (simulated years),
    ``is_treated`` by the policy and ``entry_mix`` (buildings, sectors), ``opening_month`` counted from
    the first month simulated (negative: open before).
    """

    drivers: np.ndarray
    trait: np.ndarray
    quality: np.ndarray
    year_shock: np.ndarray
    is_treated: np.ndarray
    entry_mix: np.ndarray
    opening_month: np.ndarray
    has_pandemic: bool = True

    def without(self, *parts: str) -> Circumstances:
        """Return the counterfactual without ``trait``, ``quality``, ``is_treated`` or ``has_pandemic``."""
        return dataclasses.replace(self, **{part: np.zeros_like(getattr(self, part)) for part in parts})

    def always_open(self) -> Circumstances:
        """Return the counterfactual in which every building opened long ago, its drivers held."""
        return dataclasses.replace(self, opening_month=np.full_like(self.opening_month, -12 * 60))


@dataclass(frozen=True)
class Rates:
    """Rates by half-year from the first year simulated.

    ``log_letting`` and ``log_leaving`` (buildings, half-years): logarithms of yearly rates, the second of
    the average sector's; ``leaving_factor`` (half-years, sectors); ``entry_mix`` (buildings, sectors);
    ``opening_month`` (buildings).
    """

    log_letting: np.ndarray
    log_leaving: np.ndarray
    leaving_factor: np.ndarray
    entry_mix: np.ndarray
    opening_month: np.ndarray

    def until(self, years: int) -> Rates:
        """Return the rates of the first ``years`` simulated."""
        halves = years * HALVES_A_YEAR
        return dataclasses.replace(
            self,
            log_letting=self.log_letting[:, :halves],
            log_leaving=self.log_leaving[:, :halves],
            leaving_factor=self.leaving_factor[:halves],
        )


def reference_letting_rate(plan: PlantedPlan) -> float:
    """Return the yearly letting rate at the drivers' reference values: ``m = h (1 − v) / v``."""
    vacancy = plan.nature.long_run_vacancy
    return EXIT_HAZARD * (1 - vacancy) / vacancy


def process_rates(plan: PlantedPlan, circumstances: Circumstances) -> Rates:
    """Return the rates that the circumstances give."""
    years = plan.simulated_years
    centred = circumstances.drivers - np.array([driver.centre for driver in DRIVERS])[:, None, None]
    letting = np.tensordot([driver.letting for driver in DRIVERS], centred, axes=1)
    leaving = np.tensordot([driver.leaving for driver in DRIVERS], centred, axes=1)
    is_pandemic = (years == PANDEMIC_YEAR) & bool(circumstances.has_pandemic)
    letting += (circumstances.trait + circumstances.quality)[:, None] + circumstances.year_shock
    letting += PANDEMIC_LETTING * is_pandemic + np.log(reference_letting_rate(plan))
    leaving += np.log(EXIT_HAZARD)
    letting, leaving = (np.repeat(log, HALVES_A_YEAR, axis=1) for log in (letting, leaving))
    treated = policy_in_force(plan, circumstances.is_treated)
    factors = sector_factors()
    by_year = np.where(is_pandemic[:, None], factors.pandemic_leaving, 1.0) * factors.leaving
    return Rates(
        log_letting=letting + POLICY_LETTING * treated,
        log_leaving=leaving + POLICY_LEAVING * treated,
        leaving_factor=np.repeat(by_year, HALVES_A_YEAR, axis=0),
        entry_mix=circumstances.entry_mix,
        opening_month=circumstances.opening_month,
    )


def policy_in_force(plan: PlantedPlan, is_treated: np.ndarray) -> np.ndarray:
    """Return whether the policy acts on each building in each half-year: from 1 July of its year on."""
    halves = np.arange(len(plan.simulated_years) * HALVES_A_YEAR)
    start = (plan.policy_year - plan.start_year) * HALVES_A_YEAR + 1
    return np.asarray(is_treated, bool)[:, None] & (halves >= start)


def monthly(log_rate: np.ndarray, factor: np.ndarray | float = 1.0) -> np.ndarray:
    """Return the probability of an event within a month, ``1 − exp(−rate × factor / 12)``."""
    return -np.expm1(-np.exp(log_rate) * factor / 12)
