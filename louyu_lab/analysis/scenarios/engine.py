"""The first engine: plain arithmetic, year by year, without chance.

For each year t after the base year
    absorbed   what is let of the marketable vacancy, never more than is left of it
    supplied   office area of projects opening in t × share counted × rentable ÷ gross
    tax        incumbents × (1 + growth) + area let anew × mean yield × yield ratio × registration ratio
Occupied and vacant area add up to the rentable area in every year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline import Baseline
from louyu_lab.analysis.scenarios.files import Scenario, ScenarioError
from louyu_lab.analysis.scenarios.levers import Setting, levers
from louyu_lab.ledgers.texts import nearest

#: Column of the buildings by which the scope of absorption is told -> its lever.
_SCOPES = {"street": "absorption_streets", "grade": "absorption_grades"}

#: Levers that say nothing without the tax of the buildings.
_OF_TAX = ("new_tenant_yield_ratio", "new_tenant_registration_rate", "incumbent_growth_rate")


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to.

    ``paths`` has a row a year from the base year on, all against the base year: ``year``,
    ``absorbed_sqm`` (let of today's vacancy, cumulative), ``asked_sqm`` (what the scenario asked for in
    that year alone), ``taken_sqm`` (what there was of it), ``gross_added_sqm, rentable_added_sqm,
    let_added_sqm`` (new buildings, cumulative), ``growth`` (incumbents' tax ÷ the base year's) and
    ``new_tax_yuan`` (from area let anew). ``absorbed`` is the absorbed area by building at the end.
    """

    title: str
    paths: pd.DataFrame
    absorbed: pd.Series


def project(baseline: Baseline, scenario: Scenario | None = None) -> Outcome:
    """Carry the baseline forward under a scenario; None is the baseline itself.

    Raises ScenarioError naming everything in the scenario that the baseline does not allow: a year
    beyond the horizon, an unknown street or grade, a lever whose base value nobody knows.
    """
    changes = scenario.changes if scenario else {}
    if scenario and (problems := _problems(baseline, changes)):
        raise ScenarioError(scenario.file, problems)
    left = _in_scope(baseline, changes).astype("float64")
    whole = left.copy()
    rows = [_row(baseline.year)]
    for year in baseline.years:
        asked = _asked(changes, year, float(left.sum()))
        taken = min(asked, float(left.sum()))
        left = left * (1.0 - taken / left.sum()) if taken > 0 else left
        rows.append(_next(rows[-1], baseline, changes, year, asked, taken))
    return Outcome(scenario.title if scenario else "基准", pd.DataFrame(rows), whole - left)


def _row(year: int) -> dict[str, float]:
    zeros = dict.fromkeys(("absorbed_sqm", "asked_sqm", "taken_sqm"), 0.0)
    added = dict.fromkeys(("gross_added_sqm", "rentable_added_sqm", "let_added_sqm"), 0.0)
    return {"year": year, **zeros, **added, "growth": 1.0, "new_tax_yuan": 0.0}


def _next(
    before: Mapping[str, float],
    baseline: Baseline,
    changes: Mapping[str, Setting],
    year: int,
    asked: float,
    taken: float,
) -> dict[str, float]:
    """Return the row of ``year`` from that of the year before."""
    office = _opening(baseline, changes, year)
    rentable = office * baseline.rentable_rate if office else 0.0
    let = rentable * _in_year(changes, "supply_let_rate", year, levers()["supply_let_rate"].value)
    return {
        "year": year,
        "absorbed_sqm": before["absorbed_sqm"] + taken,
        "asked_sqm": asked,
        "taken_sqm": taken,
        "gross_added_sqm": before["gross_added_sqm"] + office,
        "rentable_added_sqm": before["rentable_added_sqm"] + rentable,
        "let_added_sqm": before["let_added_sqm"] + let,
        "growth": before["growth"] * _growth(baseline, changes, year),
        "new_tax_yuan": before["new_tax_yuan"] + (taken + let) * _new_yield(baseline, changes, year),
    }


def _in_year(changes: Mapping[str, Setting], lever: str, year: int, default: float) -> float:
    """Return a lever's value in a year; a year that a scenario does not name keeps the default."""
    setting = changes.get(lever, default)
    return float(setting.get(year, default) if isinstance(setting, Mapping) else setting)


