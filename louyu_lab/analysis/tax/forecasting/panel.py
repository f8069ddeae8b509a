"""A long frame of many short series as one matrix, and back: the calendar, the checks, the errors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

#: Months of a year, the unit in which calendar steps are counted.
_MONTHS = 12


class ForecastError(ValueError):
    """A panel or a question that cannot be answered; the message is for the person who asked."""


@dataclass(frozen=True)
class Panel:
    """Many series, each ending in the last column.

    ``unique_id`` (n,) sorted; ``y`` (n, T) right-aligned at every series' own last row, NaN where it has
    no value; ``last`` (n,) the calendar position of that row, so that ``last + 1`` is the first period
    forecast; ``calendar`` turns positions into dates.
    """

    unique_id: np.ndarray
    y: np.ndarray
    last: np.ndarray
    calendar: Calendar


@dataclass(frozen=True)
class Calendar:
    """Positions 0, 1, 2 … as dates: ``origin`` is the date of position 0, ``step`` its distance to the next.

    ``unit`` is "int" (``step`` counts units), "month" or "day". ``at_month_end``: every date is the
    last of its month; otherwise a day its month does not have becomes its last.
    """

    origin: int | pd.Timestamp
    step: int
    unit: str
    at_month_end: bool = False

    def dates(self, positions: np.ndarray) -> np.ndarray | pd.DatetimeIndex:
        """Return the date of each position."""
        if self.unit == "int":
            return self.origin + np.asarray(positions, dtype="int64") * self.step
        if self.unit == "day":
            return self.origin + pd.to_timedelta(np.asarray(positions) * self.step, unit="D")
        months = _month_number(self.origin) + np.asarray(positions, dtype="int64") * self.step
        first, following = (
            pd.DatetimeIndex(each.astype("datetime64[M]").astype("datetime64[us]"))
            for each in (months, months + 1)
        )
        end = following - pd.Timedelta(days=1)
        if self.at_month_end:
            return end
        return np.minimum(first + pd.Timedelta(days=self.origin.day - 1), end)


def read_panel(frame: pd.DataFrame) -> Panel:
    """Return the matrix of a long frame ``unique_id, ds, y``; rows may come in any order.

    ``ds`` whole numbers or dates (years, quarters, months; else days); the step is the largest that
    divides all distances. A row with a missing ``y`` is a period without a value: at a series' end it
    moves the forecast on. Raises ``ForecastError`` with everything that is wrong, naming the series.
    """
    _check_columns(frame)
    rows = _plain(frame[["unique_id", "ds", "y"]]).sort_values(["unique_id", "ds"], ignore_index=True)
    _check_rows(rows)
    calendar, position = _calendar(rows["ds"])
    ids, first, counts = np.unique(rows["unique_id"].to_numpy(), return_index=True, return_counts=True)
    last = position[first + counts - 1]
    span = int((last - position[first]).max(initial=-1)) + 1
    y = np.full((len(ids), span), np.nan)
    row = np.repeat(np.arange(len(ids)), counts)
    y[row, span - 1 - (last[row] - position)] = rows["y"].to_numpy(dtype="float64")
    return Panel(ids, y, last, calendar)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with categories as what they name, so that all sort alike."""
    if not isinstance(rows["unique_id"].dtype, pd.CategoricalDtype):
        return rows
    return rows.assign(unique_id=rows["unique_id"].astype(rows["unique_id"].cat.categories.dtype))


def _check_columns(frame: pd.DataFrame) -> None:
    missing = [name for name in ("unique_id", "ds", "y") if name not in frame.columns]
    if missing:
        raise ForecastError(
            f"数据表缺少列 {'、'.join(missing)}；应有 unique_id、ds、y 三列，一行一个序列的一期"
        )
    if not pd.api.types.is_numeric_dtype(frame["y"]) and frame["y"].notna().any():
        raise ForecastError("y 列应为数值，现在是文字；请先转换成数")
    if not len(frame):
        return
    if not (pd.api.types.is_integer_dtype(frame["ds"]) or pd.api.types.is_datetime64_any_dtype(frame["ds"])):
        raise ForecastError("ds 列应为整数（如年份）或日期")
    if pd.api.types.is_unsigned_integer_dtype(frame["ds"]) and frame["ds"].max() > np.iinfo("int64").max:
        raise ForecastError("ds 列的整数太大；请用年份或从 0 起的期数")
    if isinstance(frame["ds"].dtype, pd.DatetimeTZDtype):
        raise ForecastError("ds 列带时区；请去掉时区，只留日期")
    if pd.api.types.infer_dtype(frame["unique_id"], skipna=True).startswith("mixed"):
        raise ForecastError("unique_id 列里文字和数混在一起；请统一成一种")


def _check_rows(rows: pd.DataFrame) -> None:
    problems = []
    if pd.api.types.is_datetime64_any_dtype(rows["ds"]) and (rows["ds"] != rows["ds"].dt.normalize()).any():
        problems.append("ds 里有时刻；一期至少一天，请只留日期")
    if rows[["unique_id", "ds"]].isna().any(axis=None):
        problems.append("有的行没有 unique_id 或 ds，请补上或删去")
    twice = rows.loc[rows.duplicated(["unique_id", "ds"], keep=False), ["unique_id", "ds"]].drop_duplicates()
    if len(twice):
        problems.append(f"同一序列同一期有多行：{_named(twice)}；每期只留一行")
    endless = rows.loc[np.isinf(rows["y"].to_numpy(dtype="float64")), ["unique_id", "ds"]]
    if len(endless):
        problems.append(f"y 为无穷大：{_named(endless)}；没有数的留空")
    if problems:
        raise ForecastError("；".join(problems))


def _named(rows: pd.DataFrame, most: int = 5) -> str:
    shown = [f"{name}（{_said(ds)}）" for name, ds in rows.head(most).itertuples(index=False)]
    return "、".join(shown) + (f" 等 {len(rows)} 处" if len(rows) > most else "")


def _said(ds: object) -> str:
    return ds.strftime("%Y-%m-%d") if isinstance(ds, pd.Timestamp) else str(ds)


def _calendar(ds: pd.Series) -> tuple[Calendar, np.ndarray]:
    """Return the calendar of the dates and the position of each."""
    if not len(ds):
        return Calendar(0, 1, "int"), np.empty(0, dtype="int64")
    if pd.api.types.is_integer_dtype(ds):
        number, unit, is_end = ds.to_numpy(dtype="int64"), "int", False
    else:
        days = pd.DatetimeIndex(ds)
        is_end = bool((days.is_month_end & (days.day >= 28)).all())
        in_step = is_end or len(np.unique(days.day)) == 1
        number = _month_number(days) if in_step else days.to_numpy().astype("datetime64[D]")
        unit = "month" if in_step else "day"
    number = np.asarray(number).astype("int64")
    origin = ds.iloc[int(number.argmin())]
    shifted = number - number.min()
    step = math.gcd(*np.unique(shifted).tolist()) or (_MONTHS if unit == "month" else 1)
    origin = int(origin) if unit == "int" else pd.Timestamp(origin)
    return Calendar(origin, step, unit, is_end), shifted // step


def _month_number(days: pd.DatetimeIndex | pd.Timestamp) -> np.ndarray | int:
    """Return months since January 1970."""
    return (days.year - 1970) * _MONTHS + days.month - 1
