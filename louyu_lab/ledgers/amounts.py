"""Columns of numbers: their unit told, their scale and range held against the catalogue."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import Column
from louyu_lab.ledgers.faults import printed_cell
from louyu_lab.ledgers.quantities import FACTORS, Quantities, factor_of, read_quantities, unit_that_fits
from louyu_lab.ledgers.readings import ReadColumn

#: Only a column whose least plausible area is this large can be told to be in 万㎡ by its size.
_BARE_AREA_LIMIT = 200.0

#: Share of a bare column's values that must fit a larger unit, and only that one.
_MOSTLY = 0.9

#: A hair over 100 % is rounding, not a fault.
_RATE_SLACK = 0.0005


def stated_unit(column: Column, units: tuple[str, ...]) -> str:
    """Return the first of ``units`` that this kind of column can have, empty when there is none."""
    return next((text for text in units if text and factor_of(column.kind, text) is not None), "")


def read_amounts(cells: list[object], column: Column, units: tuple[str, ...], severity: str) -> ReadColumn:
    """Read a column of numbers; ``units`` are the heading's own unit, then those of the sheet's title.

    Faults of single cells weigh ``severity``; what cannot be trusted comes out blank.
    """
    unit = stated_unit(column, units)
    read = read_quantities(cells, column, unit)
    conversions = list(read.conversions)
    result = ReadColumn(read.values.copy(), cells, np.zeros(len(cells), bool), conversions=conversions)
    result.complain("number-unreadable", read.unreadable, severity)
    result.complain("rate-scale", read.off_scale, severity)
    result.values[read.off_scale] = np.nan
    if not unit:
        _unstated(result, read, column, units[0] if units else "")
    _ranged(result, column, severity)
    if column.name == "tax_yuan":
        result.complain("tax-refund", result.values < 0, "warning")
    if column.kind == "count":
        whole = np.round(result.values)
        result.converted("取整", ~np.isnan(whole) & (whole != result.values))
        result.values = pd.array(whole, dtype="Float64").astype("Int64")
    return result


def _unstated(result: ReadColumn, read: Quantities, column: Column, written: str) -> None:
    """Say in which unit a column without one was read."""
    if column.kind not in ("area", "money") or not read.bare.any():
        return
    stored = column.unit
    has_own_units = bool((~read.bare & ~np.isnan(read.values)).any())
    if _only_fits_larger(result.values[read.bare], column):
        result.values[read.bare] *= FACTORS["area"]["万㎡"]
        result.converted("未写单位，量级只合万㎡，换算为㎡", read.bare)
        result.notes.append(("unit-unstated", "按万㎡读取"))
    elif written:
        result.notes.append(("unit-unknown", f"“{written}”，按{stored}读取"))
    elif has_own_units:
        result.notes.append(("unit-mixed", f"没写单位的 {int(read.bare.sum())} 格按{stored}读取"))
    elif column.kind == "money":
        result.notes.append(("unit-unstated", f"按{stored}读取"))
    else:
        result.converted(f"未写单位，按{stored}读取", read.bare)


def _only_fits_larger(bare: np.ndarray, column: Column) -> bool:
    if column.kind != "area" or (column.low or 0) < _BARE_AREA_LIMIT:
        return False
    fits = [unit_that_fits(column, value) == "万㎡" for value in bare if value > 0]
    return bool(fits) and float(np.mean(fits)) >= _MOSTLY


def _ranged(result: ReadColumn, column: Column, severity: str) -> None:
    """Complain of values out of range, naming the unit that was probably meant, and blank them."""
    if column.low is None or column.high is None:
        return
    values = result.values
    outside = (values < column.low) | (values > column.high + (_RATE_SLACK if column.kind == "rate" else 0.0))
    if not outside.any():
        return
    over = outside & (values > column.high) & (column.kind == "rate")
    result.complain("rate-over-100", over, severity)
    units = np.array(
        [unit_that_fits(column, value) if out else None for out, value in zip(outside, values, strict=True)]
    )
    for unit in ("㎡", "万㎡"):
        result.complain("unit-suspect", units == unit, severity, f"疑为{unit}；核对后改正数值或表头单位")
    low, high = printed_cell(float(column.low)), printed_cell(float(column.high))
    unit = "" if column.kind == "rate" else column.unit
    meant = np.array([unit is not None for unit in units], dtype=bool)
    remedy = f"核对数值；合理范围 {low}–{high}{unit}"
    result.complain("out-of-range", outside & ~over & ~meant, severity, remedy)
    result.values[outside] = np.nan
