"""The tax ledger, put together from everybody's taxes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.key_taxes import key_taxes, outside_taxes, settled_taxes
from louyu_lab.ledgers.demo.published.small_taxes import small_taxes
from louyu_lab.ledgers.demo.tax_rows import (
    LAND_GAINS,
    LEAST_YUAN,
    RECURRING,
    REFUND,
    retained_yuan,
    to_100_yuan,
)

#: One-off taxes (万元) with their year; none in 2018 and 2019, whose payers are published.
_ONE_OFFS = (
    (2014, LAND_GAINS, 4_180.0), (2015, LAND_GAINS, 2_730.0), (2016, LAND_GAINS, 3_240.0),
    (2017, "股权转让所得税", 1_560.0), (2020, "股权转让所得税", 960.0),
)  # fmt: skip
#: Refunds (万元) of 2020, to middle payers of buildings with a published tax.
_REFUNDS = (-186.4, -73.25, -212.0)
#: Share of a published building tax that the small payers pay at most: beside a single payer, and else.
_BESIDE_SINGLE, _BESIDE_SEVERAL = 0.11, 0.33
#: A building without a published tax stays below 5000万: a bound of its own, drawn between these (元).
_TAX_ELSEWHERE = (3.4e7, 4.92e7)
_LEAST_SMALL = 1.5e6
#: Part of its full tax that a key payer pays in the year it comes to the district, and in the next.
_FIRST_YEARS = {0: 0.35, 1: 0.70}


def presence(spells: pd.DataFrame) -> pd.DataFrame:
    """Return who was there in each year: ``firm, year, part`` (0–1], ``area_sqm, home`` (last building)."""
    parts = []
    for year in margins.YEARS:
        first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        start = spells["move_in_date"].clip(lower=first)
        end = spells["move_out_date"].fillna(last).clip(upper=last)
        days = (end - start).dt.days + 1
        parts.append(spells.assign(year=year, part=days / ((last - first).days + 1))[days > 0])
    rows = pd.concat(parts).sort_values(["year", "firm", "move_in_date"], kind="stable")
    grouped = rows.groupby(["year", "firm"], as_index=False)
    present = grouped.agg(part=("part", "sum"), area_sqm=("area_sqm", "last"), home=("building_id", "last"))
    return present.assign(part=present["part"].clip(upper=1.0))


def make_taxes(
    present: pd.DataFrame, firms: pd.DataFrame, outside: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the tax ledger by year and firm: ``tax_yuan, retained_yuan, tax_type, is_one_off, tax_basis``.

    ``firms`` (indexed by firm) has ``industry, pays`` and the key payers' ``building_id, tax_rank,
    is_large, place``; ``outside`` (indexed by firm) the key payers outside with ``is_large, tax_yuan``.
    """
    keys = firms[firms["is_large"].notna()].astype({"is_large": bool})
    settled = settled_taxes(keys, rng)
    small = firms.index[firms["pays"]].difference(keys.index).difference(outside.index)
    limits = _limits(present, keys, settled[margins.YEARS[-1]], rng)
    rows = present.assign(tax_yuan=small_taxes(present, firms["industry"], small, limits, rng))
    rows = rows[rows["tax_yuan"] >= LEAST_YUAN].assign(tax_type=RECURRING, is_one_off=False)
    extra = _extraordinary(rows, keys, firms)
    last = pd.concat([rows, extra])
    last = last[last["year"] == margins.YEARS[-1]]
    inside = key_taxes(keys, settled, last.groupby("home")["tax_yuan"].sum(), rng)
    big = _in_their_years(pd.concat([inside, outside_taxes(outside["is_large"], rng)]), present)
    ledger = pd.concat([rows, big.assign(tax_type=RECURRING, is_one_off=False), extra], ignore_index=True)
    ledger["retained_yuan"] = retained_yuan(ledger)
    ledger["tax_basis"] = "入库"
    columns = ["firm", "year", "tax_yuan", "retained_yuan", "tax_type", "is_one_off", "tax_basis"]
    return ledger[columns].sort_values(["year", "firm", "tax_type"], ignore_index=True)


