"""迁入迁出: who came to and left the buildings, by year, at three levels.

One definition for stays and for yearly snapshots: the difference between two year ends. A firm that
came and went within the year is not seen; one that changes building inside the district is an exit
and an entry of the buildings (and of the streets, if they differ), not of the district. Only firms in
buildings count.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import UNPLACED

#: Level -> the column that identifies it.
_LEVELS = {"district": "district", "street": "street", "building": "building_id"}


def moves(tenants: pd.DataFrame, panel: pd.DataFrame, district: str) -> pd.DataFrame:
    """Return table ``moves`` (T23) from ``panel.enterprise_years`` and ``panel.building_years``.

    ``entries, exits`` count firms; ``area_in_sqm, area_out_sqm`` are what they occupy after and before
    (㎡, the known areas). ``net_absorption_sqm`` is Δ occupied area over the buildings known at both year
    ends; a building not yet (or no longer) in the stock counts 0. ``churn_rate`` = (area in + area
    out) ÷ (2 × mean occupied area), over the same buildings.

    The first year has no rows: what it holds is not known to be new. A year without any snapshot is
    passed over and the next one compared across the gap. A street that did not report in a year has no
    row of its own then, and its firms neither enter nor leave the district.
    """
    streets = panel.sort_values("year").groupby("building_id")["street"].last()
    present = tenants[tenants["at_year_end"] & tenants["building_id"].notna()]
    present = _placed(present[["building_id", "enterprise_id", "year", "area_sqm"]], streets, district)
    years = sorted(present["year"].unique())
    parts = []
    for before, after in pairwise(years):
        space = _placed(_occupied(panel, before, after), streets, district)
        parts.append(_between(present, space, before, after))
    if not parts:
        return declared("moves", pd.DataFrame(columns=list(TABLES["moves"].columns)))
    return declared("moves", pd.concat(parts, ignore_index=True))


def _placed(rows: pd.DataFrame, streets: pd.Series, district: str) -> pd.DataFrame:
    street = rows["building_id"].map(streets).fillna(UNPLACED["street"])
    return rows.assign(street=street, district=district)


def _occupied(panel: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """Return ``building_id, occupied_before, occupied_after`` (㎡) of the buildings known at both ends.

    Buildings that lack one of the two are listed with both missing.
    """
    occupied = panel[panel["year"].isin([before, after])]
    wide = occupied.pivot(index="building_id", columns="year", values="occupied_area_sqm")
    held = occupied.assign(held=True).pivot(index="building_id", columns="year", values="held")
    # Out of the stock at one end means nothing occupied there, not something unknown.
    wide = wide.mask(held.isna(), 0.0).reindex(columns=[before, after])
    wide = wide.where(wide.notna().all(axis=1))
    return wide.set_axis(["occupied_before", "occupied_after"], axis=1).reset_index()


def _between(present: pd.DataFrame, space: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """Return the rows of one year, ``after``, against the year end ``before``."""
    first, last = _standing(present, before), _standing(present, after)
    # A street heard of for the first time brings tenants, not entries.
    last = last[last["street"].isin(first["street"])]
    reported = last.loc[last["year"] == after, "street"]
    parts = []
    for level, own in _LEVELS.items():
        part = _turnover(first, last, space, own)
        if level != "district":
            shown = pd.concat([first, last, space])
            part = part[part.index.isin(shown.loc[shown["street"].isin(reported), own])]
        parts.append(part.rename_axis("id").reset_index().assign(level=level, year=after))
    return pd.concat(parts, ignore_index=True)


def _standing(present: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return each street's last report up to ``year``."""
    held = present[present["year"] <= year]
    return held[held["year"] == held.groupby("street")["year"].transform("max")]


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
