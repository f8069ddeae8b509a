"""Who is there at the end of the base year: growing, leaving or moving on, year by year, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.tenants.departing import Departures, is_large
from louyu_lab.analysis.tax.tenants.growth import FADE, Growth, Pool, size_of
from louyu_lab.analysis.tax.tenants.leaving import Leaving
from louyu_lab.analysis.tax.tenants.units import Units

#: Taxpayers simulated one by one, the largest; the others of a building are simulated as one sum.
_SINGLY = 1500


@dataclass(frozen=True)
class Course:
    """What all taxpayers share in a draw: cumulated log growth (draws, h), and (draws, b, h) by building."""

    common: np.ndarray
    building: np.ndarray


@dataclass(frozen=True)
class Payers:
    """Taxpayers at work in the simulation; arrays (n,), sorted by ``home``.

    ``unit`` their positions among ``Units``, ``base_yuan`` of the base year, ``level`` log tax from which
    growth goes on, ``sector_growth`` a year, ``is_young`` in its first, partial year, ``silent_rate`` of
    paying nothing in a year, ``exit_rate``, ``is_large`` see ``departing``.
    """

    unit: np.ndarray
    home: np.ndarray
    base_yuan: np.ndarray
    level: np.ndarray
    sector_growth: np.ndarray
    is_young: np.ndarray
    silent_rate: np.ndarray
    exit_rate: np.ndarray
    is_large: np.ndarray

    def subset(self, chosen: np.ndarray) -> Payers:
        """Return the ``chosen`` ones."""
        return Payers(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def payers_of(units: Units, growth: Growth, leaving: Leaving) -> Payers:
    """Return who is there at the end of the base year and has ever paid, sorted by building."""
    base, home = units.tax_yuan[:, -1], units.home[:, -1]
    used = np.flatnonzero(units.is_here[:, -1] & (home >= 0) & np.isfinite(growth.level))
    used = used[np.argsort(home[used], kind="stable")]
    pays = base[used] > 0
    return Payers(
        unit=used,
        home=home[used],
        base_yuan=base[used],
        level=growth.level[used],
        sector_growth=np.array([growth.sector.get(name, 0.0) for name in units.sector[used]]),
        is_young=pays & (units.age[used, -1] == 0),
        silent_rate=np.where(pays, leaving.silent_rate, 1 - leaving.return_rate),
        exit_rate=leaving.exit_rate[used],
        is_large=is_large(units)[used],
    )


def faded(horizon: int) -> np.ndarray:
    """Return how many years' worth a lasting yearly growth has come to after 1 … ``horizon`` years."""
    return np.cumsum(FADE ** np.arange(horizon))


def simulate_payers(
    payers: Payers,
    growth: Growth,
    leaving: Leaving,
    destination: np.ndarray,
    course: Course,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Departures]:
    """Return what the tenants' growth, exits and moves change against the base year (元).

    Shape (3, draws, buildings, horizon). Growth is counted as if nobody left; exits take from it what
    leavers would have paid. Moves go to the buildings in the shares ``destination`` (b,). Beside it,
    what goes with the large payers.
    """
    order = np.lexsort((-payers.level, ~payers.is_large))
    first = max(_SINGLY, int(payers.is_large.sum()))
    singly, together = np.sort(order[:first]), np.sort(order[first:])
    made, gone = _one_by_one(payers.subset(singly), growth, leaving, destination, course, rng)
    if len(together):
        made += _as_sums(payers.subset(together), growth, leaving, destination, course, rng)
    return made, gone


def _one_by_one(
    payers: Payers,
    growth: Growth,
    leaving: Leaving,
    destination: np.ndarray,
    course: Course,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Departures]:
    """Simulate every taxpayer of its own; as ``simulate_payers``."""
    draws, buildings, horizon = course.building.shape
    shape = (draws, len(payers.home))
    made = np.zeros((3, *course.building.shape))
    large = np.flatnonzero(payers.is_large)
    gone = np.zeros((draws, len(large), horizon))
    level = np.broadcast_to(payers.level, shape).copy()
    home = np.broadcast_to(payers.home, shape).copy()
    is_in = np.ones(shape, dtype=bool)
    size = size_of(np.exp(payers.level))
    parted = Pool(leaving.parted, leaving.parted_weight)
    for step in range(horizon):
        grown = course.common[:, [step]] + course.building[:, payers.home, step]
        young = payers.is_young & (step == 0)
        chance = _chances(growth, size, young, draws, rng)
        pays = np.exp(level + grown + payers.sector_growth * faded(horizon)[step] + chance)
        pays *= rng.random(shape) >= payers.silent_rate
        level += np.where(young, 1.0, growth.persistence) * chance
        leaves = is_in & (rng.random(shape) < payers.exit_rate)
        lost = np.where(is_in, 0.0, -pays)
        lost[leaves] = (parted.draw((int(leaves.sum()),), rng) - 1) * pays[leaves]
        is_in &= ~leaves
        moves = is_in & (rng.random(shape) < leaving.move_rate)
        home[moves] = rng.choice(buildings, size=int(moves.sum()), p=destination)
        made[0, :, :, step] = _sums(pays - payers.base_yuan, payers.home, buildings)
        made[1, :, :, step] = _sums(lost, payers.home, buildings)
        made[2, :, :, step] = _carried(pays + lost, payers.home, home, buildings)
        gone[:, :, step] = np.where(home != payers.home, pays, -lost)[:, large]
    return made, Departures(payers.unit[large], payers.home[large], gone)


