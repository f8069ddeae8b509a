"""What planted enterprises pay: tax by enterprise and year, the withheld years included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import SECTORS
from louyu_lab.ledgers.demo.planted.plan import PANDEMIC_YEAR, PlantedPlan
from louyu_lab.ledgers.demo.planted.sectors import sector_factors
from louyu_lab.ledgers.demo.tax_rows import (
    AREA_ELASTICITY,
    LAND_GAINS,
    LEAST_YUAN,
    RECURRING,
    REFUND,
    retained_yuan,
    to_100_yuan,
)

#: ``tax = yield × sector × area^0.85 × building × firm × growth × part of the year``; logarithms below.
_YIELD_YUAN = 1_100.0
BUILDING_SD, _YEAR_SD, _FIRM_YEAR_SD = 0.45, 0.03, 0.18
DISTRICT_GROWTH, GROWTH_SD = 0.03, 0.05
PAYER_SHARE, TAIL_CUT = 0.64, 6.0

#: The pandemic's effect on the logarithm of tax in its year, and the part that persists year by year.
PANDEMIC, PANDEMIC_PERSISTS = -0.12, 0.5

_ONE_OFF_SHARE, _REFUND_SHARE, _REFUND_FLOOR_YUAN = 0.012, 0.004, 1e6


def draw_growth(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return each building's own yearly log growth of tax, beside the district's and the sectors'."""
    return GROWTH_SD * rng.standard_normal(n)


def draw_tax_years(plan: PlantedPlan, rng: np.random.Generator) -> np.ndarray:
    """Return the log of the year factor of tax from the first ledger year on: growth, shocks, pandemic."""
    years = np.arange(plan.first_year, plan.simulated_years[-1] + 1)
    shock = _YEAR_SD * rng.standard_normal(len(years))
    return DISTRICT_GROWTH * (years - plan.first_year) + shock + pandemic_years(years)


def pandemic_years(years: np.ndarray) -> np.ndarray:
    """Return the pandemic's effect on the logarithm of tax by year: halved from year to year."""
    since = np.maximum(years - PANDEMIC_YEAR, 0)
    return np.where(years < PANDEMIC_YEAR, 0.0, PANDEMIC * PANDEMIC_PERSISTS**since)


def draw_payers(
    stays: pd.DataFrame, plan: PlantedPlan, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return by firm the log of its own factor of tax, and whether it pays here at all."""
    firms, nature = stays["firm"].max() + 1, plan.nature
    effect = nature.firm_sd * rng.standard_normal(firms)
    in_tail = rng.random(firms) < nature.tail_share
    effect += np.where(in_tail, rng.exponential(nature.tail_mean, firms) + 1.0, 0.0)
    return np.minimum(effect, TAIL_CUT), rng.random(firms) < PAYER_SHARE


def make_taxes(
    plan: PlantedPlan,
    stays: pd.DataFrame,
    building_effect: np.ndarray,
    growth: np.ndarray,
    tax_years: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row an enterprise, year and kind of tax, from the first ledger year to the last withheld.

    ``building_effect`` and ``growth`` are logarithms by building. Columns: ``firm, year, building``
    (position of the one it stands in at the year's end, or stood in last), ``tax_yuan, retained_yuan``
    (to 100 元, as they are printed), ``tax_type, is_one_off``. Amounts below 500 元 are no tax.
    """
    firm_effect, pays = draw_payers(stays, plan, rng)
    stays = stays[pays[stays["firm"]]]
    factors = sector_factors()
    sector, building = stays["sector"].to_numpy(), stays["building"].to_numpy()
    level = np.log(_YIELD_YUAN * factors.tax_yield[sector]) + AREA_ELASTICITY * np.log(stays["area_sqm"])
    level = level.to_numpy() + building_effect[building] + firm_effect[stays["firm"]]
    yearly = factors.growth[sector] + growth[building]
    parts = []
    for step, year_factor in enumerate(tax_years):
        share = _part_of_year(stays, plan.first_year + step)
        here = np.flatnonzero(share > 0)
        amount = share[here] * np.exp(level[here] + yearly[here] * step + year_factor)
        rows = stays.iloc[here][["firm", "building", "sector"]].assign(amount=amount)
        # Stays follow one another by firm and date: the last one of the year houses the tax.
        rows = rows.groupby("firm", as_index=False).agg(
            building=("building", "last"), sector=("sector", "last"), amount=("amount", "sum")
        )
        rows.insert(1, "year", plan.first_year + step)
        parts.append(rows)
    rows = pd.concat(parts, ignore_index=True)
    noise = _FIRM_YEAR_SD * rng.standard_normal(len(rows))
    rows["tax_yuan"] = to_100_yuan(rows.pop("amount") * np.exp(noise))
    rows = rows[rows["tax_yuan"] >= LEAST_YUAN].assign(tax_type=RECURRING, is_one_off=False)
    if plan.nature.one_offs:
        rows = pd.concat([rows, _one_offs(rows, rng), _refunds(rows, rng)], ignore_index=True)
    rows["retained_yuan"] = retained_yuan(rows)
    return rows.drop(columns="sector").sort_values(["firm", "year", "tax_type"], ignore_index=True)


def building_tax(rows: pd.DataFrame, buildings: int, years: np.ndarray, recurring: bool) -> np.ndarray:
    """Return the tax (元) of each building's enterprises, shape (buildings, years)."""
    rows = rows[rows["year"].isin(years) & ~(rows["is_one_off"] & recurring)]
    cell = rows["building"].to_numpy() * len(years) + (rows["year"].to_numpy() - years[0])
    return np.bincount(cell, rows["tax_yuan"], minlength=buildings * len(years)).reshape(buildings, -1)


def building_effects(plan: PlantedPlan, n: int, quality: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the log of each building's factor of tax."""
    return BUILDING_SD * rng.standard_normal(n) + plan.nature.quality_tax * quality


def _part_of_year(stays: pd.DataFrame, year: int) -> np.ndarray:
    """Part (0–1) of the year for which each stay lasts; the day of leaving is none of it."""
    first, after = np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01")
    start = np.maximum(stays["start"].to_numpy("datetime64[D]"), first)
    end = stays["end"].fillna(pd.Timestamp(after)).to_numpy("datetime64[D]")
    days = (np.minimum(end, after) - start).astype(int)
    return np.maximum(days, 0) / (after - first).astype(int)


def _one_offs(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One-off taxes of some real-estate enterprises: some three times the year's tax."""
    developers = rows[rows["sector"] == SECTORS.index("房地产")]
    chosen = developers[rng.random(len(developers)) < _ONE_OFF_SHARE]
    amount = chosen["tax_yuan"] * 3 * np.exp(0.5 * rng.standard_normal(len(chosen)))
    return chosen.assign(tax_yuan=to_100_yuan(amount), tax_type=LAND_GAINS, is_one_off=True)


def _refunds(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Refunds of part of the year's tax to some large payers, as negative rows."""
    large = rows[rows["tax_yuan"] >= _REFUND_FLOOR_YUAN]
    chosen = large[rng.random(len(large)) < _REFUND_SHARE]
    amount = -chosen["tax_yuan"] * rng.uniform(0.1, 0.4, len(chosen))
    return chosen.assign(tax_yuan=to_100_yuan(amount), tax_type=REFUND)
