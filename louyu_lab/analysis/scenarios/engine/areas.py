"""Occupied area year by year: exits, new buildings, moves inside the district, demand, what levers ask for.

At the end of every year, building by building and draw by draw,

    occupied = tenants of the base year still in place + tenants replaced (腾换) + movers + newcomers
    free     = rentable − what cannot be let − occupied, never negative.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from louyu_lab.analysis.scenarios.engine.free_space import Given, let_free_space
from louyu_lab.analysis.scenarios.engine.leaving import staying
from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan
from louyu_lab.analysis.scenarios.engine.subsidy import subsidy_of
from louyu_lab.analysis.scenarios.engine.swaps import Swaps

#: New buildings draw no more of the tenants of old ones than this in a year.
_MOST_DRAWN = 0.5

#: Fields of ``YearEnd`` in 元.
_MONEY = ("support_yuan", "idle_support_yuan")


@dataclass(frozen=True)
class YearEnd:
    """Areas (㎡) at one year's end and what happened in the year; (draws, places) unless said.

    ``movers`` let by the market to those who moved inside the district, ``drawn`` what new buildings let to
    tenants of old ones, ``newcomers`` to those who came after the base year: all as far as they are still
    there. ``settled`` (draws, 1) share of the tenants of the base year that no new building has drawn away.
    ``entered`` let to newcomers in the year, ``kept`` the share of earlier ones that stayed, ``exits`` left.
    The others (draws,): see ``Courses``.
    """

    occupied: np.ndarray
    movers: np.ndarray
    drawn: np.ndarray
    newcomers: np.ndarray
    settled: np.ndarray
    free: np.ndarray
    entered: np.ndarray
    kept: np.ndarray
    exits: np.ndarray
    moved: np.ndarray
    asked: np.ndarray
    taken: np.ndarray
    supported: np.ndarray
    additional: np.ndarray
    support_yuan: np.ndarray
    idle_support_yuan: np.ndarray
    swapped: np.ndarray


@dataclass(frozen=True)
class Areas:
    """The areas of one chunk: ``shares`` (h, draws, n) of the units still in the district, and the years."""

    shares: np.ndarray
    years: list[YearEnd] = field(default_factory=list)

    def in_place(self, move_rate: float) -> np.ndarray:
        """Return the share (draws, 1, h) of a building's space that its tenants have not left by moving."""
        put = (1 - move_rate) ** np.arange(1, len(self.years) + 1)
        return self.stacked("settled") * put

    def stacked(self, name: str) -> np.ndarray:
        """Return one field of all years, years last."""
        return np.stack([getattr(year, name) for year in self.years], axis=-1)


def simulate_areas(plan: Plan, noise: Noise, swaps: Swaps | None) -> Areas:
    """Return the areas of one chunk of draws."""
    world = plan.world
    factor = plan.exit_factor.drawn(noise.of_lever("exit_factor"))
    shares = noise.stays
    if plan.is_set("exit_factor"):
        rates = world.exit_rate * np.moveaxis(factor, 2, 0)
        shares = staying(world, rates, noise.staying)
    if plan.gone.any():
        shares = shares * (1 - plan.gone)[:, None]
    # Newcomers leave like the tenants of their building would.
    by_building = world.mean_by_building(np.swapaxes(factor, 1, 2), world.area)
    rates = np.minimum(plan.baseline.entrants.exit_rate * _over_places(by_building, plan), 1.0)
    given = Given(plan, noise, swaps, subsidy_of(plan, noise), shares, rates, _filled(plan, noise))
    made = Areas(shares)
    year = _before(plan, shares.shape[1])
    for step in range(plan.baseline.horizon):
        year = _next(given, year, step)
        made.years.append(year)
    return made


def _before(plan: Plan, draws: int) -> YearEnd:
    """Return the end of the base year."""
    nobody = np.zeros((draws, plan.world.buildings + len(plan.new_space.gross)))
    free = np.zeros_like(nobody)
    free[:, : plan.world.buildings] = plan.world.free
    by_place = ("occupied", "movers", "drawn", "newcomers", "entered", "kept", "exits")
    by_draw = ("moved", "asked", "taken", "supported", "additional", "swapped", *_MONEY)
    return YearEnd(
        settled=np.ones((draws, 1)),
        free=free,
        **dict.fromkeys(by_place, nobody),
        **dict.fromkeys(by_draw, np.zeros(draws)),
    )


