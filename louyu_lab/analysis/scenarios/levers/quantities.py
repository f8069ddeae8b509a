"""Numbers of a scenario file with their units: read strictly, printed so that they can be read again."""

from __future__ import annotations

import math
import re

from louyu_lab.ledgers.quantities import FACTORS, factor_of, folded_units

#: Kind of a lever -> unit as printed.
UNITS = {
    "area": "㎡",
    "rate": "%",
    "points": "个百分点",
    "ratio": "倍",
    "money": "元",
    "rent": "元/㎡·月",
    "years": "年",
    "months": "个月",
    "count": "家",
    "year": "年",
    "names": "",
}

#: Kind -> how a value may be written.
WRITTEN = {
    "area": "平方米数，如 50000 或 5万㎡",
    "rate": "0–1 的小数或百分数，如 0.2 或 20%",
    "points": "百分点，如 3个百分点 或 0.03",
    "ratio": "倍数，如 0.5 或 0.5倍",
    "money": "金额，如 3亿元 或 5000万元",
    "rent": "每平方米每月多少元，如 30元/㎡·月",
    "years": "年数，如 1 或 1年",
    "months": "月数，如 12 或 12个月",
    "count": "户数，如 3 或 3家",
    "year": "年份，如 2022",
    "names": "名称或一列名称，如 [甲大厦, 乙大厦]",
}

#: Units of the kinds that no ledger has.
_OWN = {
    "points": {**dict.fromkeys(("个百分点", "百分点"), 0.01), "%": 0.01},
    "ratio": {"倍": 1.0},
    "years": {"年": 1.0},
    "months": {"个月": 1.0, "月": 1.0},
    "year": {"年": 1.0},
}

_NUMBER = re.compile(
    r"([-+−]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[-+]?\d+)?|\.\d+)(.*)", re.DOTALL
)

#: A larger unit in which a long number is printed, by kind: least size, factor, unit.
_LARGER = {
    "area": ((1e4, 1e4, "万㎡"),),
    "money": ((1e8, 1e8, "亿元"), (1e4, 1e4, "万元")),
}


def number_of(kind: str, text: str) -> float | None:
    """Return a number written with or without a unit of the kind, in stored units; None for anything else."""
    parts = _parts(text)
    if parts is None:
        return None
    number, unit = parts
    factor = 1.0 if not unit else _factor(kind, unit)
    return None if factor is None else number * factor


def has_unit(text: str) -> bool:
    """Whether a number is written with a unit, of whatever kind."""
    parts = _parts(text)
    return parts is not None and bool(parts[1])


def unit_cost_of(cost_unit: str, text: str) -> float | None:
    """Return a unit cost in 元 per unit of ``cost_unit`` (as ``元/㎡``); None where it is no such cost.

    ``800``, ``800元/㎡`` and ``0.08万元/㎡`` are the same; the unit of money is ``元``, ``万元`` or ``亿元``.
    """
    parts = _parts(text)
    if parts is None:
        return None
    number, unit = parts
    if not unit:
        return number
    money, _, per = unit.partition("/")
    base = cost_unit.partition("/")[2]
    paid, bought = factor_of("money", money), _bought(base, per)
    return None if paid is None or bought is None else number * paid / bought


def printed_number(kind: str, value: float) -> str:
    """Return a number of the kind with its unit; ``number_of`` reads it again (to ten digits)."""
    if kind == "year":
        return f"{value:.0f} 年"
    shown, unit = (value * 100 if kind in ("rate", "points") else value), UNITS[kind]
    for least, factor, larger in _LARGER.get(kind, ()):
        if abs(value) >= least:
            shown, unit = value / factor, larger
            break
    return f"{shown:,.10g}{'' if unit == '%' else ' '}{unit}"


def printed_cost(cost_unit: str, value: float) -> str:
    """Return a unit cost as a person reads it; ``unit_cost_of`` reads it again (to ten digits)."""
    money, _, per = cost_unit.partition("/")
    shown, unit = (value / 1e4, f"万{money}") if abs(value) >= 1e4 else (value, money)
    return f"{shown:,.10g} {unit}/{per}"


def _parts(text: str) -> tuple[float, str] | None:
    """Split a text into its number and its unit; None where it does not begin with a number."""
    found = _NUMBER.fullmatch(folded_units(text))
    if found is None:
        return None
    number = float(found[2].replace(",", "")) * (-1 if found[1] in ("-", "−") else 1)
    return (number, found[3]) if math.isfinite(number) else None


def _factor(kind: str, unit: str) -> float | None:
    if kind in _OWN:
        return _OWN[kind].get(unit)
    # A subsidy of 元/㎡ alone does not say for how long.
    if kind == "rent" and len(re.split("[/·]", unit)) < 3:
        return None
    return factor_of(kind, unit) if kind in FACTORS else None


def _bought(base: str, per: str) -> float | None:
    """Return how many of the base unit (㎡, 户, 百分点) a written one holds."""
    if base == "㎡":
        return factor_of("area", per) if per else None
    same = {"户": ("户", "家"), "百分点": ("百分点", "个百分点", "1个百分点")}[base]
    return 1.0 if per in same else None
