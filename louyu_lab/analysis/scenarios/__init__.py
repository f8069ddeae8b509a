"""Scenarios: what the district's occupancy and tax would be if something were done otherwise."""

from louyu_lab.analysis.scenarios.baseline import Baseline, baseline_of
from louyu_lab.analysis.scenarios.engine import Outcome, project
from louyu_lab.analysis.scenarios.files import Scenario, ScenarioError, load_scenario, load_scenarios
from louyu_lab.analysis.scenarios.levers import lever_table, levers
from louyu_lab.analysis.scenarios.tables import scenario_changes, scenario_table

__all__ = [
    "Baseline",
    "Outcome",
    "Scenario",
    "ScenarioError",
    "baseline_of",
    "lever_table",
    "levers",
    "load_scenario",
    "load_scenarios",
    "project",
    "scenario_changes",
    "scenario_table",
]
