"""The projection of any forecasts onto those that add up.

The textbook form S (S′W⁻¹S)⁻¹ S′W⁻¹ ŷ (Hyndman & Athanasopoulos, FPP3 §11.3) needs a matrix of bottom
× bottom. The same numbers come from the constraints: with C = [I, −A] (aggregate − sum of its members),
ỹ = ŷ − W C′ (C W C′)⁻¹ C ŷ. C W C′ has a row an aggregate and is sparse for diagonal W: two aggregates meet
only where they share members. The low-rank part of W goes through the Woodbury identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

from louyu_lab.analysis.tax.forecasting.reconciling.covariance import ErrorCovariance
from louyu_lab.analysis.tax.forecasting.reconciling.hierarchy import Hierarchy


@dataclass(frozen=True)
class Projection:
    """Makes forecasts of all nodes add up; ``errors`` None trusts the bottom nodes alone (bottom-up)."""

    hierarchy: Hierarchy
    errors: ErrorCovariance | None

    def bottom(self, forecasts: np.ndarray) -> np.ndarray:
        """Return the bottom nodes (n, k) of the coherent forecasts nearest to ``forecasts`` (m, k)."""
        count = len(self.hierarchy.nodes) - len(self.hierarchy.bottom)
        above, below = forecasts[:count], forecasts[count:]
        if self.errors is None or count == 0:
            return below
        weight = self._solve(above - self.hierarchy.aggregating @ below)
        down = self.hierarchy.aggregating.T @ weight
        spread, factor = self.errors.diagonal[count:, None], self.errors.factor
        return below + spread * down - factor[count:] @ (factor[:count].T @ weight - factor[count:].T @ down)

    def _solve(self, gaps: np.ndarray) -> np.ndarray:
        """Return (C W C′)⁻¹ · gaps, shape (aggregates, k)."""
        scaled = self._scale[:, None] * gaps
        found = self._factored.solve(scaled)
        if self.errors.factor.shape[1]:
            low, solved, middle = self._low_rank
            found = found - solved @ np.linalg.solve(middle, low.T @ found)
        return self._scale[:, None] * found

    @cached_property
    def _sparse_part(self) -> sparse.csc_array:
        aggregating, diagonal = self.hierarchy.aggregating, self.errors.diagonal
        count = aggregating.shape[0]
        below = sparse.dia_array((diagonal[None, count:], [0]), shape=2 * (len(diagonal) - count,))
        above = sparse.dia_array((diagonal[None, :count], [0]), shape=(count, count))
        return sparse.csc_array(aggregating @ below @ aggregating.T + above)

    @cached_property
    def _scale(self) -> np.ndarray:
        """Square roots that make the diagonal 1: taxes differ by orders of magnitude."""
        return 1 / np.sqrt(self._sparse_part.diagonal())

    @cached_property
    def _factored(self) -> SuperLU:
        scale = sparse.diags_array(self._scale)
        matrix = sparse.csc_matrix(scale @ self._sparse_part @ scale)
        # Symmetric and positive definite: no pivoting, the ordering may follow the structure alone.
        return splu(
            matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
        )

    @cached_property
    def _low_rank(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return U = C F (scaled), K⁻¹U and I + U′K⁻¹U."""
        factor, aggregating = self.errors.factor, self.hierarchy.aggregating
        count = aggregating.shape[0]
        low = self._scale[:, None] * (factor[:count] - aggregating @ factor[count:])
        solved = self._factored.solve(np.ascontiguousarray(low))
        return low, solved, np.eye(low.shape[1]) + low.T @ solved
