"""Scales on which growth may be steady: square roots, levels and logarithms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Forecasts on the log scale are held within this of the last value: e⁴ is a 55-fold growth.
_MOST_LOG = 4.0


@dataclass(frozen=True)
class Block:
    """A scale with a view of growth.

    ``power`` 0.5 (signed square root), 1 (level) or 0 (logarithm); ``is_lasting``: growth returns to that
    of the group instead of dying out. ``share`` is the weight of the block before any weights are learned.
    """

    power: float
    is_lasting: bool
    share: float


#: Growth by a constant amount (levels) falls behind, growth by a constant rate (logarithms) runs away
#: within a few years; square roots lie between, and take zeros and refunds.
BLOCKS: tuple[Block, ...] = (
    Block(0.5, False, 0.4),
    Block(0.5, True, 0.2),
    Block(1.0, False, 0.3),
    Block(0.0, False, 0.1),
)


def forward(ratio: np.ndarray, power: float) -> np.ndarray:
    """Return values (÷ the series' scale) on the scale of ``power``; log of what is not positive is NaN."""
    if power == 0.5:
        return 2 * np.sign(ratio) * np.sqrt(np.abs(ratio))
    if power == 0:
        return np.log(np.where(ratio > 0, ratio, np.nan))
    return ratio


def back(value: np.ndarray, power: float) -> np.ndarray:
    """Return what ``forward`` makes ``value``."""
    if power == 0.5:
        return value * np.abs(value) / 4
    if power == 0:
        return np.exp(np.clip(value, -_MOST_LOG, _MOST_LOG))
    return value


#: The scale on which forecast errors are measured and drawn.
ROOT = 0.5
