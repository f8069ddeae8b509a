"""Where firms that came had been, and where those that left went, as far as the ledgers show."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.moves.ends import YearEnds
from louyu_lab.analysis.industry.moves.kinds import (
    BACK,
    BORN,
    CAME,
    CLOSED,
    FROM_OUTSIDE_BUILDINGS,
    LEFT,
    TO_OUTSIDE_BUILDINGS,
)
from louyu_lab.ledgers.model import Ledgers


def entry_kinds(
    firms: pd.Series, ends: YearEnds, seen: set[str], outside: pd.DataFrame, born: pd.Series
) -> pd.Series:
    """Return the kind of entry of each enterprise that came between two year ends.

    ``seen``: who stood in the buildings at an earlier year end; ``outside``: ``known_outside``; ``born``:
    ``registered_years``. In this order: 重新入驻 for one seen before; 楼外迁入 for one the ledgers knew
    in the district, but in none of its buildings, by ``ends.before``; 新设 for one registered since;
    otherwise nothing tells.
    """
    known = set(outside.loc[outside["year"] <= ends.before, "enterprise_id"])
    is_new = firms.map(born).astype("float64") > ends.before
    kinds = pd.Series(CAME, index=firms.index, dtype="str").mask(is_new, BORN)
    return kinds.mask(firms.isin(known), FROM_OUTSIDE_BUILDINGS).mask(firms.isin(seen), BACK)


def exit_kinds(firms: pd.Series, ends: YearEnds, outside: pd.DataFrame, closed: pd.Series) -> pd.Series:
    """Return the kind of exit of each enterprise that left between two year ends.

    注销 for one struck off by the end of the next year (``closed``: ``cancelled_years``); 迁往楼外 for one
    the ledgers know later in the district, but in none of its buildings; otherwise nothing tells.
    """
    # The tax of the year of leaving is no sign: it was earned in the building.
    known = set(outside.loc[outside["year"] > ends.after, "enterprise_id"])
    known |= set(outside.loc[(outside["year"] == ends.after) & outside["is_listed"], "enterprise_id"])
    gone = firms.map(closed).astype("float64") <= ends.after + 1
    kinds = pd.Series(LEFT, index=firms.index, dtype="str").mask(firms.isin(known), TO_OUTSIDE_BUILDINGS)
    return kinds.mask(gone, CLOSED)


def known_outside(tenants: pd.DataFrame, panel: pd.DataFrame, told: set[int]) -> pd.DataFrame:
    """Return ``enterprise_id, year, is_listed``: in which years a firm was in the district, in no building.

    From ``panel.enterprise_years`` and ``panel.building_years``: it is listed at the year's end outside the
    stock (``is_listed``), or pays tax there without the enterprise ledger placing it in a building; the
    latter only in the years ``told`` of by every street: otherwise it may stand in one not reported.
    """
    in_stock = tenants["in_tenancies"] & tenants["building_id"].isin(panel["building_id"])
    firm_year = pd.MultiIndex.from_frame(tenants[["enterprise_id", "year"]])
    listed = tenants["in_tenancies"] & tenants["at_year_end"] & ~in_stock
    # Tax of a year in which it stood in a building as well may have been earned there.
    taxed = tenants["in_taxes"] & (tenants["tax_yuan"] > 0) & ~firm_year.isin(firm_year[in_stock])
    taxed &= tenants["year"].isin(told)
    rows = tenants.assign(is_listed=listed)[listed | taxed]
    return rows.groupby(["enterprise_id", "year"], as_index=False)["is_listed"].max()


def registered_years(ledgers: Ledgers) -> pd.Series:
    """Return the year each enterprise was registered in, by ``enterprise_id``: the earliest date given."""
    return _years(ledgers, ("tenancies", "registrations"), "registered_date").min()


def cancelled_years(ledgers: Ledgers) -> pd.Series:
    """Return the year each enterprise was struck off in, by ``enterprise_id``: the latest date given."""
    return _years(ledgers, ("registrations",), "cancelled_date").max()


def _years(ledgers: Ledgers, names: tuple[str, ...], column: str) -> pd.api.typing.SeriesGroupBy:
    dates = pd.concat([ledgers[name][["enterprise_id", column]] for name in names]).dropna()
    return dates[column].dt.year.groupby(dates["enterprise_id"])
