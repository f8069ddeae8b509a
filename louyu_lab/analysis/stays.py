"""Who stood where in each year: one reading of stays with dates and of yearly snapshots."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.ledgers.periods import lateness


def stays_in_years(tenancies: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return the stays that touch each year, from spells and snapshots alike.

    A snapshot row stands in its own year; of several snapshots in a year a firm's last one counts, and
    only those of the building's last one are there at the year's end. A spell stands in every year it
    overlaps; one without a move-in date starts on the registration date, or was always there. Columns
    as in ``enterprise_years`` without the taxes.
    """
    kept = [
        *("enterprise_id", "enterprise", "building_id", "area_sqm", "industry_code", "industry"),
        *("business_scope", "is_registered", "is_taxed_here", "is_hq", "group_name"),
    ]
    snapshots = _reported_stays(tenancies[tenancies["year"].isin(list(years))])
    parts = [snapshots[[*kept, "year", "at_year_end"]]]
    # In the order of leaving, so that the last stay of a year stands last.
    spells = tenancies[tenancies["year"].isna()].sort_values("move_out_date", kind="stable")
    start = spells["move_in_date"].fillna(spells["registered_date"])
    for year in sorted(years):
        first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        touches = (start.isna() | (start <= last)) & ~(spells["move_out_date"] < first)
        stayed = spells["move_out_date"].isna() | (spells["move_out_date"] > last)
        parts.append(spells.loc[touches, kept].assign(year=year, at_year_end=stayed[touches]))
    panel = pd.concat(parts, ignore_index=True).astype({"year": "int64", "at_year_end": "bool"})
    return _one_row_a_stay(panel)


def _reported_stays(snapshots: pd.DataFrame) -> pd.DataFrame:
    """Keep each firm's last report of a year from each building, and mark the buildings' last ones."""
    by_building = ["building_id", "year"]
    dated = snapshots.assign(lateness=lateness(snapshots["period"])).sort_values("lateness", kind="stable")
    last_of_firm = dated.groupby(["enterprise_id", *by_building], dropna=False)["lateness"].transform("max")
    last_of_building = dated.groupby(by_building, dropna=False)["lateness"].transform("max")
    at_year_end = dated["lateness"] == last_of_building
    return dated.assign(at_year_end=at_year_end)[dated["lateness"] == last_of_firm]


def _one_row_a_stay(panel: pd.DataFrame) -> pd.DataFrame:
    """Join several floors, or a renewed lease, of one enterprise in one building into one row.

    Areas held at the year's end add up; a stay that ended counts only where nothing followed it.
    """
    key = ["enterprise_id", "building_id", "year"]
    repeated = panel.duplicated(key, keep=False)
    if not repeated.any():
        return panel
    parts = panel[repeated].groupby(key, dropna=False)
    parts_end = parts["at_year_end"].transform("max")
    placed = panel.assign(place=range(len(panel)))
    current = placed[repeated & (panel["at_year_end"] | ~parts_end.reindex(panel.index, fill_value=False))]
    grouped = current.groupby(key, dropna=False, sort=False)
    area = grouped["area_sqm"].sum(min_count=1)
    joined = grouped.first().assign(area_sqm=area, place=grouped["place"].max()).reset_index()
    whole = pd.concat([placed[~repeated], joined[placed.columns]]).sort_values("place")
    return whole[panel.columns].reset_index(drop=True)
