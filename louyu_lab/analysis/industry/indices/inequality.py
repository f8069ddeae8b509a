"""Indices of one composition: Herfindahl, Gini, Theil, Shannon and evenness.

Each takes a vector and returns a number; an array of several axes is taken along the last, a frame row by
row (a Series comes back). Zeros count as parts with nothing in them. An empty vector, or one of zeros
only, gives NaN; missing, infinite or negative values raise ValueError.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.indices import formulas
from louyu_lab.analysis.industry.indices.checks import amounts, like, matched

Answer = float | np.ndarray | pd.Series


def herfindahl(x: object, normalised: bool = False) -> Answer:
    """Return the Herfindahl–Hirschman index HHI = Σs², s = x/Σx, from 1/n (even) to 1 (one part has all).

    ``normalised``: (HHI − 1/n)/(1 − 1/n), from 0 to 1; NaN for n = 1, where there is nothing to compare.
    Source: Hirschman (1964), AER 54; normalised after Dörsam (2004), Wirtschaftsstatistik.
    """
    values = amounts(x)
    index, n = formulas.herfindahl(formulas.shares(values)), values.shape[-1]
    index = np.where(values.sum(axis=-1) > 0, index, np.nan)
    if normalised:
        index = (index - 1.0 / n) / (1.0 - 1.0 / n) if n > 1 else index * np.nan
    return like(x, index)


def gini(x: object, normalised: bool = False, weights: object | None = None) -> Answer:
    """Return the Gini coefficient G = Σ(2i − n − 1)·x₍ᵢ₎/(n·Σx), x ascending; 0 even, (n − 1)/n at most.

    ``normalised``: G·n/(n − 1), from 0 to 1; NaN for n = 1. ``weights`` (for a vector only): each x is the
    mean of a class of that size, G = 1 − Σ(y_{j−1} + y_j)·w_j/Σw with y the cumulated share of x·w; two
    Series are matched by index. Source: Gini (1912); Dörsam (2004), pp. 44–48.
    """
    values = amounts(x, dimensions=None if weights is None else 1)
    n = values.shape[-1]
    if n == 0:
        return like(x, np.full(values.shape[:-1], np.nan))
    index = formulas.gini(values) if weights is None else _weighted_gini(x, weights)
    if normalised:
        index = index * n / (n - 1) if n > 1 else index * np.nan
    return like(x, index)


def theil(x: object, kind: Literal["T", "L"] = "T") -> Answer:
    """Return Theil's index: T = mean((x/μ)·ln(x/μ)), or L = mean(ln(μ/x)), the mean log deviation; 0 is even.

    T reaches ln n. L is infinite as soon as one x is 0. Source: Theil (1967), Economics and Information
    Theory; L as in Störmann (2009), Regionalökonomik.
    """
    if kind not in ("T", "L"):
        raise ValueError(f"kind must be 'T' or 'L', not {kind!r}")
    values = amounts(x)
    if values.shape[-1] == 0:
        return like(x, np.full(values.shape[:-1], np.nan))
    return like(x, (formulas.theil_t if kind == "T" else formulas.theil_l)(values))


def shannon(x: object) -> Answer:
    """Return the entropy H = −Σs·ln s (natural logarithm): 0 with one part, ln n when even.

    Source: Shannon (1948), Bell System Technical Journal 27.
    """
    values = amounts(x)
    entropy = formulas.shannon(formulas.shares(values))
    return like(x, np.where(values.sum(axis=-1) > 0, entropy, np.nan))


def evenness(x: object) -> Answer:
    """Return Pielou's J = H/ln S, S the number of parts with anything in them; 1 is even, NaN with one part.

    Source: Pielou (1966), Journal of Theoretical Biology 13.
    """
    values = amounts(x)
    return like(x, formulas.pielou(values))


def _weighted_gini(x: object, weights: object) -> np.ndarray:
    amounts(weights, "weights", dimensions=1)
    values, size = (np.asarray(part, "float64") for part in matched(x=x, weights=weights))
    order = np.argsort(values, kind="stable")
    held = formulas.shares(values[order] * size[order])
    reached = np.cumsum(held)
    return 1.0 - ((2.0 * reached - held) * formulas.shares(size[order])).sum()
