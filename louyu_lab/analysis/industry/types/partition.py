"""k-means for thousands of small tables at once.

Stability and its null need tens of thousands of clusterings of about a hundred buildings each. One
library call a table spends its time on being called; here all tables of one size run as one array
operation (``tests/benchmarks/building_types.py`` times both).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Rounds of moving the centres; small tables settle well before.
ROUNDS = 12


@dataclass(frozen=True)
class Partitions:
    """``labels`` (tables, points), ``centres`` (tables, k, dimensions), ``inertia`` Σ distance² (tables,)."""

    labels: np.ndarray
    centres: np.ndarray
    inertia: np.ndarray


def partitions(
    points: np.ndarray, k: int, rng: np.random.Generator, *, starts: int, weights: np.ndarray | None = None
) -> Partitions:
    """Return the best of ``starts`` k-means runs (k-means++ seeds) for every table.

    ``points`` (tables, points, dimensions); ``weights`` (tables, points), ≥ 0, how often a point was drawn;
    points of weight 0 do not move the centres but are given to the nearest.
    """
    best: Partitions | None = None
    for _ in range(starts):
        run = _lloyd(points, _seeds(points, k, rng, weights), weights)
        best = run if best is None else _better(best, run)
    assert best is not None
    return best


def nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the nearest centre of each point, shape (tables, points)."""
    return _distances(points.transpose(0, 2, 1), centres).argmin(axis=1)


def _better(one: Partitions, other: Partitions) -> Partitions:
    wins = other.inertia < one.inertia
    return Partitions(
        np.where(wins[:, None], other.labels, one.labels),
        np.where(wins[:, None, None], other.centres, one.centres),
        np.where(wins, other.inertia, one.inertia),
    )


def _seeds(points: np.ndarray, k: int, rng: np.random.Generator, weights: np.ndarray | None) -> np.ndarray:
    """Draw k-means++ seeds: each next one with probability proportional to its squared distance."""
    tables = np.arange(len(points))
    chance = np.ones(points.shape[:2]) if weights is None else weights
    seeds = np.empty((len(points), k, points.shape[2]))
    distance = np.ones(points.shape[:2])
    for j in range(k):
        reach = np.cumsum(chance * distance, axis=1)
        drawn = (reach < rng.random((len(points), 1)) * reach[:, -1:]).sum(axis=1)
        seeds[:, j] = points[tables, np.minimum(drawn, points.shape[1] - 1)]
        to_seed = np.einsum("tpd,tpd->tp", points - seeds[:, [j]], points - seeds[:, [j]])
        distance = to_seed if j == 0 else np.minimum(distance, to_seed)
    return seeds


def _lloyd(points: np.ndarray, centres: np.ndarray, weights: np.ndarray | None) -> Partitions:
    k = centres.shape[1]
    across = np.ascontiguousarray(points.transpose(0, 2, 1))
    for _ in range(ROUNDS):
        member = _members(_distances(across, centres).argmin(axis=1), k, weights)
        size = member.sum(axis=2)[:, :, None]
        moved = np.where(size > 0, member @ points / np.maximum(size, 1e-12), centres)
        settled = np.array_equal(moved, centres)
        centres = moved
        if settled:
            break
    distance = _distances(across, centres)
    least = np.maximum(distance.min(axis=1) + (points**2).sum(axis=2), 0.0)
    inertia = least.sum(axis=1) if weights is None else (least * weights).sum(axis=1)
    return Partitions(distance.argmin(axis=1), centres, inertia)


def _members(labels: np.ndarray, k: int, weights: np.ndarray | None) -> np.ndarray:
    """Membership (tables, k, points), 0/1 times the weight: clusters before points, which runs faster."""
    member = (labels[:, None, :] == np.arange(k)[:, None]).astype("float64")
    return member if weights is None else member * weights[:, None, :]


def _distances(across: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Squared distances (tables, k, points), less the points' own squares, which change no ranking.

    ``across`` are the points with their dimensions first (tables, dimensions, points).
    """
    return (centres**2).sum(axis=2)[:, :, None] - 2.0 * centres @ across
