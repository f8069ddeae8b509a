"""Where those who move inside the district pay: it neither gains nor loses by them."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.scenarios.engine.areas import YearEnd
from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.world import World


def by_place(
    yuan: np.ndarray, plan: Plan, noise: Noise, year: YearEnd, step: int, scale: np.ndarray | None
) -> np.ndarray:
    """Return the tax (draws, places) of the units' ``yuan`` (draws, n) where they stand at the year's end.

    A share 1 − settled of the tenants has been drawn away by new buildings; of the rest 1 − put has moved by
    the market. A group of small tenants moves by these shares; a single enterprise is somewhere
    as a whole, with these chances: a new building filled from old ones is no 亿元楼 by mean shares. By the
    market they go where there was room in the base year, the same places in every scenario; among new
    buildings in proportion to what these let to the likes of them. Whom its new place has no room for stays.
    A 元 drawn away counts ``scale`` (draws, b) of the building it came from, None for 1.
    """
    world, settled, places = plan.world, year.settled, year.occupied.shape[1]
    put = (1 - plan.baseline.move_rate) ** (step + 1)
    alone = np.flatnonzero(world.single)
    many = yuan.copy()
    many[:, alone] = 0.0
    grouped = world.by_building(many)
    paid = np.zeros((len(yuan), places))
    by_market, into_new = _by_room(world, places), _shares(year.drawn)
    put = put if by_market.any() else 1.0
    paid[:, : world.buildings] = grouped * put * settled
    paid += by_market * grouped.sum(axis=1, keepdims=True) * (1 - put) * settled
    counted = grouped if scale is None else grouped * scale
    paid += into_new * counted.sum(axis=1, keepdims=True) * (1 - settled)
    if not len(alone):
        return paid
    single, chance, home = yuan[:, alone], noise.moving, world.home[alone]
    stays = np.ones(single.shape, dtype=bool)
    ways = (
        (chance < 1 - settled, into_new, year.drawn, scale),
        (chance >= 1 - (1 - put) * settled, by_market, _room(world, places), None),
    )
    for goes, to, room, counts in ways:
        draw, tenant, place = _going(
            goes, to, noise.going, world.area[alone], np.broadcast_to(room, paid.shape)
        )
        weight = 1.0 if counts is None else counts[draw, home[tenant]]
        np.add.at(paid, (draw, place), single[draw, tenant] * weight)
        stays[draw, tenant] = False
    paid[:, : world.buildings] += world.by_building_of(single * stays, alone)
    return paid


def _going(
    goes: np.ndarray, to: np.ndarray, chance: np.ndarray, area: np.ndarray, room: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return draw, tenant and place of those of ``goes`` (draws, k) whom the place drawn can hold."""
    draw, tenant = np.nonzero(goes)
    reached = np.cumsum(np.broadcast_to(to, room.shape), axis=1)[draw]
    place = (reached < chance[draw, tenant][:, None] * reached[:, -1:]).sum(axis=1)
    place = np.minimum(place, room.shape[1] - 1)
    fits = area[tenant] <= room[draw, place]
    return draw[fits], tenant[fits], place[fits]


def _by_room(world: World, places: int) -> np.ndarray:
    """Return the share (1, places) of each place in the room of the base year, weighed by take-up."""
    room = _room(world, places)
    room[0, : world.buildings] *= world.take_up
    return _shares(room)


def _room(world: World, places: int) -> np.ndarray:
    """Return the free area (㎡) of the base year; (1, places)."""
    room = np.zeros((1, places))
    room[0, : world.buildings] = world.free
    return room


def _shares(area: np.ndarray) -> np.ndarray:
    """Return each place's share in the row's area, 0 where there is none."""
    total = area.sum(axis=1, keepdims=True)
    return np.divide(area, total, out=np.zeros_like(area), where=total > 0)
