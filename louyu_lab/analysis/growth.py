"""Where the growth of building tax comes from: floor space, occupancy, yield, and which buildings count.

Tax of a building is rentable area × occupancy × tax per occupied ㎡, so its change splits without
remainder by the logarithmic mean Divisia index (LMDI-I, Ang 2005): each factor gets
``L(T₁, T₀)·ln(x₁/x₀)`` with ``L(a, b) = (a − b) ÷ (ln a − ln b)``. The split adds up over buildings,
which is why it is made there and only summed above.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import of_year, placed

AREA, OCCUPANCY, YIELD = "面积", "入驻率", "单产"
ENTERED, LEFT, UNSPLIT = "新纳入楼宇", "退出楼宇", "无法分解"

#: The parts in the order they are printed.
PARTS = (AREA, OCCUPANCY, YIELD, ENTERED, LEFT, UNSPLIT)

_FACTORS = ("tax_yuan", "rentable_area_sqm", "occupied_area_sqm")


@dataclass(frozen=True)
class ComparableTax:
    """Tax (元) of the buildings that stood in both years and whose tax is known in both (可比口径).

    ``growth_rate`` is NaN unless the first year's tax is positive.
    """

    buildings: int
    from_yuan: float
    to_yuan: float

    @property
    def growth_rate(self) -> float:
        """Growth on 可比口径, 0.1 for ten per cent."""
        return self.to_yuan / self.from_yuan - 1 if self.from_yuan > 0 else float("nan")


def growth_parts(panel: pd.DataFrame, from_year: int, to_year: int, district: str) -> pd.DataFrame:
    """Return table ``growth_parts`` (T17) from ``panel.building_years``.

    ``amount_yuan`` (元) of ``PARTS`` for the district and each street (all parts, 0 where there is
    none) and for each building (the parts it has). At every level the parts add up to the change of
    the known building tax. 面积, 入驻率 and 单产 are split over buildings of both years whose tax,
    area and occupancy are known and positive; other buildings of both years are 无法分解 as a whole,
    an unknown tax counting as nothing, as it does in the totals. ``share_growth`` is the part of the
    change, NaN where nothing changed. No rows where one of the years has no building tax at all: what
    it grew from (or to) is unknown.
    """
    if not all(of_year(panel, year)["tax_yuan"].notna().any() for year in (from_year, to_year)):
        return declared("growth_parts", pd.DataFrame(columns=list(TABLES["growth_parts"].columns)))
    by_building = building_parts(panel, from_year, to_year).assign(district=district)
    levels = [
        _level(by_building, "district", "district"),
        _level(by_building, "street", "street"),
        _level(by_building, "building", "building_id"),
    ]
    table = pd.concat(levels, ignore_index=True).assign(from_year=from_year, to_year=to_year)
    change = table.groupby(["level", "id"])["amount_yuan"].transform("sum")
    # Adding 0 turns the −0 of an empty part in a falling total into 0.
    table["share_growth"] = table["amount_yuan"] / change.where(change != 0) + 0.0
    return declared("growth_parts", table[list(TABLES["growth_parts"].columns)])


def building_parts(panel: pd.DataFrame, from_year: int, to_year: int) -> pd.DataFrame:
    """Return ``building_id, street`` and one column a part (元), NaN for parts a building has not."""
    both = _side_by_side(panel, from_year, to_year)
    before, after = both["tax_yuan_0"], both["tax_yuan_1"]
    change = after.fillna(0.0) - before.fillna(0.0)
    change = change.where(before.notna() | after.notna())
    stays = both["held_0"] & both["held_1"]
    positive = [both[f"{column}_{end}"] > 0 for column in _FACTORS for end in "01"]
    splits = stays & np.logical_and.reduce(positive)
    logs = _log_ratios(both.where(splits))
    amounts = logs.mul(_log_mean(before.where(splits), logs.sum(axis=1)), axis=0)
    return amounts.assign(
        **{
            ENTERED: change.where(~both["held_0"]),
            LEFT: change.where(~both["held_1"]),
            UNSPLIT: change.where(stays & ~splits),
            "building_id": both["building_id"],
            "street": both["street"],
        }
    )


def comparable_tax(panel: pd.DataFrame, from_year: int, to_year: int) -> ComparableTax:
    """Return the tax of both years over the same buildings (可比口径)."""
    both = _side_by_side(panel, from_year, to_year)
    same = both[both["held_0"] & both["held_1"]].dropna(subset=["tax_yuan_0", "tax_yuan_1"])
    return ComparableTax(len(same), float(same["tax_yuan_0"].sum()), float(same["tax_yuan_1"].sum()))


def _side_by_side(panel: pd.DataFrame, from_year: int, to_year: int) -> pd.DataFrame:
    """Both years of each building in one row: ``…_0``, ``…_1``, ``held_0``, ``held_1``, ``street``."""
    wanted = ["building_id", "street", *_FACTORS]
    ends = [placed(of_year(panel, year))[wanted].assign(held=True) for year in (from_year, to_year)]
    both = ends[0].merge(ends[1], on="building_id", how="outer", suffixes=("_0", "_1"))
    both[["held_0", "held_1"]] = both[["held_0", "held_1"]].notna()
    both["street"] = both["street_1"].fillna(both["street_0"])
    return both.sort_values("building_id", ignore_index=True)


def _log_ratios(both: pd.DataFrame) -> pd.DataFrame:
    tax, area, occupied = (
        np.log(both[f"{column}_1"].astype("float64") / both[f"{column}_0"].astype("float64"))
        for column in _FACTORS
    )
    return pd.DataFrame({AREA: area, OCCUPANCY: occupied - area, YIELD: tax - occupied})


def _log_mean(before: pd.Series, log_ratio: pd.Series) -> pd.Series:
    """L(T₁, T₀) from T₀ and ln(T₁/T₀); ``expm1`` keeps it exact where the tax hardly changed."""
    still = log_ratio == 0
    return before * (np.expm1(log_ratio) / log_ratio.mask(still)).mask(still, 1.0)


def _level(by_building: pd.DataFrame, level: str, own: str) -> pd.DataFrame:
    """Sum the parts by one column and set one part a row, in printed order."""
    sums = by_building.groupby(own)[list(PARTS)].sum(min_count=1)
    if level != "building":
        sums = sums.fillna(0.0)
    long = sums.stack().dropna().rename("amount_yuan").rename_axis(["id", "part"]).reset_index()
    return long.assign(level=level)
