"""腾笼换鸟: tenants of the lowest yield make room for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.world import World

#: Moments of a year at which swaps happen.
_MOMENTS = (np.arange(100) + 0.5) / 100


@dataclass(frozen=True)
class Swaps:
    """``out`` (h, n) share of each unit that has made room by the year's end, ``fresh`` (h, n) in that year.

    ``void_years`` (1 or draws,) how long the space then stands empty; ``yield_yuan_sqm`` (1 or draws,) what
    its new tenants pay (元/㎡ a year, at the level of the base year).
    """

    world: World
    out: np.ndarray
    fresh: np.ndarray
    void_years: np.ndarray
    yield_yuan_sqm: np.ndarray

    def of_year_sqm(self, shares: np.ndarray, step: int) -> np.ndarray:
        """Return the area (draws,) that is swapped in the year."""
        return (shares[step] * (self.fresh[step] * self.world.area)).sum(axis=1)

    def present_sqm(self, shares: np.ndarray, step: int) -> np.ndarray:
        """Return the area (draws, b) let again by the year's end.

        Swaps are spread over the year: of those of the year 1 − void are let again at its end.
        """
        return self._let_again(shares, step, lambda age: np.clip(1 + age - self.void_years, 0.0, 1.0))

    def paid_sqm(self, shares: np.ndarray, step: int) -> np.ndarray:
        """Return the area (draws, b) for which tax is paid, on the average of the year.

        Of a swap of the year before or earlier it is ∫(1 + age − s − void) over its moment s, at most 1.
        """

        def part(age: int) -> np.ndarray:
            late = np.maximum(_MOMENTS + self.void_years[:, None] - age, 0.0)
            return np.clip(1 - late, 0.0, 1.0).mean(axis=1)

        return self._let_again(shares, step, part)

    def _let_again(self, shares: np.ndarray, step: int, part: Callable[[int], np.ndarray]) -> np.ndarray:
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
    return Swaps(world, np.cumsum(fresh, axis=0), fresh, months / 12, yields)
