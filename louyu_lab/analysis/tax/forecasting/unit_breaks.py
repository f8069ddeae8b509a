"""Series that change their unit on the way: 亿元 one year, 万元 the next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.panel import Panel, read_panel

#: Money is kept in 元, 万元 or 亿元, so a change of unit is a factor of 10 to one of these powers.
POWERS = (4, 8)

#: Known values on either side whose median is the level before and after.
LEVEL_POINTS = 3

#: How far (log10) the jump may lie from the power: true growth beside the change of unit. The nearer of the
#: step itself and the shift of the level must be within a factor of 5, the other within a factor of 16.
NEAR, FAR = 0.7, 1.2

#: A value that leaves its neighbours for one period only is most often true; within a factor of 1.4 of a
#: power, out and back, it is more likely a slip of the unit.
SLIP = 0.15

#: A series that usually changes by more than this (log10: a factor of 3) cannot be judged.
USUAL_STEP = 0.5


def unit_breaks(panel: pd.DataFrame) -> pd.DataFrame:
    """Return where series seem to change their unit; ``panel`` long ``unique_id, ds, y``.

    Columns ``unique_id, ds, factor``, sorted: the first period in the new unit, and what values are
    multiplied by from there on (1e4, 1e8, 1e-4 or 1e-8). Positive values are looked at, over gaps. A break
    lasts (the level moves, see ``NEAR``) or is a slip of one period, out and back (``SLIP``, two rows); a
    spike of any other height that returns is no break. Raises ``ForecastError`` as ``forecast_panel``.
    """
    read = read_panel(panel)
    series, column = np.nonzero(np.nan_to_num(read.y) > 0)
    logs = np.log10(read.y[series, column])
    step = _same(series, -1) * (logs - np.roll(logs, 1))
    power = np.where(np.abs(np.abs(step) - POWERS[1]) <= FAR, POWERS[1], POWERS[0]) * np.sign(step)
    is_jump = (power != 0) & (np.abs(step - power) <= FAR)
    is_break = is_jump & _is_steady(series, np.where(is_jump, step - power, step))
    is_break &= _lasts(series, logs, step, power) | _slips(series, step, power)
    at = read.last[series] - (read.y.shape[1] - 1) + column
    return pd.DataFrame(
        {
            "unique_id": read.unique_id[series[is_break]],
            "ds": _dates(read, at[is_break]),
            "factor": 10.0 ** power[is_break],
        }
    )


def _same(series: np.ndarray, offset: int) -> np.ndarray:
    """Return whether the row ``offset`` away exists and is of the same series."""
    at = np.arange(len(series)) + offset
    inside = (at >= 0) & (at < len(series))
    return inside & (series[np.where(inside, at, 0)] == series)


def _lasts(series: np.ndarray, logs: np.ndarray, step: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Return whether the level moves by about the power with the step into each row."""
    before = _level(series, logs, range(-LEVEL_POINTS, 0))
    after = _level(series, logs, range(LEVEL_POINTS))
    off = np.stack([np.abs(step - power), np.abs(after - before - power)])
    return (off.min(axis=0) <= NEAR) & (off.max(axis=0) <= FAR)


def _level(series: np.ndarray, logs: np.ndarray, offsets: range) -> np.ndarray:
    """Return the median of the rows at the offsets, NaN where a series has none."""
    near = [np.where(_same(series, offset), np.roll(logs, -offset), np.nan) for offset in offsets]
    return pd.DataFrame(near).median().to_numpy()


def _slips(series: np.ndarray, step: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Return whether the step into each row is the way out or back of one period in another unit."""
    is_exact = (power != 0) & (np.abs(step - power) <= SLIP)
    is_out = is_exact & _same(series, 1) & np.roll(is_exact, -1) & (np.roll(power, -1) == -power)
    return is_out | (np.roll(is_out, 1) & _same(series, -1))


def _is_steady(series: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return whether the row's series, its jumps apart, usually changes by less than ``USUAL_STEP``."""
    steps = pd.Series(np.abs(step)).where(_same(series, -1))
    return (steps.groupby(series).transform("median") <= USUAL_STEP).to_numpy()


def _dates(read: Panel, positions: np.ndarray) -> np.ndarray | pd.DatetimeIndex:
    return read.calendar.dates(positions)
