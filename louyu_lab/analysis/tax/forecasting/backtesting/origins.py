"""The panel on one calendar, the origins a back-test can start from, and what was known there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.backtesting.errors import BOUNDS, Forecasts, Origin
from louyu_lab.analysis.tax.forecasting.panel import Calendar, read_panel

#: Periods that must be known up to an origin, so that growth can be seen at all.
FIRST_ORIGIN_PERIODS = 2


@dataclass(frozen=True)
class Timeline:
    """All series over the panel's whole calendar: ``unique_id`` (n,), ``y`` (n, periods), NaN unknown."""

    unique_id: np.ndarray
    y: np.ndarray
    calendar: Calendar

    @property
    def ds(self) -> list:
        """The date of every period."""
        return list(self.calendar.dates(np.arange(self.y.shape[1])))


def timeline(panel: pd.DataFrame) -> Timeline:
    """Return a long frame ``unique_id, ds, y`` as one matrix; refuses what ``read_panel`` refuses."""
    read = read_panel(panel)
    periods = int(read.last.max(initial=-1)) + 1
    y = np.full((len(read.unique_id), periods), np.nan)
    row, column = np.nonzero(np.isfinite(read.y))
    y[row, read.last[row] - (read.y.shape[1] - 1 - column)] = read.y[row, column]
    return Timeline(read.unique_id, y, read.calendar)


def possible_origins(line: Timeline, season: int = 1) -> np.ndarray:
    """Return the positions that have a growth behind them and a known value ahead.

    Behind: ``FIRST_ORIGIN_PERIODS`` known periods, of seasonal data one more than a whole season.
    """
    known = np.isfinite(line.y).any(axis=0)
    behind = np.cumsum(known) >= max(FIRST_ORIGIN_PERIODS, season + 1 if season > 1 else 0)
    ahead = np.cumsum(known[::-1])[::-1] - known > 0
    return np.flatnonzero(behind & known & ahead)


def chosen_origins(line: Timeline, origins: int | Sequence, season: int = 1) -> np.ndarray:
    """Return the positions of the last ``origins`` possible ones, or of the dates given.

    Raises ValueError for a number below 1 and for dates that are not possible, naming them.
    """
    possible = possible_origins(line, season)
    if isinstance(origins, (int, np.integer)):
        if origins < 1:
            raise ValueError(f"回测起点数应不小于 1，现为 {origins}")
        return possible[-int(origins) :]
    dates = line.ds
    allowed = {dates[at]: at for at in possible}
    wrong = [str(each) for each in origins if each not in allowed]
    if wrong:
        span = f"可用的是 {_said(dates, possible)}" if len(possible) else "这份数据没有可用的起点"
        raise ValueError(f"不能从 {'、'.join(wrong)} 回测：起点之前要有数、之后也要有数；{span}")
    return np.array(sorted(allowed[each] for each in set(origins)), dtype="int64")


def origin_at(line: Timeline, position: int, horizon: int) -> Origin:
    """Return what was known at ``position``, of the series with any value by then, and what came."""
    began = np.isfinite(line.y[:, : position + 1]).any(axis=1)
    actual = line.y[began, position + 1 : position + 1 + horizon]
    steps = np.arange(1, actual.shape[1] + 1)
    seen = line.y[began, : position + 1]
    return Origin(line.ds[position], line.unique_id[began], seen, actual, steps)


def seen_frame(line: Timeline, origin: Origin) -> pd.DataFrame:
    """Return what was known as a long frame ``unique_id, ds, y``, every series reaching to the origin.

    A period without a value is a row with NaN: that way all forecasts start after the origin.
    """
    begun = np.maximum.accumulate(np.isfinite(origin.seen), axis=1)
    row, column = np.nonzero(begun)
    ds = line.calendar.dates(column)
    return pd.DataFrame({"unique_id": origin.unique_id[row], "ds": ds, "y": origin.seen[row, column]})


def aligned(line: Timeline, origin: Origin, made: pd.DataFrame) -> Forecasts:
    """Return a forecast frame ``unique_id, ds, median, mean, lo-80 …`` in the order of ``origin``.

    Intervals may be missing, and so may series: their forecasts are NaN.
    """
    first = origin.seen.shape[1]
    dates = line.calendar.dates(first - 1 + origin.steps)
    index = pd.MultiIndex.from_product([origin.unique_id, dates])
    rows = made.set_index(["unique_id", "ds"]).reindex(index)

    def values(name: str) -> np.ndarray:
        return rows[name].to_numpy(dtype="float64").reshape(origin.actual.shape)

    bounds = {ours: values(theirs) for ours, theirs in BOUNDS.items() if theirs in made.columns}
    return Forecasts(values("median"), values("mean"), bounds)


def _said(dates: list, positions: np.ndarray) -> str:
    first, last = dates[positions[0]], dates[positions[-1]]
    return f"{first}" if first == last else f"{first} 至 {last}"
