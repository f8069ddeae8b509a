"""Conditions on the rows of a table, as a user writes them: 分档=亿元楼|准亿元楼；税收≥5000万元."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Signs of a condition, the longer before their beginnings.
_SIGNS = {
    **{"≥": "≥", ">=": "≥", "≧": "≥", "≤": "≤", "<=": "≤", "≦": "≤", "≠": "≠", "!=": "≠"},
    **{">": ">", "<": "<", "=": "="},
}
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
_HALF_WIDTH = str.maketrans("＝＞＜！｜", "=><!|")


@dataclass(frozen=True)
class Condition:
    """One condition: a column as the user names it, a sign and the values of which one must be met."""

    column: str
    sign: str
    values: tuple[str, ...]


def to_text(conditions: Sequence[Condition]) -> str:
    """Return conditions as one text, empty for none; ``from_text`` reads it back."""
    listed = [[condition.column, condition.sign, list(condition.values)] for condition in conditions]
    return json.dumps(listed, ensure_ascii=False) if listed else ""


def from_text(text: str) -> tuple[Condition, ...]:
    """Return the conditions that ``to_text`` wrote."""
    return tuple(Condition(column, sign, tuple(values)) for column, sign, values in json.loads(text or "[]"))


def read_conditions(raw: object) -> tuple[Condition, ...]:
    """Return the conditions of a figure, all of which must hold.

    Either a mapping, column -> value or list of values, where a value may begin with a sign
    (``≥5000``), or a text: ``分档=亿元楼|准亿元楼；层级=楼宇``. Raises ValueError in Chinese.
    """
    if isinstance(raw, Mapping):
        return tuple(_condition(str(column), value) for column, value in raw.items())
    if not isinstance(raw, str):
        raise ValueError("应写成“列: 值”")
    parts = [part.strip() for part in re.split("[；;]", raw.translate(_HALF_WIDTH)) if part.strip()]
    found = [(part, _SIGN.search(part)) for part in parts]
    lacking = [part for part, sign in found if sign is None or sign.start() == 0]
    if lacking:
        raise ValueError(f"“{lacking[0]}”应写成“列=值”")
    return tuple(
        _condition(part[: sign.start()].strip(), part[sign.start() :]) for part, sign in found if sign
    )


def _condition(column: str, raw: object) -> Condition:
    values = raw.split("|") if isinstance(raw, str) else raw
    if (
        not isinstance(values, list)
        or not values
        or not all(isinstance(value, str) and value.strip() for value in values)
    ):
        raise ValueError(f"“{column}”没有写值")
    values = [value.translate(_HALF_WIDTH).strip() for value in values]
    sign = _SIGN.match(values[0])
    if sign:
        values = [values[0][sign.end() :].strip(), *values[1:]]
    meant = _SIGNS[sign[0]] if sign else "="
    if meant not in "=≠" and len(values) > 1:
        raise ValueError(f"“{column}”用了 {meant}，只能写一个值")
    if second := [value for value in values if not value or _SIGN.search(value)]:
        raise ValueError(f"“{second[0]}”不是一个值；几个条件之间用“；”隔开，几个值之间用“|”隔开")
    return Condition(column, meant, tuple(values))