def _carried(yuan: np.ndarray, old: np.ndarray, new: np.ndarray, buildings: int) -> np.ndarray:
    """Return what moves bring each building less what they take away; (draws, buildings)."""
    draw, payer = np.nonzero(new != old)
    amount, cells = yuan[draw, payer], len(yuan) * buildings
    flow = np.bincount(draw * buildings + new[draw, payer], amount, minlength=cells)
    flow -= np.bincount(draw * buildings + old[payer], amount, minlength=cells)
    return flow.reshape(len(yuan), buildings)


def _chances(
    growth: Growth, size: np.ndarray, young: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw each taxpayer's chance of one year; shape (draws, n)."""
    drawn = np.empty((draws, len(size)))
    for pools, group in ((growth.pools, ~young), (growth.first_years, young)):
        for at, pool in enumerate(pools):
            own = np.flatnonzero(group & (size == at))
            drawn[:, own] = pool.draw((draws, len(own)), rng)
    return drawn


def _sums(yuan: np.ndarray, home: np.ndarray, buildings: int) -> np.ndarray:
    """Sum over the taxpayers of each building; ``home`` ascending; (draws, n) -> (draws, buildings)."""
    summed = np.zeros((len(yuan), buildings))
    if yuan.shape[1]:
        met, first = np.unique(home, return_index=True)
        summed[:, met] = np.add.reduceat(yuan, first, axis=1)
    return summed


def _as_sums(
    payers: Payers,
    growth: Growth,
    leaving: Leaving,
    destination: np.ndarray,
    course: Course,
    rng: np.random.Generator,
) -> np.ndarray:
    """Simulate a building's taxpayers as one sum with the mean and spread of theirs, lognormal.

    (3, draws, b, h) as ``simulate_payers``.
    """
    draws, buildings, horizon = course.building.shape
    made = np.zeros((3, *course.building.shape))
    base = np.bincount(payers.home, payers.base_yuan, minlength=buildings)
    swing = rng.standard_normal((draws, buildings))
    size = size_of(np.exp(payers.level))
    first, second = (_moments(growth, size, payers.is_young, power, horizon) for power in (1.0, 2.0))
    pays = 1 - payers.silent_rate
    for step in range(horizon):
        before, stays = (1 - payers.exit_rate) ** step, (1 - payers.exit_rate) ** (step + 1)
        share = stays + (before - stays) * leaving.parted_mean
        growing = np.exp(payers.level + payers.sector_growth * faded(horizon)[step])
        expected = growing * first[step] * pays
        variance = share * growing**2 * second[step] * pays - (share * expected) ** 2
        whole, left, spread = (
            np.bincount(payers.home, each, minlength=buildings)
            for each in (expected, expected * (share - 1), variance)
        )
        relative = np.sqrt(np.log1p(np.maximum(spread, 0.0) / np.maximum(whole + left, 1.0) ** 2))
        factor = np.exp(
            relative * swing - relative**2 / 2 + course.common[:, [step]] + course.building[:, :, step]
        )
        out = (1 - (1 - leaving.move_rate) ** (step + 1)) * (whole + left) * factor
        made[0, :, :, step] = whole * factor - base
        made[1, :, :, step] = left * factor
        made[2, :, :, step] = out.sum(axis=1, keepdims=True) * destination - out
    return made


def _moments(
    growth: Growth, size: np.ndarray, is_young: np.ndarray, power: float, horizon: int
) -> list[np.ndarray]:
    """Return by year ahead the mean of exp(power × cumulated chance), shape (n,) each."""
    now, kept, begun = (
        np.array([pool.moment(order) for pool in pools])[size]
        for pools, order in (
            (growth.pools, power),
            (growth.pools, power * growth.persistence),
            (growth.first_years, power),
        )
    )
    moments, so_far = [], np.ones(len(size))
    for step in range(horizon):
        young = is_young & (step == 0)
        moments.append(so_far * np.where(young, begun, now))
        so_far = so_far * np.where(young, begun, kept)
    return moments
