"""The truth of what drives vacancy: differences between counterfactual districts, in percentage points.

Every figure is a sum over building-years and its number of them, so that parts of a district add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from louyu_lab.ledgers.demo.planted.drivers import DRIVERS
from louyu_lab.ledgers.demo.planted.expected import expected_vacancy, expected_vacancy_same_year
from louyu_lab.ledgers.demo.planted.plan import BURN_YEARS, PANDEMIC_YEAR, PlantedPlan
from louyu_lab.ledgers.demo.planted.rates import Circumstances, Rates, process_rates

#: Half the step of the central difference; its error is of the order of its square.
_NUDGE = 1e-3

#: Years in which having been new still tells, the opening year included.
NEW_YEARS = 8

Sums = dict[tuple[str, ...], float]


def driver_shifts() -> tuple[np.ndarray, np.ndarray]:
    """Return the shifts of log letting rate and log exit hazard: none, ± nudge and step of each driver."""
    letting, leaving = [0.0], [0.0]
    for driver in DRIVERS:
        for size in (_NUDGE, -_NUDGE, driver.step):
            letting.append(driver.letting * size)
            leaving.append(driver.leaving * size)
    return np.array(letting), np.array(leaving)


def ledger_years(plan: PlantedPlan, by_year: np.ndarray) -> np.ndarray:
    """Return the ledger years of an array whose last axis are the simulated years."""
    return by_year[..., BURN_YEARS : BURN_YEARS + plan.years]


def driver_sums(
    plan: PlantedPlan, rates: Rates, counted: np.ndarray, area_sqm: np.ndarray
) -> tuple[np.ndarray, Sums]:
    """Return expected vacancy (buildings, ledger years) and the sums of the drivers' effects.

    ``counted`` tells the building-years in the ledgers, ``area_sqm`` the marketable area by building.
    Keys are (name, ``ape`` | ``contrast``, ``plain`` | ``by_area``), with the driver always as if or, as
    ``ape_same_year`` and ``contrast_same_year``, in the year observed only; each sum is over the counted
    building-years, ``by_area`` weighted by area.
    """
    known = rates.until(BURN_YEARS + plan.years)
    shifted = ledger_years(plan, expected_vacancy(known, *driver_shifts()))
    base, sums = shifted[0], defaultdict(float)
    same_year = ledger_years(plan, expected_vacancy_same_year(known, *driver_shifts()))
    for when, worlds in (("", shifted), ("_same_year", same_year)):
        for i, driver in enumerate(DRIVERS):
            up, down, stepped = worlds[1 + 3 * i : 4 + 3 * i]
            add(sums, (driver.name, "ape" + when), (up - down) / (2 * _NUDGE), counted, area_sqm)
            add(sums, (driver.name, "contrast" + when), stepped - base, counted, area_sqm)
    add(sums, ("all", "vacancy"), base, counted, area_sqm)
    add(sums, ("all", "weight"), np.ones_like(base), counted, area_sqm)
    return base, sums


def event_sums(
    plan: PlantedPlan,
    state: Circumstances,
    base: np.ndarray,
    counted: np.ndarray,
    area_sqm: np.ndarray,
    opened: np.ndarray,
) -> Sums:
    """Return the sums of what policy, pandemic and opening did to those exposed to them.

    ``base`` is expected vacancy as it is, ``opened`` each building's opening year. Keys as in
    ``driver_sums``, with (``policy``, years since start), (``pandemic``, years since) and
    (``newly_opened``, years since opening) for the first two.
    """
    years, sums = plan.ledger_years, defaultdict(float)
    without = {
        "policy": (state.without("is_treated"), years[None, :] - plan.policy_year, state.is_treated[:, None]),
        "pandemic": (
            state.without("has_pandemic"),
            years[None, :] - PANDEMIC_YEAR,
            np.ones((len(opened), 1), bool),
        ),
        "newly_opened": (state.always_open(), years[None, :] - opened[:, None], opened[:, None] > 0),
    }
    for name, (counterfactual, since, exposed) in without.items():
        change = base - ledger_years(plan, expected_vacancy(process_rates(plan, counterfactual))[0])
        since = np.broadcast_to(since, base.shape)
        last = NEW_YEARS - 1 if name == "newly_opened" else since.max()
        for lag in range(int(last) + 1):
            here = counted & exposed & (since == lag)
            if here.any():
                add(sums, (name, str(lag)), change, here, area_sqm)
                add(sums, (name, str(lag), "weight"), np.ones_like(base), here, area_sqm)
    return sums


def add(
    sums: Sums, key: tuple[str, ...], values: np.ndarray, counted: np.ndarray, area_sqm: np.ndarray
) -> None:
    """Add the plain and the area-weighted sum of ``values`` over the counted building-years."""
    sums[(*key, "plain")] += float(values[counted].sum())
    sums[(*key, "by_area")] += float((values * area_sqm[:, None])[counted].sum())


def together(parts: Iterable[Sums]) -> Sums:
    """Return the sums of several parts added up, key by key."""
    total: Sums = defaultdict(float)
    for part in parts:
        for key, value in part.items():
            total[key] += value
    return dict(total)


def mean_over(values: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Return the mean of each building's counted years, arrays (buildings, years); NaN for none."""
    number = counted.sum(axis=1)
    return np.divide(
        (values * counted).sum(axis=1), number, out=np.full(len(number), np.nan), where=number > 0
    )
