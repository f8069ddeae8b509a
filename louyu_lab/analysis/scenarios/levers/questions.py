"""What a scenario file asks beside its changes: unit costs, a sweep, a goal to be reached."""

from __future__ import annotations

import yaml

from louyu_lab.analysis.indicator_catalogue import codes_by_name, indicator_catalogue
from louyu_lab.analysis.scenarios.levers.quantities import has_unit, number_of, unit_cost_of
from louyu_lab.analysis.scenarios.levers.reading import is_plain, read_number, shown_of, year_of
from louyu_lab.analysis.scenarios.levers.scenario import Goal
from louyu_lab.analysis.scenarios.levers.schema import Lever, lever_called, levers, unknown_lever
from louyu_lab.ledgers.lined_yaml import LinedValue, entries, items, named_entries
from louyu_lab.ledgers.texts import nearest

#: Key of ``goal`` -> its Chinese name, which may be written instead.
GOAL_KEYS = {
    "indicator": "指标",
    "year": "年份",
    "target": "目标值",
    "probability": "把握",
    "levers": "杠杆",
}

#: Unit of an indicator -> kind of number, and how a target is written.
_TARGETS = {
    "比例": ("rate", "0–1 的小数或百分数，如 90%"),
    "㎡": ("area", "平方米数，如 200万㎡"),
    "元": ("money", "金额，如 15亿元"),
}


def read_costs(entry: LinedValue | None, problems: list[str]) -> tuple[dict[str, float], dict[str, int]]:
    """Return unit costs, 元 per unit of the lever's ``cost_unit``, and lines, both by lever."""
    costs: dict[str, float] = {}
    lines: dict[str, int] = {}
    for lever, written in _by_lever("costs（单价）", "杠杆: 单价", entry, problems):
        unit = lever.cost_unit
        if not unit:
            able = "、".join(other.title for other in levers().values() if other.cost_unit)
            problems.append(f"第 {written.line} 行：{lever.title}没有单价可言；可写单价的：{able}")
            continue
        cost = unit_cost_of(unit, shown_of(written)) if is_plain(written) else None
        if cost is None or cost < 0:
            problems.append(
                f"第 {written.line} 行：{lever.title}的单价应为不小于 0 的{unit}，如 800 或 800{unit}，"
                f"现为 {shown_of(written)}"
            )
        else:
            costs[lever.name] = cost
            lines[lever.name] = written.line
    return costs, lines


def read_sweep(entry: LinedValue | None, problems: list[str]) -> tuple[str, tuple[float, ...]] | None:
    """Return the one lever that is swept and its values in the order written."""
    swept = _by_lever("sweep（扫描）", "杠杆: [值, 值, …]", entry, problems)
    if len(swept) > 1:
        problems.append(f"第 {swept[1][1].line} 行：sweep（扫描）只能扫一个杠杆")
    if not swept:
        return None
    lever, written = swept[0]
    values = [read_number(lever, member, problems) for member in _members(lever, written, problems, 2, None)]
    if len(set(values)) < len(values):
        problems.append(f"第 {written.line} 行：{lever.title}的扫描值有重复")
    return lever.name, tuple(value for value in values if value is not None)


def read_goal(entry: LinedValue | None, problems: list[str]) -> Goal | None:
    """Return the goal; None where there is none or it cannot be read, with the faults in ``problems``."""
    if entry is None or entry.value is None:
        return None
    before = len(problems)
    if not isinstance(entry.node, yaml.MappingNode):
        allowed = "、".join(f"{key}（{zh}）" for key, zh in GOAL_KEYS.items())
        problems.append(f"第 {entry.line} 行：goal（目标倒推）下应写 {allowed}，现为 {shown_of(entry)}")
        return None
    keys = named_entries(entry.node, GOAL_KEYS, problems)
    lacking = [f"{key}（{zh}）" for key, zh in GOAL_KEYS.items() if key not in keys]
    if lacking:
        problems.append(f"第 {entry.line} 行：goal（目标倒推）缺 {'、'.join(lacking)}")
        return None
    code = _indicator(keys["indicator"], problems)
    target = None if code is None else _target(code, keys["target"], problems)
    year = year_of(shown_of(keys["year"]))
    if year is None:
        problems.append(f"第 {keys['year'].line} 行：year（年份）应为一个年份，现为 {shown_of(keys['year'])}")
    chance = _probability(keys["probability"], problems)
    bounds = _bounds(keys["levers"], problems)
    if len(problems) > before or code is None or target is None or year is None or chance is None:
        return None
    return Goal(code, year, target, chance, bounds)


