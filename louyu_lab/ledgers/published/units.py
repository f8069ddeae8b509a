"""The units published figures are counted in, and the magnitudes (万, 亿) written behind their digits."""

from __future__ import annotations

import re
from decimal import Decimal

from louyu_lab.ledgers.quantities import FACTORS

MAGNITUDES = {"百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}

#: Unit -> (kind, factor to the stored unit: ㎡, 元, 0–1, 元/㎡ or a count).
_UNITS: dict[str, tuple[str, float]] = {
    unit: (kind, factor)
    for kind in ("rate", "area", "money", "count")
    for unit, factor in FACTORS[kind].items()
    if unit not in MAGNITUDES
}
_UNITS |= dict.fromkeys(("个百分点", "百分点"), ("points", 0.01))
_UNITS |= {
    f"{money}/{area}": ("yield", factor)
    for money, factor in (("元", 1.0), ("万元", 1e4))
    for area in ("㎡", "平方米", "平米", "平")
}
_UNITS |= dict.fromkeys(("元每平方米", "元每平米"), ("yield", 1.0))
_UNITS |= dict.fromkeys(("", "项", "条", "宗", "批", "名", "间", "套", "户次", "批次"), ("count", 1.0))
_UNITS["倍"] = ("times", 1.0)

#: Counts in 万 and more, which only a unit of its own can be: in 1.2万家 the 万 belongs to the number.
_SCALED_COUNTS = {
    magnitude + unit: ("count", float(factor))
    for magnitude, factor in MAGNITUDES.items()
    for unit, (kind, _) in _UNITS.items()
    if kind == "count" and unit
}

#: 个 with a word behind it counts things (15个行业), but not with a measure: 个% or 个亿 count nothing.
_COUNTED = re.compile("个(?!.*(?:[亿元]|百分|平方|公顷))[一-龥]*")

#: 个亿 as it is spoken of money: 3个亿, 2个多亿 without its 多.
_SPOKEN_MONEY = re.compile("^个((?:百|千|十)?[万亿])元?$")


def unit_of(unit: str) -> tuple[str, float]:
    """Return kind and factor of a unit; counting words with 个 are counts. KeyError for any other.

    Kinds: rate (%), points (个百分点), times (倍), area, money, yield (元/㎡), count.
    """
    known = _UNITS.get(unit) or _SCALED_COUNTS.get(unit)
    return ("count", 1.0) if known is None and _COUNTED.fullmatch(unit) else known or _UNITS[unit]


def split_unit(rest: str, stated: str, text: str) -> tuple[Decimal, str]:
    """Return the magnitude written behind the digits of ``text`` and the unit they are counted in.

    ``rest`` stands behind the digits, ``stated`` apart from them. ValueError, in Chinese, where the two
    do not go together: 2亿 beside the unit 万元 may mean either.
    """
    rest, stated = (_SPOKEN_MONEY.sub(r"\1元", part) for part in (rest, stated))
    if stated and not _is_unit(stated, apart=True):
        raise ValueError(
            f"单位“{stated}”不认识，可写 座、幢、家、户、个、%、个百分点、㎡、万㎡、万元、亿元、元/㎡"
        )
    if rest in ("", stated):
        return Decimal(1), stated
    if not stated and _is_unit(rest):
        return Decimal(1), rest
    for sign in sorted(MAGNITUDES, key=len, reverse=True):
        bare = rest.removeprefix(sign)
        if bare == rest or (bare not in ("", stated) and (stated or not _is_unit(bare))):
            continue
        # 43.9亿 beside the unit 亿元: the magnitude is the unit's own.
        if not bare and stated.startswith(sign) and stated != sign:
            return Decimal(1), stated
        if stated.startswith(tuple(MAGNITUDES)):
            raise ValueError(f"“{text}”和单位“{stated}”都带数量级，请只写一处")
        return Decimal(MAGNITUDES[sign]), stated or bare
    if _is_unit(rest) and unit_of(rest) == unit_of(stated):
        return Decimal(1), stated
    raise ValueError(f"“{text}”的单位“{rest}”" + (f"与“{stated}”不是一回事" if stated else "不认识"))


def _is_unit(text: str, apart: bool = False) -> bool:
    if text in _SCALED_COUNTS:
        return apart
    return text in _UNITS or _COUNTED.fullmatch(text) is not None
