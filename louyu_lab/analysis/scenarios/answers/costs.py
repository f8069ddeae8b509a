"""What a scenario costs the district's budget a year, item by item, and how much of it changes nothing.

Costs are booked in the year that gives a right to them: a subsidy of 24 months stands wholly in the year of
the letting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from louyu_lab.analysis.scenarios.engine.resolving import Objects, grid_of
from louyu_lab.analysis.scenarios.levers.resting import growth_rates, resting_value
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import Clause

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.analysis.scenarios.engine.courses import Courses
    from louyu_lab.analysis.scenarios.levers.scenario import Scenario

SUBSIDY, REBATE, AWARD = "租金补贴", "税收返还", "按贡献奖励"

#: Levers that are support paid to enterprises: they cost what they pay.
_PAID = ("rent_subsidy_yuan_sqm_month", "tax_rebate_rate", "tax_award_rate")


@dataclass(frozen=True)
class Support:
    """One item of money paid to enterprises, arrays (draws, h) in 元.

    ``paid_yuan`` what is paid, ``idle_yuan`` the part paid for what would have come anyway.
    """

    paid_yuan: np.ndarray
    idle_yuan: np.ndarray


def local_share(baseline: Baseline, scenario: Scenario | None) -> np.ndarray:
    """Return 区级留存 ÷ tax, (1, h): the lever, else the baseline's; NaN where neither is known."""
    return _district(baseline, scenario, "local_share_rate", baseline.retained_rate)


def discount_rate(scenario: Scenario | None) -> float:
    """Return the yearly discount rate (0–1), the lever's value or its default."""
    clauses = _clauses(scenario, "discount_rate")
    return clauses[-1].value if clauses else float(levers()["discount_rate"].value or 0.0)


def subsidy(after: Courses) -> Support:
    """Return the rent subsidy as the simulation paid it, the whole commitment in the year of letting.

    Idle: what is paid for those with a right to it that come anyway.
    """
    return Support(after.support_yuan, after.idle_support_yuan)


def rebate(baseline: Baseline, scenario: Scenario, before: Courses, after: Courses) -> Support:
    """Return 税收返还: rate × local share × tax of those who came after the base year.

    Idle: what is paid on the newcomers' tax that the baseline has too.
    """
    rate = _district(baseline, scenario, "tax_rebate_rate", 0.0)
    share = rate * _known(local_share(baseline, scenario))
    paid = share * after.entrants_tax_yuan.sum(axis=1)
    return Support(paid, np.minimum(share * before.entrants_tax_yuan.sum(axis=1), paid))


def award(baseline: Baseline, scenario: Scenario, before: Courses, after: Courses) -> Support:
    """Return 按贡献奖励: rate × local share × growth of the incumbents' tax over the base year.

    An award sees what was paid before, not what would have been: growth is Σ over buildings of
    max(tax of incumbents − tax of the base year, 0). Idle: what is paid on the growth the baseline has too.
    By building, growing and shrinking tenants of one are netted, so it is rather too low.
    """
    rate = _district(baseline, scenario, "tax_award_rate", 0.0)
    share = rate * _known(local_share(baseline, scenario))
    paid = share * _growth(baseline, after)
    return Support(paid, np.minimum(share * _growth(baseline, before), paid))


def unit_costs(
    baseline: Baseline, scenario: Scenario, before: Courses, after: Courses
) -> dict[str, np.ndarray]:
    """Return title → 元 a year (draws, h): the file's unit costs × what was done.

    What was done is measured where the simulation shows it: ㎡ let for the sake of absorption levers, ㎡
    unlocked, swapped, refitted or merged in the year, enterprises newly registered beyond the baseline's;
    each once. Levers that ask for one and the same thing share it, at the dearest of their prices. Every
    other lever: its distance from doing nothing in the unit its price is given in; a year where the lever
    is yearly, else once in the first year.
    """
    shape = after.taken_sqm.shape
    priced = [name for name in scenario.costs if name in scenario.changes]
    items = {}
    for names, done in _DONE.items():
        asked = [name for name in names if name in priced]
        if asked:
            title = "、".join(levers()[name].title for name in asked)
            price = max(scenario.costs[name] for name in asked)
            items[title] = np.broadcast_to(price * done(before, after), shape)
    measured = {name for names in _DONE for name in names}
    for name in priced:
        if name not in measured:
            lever = levers()[name]
            steps = _distance(baseline, scenario, lever)
            items[lever.title] = np.broadcast_to(scenario.costs[name] * steps, shape)
    return items


