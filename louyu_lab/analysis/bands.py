"""Named bands of a measure, closed at the left, and the table of how buildings spread over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: The band of what no ledger says; never one of the bands that mean something.
NO_DATA = "无数据"


@dataclass(frozen=True)
class Bands:
    """Bands in the order they are printed, rising or falling.

    ``lows`` are the lower bounds, which belong to their band; the lowest is usually minus infinity.
    Values are rounded to ``decimals`` first, so that 0.85 reached by a division still counts as 0.85.
    """

    labels: tuple[str, ...]
    lows: tuple[float, ...]
    decimals: int = 9

    def __post_init__(self) -> None:
        """Refuse bands that do not line up."""
        steps = np.diff(self.lows)
        if len(self.labels) != len(self.lows) or len(set(self.labels) | {NO_DATA}) != len(self.labels) + 1:
            raise ValueError(f"分档名称须与下限一一对应，不能重复，也不能叫“{NO_DATA}”：{self.labels}")
        if not ((steps > 0).all() or (steps < 0).all()):
            raise ValueError(f"分档下限须从低到高或从高到低排列，不能重复：{self.lows}")

    def of(self, values: pd.Series) -> pd.Series:
        """Return each value's band as an ordered categorical; a missing value is ``NO_DATA``.

        Raises ValueError for a value below the lowest bound, which no band could hold.
        """
        rising = np.argsort(self.lows)
        lows = np.asarray(self.lows, dtype="float64")[rising]
        numbers = values.astype("float64").round(self.decimals)
        position = np.searchsorted(lows, numbers.to_numpy(), side="right") - 1
        if (position < 0).any():
            raise ValueError(f"数值 {numbers[position < 0].iloc[0]:g} 低于最低一档的下限 {lows[0]:g}")
        codes = np.where(numbers.isna(), len(lows), rising[position.clip(max=len(lows) - 1)])
        categories = [*self.labels, NO_DATA]
        banded = pd.Categorical.from_codes(codes, categories=categories, ordered=True)
        return pd.Series(banded, index=values.index)

    def gap_to_next(self, values: pd.Series) -> pd.Series:
        """Return how much each value lacks to the band above; missing in the highest band."""
        bounds = np.append(np.sort(self.lows), np.nan)
        numbers = values.astype("float64").round(self.decimals)
        position = np.searchsorted(bounds[:-1], numbers.to_numpy(), side="right")
        return pd.Series(bounds[position], index=values.index) - numbers


def spread_over(bands: Bands, panel: pd.DataFrame, measure: str, amount: str) -> pd.DataFrame:
    """Return how the buildings of ``panel`` and their ``amount`` spread over the bands of ``measure``.

    Columns: ``band, buildings, share_buildings, <amount>, share_amount``; one row a band in printed
    order, and a last row ``NO_DATA`` only where there are such buildings. Shares are of all buildings
    and of the whole known amount. A band without buildings holds 0; one whose amounts are all unknown
    holds NaN.
    """
    by_band = panel.groupby(bands.of(panel[measure]), observed=False)[amount]
    table = pd.DataFrame({"buildings": by_band.size(), amount: by_band.sum(min_count=1)})
    table[amount] = table[amount].mask(table["buildings"] == 0, 0.0)
    table = table[(table.index != NO_DATA) | (table["buildings"] > 0)]
    table["share_buildings"] = table["buildings"] / len(panel) if len(panel) else np.nan
    whole = table[amount].sum()
    table["share_amount"] = table[amount] / whole if whole > 0 else np.nan
    table.insert(0, "band", table.index.astype("str"))
    return table.reset_index(drop=True)
