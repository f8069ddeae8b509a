"""Which levers of a scenario matter: each alone, at a lower and at a higher value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.answers.indicator_draws import indicator_draws, without_rounding
from louyu_lab.analysis.scenarios.answers.lever_ends import ends_of, prior_ends
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Setting

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.engine.courses import Courses

#: Indicators a tornado is drawn for unless others are asked for.
INDICATORS = ("tax_yuan", "yi_buildings")

#: The last row: what the levers do together beyond the sum of what each does alone.
INTERACTION = "各杠杆的交互"

_Changes = Mapping[str, Setting]


def tornado(
    run: Callable[[Scenario], Courses],
    baseline: Baseline,
    scenario: Scenario,
    *,
    indicators: Sequence[str] = INDICATORS,
    year: int | None = None,
) -> pd.DataFrame:
    """Return table ``scenario_tornado``: a row an indicator and lever, the widest bar first.

    ``run`` simulates a scenario, always on the same random numbers. ``alone`` is the mean effect of the lever
    on the indicator in ``year`` (the last one unless given), all others as in the baseline; a lever that only
    refines others is measured on top of those. ``low`` and ``high`` are the effects with the lever at the
    lower and the higher end of its interval or, without one, lower and higher by a fifth of its distance
    from the baseline (whole numbers by one at least); NaN for names. Assumptions that the scenario leaves at
    their default but that belong to its levers stand with ``alone`` 0. ``swing`` is the width of the bar
    from 0 over all three. Row ``INTERACTION``: effect of the whole scenario less the sum of ``alone``.
    """
    at = -1 if year is None else baseline.years.index(year)
    means = _Means(run, baseline, scenario, indicators, at)
    nothing, whole = means.of({}), means.of(scenario.changes)
    rows = [_effects(means, scenario.changes, name) for name in _concerned(scenario.changes)]
    tables = []
    for code in indicators if rows else ():
        if code not in nothing or code not in whole:
            continue
        spec = indicator_catalogue()[code]
        own = pd.DataFrame([_row(name, effects, code) for name, effects in rows])
        own["swing"] = _width(own)
        own = own.sort_values(["swing", "lever"], ascending=[False, True])
        rest = float(
            without_rounding(
                np.array(whole[code] - nothing[code] - own["alone"].sum()), np.array(whole[code])
            )
        )
        last = {"lever": "", "title": INTERACTION, "alone": rest, "swing": abs(rest)}
        table = pd.concat([own, pd.DataFrame([last])], ignore_index=True)
        what = {"indicator": code, "name_zh": spec.zh, "unit": spec.unit, "year": baseline.years[at]}
        tables.append(table.assign(scenario=scenario.title, **what))
    columns = list(TABLES["scenario_tornado"].columns)
    if not tables:
        return declared("scenario_tornado", pd.DataFrame(columns=columns))
    return declared("scenario_tornado", pd.concat(tables, ignore_index=True)[columns])


class _Means:
    """Mean of each indicator under some changes; every set of changes is simulated once."""

    def __init__(
        self,
        run: Callable[[Scenario], Courses],
        baseline: Baseline,
        scenario: Scenario,
        indicators: Sequence[str],
        at: int,
    ) -> None:
        self.run, self.baseline, self.scenario = run, baseline, scenario
        self.indicators, self.at = indicators, at
        self.found: list[tuple[dict[str, Setting], dict[str, float]]] = []

    def of(self, changes: _Changes) -> dict[str, float]:
        """Return indicator code → mean over the draws."""
        wanted = dict(changes)
        for known, means in self.found:
            if known == wanted:
                return means
        courses = self.run(replace(self.scenario, changes=wanted))
        draws = indicator_draws(self.baseline, courses)
        means = {code: float(draws[code][:, self.at].mean()) for code in self.indicators if code in draws}
        self.found.append((wanted, means))
        return means


def _concerned(changes: _Changes) -> list[str]:
    """Return the levers set, and those left at an uncertain default that belong to one of them."""
    return [
        name
        for name, lever in levers().items()
        if name in changes
        or (lever.value_low is not None and not _rivals(name, changes) and set(lever.refines) & set(changes))
    ]


def _rivals(name: str, changes: _Changes) -> bool:
    lever = levers()[name]
    return any(other in changes for other in lever.excludes) or any(
        name in levers()[other].excludes for other in changes
    )


def _effects(means: _Means, changes: _Changes, name: str) -> tuple[str, dict[str, dict[str, float]]]:
    """Return the lever and, for ``alone``, ``low`` and ``high``, its effect by indicator."""
    lever = levers()[name]
    below = {other: changes[other] for other in _beneath(name, changes)}
    if name in changes:
        lower, higher = ends_of(lever, changes[name], means.baseline)
        settings = {"alone": changes[name], "low": lower, "high": higher}
    else:
        lower, higher = prior_ends(lever, means.baseline)
        settings = {"alone": None, "low": lower, "high": higher}
    start = means.of(below)
    return name, {
        key: _apart(start, means.of({**below, name: setting}))
        for key, setting in settings.items()
        if setting is not None
    }


def _beneath(name: str, changes: _Changes) -> list[str]:
    """Return the levers of ``changes`` that ``name`` refines, and those that they refine."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        for other in levers()[waiting.pop()].refines:
            if other in changes and other not in found:
                found.append(other)
                waiting.append(other)
    return [other for other in changes if other in found and other != name]


def _apart(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {code: after[code] - before[code] for code in after if code in before}


def _row(name: str, effects: Mapping[str, Mapping[str, float]], code: str) -> dict[str, object]:
    lever = levers()[name]
    values = {key: effects.get(key, {}).get(code, np.nan) for key in ("alone", "low", "high")}
    if "alone" not in effects:
        values["alone"] = 0.0
    return {"lever": name, "title": lever.title, **values}


def _width(rows: pd.DataFrame) -> pd.Series:
    reach = rows[["alone", "low", "high"]].assign(none=0.0)
    return reach.max(axis=1) - reach.min(axis=1)
