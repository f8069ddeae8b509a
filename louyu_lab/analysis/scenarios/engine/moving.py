"""Where those who move inside the district pay: it neither gains nor loses by them."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.scenarios.engine.areas import YearEnd
from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.world import World


def by_place(yuan: np.ndarray, world: World, noise: Noise, put: float, year: YearEnd) -> np.ndarray:
    """Return the tax (draws, places) of the units' ``yuan`` (draws, n) where they stand at the year's end.

    A share 1 − settled of the tenants has been drawn away by new buildings; of the rest 1 − ``put`` has
    moved by the market. A group of small tenants moves by these shares; a single enterprise is somewhere
    as a whole, with these chances: a new building filled from old ones is no 亿元楼 by mean shares. By the
    market they go where there was room in the base year, the same places in every scenario; among new
    buildings in proportion to what these let to the likes of them.
    """
    settled, places = year.settled, year.occupied.shape[1]
    alone = np.flatnonzero(world.single)
    many = yuan.copy()
    many[:, alone] = 0.0
    grouped = world.by_building(many)
    paid = np.zeros((len(yuan), places))
    paid[:, : world.buildings] = grouped * put * settled
    by_market, into_new = _by_room(world, places), _shares(year.drawn)
    whole = grouped.sum(axis=1, keepdims=True)
    put = put if by_market.any() else 1.0
    paid += by_market * whole * (1 - put) * settled + into_new * whole * (1 - settled)
    if not len(alone):
        return paid
    single, chance = yuan[:, alone], noise.moving
    is_drawn = chance < 1 - settled
    is_moved = chance >= 1 - (1 - put) * settled
    paid[:, : world.buildings] += world.by_building_of(np.where(is_drawn | is_moved, 0.0, single), alone)
    for goes, to in ((is_drawn, into_new), (is_moved, by_market)):
        _arrive(paid, single, goes, to, noise.going)
    return paid


def _arrive(
    paid: np.ndarray, single: np.ndarray, goes: np.ndarray, to: np.ndarray, chance: np.ndarray
) -> None:
    """Add the tax of those that go (draws, k) to the place each is drawn to by the shares ``to``."""
    draw, tenant = np.nonzero(goes)
    reached = np.cumsum(np.broadcast_to(to, paid.shape), axis=1)[draw]
    place = (reached < chance[draw, tenant][:, None] * reached[:, -1:]).sum(axis=1)
    np.add.at(paid, (draw, np.minimum(place, paid.shape[1] - 1)), single[draw, tenant])


def _by_room(world: World, places: int) -> np.ndarray:
    """Return the share (1, places) of each place in the room of the base year, weighed by take-up."""
    room = np.zeros((1, places))
    room[0, : world.buildings] = world.take_up * world.free
    return _shares(room)


def _shares(area: np.ndarray) -> np.ndarray:
    """Return each place's share in the row's area, 0 where there is none."""
    total = area.sum(axis=1, keepdims=True)
    return np.divide(area, total, out=np.zeros_like(area), where=total > 0)
