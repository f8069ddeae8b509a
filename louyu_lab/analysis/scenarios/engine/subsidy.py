"""Rent subsidies: who may have them, how many more come for their sake, and what they are paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan

#: Months of a lease that a subsidy is spread over (本研究约定: three years).
LEASE_MONTHS = 36.0

_LEVER = "rent_subsidy_yuan_sqm_month"


@dataclass(frozen=True)
class Subsidy:
    """A rent subsidy by building and year; arrays (b, h), ``response`` (draws or 1, b, h).

    ``eligible`` share of newcomers with a right to it; ``response`` how many more come for its sake, as a
    share of those. ``anyway_yuan_sqm`` and ``extra_yuan_sqm`` what is paid in all for a ㎡ (元) of those who
    come anyway and apply, ``take_up`` (0–1) of them, and of those who come for its sake. ``cap_yuan`` (h,)
    of a year, inf for none.
    """

    eligible: np.ndarray
    response: np.ndarray
    anyway_yuan_sqm: np.ndarray
    extra_yuan_sqm: np.ndarray
    take_up: float
    cap_yuan: np.ndarray


@dataclass(frozen=True)
class Supported:
    """What a subsidy comes to in a year: ``extra_sqm`` (draws, b) let for its sake; the others (draws,).

    ``supported_sqm`` of new lettings with a right to it, ``paid_yuan`` what it costs, ``idle_yuan`` the part
    paid for what would have come anyway.
    """

    extra_sqm: np.ndarray
    supported_sqm: np.ndarray
    paid_yuan: np.ndarray
    idle_yuan: np.ndarray


def subsidy_of(plan: Plan, noise: Noise) -> Subsidy | None:
    """Return the subsidy of a scenario, None where it has none.

    More come, as a share of those with a right to it: take-up × elasticity × r·min(m, 36) ÷ (36 × asking
    rent), the cut of the rent over a lease of three years; no more than the whole rent. Where the rent of a
    building is unknown the median counts. With ``deadweight_rate`` d given in its place:
    take-up × (1 − d) ÷ d.
    A subsidy for some industries goes to the share of newcomers that each of them has of its building's area.
    """
    if not plan.is_set(_LEVER):
        return None
    yuan, home, mean = _offers(plan)
    months, take_up = plan.one("subsidy_months"), plan.one("subsidy_take_up_rate")
    if plan.is_set("deadweight_rate"):
        dead = plan.one("deadweight_rate")
        more, elasticity = np.where(yuan > 0, take_up * (1 - dead) / dead, 0.0), np.ones((1, 1))
    else:
        leased = yuan * min(months, LEASE_MONTHS) / (LEASE_MONTHS * _rents(plan)[home, None])
        more = take_up * np.minimum(leased, 1.0)
        elasticity = plan.one_drawn("rent_elasticity", noise.of_lever("rent_elasticity"))
    eligible, response = mean((yuan > 0).astype("float64")), mean(more)
    return Subsidy(
        eligible=eligible,
        response=elasticity[:, :, None] * _ratio(response, eligible),
        anyway_yuan_sqm=months * _ratio(mean(yuan), eligible),
        extra_yuan_sqm=months * _ratio(mean(more * yuan), response),
        take_up=take_up,
        cap_yuan=plan.by_year("subsidy_cap_yuan", np.inf),
    )


def subsidised(subsidy: Subsidy, step: int, market: np.ndarray, free: np.ndarray) -> Supported:
    """Return what a subsidy brings and costs in a year.

    ``market`` (draws, b) is what comes anyway (㎡), ``free`` what is left: extra = market × eligible ×
    response, paid in full, as is the share of those with a right to it that applies though it comes anyway.
    Where that asks for more money than the year's cap, as few are supported as it pays for, and as few more
    come.
    """
    anyway = market * subsidy.eligible[:, step]
    extra = np.minimum(anyway * subsidy.response[..., step], free)
    idle = (subsidy.take_up * anyway * subsidy.anyway_yuan_sqm[:, step]).sum(axis=1)
    asked = idle + (extra * subsidy.extra_yuan_sqm[:, step]).sum(axis=1)
    most = np.full_like(asked, subsidy.cap_yuan[step])
    granted = np.minimum(np.divide(most, asked, out=np.ones_like(asked), where=asked > 0), 1.0)
    return Supported(
        extra * granted[:, None], (anyway + extra).sum(axis=1) * granted, asked * granted, idle * granted
    )


def _offers(plan: Plan) -> tuple[np.ndarray, np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Return what is offered (元/㎡·月; cells, h), each cell's building, the mean over a building's cells.

    Cells are the buildings; the simulated units, weighed by area, where industries are told apart.
    """
    if not any("industries" in clause.scope for clause in plan.clauses(_LEVER)):
        return plan.over(_LEVER, plan.of_buildings).center, np.arange(plan.world.buildings), lambda own: own
    known = plan.baseline.units["sector"].to_numpy(dtype="str") != ""
    weight = plan.world.area * known
    yuan = plan.over(_LEVER, plan.of_units).center
    return yuan, plan.world.home, lambda own: plan.world.mean_by_building(own.T, weight).T


def _rents(plan: Plan) -> np.ndarray:
    """Return the asking rents (元/㎡·月), the median where unknown; (b,)."""
    rent = plan.world.rent
    known = np.isfinite(rent) & (rent > 0)
    return np.where(known, rent, np.median(rent[known]) if known.any() else np.inf)


def _ratio(top: np.ndarray, low: np.ndarray) -> np.ndarray:
    return np.divide(top, low, out=np.zeros_like(top), where=low > 0)
