"""Years of which the tax ledger holds only some months: no year's tax, and not to be set beside one."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import pandas as pd

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.periods import months_of

#: Months of a whole year.
_MONTHS = 12


def part_years(taxes: pd.DataFrame) -> pd.DataFrame:
    """Return ``level, year, months``: the years whose periods do not cover twelve months, at each level.

    ``taxes`` is the ledger's frame. The months of all taxpayers of a level count together: one that pays in
    some months only makes no part year. In the order in which they stand in the ledger.
    """
    period = taxes["period"]
    is_dated = period.notna() & taxes["year"].notna()
    in_parts = taxes[is_dated & (period != taxes["year"].astype("str"))]
    rows = []
    for level, year in in_parts.drop_duplicates(["level", "year"])[["level", "year"]].itertuples(index=False):
        own = period[(taxes["level"] == level) & (taxes["year"] == year)].dropna()
        months = set().union(*(months_of(each) for each in own.unique()))
        if len(months) < _MONTHS:
            rows.append((level, int(year), len(months)))
    table = pd.DataFrame(rows, columns=["level", "year", "months"])
    return table.astype({"level": "str", "year": "int64", "months": "int64"})


def whole_tax_years(ledgers: Ledgers) -> Ledgers:
    """Return the ledgers without the tax of part years, level by level: there it is as good as not known."""
    taxes = ledgers["taxes"]
    part = part_years(taxes)
    if not len(part):
        return ledgers
    place = pd.MultiIndex.from_frame(taxes[["level", "year"]].astype({"year": "float64"}))
    aside = place.isin(pd.MultiIndex.from_frame(part[["level", "year"]].astype({"year": "float64"})))
    # A copy of its own kind: the frames of a chapter refuse what the chapter did not declare.
    frames = copy(ledgers.frames)
    frames["taxes"] = taxes[~aside].reset_index(drop=True)
    return replace(ledgers, frames=frames)
