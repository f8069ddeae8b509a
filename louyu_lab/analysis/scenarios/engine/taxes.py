"""Tax year by year: those who are there, those who come, and where those who move pay it."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.scenarios.engine.areas import Areas
from louyu_lab.analysis.scenarios.engine.moving import by_place
from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.swaps import Swaps
from louyu_lab.analysis.scenarios.engine.tax_levers import TaxLevers


def incumbents_tax(
    plan: Plan,
    noise: Noise,
    areas: Areas,
    levers: TaxLevers,
    swaps: Swaps | None,
    scale: np.ndarray | None,
) -> np.ndarray:
    """Return the tax (draws, places, h) of who was there in the base year, wherever it is by then.

    Who leaves during a year pays half of it; who moves pays at its new place, see ``moving.by_place``. In
    buildings it is as simulated; what new places draw from a building counts ``scale`` (draws, b, h) of it,
    as it will there.
    """
    draws, places = areas.years[0].occupied.shape
    paid = np.zeros((draws, places, plan.baseline.horizon))
    before = np.ones((draws, len(plan.world.home)), dtype="float32")
    for step in range(plan.baseline.horizon):
        now = areas.shares[step]
        there = (before + now) / 2
        if plan.gone.any():
            there = np.minimum(there, 1 - plan.gone[step])
        if swaps:
            there = there * (1 - swaps.out[step] + swaps.fresh[step] / 2)
        own = noise.grown[step] * there * levers.units[..., step]
        counts = None if scale is None else scale[:, :, step]
        paid[:, :, step] = by_place(own, plan, noise, areas.years[step], step, counts)
        before = now
    return paid


def newcomers_tax(
    plan: Plan, noise: Noise, areas: Areas, levers: TaxLevers, swaps: Swaps | None
) -> np.ndarray:
    """Return the tax (draws, places, h) of those who came after the base year.

    Newcomers stand in a queue at each place, each with its own part of what newcomers pay on average (none,
    for many). As many enter as the area let to them holds. In the years after they pay by their ramp, less
    those who have left again, growing as all taxes do. Those let in by swaps are newcomers too.
    """
    entrants, h = plan.baseline.entrants, plan.baseline.horizon
    draws, places = areas.years[0].occupied.shape
    paid = np.zeros((draws, places, h))
    if swaps:
        swapped = swaps.tax_yuan(areas.shares, entrants) * areas.in_place(plan.baseline.move_rate)
        paid[:, : plan.world.buildings] += swapped * noise.level * levers.buildings
    if not np.isfinite(entrants.yield_yuan_sqm) or entrants.yield_yuan_sqm <= 0:
        return paid
    entered = np.cumsum(areas.stacked("entered"), axis=2) / entrants.firm_area_sqm
    used = np.flatnonzero(entered[:, :, -1].any(axis=0))
    multiples = np.stack([noise.queues.paid(entered[:, used, step], used) for step in range(h)], axis=2)
    multiples = np.diff(multiples, axis=2, prepend=0.0)
    level = _over_places(noise.level, places - noise.level.shape[1])
    factor = _over_places(levers.buildings, places - levers.buildings.shape[1])
    for begun in range(h):
        present = multiples[:, :, begun] * entrants.firm_area_sqm * levers.newcomers_yield[:, begun, None]
        for step in range(begun, h):
            if step > begun:
                present = present * areas.years[step].kept[:, used]
            paid[:, used, step] += present * entrants.ramp[step - begun] * (level * factor)[:, used, step]
    return paid


def _over_places(values: np.ndarray, new: int) -> np.ndarray:
    """Return building values (…, b, h) with their mean for each of ``new`` places; (…, b + new, h)."""
    mean = values.mean(axis=-2, keepdims=True)
    return np.concatenate([values, np.repeat(mean, new, axis=-2)], axis=-2)
