"""Everything that is asked of one scenario, computed once and only when somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.scenarios.answers.comparing import Comparison, compare
from louyu_lab.analysis.scenarios.answers.legal import legal_warning
from louyu_lab.analysis.scenarios.answers.money import Money, money
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.answers.spread import reached
from louyu_lab.analysis.scenarios.answers.sweep import sweep_table
from louyu_lab.analysis.scenarios.answers.tornado import tornado
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine import Tape, make_tape
from louyu_lab.analysis.scenarios.levers.ranges import marks
from louyu_lab.analysis.scenarios.levers.scenario import Scenario, ScenarioError
from louyu_lab.analysis.scenarios.simulation import play

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.answers.goal import GoalAnswer

#: Goal seek and tornado simulate many times over: so many draws at most serve each time, as in the study's
#: own chapter, so that both find one mix. The tornado tells means of differences within a draw, which few
#: draws tell well; the mix found is tried on all draws.
QUICK_DRAWS = 250


#: The figures told of every scenario, whether or not there is a target for them.
KEY = ("occupancy_rate", "tax_yuan", "yi_buildings")


@dataclass(frozen=True)
class Answer:
    """What one scenario comes to beside the baseline, or beside another scenario (``against``).

    ``base`` is the baseline's outcome; all outcomes share the random numbers of ``tape``.
    """

    base: Outcome
    after: Outcome
    against: Outcome | None
    tape: Tape

    @property
    def before(self) -> Outcome:
        """What the scenario is compared with."""
        return self.against or self.base

    @property
    def scenario(self) -> Scenario:
        """The scenario asked about."""
        assert self.after.scenario is not None
        return self.after.scenario

    @property
    def outcomes(self) -> list[Outcome]:
        """The scenarios computed, the one asked about last."""
        return [outcome for outcome in (self.against, self.after) if outcome]

    @property
    def changes(self) -> bool:
        """Whether anything is compared: a file that only sweeps or seeks changes nothing by itself."""
        return bool(self.scenario.changes) or self.against is not None

    @cached_property
    def compared(self) -> Comparison:
        """The scenario against what it is compared with."""
        return compare(self.before, self.after)

    @cached_property
    def monies(self) -> list[Money]:
        """Additional tax and cost of every scenario against the baseline; none where nobody knows a tax."""
        if "tax_yuan" not in self.base.draws:
            return []
        return [
            money(outcome.baseline, outcome.scenario, self.base.courses, outcome.courses)
            for outcome in self.outcomes
            if outcome.scenario and outcome.scenario.changes
        ]

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """Lever → why its value lies beyond the district's own record (外推)."""
        return marks(dict(self.scenario.changes), self.after.baseline)

    @cached_property
    def legal(self) -> str:
        """The legal warning that goes with the scenarios, "" where none touches the regulation."""
        return legal_warning([outcome.scenario for outcome in self.outcomes])

    @cached_property
    def sweep(self) -> pd.DataFrame:
        """Table ``scenario_sweep``; empty where the file asks for none."""
        baseline = self.after.baseline
        told = list(dict.fromkeys([*KEY, *baseline.targets["indicator"]]))
        return sweep_table(self.tape.run, self.scenario, baseline, told)

    @cached_property
    def tornado(self) -> pd.DataFrame:
        """Table ``scenario_tornado``; empty where the scenario changes nothing."""
        plain = replace(self.scenario, sweep=None, goal=None)
        return tornado(self._quick.run, self.after.baseline, plain)

    @cached_property
    def goal(self) -> GoalAnswer | None:
        """The cheapest mix; None where the file has no goal.

        Raises ScenarioError where none can be sought.
        """
        if self.scenario.goal is None:
            return None
        # The search loads an optimiser, which no other question needs.
        from louyu_lab.analysis.scenarios.answers.goal import goal_seek

        return goal_seek(self._quick.run, self.after.baseline, self.scenario)

    @cached_property
    def goal_chance(self) -> float:
        """Share of all draws that reach the goal with the mix found, which fewer draws were sought by."""
        found, scenario = self.goal, self.scenario
        assert found is not None
        goal = found.goal
        changes = {**scenario.changes, **found.settings}
        mixed = play(self.tape, replace(scenario, changes=changes, sweep=None, goal=None))
        values = mixed.draws[goal.indicator][:, mixed.courses.years.index(goal.year)]
        return float(reached(values, goal.target, indicator_catalogue()[goal.indicator].falls).mean())

    @cached_property
    def _quick(self) -> Tape:
        """The tape of fewer draws."""
        if self.tape.draws <= QUICK_DRAWS:
            return self.tape
        return make_tape(self.tape.baseline, QUICK_DRAWS, self.tape.seed)


def answer(
    baseline: Baseline,
    scenario: Scenario,
    against: Scenario | None = None,
    *,
    draws: int = 2000,
    seed: int = 0,
    jobs: int = 1,
) -> Answer:
    """Simulate a scenario beside the baseline and, where given, beside another scenario.

    Raises ScenarioError for what the baseline does not allow, in either, and for two of one title: their
    rows could not be told apart.
    """
    if against and against.title == scenario.title:
        raise ScenarioError(scenario.file, [f"标题与 {against.file} 相同（“{scenario.title}”），请改一个"])
    tape = make_tape(baseline, draws, seed, jobs)
    after = play(tape, scenario)
    other = play(tape, against) if against else None
    return Answer(play(tape), after, other, tape)
