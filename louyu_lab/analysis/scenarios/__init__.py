"""Scenarios: what the district's occupancy and tax would be if something were done otherwise."""

from louyu_lab.analysis.scenarios.answers.comparing import Comparison, compare
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.baseline.stored import load_baseline
from louyu_lab.analysis.scenarios.engine import Courses, Tape, make_tape
from louyu_lab.analysis.scenarios.levers.files import load_scenario, load_scenarios
from louyu_lab.analysis.scenarios.levers.scenario import Scenario, ScenarioError
from louyu_lab.analysis.scenarios.simulation import play, simulate

__all__ = [
    "Baseline", "Comparison", "Courses", "Outcome", "Scenario", "ScenarioError", "Tape", "compare",
    "load_baseline", "load_scenario", "load_scenarios", "make_tape", "play", "simulate",
]  # fmt: skip
