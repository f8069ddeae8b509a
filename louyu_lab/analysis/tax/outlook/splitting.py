"""A sum's draws split to its parts, draw by draw."""

from __future__ import annotations

import numpy as np

#: Times means and draws are fitted by turns; the means are then nearly as they were.
_ROUNDS = 5


def coupled(parts: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return draws of the parts in the order of the total's draws: low with low, high with high.

    ``parts`` (m, n, h), ``total`` (draws, h) -> (draws, n, h). Draws are ordered by what they bring over the
    whole horizon, so that each stays one course of events; with fewer draws of the parts than of
    the total, each serves several.
    """
    order = np.argsort(parts.sum(axis=(1, 2)), kind="stable")
    rank = np.argsort(np.argsort(total.sum(axis=1), kind="stable"), kind="stable")
    return parts[order[rank * len(parts) // len(total)]]


def prorated(parts: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return parts (draws, n, h) that add up to ``total`` (draws, h) in every draw.

    What is missing or too much is divided in proportion to the parts' absolute values. Positive parts are
    thus all multiplied by the same factor, total ÷ their sum; with refunds among them no part is
    blown up, be their sum next to nothing. Where all parts of a draw are 0 the mean absolute values over the
    draws stand in, and where these are 0 too, equal parts.
    """
    whole = parts.sum(axis=1)
    if (parts >= 0).all() and (whole > 0).all():
        return parts * (total / whole)[:, None]
    size = np.abs(parts)
    usual = np.broadcast_to(size.mean(axis=0), size.shape)
    usual = np.where(usual.sum(axis=1, keepdims=True) > 0, usual, 1.0)
    weight = np.where(size.sum(axis=1, keepdims=True) > 0, size, usual)
    missing = (total - whole)[:, None]
    return parts + weight / weight.sum(axis=1, keepdims=True) * missing


def stretched(parts: np.ndarray, usual: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return parts (draws, k, h) that stray ``by`` (h,) times as far from ``usual`` (draws, k, h).

    In logarithms: usual · (part ÷ usual)^by. The sum of every draw stays, and (nearly) the means: draws and
    means are fitted by turns (raking), the draws last. Parts that are not positive in all draws are not
    stretched.
    """
    can = ((parts > 0) & (usual > 0)).all(axis=(0, 2))
    if not can.any():
        return parts
    total, mean = parts.sum(axis=1), parts.mean(axis=0)
    made = parts.copy()
    made[:, can] = usual[:, can] * (parts[:, can] / usual[:, can]) ** by
    for _ in range(_ROUNDS):
        now = made.mean(axis=0)
        made = prorated(
            made * np.divide(mean, now, out=np.ones_like(mean), where=(mean > 0) & (now > 0)), total
        )
    return made
