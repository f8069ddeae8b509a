"""A planted district made part by part: a few hundred buildings with their ledgers and their truth."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.planted import effects, ledgers, sectors, stays, taxes
from louyu_lab.ledgers.demo.planted.expected import expected_exits, expected_vacancy
from louyu_lab.ledgers.demo.planted.outcome import Outcome, part_streams, simulated
from louyu_lab.ledgers.demo.planted.plan import BURN_YEARS, PlantedPlan
from louyu_lab.ledgers.demo.planted.policy import policy_ledger
from louyu_lab.ledgers.demo.planted.rates import process_rates

#: Most buildings made at a time, which bounds the memory a large district needs.
PART_BUILDINGS = 250


@dataclass(frozen=True)
class Part:
    """Some buildings of a district.

    ``frames`` by ledger as they are handed in, without the district's totals; ``sums`` of the effects;
    ``buildings`` one row of truth a building; ``tax_yuan`` and ``payers`` by ledger year; ``exits`` by
    sector, rows realised and expected leavings, each followed by the years of tenancy; ``vacancy`` sums by
    ledger year, rows expected, realised, number; ``mixes`` of sectors; ``blanks`` by column, ``blank`` of
    how many ``cells``; ``counts`` of enterprises and the like.
    """

    frames: dict[str, pd.DataFrame]
    sums: effects.Sums
    buildings: pd.DataFrame
    tax_yuan: np.ndarray
    payers: np.ndarray
    exits: np.ndarray
    vacancy: np.ndarray
    mixes: sectors.MixMoments
    blanks: pd.DataFrame
    counts: Counter[str]


def make_parts(plan: PlantedPlan) -> Iterator[Part]:
    """Make the district's parts one after another; each depends on the plan and its place alone."""
    firms = 0
    for number, (first, n) in enumerate(part_sizes(plan.buildings)):
        part = _make_part(plan, first, n, firms, part_streams(plan, number))
        firms += part.counts["enterprises"]
        yield part


def part_sizes(buildings: int) -> list[tuple[int, int]]:
    """Return the first building and the number of buildings of each part; parts are about equal."""
    parts = -(-buildings // PART_BUILDINGS)
    bounds = [buildings * part // parts for part in range(parts + 1)]
    return [(first, after - first) for first, after in itertools.pairwise(bounds)]


def _make_part(
    plan: PlantedPlan, first: int, n: int, first_firm: int, rng: dict[str, np.random.Generator]
) -> Part:
    made = simulated(plan, first, n, rng)
    base, sums = effects.driver_sums(plan, made.rates, made.is_open, made.marketable_sqm)
    events = effects.event_sums(plan, made.state, base, made.is_open, made.marketable_sqm, made.opened_year)
    realised = 1 - made.let_sqm / made.marketable_sqm[:, None]
    frames, blanks, counts = _handed_in(plan, made, first_firm, rng)
    known = made.rates.until(BURN_YEARS + plan.years)
    expected = expected_exits(known, made.suites, BURN_YEARS)
    years = plan.ledger_years
    tax = frames["taxes"]
    return Part(
        frames={name: frame for name, frame in frames.items() if len(frame)},
        sums=sums | events,
        buildings=_building_truth(plan, made, base, realised),
        tax_yuan=taxes.building_tax(made.paid, n, years, recurring=False).sum(axis=0),
        payers=np.array([tax.loc[tax["year"] == year, "firm"].nunique() for year in years]),
        exits=np.stack([*stays.exits_by_sector(made.stays, plan), *expected]),
        vacancy=np.stack(
            [(base * made.is_open).sum(0), (realised * made.is_open).sum(0), made.is_open.sum(0)]
        ),
        mixes=sectors.mix_moments(made.state.entry_mix),
        blanks=blanks,
        counts=counts,
    )


def _handed_in(
    plan: PlantedPlan, made: Outcome, first_firm: int, rng: dict[str, np.random.Generator]
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, Counter[str]]:
    """Return the ledgers by name, the cells left blank by column, and the counts of ``Part``."""
    ledger = made.buildings.ledger
    seen = stays.in_ledgers(made.stays, plan)
    tax_rows = made.paid[made.paid["year"] <= plan.last_year]
    firms = ledgers.describe_firms(seen, tax_rows["firm"].unique(), first_firm, rng["firms"])
    occupancy = ledgers.occupancy_ledger(plan, made.buildings, made.let_sqm, made.sealed_sqm)
    shown, occupancy, blanks = ledgers.leave_blanks(
        ledger, occupancy, plan.nature.missing_share, rng["blanks"]
    )
    frames = {
        "buildings": shown,
        "occupancy": occupancy,
        "tenancies": ledgers.tenancy_ledger(seen, firms, ledger, made.suite_floor),
        "taxes": ledgers.tax_ledger(tax_rows, firms),
        "policies": policy_ledger(plan, ledger, made.state.is_treated),
    }
    counts = {
        "enterprises": len(firms),
        "tenancies": len(seen),
        "registered": firms["is_registered"].sum(),
        "taxed_here": firms["is_taxed_here"].sum(),
        "payers": firms.index.isin(tax_rows["firm"].unique()).sum(),
        "buildings_with_blanks": shown[list(ledgers.BLANKABLE)].isna().any(axis=1).sum(),
    }
    return frames, blanks, Counter({name: int(count) for name, count in counts.items()})


def _building_truth(plan: PlantedPlan, made: Outcome, base: np.ndarray, realised: np.ndarray) -> pd.DataFrame:
    """Return one row of truth a building; ``base`` is expected vacancy, both by ledger year."""
    ledger = made.buildings.ledger
    alone = process_rates(plan, made.state.without("trait", "quality"))
    by_drivers = effects.ledger_years(plan, expected_vacancy(alone)[0])
    facts = {
        "building_id": ledger["building_id"],
        "building": ledger["building"],
        "type": np.array(list(sectors.TYPES))[made.types],
        "is_treated": made.state.is_treated,
        "letting_trait": made.state.trait,
        "quality": made.buildings.quality,
        "growth": made.growth,
        "vacancy_expected": effects.mean_over(base, made.is_open),
        "vacancy_by_drivers": effects.mean_over(by_drivers, made.is_open),
        "vacancy_realised": effects.mean_over(realised, made.is_open),
    }
    withheld = plan.simulated_years[plan.simulated_years > plan.last_year]
    for name, recurring in (("tax_yuan", False), ("recurring_tax_yuan", True)):
        by_year = taxes.building_tax(made.paid, len(ledger), withheld, recurring)
        facts |= {f"{name}_{year}": by_year[:, i] for i, year in enumerate(withheld)}
    return pd.DataFrame(facts)
