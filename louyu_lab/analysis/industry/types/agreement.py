"""How much two partitions agree, and how well one separates its points; all tables at once."""

from __future__ import annotations

import numpy as np


def adjusted_rand(one: np.ndarray, other: np.ndarray, k: int) -> np.ndarray:
    """Return the adjusted Rand index of each table's two labellings, shape (tables,).

    Both (tables, points) with labels below ``k``. 1 for the same partition, 0 on average for two drawn by
    chance (Hubert & Arabie 1985); 1 where neither parts anything.
    """
    crossed = _crossed(one, other, k)
    together = _pairs(crossed).sum(axis=(1, 2))
    first, second = _pairs(crossed.sum(axis=2)).sum(axis=1), _pairs(crossed.sum(axis=1)).sum(axis=1)
    expected = first * second / _pairs(np.float64(one.shape[1]))
    most = (first + second) / 2
    room = most - expected
    return np.where(room > 0, (together - expected) / np.where(room > 0, room, 1.0), 1.0)


def jaccard(one: np.ndarray, other: np.ndarray, k: int, counted: np.ndarray) -> np.ndarray:
    """Return, for every cluster of ``one``, its Jaccard likeness to the cluster of ``other`` most like it.

    Shape (tables, k): |A ∩ B| ÷ |A ∪ B| over the points ``counted`` (tables, points; bool), NaN for a cluster
    without counted points (Hennig 2007, as ``fpc::clusterboot``).
    """
    crossed = _crossed(one, other, k, counted.astype("float64"))
    own, others = crossed.sum(axis=2, keepdims=True), crossed.sum(axis=1, keepdims=True)
    union = own + others - crossed
    likeness = np.where(union > 0, crossed / np.where(union > 0, union, 1.0), 0.0).max(axis=2)
    return np.where(own[:, :, 0] > 0, likeness, np.nan)


def silhouette(points: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Return the mean silhouette of each table, shape (tables,), −1 to 1 (Rousseeuw 1987).

    Points alone in their cluster count 0, as in scikit-learn; without two clusters it is 0.
    """
    square = (points**2).sum(axis=2)
    gap = square[:, :, None] + square[:, None, :] - 2.0 * points @ points.transpose(0, 2, 1)
    distance = np.sqrt(np.maximum(gap, 0.0))
    member = (labels[:, :, None] == np.arange(k)).astype("float64")
    size = member.sum(axis=1)[:, None, :]
    to_clusters = distance @ member
    own = np.take_along_axis(to_clusters, labels[:, :, None], axis=2)[:, :, 0]
    mates = np.take_along_axis(size[:, 0], labels, axis=1) - 1
    inner = own / np.maximum(mates, 1)
    elsewhere = np.where((member > 0) | (size == 0), np.inf, to_clusters / np.maximum(size, 1))
    outer = elsewhere.min(axis=2)
    told = (mates > 0) & np.isfinite(outer)
    longer = np.maximum(np.maximum(inner, np.where(told, outer, 0.0)), 1e-300)
    return np.where(told, (np.where(told, outer, 0.0) - inner) / longer, 0.0).mean(axis=1)


def _crossed(one: np.ndarray, other: np.ndarray, k: int, weights: np.ndarray | None = None) -> np.ndarray:
    """Cross tables of two labellings, shape (tables, k, k)."""
    tables = len(one)
    cell = (np.arange(tables)[:, None] * k + one) * k + other
    given = None if weights is None else weights.ravel()
    return np.bincount(cell.ravel(), given, minlength=tables * k * k).reshape(tables, k, k).astype("float64")


def _pairs(number: np.ndarray) -> np.ndarray:
    return number * (number - 1) / 2