def _in_their_years(taxes: pd.DataFrame, present: pd.DataFrame) -> pd.DataFrame:
    """Return the key taxes in long form, ``firm, year, tax_yuan``, for the years they were there.

    Who came during the years studied pays less at first; from 2018 on everybody pays in full.
    """
    big = taxes.rename_axis(index="firm", columns="year").stack().rename("tax_yuan").reset_index()
    big = big.merge(present[["firm", "year", "part"]], on=["firm", "year"])
    age = big["year"] - big.groupby("firm")["year"].transform("min")
    newcomer = big.groupby("firm")["year"].transform("min") > margins.YEARS[0]
    part = big["part"] * age.map(_FIRST_YEARS).fillna(1.0).where(newcomer, 1.0)
    full = big["year"] >= margins.TAX_YEAR - 1
    return big.assign(tax_yuan=to_100_yuan(big["tax_yuan"] * part.where(~full, 1.0))).drop(columns="part")


def _limits(
    present: pd.DataFrame, keys: pd.DataFrame, settled: pd.Series, rng: np.random.Generator
) -> pd.Series:
    """What the small payers of a building may pay together in 2020 (元).

    A share of the tax where it is published; elsewhere what the ``settled`` taxes of its key payers
    leave of a total that no building without a published tax may exceed.
    """
    rank = keys.dropna(subset="tax_rank").groupby("building_id")["tax_rank"].first()
    tax = rank.map(pd.Series(margins.YI_TAXES + margins.QUASI_YI_TAXES + margins.UPPER_TAXES)) * 1e8
    is_single = rank.isin(margins.SINGLE_SOURCE_RANKS)
    published = tax * np.where(is_single, _BESIDE_SINGLE, _BESIDE_SEVERAL)
    homes = pd.Index(present["home"].dropna().unique()).sort_values()
    taken = settled.groupby(keys["building_id"]).sum().reindex(homes, fill_value=0.0)
    # What the key payers pay is paid; the small ones at least add something to it.
    left = (rng.uniform(*_TAX_ELSEWHERE, len(homes)) - taken).clip(lower=_LEAST_SMALL)
    return published.reindex(homes).fillna(left)


def _extraordinary(rows: pd.DataFrame, keys: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """One-off taxes and refunds, each to an enterprise that is there in the year."""
    last = margins.YEARS[-1]
    middle = keys[~keys["is_large"] & (keys["tax_rank"] < len(margins.YI_TAXES))]
    roomy = middle["building_id"]
    refunded = middle.drop_duplicates("building_id").index[: len(_REFUNDS)]
    extra = [(firm, last, amount, REFUND, False) for firm, amount in zip(refunded, _REFUNDS, strict=True)]
    developers = rows[rows["firm"].map(firms["is_developer"]) & (rows["part"] == 1)]
    taken: list[int] = []
    for year, kind, amount in _ONE_OFFS:
        paid = developers[(developers["year"] == year) & ~developers["firm"].isin(taken)]
        # In the published year it must not change a building's tier, nor who pays most of its tax.
        paid = paid[paid["home"].isin(roomy)] if year == last else paid
        if paid.empty:
            continue
        taken.append(int(paid.loc[paid["tax_yuan"].idxmax(), "firm"]))
        extra.append((taken[-1], year, amount, kind, True))
    frame = pd.DataFrame(extra, columns=["firm", "year", "tax_yuan", "tax_type", "is_one_off"])
    homes = pd.concat(
        [rows[["firm", "year", "home"]], keys["building_id"].rename("home").reset_index().assign(year=last)]
    )
    return frame.assign(tax_yuan=frame["tax_yuan"] * 1e4).merge(
        homes.drop_duplicates(["firm", "year"]), on=["firm", "year"]
    )
