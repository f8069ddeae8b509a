"""The tables of the scenarios: what they change, and what they come to beside baseline and targets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import codes_by_name, indicator_catalogue
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.baseline import Baseline
from louyu_lab.analysis.scenarios.engine import Outcome, project
from louyu_lab.analysis.scenarios.files import Scenario
from louyu_lab.analysis.scenarios.levers import levers


def scenario_table(baseline: Baseline, outcomes: Sequence[Outcome], targets: pd.DataFrame) -> pd.DataFrame:
    """Return table ``scenarios``: each judged indicator by scenario and year, from the base year on.

    ``baseline`` the value if nothing is done, ``value`` under the scenario, ``change`` their difference;
    ``target`` that of ``targets`` (the ledgers') for the very year, ``gap`` = value − target. ``outcomes``
    are those of the scenarios, without the baseline's own.
    """
    if not outcomes:
        return declared("scenarios", _empty("scenarios"))
    unchanged = _values(baseline, project(baseline)).rename(columns={"value": "baseline"})
    parts = [
        _values(baseline, outcome).merge(unchanged, on=["indicator", "year"]).assign(scenario=outcome.title)
        for outcome in outcomes
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table.merge(_aims(targets), on=["indicator", "year"], how="left")
    catalogue = indicator_catalogue()
    table = table.assign(
        name_zh=table["indicator"].map({code: spec.zh for code, spec in catalogue.items()}),
        unit=table["indicator"].map({code: spec.unit for code, spec in catalogue.items()}),
        change=table["value"] - table["baseline"],
        gap=table["value"] - table["target"],
    )
    return declared("scenarios", table)


def scenario_changes(scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """Return table ``scenario_changes``: what each scenario does otherwise, lever by lever."""
    rows = [
        {
            "scenario": scenario.title,
            "lever": name,
            "title": levers()[name].title,
            "setting": levers()[name].printed(setting),
            "default": levers()[name].default,
            "provenance": "用户",
        }
        for scenario in scenarios
        for name, setting in scenario.changes.items()
    ]
    return declared("scenario_changes", pd.DataFrame(rows) if rows else _empty("scenario_changes"))


def _values(baseline: Baseline, outcome: Outcome) -> pd.DataFrame:
    """Return ``indicator, year, value``: the base year's numerator and denominator with what is added."""
    paths = outcome.paths
    let = paths["absorbed_sqm"] + paths["let_added_sqm"]
    gross, rentable = paths["gross_added_sqm"], paths["rentable_added_sqm"]
    taxed = {code: top * paths["growth"] + paths["new_tax_yuan"] for code, (top, _) in baseline.sums.items()}
    added = {
        "gross_area_sqm": lambda top, low: top + gross,
        "rentable_area_sqm": lambda top, low: top + rentable,
        "occupancy_rate": lambda top, low: (top + let) / (low + rentable),
        "vacancy_rate": lambda top, low: (top + rentable - let) / (low + rentable),
        "tax_yuan": lambda top, low: taxed["tax_yuan"],
        "tax_per_sqm_yuan": lambda top, low: taxed["tax_per_sqm_yuan"] / (low + gross),
        "tax_per_occupied_yuan_sqm": lambda top, low: taxed["tax_per_occupied_yuan_sqm"] / (low + let),
    }
    parts = [
        pd.DataFrame({"indicator": code, "year": paths["year"], "value": added[code](*sums)})
        for code, sums in baseline.sums.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _aims(targets: pd.DataFrame) -> pd.DataFrame:
    """Return ``indicator, year, target``, one row each; names that nobody knows are left to chapter 02."""
    codes = targets["indicator"].map(codes_by_name()).astype("str")
    aims = targets.assign(indicator=codes)[["indicator", "year", "target"]].dropna()
    aims = aims.astype({"indicator": "str", "year": "int64", "target": "float64"})
    return aims.drop_duplicates(["indicator", "year"])


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(TABLES[name].columns))
