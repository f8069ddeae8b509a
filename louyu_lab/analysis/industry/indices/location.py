"""Indices that compare a part with the whole: location quotient, Krugman, locational Gini."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.indices import formulas
from louyu_lab.analysis.industry.indices.checks import amounts, matched, same_length


def location_quotient(matrix: pd.DataFrame | np.ndarray) -> pd.DataFrame | np.ndarray:
    """Return LQ = (x_bk/x_b)/(x_k/x) of a table with regions down and industries across.

    1: the industry has the share here that it has overall. A frame gives a frame, an array an array. NaN
    where the region or the industry has nothing at all. With one region every LQ is 1. Missing, infinite
    or negative values raise ValueError. Source: Hoover (1936); Farhauer/Kröll (2013), Standorttheorien.
    """
    quotient = formulas.location_quotient(amounts(matrix, "matrix", dimensions=2))
    if isinstance(matrix, pd.DataFrame):
        return pd.DataFrame(quotient, index=matrix.index, columns=matrix.columns)
    return quotient


def krugman(a: object, b: object) -> float:
    """Return Krugman's index K = Σ|a/Σa − b/Σb|: 0 the same structure, 2 nothing in common.

    ``a`` and ``b`` list the same parts in the same order: industries of two regions (specialisation) or
    regions of two industries (concentration). Two Series are matched by label; a label that only one of
    them has counts 0 in the other; ValueError where a label stands twice. NaN where either is empty or all
    zero. Source: Krugman (1991), Geography and Trade.
    """
    if isinstance(a, pd.Series) and isinstance(b, pd.Series):
        amounts(a, "a"), amounts(b, "b")
        for name, index in (("a", a.index), ("b", b.index)):
            if not index.is_unique and not a.index.equals(b.index):
                raise ValueError(f"{name} has {index[index.duplicated()][0]} twice")
        a, b = a.align(b, fill_value=0.0)
    first, second = amounts(a, "a", dimensions=1), amounts(b, "b", dimensions=1)
    same_length(a=first, b=second)
    if first.sum() <= 0 or second.sum() <= 0:
        return float("nan")
    return float(formulas.krugman(formulas.shares(first), formulas.shares(second)))


def krugman_against_others(a: object, others: pd.DataFrame | np.ndarray) -> float:
    """Return Krugman's index of ``a`` against the mean structure of several ``others``.

    K = Σ|s − s̄| with s̄ the mean of the others' shares, each other one column of ``others`` (rows as in
    ``a``); others without anything are left out of the mean. A Series beside a frame is matched by label
    with its rows, as in ``krugman``. Source: Farhauer/Kröll (2013).
    """
    table = amounts(others, "others", dimensions=2)
    held = formulas.shares(table[:, table.sum(axis=0) > 0], axis=0)
    mean = held.mean(axis=1) if held.shape[1] else np.zeros(len(table))
    return krugman(a, pd.Series(mean, others.index) if isinstance(others, pd.DataFrame) else mean)


def locational_gini(part: object, whole: object) -> float:
    """Return the Gini coefficient of the location quotients (part_j/Σpart)/(whole_j/Σwhole).

    With ``part`` an industry by region and ``whole`` the regions' totals it tells the industry's
    concentration, with ``part`` a region by industry and ``whole`` the industries' totals the region's
    specialisation; 0 follows the whole, near 1 all in one. Where ``whole`` is 0, ``part`` must be too, and
    the place is left out. NaN without anything. Two Series are matched by label and must have the same ones
    (``checks.matched``). Source: Krugman (1991); Farhauer/Kröll (2013).
    """
    own, total = amounts(part, "part", dimensions=1), amounts(whole, "whole", dimensions=1)
    own, total = (np.asarray(x, "float64") for x in matched(part=part, whole=whole))
    if ((total == 0) & (own > 0)).any():
        raise ValueError("whole is 0 where part is not")
    own, total = own[total > 0], total[total > 0]
    if own.sum() <= 0:
        return float("nan")
    return float(formulas.gini(formulas.shares(own) / formulas.shares(total)))
