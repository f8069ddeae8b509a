"""腾笼换鸟: tenants of the lowest yield make room for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Entrants
from louyu_lab.analysis.scenarios.engine.noise import Noise, Queues, queues_of
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.world import World

#: Moments of a year at which swaps happen.
_MOMENTS = (np.arange(100) + 0.5) / 100


@dataclass(frozen=True)
class Swaps:
    """``out`` (h, n) share of each unit that has made room by the year's end, ``fresh`` (h, n) in that year.

    ``void_years`` (1 or draws,) how long the space then stands empty; ``yield_yuan_sqm`` (1 or draws,) what
    its new tenants pay (元/㎡ a year, at the level of the base year); ``queue`` those who wait to come.
    """

    world: World
    out: np.ndarray
    fresh: np.ndarray
    void_years: np.ndarray
    yield_yuan_sqm: np.ndarray
    queue: Queues

    def of_year_sqm(self, shares: np.ndarray, step: int) -> np.ndarray:
        """Return the area (draws,) that is swapped in the year."""
        return (shares[step] * (self.fresh[step] * self.world.area)).sum(axis=1)

    def void_sqm(self, shares: np.ndarray, step: int) -> np.ndarray:
        """Return the area (draws, b) that still stands empty at the year's end.

        Swaps are spread over the year: of those of the year as much as the void lasts, up to all of it.
        """
        return self._of_begun(shares, step, lambda age: np.clip(self.void_years - age, 0.0, 1.0))

    def let_again_sqm(self, shares: np.ndarray, step: int) -> np.ndarray:
        """Return the area (draws, b) let again by the year's end."""
        return self._of_begun(shares, step, lambda age: 1 - np.clip(self.void_years - age, 0.0, 1.0))

    def tax_yuan(self, shares: np.ndarray, entrants: Entrants) -> np.ndarray:
        """Return what the new tenants pay (draws, b, h), 元 at the level of the base year.

        They are drawn like other newcomers, from a queue of their own. Of a swap of ``age`` years before it
        is ∫(1 + age − s − void) over its moment s, at most 1; some have left again.
        """
        h, area = len(self.fresh), entrants.firm_area_sqm
        firms = [
            self.world.by_building(shares[step] * (self.fresh[step] * self.world.area)) / area
            for step in range(h)
        ]
        everywhere = np.arange(self.world.buildings)
        drawn = [self.queue.paid(upto, everywhere) for upto in np.cumsum(firms, axis=0)]
        paid = np.zeros((*firms[0].shape, h))
        for begun, multiples in enumerate(np.diff(drawn, axis=0, prepend=0.0)):
            for step in range(begun, h):
                left = (1 - entrants.exit_rate) ** (step - begun)
                paid[:, :, step] += multiples * left * self._part(step - begun)[:, None]
        return paid * area * self.yield_yuan_sqm[:, None, None]

    def _part(self, age: int) -> np.ndarray:
        late = np.maximum(_MOMENTS + self.void_years[:, None] - age, 0.0)
        return np.clip(1 - late, 0.0, 1.0).mean(axis=1)

    def _of_begun(self, shares: np.ndarray, step: int, part: Callable[[int], np.ndarray]) -> np.ndarray:
        return sum(
            self.world.by_building(shares[step] * (self.fresh[begun] * self.world.area))
            * part(step - begun)[:, None]
            for begun in range(step + 1)
        )


def swaps_of(plan: Plan, noise: Noise) -> Swaps | None:
    """Return the swaps of a scenario, None where it has none.

    Each year's area is taken from the units of lowest tax a ㎡ in the buildings meant, one after the other.
    """
    asked = plan.amounts("swap_sqm")
    if not asked:
        return None
    world = plan.world
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(np.where(world.area > 0, world.tax / world.area, np.inf), kind="stable")
    left = np.where(world.area > 0, 1.0, 0.0)
    fresh = np.zeros((plan.baseline.horizon, len(left)))
    for step in range(plan.baseline.horizon):
        for chosen, amount in asked:
            own = order[chosen[world.home[order]]]
            area = left[own] * world.area[own]
            before = np.cumsum(area) - area
            part = np.clip(amount[step] - before, 0.0, area)
            share = np.divide(part, world.area[own], out=np.zeros_like(part), where=world.area[own] > 0)
            fresh[step, own] += share
            left[own] -= share
    if not fresh.any():
        return None
    mean = plan.baseline.mean_yield_yuan_sqm
    ratio, months = (
        plan.one_drawn(name, noise.of_lever(name))[:, 0] for name in ("swap_yield_ratio", "swap_void_months")
    )
    yields = ratio * np.nan_to_num(mean)
    queue = queues_of(
        plan.baseline.entrants, world.by_building(fresh.sum(axis=0) * world.area), noise, "swap_sqm"
    )
    return Swaps(world, np.cumsum(fresh, axis=0), fresh, months / 12, yields, queue)
