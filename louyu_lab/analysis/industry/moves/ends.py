"""Year ends that can be compared, and who stood in the buildings at each, by the rules of table ``moves``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from louyu_lab.analysis.moves import _placed, _reports, _standing
from louyu_lab.analysis.stays import stays_in_years


@dataclass(frozen=True)
class YearEnds:
    """Two year ends, ``before`` and ``after``, and who stood in the stock at each.

    ``first, last``: ``enterprise_id, building_id, street, year, area_sqm``, one row a firm and building;
    ``year`` is that of the street's report, earlier than the year end where it handed in nothing.
    """

    before: int
    after: int
    first: pd.DataFrame
    last: pd.DataFrame


def year_ends(tenancies: pd.DataFrame, panel: pd.DataFrame, district: str) -> list[YearEnds]:
    """Return the pairs of year ends that table ``moves`` compares, from the same two frames.

    A year nobody reported is passed over; a street that reported nothing stands as it last did, and one
    heard of for the first time brings no entries; stays none of which ever ended are left out.
    """
    present, reports = _told(tenancies, panel, district)
    ends = []
    for before, after in pairwise(sorted(reports.loc[reports["is_report"], "year"].unique())):
        known = reports.loc[reports["year"] <= before, "street"]
        last = _standing(present[present["street"].isin(known)], reports, after)
        ends.append(YearEnds(int(before), int(after), _standing(present, reports, before), last))
    return ends


def complete_years(tenancies: pd.DataFrame, panel: pd.DataFrame, district: str) -> set[int]:
    """Return the years for which the tenants of every street are known that ever told of any."""
    _, reports = _told(tenancies, panel, district)
    told = reports.groupby("year")["street"].nunique()
    return {int(year) for year in told.index[told == reports["street"].nunique()]}


def _told(tenancies: pd.DataFrame, panel: pd.DataFrame, district: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who stands where at each year's end, and which street tells of which year."""
    streets = panel.sort_values("year").groupby("building_id")["street"].last()
    rows = tenancies[tenancies["building_id"].isin(panel["building_id"])]
    if rows["move_out_date"].isna().all():
        rows = rows[rows["year"].notna()]
    present = stays_in_years(rows, sorted(panel["year"].unique()))
    present = present.loc[present["at_year_end"], ["building_id", "enterprise_id", "year", "area_sqm"]]
    present = _placed(present, streets, district)
    reports = _reports(_placed(rows, streets, district), _placed(panel, streets, district))
    return present, reports
