"""How well a project and a space go together: area, rent and industry, each 0–1, and their product.

The scores are a convention of the workbench, no measured probability; what they rest on stands beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.targets.recommenders import DEFAULT, RECOMMENDERS

#: A space may be this much smaller than what the project needs; at the edge the fit is 0.
SHORT_OF = 0.2

#: A space up to this many times the need is as good as one that is just right; beyond, part of it is
#: likely to stay empty and the fit falls with the square root.
ROOMY = 1.2

#: The asking rent may exceed the budget by this much; at the edge the fit is 0.
OVER_BUDGET = 0.25

#: Fit of what one side does not tell: neither good nor bad.
UNTOLD = 0.5

#: Factor on the industry's fit where the space is meant for other industries.
NOT_INTENDED = 0.5

#: Scores below this are not worth a visit.
LEAST_SCORE = 0.2


@dataclass(frozen=True)
class Fits:
    """Fits of projects (rows) and spaces (columns), arrays of 0–1; ``score`` is the product of the three."""

    area: np.ndarray
    industry: np.ndarray
    rent: np.ndarray

    @property
    def score(self) -> np.ndarray:
        """Area fit × industry fit × rent fit."""
        return self.area * self.industry * self.rent


def fits(projects: pd.DataFrame, spaces: pd.DataFrame, counts: pd.DataFrame) -> Fits:
    """Return the fits of every project with every space.

    ``projects``: ``needed_area_sqm, rent_budget_yuan, industries`` (tuple); ``spaces``: as
    ``spaces.vacant_spaces``; ``counts``: ``composition.building_composition``.
    """
    return Fits(
        area_fit(
            projects["needed_area_sqm"].to_numpy("float64"),
            spaces["area_sqm"].to_numpy("float64"),
            spaces["is_divisible"].to_numpy(bool),
        ),
        industry_fit(projects["industries"], spaces["building_id"], spaces["intended"], counts),
        rent_fit(
            projects["rent_budget_yuan"].to_numpy("float64"), spaces["asking_rent_yuan"].to_numpy("float64")
        ),
    )


def area_fit(needed: np.ndarray, offered: np.ndarray, divisible: np.ndarray) -> np.ndarray:
    """Return the fit of areas (projects × spaces) by r = offered ÷ needed.

    1 for 1 ≤ r ≤ ``ROOMY``; below 1 it falls in a line to 0 at 1 − ``SHORT_OF``; above it is
    √(ROOMY ÷ r), or 1 where the space is ``divisible``. 0 where either area is not known or 0.
    """
    needed = needed[:, None]
    ratio = np.divide(offered, needed, out=np.full((len(needed), len(offered)), np.nan), where=needed > 0)
    short = 1.0 - (1.0 - ratio) / SHORT_OF
    large = np.where(divisible, 1.0, np.sqrt(ROOMY / np.maximum(ratio, ROOMY)))
    fit = np.where(ratio < 1.0, short, large)
    return np.where(np.isfinite(ratio), np.clip(fit, 0.0, 1.0), 0.0)


def rent_fit(budget: np.ndarray, asking: np.ndarray) -> np.ndarray:
    """Return the fit of rents (projects × spaces): 1 within the budget, 0 from ``OVER_BUDGET`` beyond it.

    In between it falls in a line; ``UNTOLD`` where either is not known.
    """
    budget = budget[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        over = asking / np.where(budget > 0, budget, np.nan) - 1.0
    return np.where(np.isfinite(over), np.clip(1.0 - over / OVER_BUDGET, 0.0, 1.0), UNTOLD)


def industry_fit(
    wanted: pd.Series, buildings: pd.Series, intended: pd.Series, counts: pd.DataFrame
) -> np.ndarray:
    """Return the fit of industries (projects × spaces).

    How much of the project's industry is to be expected in the space's building, as a share of the building
    where most of it is (``recommenders.DEFAULT``; outside buildings, and in one without firms, the
    district's share stands for it). 1 where the space is meant for the industry, times ``NOT_INTENDED``
    where it is meant for others. Of several industries the best counts; ``UNTOLD`` for a project without one.
    """
    fit = np.full((len(wanted), len(buildings)), UNTOLD)
    expected = _expected(buildings, counts)
    meant = [set(names) for names in intended]
    some = np.array([bool(names) for names in meant], dtype=bool)
    for row, names in enumerate(wanted):
        if not names:
            continue
        each = []
        for name in names:
            own = expected[name] if name in expected else np.zeros(len(buildings))
            asked = np.array([name in one for one in meant], dtype=bool)
            each.append(np.where(asked, 1.0, np.where(some, NOT_INTENDED * own, own)))
        fit[row] = np.max(each, axis=0)
    return fit


def best_assignment(score: np.ndarray) -> np.ndarray:
    """Return each project's space in the one-to-one assignment of the highest total score; −1 for none.

    Pairs below ``LEAST_SCORE`` are no pair.
    """
    from scipy.optimize import linear_sum_assignment

    chosen = np.full(len(score), -1)
    if score.size:
        rows, columns = linear_sum_assignment(np.where(score >= LEAST_SCORE, score, 0.0), maximize=True)
        good = score[rows, columns] >= LEAST_SCORE
        chosen[rows[good]] = columns[good]
    return chosen


def _expected(buildings: pd.Series, counts: pd.DataFrame) -> dict[str, np.ndarray]:
    """Score of each industry in each space's building, relative to the building where it is highest."""
    values = counts.to_numpy(dtype="float64")
    if values.sum() == 0:
        return {}
    # One row without anybody, at the end: what is expected where nothing is known.
    scores = RECOMMENDERS[DEFAULT](np.vstack([values, np.zeros(values.shape[1])]))
    highest = scores.max(axis=0)
    relative = np.divide(scores, highest, out=np.zeros_like(scores), where=highest > 0)
    row = counts.index.get_indexer(buildings)
    return dict(zip(counts.columns, relative[np.where(row < 0, len(counts), row)].T, strict=True))
