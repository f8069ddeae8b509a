"""One cell of a table whose row and column sums are fixed: its exact distribution, for many cells at once.

Given the margins, a cell follows Fisher's noncentral hypergeometric law with odds ratio ψ; ψ = 1 is
chance, the hypergeometric law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

#: Numbers held at once: cells × values each may take.
BLOCK = 2_000_000


@dataclass(frozen=True)
class Cells:
    """Some cells: ``at`` their places in the flattened table, ``values`` (cells, width) what each may hold.

    ``log_weight`` are the logs of the hypergeometric weights, −inf where a cell takes fewer values.
    """

    at: np.ndarray
    values: np.ndarray
    log_weight: np.ndarray

    def chances(self, log_odds: np.ndarray | float = 0.0) -> np.ndarray:
        """Return the probability of each value at odds ratio exp(``log_odds``), one a cell."""
        odds = np.broadcast_to(np.asarray(log_odds, dtype="float64"), self.at.shape)
        weight = self.log_weight + odds[:, None] * self.values
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        return weight / weight.sum(axis=1, keepdims=True)


def cells(rows: np.ndarray, columns: np.ndarray) -> Iterator[Cells]:
    """Yield every cell of the table with these margins (whole numbers of equal sum), in blocks."""
    row, column = (side.ravel() for side in np.meshgrid(rows, columns, indexing="ij"))
    total = float(np.sum(rows))
    least, most = np.maximum(0.0, row + column - total), np.minimum(row, column)
    width = most - least + 1
    order = np.argsort(width, kind="stable")
    start = 0
    while start < len(order):
        # Cells of like width share a block, so that little of it is padding.
        room = np.arange(1, len(order) - start + 1) * width[order[start:]]
        stop = start + max(1, int(np.searchsorted(room, BLOCK, side="right")))
        at = order[start:stop]
        yield _block(at, row[at], column[at], total, least[at], most[at])
        start = stop


def _block(
    at: np.ndarray, row: np.ndarray, column: np.ndarray, total: float, least: np.ndarray, most: np.ndarray
) -> Cells:
    values = least[:, None] + np.arange(int((most - least).max()) + 1)
    row, column, inside = row[:, None], column[:, None], values <= most[:, None]
    held = np.where(inside, values, least[:, None])
    terms = (held, row - held, column - held, total - row - column + held)
    weight = -sum(gammaln(term + 1) for term in terms)
    return Cells(at, held, np.where(inside, weight, -np.inf))
