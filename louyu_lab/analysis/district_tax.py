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
    whose value is in 元), else from district rows of the tax ledger. Of several totals in a year the
    one on 全口径 is taken, otherwise the first by name; ``scope`` says which it is.
    """
    totals = _from_district_ledger(ledgers)
    if totals.empty:
        totals = _from_tax_ledger(ledgers["taxes"])
    totals["scope"] = totals["scope"].fillna(UNSTATED)
    unlike = ~totals["scope"].str.contains(FULL_SCOPE)
    ordered = totals.assign(unlike=unlike).sort_values(["year", "unlike", "scope"], kind="stable")
    first = ordered.drop_duplicates("year")
    return first[["year", "district_tax_yuan", "scope"]].astype({"year": "int64"}).reset_index(drop=True)


def _from_district_ledger(ledgers: Ledgers) -> pd.DataFrame:
    frame = ledgers["district"]
    frame = frame[frame["region"].isna() | (frame["region"] == ledgers.district)]
    column = catalogue()["district"]["district_tax_yuan"]
    names = {normalise_header(text) for text in (column.zh, *column.aliases)}
    named = frame["indicator"].fillna("").map(normalise_header).isin(names)
    in_yuan = frame["unit"].fillna("元") == "元"
    amount = frame["district_tax_yuan"].fillna(frame["value"].where(named & in_yuan))
    totals = frame[["year", "scope"]].assign(district_tax_yuan=amount)
    return totals.dropna(subset=["district_tax_yuan"])


def _from_tax_ledger(taxes: pd.DataFrame) -> pd.DataFrame:
    rows = taxes[(taxes["level"] == "district") & taxes["tax_yuan"].notna()]
    rows = rows.assign(scope=FULL_SCOPE)
    totals = rows.groupby(["year", "scope"], as_index=False)["tax_yuan"].sum()
    return totals.rename(columns={"tax_yuan": "district_tax_yuan"})
