"""When two numbers are the same number: one judgement for tables, indicators, buildings and words.

Each pair is judged by itself. It is the same within a relative 1e-8 of the larger of the two, as sums made
on two machines may differ in their last bits, and below a floor in its own unit, as what amounts leave where
they cancel out is no amount. Whole numbers, texts, dates and flags are compared as they are, and missing
equals missing.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from louyu_lab.analysis.printing import follows_row_unit

#: Relative difference up to which two numbers are the same number.
RTOL = 1e-8

#: Of rates, ratios and numbers without unit: rounding of terms of about 1 stays below 1e-13 of them.
FLOOR = 1e-12

#: Of money (元), areas (㎡) and one by the other. A double of 1e11 元, the tax of the largest districts, is
#: kept to 1.5e-5; ledgers give 元 and ㎡ to the hundredth.
AMOUNT_FLOOR = 1e-4

#: Suffixes of columns in 元, ㎡ or 元/㎡.
_AMOUNTS = ("_yuan", "_sqm")

#: Sign before 元 or ㎡ in the unit of a row -> how many of them it stands for.
_MULTIPLES = {"": 1.0, "万": 1e4, "亿": 1e8}
_AMOUNT_UNIT = re.compile(r"([万亿]?)[元㎡]")


def same_values(before: pd.Series, after: pd.Series, floor: float | np.ndarray = FLOOR) -> np.ndarray:
    """Tell, row by row, whether two columns say the same; ``floor`` in the unit of column or row."""
    missing_before, missing_after = before.isna().to_numpy(), after.isna().to_numpy()
    if _is_float_pair(before, after):
        old, new = as_floats(before), as_floats(after)
        # Infinite values are the same or not; their difference is no number.
        finite = np.isfinite(old) & np.isfinite(new)
        distance = np.abs(np.subtract(old, new, where=finite, out=np.zeros(len(old))))
        size = np.maximum(np.abs(old), np.abs(new), where=finite, out=np.zeros(len(old)))
        same = np.where(finite, distance <= np.maximum(RTOL * size, floor), old == new)
    else:
        same = np.array(
            [
                not (absent or lacking) and bool(old == new)
                for old, new, absent, lacking in zip(
                    before.tolist(), after.tolist(), missing_before, missing_after, strict=True
                )
            ],
            dtype=bool,
        )
    return np.where(missing_before | missing_after, missing_before & missing_after, same)


def column_floor(column: str) -> float:
    """Return the floor of a column whose name bears its unit (元 and ㎡ as suffix)."""
    return AMOUNT_FLOOR if column.endswith(_AMOUNTS) else FLOOR


def unit_floors(units: pd.Series) -> np.ndarray:
    """Return the floor of each row by its stored unit, such as 元, ㎡/幢, 万元 or 比例."""
    return units.map(_unit_floor, na_action="ignore").fillna(FLOOR).to_numpy(dtype="float64")


def cell_floors(frame: pd.DataFrame, column: str) -> float | np.ndarray:
    """Return the floor of a column, by row where the rows have units of their own."""
    # An indicator without denominator is its numerator; that of a rate is nothing that cancels out.
    if follows_row_unit(column, frame.columns) or (column == "numerator" and "unit" in frame):
        return unit_floors(frame["unit"])
    return column_floor(column)


def as_floats(values: pd.Series) -> np.ndarray:
    """Return numbers as float64, missing as nan."""
    return values.to_numpy(dtype="float64", na_value=np.nan)


def is_flag(values: pd.Series) -> bool:
    """Whether a column holds yes and no."""
    return pd.api.types.is_bool_dtype(values)


def _unit_floor(unit: object) -> float:
    found = _AMOUNT_UNIT.match(str(unit))
    return max(AMOUNT_FLOOR / _MULTIPLES[found[1]], FLOOR) if found else FLOOR


def _is_float_pair(before: pd.Series, after: pd.Series) -> bool:
    """Whether both are numbers and one of them holds fractions; whole numbers are compared exactly."""
    pair = (before, after)
    is_number = all(pd.api.types.is_numeric_dtype(part) and not is_flag(part) for part in pair)
    return is_number and any(pd.api.types.is_float_dtype(part) for part in pair)
