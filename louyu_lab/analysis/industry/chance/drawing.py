"""Random tables of buildings by industries under the null that industry and building have nothing to do.

Every building keeps its size and the district its mix. By firms these are tables with both margins fixed;
by area and tax the industry labels are shuffled among enterprises, each of which keeps its building, its
area and its tax. Tables come in chunks, so that memory does not grow with the number of draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

#: Cells held at once in a chunk of tables (8 bytes each).
CHUNK = 2_000_000

#: Firms a cell from which drawing cell by cell is faster than shuffling the firms (measured: about 5).
FIRMS_A_CELL = 5


@dataclass(frozen=True)
class Tables:
    """Drawn tables.

    ``amounts`` (draws, buildings, industries); ``plant_herfindahl`` (draws or 1, industries), Σz² of the
    enterprises' shares in their industry, NaN for an industry of nothing.
    """

    amounts: np.ndarray
    plant_herfindahl: np.ndarray


def observed(building: np.ndarray, industry: np.ndarray, size: np.ndarray, shape: tuple[int, int]) -> Tables:
    """Return the one table that was found, in the form of a drawn one.

    One entry an enterprise: codes of its building and industry (0 … n − 1) and its ``size``; ``shape``
    numbers buildings and industries. A cell that adds up to less than 0 (refunds) is 0.
    """
    return _tables(building, industry[None, :], size, shape)


def firm_tables(counts: np.ndarray, draws: int, rng: np.random.Generator) -> Iterator[Tables]:
    """Yield ``draws`` random tables with the row and column sums of ``counts`` (whole numbers), in chunks.

    Each comes as often as shuffling the industries among the firms would bring it (Boyett 1979, or
    Patefield 1981 where firms are many).
    """
    rows, columns = (counts.sum(axis=axis).astype("int64") for axis in (1, 0))
    herfindahl = np.where(columns > 0, 1.0 / np.maximum(columns, 1), np.nan)[None, :]
    inside = np.ix_(rows > 0, columns > 0)
    for size in _chunks(draws, counts.size):
        amounts = np.zeros((size, *counts.shape))
        amounts[:, *inside] = _random_tables(rows[rows > 0], columns[columns > 0], size, rng)
        yield Tables(amounts, herfindahl)


def _random_tables(rows: np.ndarray, columns: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw tables with these margins, none of them 0."""
    from scipy.stats import random_table

    if min(len(rows), len(columns)) < 2:
        # There is only one such table, and SciPy's cell by cell method loses it.
        return np.broadcast_to(
            rows[:, None] if len(columns) == 1 else columns, (size, len(rows), len(columns))
        )
    # Cell by cell takes time with the cells, firm by firm with the firms, which are shuffled much faster.
    method = "patefield" if rows.sum() > FIRMS_A_CELL * len(rows) * len(columns) else "boyett"
    return random_table(rows, columns).rvs(size, method=method, random_state=rng)


def shuffled_tables(
    building: np.ndarray,
    industry: np.ndarray,
    size: np.ndarray,
    shape: tuple[int, int],
    draws: int,
    rng: np.random.Generator,
) -> Iterator[Tables]:
    """Yield ``draws`` tables of ``size`` with the industries shuffled among the enterprises, in chunks.

    Arguments as in ``observed``.
    """
    labels = industry.astype("uint64")
    for count in _chunks(draws, shape[0] * shape[1], len(size)):
        shuffled = np.stack([_shuffled(labels, shape[1], rng) for _ in range(count)])
        yield _tables(building, shuffled, size, shape)


def _shuffled(labels: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return the labels (0 … ``number`` − 1) in random order.

    Sorted by random numbers whose last bits are the label: twice as fast as swapping where firms are a
    million, and as even, since the other bits (57 for a hundred labels) hardly ever tie.
    """
    bits = max(1, (number - 1).bit_length())
    keys = rng.integers(0, 1 << (64 - bits), len(labels), dtype="uint64") << np.uint64(bits) | labels
    keys.sort()
    return (keys & np.uint64((1 << bits) - 1)).view("int64")


def _chunks(draws: int, *numbers: int) -> Iterator[int]:
    most = max(1, CHUNK // max(1, *numbers))
    for start in range(0, draws, most):
        yield min(most, draws - start)


def _tables(building: np.ndarray, industries: np.ndarray, size: np.ndarray, shape: tuple[int, int]) -> Tables:
    """Add up ``size`` by building and industry for each row of ``industries``."""
    rows, columns = shape
    first = building.astype("int64") * columns
    held = np.maximum(size, 0.0)
    squares = held**2
    amounts = np.empty((len(industries), rows, columns))
    herfindahl = np.empty((len(industries), columns))
    has_refunds = bool((size < 0).any())
    place = np.empty_like(first)
    for at, industry in enumerate(industries):
        cells = np.bincount(np.add(first, industry, out=place), size, minlength=rows * columns)
        amounts[at] = np.maximum(cells, 0.0).reshape(shape)
        # Without refunds the enterprises of an industry come to what its cells come to.
        whole = np.bincount(industry, held, minlength=columns) if has_refunds else amounts[at].sum(axis=0)
        squared = np.bincount(industry, squares, minlength=columns)
        herfindahl[at] = squared / np.where(whole > 0, whole, np.nan) ** 2
    return Tables(amounts, herfindahl)
