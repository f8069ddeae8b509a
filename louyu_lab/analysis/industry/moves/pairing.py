"""From two year ends to moves: each building a firm gave up beside the one it took instead."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.moves.ends import YearEnds
from louyu_lab.analysis.industry.moves.kinds import (
    FEWER,
    MORE,
    MORE_OR_MOVED,
    MOVED,
    PARTLY_MOVED,
    TOGETHER,
)

#: A building is taken to have been joined to another, or renumbered, where at least so many of its firms,
#: and this part of them, stand in one other building and nobody is left.
_TOGETHER_FIRMS, _TOGETHER_SHARE = 5, 0.8

#: Columns of ``paired_changes``.
COLUMNS = (
    *("enterprise_id", "from_building_id", "to_building_id", "area_before_sqm", "area_after_sqm"),
    *("kind", "place", "buildings_before", "buildings_after"),
)


def paired_changes(ends: YearEnds) -> pd.DataFrame:
    """Return one row a building given up or taken, the two joined where a firm did both.

    Columns: ``enterprise_id, from_building_id, to_building_id`` (missing where none), ``area_before_sqm,
    area_after_sqm`` (㎡, of those buildings), ``kind`` (missing for firms that came or left altogether),
    ``place`` (0 for a firm's first row), ``buildings_before, buildings_after`` (of the firm). Of several
    buildings the largest given up goes with the largest taken. Every building given up and every
    one taken is in exactly one row, so that they add up to the exits and entries of T23.
    """
    first, last = ends.first, ends.last
    key = ["enterprise_id", "building_id"]
    was, stands = pd.MultiIndex.from_frame(first[key]), pd.MultiIndex.from_frame(last[key])
    lost, gained = (
        _in_order(rows).rename(columns={"building_id": f"{way}_building_id", "area_sqm": f"area_{side}_sqm"})
        for rows, way, side in (
            (first[~was.isin(stands)], "from", "before"),
            (last[~stands.isin(was)], "to", "after"),
        )
    )
    rows = lost.merge(gained, on=["enterprise_id", "place"], how="outer")
    for side, frame in (("before", first), ("after", last)):
        count = frame.groupby("enterprise_id")["building_id"].nunique()
        rows[f"buildings_{side}"] = (
            rows["enterprise_id"].map(count).astype("float64").fillna(0).astype("int64")
        )
    kept = last[stands.isin(was)]
    rows["kind"] = _kinds(rows, set(kept["enterprise_id"]), _all_unreported(kept, ends.after))
    rows["kind"] = rows["kind"].mask(_moved_together(rows, first, last), TOGETHER)
    return rows[list(COLUMNS)]


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.sort_values(["enterprise_id", "area_sqm", "building_id"], ascending=[True, False, True])
    rows = rows[["enterprise_id", "building_id", "area_sqm"]]
    return rows.assign(place=rows.groupby("enterprise_id").cumcount())


def _all_unreported(kept: pd.DataFrame, after: int) -> set[str]:
    """Return the firms that stand where they stood only because those streets have not reported since."""
    reported = set(kept.loc[kept["year"] == after, "enterprise_id"])
    return set(kept["enterprise_id"]) - reported


def _kinds(rows: pd.DataFrame, kept: set[str], unreported: set[str]) -> pd.Series:
    gave_up, took = rows["from_building_id"].notna(), rows["to_building_id"].notna()
    stays = rows["enterprise_id"].isin(kept)
    kind = pd.Series(None, index=rows.index, dtype="str")
    kind = kind.mask(gave_up & took, MOVED).mask(gave_up & took & stays, PARTLY_MOVED)
    kind = kind.mask(took & ~gave_up & (rows["buildings_before"] > 0), MORE)
    kind = kind.mask((kind == MORE) & rows["enterprise_id"].isin(unreported), MORE_OR_MOVED)
    return kind.mask(gave_up & ~took & (rows["buildings_after"] > 0), FEWER)


def _moved_together(rows: pd.DataFrame, first: pd.DataFrame, last: pd.DataFrame) -> pd.Series:
    """Tell the moves by which a whole building, or nearly, went over to a single other one."""
    pair = ["from_building_id", "to_building_id"]
    along = rows.groupby(pair)["enterprise_id"].transform("size")
    held = (
        rows["from_building_id"]
        .map(first.groupby("building_id")["enterprise_id"].nunique())
        .astype("float64")
    )
    emptied = ~rows["from_building_id"].isin(last["building_id"])
    return (emptied & (along >= _TOGETHER_FIRMS) & (along >= _TOGETHER_SHARE * held)).fillna(False)
