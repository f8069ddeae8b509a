"""Reading one column by its kind: values, the cells to complain of, and which rows that costs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from louyu_lab.ledgers import texts
from louyu_lab.ledgers.catalogue import Column
from louyu_lab.ledgers.faults import FaultLog, printed_cell
from louyu_lab.ledgers.files import RawSheet
from louyu_lab.ledgers.quantities import FACTORS, Quantities, factor_of, read_quantities, unit_that_fits

#: Kinds read as numbers.
_QUANTITIES = ("area", "money", "rate", "rent", "length", "count", "number")

#: What to do about a column whose heading states no unit.
_BARE_AREA_LIMIT = 200.0


@dataclass
class ReadColumn:
    """One column read.

    ``values`` has the kind's dtype; ``periods`` only for periods. ``complaints`` are (rule, cells as
    bool, remedy or None); ``aside`` marks the rows an error costs; ``notes`` concern the whole column.
    """

    values: np.ndarray | pd.api.extensions.ExtensionArray
    cells: list[object]
    aside: np.ndarray
    periods: np.ndarray | None = None
    complaints: list[tuple[str, np.ndarray, str, str | None]] = field(default_factory=list)
    conversions: list[tuple[str, int, object]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def frame_columns(self, column: Column) -> dict[str, object]:
        """Return the frame columns this column fills."""
        if column.kind == "period":
            return {"year": self.values, "period": self.periods}
        return {column.name: self.values}

    def report(self, log: FaultLog, raw: RawSheet, numbers: np.ndarray, heading: str) -> None:
        """Write the complaints, notes and conversions to the log."""
        for rule, where, severity, remedy in self.complaints:
            found = [self.cells[i] for i in np.flatnonzero(where)]
            log.add(rule, raw.file, raw.sheet, numbers[where].tolist(), heading, found, severity, remedy)
        for rule, value in self.notes:
            log.add(rule, raw.file, raw.sheet, column=heading, values=value)
        for what, count, example in self.conversions:
            log.convert(raw.file, raw.sheet, heading, what, count, example)


def read_column(cells: list[object], column: Column, units: tuple[str, ...], essential: bool) -> ReadColumn:
    """Read a column's cells; ``units`` are the heading's own unit, then those of the sheet's title."""
    if column.kind in _QUANTITIES:
        return _quantity(cells, column, units, essential)
    if column.kind == "pii":
        return _personal(cells)
    readers = {
        "date": texts.read_dates,
        "period": texts.read_periods,
        "flag": texts.read_flags,
        "code": texts.read_codes,
        "year": texts.read_years,
    }
    read = readers.get(column.kind, texts.read_texts)(cells)
    result = ReadColumn(read.values, cells, np.zeros(len(cells), bool), conversions=read.conversions)
    rule = {"date": "date-unreadable", "flag": "flag-unreadable", "code": "code-number"}
    severity = "error" if essential else "warning"
    if column.kind in ("flag", "code"):
        severity = "warning"
    _complain(result, rule.get(column.kind, "number-unreadable"), read.unreadable, severity)
    return _typed(result, column, severity)


def _typed(result: ReadColumn, column: Column, severity: str) -> ReadColumn:
    """Give the values their dtype; hold years and dates against the column's range."""
    values = result.values
    if column.kind == "date":
        result.values = pd.array(pd.to_datetime(pd.Series(values, dtype="object"), errors="coerce")).astype(
            "datetime64[us]"
        )
        years = pd.Series(result.values).dt.year.to_numpy(dtype=float)
        _complain(result, "out-of-range", (years < 1949) | (years > 2100), severity)
    elif column.kind == "year":
        numbers = pd.array(values, dtype="Int64")
        low, high = column.low or 1900, column.high or 2100
        plain = numbers.to_numpy(dtype=float, na_value=np.nan)
        outside = (plain < low) | (plain > high)
        _complain(result, "out-of-range", outside, "warning")
        numbers[outside] = pd.NA
        result.values = numbers
    elif column.kind == "period":
        result.periods = values
        result.values = pd.array([None if text is None else int(text[:4]) for text in values], dtype="Int64")
    elif column.kind == "flag":
        result.values = pd.array(values, dtype="boolean")
    elif column.choices:
        result.values = _choice(result, column)
    return result


