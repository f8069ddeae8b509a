"""Quantiles of what somebody pays who may be gone by then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def mixed_quantiles(
    expected: np.ndarray, share: np.ndarray, stays: np.ndarray, at: Sequence[float]
) -> np.ndarray:
    """Return the quantiles ``at`` (k,) of the tax of payers that stay or go; shape (k, n, h).

    ``expected`` (draws, n, h) are draws with staying counted at its mean ``share`` (n, h): who stays pays
    expected ÷ share. ``stays`` (n, h) is the chance of that; who leaves pays nothing, the part paid in the
    year of leaving set aside. With G the distribution of who stays, the mixture is
    F(x) = stays · G(x) + (1 − stays) · [x ≥ 0].
    """
    paying = np.divide(expected, share, out=np.zeros_like(expected), where=share > 0)
    paying = np.sort(np.moveaxis(paying, 0, -1), axis=-1)
    gone = 1 - stays
    below = stays * (paying < 0).mean(axis=-1)
    found = []
    for level in at:
        rank = np.where(level < below, level, np.maximum(level - gone, 0.0))
        rank = np.divide(rank, stays, out=np.zeros_like(rank), where=stays > 0)
        is_nothing = (stays <= 0) | ((level >= below) & (level <= below + gone) & (gone > 0))
        found.append(np.where(is_nothing, 0.0, _interpolated(paying, np.minimum(rank, 1.0))))
    return np.array(found)


def _interpolated(ordered: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Return the quantile ``rank`` (n, h) of each row of ``ordered`` (n, h, draws), linear in between."""
    place = rank * (ordered.shape[-1] - 1)
    low = np.floor(place).astype("int64")
    high = np.minimum(low + 1, ordered.shape[-1] - 1)
    lower, upper = (np.take_along_axis(ordered, at[..., None], axis=-1)[..., 0] for at in (low, high))
    return lower + (upper - lower) * (place - low)
