"""目标倒推: the cheapest mix of levers that reaches a target in its year with a stated probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.answers.cheapest import Judged, Search, key_of
from louyu_lab.analysis.scenarios.answers.goal_units import (
    Effort,
    effort_of,
    ends_beside,
    goal_problems,
)
from louyu_lab.analysis.scenarios.answers.indicator_draws import indicator_draws
from louyu_lab.analysis.scenarios.answers.money import money
from louyu_lab.analysis.scenarios.answers.spread import reached
from louyu_lab.analysis.scenarios.levers.scenario import ScenarioError
from louyu_lab.analysis.scenarios.levers.schema import levers

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.analysis.scenarios.engine.courses import Courses
    from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario
    from louyu_lab.analysis.scenarios.levers.setting import Setting

#: Most evaluations of the simulation.
EVALUATIONS = 200

#: Draws on each side of the one that decides, over which the smooth margin is a mean; share of all draws.
_WINDOW = 0.1

CHEAPEST, NOTHING, ALL = "最省组合", "都不用", "全部用足"


@dataclass(frozen=True)
class GoalAnswer:
    """The answer to a goal.

    ``is_reached`` whether any mix within the bounds reaches it; then ``mix`` lever → value in stored units
    is the cheapest found, of the levers it moves, and ``cost_yuan`` its cost, else ``mix`` is every lever at
    its end. ``settings`` is the mix as a scenario would set it. ``p_reached`` is the share of draws that mix
    reaches. ``binding`` levers at the end of their bounds. ``options`` the rows of table ``scenario_goal``;
    ``evaluations`` how many simulations it took. ``note`` in Chinese.
    """

    title: str
    goal: Goal
    is_reached: bool
    mix: Mapping[str, float]
    settings: Mapping[str, Setting]
    cost_yuan: float
    p_reached: float
    binding: tuple[str, ...]
    options: pd.DataFrame
    evaluations: int
    note: str


def goal_seek(run: Callable[[Scenario], Courses], baseline: Baseline, scenario: Scenario) -> GoalAnswer:
    """Return the cheapest mix of the goal's levers, on top of what the scenario changes anyhow.

    ``run`` simulates a scenario on shared random numbers. A lever's effort runs from where it rests today to
    a bound of its own (``goal_units``); where it rests between the two, to the one that serves the goal
    better. A mix costs what ``money`` says of the scenario with it, less what it says without, the mean of
    the draws over all simulated years. The target counts as reached with probability p if at least that share
    of the draws reaches it. Raises ScenarioError with every reason where a cost or bound is missing or the
    goal cannot be simulated.
    """
    problems = goal_problems(baseline, scenario)
    if problems or scenario.goal is None:
        raise ScenarioError(scenario.file, problems or ["没有写 goal（目标倒推）"])
    goal, trials = scenario.goal, _Trials(run, baseline, scenario, scenario.goal)
    efforts = [trials.toward(name) for name in goal.bounds]
    chances: dict[tuple[float, ...], float] = {}

    def judge(x: np.ndarray) -> Judged:
        judged, chances[key_of(x)] = trials.of(efforts, x)
        return judged

    search = Search(len(efforts), judge, EVALUATIONS)
    found = search.cheapest()
    best = np.ones(len(efforts)) if found is None else found
    chance = chances[key_of(best)]
    options = _options(search, efforts, chances, scenario, found)
    moved = [(effort, part) for effort, part in zip(efforts, best, strict=True) if part > 0]
    return GoalAnswer(
        title=scenario.title,
        goal=goal,
        is_reached=found is not None,
        mix={effort.lever: effort.value(part) for effort, part in moved},
        settings={effort.lever: effort.setting(part) for effort, part in moved},
        cost_yuan=search.at(best).cost,
        p_reached=chance,
        binding=tuple(effort.lever for effort, part in moved if part >= 1 - 1e-9),
        options=options,
        evaluations=len(search.seen),
        note=_note(goal, found, chance),
    )


@dataclass(frozen=True)
class _Trials:
    """Mixes simulated and priced against the baseline, on top of what the scenario costs by itself."""

    run: Callable[[Scenario], Courses]
    baseline: Baseline
    scenario: Scenario
    goal: Goal

    @cached_property
    def before(self) -> Courses:
        """The baseline's courses."""
        return self.run(replace(self.scenario, changes={}))

    @cached_property
    def own_yuan(self) -> float:
        """What the scenario costs without any of the goal's levers."""
        return self._paid(self.scenario, self.run(self.scenario))

    def of(self, efforts: Sequence[Effort], x: np.ndarray) -> tuple[Judged, float]:
        """Return what the efforts ``x`` come to, and the share of draws that reach the target."""
        goal, mixed = self.goal, with_mix(self.scenario, efforts, x)
        after = self.run(mixed)
        falls = indicator_catalogue()[goal.indicator].falls
        at = after.years.index(goal.year)
        values = indicator_draws(self.baseline, after)[goal.indicator][:, at]
        margin = margins(values, goal.target, goal.probability, falls)
        cost = self._paid(mixed, after) - self.own_yuan
        return Judged(*margin, cost), float(reached(values, goal.target, falls).mean())

    def toward(self, name: str) -> Effort:
        """Return the effort of a lever to the bound that serves the goal better."""
        ends = ends_beside(self.baseline, self.goal, name)
        ways = [effort_of(self.baseline, self.goal, name, end) for end in ends]
        if len(ways) == 1:
            return ways[0]
        return max(ways, key=lambda way: self.of([way], np.ones(1))[0].smooth)

    def _paid(self, scenario: Scenario, after: Courses) -> float:
        found = money(self.baseline, scenario, self.before, after)
        return float(found.cost_yuan.sum(axis=1).mean())


def margins(values: np.ndarray, target: float, probability: float, falls: bool) -> tuple[float, float]:
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


def with_mix(scenario: Scenario, efforts: Sequence[Effort], x: np.ndarray) -> Scenario:
    """Return the scenario with the goal's levers at efforts ``x``; those at 0 are left alone."""
    own = {effort.lever: effort.setting(part) for effort, part in zip(efforts, x, strict=True) if part > 0}
    changes = {**scenario.changes, **own}
    return replace(scenario, changes={name: changes[name] for name in levers() if name in changes})


def _options(
    search: Search,
    efforts: Sequence[Effort],
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
                "cost_yuan": search.at(x).cost,
                "p_reached": chances[key_of(x)],
                "is_reached": meets,
                "binding": "、".join(
                    levers()[each.lever].title for each, part in zip(efforts, x, strict=True) if part >= 1
                ),
            }
        )
    return declared("scenario_goal", pd.DataFrame(rows, columns=list(TABLES["scenario_goal"].columns)))


def _printed(efforts: Sequence[Effort], x: np.ndarray) -> str:
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
