"""扫描: one lever over several values, the rest of the scenario as it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.answers.indicator_draws import indicator_draws
from louyu_lab.analysis.scenarios.answers.spread import reached, summed_up
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Clause

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.analysis.scenarios.engine.courses import Courses
    from louyu_lab.analysis.scenarios.levers.scenario import Scenario


#: Indicators shown whether or not they have a target.
ALWAYS = ("tax_yuan", "yi_buildings")


def sweep_table(
    run: Callable[[Scenario], Courses],
    scenario: Scenario,
    baseline: Baseline,
    indicators: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return table ``scenario_sweep``: a row a swept value, indicator and year, values in the order written.

    The years of an indicator are those of its targets within the horizon, the scenario's own goal among
    them (it takes the place of a target of its year), and the last one. ``indicators``
    codes; by default tax, the number of 亿元楼 and those with a target, of these the ones that the lever
    moves. What is not simulated is left out. ``p_reached`` NaN without a target. The swept lever replaces
    what the scenario says of it and of levers it excludes; the same random numbers serve every value. Empty
    without a sweep.
    """
    columns = list(TABLES["scenario_sweep"].columns)
    if scenario.sweep is None:
        return declared("scenario_sweep", pd.DataFrame(columns=columns))
    name, values = scenario.sweep
    made = {
        value: indicator_draws(baseline, run(swept(scenario, name, value))) for value in dict.fromkeys(values)
    }
    first, *others = made.values()
    aim = {scenario.goal.indicator} if scenario.goal else set()
    wanted = {*ALWAYS, *aim, *baseline.targets["indicator"]} if indicators is None else set(indicators)
    codes = [code for code in first if code in wanted]
    if indicators is None and others:
        codes = [
            code
            for code in codes
            if any(not np.array_equal(first[code], draws[code], equal_nan=True) for draws in others)
        ]
    rows = [
        row
        for value, draws in made.items()
        for code in codes
        for row in _rows(scenario, name, value, code, draws[code], baseline)
    ]
    return declared("scenario_sweep", pd.DataFrame(rows, columns=columns))


def swept(scenario: Scenario, name: str, value: float) -> Scenario:
    """Return the scenario with one lever at one value in every year and place."""
    rivals = {name, *levers()[name].excludes}
    changes = {lever: setting for lever, setting in scenario.changes.items() if lever not in rivals}
    changes[name] = (Clause(value),)
    ordered = {lever: changes[lever] for lever in levers() if lever in changes}
    return replace(scenario, changes=ordered, sweep=None, goal=None)


def _rows(
    scenario: Scenario, name: str, value: float, code: str, draws: np.ndarray, baseline: Baseline
) -> list[dict[str, object]]:
    """Return the rows of one swept value and indicator; ``draws`` (draws, h)."""
    lever, spec, aims = levers()[name], indicator_catalogue()[code], baseline.targets
    own = aims[(aims["indicator"] == code) & aims["year"].isin(baseline.years)].dropna(subset=["target"])
    points = {int(year): float(target) for year, target in zip(own["year"], own["target"], strict=True)}
    if scenario.goal and scenario.goal.indicator == code and scenario.goal.year in baseline.years:
        points[scenario.goal.year] = scenario.goal.target
    points.setdefault(baseline.years[-1], float("nan"))
    rows = []
    for year, target in sorted(points.items()):
        of_year = draws[:, baseline.years.index(year)]
        summary = summed_up(of_year, spec.unit)
        chance = float(reached(of_year, target, spec.falls).mean())
        rows.append(
            {
                "scenario": scenario.title,
                "lever": name,
                "title": lever.title,
                "setting": lever.printed(value),
                "lever_value": float(value),
                "indicator": code,
                "name_zh": spec.zh,
                "unit": spec.unit,
                "year": year,
                **{column: float(summary[column]) for column in ("median", "lo80", "hi80")},
                "target": target,
                "p_reached": float("nan") if np.isnan(target) else chance,
            }
        )
    return rows
