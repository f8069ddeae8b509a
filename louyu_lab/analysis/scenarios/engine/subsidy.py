"""Rent subsidies: who may have them, and how many more come for their sake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan

#: Months of a lease that a subsidy is spread over (本研究约定: three years).
LEASE_MONTHS = 36.0


@dataclass(frozen=True)
class Subsidy:
    """``eligible`` (b, h) share of newcomers with a right to it; ``response`` (draws or 1, b, h) how many
    more come, as a share of those; ``yuan_sqm`` (b, h) what one who comes gets of it (元/㎡ in all),
    ``take_up`` (0–1) who of those that come anyway applies; ``cap_yuan`` (h,) of a year, inf for none.
    """

    eligible: np.ndarray
    response: np.ndarray
    yuan_sqm: np.ndarray
    take_up: float
    cap_yuan: np.ndarray


def subsidy_of(plan: Plan, noise: Noise) -> Subsidy | None:
    """Return the subsidy of a scenario, None where it has none.

    Response = take-up × elasticity × r·min(m, 36) ÷ (36 × asking rent), the cut of the rent over a lease of
    three years; no more than the whole rent. Where the rent of a building is unknown the median counts.
    With ``deadweight_rate`` d given in its place: extra = (1 − d) ÷ d of those who come anyway.
    """
    if not plan.is_set("rent_subsidy_yuan_sqm_month"):
        return None
    eligible, yuan = _offered(plan)
    take_up, whole_months = plan.one("subsidy_take_up_rate"), plan.one("subsidy_months")
    cap = plan.by_year("subsidy_cap_yuan", np.inf)
    money = (yuan * whole_months, take_up, cap)
    if plan.is_set("deadweight_rate"):
        dead = plan.one("deadweight_rate")
        return Subsidy(eligible, np.where(yuan > 0, take_up * (1 - dead) / dead, 0.0)[None], *money)
    rent = plan.world.rent
    known = rent[np.isfinite(rent) & (rent > 0)]
    rent = np.where(np.isfinite(rent) & (rent > 0), rent, np.median(known) if len(known) else np.inf)
    months = min(whole_months, LEASE_MONTHS)
    cut = np.minimum(yuan * months / (LEASE_MONTHS * rent[:, None]), 1.0)
    elasticity = plan.one_drawn("rent_elasticity", noise.of_lever("rent_elasticity"))
    return Subsidy(eligible, take_up * elasticity[:, :, None] * cut, *money)


def _offered(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Return who may have it and the amount (元/㎡·月) where it is offered; both (b, h).

    A subsidy for some industries goes to the share of newcomers that these have of the district's area.
    """
    units = plan.over("rent_subsidy_yuan_sqm_month", plan.of_units).center
    area = plan.world.area
    known = area[:, None] * (plan.baseline.units["sector"].to_numpy(dtype="str") != "")[:, None]
    offered = known * (units > 0)
    of_buildings = plan.over("rent_subsidy_yuan_sqm_month", plan.of_buildings).center
    whole = known.sum()
    industries = any("industries" in clause.scope for clause in plan.clauses("rent_subsidy_yuan_sqm_month"))
    if not industries or whole == 0:
        return (of_buildings > 0).astype("float64"), of_buildings
    by_building = (
        plan.world.by_building(offered.T).T,
        plan.world.by_building(known.repeat(units.shape[1], axis=1).T).T,
    )
    share = np.divide(*by_building, out=np.zeros_like(by_building[0]), where=by_building[1] > 0)
    return share, of_buildings
