"""The planted policy: which buildings it is for, and what its ledger says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.planted.buildings import standardised
from louyu_lab.ledgers.demo.planted.drivers import DRIVERS
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan

POLICY = "楼宇招商运营补贴"
_SHARE = 0.30
_YUAN_PER_SQM = 30.0


def choose_treated(
    plan: PlantedPlan,
    buildings: pd.DataFrame,
    drivers: np.ndarray,
    quality: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return whether each building is treated: three in ten of those open when the policy starts.

    By lot where the plan's ``targeting`` is 0; otherwise the likelier the older the building and the
    more owners it has, and, with ``quality_targeting``, the worse it is.
    """
    names = [driver.name for driver in DRIVERS]
    step = plan.policy_year - plan.start_year
    need = sum(standardised(drivers[names.index(name), :, step]) for name in ("ln_owners", "age_decades"))
    need = plan.nature.targeting * need - plan.nature.quality_targeting * quality
    # The largest of need plus Gumbel noise: a draw without replacement, odds exponential in need.
    rank = need + rng.gumbel(size=len(buildings))
    is_open = (buildings["opened_date"].dt.year < plan.policy_year).to_numpy()
    order = np.argsort(np.where(is_open, -rank, np.inf))
    treated = np.zeros(len(buildings), dtype=bool)
    treated[order[: max(1, round(_SHARE * is_open.sum()))]] = True
    return treated & is_open


def policy_ledger(plan: PlantedPlan, buildings: pd.DataFrame, treated: np.ndarray) -> pd.DataFrame:
    """Return the policy ledger: one row a treated building; the policy goes on, so it has no end."""
    rows = buildings.loc[treated, ["building_id", "building", "rentable_area_sqm"]]
    return pd.DataFrame(
        {
            "policy": POLICY,
            "beneficiary": rows["building"],
            "building_id": rows["building_id"],
            "building": rows["building"],
            "start_date": pd.Timestamp(plan.policy_year, 7, 1),
            "amount_yuan": (rows["rentable_area_sqm"] * _YUAN_PER_SQM / 1e4).round(1) * 1e4,
        }
    ).reset_index(drop=True)
