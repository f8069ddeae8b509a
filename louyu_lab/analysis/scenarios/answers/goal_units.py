"""The levers of a goal as efforts from nothing to all; and what a goal may lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from louyu_lab.analysis.indicator_catalogue import codes_by_name, indicator_catalogue
from louyu_lab.analysis.scenarios.answers.indicator_draws import moved_indicators
from louyu_lab.analysis.scenarios.levers.resting import resting_value
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Clause

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario

#: More levers at once are not searched: the evaluations would not suffice.
MOST_LEVERS = 6


@dataclass(frozen=True)
class Effort:
    """One lever from ``start``, where it changes least, to ``end`` (stored units).

    ``years`` it is in force, empty for all.
    """

    lever: str
    start: float
    end: float
    years: tuple[int, ...]

    def value(self, part: float) -> float:
        """Return the lever's value at a part (0–1) of the way, to four digits that a person can copy.

        At 0 it is not set at all.
        """
        value = float(f"{self.start + float(part) * (self.end - self.start):.4g}")
        low, high = sorted((self.start, self.end))
        return min(max(value, low), high) if part < 1 else self.end

    def setting(self, part: float) -> tuple[Clause, ...]:
        """Return the lever's setting at a part (0–1) of the way."""
        return (Clause(self.value(part), self.years),)


def ends_beside(baseline: Baseline, goal: Goal, name: str) -> tuple[float, ...]:
    """Return the bounds that a lever may be moved to: both where it rests between them, else the far one."""
    return tuple(bound for bound in goal.bounds[name] if bound != _start(baseline, goal, name))


def effort_of(baseline: Baseline, goal: Goal, name: str, end: float) -> Effort:
    """Return the effort that leads a lever to ``end``, in force up to the goal's year where it is yearly.

    It starts where the lever rests in this district; where that is beyond the bounds, at the bound next to
    it: a lever is left alone or is set within its bounds.
    """
    years = tuple(year for year in baseline.years if year <= goal.year) if levers()[name].by_year else ()
    return Effort(name, _start(baseline, goal, name), end, years)


def _start(baseline: Baseline, goal: Goal, name: str) -> float:
    low, high = goal.bounds[name]
    rest = resting_value(levers()[name], baseline)
    return min(max(rest, low), high) if np.isfinite(rest) else low


def goal_problems(baseline: Baseline, scenario: Scenario) -> list[str]:
    """Return in Chinese everything that keeps the goal from being sought; nothing without a goal."""
    goal = scenario.goal
    if goal is None:
        return []
    problems = []
    if goal.indicator not in moved_indicators():
        known = "、".join(indicator_catalogue()[code].zh for code in moved_indicators())
        name = {code: zh for zh, code in codes_by_name().items()}.get(goal.indicator, goal.indicator)
        problems.append(f"目标倒推的指标“{name}”不随情景变；可用的：{known}")
    if goal.year not in baseline.years:
        problems.append(
            f"目标倒推的年份 {goal.year} 不在推演年份 {baseline.years[0]}–{baseline.years[-1]} 之内"
        )
    if not 0 < goal.probability <= 1:
        problems.append(f"目标倒推的可能性应在 0–100% 之间，现为 {goal.probability:.0%}")
    if not 1 <= len(goal.bounds) <= MOST_LEVERS:
        problems.append(f"目标倒推要写 1–{MOST_LEVERS} 个杠杆的上下限，现有 {len(goal.bounds)} 个")
    for name, bounds in goal.bounds.items():
        problems += _lever_problems(scenario, name, bounds)
    return problems


def _lever_problems(scenario: Scenario, name: str, bounds: tuple[float, float]) -> list[str]:
    lever = levers().get(name)
    if lever is None:
        return [f"没有杠杆“{name}”"]
    problems = []
    if lever.kind in ("names", "year"):
        problems.append(f"{lever.title}不是数量，不能倒推")
    elif not (np.isfinite(bounds).all() and bounds[0] < bounds[1]):
        problems.append(f"{lever.title}缺上下限，写成 [下限, 上限]，下限小于上限")
    elif not lever.low <= bounds[0] <= bounds[1] <= lever.high:
        problems.append(f"{lever.title}的上下限应在{lever.range_zh}之间")
    cost = scenario.costs.get(name)
    if cost is None:
        unit = lever.cost_unit or "元/单位"
        problems.append(
            f"{lever.title}没有写单价，算不出哪样省；在 costs（单价）下写“{lever.title}: …{unit}”"
        )
    elif not (np.isfinite(cost) and cost > 0):
        problems.append(f"{lever.title}的单价应大于 0，现为 {cost:g}")
    if name in scenario.changes:
        problems.append(f"{lever.title}在 changes（改变，含基础情景）里已经写了，不能又倒推，留一处")
    for other in lever.excludes:
        if other in scenario.changes or other in (scenario.goal.bounds if scenario.goal else {}):
            problems.append(f"{lever.title}与{levers()[other].title}不能同时用")
    return problems
