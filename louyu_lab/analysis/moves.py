"""迁入迁出: who came to and left the buildings, by year, at three levels.

One definition for stays and for yearly snapshots: the difference between two year ends. A firm that
came and went within the year is not seen; one that changes building inside the district is an exit
and an entry of the buildings (and of the streets, if they differ), not of the district. Only firms in
buildings count.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from louyu_lab.analysis.absorption import occupied_at_ends
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.year_ends import TenantReports, latest_streets, placed_in_streets, tenant_reports

#: Level -> the column that identifies it.
_LEVELS = {"district": "district", "street": "street", "building": "building_id"}


def moves(
    tenancies: pd.DataFrame, panel: pd.DataFrame, district: str, years: Collection[int] | None = None
) -> pd.DataFrame:
    """Return table ``moves`` (T23) from the enterprise ledger and ``panel.building_years``.

    ``entries, exits`` count firms; ``area_in_sqm, area_out_sqm`` are what they occupy after and before
    (㎡, the known areas). ``net_absorption_sqm`` is Δ occupied area over the buildings known at both year
    ends; a building not yet (or no longer) in the stock counts 0. ``churn_rate`` = (area in + area
    out) ÷ (2 × mean occupied area), over the same buildings.

    The first year of the panel has no rows: what it holds is not known to be new. A year without any
    snapshot is passed over and the next one compared across the gap. A street that handed in no
    snapshot for a year has no row of its own then, and its firms neither enter nor leave the district.
    Stays none of which ever ended list today's tenants alone: they tell of no exits and give no rows.
    Firms in buildings outside the stock are not counted, as nowhere else. With ``years`` only their
    rows are made.
    """
    told, streets = tenant_reports(tenancies, panel, district), latest_streets(panel)
    parts = []
    for before, after in told.pairs:
        if years is not None and after not in years:
            continue
        space = placed_in_streets(occupied_at_ends(panel, before, after), streets, district)
        parts.append(_between(told, space, before, after))
    if not parts:
        return declared("moves", pd.DataFrame(columns=list(TABLES["moves"].columns)))
    return declared("moves", pd.concat(parts, ignore_index=True))


def _between(told: TenantReports, space: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """Return the rows of one year, ``after``, against the year end ``before``."""
    first, last = told.at(before), told.at(after, known_at=before)
    now = told.reports.loc[told.reports["year"] == after, "street"]
    reported = told.streets(before) & set(now)
    parts = []
    for level, own in _LEVELS.items():
        part = _turnover(first, last, space, own)
        if level != "district":
            everything = pd.concat([first, last, space])
            told = everything.loc[everything["street"].isin(reported), own].unique()
            part = part[part.index.isin(told)]
        parts.append(part.rename_axis("id").reset_index().assign(level=level, year=after))
    return pd.concat(parts, ignore_index=True)


def _turnover(first: pd.DataFrame, last: pd.DataFrame, space: pd.DataFrame, own: str) -> pd.DataFrame:
    """Return entries, exits, their areas, net absorption and churn, indexed by one level's column."""
    key = [own, "enterprise_id"]
    was, stands = pd.MultiIndex.from_frame(first[key]), pd.MultiIndex.from_frame(last[key])
    came, left = last[~stands.isin(was)], first[~was.isin(stands)]
    table = pd.DataFrame(index=sorted({*first[own], *last[own], *space[own]}))
    for count, area, rows in (("entries", "area_in_sqm", came), ("exits", "area_out_sqm", left)):
        by_place = rows.groupby(own)
        table[count] = by_place["enterprise_id"].nunique().reindex(table.index).fillna(0).astype("int64")
        table[area] = by_place["area_sqm"].sum(min_count=1)
        # Nobody moving is a true 0; movers whose areas are unknown are not.
        table[area] = table[area].mask(table[count] == 0, 0.0)
    ends = space.groupby(own)[["occupied_before", "occupied_after"]].sum(min_count=1).reindex(table.index)
    table["net_absorption_sqm"] = ends["occupied_after"] - ends["occupied_before"]
    measured = space.loc[space["occupied_after"].notna(), "building_id"]
    moved = pd.concat([came, left])
    moved = moved[moved["building_id"].isin(measured)].groupby(own)["area_sqm"].sum(min_count=1)
    moved = moved.reindex(table.index).mask(table["entries"] + table["exits"] == 0, 0.0)
    twice_mean = ends.sum(axis=1, min_count=2)
    table["churn_rate"] = moved / twice_mean.where(twice_mean > 0)
    return table
