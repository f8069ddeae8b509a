"""Which industry is over-represented where: every cell of buildings by industries against chance, exactly.

With both margins kept, the firms of one industry in one building follow the hypergeometric law, so that
nothing needs to be drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.industry.chance.expectation import LIMITS
from louyu_lab.analysis.industry.indices.margins import cells


@dataclass(frozen=True)
class CellChance:
    """Every cell (buildings, industries): ``expected`` firms, limits ``lo, hi``, ``p_value`` of as many."""

    expected: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    p_value: np.ndarray


def cells_against_chance(counts: np.ndarray, limits: tuple[float, float] = LIMITS) -> CellChance:
    """Return what chance puts in the cells of ``counts`` (whole numbers), both margins kept.

    ``p_value`` = P(X ≥ x), one-sided; cells without firms or without an industry in the district have 1.
    """
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    total = max(float(counts.sum()), 1.0)
    flat = counts.ravel().astype("float64")
    lo, hi, p_value = (np.zeros(counts.size) for _ in range(3))
    for block in cells(rows, columns):
        chances = block.chances()
        reached = np.cumsum(chances, axis=1)
        for limit, bounds in zip(limits, (lo, hi), strict=True):
            # Past its last value a cell's cumulated chance is 1 but for rounding.
            at = np.argmax(reached >= limit - 1e-12, axis=1)
            bounds[block.at] = block.values[np.arange(len(at)), at]
        as_many = (block.values >= flat[block.at][:, None]) & np.isfinite(block.log_weight)
        p_value[block.at] = np.minimum(np.where(as_many, chances, 0.0).sum(axis=1), 1.0)
    shape = counts.shape
    expected = np.outer(rows, columns) / total
    return CellChance(expected, lo.reshape(shape), hi.reshape(shape), p_value.reshape(shape))
