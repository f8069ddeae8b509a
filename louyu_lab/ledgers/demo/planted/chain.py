"""The random process itself: suites are let and left month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.ledgers.demo.planted.expected import months_open, starting_state
from louyu_lab.ledgers.demo.planted.rates import MONTHS_A_HALF, Rates, monthly

#: End of a spell that outlasts the simulation.
STILL_THERE = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Spells:
    """Occupied spells of suites, in the order of their beginning; arrays of one length.

    ``suite`` and ``sector`` numbers; ``start_month`` counted from the first month simulated (−1 for
    those there at the beginning), ``end_month`` the month of leaving or ``STILL_THERE``;
    ``months_before`` the part of the spell before the first month (0 for later spells).
    """

    suite: np.ndarray
    sector: np.ndarray
    start_month: np.ndarray
    end_month: np.ndarray
    months_before: np.ndarray


def simulate(rates: Rates, building: np.ndarray, rng: np.random.Generator) -> Spells:
    """Return the spells of suites, ``building[i]`` being the position of suite i's building.

    One uniform number a suite and month decides whether its state changes and, scaled by the
    probability of that, which sector moves in: simulations of two sets of rates from equal streams
    share their random numbers.
    """
    n, sectors = rates.entry_mix.shape
    cumulated = rates.entry_mix.cumsum(axis=1)
    state, elapsed = _first_state(rates, building, rng)
    present = np.flatnonzero(state < sectors)
    spell_of = np.full(len(building), -1)
    spell_of[present] = np.arange(len(present))
    begun = [(present, state[present], np.full(len(present), -1))]
    ended: list[tuple[np.ndarray, int]] = []
    spells = len(present)
    table = np.empty((n, sectors + 1))
    row = building * (sectors + 1)
    for month in range(rates.log_letting.shape[1] * MONTHS_A_HALF):
        half = month // MONTHS_A_HALF
        if month % MONTHS_A_HALF == 0:
            table[:, :sectors] = monthly(rates.log_leaving[:, half, None], rates.leaving_factor[half])
            letting = monthly(rates.log_letting[:, half])
        table[:, sectors] = letting * (rates.opening_month < month)
        chance = table.ravel()[row + state]
        drawn = rng.random(len(building))
        changed = np.flatnonzero(drawn < chance)
        is_letting = state[changed] == sectors
        left, let = changed[~is_letting], changed[is_letting]
        ended.append((spell_of[left], month))
        state[left] = sectors
        share = drawn[let] / chance[let]
        state[let] = (share[:, None] > cumulated[building[let], :-1]).sum(axis=1)
        spell_of[let] = np.arange(spells, spells + len(let))
        spells += len(let)
        begun.append((let, state[let], np.full(len(let), month)))
    suite, sector, start = (np.concatenate(parts) for parts in zip(*begun, strict=True))
    end = np.full(spells, STILL_THERE)
    for left, month in ended:
        end[left] = month
    before = np.zeros(spells)
    before[: len(present)] = elapsed[present]
    return Spells(suite, sector, start, end, before)


def _first_state(
    rates: Rates, building: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Sector of each suite at the start (the number of sectors where vacant), and months since it was let.

    The age of a stay is exponential, as at rest, cut at the building's opening.
    """
    sectors = rates.entry_mix.shape[1]
    leaving = monthly(rates.log_leaving[:, 0, None], rates.leaving_factor[0])
    letting = monthly(rates.log_letting[:, 0])
    occupied = starting_state(leaving, letting, rates.entry_mix, rates.opening_month)
    drawn, age = rng.random(len(building)), rng.random(len(building))
    state = (drawn[:, None] >= occupied.cumsum(axis=1)[building]).sum(axis=1)
    hazard = -np.log1p(-leaving)[building, np.minimum(state, sectors - 1)]
    open_for = months_open(rates.opening_month)[building]
    return state, -np.log1p(age * np.expm1(-hazard * open_for)) / hazard
