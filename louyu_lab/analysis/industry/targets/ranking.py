"""Target industries: for each building the industries most to be expected next, with the evidence."""

from __future__ import annotations

from numbers import Integral

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.composition import checked_counts
from louyu_lab.analysis.industry.targets.recommenders import DEFAULT, RECOMMENDERS
from louyu_lab.analysis.industry.targets.relatedness import closest_present, density

#: Columns of ``target_industries`` in order.
COLUMNS = (
    *("building_id", "rank", "industry", "score", "is_present", "firms", "share_building"),
    *("share_district", "density", "related_to"),
)

#: Scores closer than this are equal: what differs is rounding, which is not the same on every machine.
_DIGITS = 12


def target_industries(counts: pd.DataFrame, k: int, *, recommender: str = DEFAULT) -> pd.DataFrame:
    """Return the ``k`` industries to invite to each building, best first.

    ``counts``: buildings × industries, as ``composition.building_composition``. One row a building and
    rank, buildings in the order given: ``building_id, rank`` (1 … k; fewer where there are fewer
    industries), ``industry, score`` (of the recommender; for the default the share of next entrants to be
    expected, 0–1), ``is_present`` (some of it is there: 强链, else 补链), ``firms`` (the building's count),
    ``share_building, share_district`` (0–1; missing where there is nobody), ``density`` (see
    ``relatedness.density``), ``related_to`` (the closest other industry the building is strong in, missing
    where there is none). Equal scores go to the industry that is larger in the district, then to the first
    column. A building without anybody gets the district's industries. No rows without anybody at all.

    Raises TypeError and ValueError as ``composition.checked_counts``, for a ``k`` that is no whole number or
    below 1, and for an unknown recommender.
    """
    counts = checked_counts(counts)
    if not isinstance(k, Integral) or isinstance(k, bool):
        raise TypeError(f"k must be a whole number, not {k!r}")
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if recommender not in RECOMMENDERS:
        raise ValueError(f"recommender must be one of {', '.join(RECOMMENDERS)}, not {recommender!r}")
    values = counts.to_numpy()
    if values.size == 0 or values.sum() == 0:
        return _typed(pd.DataFrame(columns=list(COLUMNS)))
    order, scores = ranked(values, recommender)
    order = order[:, :k]
    rows, chosen = np.arange(len(values)).repeat(order.shape[1]), order.ravel()
    firms = values[rows, chosen]
    whole = values.sum(axis=1)
    found = pd.DataFrame(
        {
            "building_id": counts.index[rows],
            "rank": np.tile(np.arange(1, order.shape[1] + 1), len(values)),
            "industry": counts.columns[chosen],
            "score": scores[rows, chosen],
            "is_present": firms > 0,
            "firms": firms,
            "share_building": firms / np.where(whole > 0, whole, np.nan)[rows],
            "share_district": (values.sum(axis=0) / values.sum())[chosen],
            "density": density(counts).to_numpy()[rows, chosen],
            "related_to": closest_present(counts).to_numpy()[rows, chosen],
        }
    )
    return _typed(found)


def ranked(values: np.ndarray, recommender: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns of every row from best to last, and the scores; ties as ``target_industries``."""
    scores = RECOMMENDERS[recommender](values).round(_DIGITS)
    larger = np.broadcast_to(values.sum(axis=0), values.shape)
    # The sort is stable: what is equal in both stays in the order of the columns.
    return np.lexsort((-larger, -scores), axis=1), scores


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    kinds = {"rank": "int64", "is_present": "bool", "industry": "str", "related_to": "str"}
    kinds |= dict.fromkeys(("score", "firms", "share_building", "share_district", "density"), "float64")
    return frame.astype(kinds)
