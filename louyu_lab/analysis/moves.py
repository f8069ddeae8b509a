"""迁入迁出: who came to and left the buildings, by year, at three levels.

One definition for stays and for yearly snapshots: the difference between two year ends. A firm that
came and went within the year is not seen; one that changes building inside the district is an exit
and an entry of the buildings (and of the streets, if they differ), not of the district. Only firms in
buildings count.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import pandas as pd

from louyu_lab.analysis.absorption import occupied_at_ends
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stays import stays_in_years
from louyu_lab.analysis.stock import UNPLACED

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
    streets = panel.sort_values("year").groupby("building_id")["street"].last()
    held = sorted(panel["year"].unique())
    rows = tenancies[tenancies["building_id"].isin(panel["building_id"])]
    if rows["move_out_date"].isna().all():
        rows = rows[rows["year"].notna()]
    present = stays_in_years(rows, held)
    present = present.loc[present["at_year_end"], ["building_id", "enterprise_id", "year", "area_sqm"]]
    present = _placed(present, streets, district)
    reports = _reports(_placed(rows, streets, district), _placed(panel, streets, district))
    parts = []
    for before, after in pairwise(sorted(reports.loc[reports["is_report"], "year"].unique())):
        if years is not None and after not in years:
            continue
        space = _placed(occupied_at_ends(panel, before, after), streets, district)
        parts.append(_between(present, reports, space, before, after))
    if not parts:
        return declared("moves", pd.DataFrame(columns=list(TABLES["moves"].columns)))
    return declared("moves", pd.concat(parts, ignore_index=True))


def _reports(tenancies: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    """Return ``street, year, is_report``: for which years the tenants of a street are known.

    Snapshots speak of their own year, stays of every year. A street that has no building in the stock
    yet is known to be empty, which is not a report of its own.
    """
    snapshots = tenancies[tenancies["year"].notna()]
    spoken = snapshots[["street", "year"]].drop_duplicates().astype({"year": "int64"})
    years = panel["year"].drop_duplicates()
    by_stays = set(tenancies["street"]) | set(panel["street"]) if len(snapshots) < len(tenancies) else set()
    by_stays = pd.Series(sorted(by_stays - set(spoken["street"])), name="street", dtype="str")
    grid = pd.merge(spoken["street"].drop_duplicates(), years, how="cross")
    bare = grid.merge(panel[["street", "year"]].drop_duplicates(), how="left", indicator=True)
    bare = bare.loc[bare.pop("_merge") == "left_only"]
    told = pd.concat([spoken[spoken["year"].isin(years)], pd.merge(by_stays, years, how="cross")])
    both = pd.concat([told.assign(is_report=True), bare.assign(is_report=False)])
    return both.drop_duplicates(["street", "year"], ignore_index=True)


def _placed(rows: pd.DataFrame, streets: pd.Series, district: str) -> pd.DataFrame:
    street = rows["building_id"].map(streets).fillna(UNPLACED["street"])
    return rows.assign(street=street, district=district)


def _between(
    present: pd.DataFrame, reports: pd.DataFrame, space: pd.DataFrame, before: int, after: int
) -> pd.DataFrame:
    """Return the rows of one year, ``after``, against the year end ``before``."""
    known = set(reports.loc[reports["year"] <= before, "street"])
    reported = known & set(reports.loc[reports["year"] == after, "street"])
    first = _standing(present, reports, before)
    # A street heard of for the first time brings tenants, not entries.
    last = _standing(present[present["street"].isin(known)], reports, after)
    parts = []
    for level, own in _LEVELS.items():
        part = _turnover(first, last, space, own)
        if level != "district":
            everything = pd.concat([first, last, space])
            told = everything.loc[everything["street"].isin(reported), own].unique()
            part = part[part.index.isin(told)]
        parts.append(part.rename_axis("id").reset_index().assign(level=level, year=after))
    return pd.concat(parts, ignore_index=True)


def _standing(present: pd.DataFrame, reports: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return who stands where by each street's last report up to ``year``."""
    latest = reports[reports["year"] <= year].groupby("street")["year"].max()
    return present[present["year"] == present["street"].map(latest)]


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