def _indicator(entry: LinedValue, problems: list[str]) -> str | None:
    name = shown_of(entry).strip()
    code = name if name in indicator_catalogue() else codes_by_name().get(name)
    if code is None:
        meant = nearest(name, codes_by_name())
        problems.append(f"第 {entry.line} 行：没有指标“{name}”{meant}；指标名称同 targets.yaml")
    return code


def _target(code: str, entry: LinedValue, problems: list[str]) -> float | None:
    spec = indicator_catalogue()[code]
    kind, written = _TARGETS.get(spec.unit, ("", f"数字，如 15 或 15{spec.unit}"))
    shown = shown_of(entry).strip()
    value = number_of(kind, shown if kind else shown.removesuffix(spec.unit)) if is_plain(entry) else None
    if kind == "money" and value is not None and not has_unit(shown):
        # 元, 万元 or 亿元: a bare number decides the whole answer.
        problems.append(f"第 {entry.line} 行：{spec.zh}的目标值要写单位，如 15亿元，现为 {shown}")
        return None
    if value is None or (kind == "rate" and not 0 <= value <= 1):
        hint = f"；若是 {value:g}%，写成 {value:g}%" if value is not None and 1 < value <= 100 else ""
        problems.append(f"第 {entry.line} 行：{spec.zh}的目标值应为{written}，现为 {shown}{hint}")
        return None
    return value


def _probability(entry: LinedValue, problems: list[str]) -> float | None:
    value = number_of("rate", shown_of(entry)) if is_plain(entry) else None
    if value is None or not 0 < value < 1:
        problems.append(
            f"第 {entry.line} 行：probability（把握）应在 0 与 1 之间，如 80% 或 0.8，现为 {shown_of(entry)}"
        )
        return None
    return value


def _bounds(entry: LinedValue, problems: list[str]) -> dict[str, tuple[float, float]]:
    bounds: dict[str, tuple[float, float]] = {}
    written = _by_lever("levers（杠杆）", "杠杆: [最少, 最多]", entry, problems)
    if not written and isinstance(entry.node, yaml.MappingNode):
        problems.append(f"第 {entry.line} 行：levers（杠杆）是空的；写哪些杠杆可动、最少最多动多少")
    for lever, range_ in written:
        values = [read_number(lever, member, problems) for member in _members(lever, range_, problems, 2, 2)]
        if len(values) != 2 or values[0] is None or values[1] is None:
            continue
        if values[0] >= values[1]:
            problems.append(f"第 {range_.line} 行：{lever.title}的范围应从低到高，现为 {shown_of(range_)}")
        bounds[lever.name] = (values[0], values[1])
    return bounds


def _members(
    lever: Lever, entry: LinedValue, problems: list[str], least: int, most: int | None
) -> list[LinedValue]:
    """Return the members of a list of numbers of a lever; a list of another length is a fault."""
    members = items(entry.node, problems) if isinstance(entry.node, yaml.SequenceNode) else []
    if lever.kind in ("names", "year"):
        problems.append(f"第 {entry.line} 行：{lever.title}不是一个数，不能这样写")
        return []
    if len(members) < least or (most is not None and len(members) > most):
        wanted = "低、高两个值" if most == least else f"{least} 个以上的值"
        problems.append(f"第 {entry.line} 行：{lever.title}应写{wanted}，如 [低, 高]，现为 {shown_of(entry)}")
        return []
    return members


def _by_lever(
    title: str, form: str, entry: LinedValue | None, problems: list[str]
) -> list[tuple[Lever, LinedValue]]:
    """Return what is written behind each lever; misspelt and repeated ones are faults."""
    if entry is None or entry.value is None:
        return []
    if not isinstance(entry.node, yaml.MappingNode):
        problems.append(f"第 {entry.line} 行：{title}下应是“{form}”，现为 {shown_of(entry)}")
        return []
    found: list[tuple[Lever, LinedValue]] = []
    for key, written in entries(entry.node, problems):
        lever = lever_called(str(key.value))
        if lever is None:
            problems.append(f"第 {key.line} 行：{unknown_lever(str(key.value))}")
        elif any(other is lever for other, _ in found):
            problems.append(f"第 {key.line} 行：{title}里{lever.title}写了两次")
        else:
            found.append((lever, written))
    return found
