"""The engine's own baseline made to agree with chapter 04, building by building and year by year."""

from __future__ import annotations

import numpy as np

#: A draw is not blown up by more than this where the engine has nearly nothing.
_MOST = 10.0


def ranked(own: np.ndarray, forecast: np.ndarray) -> np.ndarray:
    """Return ``own`` (draws, b, h) with each building-year's values replaced by the forecast's of like rank.

    ``forecast`` (m, b, h) ascending along axis 0; NaN for buildings without one, which keep their own. The
    i-th smallest of n draws takes the quantile (i + ½) ÷ n, so that the share of draws above a bound
    is that of the forecast within 1 ÷ n.
    """
    n, m = len(own), len(forecast)
    order = np.argsort(own, axis=0, kind="stable")
    at = np.clip(((2 * np.arange(n) + 1) * m - n) / (2 * n), 0, m - 1)
    low = np.floor(at).astype("int64")
    high = np.minimum(low + 1, m - 1)
    part = (at - low)[:, None, None]
    values = forecast[low] * (1 - part) + forecast[high] * part
    made = np.empty_like(own)
    np.put_along_axis(made, order, values, axis=0)
    return np.where(np.isnan(made), own, made)


def scale_of(own: np.ndarray, made: np.ndarray) -> np.ndarray:
    """Return what a 元 of the engine is worth by draw, building and year; 1 where it has none."""
    ratio = np.divide(made, own, out=np.ones_like(own), where=own > 0)
    return np.clip(ratio, 0.0, _MOST)
