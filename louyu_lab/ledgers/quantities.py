"""Reading numbers with their units: areas, money, rates, rents, lengths, counts.

A column's cells come as they lie in the file; they leave as floats in the stored unit (㎡, 元, 0–1,
元/㎡·月, 米) together with what had to be converted and what could not be read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import Column


def words(text: str) -> frozenset[str]:
    """Return the words of a text, which keeps long lists of them readable."""
    return frozenset(text.split())


#: Factor from a written unit to the stored one, by kind of column.
FACTORS: dict[str, dict[str, float]] = {
    "area": {
        **dict.fromkeys(("㎡", "m2", "m²", "平方米", "平米", "平方", "平", "方"), 1.0),
        **dict.fromkeys(("万㎡", "万m2", "万平方米", "万平米", "万平方", "万平", "万方", "万"), 1e4),
        "千平方米": 1e3,
        "公顷": 1e4,
        "亩": 10_000 / 15,
    },
    "money": {
        **dict.fromkeys(("元", "元人民币", "人民币元", "圆"), 1.0),
        **dict.fromkeys(("万元", "万", "万人民币", "万元人民币"), 1e4),
        **dict.fromkeys(("亿元", "亿"), 1e8),
        **dict.fromkeys(("千元",), 1e3),
        **dict.fromkeys(("百万元", "百万"), 1e6),
        **dict.fromkeys(("千万元", "千万"), 1e7),
    },
    "rate": {"%": 0.01, "百分比": 0.01, "‰": 0.001, "成": 0.1},
    "rent": {
        **dict.fromkeys(
            ("元/㎡·月", "元/㎡/月", "元/平方米·月", "元/平方米/月", "元/平米/月", "元/月·㎡", "元/㎡"), 1.0
        ),
        **dict.fromkeys(
            (
                "元/㎡·天",
                "元/㎡/天",
                "元/平方米·天",
                "元/平方米/天",
                "元/平米/天",
                "元/㎡·日",
                "元/平方米·日",
            ),
            365 / 12,
        ),
        **dict.fromkeys(("元/㎡·年", "元/㎡/年", "元/平方米·年", "元/平方米/年"), 1 / 12),
    },
    "length": {**dict.fromkeys(("米", "m"), 1.0), **dict.fromkeys(("公里", "千米", "km"), 1e3)},
    "count": {
        **dict.fromkeys(
            ("个", "户", "家", "座", "幢", "栋", "部", "台", "处", "星", "星级", "人", "层", "辆"), 1.0
        )
    },
    "number": {},
    "year": {},
}

#: A bare rate above this is a percentage: no rate reaches 150 %.
_PERCENT_FROM = 1.5

#: Texts that mean "nothing known".
BLANKS = words(
    "- -- — —— / \\ 无 空 空白 暂无 不详 未知 待定 待核 待补 n/a na nan null none #n/a 无数据 缺 未填"
) | {""}

_NUMBER = re.compile(
    r"^(?:约|近|超过|超|逾|大约|大概|不足|¥|￥|人民币)*\s*"
    r"(?P<sign>[-−(]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)\)?"
    r"\s*(?P<unit>.*?)(?:左右|以上|以下|多|余|余元|\+)*$"
)
_CHINESE_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True)
class Quantities:
    """A column read as numbers.

    ``values`` float, shape (n,), NaN for blanks and unreadable cells, in the stored unit;
    ``unreadable`` bool; ``bare`` bool, numbers whose cell states no unit; ``off_scale`` bool, rates
    written as fractions among percentages or the other way round; ``conversions`` (what, count, example).
    """

    values: np.ndarray
    unreadable: np.ndarray
    bare: np.ndarray
    off_scale: np.ndarray
    conversions: list[tuple[str, int, object]]


def read_quantities(cells: list[object], column: Column, unit: str) -> Quantities:
    """Read a column's cells; ``unit`` is the one its heading states, empty when it states none."""
    numbers, factors, worded, unreadable = _cells(cells, column.kind)
    stated = factor_of(column.kind, unit)
    bare = ~np.isnan(numbers) & np.isnan(factors)
    conversions = [_told(cells, worded, "文字数字改为数值")]
    own = ~np.isnan(factors)
    conversions.append(_told(cells, own, f"按单元格所写单位换算为{column.unit}"))
    values = np.where(own, numbers * factors, numbers)
    off_scale = np.zeros(len(cells), dtype=bool)
    if column.kind == "rate":
        percent, why = _bare_rate_factor(numbers[bare], stated)
        off_scale = bare & _off_scale(numbers, percent)
        values[bare] *= percent
        conversions.append(_told(cells, bare & bool(why), why))
    elif stated is not None and stated != 1.0:
        values[bare] *= stated
        conversions.append(_told(cells, bare, f"按表头{unit}换算为{column.unit}"))
    return Quantities(values, unreadable, bare, off_scale, [entry for entry in conversions if entry[1]])


def measured(cell: object, kind: str, unit: str) -> float | None:
    """Return the amount of one cell in the stored unit, None where it is none.

    ``unit`` is the column's; a unit written in the cell itself goes before it.
    """
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return None
    number, own = (float(cell), np.nan) if not isinstance(cell, str) else _parse(cell, kind)[:2]
    if np.isnan(number):
        return None
    return float(number * (own if not np.isnan(own) else factor_of(kind, unit) or 1.0))


