"""The published tables of chapter 06: outcomes of all scenarios beside the baseline's."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.answers.comparing import compare
from louyu_lab.analysis.scenarios.answers.gap_causes import gap_since_base, gaps_to_targets
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.levers.scenario import Scenario

#: Indicators of table ``scenarios``; others stand in it where there is a target for them.
SHOWN = (
    *("gross_area_sqm", "rentable_area_sqm", "occupancy_rate", "vacancy_rate", "net_absorption_sqm"),
    *("registration_rate", "taxpayer_rate", "yi_buildings", "tax_yuan", "tax_per_sqm_yuan"),
    "tax_per_occupied_yuan_sqm",
)


def scenario_table(base: Outcome, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return table ``scenarios``: a row a scenario, indicator and year simulated, in the indicator's unit.

    ``base`` is the outcome with nothing changed: ``baseline`` its median. ``median, lo80, hi80`` are the
    scenario's, ``change`` the median of its difference from the baseline within a draw, with the difference's
    own interval; ``target`` and ``p_reached`` where the year has a target.
    """
    parts = [_against(base, outcome) for outcome in outcomes]
    empty = pd.DataFrame(columns=list(TABLES["scenarios"].columns))
    return declared("scenarios", pd.concat(parts, ignore_index=True) if parts else empty)


def target_table(base: Outcome, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return table ``targets_probability``: a row a scenario and target, the baseline's own first.

    ``p_baseline`` is the chance if nothing is changed; the rest as in ``Outcome.targets``.
    """
    alone = base.targets[["indicator", "year", "p_reached"]].rename(columns={"p_reached": "p_baseline"})
    parts = [
        outcome.targets.merge(alone, on=["indicator", "year"]).assign(scenario=outcome.title)
        for outcome in (base, *outcomes)
    ]
    return declared("targets_probability", pd.concat(parts, ignore_index=True))


def path_table(base: Outcome, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return table ``scenario_paths``: the fans of the indicators of ``SHOWN``, the baseline's first."""
    parts = []
    for outcome in (base, *outcomes):
        rows = outcome.paths[outcome.paths["indicator"].isin(SHOWN)]
        parts.append(_named(rows).assign(scenario=outcome.title))
    return declared("scenario_paths", pd.concat(parts, ignore_index=True))


def building_table(base: Outcome, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return table ``scenario_buildings``: the buildings whose tier each scenario changes."""
    parts = [compare(base, outcome).buildings.assign(scenario=outcome.title) for outcome in outcomes]
    empty = pd.DataFrame(columns=list(TABLES["scenario_buildings"].columns))
    return declared("scenario_buildings", pd.concat(parts, ignore_index=True) if parts else empty)


def gap_table(base: Outcome, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return table ``scenario_gap``: what makes the growth, the distance to targets and the difference."""
    parts = []
    for outcome in (base, *outcomes):
        own = [gap_since_base(outcome, outcome.courses.years[-1]), gaps_to_targets(outcome)]
        if outcome is not base:
            own.append(compare(base, outcome).gap)
        parts += [part.assign(scenario=outcome.title) for part in own if len(part)]
    empty = pd.DataFrame(columns=list(TABLES["scenario_gap"].columns))
    return declared("scenario_gap", pd.concat(parts, ignore_index=True) if parts else empty)


def most_moving(table: pd.DataFrame, outcomes: Sequence[Outcome], number: int = 3) -> list[Scenario]:
    """Return the scenarios that change tax most in the last year by table ``scenarios``, the most first.

    Where no tax is known, it is the occupancy that counts.
    """
    last = table[table["year"] == table["year"].max()]
    code = "tax_yuan" if (last["indicator"] == "tax_yuan").any() else "occupancy_rate"
    change = last[last["indicator"] == code].set_index("scenario")["change"].abs()
    chosen = change[change > 0].sort_values(ascending=False, kind="stable").index[:number]
    by_title = {outcome.title: outcome.scenario for outcome in outcomes}
    return [by_title[title] for title in chosen]


def _against(base: Outcome, outcome: Outcome) -> pd.DataFrame:
    wanted = {*SHOWN, *outcome.targets["indicator"]}
    paired = compare(base, outcome).paths
    paired = paired[paired["indicator"].isin(wanted)]
    paired = paired.rename(
        columns={
            "median_before": "baseline",
            "median": "change",
            "lo80": "change_lo80",
            "hi80": "change_hi80",
        }
    )
    own = outcome.paths[["indicator", "year", "median", "lo80", "hi80"]]
    aims = outcome.targets[["indicator", "year", "target", "p_reached"]]
    table = paired.merge(own, on=["indicator", "year"]).merge(aims, on=["indicator", "year"], how="left")
    return table.assign(scenario=outcome.title)[list(TABLES["scenarios"].columns)]


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    catalogue = indicator_catalogue()
    return rows.assign(
        name_zh=rows["indicator"].map({code: spec.zh for code, spec in catalogue.items()}),
        unit=rows["indicator"].map({code: spec.unit for code, spec in catalogue.items()}),
    )
