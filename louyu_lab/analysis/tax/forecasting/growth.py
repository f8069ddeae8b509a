"""What the series of a group grow a period: where a short series leans when it has little to say itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.series import Series
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS, forward

#: A group's own growth counts as many series as it has, that of all as this many, and none at all as
#: this many more: a lone series has no peers to lean on.
_ALL_COUNT, _NONE_COUNT = 20.0, 4.0


def group_growth(parts: list[Series], groups: np.ndarray) -> np.ndarray:
    """Return what each series' group grows a period on the scale of each block; (N, blocks).

    ``parts`` the series ready by length, ``groups`` (N,) a code each. The growth of a set is the median
    over its series of the mean step, in units of the series' size; a group's is drawn towards that of all,
    and all towards none.
    """
    growth = np.zeros((len(groups), len(BLOCKS)))
    for at, block in enumerate(BLOCKS):
        rows, steps = _mean_steps(parts, block.power)
        if not len(rows):
            continue
        every = np.median(steps) * len(rows) / (len(rows) + _NONE_COUNT)
        growth[:, at] = every
        if groups.min() == groups.max():
            continue
        own = pd.Series(steps).groupby(groups[rows]).agg(["median", "size"])
        pooled = (own["size"] * own["median"] + _ALL_COUNT * every) / (own["size"] + _ALL_COUNT)
        growth[:, at] = pooled.reindex(groups).fillna(every)
    return growth


def _mean_steps(parts: list[Series], power: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that have a mean step on the scale of ``power``, and it."""
    rows, steps = [np.empty(0, dtype="int64")], [np.empty(0)]
    for part in parts:
        if part.y.shape[1] < 2:
            continue
        value = forward(part.ratio, power)
        mean = (value[:, -1] - value[:, 0]) / (value.shape[1] - 1)
        can = np.isfinite(value).all(axis=1)
        rows.append(part.rows[can])
        steps.append(mean[can])
    return np.concatenate(rows), np.concatenate(steps)