def priced_levers(scenario: Scenario) -> set[str]:
    """Return the levers set whose cost is reckoned: by a unit cost, alone or shared, or as support paid."""
    priced = {name for name in scenario.costs if name in scenario.changes}
    shared = {name for names in _DONE if priced & set(names) for name in names}
    return (priced | shared | set(_PAID)) & set(scenario.changes)


def unit_step(lever: Lever) -> float:
    """Return how much of the lever (stored units) its unit cost is for: 0.01 for 元/百分点, else 1."""
    return 0.01 if lever.cost_unit.endswith("百分点") else 1.0


def _newly_registered(before: Courses, after: Courses) -> np.ndarray:
    """Return enterprises registered in the year beyond those of the baseline; (draws, h)."""
    return np.maximum(np.diff(after.registered - before.registered, axis=1, prepend=0.0), 0.0)


#: Levers -> what the simulation made of them in the year, in units of their price.
_DONE: dict[tuple[str, ...], Callable[[Courses, Courses], np.ndarray]] = {
    ("absorption_sqm", "absorption_rate", "target_occupancy_rate", "vacancy_cut_rate"): lambda _, after: (
        after.taken_sqm
    ),
    ("unlock_rate",): lambda _, after: after.unlocked_sqm,
    ("swap_sqm",): lambda _, after: after.swapped_sqm,
    ("refit_buildings",): lambda _, after: after.refit_sqm,
    ("merged_buildings",): lambda _, after: after.merged_sqm,
    ("registration_rate", "new_tenant_registration_rate"): _newly_registered,
}


def _distance(baseline: Baseline, scenario: Scenario, lever: Lever) -> np.ndarray:
    """Return how far the lever stands from doing nothing, in units of its price; (1, h).

    Nothing is where it rests; for the incumbents' growth the baseline's of the year. A year it is not set
    in is 0.
    """
    nothing = np.full(baseline.horizon, np.nan_to_num(resting_value(lever, baseline)))
    if lever.name == "incumbent_growth_rate":
        nothing = growth_rates(baseline)
    values = _district(baseline, scenario, lever.name, np.nan)
    return np.nan_to_num(np.abs(values - nothing)) / unit_step(lever)


def _growth(baseline: Baseline, courses: Courses) -> np.ndarray:
    """Return Σ max(incumbents' tax − tax of the base year, 0) over the buildings of the stock; (draws, h)."""
    known = baseline.buildings["tax_yuan"].to_numpy(dtype="float64")
    incumbents = (courses.tax_yuan - courses.entrants_tax_yuan)[:, : len(known)]
    return np.maximum(incumbents - np.nan_to_num(known)[None, :, None], 0.0).sum(axis=1)


def _district(baseline: Baseline, scenario: Scenario | None, name: str, default: float) -> np.ndarray:
    """Return a lever of the whole district by year; (1, h)."""
    lever = levers()[name]
    value = default if lever.value is None else lever.value
    limits = (lever.low, lever.high)
    grid = grid_of(_clauses(scenario, name), Clause(value), Objects(1, {}), baseline.years, limits)
    return grid.center


def _clauses(scenario: Scenario | None, name: str) -> tuple[Clause, ...]:
    setting = scenario.changes.get(name, ()) if scenario else ()
    return tuple(clause for clause in setting if isinstance(clause, Clause))


def _known(share: np.ndarray) -> np.ndarray:
    """Return the local share, the whole tax where it is unknown: a cost is rather put too high."""
    return np.where(np.isnan(share), 1.0, share)
