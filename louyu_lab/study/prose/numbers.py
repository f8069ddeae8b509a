"""Numbers as a reader of the study expects them: 亿元 and 万元, 万㎡, per cent, 个百分点."""

from __future__ import annotations

import math
from collections.abc import Iterable


def is_known(*values: object) -> bool:
    """Tell whether every value is a number: not missing, not infinite."""
    return all(isinstance(value, (int, float)) or hasattr(value, "item") for value in values) and all(
        math.isfinite(float(value)) if value == value else False for value in values
    )


def yuan(value: float) -> str:
    """Return money as 亿元 from one 亿 on, else as 万元."""
    if abs(value) >= 1e8:
        return f"{value / 1e8:,.2f} 亿元"
    return f"{value / 1e4:,.0f} 万元"


def sqm(value: float) -> str:
    """Return an area as 万㎡ from a thousand ㎡ on, else as ㎡."""
    if abs(value) >= 1000:
        return f"{value / 1e4:,.1f} 万㎡"
    return f"{value:,.0f}㎡"


def percent(rate: float) -> str:
    """Return a rate (0–1) as per cent with one decimal."""
    return f"{rate * 100:.1f}%"


def points(difference: float) -> str:
    """Return a difference of rates as 升 or 降 so many 个百分点."""
    if abs(difference) < 0.0005:
        return "与上年持平"
    return f"比上年{'升' if difference > 0 else '降'} {abs(difference) * 100:.1f} 个百分点"


def grown(rate: float) -> str:
    """Return a growth rate as 增长 or 下降."""
    if abs(rate) < 0.0005:
        return "与上年持平"
    return f"比上年{'增长' if rate > 0 else '下降'} {abs(rate) * 100:.1f}%"


def listed(names: Iterable[str], most: int = 8, unit: str = "个") -> str:
    """Join names with 、 and say 等 n 个 (or another ``unit``) where there are more than ``most``."""
    every = list(names)
    return "、".join(every[:most]) + (f"等 {len(every)} {unit}" if len(every) > most else "")


def paragraph(*sentences: str) -> str:
    """Join the sentences that have something to say; each ends with 。"""
    return "".join(f"{text.rstrip('。')}。" for text in sentences if text)