def _in_scope(baseline: Baseline, changes: Mapping[str, Setting]) -> pd.Series:
    """Return the marketable vacancy (㎡) by building, of the streets and grades the scenario names."""
    rows = baseline.space
    for column, lever in _SCOPES.items():
        if lever in changes:
            rows = rows[rows[column].isin(list(changes[lever]))]
    return rows.set_index("building_id")["marketable_sqm"]


def _asked(changes: Mapping[str, Setting], year: int, left_sqm: float) -> float:
    share = _in_year(changes, "absorption_rate", year, 0.0)
    return _in_year(changes, "absorption_sqm", year, 0.0) + share * left_sqm


def _opening(baseline: Baseline, changes: Mapping[str, Setting], year: int) -> float:
    """Return the office area (㎡) that opens in ``year``; projects already due open in the first year."""
    share = _in_year(changes, "supply_rate", year, 0.0)
    delay = _in_year(changes, "supply_delay_years", year, 0.0)
    opens = np.maximum(baseline.supply["planned_completion_year"], baseline.year + 1) + delay
    return share * float(baseline.supply.loc[opens == year, "office_area_sqm"].sum())


def _growth(baseline: Baseline, changes: Mapping[str, Setting], year: int) -> float:
    """Return the incumbents' tax of ``year`` ÷ that of the year before."""
    path = baseline.tax_growth
    before = path.get(year - 1, 1.0)
    own = path[year] / before if before > 0 else 1.0
    return 1.0 + _in_year(changes, "incumbent_growth_rate", year, own - 1.0)


def _new_yield(baseline: Baseline, changes: Mapping[str, Setting], year: int) -> float:
    """Return the yearly tax of a ㎡ let in ``year`` (元/㎡), at the base year's level; 0 where none is known.

    Registration counts as scenario ÷ base, since the observed yield already holds today's rate.
    """
    if not np.isfinite(baseline.mean_yield_yuan_sqm):
        return 0.0
    ratio = _in_year(changes, "new_tenant_yield_ratio", year, baseline.yield_ratio)
    base = baseline.registration_rate
    registered = 1.0
    if "new_tenant_registration_rate" in changes:
        registered = _in_year(changes, "new_tenant_registration_rate", year, base) / base
    return baseline.mean_yield_yuan_sqm * ratio * registered


def _problems(baseline: Baseline, changes: Mapping[str, Setting]) -> list[str]:
    problems = []
    first, last = baseline.year + 1, baseline.year + len(baseline.tax_growth)
    for name, setting in changes.items():
        if isinstance(setting, Mapping):
            beyond = "、".join(str(year) for year in sorted(setting) if not first <= year <= last)
            if beyond:
                problems.append(f"{levers()[name].title}写到 {beyond} 年，只能写 {first}—{last} 年")
    for column, name in _SCOPES.items():
        held = sorted(set(baseline.space[column].dropna()))
        for wanted in changes.get(name, ()):
            if wanted not in held:
                listed = "、".join(held) or "无"
                problems.append(
                    f"{levers()[name].title}：台账里没有“{wanted}”{nearest(wanted, held)}；有{listed}"
                )
    return problems + _unknown_bases(baseline, changes)


def _unknown_bases(baseline: Baseline, changes: Mapping[str, Setting]) -> list[str]:
    """Say which levers cannot be moved because the ledgers do not tell where they stand."""
    problems = []
    if "occupancy_rate" not in baseline.sums and {"absorption_sqm", "absorption_rate"} & set(changes):
        problems.append("没有入驻数据，能消化多少空置无从计算")
    if "tax_yuan" not in baseline.sums:
        problems += [f"没有税收数据，{levers()[name].title}无从计算" for name in _OF_TAX if name in changes]
    if "new_tenant_registration_rate" in changes and not baseline.registration_rate > 0:
        problems.append("台账没有注册情况，新入驻企业注册率无从比较")
    if "supply_rate" in changes and not len(baseline.supply):
        problems.append("没有写明竣工年和办公占比的在建项目，在建项目投用比例无从计算")
    if "supply_rate" in changes and not {"rentable_area_sqm", "gross_area_sqm"} <= set(baseline.sums):
        problems.append("没有可租售面积，在建项目的可租售面积无从推算")
    return problems
