"""How long space has stood idle, by the start dates of the idle ledger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import Bands, spread_over
from louyu_lab.analysis.idle import idle_in, idle_months
from louyu_lab.analysis.outputs import TABLES, declared

#: 闲置年限 in whole months.
AGE_BANDS = Bands(("不足半年", "半年—1年", "1—2年", "2—3年", "3—5年", "5年及以上"), (0, 6, 12, 24, 36, 60))

#: From this many months on a space counts as structurally vacant (结构性空置, Remøy: three years).
LONG_MONTHS = 36

#: The bands of 闲置年限 that count as long.
LONG_BANDS = tuple(
    label for label, low in zip(AGE_BANDS.labels, AGE_BANDS.lows, strict=True) if low >= LONG_MONTHS
)

#: Holds of a court or a dispute, in whatever column they are told.
LEGAL_HOLDS = "查封|冻结|纠纷|诉讼|涉诉|拍卖(?!行|公司)|司法(?!局|所)"

#: Causes for which a space cannot be let for the time being: the ledger's own words for 不可招商.
SEALED_CAUSES = f"{LEGAL_HOLDS}|未验收|改造"


def idle_in_stock(idle: pd.DataFrame, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the spaces still idle in the census valid for ``year`` inside a building then in the stock.

    With ``idle_months`` beside the ledger's columns, see ``idle.idle_in`` and ``idle.idle_months``.
    """
    rows = idle_in(idle, year)
    rows = rows[rows["building_id"].isin(panel.loc[panel["year"] == year, "building_id"])]
    return rows.assign(idle_months=idle_months(rows, year))


def long_idle(idle: pd.DataFrame, panel: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return ``building_id, year, dated_sqm, dated_sealed_sqm, long_sqm, long_sealed_sqm`` (㎡).

    One row for every building and year with at least one start date in the census valid for the year: the
    area of the dated spaces, of those idle for ``LONG_MONTHS`` and more, and of either the part with
    ``SEALED_CAUSES``.
    """
    parts = []
    for year in sorted(years):
        rows = idle_in_stock(idle, panel, year).dropna(subset=["idle_months", "idle_area_sqm"])
        is_long = rows["idle_months"] >= LONG_MONTHS
        is_sealed = rows["idle_cause"].fillna("").str.contains(SEALED_CAUSES)
        area, long = rows["idle_area_sqm"], rows["idle_area_sqm"].where(is_long, 0.0)
        dated = rows[["building_id"]].assign(
            dated_sqm=area,
            dated_sealed_sqm=area.where(is_sealed, 0.0),
            long_sqm=long,
            long_sealed_sqm=long.where(is_sealed, 0.0),
        )
        parts.append(dated.groupby("building_id", as_index=False).sum().assign(year=year))
    return pd.concat(parts, ignore_index=True)


def vacancy_ages(idle: pd.DataFrame, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``vacancy_ages``: idle spaces inside the buildings by 闲置年限 at the end of ``year``.

    Counts and idle area (㎡) of the census valid for the year; a space without a start date, or with one
    after the year's end, stands in 无数据. No rows where the census names no space inside the buildings.
    """
    rows = idle_in_stock(idle, panel, year)
    if len(rows) == 0:
        return declared("vacancy_ages", pd.DataFrame(columns=list(TABLES["vacancy_ages"].columns)))
    spread = spread_over(AGE_BANDS, rows, "idle_months", "idle_area_sqm")
    spread = spread.rename(columns={"buildings": "spaces", "share_amount": "share_idle"})
    return declared("vacancy_ages", spread.drop(columns="share_buildings"))


def mean_idle_months(rows: pd.DataFrame, by: str) -> pd.Series:
    """Return the mean age of idle space weighted by its area (months), by one column of ``idle_in_stock``.

    Only spaces with a start date and an area; a place without such a space is left out.
    """
    dated = rows.dropna(subset=["idle_months", "idle_area_sqm"])
    months = dated["idle_months"].astype("float64") * dated["idle_area_sqm"]
    sums = dated.assign(weighted=months).groupby(by)[["weighted", "idle_area_sqm"]].sum()
    mean = sums["weighted"] / sums["idle_area_sqm"].where(sums["idle_area_sqm"] > 0)
    return mean.replace([np.inf, -np.inf], np.nan).dropna()
