"""Which industries go together: relatedness from who shares a building with whom.

After Hidalgo, Klinger, Barabási and Hausmann (2007), "The Product Space Conditions the Development of
Nations", Science 317, with buildings in the place of countries and industries in that of products. Their
revealed comparative advantage (RCA) is the location quotient; a building is strong in an industry above 1.
``counts`` is buildings × industries everywhere, as ``composition.building_composition``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.indices.location import location_quotient


def proximity(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the proximity of every two industries (0–1, symmetric, 1 on the diagonal).

    ``φ_ij = min{P(RCA_i > 1 | RCA_j > 1), P(RCA_j > 1 | RCA_i > 1)}``: of the buildings that are strong in
    the industry more of them are strong in, the share that is strong in the other, too. 0 for an industry
    no building is strong in, its diagonal included.
    """
    strong = _strong(counts)
    both = strong.T @ strong
    buildings = np.diag(both)
    more = np.maximum.outer(buildings, buildings)
    close = np.divide(both, more, out=np.zeros_like(both), where=more > 0)
    return pd.DataFrame(close, index=counts.columns, columns=counts.columns)


def density(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how densely each building's strong industries surround each industry (0–1).

    ``ω_bj = Σ_i M_bi φ_ij / Σ_i φ_ij`` over the industries i other than j, M_bi = 1 where RCA_bi > 1. Rows
    and columns as ``counts``; 0 for an industry that is close to none.
    """
    others = _others(counts)
    whole = others.sum(axis=0)
    around = np.divide(_strong(counts) @ others, whole, out=np.zeros(counts.shape), where=whole > 0)
    return pd.DataFrame(around, index=counts.index, columns=counts.columns)


def closest_present(counts: pd.DataFrame) -> pd.DataFrame:
    """Return for each building and industry the closest other industry the building is strong in.

    Names of industries, rows and columns as ``counts``; missing where it is close to none. Equally close
    ones: the first column.
    """
    others, strong = _others(counts), _strong(counts) > 0
    names = counts.columns.to_numpy(dtype="object")
    found = np.empty(counts.shape, dtype="object")
    for industry in range(counts.shape[1]):
        close = np.where(strong, others[:, industry], 0.0)
        place = close.argmax(axis=1) if close.size else np.zeros(len(counts), dtype="int64")
        found[:, industry] = np.where(close.max(axis=1, initial=0.0) > 0, names[place], None)
    return pd.DataFrame(found, index=counts.index, columns=counts.columns).astype("str")


def _strong(counts: pd.DataFrame) -> np.ndarray:
    # A quotient of 0 by 0 is no strength.
    return (location_quotient(counts).to_numpy() > 1.0).astype("float64")


def _others(counts: pd.DataFrame) -> np.ndarray:
    """Proximities with zeros on the diagonal: an industry is no evidence for itself."""
    close = proximity(counts).to_numpy(copy=True)
    np.fill_diagonal(close, 0.0)
    return close
