"""What chapter 01 says of figures already published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from louyu_lab.analysis.published.check import CONTRADICTS, DIFFERS, EQUAL, OUT_OF_SCOPE
from louyu_lab.study.prose.numbers import listed, paragraph

#: What tells relations of one kind apart: a bracket at the end of the name.
_ENDING = re.compile(r"\s*[(（][^()（）]*[)）]$")


def compared_words(table: pd.DataFrame) -> str:
    """Say how many figures agree, name those that differ and the contradictions of the source itself.

    ``table`` is ``published_check``; nothing is said of an empty one.
    """
    if table.empty:
        return ""
    # A relation among figures is of no one year.
    figures = table[table["year"].notna()]
    relations = table[table["year"].isna() & (table["status"] == CONTRADICTS)]
    count = figures["status"].value_counts()
    equal, differing, doubtful, outside = (
        int(count.get(status, 0)) for status in (EQUAL, DIFFERS, CONTRADICTS, OUT_OF_SCOPE)
    )
    parts = [
        f"一致 {equal} 个",
        f"不一致 {differing} 个" if differing else "没有不一致的",
        f"因原文自相矛盾不作判断 {doubtful} 个" if doubtful else "",
    ]
    compared = len(figures) - outside
    return paragraph(
        f"已公布的 {len(figures)} 个数字里，{compared} 个能用台账重算："
        + "，".join(part for part in parts if part)
        if compared
        else f"已公布的 {len(figures)} 个数字都不能用台账重算",
        f"其余 {outside} 个不在台账范围，如目标、门槛，原因列在表里" if compared and outside else "",
        _differing_words(figures[figures["status"] == DIFFERS]),
        f"原文自相矛盾 {len(relations)} 处，照列而不强行对平：{_grouped_words(relations['name_zh'])}"
        if len(relations)
        else "",
    )


def _grouped_words(names: Iterable[str]) -> str:
    """Name every one; those alike but for what stands in brackets at the end once, with their number."""
    names = list(names)
    stems = [_ENDING.sub("", name) or name for name in names]
    together = Counter(stems)
    pieces = dict.fromkeys(
        f"{stem} {together[stem]} 处" if together[stem] > 1 else name
        for stem, name in zip(stems, names, strict=True)
    )
    return listed(pieces, most=len(pieces))


def _differing_words(rows: pd.DataFrame) -> str:
    pieces = [
        f"{row.name_zh}（公布 {row.printed}，台账算出 {row.computed:,.12g}{row.unit}）"
        for row in rows.itertuples()
    ]
    return f"不一致的是{listed(pieces)}" if pieces else ""
