"""目标倒推: the cheapest mix of levers that reaches a target in its year with a stated probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.answers.cheapest import Margin, Search, key_of
from louyu_lab.analysis.scenarios.answers.goal_units import Effort, effort_of, goal_problems
from louyu_lab.analysis.scenarios.answers.indicator_draws import indicator_draws
from louyu_lab.analysis.scenarios.answers.spread import reached
from louyu_lab.analysis.scenarios.levers.scenario import ScenarioError
from louyu_lab.analysis.scenarios.levers.schema import levers

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.analysis.scenarios.engine.courses import Courses
    from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario

#: Most evaluations of the simulation.
EVALUATIONS = 200

#: Draws on each side of the one that decides, over which the smooth margin is a mean; share of all draws.
_WINDOW = 0.1

CHEAPEST, NOTHING, ALL = "最省组合", "都不用", "全部用足"


@dataclass(frozen=True)
class GoalAnswer:
    """The answer to a goal.

    ``is_reached`` whether any mix within the bounds reaches it; then ``mix`` lever → value in stored units
    is the cheapest found and ``cost_yuan`` its cost, else ``mix`` is every lever at its end. ``p_reached``
    is the share of draws that mix reaches. ``binding`` levers at the end of their bounds. ``options`` the
    rows of table ``scenario_goal``; ``evaluations`` how many simulations it took. ``note`` in Chinese.
    """

    title: str
    goal: Goal
    is_reached: bool
    mix: Mapping[str, float]
    cost_yuan: float
    p_reached: float
    binding: tuple[str, ...]
    options: pd.DataFrame
    evaluations: int
    note: str


def goal_seek(run: Callable[[Scenario], Courses], baseline: Baseline, scenario: Scenario) -> GoalAnswer:
    """Return the cheapest mix of the goal's levers, on top of what the scenario changes anyhow.

    ``run`` simulates a scenario on shared random numbers. A lever's effort runs from doing nothing (its
    default where that is one of the bounds, else the lower bound) to the other bound; it costs the file's
    unit cost × the distance gone, every year up to the goal's where the lever is a yearly flow
    (``goal_units``). The target counts as reached with probability p if at least that share of the draws
    reaches it. Raises ScenarioError with every reason where a cost or bound is missing or the goal cannot
    be simulated.
    """
    problems = goal_problems(baseline, scenario)
    if problems or scenario.goal is None:
        raise ScenarioError(scenario.file, problems or ["没有写 goal（目标倒推）"])
    goal = scenario.goal
    efforts = [effort_of(baseline, goal, name, scenario.costs[name]) for name in goal.bounds]
    chances: dict[tuple[float, ...], float] = {}

    def margin(x: np.ndarray) -> Margin:
        values = _values(run(with_mix(scenario, efforts, x)), baseline, goal)
        falls = indicator_catalogue()[goal.indicator].falls
        chances[key_of(x)] = float(reached(values, goal.target, falls).mean())
        return margins(values, goal.target, goal.probability, falls)

    search = Search(np.array([effort.full_cost_yuan for effort in efforts]), margin, EVALUATIONS)
    found = search.cheapest()
    full = np.ones(len(efforts))
    best = full if found is None else found
    chance = chances[key_of(best)]
    options = _options(search, efforts, chances, scenario, found)
    return GoalAnswer(
        title=scenario.title,
        goal=goal,
        is_reached=found is not None,
        mix={effort.lever: effort.value(part) for effort, part in zip(efforts, best, strict=True)},
        cost_yuan=float(search.cost @ best),
        p_reached=chance,
        binding=tuple(each.lever for each, part in zip(efforts, best, strict=True) if part >= 1 - 1e-9),
        options=options,
        evaluations=len(search.seen),
        note=_note(goal, found, chance),
    )


def margins(values: np.ndarray, target: float, probability: float, falls: bool) -> Margin:
    """Return how far the draw that decides is beyond the target, exactly and smoothly; ``values`` (draws,).

    With p·draws draws to reach it, the one of that rank (the best first) decides: at 0 and above the target
    is reached with probability p. Smooth: the mean over the ranks within 10 % of the draws around it, which
    moves with every draw where a count moves by steps.
    """
    gained = np.sort(target - values if falls else values - target)[::-1]
    needed = max(int(np.ceil(probability * len(gained) - 1e-9)), 1)
    is_met = np.count_nonzero(reached(values, target, falls)) >= needed
    decisive = float(gained[needed - 1])
    # A target is reached within rounding, a hair below it too.
    exact = max(decisive, 0.0) if is_met else decisive
    width = int(_WINDOW * len(gained))
    return exact, float(gained[max(needed - 1 - width, 0) : needed + width].mean())


def with_mix(scenario: Scenario, efforts: list[Effort], x: np.ndarray) -> Scenario:
    """Return the scenario with the goal's levers at efforts ``x``, in force up to the goal's year."""
    own = {effort.lever: effort.setting(part) for effort, part in zip(efforts, x, strict=True)}
    changes = {**scenario.changes, **own}
    return replace(scenario, changes={name: changes[name] for name in levers() if name in changes})


def _values(courses: Courses, baseline: Baseline, goal: Goal) -> np.ndarray:
    at = courses.years.index(goal.year)
    return indicator_draws(baseline, courses)[goal.indicator][:, at]


def _options(
    search: Search,
    efforts: list[Effort],
    chances: Mapping[tuple[float, ...], float],
    scenario: Scenario,
    found: np.ndarray | None,
) -> pd.DataFrame:
    """Return table ``scenario_goal``: the mix, each lever alone, none of them and all at their ends."""
    units = np.eye(len(efforts))
    named = [] if found is None else [(CHEAPEST, found)]
    is_needed = found is None or found.any()
    for unit, effort in zip(units, efforts, strict=True) if is_needed else ():
        is_mix = found is not None and np.array_equal(found > 0, unit > 0)
        alone = found if is_mix else search.single(unit)
        named.append((f"只用{levers()[effort.lever].title}", unit if alone is None else alone))
    named += [(NOTHING, np.zeros(len(efforts))), (ALL, np.ones(len(efforts)))]
    rows = []
    for option, x in named:
        meets = search.meets(x)
        rows.append(
            {
                "scenario": scenario.title,
                "option": option,
                "setting": _printed(efforts, x),
                "cost_yuan": float(search.cost @ x),
                "p_reached": chances[key_of(x)],
                "is_reached": meets,
                "binding": "、".join(
                    levers()[each.lever].title for each, part in zip(efforts, x, strict=True) if part >= 1
                ),
            }
        )
    return declared("scenario_goal", pd.DataFrame(rows, columns=list(TABLES["scenario_goal"].columns)))


def _printed(efforts: list[Effort], x: np.ndarray) -> str:
    used = [(effort, part) for effort, part in zip(efforts, x, strict=True) if part > 0]
    return "；".join(
        f"{levers()[e.lever].title} {levers()[e.lever].printed(e.setting(part))}" for e, part in used
    )


def _note(goal: Goal, found: np.ndarray | None, chance: float) -> str:
    wanted = f"{goal.probability:.0%}"
    if found is None:
        return f"全部用足也达不到：可能性最高 {chance:.1%}，要求 {wanted}"
    if not found.any():
        return f"不用这些杠杆，可能性已有 {chance:.1%}，达到要求的 {wanted}"
    return ""
