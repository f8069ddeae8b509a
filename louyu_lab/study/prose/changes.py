"""The 通报 of two runs compared: short lines, the largest first, the rest left to the workbook.

Each function returns the lines of one section, its heading first; none for nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from louyu_lab.analysis.changes.indicators import RATE_UNIT
from louyu_lab.analysis.changes.relation import ANOTHER_YEAR, ELSEWHERE, REVISION
from louyu_lab.analysis.changes.sameness import RTOL, same_values, unit_floors
from louyu_lab.analysis.printing import printed_value
from louyu_lab.study.prose.numbers import is_known, listed

#: Lines of each kind that are shown.
INDICATORS, TABLES = 10, 8

#: Digits beyond the tables' that two values may take to read differently.
MORE_DIGITS = 2

#: Where the rest is.
REST = "其余见工作簿"

#: Relation -> words for a rise and a fall, of rates and of amounts.
_RATE_WORDS = {REVISION: ("调升", "调降"), ANOTHER_YEAR: ("升", "降"), ELSEWHERE: ("高", "低")}
_AMOUNT_WORDS = {REVISION: ("调增", "调减"), ANOTHER_YEAR: ("增加", "减少"), ELSEWHERE: ("多", "少")}


def joined(sections: Sequence[Sequence[str]]) -> str:
    """Return the sections as one text, numbered in their order, a blank line between them."""
    numbers = iter("一二三四五六七八九")
    parts = []
    for section in (section for section in sections if section):
        head, *lines = section
        parts.append("\n".join([f"{next(numbers)}、{head[1:]}" if head.startswith("#") else head, *lines]))
    return "\n".join(parts)


def opening(
    runs: tuple[str, str],
    districts: tuple[str, str],
    years: tuple[int, int],
    relation: str,
    altered: Sequence[str] = (),
) -> list[str]:
    """Say which two runs are compared and what their difference means."""
    meaning = {
        REVISION: f"{districts[0]} {years[0]} 年的两次运行：差别是台账、参数或方法的修订，不是一年间的涨跌。",
        ANOTHER_YEAR: f"{districts[0]} {years[0]} 年与 {years[1]} 年比较。",
        ELSEWHERE: f"{districts[0]} {years[0]} 年与{districts[1]} {years[1]} 年比较："
        "不是同一个区，只比指标和汇总表。",
    }
    lines = [
        "两次运行的差异通报（含企业名称和税收，内部使用）",
        f"前 A：{runs[0]}",
        f"后 B：{runs[1]}",
        meaning[relation],
    ]
    if relation == ANOTHER_YEAR and years[1] < years[0]:
        lines.append("B 的年份早于 A，以下增减按从 A 到 B 计；要按年份先后请对调两次运行。")
    return lines + [
        f"注意：{name} 的结果或清单已与完成时不同，请先用 louyu verify 核对。" for name in altered
    ]


def record_words(records: pd.DataFrame) -> list[str]:
    """Say what went into the runs differently; ``records`` has ``part, name, what, before, after``."""
    if records.empty:
        return ["#输入与参数", "  台账、参数、程序、版本和各章状态都相同。"]
    lines = ["#输入与参数"]
    for part, rows in records.groupby("part", sort=False):
        if part == "台账":
            pieces = [
                f"{what} {len(group)} 个（{listed(group['name'], most=3)}）"
                for what, group in rows.groupby("what", sort=False)
            ]
            lines.append(f"  台账文件：{'，'.join(pieces)}")
        else:
            pieces = [f"{row.name_} {row.before or '无'} → {row.after or '无'}" for row in _named(rows)]
            lines.append(
                f"  {part}：{'；'.join(pieces[:4])}{f'；等 {len(pieces)} 项' if len(pieces) > 4 else ''}"
            )
    return lines


def indicator_words(changes: pd.DataFrame | None, years: tuple[int, int], relation: str) -> list[str]:
    """Say how the indicators changed: rates by points, amounts with their per cent; core ones first."""
    head = "#主要指标"
    if changes is None:
        return [head, "  两次运行没有都算出指标，从略。"]
    both = changes[changes["before"].notna() & changes["after"].notna()]
    moved = both[both["change"] != 0]
    moved = moved.sort_values("is_core", ascending=False, kind="stable")
    told = [line for row in moved.itertuples() if (line := _indicator_line(row, years, relation))]
    lines = [head, *told[:INDICATORS]]
    if len(moved) > len(told):
        lines.append(f"  另有 {len(moved) - len(told)} 项变化极小，见工作簿")
    if len(told) > INDICATORS:
        lines.append(f"  …… 共 {len(moved)} 项有变化，{REST}")
    if moved.empty:
        lines.append("  两边都有的指标没有变化。")
    for side, other, label in (("before", "after", "只有 A 有"), ("after", "before", "只有 B 有")):
        only = changes[changes[side].notna() & changes[other].isna()]
        if len(only):
            lines.append(f"  {label}的指标：{listed(only['name_zh'], most=4, unit='项')}")
    known = both[both["restated"].notna()]
    again = known[~same_values(known["restated"], known["before"], unit_floors(known["unit"]))]
    if len(again):
        names = listed(again["name_zh"], most=4, unit="项")
        lines.append(f"  {years[0]} 年的数在 B 里已修订 {len(again)} 项（{names}），上面的增减含修订")
    return lines


def table_words(overview: pd.DataFrame, cells: pd.DataFrame) -> list[str]:
    """Say of each table that differs how much, and its largest change."""
    lines = ["#各表变化"]
    rows = overview[overview["status"] == "有变化"]
    for row in rows.head(TABLES).itertuples():
        counted = (("新增", row.rows_new, "行"), ("减少", row.rows_gone, "行"), ("改动", row.cells, "格"))
        pieces = [f"{what} {int(count):,} {unit}" for what, count, unit in counted if count]
        own = cells[(cells["table"] == row.table) & (cells["weight"] > 0)]
        # Of printed values, so that what is named can be seen.
        own = own[own["before"].notna() & (own["before"] != own["after"])]
        largest = f"；最大的是{_cell(own.loc[own['weight'].idxmax()])}" if len(own) else ""
        note = f"（{row.note}）" if row.note else ""
        lines.append(f"  {row.zh}：{'，'.join(pieces) or '列有变化'}{largest}{note}")
    if len(rows) > TABLES:
        lines.append(f"  …… 共 {len(rows)} 张表有变化，{REST}")
    if rows.empty:
        lines.append("  两边都有的表没有变化。")
    for status in ("只在 A", "只在 B"):
        names = overview.loc[overview["status"] == status, "zh"]
        if len(names):
            lines.append(f"  {status} 的表：{listed(names, most=6, unit='张')}")
    for note, names in overview[overview["status"] == "未比较"].groupby("note")["zh"]:
        lines.append(f"  未比较：{listed(names, most=4, unit='张')}（{note}）")
    return lines


def unchanged_words(overview: pd.DataFrame, bytes_differ: Mapping[str, int]) -> list[str]:
    """Name the tables that are equal."""
    names = overview.loc[overview["status"] == "相同", "zh"]
    said = (
        f"  {len(names)} 张表相同：{listed(names, most=10, unit='张')}" if len(names) else "  没有相同的表。"
    )
    return ["#未变", said, *_files(bytes_differ)]


def same_words(overview: pd.DataFrame, bytes_differ: Mapping[str, int]) -> list[str]:
    """Say in one sentence that every table agrees."""
    return [f"{len(overview)} 张表的内容全部相同（数字按相对误差 {RTOL:g} 比较）。", *_files(bytes_differ)]


def _files(bytes_differ: Mapping[str, int]) -> list[str]:
    if not bytes_differ:
        return []
    pieces = [f"{kind} {count} 个" for kind, count in bytes_differ.items()]
    return [f"  其他文件字节不同的：{'，'.join(pieces)}（不逐一比较）"]


def two_values(
    before: float, after: float, unit: str, most: int = MORE_DIGITS
) -> tuple[str, str, str] | None:
    """Return two values of an indicator and what lies between them, with digits enough to differ.

    None where ``most`` digits beyond those the tables print do not tell them apart.
    """
    for more in range(most + 1):
        was, now, size = (printed_value(value, unit, more) for value in (before, after, abs(after - before)))
        if was != now and any(digit in size for digit in "123456789"):
            return was, now, size
    return None


def _indicator_line(row: tuple, years: tuple[int, int], relation: str) -> str:
    """Return the line of one indicator; empty for a change too small to be read."""
    ends = two_values(row.before, row.after, row.unit)
    if ends is None:
        return ""
    said = _indicator_change(row.change, row.change_rate, row.unit, ends[2], years, relation)
    return f"  {row.name_zh} {ends[0]} → {ends[1]}，{said}"


def _indicator_change(
    change: float, rate: float, unit: str, size: str, years: tuple[int, int], relation: str
) -> str:
    words = _RATE_WORDS if unit == RATE_UNIT else _AMOUNT_WORDS
    word = words[relation][0 if change > 0 else 1]
    if unit == RATE_UNIT:
        return f"{word} {size.removesuffix('%')} 个百分点"
    said = f"{word} {size}"
    if not is_known(rate):
        return said
    if relation == ANOTHER_YEAR and years[1] == years[0] + 1:
        return f"{said}（同比 {rate * 100:+.1f}%）"
    return f"{said}（{rate * 100:+.1f}%）"


def _cell(cell: pd.Series) -> str:
    ends = [_number(cell[side]) for side in ("before", "after")]
    return f"{cell['key']} 的{cell['column']} {ends[0]} → {ends[1]}"


def _number(value: object) -> str:
    if not is_known(value):
        return "无" if pd.isna(value) else str(value)
    return f"{float(value):,.2f}".rstrip("0").rstrip(".")


def _named(rows: pd.DataFrame) -> list:
    return list(rows.rename(columns={"name": "name_"}).itertuples())
