"""The levers of a goal as efforts from nothing to all, with what they cost; and what a goal may lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from louyu_lab.analysis.indicator_catalogue import codes_by_name, indicator_catalogue
from louyu_lab.analysis.scenarios.answers.costs import unit_step
from louyu_lab.analysis.scenarios.answers.indicator_draws import moved_indicators
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import Clause

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario

#: More levers at once are not searched: the evaluations would not suffice.
MOST_LEVERS = 6

#: Levers that say to what level to bring a stock: paid once for the distance, not year after year.
_LEVELS = ("unlock_rate", "registration_rate", "target_occupancy_rate")


@dataclass(frozen=True)
class Effort:
    """One lever between ``nothing`` and ``end`` (stored units); ``years`` it is in force, empty for all.

    ``full_cost_yuan`` what the whole way costs up to the goal's year.
    """

    lever: str
    nothing: float
    end: float
    years: tuple[int, ...]
    full_cost_yuan: float

    def value(self, part: float) -> float:
        """Return the lever's value at a part (0–1) of the way."""
        return self.nothing + float(part) * (self.end - self.nothing)

    def setting(self, part: float) -> tuple[Clause, ...]:
        """Return the lever's setting at a part (0–1) of the way."""
        return (Clause(self.value(part), self.years),)


def effort_of(baseline: Baseline, goal: Goal, name: str, unit_cost: float) -> Effort:
    """Return a lever's effort: cost = unit cost × |end − nothing| × units of account × years.

    Nothing is the bound nearer to the lever's default, the lower one where it has none. Yearly levers cost
    every year from the first simulated to the goal's, those that bring a stock to a level (``_LEVELS``) once.
    Units of account: 元/㎡ by the ㎡ the lever asks for, 元/百分点 by 0.01, 元/户 by enterprises.
    """
    lever = levers()[name]
    low, high = goal.bounds[name]
    at_high = lever.value is not None and abs(high - lever.value) < abs(low - lever.value)
    nothing, end = (high, low) if at_high else (low, high)
    years = tuple(year for year in baseline.years if year <= goal.year)
    times = len(years) if lever.by_year and name not in _LEVELS else 1
    cost = unit_cost * abs(end - nothing) * units_of_account(baseline, lever) * times
    return Effort(name, nothing, end, years if lever.by_year else (), cost)


def units_of_account(baseline: Baseline, lever: Lever) -> float:
    """Return how many units of its price one stored unit of the lever is: ㎡, 百分点 or 户.

    Shares of space are reckoned on the base year's: of vacant marketable space, of what cannot be let, of
    all rentable space; a share of enterprises on today's, of newcomers on a year's expected ones.
    """
    areas = baseline.buildings[["rentable_area_sqm", "occupied_area_sqm", "unmarketable_area_sqm"]].to_numpy(
        dtype="float64"
    )
    rentable, occupied, closed = np.nan_to_num(areas).T
    known = ~np.isnan(areas[:, 1])
    newcomers = baseline.demand.lettings_sqm / baseline.entrants.firm_area_sqm
    units = {
        "absorption_rate": np.maximum(rentable - occupied - closed, 0.0)[known].sum(),
        "target_occupancy_rate": rentable[known].sum(),
        "vacancy_cut_rate": rentable[known].sum(),
        "unlock_rate": closed.sum(),
        "registration_rate": baseline.units["firms"].sum(),
        "new_tenant_registration_rate": newcomers,
    }
    return float(units.get(lever.name, 1.0 / unit_step(lever)))


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
    for other in lever.excludes:
        if other in scenario.changes or other in (scenario.goal.bounds if scenario.goal else {}):
            problems.append(f"{lever.title}与{levers()[other].title}不能同时用")
    return problems
