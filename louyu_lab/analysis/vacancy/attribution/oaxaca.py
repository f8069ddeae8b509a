"""Why one set of buildings is emptier than another: Oaxaca–Blinder on the fitted model.

The area-weighted rates of two sides differ by what the drivers' values tell and by the rest:

    R₁ − R₂ = (F₁ − F₂) + (U₁ − U₂),   F the mean predicted rate, U = R − F

with one set of coefficients for both sides, those of the whole fit (the pooled variant of Oaxaca & Ransom
1994). Each cause's share of F₁ − F₂ is the difference of its mean Shapley value: in a linear model that is
(x̄₁ − x̄₂) β, Oaxaca's own detailed term. Yun's (2004) weights for the logit agree with it where
differences are small, but divide by their sum, which may be next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import UNPLACED
from louyu_lab.analysis.vacancy.attribution.areas import asked_areas
from louyu_lab.analysis.vacancy.attribution.parts import (
    DRAW_TOLERANCE,
    UNEXPLAINED,
    Parts,
    intervals,
    parts_of,
)
from louyu_lab.analysis.vacancy.attribution.shapley import TOLERANCE

if TYPE_CHECKING:
    from louyu_lab.analysis.vacancy.drivers.result import DriverFit

#: The difference that the other parts add up to.
WHOLE_GAP = "实际相差"

#: A side of fewer buildings tells more of them than of its kind.
FEWEST_BUILDINGS = 5

STREET, YEAR, OTHERS = "街道", "年份", "其他街道"


@dataclass(frozen=True)
class Pair:
    """Two sides to compare: what they differ in, their names, and which rows of the frame (n,) are theirs."""

    dimension: str
    first: str
    second: str
    is_first: np.ndarray
    is_second: np.ndarray


def telling_pairs(result: DriverFit, frame: pd.DataFrame, vacant_sqm: str, year: int) -> list[Pair]:
    """Return comparisons worth printing: the street with most vacant ㎡ and the others, first year and now.

    ``frame`` has ``building_id, year`` and, for the streets, ``street``. The first year is the first that the
    fit could use: lagged drivers take one away. A comparison with fewer than ``FEWEST_BUILDINGS``
    buildings on a side is left out.
    """
    frame = frame.reset_index(drop=True)
    years = frame["year"].astype("str").astype("int64")
    fitted = years[frame[list(result.design.drivers)].notna().all(axis=1)]
    if not (fitted == year).any():
        return []
    now = (years == year).to_numpy()
    first_year = int(fitted.min())
    then = (years == first_year).to_numpy()
    pairs = [Pair(YEAR, f"{year}年", f"{first_year}年", now, then)] if first_year < year else []
    if "street" in frame:
        street = frame["street"].fillna(UNPLACED["street"]).astype("str")
        vacant = frame.loc[now, vacant_sqm].groupby(street[now]).sum()
        most = str(vacant.index[int(np.argmax(vacant))])
        is_there = (street == most).to_numpy()
        pairs.insert(0, Pair(STREET, most, OTHERS, now & is_there, now & ~is_there))
    return [pair for pair in pairs if _is_enough(frame, pair)]


def vacancy_gaps(
    result: DriverFit,
    frame: pd.DataFrame,
    pairs: Sequence[Pair],
    *,
    vacant_sqm: str | Sequence[float],
    area_sqm: str | Sequence[float],
    groups: Mapping[str, Sequence[str]],
    replicates: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Return table ``vacancy_gaps``: ``dimension, first, second, part, difference, lo, hi`` (rates 0–1).

    For each pair 实际相差 = the difference of the marketable vacancy rates (Σ vacant ÷ Σ area), then what
    each cause adds to it and 未解释; these add up to it. The other arguments as for ``attribute``; the
    reference is both sides together. Bounds are percentiles over bootstrap draws of the coefficients,
    the buildings as they are; 实际相差 is the ledgers' own and 未解释 is not modelled: both have none (NaN).
    A year effect among the causes is what all buildings have in common, not their make-up.
    """
    vacant, area, is_told = asked_areas(frame, vacant_sqm, area_sqm, replicates, seed)
    tables = []
    for pair in pairs:
        used = is_told & (pair.is_first | pair.is_second)
        weights = [_weights(area[used], side[used]) for side in (pair.is_first, pair.is_second)]
        if all(np.isfinite(side).all() for side in weights):
            parts = parts_of(result, frame[used], groups, area[used])
            contrast, rates = weights[0] - weights[1], vacant[used] / area[used]
            tables.append(_decomposed(pair, parts, contrast, rates, result, replicates, seed))
    if not tables:
        return declared("vacancy_gaps", pd.DataFrame(columns=list(TABLES["vacancy_gaps"].columns)))
    return declared("vacancy_gaps", pd.concat(tables, ignore_index=True))


def _decomposed(
    pair: Pair,
    parts: Parts,
    contrast: np.ndarray,
    rates: np.ndarray,
    result: DriverFit,
    replicates: int,
    seed: int,
) -> pd.DataFrame:
    """Decompose one pair; ``contrast`` (n,) is the first side's weights less the second's."""

    def modelled(beta: np.ndarray, tolerance: float = DRAW_TOLERANCE) -> np.ndarray:
        _, values = parts.values(beta, tolerance)
        return contrast @ values

    point, rest = modelled(result.beta, TOLERANCE), contrast @ (rates - parts.rates(result.beta))
    lo, hi = intervals(result, modelled, replicates, seed)
    table = pd.DataFrame({"part": [WHOLE_GAP, *parts.causes, UNEXPLAINED]}, dtype="str")
    names = {"dimension": pair.dimension, "first": pair.first, "second": pair.second}
    return table.assign(
        **names,
        difference=np.concatenate([[contrast @ rates], point, [rest]]),
        lo=np.concatenate([[np.nan], lo, [np.nan]]),
        hi=np.concatenate([[np.nan], hi, [np.nan]]),
    )


def _weights(area: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return each row's share of its side's area, 0 outside it; NaN for a side without area."""
    inside = area * member
    return np.divide(inside, inside.sum(), out=np.full(len(area), np.nan), where=inside.sum() > 0)


def _is_enough(frame: pd.DataFrame, pair: Pair) -> bool:
    sides = (pair.is_first, pair.is_second)
    return all(frame.loc[side, "building_id"].nunique() >= FEWEST_BUILDINGS for side in sides)
