"""How sure a location quotient of few firms is: exact conditional intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.indices.checks import amounts
from louyu_lab.analysis.industry.indices.margins import Cells, cells

#: Bounds of the log odds ratio searched, and halvings of that range: to 1e-9 of it.
WIDEST, HALVINGS = 40.0, 36


def location_quotient_interval(
    matrix: pd.DataFrame | np.ndarray, level: float = 0.95
) -> tuple[pd.DataFrame, pd.DataFrame] | tuple[np.ndarray, np.ndarray]:
    """Return lower and upper bounds of every location quotient of a table of counts.

    Exact and conditional on both margins: a cell's odds ratio ψ against the rest of the table has the
    interval of all ψ that neither tail of (1 − level)/2 of Fisher's noncentral hypergeometric law refuses
    (Cornfield 1956); each bound is printed as the LQ that a table with these margins and odds ratio has.
    So it covers at least ``level`` (more for few firms) and holds 1 exactly where the two tails of Fisher's
    exact test do. Frames for a frame, arrays for an array. NaN where region or industry has nobody; with
    one region both are 1. Raises ValueError for counts that are not whole or not counts, and for a level
    outside (0, 1). Time grows with the number of firms in the cells: meant for districts, not for nations.
    """
    counts = amounts(matrix, "matrix", dimensions=2)
    if (counts != np.round(counts)).any():
        raise ValueError("matrix must hold whole numbers: intervals are of counts, not of areas or taxes")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    low, high = np.full(counts.size, np.nan), np.full(counts.size, np.nan)
    tail, found = (1 - level) / 2, counts.ravel()
    for block in cells(rows, columns):
        own = found[block.at]
        row, column = rows[block.at // len(columns)], columns[block.at % len(columns)]
        for side, bounds in (("upper", low), ("lower", high)):
            odds = _odds_at(block, own, tail, side)
            bounds[block.at] = _quotient(odds, row, column, counts.sum())
    if isinstance(matrix, pd.DataFrame):
        low, high = (pd.DataFrame(_as(b, counts), matrix.index, matrix.columns) for b in (low, high))
        return low, high
    return _as(low, counts), _as(high, counts)


def _odds_at(block: Cells, own: np.ndarray, tail: float, side: str) -> np.ndarray:
    """Return the log odds ratio at which the upper (or lower) tail from the cell's own count has ``tail``."""
    beyond = block.values >= own[:, None] if side == "upper" else block.values <= own[:, None]
    beyond &= np.isfinite(block.log_weight)
    sign = 1.0 if side == "upper" else -1.0
    low, high = np.full(len(own), -WIDEST), np.full(len(own), WIDEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        reached = np.where(beyond, block.chances(middle), 0.0).sum(axis=1)
        is_above = sign * (reached - tail) > 0
        low, high = np.where(is_above, low, middle), np.where(is_above, middle, high)
    # At the end of what a cell can hold the tail is always everything: the bound is the end itself.
    free = ~(np.isfinite(block.log_weight) & ~beyond).any(axis=1)
    return np.where(free, -sign * np.inf, (low + high) / 2)


def _quotient(log_odds: np.ndarray, row: np.ndarray, column: np.ndarray, total: float) -> np.ndarray:
    """Return the LQ of a table with these margins and odds ratio: m(N − n − k + m) = ψ(n − m)(k − m)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        least, most = np.maximum(0.0, row + column - total), np.minimum(row, column)
        odds = np.exp(np.clip(log_odds, -WIDEST, WIDEST))
        # (1 − ψ)m² + (N − n − k + ψ(n + k))m − ψnk = 0, its root written so that nothing cancels.
        b, c = total - row - column + odds * (row + column), odds * row * column
        root = 2 * c / (b + np.sqrt(np.maximum(b * b + 4 * (1 - odds) * c, 0.0)))
        cell = np.where(np.isinf(log_odds), np.where(log_odds > 0, most, least), root)
        return np.clip(cell, least, most) * total / np.where(row * column > 0, row * column, np.nan)


def _as(flat: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return flat.reshape(counts.shape)
