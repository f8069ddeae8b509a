"""The ledgers a planted district hands in: what is known of buildings, occupancy, tenants and taxes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.enterprises import describe_enterprises
from louyu_lab.ledgers.demo.planted.buildings import Buildings, asking_rents
from louyu_lab.ledgers.demo.planted.places import CITY, DISTRICT
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.sectors import draw_branches
from louyu_lab.ledgers.demo.totals import totals_ledger

#: Shares registered here; of them, and of those registered elsewhere, taxed here.
REGISTERED_SHARE, TAXED_HERE_SHARE, TAXED_THOUGH_ELSEWHERE_SHARE = 0.95, 0.90, 0.35
#: Share of head offices among the enterprises that hold so many ㎡ and more.
_HQ_SHARE, _HQ_SQM = 0.02, 500.0

#: Nobody is registered before: enterprises of today's kinds begin about then.
_FIRST_REGISTRATION = pd.Timestamp(1980, 1, 1)

#: Building columns of which a share of cells may be left blank, with ``asking_rent_yuan`` of occupancy.
BLANKABLE = (
    "owners", "completion_year", "parking_spaces", "lifts", "metro_distance_m", "property_grade",
)  # fmt: skip

#: The district's tax as a multiple of what its buildings' enterprises pay; its own totals beside it.
_DISTRICT_MULTIPLE, _BUDGET_SHARE, _GDP_MULTIPLE, _ENTITIES_MULTIPLE = 2.4, 0.435, 9.2, 9


def occupancy_ledger(
    plan: PlantedPlan, buildings: Buildings, let_sqm: np.ndarray, sealed_sqm: np.ndarray
) -> pd.DataFrame:
    """Return the occupancy ledger: a building and ledger year from its opening on.

    ``let_sqm`` (㎡) is let on 31 December, shape (buildings, ledger years); ``sealed_sqm`` cannot be let.
    Rates are left to the reader: areas say them exactly.
    """
    ledger, years = buildings.ledger, plan.ledger_years
    n = len(ledger)
    frame = pd.DataFrame(
        {
            "building_id": np.repeat(ledger["building_id"].to_numpy(), len(years)),
            "building": np.repeat(ledger["building"].to_numpy(), len(years)),
            "year": np.tile(years, n),
            "occupied_area_sqm": let_sqm.ravel(),
            "unmarketable_area_sqm": np.repeat(sealed_sqm, len(years)),
            "asking_rent_yuan": asking_rents(buildings, years).ravel(),
            "occupancy_basis": "实测",
        }
    )
    is_open = np.repeat(ledger["opened_date"].dt.year.to_numpy(), len(years)) <= frame["year"]
    return frame[is_open].sort_values(["year", "building_id"], ignore_index=True)


def describe_firms(
    stays: pd.DataFrame, payers: np.ndarray, first: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return what the enterprise ledger says of each enterprise in ``stays``, indexed by firm.

    ``payers`` are the firms with taxes in the ledgers, all of them taxed here; ``first`` is the number of
    enterprises in the parts before.
    """
    firms = stays.drop_duplicates("firm").set_index("firm")
    facts = pd.DataFrame(
        {"industry": draw_branches(firms["sector"].to_numpy(), rng), "first_day": firms["start"]},
        index=firms.index,
    ).assign(is_anchor=False)
    n = len(firms)
    known = describe_enterprises(facts, CITY, DISTRICT, rng, first)
    known["is_registered"] = rng.random(n) < REGISTERED_SHARE
    known["is_taxed_here"] = rng.random(n) < np.where(
        known["is_registered"], TAXED_HERE_SHARE, TAXED_THOUGH_ELSEWHERE_SHARE
    )
    known["is_taxed_here"] |= known.index.isin(payers)
    known["registered_date"] = _not_too_early(known["registered_date"], facts["first_day"], rng)
    known["is_hq"] = (rng.random(n) < _HQ_SHARE) & (firms["area_sqm"] >= _HQ_SQM)
    return known


def tenancy_ledger(
    stays: pd.DataFrame, firms: pd.DataFrame, buildings: pd.DataFrame, suite_floor: np.ndarray
) -> pd.DataFrame:
    """Return the enterprise ledger: each stay with its enterprise's facts, by building and date."""
    frame = stays.join(firms, on="firm")
    for column in ("building_id", "building", "street"):
        frame[column] = buildings[column].to_numpy()[stays["building"]]
    frame["floor"] = suite_floor[stays["suite"]]
    frame = frame.rename(columns={"start": "move_in_date", "end": "move_out_date"})
    frame = frame.drop(columns=["suite", "start_month", "end_month"])
    return frame.sort_values(["building_id", "move_in_date", "firm"], ignore_index=True)


def tax_ledger(taxes: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """Return the tax ledger: an enterprise, year and kind of tax a row."""
    rows = taxes.join(firms[["credit_code", "enterprise"]], on="firm")
    return rows.assign(tax_basis="入库").drop(columns="building").reset_index(drop=True)


def district_ledger(plan: PlantedPlan, tax_yuan: np.ndarray, payers: np.ndarray) -> pd.DataFrame:
    """Return the district's totals: ``tax_yuan`` and ``payers`` of its buildings by ledger year."""
    total = pd.Series(tax_yuan * _DISTRICT_MULTIPLE / 1e8, plan.ledger_years)
    series = {
        ("全区税收", "亿元", "全口径"): total.round(4),
        ("全区税收", "亿元", "一般公共预算"): (total * _BUDGET_SHARE).round(4),
        ("地区生产总值", "亿元", "现价"): (total * _GDP_MULTIPLE).round(2),
        ("经营主体", "户", "期末实有"): pd.Series(payers * float(_ENTITIES_MULTIPLE), plan.ledger_years),
    }
    return totals_ledger(DISTRICT, series)


def leave_blanks(
    buildings: pd.DataFrame, occupancy: pd.DataFrame, share: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return both ledgers with a share of driver cells blank at random, and ``blank, cells`` by column."""
    buildings, occupancy = buildings.copy(), occupancy.copy()
    counts = {}
    for frame, columns in ((buildings, BLANKABLE), (occupancy, ("asking_rent_yuan",))):
        for column in columns:
            blank = rng.random(len(frame)) < share
            counts[column] = (int(blank.sum()), len(frame))
            if blank.any():
                frame[column] = frame[column].mask(blank)
    return buildings, occupancy, pd.DataFrame.from_dict(counts, orient="index", columns=["blank", "cells"])


def _not_too_early(registered: pd.Series, first_day: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Dates of registration, those before 1980 drawn anew between then and the first day here."""
    room = (first_day - _FIRST_REGISTRATION).dt.days
    redrawn = _FIRST_REGISTRATION + pd.to_timedelta((rng.random(len(room)) * room).astype(int), unit="D")
    return registered.mask((registered < _FIRST_REGISTRATION) & (room > 1), redrawn)
