"""Space under construction, by planned completion and street, against the stock there is."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import declared
from louyu_lab.analysis.stock import UNPLACED, of_year

#: Stages of a project that is finished or given up, and so no supply to come.
_CLOSED = r"已?(?:竣工|竣工验收|投用|交付|交付使用|取消|终止)"


def open_projects(pipeline: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the pipeline ledger that are neither finished nor given up."""
    return pipeline[~pipeline["stage"].fillna("").str.strip().str.fullmatch(_CLOSED)]


def supply(pipeline: pd.DataFrame, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``supply`` (T22): projects under construction by planned year and street.

    ``gross_area_sqm`` (㎡) as planned; ``office_area_sqm`` = gross area × office share, where that is
    known; ``share_stock`` = gross area ÷ gross area of the year's stock (和平区: 335 of 422.7万㎡, 79 %),
    not of offices alone. Projects without a year stand last.
    """
    stock_sqm = of_year(panel, year)["gross_area_sqm"].sum(min_count=1)
    rows = open_projects(pipeline)
    rows = rows.assign(
        street=rows["street"].fillna(UNPLACED["street"]),
        office_area_sqm=rows["gross_area_sqm"] * rows["office_rate"],
    )
    grouped = rows.groupby(["planned_completion_year", "street"], dropna=False)
    table = grouped[["gross_area_sqm", "office_area_sqm"]].sum(min_count=1)
    table["projects"] = grouped.size()
    table["share_stock"] = table["gross_area_sqm"] / stock_sqm
    table = table.reset_index().sort_values(["planned_completion_year", "street"], na_position="last")
    return declared("supply", table)
