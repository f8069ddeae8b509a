"""The occupancy ledger: what is let at each year's end, what cannot be let, and the asking rent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.spells import present_on

_RENT_GROWTH, _RENT_PANDEMIC = 0.022, -0.055
#: Buildings with space under seizure or in dispute: those of most owners.
_SEIZED = 12
_BASES = {"实测": 0.70, "填报": 0.26, "估计": 0.04}


def make_occupancy(buildings: pd.DataFrame, spells: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row a building and year from its opening on, by year and building.

    Columns ``building_id, building, year, occupied_area_sqm, occupancy_rate`` (0–1),
    ``unmarketable_area_sqm, asking_rent_yuan`` (元/㎡·月), ``occupancy_basis``. The occupied area is
    the sum of the tenants' areas at the year's end.
    """
    grid = buildings.merge(pd.DataFrame({"year": margins.YEARS}), how="cross")
    grid = grid[grid["opened_date"].dt.year <= grid["year"]]
    let = pd.concat([_let_at_year_end(spells, year) for year in margins.YEARS], ignore_index=True)
    grid = grid.merge(let, on=["building_id", "year"], how="left")
    grid["occupied_area_sqm"] = grid["area_sqm"].fillna(0.0)
    grid["occupancy_rate"] = (grid["occupied_area_sqm"] / grid["rentable_area_sqm"]).round(4)
    grid["unmarketable_area_sqm"] = _unmarketable(grid, buildings, rng)
    pandemic = grid["year"] >= margins.YEARS[-1]
    log_rent = np.log(grid["rent_yuan"]) + _RENT_GROWTH * (grid["year"] - margins.YEARS[0])
    log_rent += _RENT_PANDEMIC * pandemic + 0.02 * rng.standard_normal(len(grid))
    grid["asking_rent_yuan"] = (np.exp(log_rent) * 2).round() / 2
    grid["occupancy_basis"] = rng.choice(list(_BASES), len(grid), p=list(_BASES.values()))
    kept = ["building_id", "building", "year", "occupied_area_sqm", "occupancy_rate"]
    kept += ["unmarketable_area_sqm", "asking_rent_yuan", "occupancy_basis"]
    return grid[kept].sort_values(["year", "building_id"], ignore_index=True)


def _let_at_year_end(spells: pd.DataFrame, year: int) -> pd.DataFrame:
    here = present_on(spells, pd.Timestamp(year, 12, 31))
    return here.groupby("building_id", as_index=False)["area_sqm"].sum().assign(year=year)


def _unmarketable(grid: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Part of the vacant area that cannot be let: a fixed share in a few buildings of many owners."""
    many = buildings["owners"].rank(ascending=False, method="first") <= _SEIZED
    share = np.where(many, rng.uniform(0.25, 0.6, len(buildings)), 0.0)
    # A building that is being refitted cannot let most of what is empty.
    share = np.where(buildings["status"].eq("改造"), 0.8, share)
    vacant = grid["rentable_area_sqm"] - grid["occupied_area_sqm"]
    part = grid["building_id"].map(pd.Series(share, buildings["building_id"]))
    return (vacant * part).round(-1).clip(upper=vacant)
