"""The conditions and criteria of a scorecard file, read from their YAML."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from louyu_lab.analysis.industry.scorecards.cards import Condition, Criterion
from louyu_lab.analysis.industry.scorecards.catalogue import (
    BuildingIndicator,
    indicator_called,
    unknown_indicator,
)
from louyu_lab.ledgers.lined_yaml import LinedValue, entries, items, named_entries

_CONDITION = {"indicator": "指标", "at_least": "不低于", "at_most": "不高于", "one_of": "为"}
_ANY = {"any_of": "任一"}
_CRITERION = {"indicator": "指标", "weight": "权重", "bands": "分档", "linear": "线性", "points": "得分"}
_LINEAR = {"zero": "零分", "full": "满分"}


def conditions_of(item: LinedValue, problems: list[str]) -> tuple[Condition, ...]:
    """Return the alternatives of one requirement; what is wrong is added to ``problems``.

    One item is ``{indicator, at_least | at_most}`` (both make a range), ``{indicator, one_of: [labels]}``
    for a label, or ``{any_of: [items]}``, of which one will do.
    """
    parts = _parts(item, {**_CONDITION, **_ANY}, problems)
    if "any_of" not in parts:
        condition = _condition(item.line, parts, problems)
        return (condition,) if condition else ()
    if len(parts) > 1:
        problems.append(f"第 {item.line} 行：any_of（任一）要单独成一条")
    inner = parts["any_of"]
    if not isinstance(inner.node, yaml.SequenceNode) or not inner.node.value:
        problems.append(f"第 {inner.line} 行：any_of（任一）下应是一条条以“- ”开头的条件")
        return ()
    read = [
        _condition(one.line, _parts(one, _CONDITION, problems), problems)
        for one in items(inner.node, problems)
    ]
    return tuple(condition for condition in read if condition)


def criterion_of(item: LinedValue, problems: list[str]) -> Criterion | None:
    """Return one scored indicator; None, with what is wrong in ``problems``, where it cannot be read.

    ``{indicator, weight}`` and one of ``bands: {value: points}`` (each value the least for its points),
    ``linear: {zero: value, full: value}``, ``points: {label: points}``; points are 0–100.
    """
    parts = _parts(item, _CRITERION, problems)
    indicator = _indicator(item.line, parts, problems)
    weight = _weight(item.line, parts.get("weight"), problems)
    ways = [key for key in ("bands", "linear", "points") if key in parts]
    if len(ways) != 1:
        problems.append(f"第 {item.line} 行：bands（分档）、linear（线性）、points（得分）要写其中一样")
        return None
    if indicator is None or weight is None:
        return None
    way, entry = ways[0], parts[ways[0]]
    if indicator.is_label != (way == "points"):
        proper = "points（得分）" if indicator.is_label else "bands（分档）或 linear（线性）"
        problems.append(f"第 {entry.line} 行：{indicator.zh}应写 {proper}")
        return None
    if not isinstance(entry.node, yaml.MappingNode) or not entry.node.value:
        problems.append(f"第 {entry.line} 行：{way}（{_CRITERION[way]}）下应是“值: 分数”")
        return None
    if way == "linear":
        ends = _linear(indicator, entry, problems)
        return Criterion(indicator.code, weight, linear=ends) if ends else None
    scored = _scored(indicator, entry, problems)
    if way == "points":
        return Criterion(indicator.code, weight, points=tuple(scored.items()))
    return Criterion(indicator.code, weight, bands=tuple(sorted(scored.items())))


def _parts(item: LinedValue, keys: Mapping[str, str], problems: list[str]) -> dict[str, LinedValue]:
    """Return the known keys of one item, English or Chinese; others are faults."""
    if not isinstance(item.node, yaml.MappingNode):
        problems.append(f"第 {item.line} 行：应写成“indicator: 指标名”这样的几项，现为 {item.value!r}")
        return {}
    return named_entries(item.node, keys, problems)


def _indicator(line: int, parts: Mapping[str, LinedValue], problems: list[str]) -> BuildingIndicator | None:
    if "indicator" not in parts:
        # An item that is no mapping, or whose keys are all wrong, has been told of already.
        if parts:
            problems.append(f"第 {line} 行：缺 indicator（指标）")
        return None
    entry = parts["indicator"]
    indicator = indicator_called(str(entry.value).strip())
    if indicator is None:
        problems.append(f"第 {entry.line} 行：{unknown_indicator(str(entry.value).strip())}")
    return indicator


def _condition(line: int, parts: Mapping[str, LinedValue], problems: list[str]) -> Condition | None:
    indicator = _indicator(line, parts, problems)
    if indicator is None:
        return None
    if indicator.is_label:
        return _label_condition(indicator, line, parts, problems)
    if "one_of" in parts or not {"at_least", "at_most"} & set(parts):
        problems.append(f"第 {line} 行：{indicator.zh}应写 at_least（不低于）或 at_most（不高于）")
        return None
    bounds = {
        key: _number(indicator, parts[key], problems) for key in ("at_least", "at_most") if key in parts
    }
    if None in bounds.values():
        return None
    if len(bounds) == 2 and bounds["at_least"] > bounds["at_most"]:
        problems.append(f"第 {line} 行：{indicator.zh}的下限高于上限")
        return None
    return Condition(indicator.code, **bounds)


def _label_condition(
    indicator: BuildingIndicator, line: int, parts: Mapping[str, LinedValue], problems: list[str]
) -> Condition | None:
    if "one_of" not in parts or {"at_least", "at_most"} & set(parts):
        problems.append(f"第 {line} 行：{indicator.zh}应写 one_of（为），如 one_of: [{indicator.written}]")
        return None
    entry = parts["one_of"]
    listed = entry.value if isinstance(entry.value, list) else [entry.value]
    labels = [indicator.read_label(raw) for raw in listed]
    if not labels or None in labels:
        problems.append(f"第 {entry.line} 行：{indicator.zh}应为{indicator.written}，现为 {entry.value!r}")
        return None
    return Condition(indicator.code, one_of=tuple(dict.fromkeys(label for label in labels if label)))


def _number(indicator: BuildingIndicator, entry: LinedValue, problems: list[str]) -> float | None:
    value = indicator.read(entry.value)
    if value is None:
        problems.append(f"第 {entry.line} 行：{indicator.zh}应为{indicator.written}，现为 {entry.value!r}")
    return value


def _weight(line: int, entry: LinedValue | None, problems: list[str]) -> float | None:
    value = entry.value if entry else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf"):
        return float(value)
    shown = "没有写" if entry is None else f"现为 {value!r}"
    problems.append(f"第 {entry.line if entry else line} 行：weight（权重）应为大于 0 的数，{shown}")
    return None


def _linear(
    indicator: BuildingIndicator, entry: LinedValue, problems: list[str]
) -> tuple[float, float] | None:
    parts = _parts(entry, _LINEAR, problems)
    if set(parts) != set(_LINEAR):
        problems.append(f"第 {entry.line} 行：linear（线性）要写 zero（零分）和 full（满分）两个值")
        return None
    zero, full = (_number(indicator, parts[key], problems) for key in ("zero", "full"))
    if zero is None or full is None:
        return None
    if zero == full:
        problems.append(f"第 {entry.line} 行：{indicator.zh}的零分和满分不能是同一个值")
        return None
    return zero, full


def _scored(indicator: BuildingIndicator, entry: LinedValue, problems: list[str]) -> dict:
    """Return value (or label) -> points of a mapping, those that can be read."""
    scored: dict = {}
    for key, points in entries(entry.node, problems):
        raw = yaml.safe_load(str(key.value)) if indicator.unit == "是/否" else key.value
        value = indicator.read_label(raw) if indicator.is_label else indicator.read(key.value)
        is_points = isinstance(points.value, (int, float)) and not isinstance(points.value, bool)
        if value is None:
            problems.append(f"第 {key.line} 行：{indicator.zh}应为{indicator.written}，现为 {key.value!r}")
        elif not is_points or not 0 <= points.value <= 100:
            problems.append(
                f"第 {key.line} 行：{indicator.zh}的分数应在 0 至 100 之间，现为 {points.value!r}"
            )
        elif value in scored:
            problems.append(f"第 {key.line} 行：{indicator.zh}的“{key.value}”写了两次")
        else:
            scored[value] = float(points.value)
    return scored
