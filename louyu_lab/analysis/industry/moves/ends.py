"""Year ends that can be compared, and who stood in the buildings at each, by the rules of table ``moves``."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.year_ends import tenant_reports


@dataclass(frozen=True)
class YearEnds:
    """Two year ends, ``before`` and ``after``, and who stood in the stock at each.

    ``first, last``: ``enterprise_id, building_id, street, year, area_sqm``, one row a firm and building;
    ``year`` is that of the street's report, earlier than the year end where it handed in nothing. ``since``:
    year of the last report up to ``before``, by street.
    """

    before: int
    after: int
    first: pd.DataFrame
    last: pd.DataFrame
    since: pd.Series


def year_ends(tenancies: pd.DataFrame, panel: pd.DataFrame, district: str) -> list[YearEnds]:
    """Return the pairs of year ends that table ``moves`` compares, from the same two frames.

    A year nobody reported is passed over; a street that reported nothing stands as it last did, and one
    heard of for the first time brings no entries; stays none of which ever ended are left out.
    """
    told = tenant_reports(tenancies, panel, district)
    return [
        YearEnds(before, after, told.at(before), told.at(after, known_at=before), told.since(before))
        for before, after in told.pairs
    ]


def complete_years(tenancies: pd.DataFrame, panel: pd.DataFrame, district: str) -> set[int]:
    """Return the years for which the tenants of every street are known that ever told of any."""
    reports = tenant_reports(tenancies, panel, district).reports
    told = reports.groupby("year")["street"].nunique()
    return {int(year) for year in told.index[told == reports["street"].nunique()]}
