"""What the district's own past says of a setting: the default in figures, and what lies beyond (外推)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.past import known_range, newcomers_yield_ratio
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import Clause, Setting

#: Levers that are judged by the whole district's past even where a clause is for a part of it: no part of a
#: district has grown, or lost, so otherwise for years.
_ALSO_NARROWED = ("incumbent_growth_rate", "growth_change_rate", "tax_factor")


def default_text(lever: Lever, baseline: Baseline | None = None) -> str:
    """Return what holds where a scenario does not name the lever, in figures where the baseline has them."""
    if baseline is None:
        return lever.default
    if lever.name in baseline.estimates:
        own = baseline.estimates[lever.name]
        interval = f"80% 区间 {lever.printed(own.low)}至{lever.printed(own.high)}"
        return f"{lever.printed(own.value)}（{interval}；{own.source}）"
    learned = _learned(lever.name, baseline)
    return (
        lever.default if not np.isfinite(learned) else f"{lever.printed(_rounded(learned))}：{lever.default}"
    )


def _learned(name: str, baseline: Baseline) -> float:
    """Return a default that the ledgers give as one number, NaN where they do not."""
    if name == "new_tenant_yield_ratio":
        return newcomers_yield_ratio(baseline)
    if name == "new_tenant_registration_rate":
        return baseline.entrants.registration_rate
    if name == "registration_rate":
        return baseline.registration_rate
    if name == "local_share_rate":
        return baseline.retained_rate
    return float("nan")


def _rounded(value: float) -> float:
    """Round to three digits: a default in a table of words needs no more."""
    return float(f"{value:.3g}")


def is_extrapolated(lever: Lever, value: float, baseline: Baseline) -> bool:
    """Tell whether a value lies outside what the district's past has seen; False where that is not known."""
    seen = known_range(lever.name, baseline)
    return seen is not None and not seen[0] <= value <= seen[1]


def extrapolation(lever: Lever, setting: Setting, baseline: Baseline) -> str:
    """Return the mark of a setting outside the past, as ``外推：历年净吸纳最多 7.8 万㎡``; else "".

    Areas of the clauses that hold in one year are added up; of rates of a part of the district only growth
    is judged by what the whole has seen.
    """
    seen = known_range(lever.name, baseline)
    clauses = [part for part in setting if isinstance(part, Clause)]
    if seen is None or not clauses:
        return ""
    if lever.kind == "area":
        values: Sequence[float] = [_asked(clauses, year) for year in baseline.years]
    else:
        judged = lever.kind == "rent" or lever.name in _ALSO_NARROWED
        values = [clause.value for clause in clauses if judged or not clause.scope]
    return f"外推：{seen[2]}" if any(is_extrapolated(lever, value, baseline) for value in values) else ""


def marks(changes: dict[str, Setting], baseline: Baseline) -> dict[str, str]:
    """Return the mark of every lever that leaves the district's past behind, by lever."""
    found = {name: extrapolation(levers()[name], setting, baseline) for name, setting in changes.items()}
    return {name: mark for name, mark in found.items() if mark}


def _asked(clauses: Sequence[Clause], year: int) -> float:
    """Return the amount of a year over all scopes; of one scope the later clause holds."""
    amounts = {
        tuple(sorted(clause.scope.items())): clause.value
        for clause in clauses
        if not clause.years or year in clause.years
    }
    return sum(amounts.values())