def _choice(result: ReadColumn, column: Column) -> np.ndarray:
    """Write 甲 as 甲级; list what is not among the choices and leave it."""
    longer = {choice.removesuffix("级"): choice for choice in column.choices}
    values = np.array([longer.get(value, value) for value in result.values], dtype=object)
    unknown = np.array([value is not None and value not in column.choices for value in values], dtype=bool)
    _complain(result, "choice-unknown", unknown, "warning")
    return values


def _personal(cells: list[object]) -> ReadColumn:
    """Personal data never enters: only whether something was given."""
    given = np.array([cell not in ("", None) for cell in cells], dtype=bool)
    note = ("个人信息已丢弃，只留有无", int(given.sum()), "***")
    return ReadColumn(pd.array(given, dtype="boolean"), cells, np.zeros(len(cells), bool), conversions=[note])


def _quantity(cells: list[object], column: Column, units: tuple[str, ...], essential: bool) -> ReadColumn:
    unit = next((text for text in units if text and factor_of(column.kind, text) is not None), "")
    read = read_quantities(cells, column, unit)
    values = read.values.copy()
    result = ReadColumn(values, cells, np.zeros(len(cells), bool), conversions=list(read.conversions))
    severity = "error" if essential else "warning"
    _complain(result, "number-unreadable", read.unreadable, severity)
    if not unit:
        _unstated(result, read, column)
    _ranged(result, column, severity)
    if column.kind == "money" and column.name == "tax_yuan":
        _complain(result, "tax-refund", result.values < 0, "warning", cost=False)
    if column.kind == "count":
        result.values = pd.array(np.round(result.values), dtype="Float64").astype("Int64")
    return result


def _unstated(result: ReadColumn, read: Quantities, column: Column) -> None:
    """Say in which unit a column without one was read."""
    if column.kind not in ("area", "money") or not read.bare.any():
        return
    bare = np.abs(result.values[read.bare])
    stored = column.unit
    fits_larger = column.kind == "area" and (column.low or 0) >= _BARE_AREA_LIMIT
    if (
        fits_larger
        and np.mean([unit_that_fits(column, value) == "万㎡" for value in bare if value > 0] or [0]) >= 0.9
    ):
        result.values[read.bare] *= FACTORS["area"]["万㎡"]
        result.conversions.append(
            ("未写单位，量级只合万㎡，换算为㎡", int(read.bare.sum()), _first(result, read.bare))
        )
        result.notes.append(("unit-unstated", "按万㎡读取"))
    elif not read.bare.all() and (~read.bare & ~np.isnan(read.values)).any():
        result.notes.append(("unit-mixed", f"没写单位的 {int(read.bare.sum())} 格按{stored}读取"))
    elif column.kind == "money":
        result.notes.append(("unit-unstated", f"按{stored}读取"))


def _ranged(result: ReadColumn, column: Column, severity: str) -> None:
    """Complain of values out of range; name the unit that was probably meant."""
    if column.low is None or column.high is None:
        return
    values = result.values
    # A hair over 100 % is rounding, not a fault.
    slack = 0.0005 if column.kind == "rate" else 0.0
    outside = (values < column.low) | (values > column.high + slack)
    if not outside.any():
        return
    over = outside & (values > column.high) & (column.kind == "rate")
    _complain(result, "rate-over-100", over, severity)
    meant = np.array(
        [
            out and unit_that_fits(column, value) is not None
            for out, value in zip(outside, values, strict=True)
        ]
    )
    if column.kind == "area" and meant.any():
        fitting = unit_that_fits(column, float(values[np.argmax(meant)]))
        _complain(result, "unit-suspect", meant, severity, f"疑为{fitting}；核对后改正数值或表头单位")
    low, high = printed_cell(float(column.low)), printed_cell(float(column.high))
    _complain(
        result,
        "out-of-range",
        outside & ~over & ~meant,
        severity,
        f"核对数值；合理范围 {low}–{high}{column.unit if column.kind != 'rate' else ''}",
    )
    result.values[outside] = np.nan


def _complain(
    result: ReadColumn,
    rule: str,
    where: np.ndarray,
    severity: str,
    remedy: str | None = None,
    cost: bool = True,
) -> None:
    where = np.asarray(where, dtype=bool)
    if where.any():
        result.complaints.append((rule, where, severity, remedy))
        if severity == "error" and cost:
            result.aside = result.aside | where


def _first(result: ReadColumn, where: np.ndarray) -> object:
    return result.cells[int(np.argmax(where))]
