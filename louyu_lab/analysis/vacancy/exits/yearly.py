"""Spells from yearly lists: who is in one year's list and not in the next has left in between."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.stays import stays_in_years

_KEY = ["enterprise_id", "building_id"]


def yearly_spells(lists: pd.DataFrame, panel: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return the spells of yearly ``lists``; columns as ``spells.Spells`` without sector and name.

    A tenant is there at a year's end if the building's last list of the year names it. It has left when
    the building's next yearly list does not; a year for which the building has no list ends the spell
    without telling (censored), unless the panel knows the building to be empty. ``start`` is the end of
    the year of moving in, or of the first list that names the tenant where the year before had one; else
    unknown. Exits are dated by year only, so durations are whole years from year end to year end.
    """
    present = stays_in_years(lists, years)
    present = present.loc[present["at_year_end"], [*_KEY, "year", "area_sqm"]].dropna(subset=_KEY)
    present = present.sort_values([*_KEY, "year"], ignore_index=True)
    told = _told(present, panel)
    same_before = present[_KEY].eq(present[_KEY].shift()).all(axis=1)
    goes_on = same_before & (present["year"] == present["year"].shift() + 1)
    grouped = present.groupby((~goes_on).cumsum())
    spells = (
        grouped[[*_KEY, "area_sqm"]].first().assign(first=grouped["year"].min(), last=grouped["year"].max())
    )
    event = _in(spells["building_id"], spells["last"] + 1, told)
    origin = _origin(spells, lists, told)
    until = spells["last"] + event.astype("int64")
    return pd.DataFrame(
        {
            **{name: spells[name] for name in (*_KEY, "area_sqm")},
            "start": pd.to_datetime(origin.astype("Int64").astype("str") + "-12-31").astype("datetime64[us]"),
            "entry_years": spells["first"] - origin,
            "duration_years": until - origin,
            "event": event,
            "first_year": spells["first"] + 1,
            "last_year": until,
            "moved_on": event & _elsewhere(spells, until, present),
        }
    ).reset_index(drop=True)


def _told(present: pd.DataFrame, panel: pd.DataFrame) -> pd.MultiIndex:
    """Return the (building_id, year) for which the tenants are known, be it that there are none."""
    empty = panel.loc[panel["firms"] == 0, ["building_id", "year"]]
    told = pd.concat([present[["building_id", "year"]], empty]).drop_duplicates()
    return pd.MultiIndex.from_frame(told)


def _in(building_id: pd.Series, year: pd.Series, told: pd.MultiIndex) -> pd.Series:
    return pd.Series(pd.MultiIndex.from_arrays([building_id, year]).isin(told), index=building_id.index)


def _origin(spells: pd.DataFrame, lists: pd.DataFrame, told: pd.MultiIndex) -> pd.Series:
    """Year of moving in (float64): as dated, else the first year listed; NaN where it lies before."""
    dated = lists.groupby(_KEY)["move_in_date"].min().dt.year.rename("dated")
    dated = spells[_KEY].join(dated, on=_KEY)["dated"].astype("float64")
    came = spells["first"].where(_in(spells["building_id"], spells["first"] - 1, told)).astype("float64")
    return came.fillna(dated.where(dated <= spells["first"]))


def _elsewhere(spells: pd.DataFrame, year: pd.Series, present: pd.DataFrame) -> pd.Series:
    """Tell who stands in some building of the district at the end of ``year``."""
    stands = pd.MultiIndex.from_frame(present[["enterprise_id", "year"]])
    return _in(spells["enterprise_id"], year, stands)