def factor_of(kind: str, unit: str) -> float | None:
    """Return the factor from a written unit to the stored one; None when it is not known."""
    return FACTORS.get(kind, {}).get(folded_units(unit).strip("()·. "))


def unit_that_fits(column: Column, value: float) -> str | None:
    """Return the unit in which an area out of range would lie inside it; None when there is none."""
    if column.kind != "area" or column.low is None or column.high is None or value <= 0:
        return None
    # Below 100 ㎡ a larger unit was meant only if the result is a plausible size.
    if value < column.low and column.low <= value * 1e4 <= column.high:
        return "万㎡"
    if value > column.high and column.low <= value / 1e4 <= column.high:
        return "㎡"
    return None


def _bare_rate_factor(numbers: np.ndarray, stated: float | None) -> tuple[float, str]:
    """Factor for rates without a unit of their own, and why: the heading's, or what their size says."""
    # Zero is zero on either scale.
    sizes = np.abs(numbers[numbers != 0])
    if stated is not None:
        # A column headed % may still hold Excel percentages, which are stored as fractions.
        if stated == 0.01 and sizes.size and sizes.max() <= 1.0:
            return 1.0, "表头写%，但数值都不超过1，按小数读取"
        return stated, "按表头%换算为0–1"
    if sizes.size and np.median(sizes) > _PERCENT_FROM:
        return 0.01, "未写%，按百分数换算为0–1"
    return 1.0, ""


def _off_scale(numbers: np.ndarray, factor: float) -> np.ndarray:
    """Tell which bare rates seem written on the other scale than their column."""
    if factor == 0.01:
        return (np.abs(numbers) <= 1.0) & (numbers != 0)
    return np.abs(numbers) > _PERCENT_FROM if factor == 1.0 else np.zeros(len(numbers), bool)


def _cells(cells: list[object], kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Split cells into number, own factor (NaN where none), whether text became a number, unreadable."""
    raw = np.empty(len(cells), dtype=object)
    raw[:] = cells
    is_text = np.fromiter((isinstance(cell, str) for cell in cells), bool, len(cells))
    numbers = np.full(len(cells), np.nan)
    factors = np.full(len(cells), np.nan)
    unreadable = np.zeros(len(cells), dtype=bool)
    plain = np.fromiter((type(cell) is float or type(cell) is int for cell in cells), bool, len(cells))
    numbers[plain] = raw[plain].astype(float)
    odd = ~is_text & ~plain & np.fromiter((cell is not None for cell in cells), bool, len(cells))
    unreadable |= odd
    worded = np.zeros(len(cells), dtype=bool)
    if is_text.any():
        codes, texts = pd.factorize(raw[is_text].astype(str))
        parsed = np.array([_parse(text, kind) for text in texts], dtype=float).reshape(-1, 4)[codes]
        numbers[is_text], factors[is_text] = parsed[:, 0], parsed[:, 1]
        worded[is_text], unreadable[is_text] = parsed[:, 2] > 0, parsed[:, 3] > 0
    return numbers, factors, worded, unreadable


def _parse(text: str, kind: str) -> tuple[float, float, bool, bool]:
    """Return (number, own factor or NaN, needed wording conversion, unreadable) of one text."""
    try:
        number = float(text)
        # float() also takes full-width digits and 1_000; those are conversions, or no numbers.
        if np.isfinite(number) and text.isascii() and "_" not in text:
            return number, np.nan, False, False
    except ValueError:
        pass
    folded = folded_units(text)
    if folded in BLANKS:
        return np.nan, np.nan, False, False
    if kind == "count" and (stars := _stars(folded)) is not None:
        return stars, np.nan, True, False
    match = _NUMBER.match(folded)
    if match is None:
        return np.nan, np.nan, False, True
    number = float(match["digits"].replace(",", "")) * (-1 if match["sign"] else 1)
    if not np.isfinite(number):
        return np.nan, np.nan, False, True
    unit = match["unit"].strip("()[]·。 ")
    if not unit:
        return number, np.nan, True, False
    factor = factor_of(kind, unit)
    if factor is None:
        return np.nan, np.nan, False, True
    return number, factor, True, False


def _stars(text: str) -> float | None:
    """Read 四星级, ★★★★ and single Chinese digits."""
    if set(text) <= {"★", "☆"}:
        return float(text.count("★"))
    bare = text.removesuffix("级").removesuffix("星").removesuffix("户").removesuffix("个")
    return float(_CHINESE_DIGITS[bare]) if bare in _CHINESE_DIGITS else None


def folded_units(text: str) -> str:
    """Return a number with its unit as both are looked up: half-width, lower case, ㎡ of one kind."""
    folded = unicodedata.normalize("NFKC", text).strip().lower().replace(" ", "")
    # NFKC turns ㎡ into m2; the tables speak of ㎡.
    return folded.replace("m2", "㎡").replace("m²", "㎡")


def _told(cells: list[object], where: np.ndarray, what: str) -> tuple[str, int, object]:
    return what, int(where.sum()), _first(cells, where)


def _first(cells: list[object], where: np.ndarray) -> object:
    return cells[int(np.argmax(where))] if where.any() else ""
