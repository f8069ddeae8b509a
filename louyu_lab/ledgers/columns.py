"""Reading one column by its kind: values, the cells to complain of, and which rows that costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers import texts
from louyu_lab.ledgers.amounts import read_amounts
from louyu_lab.ledgers.catalogue import Column
from louyu_lab.ledgers.quantities import words
from louyu_lab.ledgers.readings import ReadColumn

#: Kinds read as numbers.
_AMOUNTS = ("area", "money", "rate", "rent", "length", "count", "number")

_READERS = {
    "date": texts.read_dates,
    "period": texts.read_periods,
    "flag": texts.read_flags,
    "code": texts.read_codes,
    "year": texts.read_years,
}

_UNREADABLE = {
    "date": "date-unreadable",
    "period": "period-unreadable",
    "year": "period-unreadable",
    "flag": "flag-unreadable",
    "code": "code-number",
}

#: What Excel shows where a formula failed.
FORMULA_ERRORS = words("#DIV/0! #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #GETTING_DATA #SPILL! #CALC!")

#: Dates before the republic or after the century are slips of the pen.
_DATE_YEARS = (1949, 2100)


def read_column(cells: list[object], column: Column, units: tuple[str, ...], essential: bool) -> ReadColumn:
    """Read a column's cells; ``units`` are the heading's own unit, then those of the sheet's title.

    In an ``essential`` column a cell that cannot be read is an error, elsewhere a warning.
    """
    if column.kind == "pii":
        return _personal(cells)
    severity = "error" if essential else "warning"
    failed = np.fromiter((type(cell) is str and cell in FORMULA_ERRORS for cell in cells), bool, len(cells))
    sound = (
        [None if lost else cell for cell, lost in zip(cells, failed, strict=True)] if failed.any() else cells
    )
    if column.kind in _AMOUNTS:
        result = read_amounts(sound, column, units, severity)
    else:
        result = _worded(sound, column, severity)
    result.cells = cells
    result.complain("formula-error", failed, severity)
    return result


def _worded(cells: list[object], column: Column, severity: str) -> ReadColumn:
    read = _READERS.get(column.kind, texts.read_texts)(cells)
    result = ReadColumn(read.values, cells, np.zeros(len(cells), bool), conversions=read.conversions)
    if column.kind in ("flag", "code"):
        severity = "warning"
    if read.unreadable.any():
        result.complain(_UNREADABLE[column.kind], read.unreadable, severity)
    typed = {"date": _dates, "year": _years, "period": _periods, "flag": _flags, "choice": _choices}
    if column.kind in typed:
        typed[column.kind](result, column, severity)
    return result


def _dates(result: ReadColumn, column: Column, severity: str) -> None:
    dates = pd.to_datetime(pd.Series(result.values, dtype="object"), errors="coerce").astype("datetime64[us]")
    years = dates.dt.year.to_numpy(dtype=float)
    result.values = pd.array(dates)
    low, high = _DATE_YEARS
    remedy = f"核对日期；合理范围 {low}–{high} 年"
    result.complain("out-of-range", (years < low) | (years > high), severity, remedy)


def _years(result: ReadColumn, column: Column, severity: str) -> None:
    """A year out of range comes out blank."""
    numbers = pd.array(result.values, dtype="Int64")
    low, high = int(column.low or 1900), int(column.high or 2100)
    plain = numbers.to_numpy(dtype=float, na_value=np.nan)
    outside = (plain < low) | (plain > high)
    result.complain("out-of-range", outside, "warning", f"核对年份；合理范围 {low}–{high}，按空白处理")
    numbers[outside] = pd.NA
    result.values = numbers


def _periods(result: ReadColumn, column: Column, severity: str) -> None:
    result.periods = result.values
    years = [None if text is None else int(text[:4]) for text in result.values]
    result.values = pd.array(years, dtype="Int64")


def _flags(result: ReadColumn, column: Column, severity: str) -> None:
    result.values = pd.array(result.values, dtype="boolean")


def _choices(result: ReadColumn, column: Column, severity: str) -> None:
    """Write 甲 as 甲级; list what is not among the choices and leave it."""
    longer = {choice.removesuffix("级"): choice for choice in column.choices}
    values = np.array([longer.get(value, value) for value in result.values], dtype=object)
    result.converted("等级写全", values != result.values)
    unknown = np.array([value is not None and value not in column.choices for value in values], dtype=bool)
    result.complain("choice-unknown", unknown, "warning", f"改为：{'、'.join(column.choices)}")
    result.values = values


def _personal(cells: list[object]) -> ReadColumn:
    """Personal data never enters: only whether something was given."""
    given = np.array([cell not in ("", None) for cell in cells], dtype=bool)
    note = ("个人信息已丢弃，只留有无", int(given.sum()), "***")
    return ReadColumn(pd.array(given, dtype="boolean"), cells, np.zeros(len(cells), bool), conversions=[note])
