"""The arguments of a forecast, checked: what is wrong, and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.panel import ForecastError

_NAMES = {"horizon": "预测期数 horizon", "season": "季节周期 season", "draws": "模拟次数 draws"}


def checked_whole(name: str, value: object) -> int:
    """Return ``value`` as a whole number of at least 1; ``ForecastError`` otherwise."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ForecastError(f"{_NAMES[name]} 应为 1 以上的整数，现在是 {value!r}")
    return int(value)


def checked_levels(levels: Sequence[int]) -> tuple[int, ...]:
    """Return the interval levels in per cent, each above 0 and below 100; ``ForecastError`` otherwise."""
    levels = tuple(levels)
    wrong = [
        level
        for level in levels
        if isinstance(level, bool) or not isinstance(level, Real) or not 0 < level < 100
    ]
    if wrong:
        raise ForecastError(f"区间水平 levels 应在 0 到 100 之间（百分数），现在有 {wrong!r}")
    return levels


def group_codes(ids: np.ndarray, groups: Mapping | pd.Series | None) -> np.ndarray:
    """Return a code from 0 a series; series not named in ``groups`` make one group together."""
    if groups is None:
        return np.zeros(len(ids), dtype="int64")
    label = pd.Series(ids).map(dict(groups))
    return pd.factorize(label, sort=True, use_na_sentinel=True)[0] + 1
