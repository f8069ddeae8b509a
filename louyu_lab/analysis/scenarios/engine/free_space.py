"""The free space of a year: who gets it, in which order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.engine.asking import asked_for
from louyu_lab.analysis.scenarios.engine.letting import let_by_weight
from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.subsidy import Subsidy, Supported, subsidised
from louyu_lab.analysis.scenarios.engine.swaps import Swaps


@dataclass(frozen=True)
class Given:
    """What all years of a chunk go by.

    ``shares`` (h, draws, n) of the units still in the district; ``rates`` (…, h, places) at which newcomers
    and movers leave; ``filled`` (…, k, h) area that new places let year by year.
    """

    plan: Plan
    noise: Noise
    swaps: Swaps | None
    subsidy: Subsidy | None
    shares: np.ndarray
    rates: np.ndarray
    filled: np.ndarray


@dataclass(frozen=True)
class Let:
    """What a year's free space is let to, in this order.

    ``movers, market`` (draws, b), ``support`` for the sake of a subsidy; ``taken, free`` (draws, places) and
    ``asked`` (draws,) as levers ask.
    """

    movers: np.ndarray
    market: np.ndarray
    support: Supported
    taken: np.ndarray
    free: np.ndarray
    asked: np.ndarray


def let_free_space(
    given: Given,
    step: int,
    held: np.ndarray,
    new_held: np.ndarray,
    moved: np.ndarray,
    free_at_start: np.ndarray,
) -> Let:
    """Let the year's free space: to movers, by the market, for the sake of a subsidy, as levers ask.

    ``held`` (draws, b) and ``new_held`` (draws, k) are occupied before, ``moved`` (draws,) what movers look
    for. New places fill by their own course; only what levers ask for may be let there beside it.
    """
    plan, noise, subsidy = given.plan, given.noise, given.subsidy
    world = plan.world
    open_sqm = world.rentable - world.unmarketable * (1 - plan.unlocked[:, step])
    free = np.maximum(open_sqm - held, 0.0) * world.is_known
    movers = let_by_weight(moved, world.take_up * free, free)
    free = free - movers
    market = _market(plan, noise, free, step)
    free = free - market
    nothing = np.zeros(len(free))
    support = Supported(np.zeros_like(market), nothing, nothing, nothing)
    if subsidy:
        support = subsidised(subsidy, step, market, free)
        free = free - support.extra_sqm
    new_free = np.maximum(plan.new_space.rentable[:, step] - new_held, 0.0)
    free = np.concatenate([free, new_free], axis=1)
    known = (held + movers + market + support.extra_sqm) * world.is_known
    occupied = known.sum(axis=1) + new_held.sum(axis=1)
    asked, taken = asked_for(plan, noise, step, free, free_at_start, occupied, given.rates[:, step])
    return Let(movers, market, support, taken, free - taken, asked)


def _market(plan: Plan, noise: Noise, free: np.ndarray, step: int) -> np.ndarray:
    """Return what the market lets of the free space (draws, b), ㎡."""
    demand = plan.baseline.demand
    factor = plan.entry_factor.drawn(noise.of_lever("entry_factor"))[:, :, step]
    weight = plan.world.take_up * free
    total = weight.sum(axis=1)
    mean = np.divide((weight * factor).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
    shock = np.exp(demand.spread * noise.demand[:, step] - demand.spread**2 / 2)
    return let_by_weight(demand.lettings_sqm * shock * mean, weight * factor, free)
