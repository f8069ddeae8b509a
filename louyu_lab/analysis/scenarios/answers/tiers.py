"""The buildings of a scenario: occupancy, tax and tier, and which move to another tier than they would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.answers.indicator_draws import are_buildings, are_there, known_tax
from louyu_lab.analysis.scenarios.answers.spread import quantiles
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.tax.tiers.draws import UNKNOWN, YI, tier_positions
from louyu_lab.analysis.tiers import TIERS

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.engine.courses import Courses

#: What a place is known by.
PLACE_COLUMNS = ("building_id", "building", "street", "grade", "is_new")

#: Columns of ``building_outcomes`` and of ``tier_moves``.
BUILDING_COLUMNS = (
    *PLACE_COLUMNS,
    *("year", "rentable_area_sqm", "occupancy_rate"),
    *("mean_yuan", "lo80_yuan", "hi80_yuan", "tier", "p_yi", "p_up", "p_down"),
)
MOVE_COLUMNS = (
    *("building_id", "building", "street", "is_new", "year", "tier", "mean_before_yuan", "mean_after_yuan"),
    *("p_yi_before", "p_yi_after", "p_yi_change", "p_tier_up", "p_tier_down"),
)


#: Share of draws in which a place has to change its tier to be listed.
LEAST_MOVED = 0.01


def building_outcomes(baseline: Baseline, courses: Courses) -> pd.DataFrame:
    """Return ``BUILDING_COLUMNS``: a row a place and year.

    ``occupancy_rate`` mean over the draws of occupied ÷ rentable area, NaN before a project opens and where
    the base year does not know it. Tax is recurring (元); ``tier`` that of the last known tax; ``p_up`` and
    ``p_down`` chances of a higher or a lower one, NaN where there is none such. Tax and chances are NaN
    where the tax of the base year is unknown, and before a project opens; new supply that is no building
    has tax, but no chance.
    """
    count, years = len(courses.places), len(courses.years)
    rentable = courses.rentable_sqm
    let = courses.occupied_sqm.mean(axis=0)
    tax, known = courses.tax_yuan, known_tax(baseline, count)[:, None] & are_there(courses)
    is_tiered = known & are_buildings(baseline, courses.places)[:, None]
    tier, base = tier_positions(tax), base_tiers(baseline, count)[:, None]
    has_base, lowest = base != UNKNOWN, len(TIERS.labels) - 1
    bounds = quantiles(tax)
    values = {
        "rentable_area_sqm": rentable,
        "occupancy_rate": let / np.where(rentable > 0, rentable, np.nan),
        "mean_yuan": np.where(known, tax.mean(axis=0), np.nan),
        "lo80_yuan": np.where(known, bounds["lo80"], np.nan),
        "hi80_yuan": np.where(known, bounds["hi80"], np.nan),
        "p_yi": np.where(is_tiered, (tier == YI).mean(axis=0), np.nan),
        "p_up": np.where(known & has_base & (base > YI), (tier < base).mean(axis=0), np.nan),
        "p_down": np.where(known & has_base & (base < lowest), (tier > base).mean(axis=0), np.nan),
    }
    table = courses.places.loc[:, list(PLACE_COLUMNS)]
    table = table.assign(tier=tier_labels(baseline, count)).loc[np.repeat(table.index, years)]
    table = table.assign(
        year=np.tile(np.asarray(courses.years, dtype="int64"), count),
        **{name: value.ravel() for name, value in values.items()},
    )
    return table[list(BUILDING_COLUMNS)].reset_index(drop=True)


def tier_moves(baseline: Baseline, before: Courses, after: Courses) -> pd.DataFrame:
    """Return ``MOVE_COLUMNS``: places that are of another tier with ``after`` than with ``before``.

    In the last year; both have the same draws. ``p_tier_up`` is the share of draws in which the tier is
    higher with ``after``, ``p_tier_down`` lower; a place that only one of them has pays nothing in the
    other, where its tax and chance are NaN, and its ``p_yi_change`` is the whole chance. New supply that is
    no building is left out. Listed are those where the two come to ``LEAST_MOVED`` or more, by the change
    of the chance of 1亿元, the largest first, then by how often the tier changes.
    """
    places = pd.concat([before.places, after.places]).drop_duplicates("building_id").reset_index(drop=True)
    ids = places["building_id"]
    known = known_tax(baseline, len(places)) & are_buildings(baseline, places)
    there = [_is_there(courses, ids) for courses in (before, after)]
    taxes = [_last_tax(courses, ids) for courses in (before, after)]
    tiers = [tier_positions(tax) for tax in taxes]
    chances = [(tier == YI).mean(axis=0) for tier in tiers]
    table = places.assign(
        year=int(after.years[-1]),
        tier=tier_labels(baseline, len(places)),
        mean_before_yuan=np.where(there[0], taxes[0].mean(axis=0), np.nan),
        mean_after_yuan=np.where(there[1], taxes[1].mean(axis=0), np.nan),
        p_yi_before=np.where(there[0], chances[0], np.nan),
        p_yi_after=np.where(there[1], chances[1], np.nan),
        p_yi_change=chances[1] - chances[0],
        p_tier_up=(tiers[1] < tiers[0]).mean(axis=0),
        p_tier_down=(tiers[1] > tiers[0]).mean(axis=0),
    )
    moves = table["p_tier_up"] + table["p_tier_down"]
    table = table.assign(size=table["p_yi_change"].abs(), moves=moves)[
        known & (moves >= LEAST_MOVED).to_numpy()
    ]
    table = table.sort_values(["size", "moves", "building_id"], ascending=[False, False, True])
    return table[list(MOVE_COLUMNS)].reset_index(drop=True)


def base_tiers(baseline: Baseline, places: int) -> np.ndarray:
    """Return positions in ``TIERS.labels`` by the last known tax (places,); new places have ``UNKNOWN``."""
    own = tier_positions(baseline.buildings["tax_yuan"].to_numpy(dtype="float64"))
    return np.append(own, np.full(places - len(own), UNKNOWN, dtype=own.dtype))


def tier_labels(baseline: Baseline, places: int) -> pd.Series:
    """Return each place's tier of today by name: 无数据 where its tax is unknown, 新项目 for a new one."""
    old = len(baseline.buildings)
    at = base_tiers(baseline, places)
    names = np.array([*TIERS.labels, "无数据"])[at]
    return pd.Series(np.where(np.arange(places) < old, names, "新项目"), dtype="str")


def _last_tax(courses: Courses, ids: pd.Series) -> np.ndarray:
    """Return the tax of the last year (draws, ids), 0 for a place the courses do not have."""
    at = pd.Index(courses.places["building_id"]).get_indexer(ids)
    last = courses.tax_yuan[:, :, -1]
    return np.where(at >= 0, last[:, at], 0.0)


def _is_there(courses: Courses, ids: pd.Series) -> np.ndarray:
    """Return which of the places ``ids`` stand at the end of the last year (ids,)."""
    at = pd.Index(courses.places["building_id"]).get_indexer(ids)
    return (at >= 0) & are_there(courses)[at, -1]
