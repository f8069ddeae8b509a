"""How many types: those that come out again when buildings are drawn anew, and of these the best apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.industry.types.agreement import adjusted_rand, silhouette
from louyu_lab.analysis.industry.types.coordinates import hellinger_coordinates
from louyu_lab.analysis.industry.types.partition import partitions

#: Fewest and most types looked for.
FEWEST, MOST = 2, 8

#: Buildings a type needs on average: no more types than buildings ÷ this are looked for.
BUILDINGS_PER_TYPE = 5

#: Numbers of types whose stability, and whose separation, come this near to the best are as good.
AS_STABLE, AS_APART = 0.25, 0.02

#: k-means runs a partition, and districts of buildings drawn anew with each number of types.
STARTS, RESAMPLES = 5, 8

#: Numbers held in memory at once: tables × buildings × buildings or industries.
_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Assessment:
    """``numbers`` of types (m,); ``stability`` and ``separation`` by table and number (tables, m)."""

    numbers: np.ndarray
    stability: np.ndarray
    separation: np.ndarray

    def chosen(self) -> np.ndarray:
        """Return the place in ``numbers`` chosen for each table (tables,).

        Of the numbers about as stable as the most stable one (within ``AS_STABLE``) those whose types are
        about as far apart as any (silhouette, within ``AS_APART``), and of these the largest: stability
        alone prefers few coarse types.
        """
        stable = self.stability >= self.stability.max(axis=1, keepdims=True) - AS_STABLE
        separation = np.where(stable, self.separation, -np.inf)
        apart = separation >= separation.max(axis=1, keepdims=True) - AS_APART
        return apart.shape[1] - 1 - apart[:, ::-1].argmax(axis=1)

    def of_chosen(self) -> np.ndarray:
        """Return the stability of the number chosen, shape (tables,)."""
        return np.take_along_axis(self.stability, self.chosen()[:, None], axis=1)[:, 0]

    def contrast(self, null: Assessment) -> np.ndarray:
        """Return how far separation stands out from a null's, shape (tables,).

        The largest over the numbers of types of (separation − mean) ÷ standard deviation of the null's.
        """
        mean, sd = null.separation.mean(axis=0), null.separation.std(axis=0)
        return ((self.separation - mean) / np.maximum(sd, 1e-9)).max(axis=1)


def numbers_of_types(counts: np.ndarray) -> np.ndarray:
    """Return the numbers of types that the buildings (rows) allow looking for.

    None below 10 buildings, nor more than there are different mixes.
    """
    if len(counts) < FEWEST * BUILDINGS_PER_TYPE:
        return np.arange(0)
    different = len(np.unique(np.round(hellinger_coordinates(counts), 9), axis=0))
    return np.arange(FEWEST, min(MOST, len(counts) // BUILDINGS_PER_TYPE, different) + 1)


def assess(tables: np.ndarray, numbers: np.ndarray, rng: np.random.Generator) -> Assessment:
    """Assess the given numbers of types for every table (tables, buildings, industries).

    ``stability`` is the mean adjusted Rand index between the partition of all buildings and the partitions
    made from ``RESAMPLES`` draws of the buildings with replacement; ``separation`` the mean silhouette. A
    partition with an empty part has stability 0: there are not so many types.
    """
    buildings = tables.shape[1]
    step = max(1, _AT_ONCE // (buildings * max(buildings, tables.shape[2])))
    parts = [_assessed(tables[i : i + step], numbers, rng) for i in range(0, len(tables), step)]
    stability, separation = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Assessment(numbers, stability, separation)


def _assessed(
    tables: np.ndarray, numbers: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    points = hellinger_coordinates(tables)
    stability = np.zeros((len(tables), len(numbers)))
    separation = np.zeros_like(stability)
    for place, k in enumerate(numbers):
        labels = partitions(points, k, rng, starts=STARTS).labels
        agreed = [adjusted_rand(labels, redrawn(points, k, rng)[0], k) for _ in range(RESAMPLES)]
        parted = (labels[:, None, :] == np.arange(k)[:, None]).any(axis=2).all(axis=1)
        stability[:, place] = np.where(parted, np.mean(agreed, axis=0), 0.0)
        separation[:, place] = silhouette(points, labels, k)
    return stability, separation


def redrawn(
    points: np.ndarray, k: int, rng: np.random.Generator, *, starts: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Partition all points by centres made from buildings drawn with replacement.

    ``points`` (tables, buildings, dimensions). Returns the labels and how often each building was drawn,
    both (tables, buildings).
    """
    tables, buildings, _ = points.shape
    drawn = rng.multinomial(buildings, np.full(buildings, 1 / buildings), size=tables).astype("float64")
    return partitions(points, k, rng, starts=starts, weights=drawn).labels, drawn
