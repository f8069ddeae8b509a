"""Which buildings meet the conditions of a scorecard, which do not, and by how much they fall short.

Three answers, never two: what the ledgers do not tell is 待补, neither met nor failed. A requirement of
several alternatives is met as soon as one is, failed only when all are (Kleene's three-valued logic).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.scorecards.cards import Condition, Requirement
from louyu_lab.analysis.industry.scorecards.catalogue import NO

#: Rounding that a division leaves behind, relative to the threshold: 0.7 reached by 7 ÷ 10 counts.
_ROUNDING = 1e-9


def is_met(condition: Condition, measures: pd.DataFrame) -> pd.Series:
    """Return by building whether a condition holds (boolean, missing where the indicator is unknown)."""
    values = measures[condition.code]
    if condition.one_of:
        met = values.isin(condition.one_of)
    else:
        met = shortfall(condition, measures).fillna(0.0) <= 0
    return met.astype("boolean").mask(values.isna())


def shortfall(condition: Condition, measures: pd.DataFrame) -> pd.Series:
    """Return by building how much a number lacks to its threshold (stored unit, 0 where it is met).

    NaN for labels and where the indicator is unknown.
    """
    if condition.one_of:
        return pd.Series(np.nan, index=measures.index)
    values = measures[condition.code].astype("float64")
    lacks = pd.Series(0.0, index=values.index)
    for bound, missing in (
        (condition.at_least, lambda low: low - values),
        (condition.at_most, lambda high: values - high),
    ):
        if bound is not None:
            lacks = lacks.mask(missing(bound) > _ROUNDING * max(1.0, abs(bound)), missing(bound))
    return lacks.mask(values.isna())


def relative_shortfall(condition: Condition, measures: pd.DataFrame) -> pd.Series:
    """Return the shortfall as a part of the threshold.

    For a label, and beside a threshold of 0, it is 1 where the condition is not met, else 0.
    """
    lacks = shortfall(condition, measures)
    bound = condition.at_least if condition.at_least is not None else condition.at_most
    if bound:
        return lacks / abs(bound)
    failed = ~is_met(condition, measures)
    return failed.astype("Float64").astype("float64")


def requirement_met(requirement: Requirement, measures: pd.DataFrame) -> pd.Series:
    """Return by building whether any alternative holds (boolean, missing where it cannot be told)."""
    return reduce(or_, (is_met(condition, measures) for condition in requirement.any_of))


def all_met(requirements: Sequence[Requirement], measures: pd.DataFrame) -> pd.Series:
    """Return by building whether every requirement holds; without requirements all do."""
    everything = pd.Series(True, index=measures.index, dtype="boolean")
    return reduce(and_, (requirement_met(one, measures) for one in requirements), everything)


def attainment(requirement: Requirement, measures: pd.DataFrame) -> pd.Series:
    """Return by building how near it comes to a requirement, 0–100.

    100 where met, else 100 × (1 − relative shortfall), never below 0. The best alternative counts; NaN
    where an unknown one might still meet it.
    """
    parts = [1 - relative_shortfall(condition, measures).clip(upper=1.0) for condition in requirement.any_of]
    best = pd.concat(parts, axis=1).max(axis=1) * 100
    return best.mask(requirement_met(requirement, measures).isna())


def lacking(requirement: Requirement, measures: pd.DataFrame) -> pd.Series:
    """Return by building what an unmet or unknown requirement lacks, in words; empty where it is met.

    Of several alternatives the one that is nearest.
    """
    met = requirement_met(requirement, measures)
    gaps = pd.concat([relative_shortfall(one, measures) for one in requirement.any_of], axis=1)
    nearest = gaps.fillna(np.inf).to_numpy().argmin(axis=1)
    unknown = f"{'或'.join(one.indicator.zh for one in requirement.any_of)}待补"
    words = [
        unknown if pd.isna(state) else "" if state else _gap(requirement.any_of[at], row)
        for (_, row), state, at in zip(measures.iterrows(), met, nearest, strict=True)
    ]
    return pd.Series(words, index=measures.index, dtype="str")


def _gap(condition: Condition, row: pd.Series) -> str:
    indicator, value = condition.indicator, row[condition.code]
    if indicator.unit == "是/否":
        return indicator.unmet if value == NO else f"{indicator.zh}：{value}"
    if condition.one_of:
        return f"{indicator.zh}为{value}，须为{'或'.join(condition.one_of)}"
    is_low = condition.at_least is not None and value < condition.at_least
    bound = condition.at_least if is_low else condition.at_most
    gap = indicator.printed(abs(bound - value), is_difference=True)
    return f"{indicator.zh}{'差' if is_low else '超'} {gap}（现 {indicator.printed(value)}）"
