"""From anonymous spells to stays of enterprises: who it was, on which day, and where it moved to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import SECTORS
from louyu_lab.ledgers.demo.planted.chain import STILL_THERE, Spells
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.suites import Suites

#: Share of those who leave that take another suite of the district, where there is one.
MOVER_SHARE = 0.15

_DAYS_A_MONTH = 365.25 / 12


def make_stays(
    plan: PlantedPlan, spells: Spells, suites: Suites, opened: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Return every spell as a stay of an enterprise, withheld years included, by firm and date.

    ``suites`` are those that can be let, in the order the spells count them; ``opened`` (datetime64[D])
    by building. Columns: ``firm`` (from 0 in the order of building and arrival), ``building, suite``
    (positions), ``sector, area_sqm, start, end`` (end missing beyond the simulation), ``start_month``,
    ``end_month``.

    Who moves leaves one building and enters another the day after; a suite let in a month was empty
    before it, and one left in a month is let again in a later one.
    """
    building, area = suites.building[spells.suite], suites.area_sqm[spells.suite]
    former = _moves(spells, building, area, rng)
    start, end = _days(plan, spells, former, opened[building], rng)
    firm = _firms(former)
    # Enterprises are numbered by the building and day on which they are first seen.
    order = np.lexsort((start, building))
    first_seen = np.full(len(firm), -1)
    _, index, inverse = np.unique(firm[order], return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(index, kind="stable"), kind="stable")
    first_seen[order] = rank[inverse]
    frame = pd.DataFrame(
        {
            "firm": first_seen,
            "building": building,
            "suite": spells.suite,
            "sector": spells.sector,
            "area_sqm": area,
            "start": start.astype("datetime64[us]"),
            "end": end.astype("datetime64[us]"),
            "start_month": spells.start_month,
            "end_month": spells.end_month,
        }
    )
    return frame.sort_values(["firm", "start"], kind="stable", ignore_index=True)


def in_ledgers(stays: pd.DataFrame, plan: PlantedPlan) -> pd.DataFrame:
    """Return the stays that touch the ledger years; what ends after the last day is still going on."""
    first, last = pd.Timestamp(plan.first_year, 1, 1), pd.Timestamp(plan.last_year, 12, 31)
    seen = stays[(stays["start"] <= last) & ~(stays["end"] < first)]
    return seen.assign(end=seen["end"].where(seen["end"] <= last))


def let_at_year_end(stays: pd.DataFrame, plan: PlantedPlan, buildings: int) -> np.ndarray:
    """Return the area (㎡) let on 31 December, shape (buildings, simulated years)."""
    let = []
    for step in range(len(plan.simulated_years)):
        december = 12 * step + 11
        here = stays[(stays["start_month"] <= december) & (stays["end_month"] > december)]
        let.append(np.bincount(here["building"], here["area_sqm"], minlength=buildings))
    return np.stack(let, axis=1)


def exits_by_sector(stays: pd.DataFrame, plan: PlantedPlan) -> tuple[np.ndarray, np.ndarray]:
    """Return leavings and years of tenancy in the ledger years, arrays in the order of ``SECTORS``."""
    first = (plan.first_year - plan.start_year) * 12
    after = first + plan.years * 12
    # A tenant is at risk from the month after its arrival to that of its leaving.
    months = stays["end_month"].clip(upper=after - 1) - stays["start_month"].clip(lower=first - 1)
    left = stays.loc[stays["end_month"].between(first, after - 1), "sector"]
    n = len(SECTORS)
    return (
        np.bincount(left, minlength=n),
        np.bincount(stays["sector"], months.clip(lower=0) / 12, minlength=n),
    )


def _moves(spells: Spells, building: np.ndarray, area: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return for each spell the spell its enterprise comes from, −1 for a newcomer.

    A leaver takes a suite let in the same month in another building to its own sector, the largest
    leaver the largest suite. Who enters keeps the sector drawn, so the process is not touched.
    """
    former = np.full(len(building), -1)
    gone = np.flatnonzero((spells.end_month != STILL_THERE) & (rng.random(len(building)) < MOVER_SHARE))
    came = np.flatnonzero(spells.start_month >= 0)
    sectors = spells.sector.max() + 1
    gone_key = _ranked(spells.end_month[gone] * sectors + spells.sector[gone], area[gone])
    came_key = _ranked(spells.start_month[came] * sectors + spells.sector[came], area[came])
    _, i, j = np.intersect1d(gone_key, came_key, assume_unique=True, return_indices=True)
    elsewhere = building[gone[i]] != building[came[j]]
    former[came[j][elsewhere]] = gone[i][elsewhere]
    return former


def _ranked(key: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Make keys unique: key times a large number plus the rank by falling area among equal keys."""
    order = np.lexsort((-area, key))
    ordered = key[order]
    begins = np.r_[True, ordered[1:] != ordered[:-1]] if len(key) else np.zeros(0, bool)
    place = np.arange(len(key))
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = place - np.maximum.accumulate(np.where(begins, place, 0))
    return key.astype(np.int64) * 10**7 + rank


def _days(
    plan: PlantedPlan, spells: Spells, former: np.ndarray, opened: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """First and last days (datetime64[D]); the last is missing for who is there at the end.

    Any day of the month will do, but who moves leaves before its last, to arrive in the same month.
    """
    n = len(former)
    begin = np.datetime64(f"{plan.start_year}-01")
    moves_on = np.zeros(n, dtype=bool)
    moves_on[former[former >= 0]] = True
    still_there = spells.end_month == STILL_THERE
    end = _day_of(begin + np.where(still_there, 0, spells.end_month), moves_on, rng)
    start = _day_of(begin + spells.start_month, False, rng)
    earlier = begin.astype("datetime64[D]") - 1 - (spells.months_before * _DAYS_A_MONTH).astype(int)
    start = np.where(spells.start_month < 0, np.maximum(earlier, opened + 1), start)
    moved = former >= 0
    start[moved] = end[former[moved]] + 1
    return start, np.where(still_there, np.datetime64("NaT"), end)


def _day_of(month: np.ndarray, not_the_last: np.ndarray | bool, rng: np.random.Generator) -> np.ndarray:
    """A day of each month (datetime64[M]), any one or any but the last."""
    first = month.astype("datetime64[D]")
    days = ((month + 1).astype("datetime64[D]") - first).astype(int) - not_the_last
    return first + (rng.random(len(month)) * days).astype(int)


def _firms(former: np.ndarray) -> np.ndarray:
    """Return for each spell the first spell of its enterprise, following former ones to their origin."""
    origin = np.where(former >= 0, former, np.arange(len(former)))
    while True:
        further = origin[origin]
        if (further == origin).all():
            return origin
        origin = further
