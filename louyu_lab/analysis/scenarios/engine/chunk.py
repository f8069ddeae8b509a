"""One chunk of draws of one scenario: its areas, what is paid, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.engine.areas import Areas, simulate_areas
from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.swaps import Swaps, swaps_of
from louyu_lab.analysis.scenarios.engine.tax_levers import tax_levers
from louyu_lab.analysis.scenarios.engine.taxes import incumbents_tax, newcomers_tax


@dataclass(frozen=True)
class Chunk:
    """What a chunk comes to before its tax agrees with chapter 04.

    ``incumbents_yuan, newcomers_yuan`` (draws, places, h); ``of_places`` further fields of ``Courses`` with
    that shape, ``of_district`` those of shape (draws, h).
    """

    incumbents_yuan: np.ndarray
    newcomers_yuan: np.ndarray
    of_places: dict[str, np.ndarray]
    of_district: dict[str, np.ndarray]


def simulate_chunk(plan: Plan, noise: Noise, scale: np.ndarray | None = None) -> Chunk:
    """Simulate one chunk of draws.

    ``scale`` (draws, b, h) is what a 元 of each building's incumbents counts; None for 1.
    """
    swaps = swaps_of(plan, noise)
    areas = simulate_areas(plan, noise, swaps)
    levers = tax_levers(plan, noise)
    unknown = np.append(~plan.world.is_known, np.zeros(len(plan.new_space.gross), dtype=bool))
    of_places = {
        "occupied_sqm": areas.stacked("occupied"),
        "let_sqm": areas.stacked("entered"),
        "exits_sqm": areas.stacked("exits"),
    }
    of_places["occupied_sqm"][:, unknown] = np.nan
    of_district = {
        f"{name}_sqm": areas.stacked(name)
        for name in ("moved", "asked", "taken", "supported", "additional", "swapped")
    } | {name: areas.stacked(name) for name in ("support_yuan", "idle_support_yuan")}
    return Chunk(
        incumbents_tax(plan, noise, areas, levers, swaps, scale),
        newcomers_tax(plan, noise, areas, levers, swaps),
        of_places,
        {**of_district, **_numbers(plan, areas, swaps)},
    )


def _numbers(plan: Plan, areas: Areas, swaps: Swaps | None) -> dict[str, np.ndarray]:
    """Return how many enterprises there are, registered and paying; (draws, h), NaN where unknown."""
    world, entrants, h = plan.world, plan.baseline.entrants, plan.baseline.horizon
    there = areas.shares if swaps is None else areas.shares * (1 - swaps.out)[:, None]
    came = areas.stacked("newcomers").sum(axis=1)
    if swaps:
        came = came + np.stack(
            [swaps.let_again_sqm(areas.shares, step).sum(axis=1) for step in range(h)], axis=1
        )
    came = came / entrants.firm_area_sqm
    nobody = not world.firms.sum() > 0
    counted = np.stack([world.firms, world.registered, world.paying], axis=1)
    stayed, registered, paying = np.moveaxis(there @ counted, (2, 1), (0, 1))
    firms = stayed + came
    if plan.is_set("registration_rate"):
        now = plan.baseline.registration_rate
        registered = np.minimum(registered * (plan.by_year("registration_rate", now) / now), stayed)
    rate = plan.by_year("new_tenant_registration_rate", entrants.registration_rate)
    numbers = {
        "firms": firms,
        "registered": registered + came * rate,
        "paying": paying + came * entrants.paying_rate,
    }
    return {name: np.full_like(of, np.nan) if nobody else of for name, of in numbers.items()}
