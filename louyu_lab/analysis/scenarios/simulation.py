"""Simulating a scenario: the one way in for notebooks, the command line and anybody's own script."""

from __future__ import annotations

from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine import Tape, make_tape
from louyu_lab.analysis.scenarios.levers.places import unknown_places
from louyu_lab.analysis.scenarios.levers.scenario import Scenario, ScenarioError

#: What the baseline itself is called.
BASELINE_ZH = "基准"


def simulate(
    baseline: Baseline,
    scenario: Scenario | None = None,
    *,
    draws: int = 2000,
    seed: int = 0,
    jobs: int = 1,
) -> Outcome:
    """Return what a scenario comes to; None is the baseline.

    The same ``seed`` gives every scenario the same random numbers, whatever ``jobs`` (threads). The areas of
    the first draws are the same whatever ``draws``; tax takes its place among all draws of chapter 04's
    forecast, so that one draw's depends on their number. Raises ScenarioError for what the baseline does not
    allow.
    """
    return play(make_tape(baseline, draws, seed, jobs), scenario)


def play(tape: Tape, scenario: Scenario | None = None) -> Outcome:
    """Return what a scenario comes to on random numbers already drawn; as ``simulate``."""
    if scenario and (problems := unknown_places(tape.baseline, scenario)):
        raise ScenarioError(scenario.file, problems)
    title = scenario.title if scenario else BASELINE_ZH
    return Outcome(title, scenario, tape.baseline, tape.run(scenario))
