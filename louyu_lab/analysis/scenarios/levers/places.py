"""Faults of a scenario that only the baseline can tell: years, names, and what the ledgers do not hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import SCOPES, Clause
from louyu_lab.analysis.scenarios.levers.wording import allowed_names
from louyu_lab.ledgers.texts import nearest


def unknown_places(baseline: Baseline, scenario: Scenario) -> list[str]:
    """Return what of a scenario the baseline does not know, in Chinese, each with its line; [] if nothing.

    Years outside the horizon; streets, grades, buildings, industries, tax types and enterprises that are not
    there; levers (changed, swept or sought) that rest on what the ledgers do not hold.
    """
    problems: list[str] = []
    for name, setting in scenario.changes.items():
        lever, where = levers()[name], _where(scenario, name)
        said = _of_clauses(baseline, lever, [part for part in setting if isinstance(part, Clause)])
        if lever.kind == "names":
            names = [part for part in setting if isinstance(part, str)]
            dimension = "enterprises" if "payers" in lever.needs else "buildings"
            said += _unknown(baseline, lever, dimension, names)
        problems += [f"{where}{text}" for text in said]
    for name in _moved(scenario):
        lacking = [NEEDS[need][1] for need in levers()[name].needs if not _holds(baseline, scenario, need)]
        if lacking:
            problems.append(f"{_where(scenario, name)}{levers()[name].title}推演不了：{'，'.join(lacking)}")
    if scenario.goal is not None and scenario.goal.year not in baseline.years:
        problems.append(f"{_where(scenario, 'goal')}目标倒推：{_outside(baseline, [scenario.goal.year])}")
    return list(dict.fromkeys(problems))


def _moved(scenario: Scenario) -> Iterator[str]:
    """Yield every lever that is changed, swept or sought."""
    yield from scenario.changes
    if scenario.sweep is not None:
        yield scenario.sweep[0]
    if scenario.goal is not None:
        yield from scenario.goal.bounds


def _where(scenario: Scenario, name: str) -> str:
    """Return the line of a lever; what the base sets is said to come from there."""
    line = scenario.lines.get(name)
    if line is None and name in scenario.changes:
        return f"基础情景“{scenario.base}”里，" if scenario.base else ""
    if line is None:
        swept = scenario.sweep is not None and scenario.sweep[0] == name
        line = scenario.lines.get("sweep" if swept else "goal")
    return f"第 {line} 行：" if line else ""


def _of_clauses(baseline: Baseline, lever: Lever, clauses: Sequence[Clause]) -> list[str]:
    """Say once a lever which years lie outside, and once a dimension which names are unknown."""
    years = [year for clause in clauses for year in clause.years]
    years += [int(clause.value) for clause in clauses if lever.kind == "year"]
    outside = sorted({year for year in years if year not in baseline.years})
    problems = [f"{lever.title}：{_outside(baseline, outside)}"] if outside else []
    for dimension in SCOPES:
        names = [name for clause in clauses for name in clause.scope.get(dimension, ())]
        problems += _unknown(baseline, lever, dimension, list(dict.fromkeys(names)))
    return problems


def _outside(baseline: Baseline, years: Sequence[int]) -> str:
    first, last = baseline.years[0], baseline.years[-1]
    allowed = f"{first}–{last}" if first < last else str(first)
    return f"{'、'.join(map(str, years))} 年不在推演年份之内（{allowed}）"


def _unknown(baseline: Baseline, lever: Lever, dimension: str, names: Collection[str]) -> list[str]:
    """Say which names are unknown, and which of two buildings of one name cannot be told apart."""
    known, zh = _known(baseline, dimension), {**SCOPES, "enterprises": "企业"}[dimension]
    if dimension == "tax_types" and not known:
        # That the ledgers have no tax types at all is said once, by what the lever needs.
        return []
    allowed = allowed_names(_shown(baseline, dimension, known))
    if dimension == "enterprises" and known:
        allowed = "；能单独推演的是纳税或占用面积较大的企业，写全称或统一社会信用代码"
    unknown = [f"“{name}”{nearest(name, known)}" for name in names if name not in known]
    problems = [f"{lever.title}：没有{zh}{'、'.join(unknown)}{allowed}"] if unknown else []
    if dimension == "buildings":
        called = baseline.buildings["building"]
        problems += [
            f"{lever.title}：叫“{name}”的楼有 {count} 幢（编号 "
            f"{'、'.join(baseline.buildings.loc[called == name, 'building_id'])}），请改写楼宇编号"
            for name in names
            if (count := int((called == name).sum())) > 1
            and name not in set(baseline.buildings["building_id"])
        ]
    return problems


def _known(baseline: Baseline, dimension: str) -> list[str]:
    """Return the names of a dimension that a scenario may use, sorted."""
    buildings, units = baseline.buildings, baseline.units
    alone = units.loc[units["enterprise_id"].fillna("") != ""]
    columns: dict[str, list[pd.Series]] = {
        "streets": [buildings["street"]],
        "grades": [buildings["grade"]],
        "buildings": [buildings["building_id"], buildings["building"]],
        "industries": [units["sector"]],
        "enterprises": [alone["enterprise_id"], alone["enterprise"]],
    }
    if dimension == "tax_types":
        return sorted(baseline.tax_types)
    return sorted({str(name) for column in columns[dimension] for name in column.dropna() if str(name)})


def _shown(baseline: Baseline, dimension: str, known: list[str]) -> list[str]:
    """Return the names a message offers: of buildings, which go by number too, those people use."""
    if dimension != "buildings":
        return known
    return sorted({str(name) for name in baseline.buildings["building"].dropna() if str(name)})


def _any(values: pd.Series) -> bool:
    """Whether any of the amounts is known and above 0."""
    return bool((values.fillna(0.0) > 0).any())


#: What a lever may need of the ledgers -> whether the baseline has it, and what is said where it has not.
NEEDS: Mapping[str, tuple[Callable[[Baseline], bool], str]] = {
    "area": (
        lambda baseline: bool(
            baseline.buildings[["rentable_area_sqm", "occupied_area_sqm"]].notna().all(axis=1).any()
        ),
        "台账没有可租售面积或入驻面积",
    ),
    "tax": (
        lambda baseline: _any(baseline.units["tax_yuan"]) or _any(baseline.buildings["tax_yuan"]),
        "台账没有楼宇税收",
    ),
    "unmarketable": (
        lambda baseline: _any(baseline.buildings["unmarketable_area_sqm"]),
        "运营台账没有不可招商面积",
    ),
    "supply": (lambda baseline: len(baseline.supply) > 0, "没有在建台账，或其中没有未竣工的项目"),
    "rent": (
        lambda baseline: _any(baseline.buildings["asking_rent_yuan"]),
        "运营台账没有报价租金，补贴带来多少新租推不出来；可改写 deadweight_rate（无谓补贴比例）",
    ),
    "registration": (
        lambda baseline: bool(np.isfinite(baseline.registration_rate)),
        "企业台账没有区内注册",
    ),
    "new_registration": (
        lambda baseline: bool(np.isfinite(baseline.entrants.registration_rate)),
        "企业台账没有新入驻企业的区内注册",
    ),
    "tax_types": (
        lambda baseline: bool(baseline.tax_types),
        "税收台账没有分税种；可改用 tax_factor（税收倍数）",
    ),
    "payers": (
        lambda baseline: bool((baseline.units["enterprise_id"].fillna("") != "").any()),
        "台账没有逐户企业",
    ),
}


def _holds(baseline: Baseline, scenario: Scenario, need: str) -> bool:
    # The share that would have come anyway takes the place of the response to the rent.
    given = need == "rent" and "deadweight_rate" in scenario.changes
    return given or NEEDS[need][0](baseline)
