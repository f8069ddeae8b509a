"""Who gets the free space: an amount shared among places, never more than a place has."""

from __future__ import annotations

import numpy as np

#: Times that what found no room where it was wanted most is offered on by weight.
_OFFERS = 2


def let_by_weight(amount: np.ndarray, weight: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return how ``amount`` (draws,) is let among places of ``free`` area (draws, p), all in ㎡.

    Shares go by ``weight`` (draws, p); what exceeds a place's free area is offered to the others, at last
    in proportion to what is still free. The sum is ``amount`` or all that is free, whichever is less.
    """
    given = np.zeros_like(free)
    for _ in range(_OFFERS):
        left = np.maximum(amount - given.sum(axis=1), 0.0)
        room = free - given
        own = np.where(room > 0, weight, 0.0)
        total = own.sum(axis=1)
        share = np.divide(own, total[:, None], out=np.zeros_like(own), where=total[:, None] > 0)
        given += np.minimum(left[:, None] * share, room)
    left = np.maximum(amount - given.sum(axis=1), 0.0)
    return given + let_evenly(left, free - given)


def let_evenly(amount: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return ``amount`` (draws,) let in proportion to ``free`` (draws, p), at most all of it."""
    total = free.sum(axis=1)
    share = np.divide(np.minimum(amount, total), total, out=np.zeros_like(total), where=total > 0)
    return free * share[:, None]
