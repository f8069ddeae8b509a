"""One scorecard file read strictly: every fault of it at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import yaml

from louyu_lab.analysis.industry.scorecards.cards import KINDS, Requirement, Scorecard
from louyu_lab.analysis.industry.scorecards.rules import conditions_of, criterion_of
from louyu_lab.ledgers.lined_yaml import (
    LinedValue,
    UnreadableYaml,
    entries,
    items,
    mapping_of,
    named_entries,
    text_of,
)

#: Key of a scorecard -> its Chinese name, which may be written instead.
KEYS = {
    "name": "名称",
    "kind": "类别",
    "source": "依据",
    "is_example": "示例",
    "scope": "适用范围",
    "requirements": "必备条件",
    "indicators": "评分指标",
    "grades": "等级",
}

_EXAMPLE = "“name: …”“requirements: …”"


def read_card(path: Path) -> tuple[Scorecard | None, list[str]]:
    """Return the scorecard of a file, or None and everything that is wrong with it (Chinese).

    Keys (English or Chinese, see ``KEYS``): ``name`` and ``source`` (needed), ``kind``, ``is_example``,
    ``scope`` and ``requirements`` (lists of conditions, see ``rules.conditions_of``), ``indicators`` (a
    list of criteria, see ``rules.criterion_of``), ``grades`` (``{label: least score}``). Requirements or
    indicators are needed, and indicators where there are grades.
    """
    problems: list[str] = []
    try:
        top = named_entries(mapping_of(path, _EXAMPLE), KEYS, problems)
    except UnreadableYaml as broken:
        return None, [str(broken)]
    name, source = (_needed_text(key, top, problems) for key in ("name", "source"))
    kind = _kind(top.get("kind"), problems)
    is_example = _flag(top.get("is_example"), problems)
    scope, requirements = (_requirements(key, top.get(key), problems) for key in ("scope", "requirements"))
    criteria = [criterion_of(item, problems) for item in _list("indicators", top.get("indicators"), problems)]
    kept = tuple(criterion for criterion in criteria if criterion is not None)
    twice = sorted({one.indicator.zh for one in kept if sum(two.code == one.code for two in kept) > 1})
    problems += [f"评分指标“{zh}”写了两次" for zh in twice]
    if "requirements" not in top and "indicators" not in top:
        problems.append("缺 requirements（必备条件）或 indicators（评分指标），至少写一样")
    grades = _grades(top.get("grades"), bool(kept), problems)
    if problems:
        return None, list(dict.fromkeys(problems))
    return Scorecard(path.name, name, kind, source, is_example, scope, requirements, kept, grades), []


def _needed_text(key: str, top: dict[str, LinedValue], problems: list[str]) -> str:
    entry = top.get(key)
    if entry is None or entry.value is None:
        problems.append(f"缺 {key}（{KEYS[key]}）")
    return text_of(f"{key}（{KEYS[key]}）", entry, problems)


def _kind(entry: LinedValue | None, problems: list[str]) -> str:
    if entry is None:
        return KINDS[-1]
    if entry.value not in KINDS:
        problems.append(f"第 {entry.line} 行：kind（类别）应为{'、'.join(KINDS)}之一，现为 {entry.value!r}")
    return str(entry.value)


def _flag(entry: LinedValue | None, problems: list[str]) -> bool:
    if entry is None or entry.value in (True, False, "是", "否"):
        return entry is not None and entry.value in (True, "是")
    problems.append(f"第 {entry.line} 行：is_example（示例）应为是或否，现为 {entry.value!r}")
    return False


def _requirements(key: str, entry: LinedValue | None, problems: list[str]) -> tuple[Requirement, ...]:
    read = [conditions_of(item, problems) for item in _list(key, entry, problems)]
    return tuple(Requirement(conditions) for conditions in read if conditions)


def _list(key: str, entry: LinedValue | None, problems: list[str]) -> list[LinedValue]:
    if entry is None:
        return []
    if not isinstance(entry.node, yaml.SequenceNode) or not entry.node.value:
        problems.append(f"第 {entry.line} 行：{key}（{KEYS[key]}）下应是一条条以“- ”开头的内容")
        return []
    return items(entry.node, problems)


def _grades(
    entry: LinedValue | None, has_criteria: bool, problems: list[str]
) -> tuple[tuple[str, float], ...]:
    if entry is None:
        return ()
    if not isinstance(entry.node, yaml.MappingNode) or not entry.node.value:
        problems.append(f"第 {entry.line} 行：grades（等级）下应是“等级: 最低分”，如 五星: 85")
        return ()
    if not has_criteria:
        problems.append(f"第 {entry.line} 行：写了 grades（等级），却没有可用的评分指标")
    read: dict[str, float] = {}
    for label, least in entries(entry.node, problems):
        value = least.value
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 100:
            problems.append(
                f"第 {least.line} 行：等级“{label.value}”的最低分应在 0 至 100 之间，现为 {value!r}"
            )
        elif float(value) in read.values():
            problems.append(f"第 {least.line} 行：两个等级的最低分相同（{value:g}）")
        else:
            read[str(label.value)] = float(value)
    return tuple(sorted(read.items(), key=lambda grade: -grade[1]))
