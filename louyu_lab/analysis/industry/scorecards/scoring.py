"""Points, scores and grades of a scorecard, with the bounds that missing values leave open.

A missing indicator scores neither 0 nor full marks: the score is the weighted mean over the indicators
that are known, ``lo`` and ``hi`` what it would be were every missing one worth 0 or 100.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.scorecards.cards import UNGRADED, Criterion, Scorecard
from louyu_lab.analysis.industry.scorecards.conditions import attainment

#: Least share of the weights that must be known for a score and a rank.
MIN_KNOWN = 0.5

#: Decimals by which two scores are equal in spite of floating point.
DECIMALS = 6


def points(card: Scorecard, measures: pd.DataFrame) -> pd.DataFrame:
    """Return the points (0–100) by building and part of the card; NaN where the indicator is unknown.

    Parts are the criteria, named by their indicator's code; in a card without criteria its requirements,
    each by how near the building comes to it (see ``conditions.attainment``).
    """
    if card.criteria:
        found = {one.code: criterion_points(one, measures[one.code]) for one in card.criteria}
    else:
        found = {one.text: attainment(one, measures) for one in card.requirements}
    return pd.DataFrame(found, index=measures.index, dtype="float64")


def criterion_points(criterion: Criterion, values: pd.Series) -> pd.Series:
    """Return the points (0–100) of one indicator's values; NaN where they are missing."""
    if criterion.points:
        scored = values.map(dict(criterion.points)).astype("float64").fillna(0.0)
    elif criterion.linear:
        zero, full = criterion.linear
        scored = ((values - zero) / (full - zero)).clip(0.0, 1.0) * 100
    else:
        lows, given = (np.array(part) for part in zip(*criterion.bands, strict=True))
        # Rounded as ``bands.Bands`` does: 0.85 reached by a division is 0.85.
        place = np.searchsorted(lows.round(9), values.astype("float64").round(9), side="right")
        scored = pd.Series(np.append(0.0, given)[place], index=values.index)
    return scored.astype("float64").mask(values.isna())


def weighted(part_points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted mean of known points: (b, k) points and (d, k) weights give (b, d); NaN if none.

    Σ w·s ÷ Σ w over the parts that are known in the building.
    """
    known = np.isfinite(part_points)
    sums = np.where(known, part_points, 0.0) @ weights.T
    whole = known.astype("float64") @ weights.T
    return np.divide(sums, whole, out=np.full(sums.shape, np.nan), where=whole > 0).round(DECIMALS)


def scores(card: Scorecard, measures: pd.DataFrame) -> pd.DataFrame:
    """Return ``score, lo_score, hi_score`` (0–100), ``known_rate`` (0–1) and ``rank`` by building.

    ``known_rate`` is the known share of the weights; below ``MIN_KNOWN`` there is no score and no rank.
    Equal scores share the better rank (1, 2, 2, 4).
    """
    part_points = points(card, measures).to_numpy()
    weights = np.array([card.weights])
    known = np.isfinite(part_points).astype("float64") @ weights[0]
    low = weighted(np.nan_to_num(part_points, nan=0.0), weights)[:, 0]
    high = weighted(np.nan_to_num(part_points, nan=100.0), weights)[:, 0]
    score = np.where(known >= MIN_KNOWN - 1e-9, weighted(part_points, weights)[:, 0], np.nan)
    table = pd.DataFrame({"score": score, "lo_score": low, "hi_score": high}, index=measures.index)
    rank = table["score"].rank(method="min", ascending=False).astype("Int64")
    return table.assign(known_rate=known.round(9), rank=rank)


def grades_of(card: Scorecard, score: pd.Series) -> pd.Series:
    """Return the grade of each score, ``UNGRADED`` below the lowest; missing without score or grades."""
    label = pd.Series(UNGRADED, index=score.index, dtype="str").mask(score.isna() | (not card.grades))
    for name, least in reversed(card.grades):
        label = label.mask(score >= least - 10.0**-DECIMALS, name)
    return label
