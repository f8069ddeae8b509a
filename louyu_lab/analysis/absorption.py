"""Net absorption, defined once: the change of occupied area between two year ends (净吸纳)."""

from __future__ import annotations

import pandas as pd


def occupied_at_ends(panel: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """Return ``building_id, occupied_before, occupied_after`` (㎡) of the buildings known at both ends.

    Buildings that lack one of the two are listed with both missing.
    """
    occupied = panel[panel["year"].isin([before, after])]
    wide = occupied.pivot(index="building_id", columns="year", values="occupied_area_sqm")
    held = occupied.assign(held=True).pivot(index="building_id", columns="year", values="held")
    # A year in which nobody reported occupancy says nothing of anybody, new buildings included.
    spoken = [year for year in wide.columns if wide[year].notna().any()]
    # Out of the stock at one end means nothing occupied there, not something unknown.
    wide = wide.mask(held.isna(), 0.0)[spoken].reindex(columns=[before, after])
    wide = wide.where(wide.notna().all(axis=1))
    return wide.set_axis(["occupied_before", "occupied_after"], axis=1).reset_index()


def occupied_changes(panel: pd.DataFrame) -> pd.DataFrame:
    """Return net absorption by building and year: ``building_id, year, net_absorption_sqm`` (㎡).

    One row for every building in the stock at either year end; NaN where its occupied area is not
    known at both, or nobody's is. Only years whose predecessor the panel holds.
    """
    years = set(panel["year"])
    parts = []
    for year in sorted(year for year in years if year - 1 in years):
        ends = occupied_at_ends(panel, year - 1, year)
        change = ends["occupied_after"] - ends["occupied_before"]
        parts.append(ends[["building_id"]].assign(year=year, net_absorption_sqm=change))
    empty = pd.DataFrame({"building_id": [], "year": [], "net_absorption_sqm": []})
    return pd.concat(parts, ignore_index=True) if parts else empty
