"""The score of each 街道 (考核): occupancy, growth of tax on 可比口径, and tax per ㎡.

All three are rates, so that a large street has no lead by its size alone; growth is counted over the
buildings of both years, so that a new tower is no merit of the year's work.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from louyu_lab.analysis.growth import comparable_tax
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import of_year, totals

#: Measure -> weight; equal unless told otherwise.
EQUAL_WEIGHTS: Mapping[str, float] = {"occupancy_rate": 1.0, "growth_rate": 1.0, "tax_per_sqm_yuan": 1.0}

#: Least number of streets a comparison among streets means anything for.
MIN_STREETS = 3

#: Completion beyond which a target earns nothing more.
COMPLETION_CAP = 1.2


class ScorecardRefused(ValueError):
    """The streets cannot be scored; the message says why and what would mend it."""


def street_scorecard(
    panel: pd.DataFrame,
    year: int,
    weights: Mapping[str, float] = EQUAL_WEIGHTS,
    targets: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return table ``street_scorecard`` from ``panel.building_years`` of ``year`` and the year before.

    Without ``targets`` the score is 50 + 10 × the weighted mean z-score among the streets; with
    ``targets`` (measure -> value) it is 100 × the weighted mean of value ÷ target, each between 0 and
    ``COMPLETION_CAP``. Equal scores share a rank (1, 2, 2, 4). A street that lacks a measure with a
    weight is listed last, without score and rank. Buildings without a street are left out.

    Raises ValueError for weights or targets that do not fit, ScorecardRefused when fewer than
    ``MIN_STREETS`` streets can be compared by z-scores.
    """
    shares = _checked_weights(weights)
    measures = street_measures(panel, year)
    points = (
        _z_points(measures[list(shares.index)])
        if targets is None
        else _target_points(measures, shares, targets)
    )
    # Rounded, so that equal streets tie in spite of floating point.
    score = points.mul(shares, axis=1).sum(axis=1, skipna=False).round(6)
    rank = score.rank(method="min", ascending=False).astype("Int64")
    table = measures.assign(score=score, rank=rank).sort_values(["rank", "street"], na_position="last")
    return declared("street_scorecard", table[list(TABLES["street_scorecard"].columns)])


def street_measures(panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the measures by street: ``street, buildings, tax_yuan, occupancy_rate, growth_rate,
    tax_per_sqm_yuan``; NaN where the ledgers do not say.
    """
    rows = of_year(panel, year)
    table = totals(rows[rows["street"].notna()], "street")
    growth = {street: _growth(panel[panel["street"] == street], year) for street in table["street"]}
    table["growth_rate"] = table["street"].map(growth).astype("float64")
    return table[["street", "buildings", "tax_yuan", *EQUAL_WEIGHTS]]


def _growth(panel: pd.DataFrame, year: int) -> float:
    if not {year - 1, year} <= set(panel["year"]):
        return float("nan")
    return comparable_tax(panel, year - 1, year).growth_rate


def _z_points(measures: pd.DataFrame) -> pd.DataFrame:
    """50 + 10 z among the streets that have every measure; all equal gives 50."""
    complete = measures.dropna()
    if len(complete) < MIN_STREETS:
        raise ScorecardRefused(
            f"数据齐全的街道只有 {len(complete)} 个，不足 {MIN_STREETS} 个，相互比较没有意义；"
            "请补齐入驻率和两年税收，或给出目标值按完成率打分"
        )
    spread = complete.std(ddof=0)
    # A spread of rounding size is none.
    z = (complete - complete.mean()) / spread.where(spread > 1e-12 * complete.abs().max())
    return (50 + 10 * z.fillna(0.0)).reindex(measures.index)


def _target_points(measures: pd.DataFrame, shares: pd.Series, targets: Mapping[str, float]) -> pd.DataFrame:
    missing = [name for name in shares.index if not targets.get(name, 0) > 0]
    if missing:
        raise ValueError(f"按完成率打分须给出大于 0 的目标值，缺：{'、'.join(missing)}")
    goals = pd.Series({name: float(targets[name]) for name in shares.index})
    return 100 * (measures[list(shares.index)] / goals).clip(0, COMPLETION_CAP)


def _checked_weights(weights: Mapping[str, float]) -> pd.Series:
    """Return the weights above 0, scaled to add up to 1."""
    unknown = sorted(set(weights) - set(EQUAL_WEIGHTS))
    if unknown:
        raise ValueError(f"权重里有不认识的指标 {'、'.join(unknown)}；可用：{'、'.join(EQUAL_WEIGHTS)}")
    shares = pd.Series(dict(weights), dtype="float64")
    if shares.empty or not (shares >= 0).all() or shares.sum() <= 0:
        raise ValueError(f"权重须不小于 0 且不全为 0：{dict(weights)}")
    return shares[shares > 0] / shares.sum()
