"""The rival of the forecast: tiers that change as they have changed in the district from year to year."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.tax.tiers.draws import tier_positions
from louyu_lab.analysis.tiers import TIERS

#: Moves that a tier is thought to have seen beside its own, spread evenly over all tiers.
PRIOR_MOVES = 1.0


def transition_matrix(tax_yuan: np.ndarray, prior_moves: float = PRIOR_MOVES) -> np.ndarray:
    """Return the yearly chances of going from tier (row) to tier (column), in the order of ``TIERS.labels``.

    ``tax_yuan`` (buildings, years); every pair of neighbouring years with both known counts once, as in
    table ``tier_transitions``. A row is (moves + prior ÷ tiers) ÷ (all its moves + prior); one without any
    move stays where it is.
    """
    count = len(TIERS.labels)
    tier = tier_positions(tax_yuan)
    before, after = tier[:, :-1].ravel(), tier[:, 1:].ravel()
    known = (before >= 0) & (after >= 0)
    moves = np.zeros((count, count))
    np.add.at(moves, (before[known], after[known]), 1.0)
    seen = moves.sum(axis=1, keepdims=True)
    smooth = (moves + prior_moves / count) / (seen + prior_moves)
    return np.where(seen > 0, smooth, np.eye(count))


def matrix_chances(tax_yuan: np.ndarray, tier: np.ndarray, horizon: int) -> np.ndarray:
    """Return the chances of each tier after 1 … ``horizon`` years by the matrix; (buildings, horizon, tiers).

    ``tier`` (buildings,) positions of today, none unknown; the matrix of ``tax_yuan`` to the power of the
    years.
    """
    matrix = transition_matrix(tax_yuan)
    powers = [np.linalg.matrix_power(matrix, step) for step in range(1, horizon + 1)]
    return np.stack([power[tier] for power in powers], axis=1)