def _next(given: Given, before: YearEnd, step: int) -> YearEnd:
    """Return the end of a year."""
    plan, swaps, shares, rate = given.plan, given.swaps, given.shares, given.rates[:, step]
    b, kept = plan.world.buildings, 1 - rate
    put = (1 - plan.baseline.move_rate) ** step
    old, left = (area * put * before.settled for area in _in_place(plan, shares, step))
    movers, drawn, newcomers = before.movers * kept, before.drawn * kept, before.newcomers * kept
    new_room = plan.new_space.rentable[:, step] - (movers + drawn + newcomers)[:, b:]
    new_let = np.minimum(given.filled[:, :, step], np.maximum(new_room, 0.0))
    from_old = _drawn_away(plan, given.noise, new_let, old)
    drawn_rate = _ratio(from_old.sum(axis=1, keepdims=True), old.sum(axis=1, keepdims=True))
    settled = before.settled * (1 - drawn_rate)
    moved = old * (1 - drawn_rate) * plan.baseline.move_rate
    old = old * (1 - drawn_rate) - moved
    drawn[:, b:] += from_old
    held = old + (movers + drawn + newcomers)[:, :b]
    new_held = (movers + drawn + newcomers)[:, b:] + new_let - from_old
    let = let_free_space(given, step, held, new_held, moved.sum(axis=1), before.free)
    movers[:, :b] += let.movers
    entered = let.taken.copy()
    entered[:, :b] += let.market + let.support.extra_sqm
    entered[:, b:] += new_let - from_old
    occupied = movers + drawn + newcomers + entered
    occupied[:, :b] += old
    if swaps:
        # What is being swapped stands empty, but is nobody else's to let.
        occupied[:, :b] -= swaps.void_sqm(shares, step) * put * (1 - plan.baseline.move_rate) * settled
    exits = rate * (before.movers + before.drawn + before.newcomers)
    exits[:, :b] += left
    return YearEnd(
        occupied=occupied,
        movers=movers,
        drawn=drawn,
        newcomers=newcomers + entered,
        settled=settled,
        free=let.free,
        entered=entered,
        kept=np.broadcast_to(kept, entered.shape),
        exits=exits,
        moved=moved.sum(axis=1) + from_old.sum(axis=1),
        asked=let.asked,
        taken=let.taken.sum(axis=1),
        supported=let.support.supported_sqm,
        additional=let.support.extra_sqm.sum(axis=1),
        support_yuan=let.support.paid_yuan,
        idle_support_yuan=let.support.idle_yuan,
        swapped=swaps.of_year_sqm(shares, step) if swaps else np.zeros(shares.shape[1]),
    )


def _in_place(plan: Plan, shares: np.ndarray, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the area (draws, b) of the base year's tenants still there, and what leavers of the year leave.

    Swapped tenants count as those whose space they have taken.
    """
    world = plan.world
    now = world.by_building(shares[step] * world.area)
    last = world.by_building(shares[step - 1] * world.area if step else world.area)
    return now, last - now


def _filled(plan: Plan, noise: Noise) -> np.ndarray:
    """Return the area (draws or 1, k, h) that new places let year by year."""
    rates = (
        plan.one_drawn(name, noise.of_lever(name))
        for name in ("supply_prelet_rate", "supply_half_life_years")
    )
    return np.maximum(np.diff(plan.new_space.let_sqm(*rates), axis=2, prepend=0.0), 0.0)


def _drawn_away(plan: Plan, noise: Noise, new_let: np.ndarray, old: np.ndarray) -> np.ndarray:
    """Return the area (draws, k) that new places let to tenants of old ones."""
    if not new_let.any():
        return np.zeros((len(old), new_let.shape[1]))
    wanted = plan.one_drawn("supply_moved_rate", noise.of_lever("supply_moved_rate")) * new_let
    wanted = np.broadcast_to(wanted, (len(old), new_let.shape[1]))
    most = _MOST_DRAWN * old.sum(axis=1, keepdims=True)
    return wanted * np.minimum(1.0, _ratio(most, wanted.sum(axis=1, keepdims=True)))


def _over_places(factor: np.ndarray, plan: Plan) -> np.ndarray:
    """Return factors (draws, h, b) on leaving as (draws, h, places), 1 in new places."""
    new = np.ones((*factor.shape[:2], len(plan.new_space.gross)))
    return np.concatenate([factor, new], axis=2)


def _ratio(top: np.ndarray, low: np.ndarray) -> np.ndarray:
    return np.divide(top, low, out=np.zeros_like(top), where=low > 0)
