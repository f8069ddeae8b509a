"""Seasons taken out of many series at once and put back into their forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Seasons:
    """Seasonal indices (series, season) by column modulo season: factors, or amounts where ``is_added``."""

    index: np.ndarray
    is_added: np.ndarray

    def taken_out(self, y: np.ndarray) -> np.ndarray:
        """Return ``y`` (series, periods) without its seasons."""
        index = self.index[:, np.arange(y.shape[1]) % self.index.shape[1]]
        return np.where(self.is_added[:, None], y - index, y / np.where(self.is_added[:, None], 1.0, index))

    def put_back(self, made: np.ndarray, periods: int) -> np.ndarray:
        """Return forecasts (series, horizon) with the seasons of the periods that follow ``periods``."""
        index = self.index[:, (periods + np.arange(made.shape[1])) % self.index.shape[1]]
        return np.where(self.is_added[:, None], made + index, made * index)


def season_indices(y: np.ndarray, season: int) -> Seasons:
    """Return the classical seasonal indices of each row of ``y`` (series, periods).

    The mean of value ÷ centred moving average by season, scaled to mean 1 (differences with mean 0 in
    a series that is not positive throughout); Hyndman & Athanasopoulos, §3.4. A series shorter than two
    whole seasons has none.
    """
    known = np.isfinite(y)
    is_added = ~np.where(known, y > 0, True).all(axis=1)
    centre = _centred_mean(y, season)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(is_added[:, None], y - centre, y / centre)
    neutral = np.where(is_added, 0.0, 1.0)
    index = np.repeat(neutral[:, None], season, axis=1)
    usable = np.isfinite(apart)
    for at in range(season):
        own, count = apart[:, at::season], usable[:, at::season].sum(axis=1)
        total = np.where(usable[:, at::season], own, 0.0).sum(axis=1)
        index[:, at] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    complete = np.isfinite(index).all(axis=1) & (known.sum(axis=1) >= 2 * season)
    middle = index.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        index = np.where(is_added[:, None], index - middle, index / middle)
    return Seasons(np.where(complete[:, None], index, neutral[:, None]), is_added)


def _centred_mean(y: np.ndarray, season: int) -> np.ndarray:
    """Return the centred moving average over one season, NaN at both ends and around gaps."""
    half = season // 2
    weights = np.full(2 * half + 1, 1.0 / season)
    if season % 2 == 0:
        weights[[0, -1]] /= 2
    centre = np.full(y.shape, np.nan)
    if y.shape[1] >= len(weights):
        windows = np.lib.stride_tricks.sliding_window_view(y, len(weights), axis=1)
        centre[:, half : y.shape[1] - half] = windows @ weights
    return centre
