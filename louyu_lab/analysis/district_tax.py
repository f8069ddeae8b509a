"""The district's own tax total by year: the denominator of the buildings' contribution."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue, normalise_header
from louyu_lab.ledgers.model import Ledgers

#: The basis that building taxes are counted on; a total on the same basis is preferred.
FULL_SCOPE = "全口径"
UNSTATED = "未注明口径"


def district_taxes(ledgers: Ledgers) -> pd.DataFrame:
    """Return the district's tax total by year: ``year, district_tax_yuan`` (元), ``scope``.

    From the district ledger (its own tax column, or the rows whose indicator is named like it and
    whose value is in 元), else from district rows of the tax ledger. Where totals stand on several
    bases one is taken for all years, so that a change of basis never looks like growth: 全口径, else
    the one with most years, else the first by name. A year without it has no row.
    """
    totals = _from_district_ledger(ledgers)
    if totals.empty:
        totals = _from_tax_ledger(ledgers["taxes"])
    totals["scope"] = totals["scope"].fillna(UNSTATED)
    totals = totals[totals["scope"] == _one_basis(totals)]
    by_year = _whole_years(totals).groupby(["year", "scope"], as_index=False)["district_tax_yuan"].sum()
    return by_year[["year", "district_tax_yuan", "scope"]].astype({"year": "int64"})


def _one_basis(totals: pd.DataFrame) -> str:
    """Return the basis to take, empty without any total."""
    years = totals.groupby("scope")["year"].nunique().reset_index()
    years["unlike"] = ~years["scope"].str.contains(FULL_SCOPE)
    ordered = years.sort_values(["unlike", "year", "scope"], ascending=[True, False, True])
    return str(ordered["scope"].iloc[0]) if len(ordered) else ""


def _whole_years(totals: pd.DataFrame) -> pd.DataFrame:
    """Drop the quarters and months of a year that has its own total, and totals stated twice."""
    yearly = totals["period"].fillna("").isin(["", *totals["year"].astype("str")])
    has_total = yearly.groupby(totals["year"]).transform("any")
    return totals[yearly | ~has_total].drop_duplicates(["year", "period"])


def _from_district_ledger(ledgers: Ledgers) -> pd.DataFrame:
    frame = ledgers["district"]
    frame = frame[frame["region"].isna() | (frame["region"] == ledgers.district)]
    column = catalogue()["district"]["district_tax_yuan"]
    names = {normalise_header(text) for text in (column.zh, *column.aliases)}
    named = frame["indicator"].fillna("").map(normalise_header).isin(names)
    in_yuan = frame["unit"].fillna("元") == "元"
    amount = frame["district_tax_yuan"].fillna(frame["value"].where(named & in_yuan))
    totals = frame[["year", "period", "scope"]].assign(district_tax_yuan=amount)
    return totals.dropna(subset=["district_tax_yuan"])


def _from_tax_ledger(taxes: pd.DataFrame) -> pd.DataFrame:
    rows = taxes[(taxes["level"] == "district") & taxes["tax_yuan"].notna()]
    totals = rows.groupby(["year", "period"], as_index=False, dropna=False)["tax_yuan"].sum()
    return totals.rename(columns={"tax_yuan": "district_tax_yuan"}).assign(scope=FULL_SCOPE)
