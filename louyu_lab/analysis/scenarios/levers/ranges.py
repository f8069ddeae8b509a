"""What the district's own past says of a lever: its default in figures, and what lies beyond (外推)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.quantities import printed_number
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import Clause, Setting

#: Yearly growth is taken to have been seen within so many standard deviations of the common shock.
_SEEN_SD = 2.0


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
        return baseline.entrants.yield_yuan_sqm / baseline.mean_yield_yuan_sqm
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


def known_range(name: str, baseline: Baseline) -> tuple[float, float, str] | None:
    """Return the least and most of a lever that the past of the district has seen, and its words.

    Areas (a year, whole district): the highest net absorption on record. Growth: the drift ± 2 standard
    deviations of the common yearly shock. Demand: past lettings ÷ the lettings expected. A subsidy: the
    highest asking rent. None where the past says nothing.
    """
    seen = _absorbed(baseline)
    free, rentable, occupied = _space(baseline)
    if name in ("absorption_sqm", "absorption_rate", "vacancy_cut_rate", "target_occupancy_rate"):
        if seen is None or rentable <= 0:
            return None
        most = {
            "absorption_sqm": seen,
            "absorption_rate": seen / free if free > 0 else np.inf,
            "vacancy_cut_rate": seen / rentable,
            "target_occupancy_rate": (occupied + baseline.horizon * seen) / rentable,
        }[name]
        return -np.inf, most, f"历年净吸纳最多 {printed_number('area', _rounded(seen))}"
    if name in ("incumbent_growth_rate", "growth_change_rate", "tax_factor"):
        return _growth_seen(name, baseline)
    if name == "entry_factor":
        lettings = baseline.demand.history["lettings_sqm"].dropna()
        usual = baseline.demand.lettings_sqm
        if lettings.empty or usual <= 0:
            return None
        low, high = lettings.min() / usual, lettings.max() / usual
        return low, high, f"历年新租为预期的 {low:.2g} 至 {high:.2g} 倍"
    if name == "rent_subsidy_yuan_sqm_month":
        rents = baseline.buildings["asking_rent_yuan"].dropna()
        return None if rents.empty else (-np.inf, float(rents.max()), f"报价租金最高 {rents.max():g} 元")
    return None


def is_extrapolated(lever: Lever, value: float, baseline: Baseline) -> bool:
    """Tell whether a value lies outside what the district's past has seen; False where that is not known."""
    seen = known_range(lever.name, baseline)
    return seen is not None and not seen[0] <= value <= seen[1]


def extrapolation(lever: Lever, setting: Setting, baseline: Baseline) -> str:
    """Return the mark of a setting outside the past, as ``外推：历年净吸纳最多 7.8 万㎡``; else "".

    Areas of the clauses that hold in one year are added up; rates of a part of the district are not judged
    by what the whole has seen.
    """
    seen = known_range(lever.name, baseline)
    clauses = [part for part in setting if isinstance(part, Clause)]
    if seen is None or not clauses:
        return ""
    if lever.kind == "area":
        values: Sequence[float] = [_asked(clauses, year) for year in baseline.years]
    else:
        values = [clause.value for clause in clauses if not clause.scope or lever.kind == "rent"]
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


def _absorbed(baseline: Baseline) -> float | None:
    """Return the highest net absorption of a year on record (㎡), None without a record."""
    history = baseline.demand.history["net_absorption_sqm"].dropna()
    return None if history.empty else max(float(history.max()), 0.0)


def _space(baseline: Baseline) -> tuple[float, float, float]:
    """Return marketable vacancy, rentable and occupied area (㎡) of the buildings that know both."""
    known = baseline.buildings.dropna(subset=["rentable_area_sqm", "occupied_area_sqm"])
    rentable, occupied = known["rentable_area_sqm"], known["occupied_area_sqm"]
    free = (rentable - occupied - known["unmarketable_area_sqm"].fillna(0.0)).clip(lower=0.0)
    return float(free.sum()), float(rentable.sum()), float(occupied.sum())


def _growth_seen(name: str, baseline: Baseline) -> tuple[float, float, str]:
    spread = _SEEN_SD * baseline.growth.common_sd
    drift = float(baseline.growth.drift[-1]) / baseline.horizon
    usual = np.expm1(drift)
    low, high = float(np.expm1(drift - spread)), float(np.expm1(drift + spread))
    words = (
        f"历年共同增长约在{printed_number('rate', round(low, 3))}至{printed_number('rate', round(high, 3))}"
    )
    if name == "growth_change_rate":
        return low - usual, high - usual, words
    if name == "tax_factor":
        return (1 + low) / (1 + usual), (1 + high) / (1 + usual), words
    return low, high, words
