"""The occupancy ledger: what is let at each year's end, what cannot be let, and the asking rent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.plan import DistrictPlan

_RENT_GROWTH = 0.022
_RENT_PANDEMIC = -0.055
#: Share of buildings with space under seizure or in dispute.
_SEIZED_SHARE = 0.15
_BASES = ("实测", "填报", "估计")


def make_occupancy(
    plan: DistrictPlan, buildings: pd.DataFrame, stays: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row a building and year from its opening on.

    Columns ``building_id, building, year, occupied_area_sqm, occupancy_rate`` (0–1),
    ``unmarketable_area_sqm, asking_rent_yuan`` (元/㎡·月), ``occupancy_basis``. The occupied area is
    that of the listed tenants divided by the ledger's coverage, so never above the rentable area.
    """
    grid = buildings.merge(pd.DataFrame({"year": plan.years}), how="cross")
    grid = grid[grid["opened_date"].dt.year <= grid["year"]].reset_index(drop=True)
    let = pd.concat([_let_at_year_end(stays, year) for year in plan.years], ignore_index=True)
    grid = grid.merge(let, on=["building_id", "year"], how="left")
    occupied = (grid["area_sqm"].fillna(0.0) / grid["coverage"]).round()
    grid["occupied_area_sqm"] = occupied.clip(upper=grid["rentable_area_sqm"])
    grid["occupancy_rate"] = (grid["occupied_area_sqm"] / grid["rentable_area_sqm"]).round(4)
    grid["unmarketable_area_sqm"] = _unmarketable(grid, buildings, rng)
    step = grid["year"] - plan.years[0]
    log_rent = np.log(grid["rent_yuan"]) + _RENT_GROWTH * step
    log_rent += _RENT_PANDEMIC * (grid["year"] >= plan.pandemic_year) + 0.02 * rng.standard_normal(len(grid))
    grid["asking_rent_yuan"] = (np.exp(log_rent) * 2).round() / 2
    grid["occupancy_basis"] = rng.choice(_BASES, len(grid), p=[0.70, 0.26, 0.04])
    kept = ["building_id", "building", "year", "occupied_area_sqm", "occupancy_rate"]
    kept += ["unmarketable_area_sqm", "asking_rent_yuan", "occupancy_basis"]
    return grid[kept].sort_values(["year", "building_id"], ignore_index=True)


def _let_at_year_end(stays: pd.DataFrame, year: int) -> pd.DataFrame:
    day = pd.Timestamp(year, 12, 31)
    here = stays[(stays["move_in_date"] <= day) & ~(stays["move_out_date"] <= day)]
    return here.groupby("building_id", as_index=False)["area_sqm"].sum().assign(year=year)


def _unmarketable(grid: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Part of the vacant area that cannot be let: a fixed share in a few buildings of many owners."""
    many_owners = buildings["owners"].rank(pct=True, method="first")
    share = np.where(many_owners > 1 - _SEIZED_SHARE, rng.uniform(0.25, 0.6, len(buildings)), 0.0)
    # A building that is being refitted cannot let most of what is empty.
    share = np.where(buildings["status"].eq("改造"), 0.8, share)
    by_building = pd.Series(share, buildings["building_id"])
    vacant = grid["rentable_area_sqm"] - grid["occupied_area_sqm"]
    return (vacant * grid["building_id"].map(by_building)).round(-1).clip(upper=vacant)
