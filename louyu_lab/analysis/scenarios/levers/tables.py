"""Tables of the levers: what each is, and what each scenario makes of it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.quantities import printed_cost
from louyu_lab.analysis.scenarios.levers.ranges import default_text, extrapolation
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.schema import levers


def lever_table(baseline: Baseline | None = None) -> pd.DataFrame:
    """Return table ``scenario_levers``, by theme: each lever's range, form, default, provenance.

    With a ``baseline`` defaults stand in its own figures.
    """
    rows = [
        {
            "theme": lever.theme,
            "lever": lever.name,
            "title": lever.title,
            "allowed": lever.range_zh,
            "form": lever.form_zh,
            "default": default_text(lever, baseline),
            "meaning": lever.meaning,
            "provenance": f"{lever.provenance}：{lever.source}",
        }
        for lever in levers().values()
    ]
    return declared("scenario_levers", pd.DataFrame(rows).astype("str"))


def scenario_changes(scenarios: Sequence[Scenario], baseline: Baseline | None = None) -> pd.DataFrame:
    """Return table ``scenario_changes``: what each scenario does otherwise, lever by lever: 基准 → 情景.

    ``default`` what holds in the baseline, ``setting`` what the scenario sets, with its unit cost;
    ``provenance`` 用户, marked 外推 where the value lies outside the past of ``baseline``.
    """
    rows = []
    for scenario in scenarios:
        for name, setting in scenario.changes.items():
            lever = levers()[name]
            cost = scenario.costs.get(name)
            priced = "" if cost is None else f"；单价 {printed_cost(lever.cost_unit, cost)}"
            mark = "" if baseline is None else extrapolation(lever, setting, baseline)
            rows.append(
                {
                    "scenario": scenario.title,
                    "lever": name,
                    "title": lever.title,
                    "default": default_text(lever, baseline),
                    "setting": lever.printed(setting) + priced,
                    "provenance": f"用户；{mark}" if mark else "用户",
                }
            )
    columns = list(TABLES["scenario_changes"].columns)
    return declared("scenario_changes", pd.DataFrame(rows, columns=columns).astype("str"))
