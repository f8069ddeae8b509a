"""Pools of past errors, and the intervals they can and cannot give."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

#: Errors a size class needs for a pool of its own: as many as a 95 % interval asks for.
LEAST_POOL = 39

#: Errors are divided by the forecast, but by no less than this (元): below it a ratio says nothing.
SMALL_TAX_YUAN = 1e5


def scale_of(forecast_yuan: np.ndarray) -> np.ndarray:
    """Return what errors are measured in (元): the forecast's size, at least ``SMALL_TAX_YUAN``."""
    return np.maximum(np.abs(forecast_yuan), SMALL_TAX_YUAN)


def pooled(errors: pd.DataFrame, size_class: str) -> np.ndarray:
    """Return the sorted scaled errors of a size class, or of all where it has fewer than ``LEAST_POOL``.

    ``errors`` as ``backtest.backtest_errors``, of one method and horizon.
    """
    own = errors.loc[errors["size_class"] == size_class, "scaled_error"]
    pool = own if len(own) >= LEAST_POOL else errors["scaled_error"]
    return np.sort(pool.to_numpy(dtype="float64"))


def interval_of(pool: np.ndarray, level: float) -> tuple[float, float]:
    """Return the central interval at ``level`` (0–1) that holds the next error if it is like the past ones.

    The quantiles are those of rank p·(n + 1), which cover a new exchangeable value with probability
    ``level`` whatever the distribution; NaN with fewer than 2 ÷ (1 − level) − 1 errors (9 at 80 %, 39 at
    95 %), where the rank would lie beyond the extremes.
    """
    tail = (1 - level) / 2
    if len(pool) < math.ceil(round(1 / tail - 1, 9)):
        return math.nan, math.nan
    lo, hi = np.quantile(pool, [tail, 1 - tail], method="weibull")
    return float(lo), float(hi)


def share_at_least(pool: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Return the share of the sorted ``pool`` that is at least each of ``least``; NaN from an empty pool."""
    if len(pool) == 0:
        return np.full(len(least), np.nan)
    return 1 - np.searchsorted(pool, least, side="left") / len(pool)
