"""Checks of the tenancy ledger: dates, repeated rows, stays at once, areas that lost their 万."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.faults import FaultLog

#: Below this a departing firm's area is taken for a unit error (the source's “1.2平方米”).
TINY_EXIT_SQM = 5.0

Frames = dict[str, pd.DataFrame]


def stays_nowhere(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """List sheets that say of none of their enterprises where it is."""
    stays = frames["tenancies"]
    placed = stays[["building_id", "building", "address"]].notna().any(axis=1)
    for (file, sheet), anywhere in placed.groupby([stays["file"], stays["sheet"]]):
        if not anywhere.any():
            log.add("tenancy-nowhere", file, sheet, values=f"{len(anywhere)} 行")
    return stays


def stay_dates(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside stays that end before they begin."""
    stays = frames["tenancies"]
    reversed_ = stays["move_out_date"] < stays["move_in_date"]
    values = [
        f"{a:%Y-%m-%d} → {b:%Y-%m-%d}"
        for a, b in zip(
            stays.loc[reversed_, "move_in_date"], stays.loc[reversed_, "move_out_date"], strict=True
        )
    ]
    log.add_rows("dates-reversed", stays[reversed_], "迁出日期", values)
    return stays[~reversed_]


def stays_repeated(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside rows that repeat another; list enterprises with several stays at once."""
    stays = frames["tenancies"]
    place = ["building_id", "building", "address", "floor", "area_sqm"]
    when = ["year", "period", "move_in_date", "move_out_date"]
    repeated = stays.duplicated(["enterprise_id", *place, *when])
    log.add_rows(
        "row-duplicate",
        stays[repeated],
        "企业名称",
        stays.loc[repeated, "enterprise"].fillna(stays["credit_code"]),
        "删去一行；若确是两处，请分别写明楼层或面积",
    )
    stays = stays[~repeated]
    several = _overlapping(stays)
    log.add_rows(
        "code-repeated",
        stays[several],
        "企业名称",
        stays.loc[several, "enterprise"].fillna(stays["credit_code"]),
    )
    return stays


def no_exits(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Say so when stays over several years never end: earlier years then show survivors only."""
    stays = frames["tenancies"]
    spells = stays[stays["year"].isna() & stays["move_in_date"].notna()]
    if spells["move_in_date"].dt.year.nunique() > 1 and spells["move_out_date"].isna().all():
        first = spells.iloc[0]
        log.add("no-exits", first["file"], first["sheet"], values=f"{len(spells):,} 段入驻")
    return stays


def lists_missing(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """List the streets without a yearly list for a year for which others handed theirs in."""
    stays = frames["tenancies"]
    lists = stays[stays["year"].notna()].astype({"year": "int64"})
    if "buildings" not in frames or lists["year"].nunique() < 2:
        return stays
    buildings = frames["buildings"].drop_duplicates("building_id").set_index("building_id")
    lists = lists.assign(street=lists["building_id"].map(buildings["street"])).dropna(subset=["street"])
    opened = (
        buildings["since_year"].fillna(buildings["completion_year"]).fillna(0).groupby(buildings["street"])
    )
    for street, own in lists.groupby("street"):
        since = max(lists["year"].min(), opened.min()[street])
        for year in sorted(set(lists.loc[lists["year"] >= since, "year"]) - set(own["year"])):
            log.add("list-missing", own["file"].iloc[0], own["sheet"].iloc[0], values=f"{street} {year} 年")
    return stays


def _overlapping(stays: pd.DataFrame) -> pd.Series:
    """Whether a stay begins while the enterprise's previous one still lasts, or repeats in a snapshot."""
    shared = stays.duplicated("enterprise_id", keep=False)
    ordered = stays[shared].sort_values(
        ["enterprise_id", "period", "move_in_date"], kind="stable", na_position="first"
    )
    previous = ordered.shift(1)
    same = ordered["enterprise_id"] == previous["enterprise_id"]
    same_snapshot = (ordered["period"] == previous["period"]).fillna(False).astype(bool)
    both_spells = ordered["year"].isna() & previous["year"].isna()
    lasted = previous["move_out_date"].isna() | ~(ordered["move_in_date"] >= previous["move_out_date"])
    found = same & (same_snapshot | (both_spells & lasted))
    return found.reindex(stays.index, fill_value=False)


def tiny_exits(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """List departing firms below 5 ㎡: the 万 is lost. A firm absent from the next snapshot departs."""
    stays = frames["tenancies"]
    departing = stays["move_out_date"].notna()
    snapshots = stays[stays["year"].notna()]
    if snapshots["year"].nunique() > 1:
        last_year = snapshots.groupby("enterprise_id")["year"].transform("max")
        gone = (snapshots["year"] == last_year) & (last_year < snapshots["year"].max())
        departing = departing | gone.reindex(stays.index, fill_value=False).astype(bool)
    tiny = departing & (stays["area_sqm"] < TINY_EXIT_SQM)
    log.add_rows("area-tiny-exit", stays[tiny], "租用面积", stays.loc[tiny, "area_sqm"])
    return stays.assign(area_sqm=stays["area_sqm"].mask(tiny))
