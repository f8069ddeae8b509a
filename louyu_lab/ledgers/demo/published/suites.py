"""Suites at the end of 2020: how each building's rentable area divides into let and vacant units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.payers import LARGE_PAYERS

#: Mean area of a tenant (㎡) by grade; buildings scatter about it.
_MEAN_SQM = {"超甲级": 330.0, "甲级": 255.0, "乙级": 200.0, "丙级": 165.0}
_BUILDING_SPREAD, _TENANT_SPREAD = 0.30, 0.95
_SMALLEST_SQM = 15
_VACANT_SQM, _VACANT_SPREAD = 520.0, 0.7
#: Share of the let area that the one payer of a tower holds itself, that the largest payer of the other
#: towers with a published tax holds (the next ones less and less), and the largest tenant elsewhere.
_OWN_SHARE, _PAYER_SHARE, _PAYER_STEP, _ANCHOR_SHARE = (0.28, 0.55), 0.13, 0.7, (0.03, 0.16)


def make_suites(buildings: pd.DataFrame, rates: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row a suite: ``building_id, area_sqm`` (whole ㎡), ``is_let, is_anchor, left_in_pandemic``.

    Let suites number the published tenants; a building's suites add up to its rentable area, its let
    ones to the occupied area. Anchors are the large tenants; ``left_in_pandemic`` marks the published
    exits of the pandemic tower.
    """
    rentable = buildings["rentable_area_sqm"].to_numpy()
    let = (rates.to_numpy() * rentable).round()
    tenants = _tenants(buildings, let, rng)
    parts = []
    for row, area, count, whole in zip(buildings.itertuples(), let, tenants, rentable, strict=True):
        anchors = (_anchor_shares(row, rng)[: count - 3] * area).round()
        others = np.exp(_TENANT_SPREAD * rng.standard_normal(count - len(anchors)))
        occupied = np.concatenate([anchors, _split(area - anchors.sum(), others)])
        vacant = _vacant_suites(whole - area, row.is_pandemic_tower, rng)
        parts.append(
            pd.DataFrame(
                {
                    "building_id": row.building_id,
                    "area_sqm": np.concatenate([occupied, vacant["area_sqm"]]),
                    "is_let": np.arange(count + len(vacant)) < count,
                    "is_anchor": np.arange(count + len(vacant)) < len(anchors),
                    "left_in_pandemic": np.concatenate([np.zeros(count, bool), vacant["left_in_pandemic"]]),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _anchor_shares(building: Any, rng: np.random.Generator) -> np.ndarray:
    """Shares of the let area (0–1) that a building's large tenants hold."""
    if building.is_new_tower:
        return np.array([])
    if np.isnan(building.tax_rank):
        return rng.uniform(*_ANCHOR_SHARE, 1)
    if building.tax_rank in margins.SINGLE_SOURCE_RANKS:
        return rng.uniform(*_OWN_SHARE, 1)
    payers = LARGE_PAYERS[int(building.tax_rank)]
    return _PAYER_SHARE * _PAYER_STEP ** np.arange(payers) * rng.uniform(0.8, 1.2, payers)


def _tenants(buildings: pd.DataFrame, let: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Number of tenants of each building, together the published number."""
    mean = buildings["grade"].map(_MEAN_SQM) * np.exp(_BUILDING_SPREAD * rng.standard_normal(len(let)))
    tower = buildings["is_new_tower"].to_numpy()
    # The pandemic tower is one of large tenants, so that ten of them give up what was published.
    mean = mean * np.where(buildings["is_pandemic_tower"], 2.5, 1.0)
    weight = np.where(tower, 0.0, let / mean.to_numpy())
    counts = _split(margins.FIRMS - margins.NEW_TOWER_TENANTS, weight[~tower], least=3)
    result = np.full(len(let), margins.NEW_TOWER_TENANTS)
    result[~tower] = counts
    return result


def _vacant_suites(area: float, is_pandemic_tower: bool, rng: np.random.Generator) -> pd.DataFrame:
    exits = _split(margins.PANDEMIC_EXIT_SQM, rng.uniform(0.5, 2.0, margins.PANDEMIC_EXITS))
    left = exits if is_pandemic_tower else exits[:0]
    rest = area - left.sum()
    count = max(1, round(rest / _VACANT_SQM))
    others = _split(rest, np.exp(_VACANT_SPREAD * rng.standard_normal(count)))
    return pd.DataFrame(
        {
            "area_sqm": np.concatenate([left, others]),
            "left_in_pandemic": np.arange(len(left) + count) < len(left),
        }
    )


def _split(total: float, weights: np.ndarray, least: int = _SMALLEST_SQM) -> np.ndarray:
    """Divide a whole ``total`` into whole parts near ``weights``, none below ``least``."""
    least = min(least, int(total // len(weights)))
    spare = round(total) - least * len(weights)
    exact = weights / weights.sum() * spare
    parts = np.floor(exact).astype(int)
    largest_left = np.argsort(parts - exact, kind="stable")[: spare - parts.sum()]
    parts[largest_left] += 1
    return parts + least
