"""Spells from stays with move-in and move-out dates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: Who is back in the same building within this many days never left it: a renewal, another floor.
GAP_DAYS = 92

DAYS_A_YEAR = 365.25

#: A year with fewer exits than this share of the middle year's was not fully recorded.
_FULL_SHARE = 0.25

_KEY = ["enterprise_id", "building_id"]
_EPOCH = pd.Timestamp(1970, 1, 1)
_OPEN = np.iinfo(np.int64).max // 2


def recorded_years(move_out: pd.Series, years: Sequence[int]) -> tuple[int, int]:
    """Return the first and last year in which leavings were recorded; (0, 0) where never.

    The longest unbroken run of years that ends last, up to the last of ``years``, each with at least
    ``_FULL_SHARE`` of the middle year's exits: an old exit noted by chance, or a year only begun, would
    otherwise count years in which nobody could have been seen leaving. Where several ``years`` are
    reported on, the run does not begin before the first of them.
    """
    told = move_out.dt.year.dropna().astype("int64")
    counts = told[told <= max(years)].value_counts()
    full = counts.index[counts >= _FULL_SHARE * counts.median()] if len(counts) else counts.index
    if not len(full):
        return 0, 0
    first = last = int(max(full))
    while first - 1 in full:
        first -= 1
    return (max(first, min(years)) if len(set(years)) > 1 else first), last


def dated_spells(stays: pd.DataFrame, since: int, until: int) -> tuple[pd.DataFrame, int]:
    """Return the spells observed from 1 January of ``since`` to 31 December of ``until``.

    ``stays`` are rows of the enterprise ledger without a year. Columns as ``spells.Spells`` without
    sector and name. Beside them the number of stays set aside for want of a move-in date that could have
    been observed.
    """
    start, end = _days(stays["move_in_date"]), _days(stays["move_out_date"]).fillna(_OPEN)
    first = (pd.Timestamp(since, 1, 1) - _EPOCH).days
    last = (pd.Timestamp(until, 12, 31) - _EPOCH).days
    parts = stays[[*_KEY, "area_sqm"]].assign(start=start, end=end)
    known = parts.dropna(subset=["start", *_KEY])
    known = known[(known["start"] <= known["end"]) & (known["start"] <= last)].astype({"start": "int64"})
    spells = _joined(known, first)
    spells = spells[spells["end"] >= first]
    event = spells["end"] <= last
    leaving = spells["end"].where(event, last)
    # Who comes and goes on one day was there for part of it.
    duration = np.maximum(leaving - spells["start"], 0.5)
    entry = (first - spells["start"]).clip(lower=0)
    observed = np.maximum(duration, entry + 0.5)
    frame = spells[[*_KEY, "area_sqm"]].assign(
        start=(_EPOCH + pd.to_timedelta(spells["start"], unit="D")).astype("datetime64[us]"),
        entry_years=entry / DAYS_A_YEAR,
        duration_years=observed / DAYS_A_YEAR,
        event=event,
        moved_on=_moved_on(spells, event),
    )
    begun = frame["start"].dt.year + 1
    left = (_EPOCH + pd.to_timedelta(leaving, unit="D")).dt.year
    frame = frame.assign(first_year=begun.clip(lower=since).astype("int64"), last_year=left.astype("int64"))
    unknown = start.isna() & (end >= first)
    return frame.reset_index(drop=True), int(unknown.sum())


def _days(dates: pd.Series) -> pd.Series:
    return (dates - _EPOCH).dt.days


def _joined(parts: pd.DataFrame, first: int) -> pd.DataFrame:
    """Join the parts of one stay; ``area_sqm`` adds up what was held when observation began."""
    parts = parts.sort_values([*_KEY, "start", "end"], kind="stable").astype({"end": "int64"})
    code = parts.groupby(_KEY, sort=False).ngroup()
    latest = parts.groupby(code)["end"].cummax().groupby(code).shift()
    is_new = latest.isna() | (parts["start"] > latest + GAP_DAYS)
    by = is_new.cumsum().rename("spell")
    begin = parts.groupby(by)["start"].transform("min").clip(lower=first)
    held = parts["area_sqm"].where((parts["start"] <= begin) & (parts["end"] >= begin))
    grouped = parts.assign(held=held).groupby(by)
    spells = grouped[_KEY].first().assign(start=grouped["start"].min(), end=grouped["end"].max())
    # Between two leases nothing is held: the first part's area stands in.
    return spells.assign(area_sqm=grouped["held"].sum(min_count=1).fillna(grouped["area_sqm"].first()))


def _moved_on(spells: pd.DataFrame, event: pd.Series) -> pd.Series:
    """Tell which of those who left took space in another building within ``GAP_DAYS`` of leaving."""
    left = spells.loc[event, [*_KEY, "end"]].rename_axis("spell").reset_index()
    other = left.merge(spells[[*_KEY, "start"]], on="enterprise_id", suffixes=("", "_next"))
    near = (other["start"] - other["end"]).abs() <= GAP_DAYS
    moved = other.loc[near & (other["building_id"] != other["building_id_next"]), "spell"]
    return pd.Series(spells.index.isin(moved), index=spells.index)
