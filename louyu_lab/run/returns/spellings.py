"""Faults that are asked about as spellings: of a building, or of an enterprise, each once however often."""

from __future__ import annotations

import re
from functools import cache

from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.review.decisions import BUILDINGS, ENTERPRISES

#: Rule -> its sheet of 复核.xlsx, and how to decide.
_ASKED = {
    "building-similar": (BUILDINGS, "是同一幢，“决定”写楼宇编号或名称；不是，写“不是”"),
    "building-unknown": (BUILDINGS, "写楼宇编号或名称；不在楼宇台账里的，写“不是”"),
    "building-ambiguous": (BUILDINGS, "有几幢同名：写其中一幢的楼宇编号；写“不是”不算数"),
    "address-doubtful": (BUILDINGS, "是这幢楼，“决定”写楼宇编号或名称；都不是，写“不是”"),
    "code-two-names": (
        ENTERPRISES,
        "同一代码两个名称：是同一家，“决定”写另一写法；不是，写“不是”",
    ),
    "name-two-codes": (
        ENTERPRISES,
        "同一名称两个代码：是同一家，“决定”写另一写法；不是，写“不是”",
    ),
}

_NUMBERS = re.compile(r"楼宇编号（([^）]+)）")
_OTHER = re.compile(r"(.*)（另有 (.*)）", re.S)


def spelling_asked(rule: str, value: str, remedy: str = "") -> tuple[str, dict[str, str]] | None:
    """Return the sheet and the cells of the question a fault (in Chinese) asks; None for other faults.

    The remedy of a name that several buildings bear tells their numbers in brackets.
    """
    known = _by_text().get(rule)
    if known is None:
        return None
    kind, hint = known
    if kind == ENTERPRISES:
        told = _OTHER.fullmatch(value)
        written, other = told.groups() if told else (value, "")
        return kind, {"写法": written, "另一写法": other, "怎么填": hint}
    written, _, near = value.partition(" ≈ ")
    numbers = _NUMBERS.search(remedy) if rule == rules()["building-ambiguous"].zh else None
    return kind, {"写法": written, "最相近的楼宇": numbers[1] if numbers else near, "怎么填": hint}


@cache
def _by_text() -> dict[str, tuple[str, str]]:
    return {rules()[key].zh: asked for key, asked in _ASKED.items()}
