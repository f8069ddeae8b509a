"""The arguments of a forecast, checked: what is wrong, and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.panel import ForecastError

_NAMES = {
    "horizon": "预测期数 horizon",
    "season": "季节周期 season",
    "draws": "模拟次数 draws",
    "seed": "随机种子 seed",
}


def checked_whole(name: str, value: object, least: int = 1) -> int:
    """Return ``value`` as a whole number of at least ``least``; ``ForecastError`` otherwise."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ForecastError(f"{_NAMES[name]} 应为 {least} 以上的整数，现在是 {value!r}")
    return int(value)


def checked_levels(levels: Sequence[float] | float) -> tuple[int, ...]:
    """Return the interval levels in per cent, each above 0 and below 100; ``ForecastError`` otherwise."""
    levels = (levels,) if isinstance(levels, Real) else tuple(levels)
    wrong = [
        level
        for level in levels
        if isinstance(level, bool) or not isinstance(level, Real) or not 0 < level < 100
    ]
    if wrong:
        raise ForecastError(f"区间水平 levels 应在 0 到 100 之间（百分数），现在有 {wrong!r}")
    return levels


def group_codes(ids: np.ndarray, groups: Mapping | pd.Series | None) -> np.ndarray:
    """Return a code a series: 0 without groups, from 1 with, and 0 for the series not named among them."""
    if groups is None:
        return np.zeros(len(ids), dtype="int64")
    if not isinstance(groups, Mapping | pd.Series):
        raise ForecastError("分组 groups 应为 unique_id 到组名的对照（dict，或以 unique_id 为索引的 Series）")
    if isinstance(groups, pd.Series) and not groups.index.is_unique:
        twice = groups.index[groups.index.duplicated()].unique()
        raise ForecastError(
            f"分组 groups 里有的序列不止一行：{'、'.join(map(str, twice[:5]))}；每个序列只归一组"
        )
    return pd.factorize(pd.Series(ids).map(dict(groups)), use_na_sentinel=True)[0] + 1
