"""税收梯次: the one definition of 亿元楼, 千万元楼 and their neighbours, and the tables built on it.

Tiers go by 全口径税收 of a calendar year. For the reading without one-off taxes pass the panel with
``tax_yuan`` replaced by ``recurring_tax_yuan``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import NO_DATA, Bands, spread_over
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import of_year

YI_BUILDING = "亿元楼"

#: Tiers by tax (元). The bounds 1亿, 7000万, 5000万 and 1000万 are in use (和平区's plan); 准亿元 from 7000万
#: and 准千万元 from 700万 have no official bound and are ours. 月亿楼 (12亿 and more) stay with 亿元楼.
TIERS = Bands(
    labels=(YI_BUILDING, "准亿元楼", "5000万–7000万元", "千万元楼", "准千万元楼", "其他"),
    lows=(1e8, 7e7, 5e7, 1e7, 7e6, -np.inf),
    decimals=2,
)

#: Rows of the transition matrix for buildings that one of the two years does not hold.
ENTERED, LEFT = "新纳入", "退出"


def tier_of(tax_yuan: pd.Series, tiers: Bands = TIERS) -> pd.Series:
    """Return each building's tier as an ordered categorical, highest first; unknown tax is 无数据."""
    return tiers.of(tax_yuan)


def tax_bands(
    panel: pd.DataFrame, year: int, district_tax_yuan: float | None = None, tiers: Bands = TIERS
) -> pd.DataFrame:
    """Return table ``tax_bands`` (T8): buildings and their tax (元) by tier.

    ``share_tax`` is of all building tax, ``share_district_tax`` of 全区税收 and NaN when that is not
    given (or not positive).
    """
    spread = spread_over(tiers, of_year(panel, year), "tax_yuan", "tax_yuan")
    whole = district_tax_yuan if district_tax_yuan is not None and district_tax_yuan > 0 else np.nan
    spread = spread.rename(columns={"share_amount": "share_tax"})
    return declared("tax_bands", spread.assign(share_district_tax=spread["tax_yuan"] / whole))


def tax_ladder(
    panel: pd.DataFrame,
    year: int,
    concentration: pd.DataFrame | None = None,
    floor_yuan: float = 7e7,
    tiers: Bands = TIERS,
) -> pd.DataFrame:
    """Return table ``tax_ladder`` (T9): every building that pays ``floor_yuan`` or more, by rank.

    ``previous_tier`` is 新纳入 for a building the year before does not hold. ``change_rate`` needs a
    positive tax the year before, ``gap_to_next_yuan`` is missing in the highest tier. ``top1_rate``
    and ``is_single_source`` come from the building rows of table ``tax_concentration`` when given.
    """
    before = panel.loc[panel["year"] == year - 1, ["building_id", "tax_yuan"]]
    before = before.assign(previous_tier=tier_of(before["tax_yuan"], tiers).astype("str"))
    before = before.rename(columns={"tax_yuan": "previous_tax_yuan"})
    rows = of_year(panel, year)
    rows = rows[rows["tax_yuan"].round(tiers.decimals) >= floor_yuan]
    rows = rows.merge(before, on="building_id", how="left")
    rows = rows.merge(_sources(concentration), on="building_id", how="left")
    rows = rows.sort_values(["tax_yuan", "building_id"], ascending=[False, True])
    earlier = rows["previous_tax_yuan"]
    ladder = rows.assign(
        rank=rows["tax_yuan"].rank(method="min", ascending=False).astype("int64"),
        tier=tier_of(rows["tax_yuan"], tiers).astype("str"),
        previous_tier=rows["previous_tier"].fillna(ENTERED if len(before) else NO_DATA),
        change_rate=rows["tax_yuan"] / earlier.where(earlier > 0) - 1,
        gap_to_next_yuan=tiers.gap_to_next(rows["tax_yuan"]),
    )
    return declared("tax_ladder", ladder[list(TABLES["tax_ladder"].columns)])


def tier_transitions(panel: pd.DataFrame, from_year: int, to_year: int, tiers: Bands = TIERS) -> pd.DataFrame:
    """Return table ``tier_transitions`` (T10): how many buildings went from which tier to which.

    Only moves that occur have a row. A building of one year only comes from 新纳入 or goes to 退出, so
    the counts add up to each year's buildings over ``from_tier`` and over ``to_tier``.
    """
    ends = []
    for side, year in (("from_tier", from_year), ("to_tier", to_year)):
        rows = of_year(panel, year)
        tier = tier_of(rows["tax_yuan"], tiers)
        ends.append(pd.DataFrame({"building_id": rows["building_id"], side: tier}))
    both = ends[0].merge(ends[1], on="building_id", how="outer")
    moves = both.groupby(["from_tier", "to_tier"], observed=True, dropna=False).size().rename("buildings")
    moves = moves[moves > 0].reset_index().sort_values(["from_tier", "to_tier"])
    return declared(
        "tier_transitions",
        moves.assign(
            from_year=from_year,
            to_year=to_year,
            from_tier=moves["from_tier"].astype("str").fillna(ENTERED),
            to_tier=moves["to_tier"].astype("str").fillna(LEFT),
        ),
    )


def _sources(concentration: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``building_id, top1_rate, is_single_source`` of the buildings, empty when not given."""
    if concentration is None:
        empty = {"building_id": "str", "top1_rate": "float64", "is_single_source": "boolean"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
    rows = concentration.loc[concentration["level"] == "building", ["id", "top1_rate", "is_single_source"]]
    return rows.rename(columns={"id": "building_id"}).astype({"is_single_source": "boolean"})
