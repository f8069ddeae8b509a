"""The simple methods every forecast has to beat, each on all series at once.

Every method takes ``y`` (series, periods), NaN where unknown, the last column being the origin, and returns
(series, horizon). Series may start late, have gaps and end before the origin; one without any value is NaN.
Each steps down with the number of known values: with one, every method is the naive one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from louyu_lab.analysis.tax.forecasting.backtesting.seasons import season_indices
from louyu_lab.analysis.tax.forecasting.backtesting.smoothing import best_damped, best_level

NAIVE, DRIFT, HALF_DRIFT, CAGR, DAMPED, THETA = (
    *("末年值", "线性漂移", "半漂移"),
    *("三年复合增长", "阻尼趋势", "Theta"),
)

#: Years the compound growth looks back.
CAGR_YEARS = 3

#: Known values a smoothing with parameters of its own needs; with fewer it is the half drift.
LEAST_SMOOTHED = 4


def naive(y: np.ndarray, horizon: int) -> np.ndarray:
    """Return the last known value, ``horizon`` times."""
    return np.repeat(_Ends(y).last[:, None], horizon, axis=1)


def drift(y: np.ndarray, horizon: int) -> np.ndarray:
    """Return the straight line through the first and the last known value (FPP3, §5.2)."""
    return _drifted(y, horizon, 1.0)


def half_drift(y: np.ndarray, horizon: int) -> np.ndarray:
    """Return the mean of ``naive`` and ``drift``."""
    return _drifted(y, horizon, 0.5)


def cagr(y: np.ndarray, horizon: int, season: int = 1) -> np.ndarray:
    """Return last · (last ÷ earlier)^(steps ÷ distance), the compound growth of the last three years.

    ``earlier`` is the first known value within ``CAGR_YEARS`` before the last one. Without one, or where
    either is not positive, the last value.
    """
    ends = _Ends(y)
    back = ends.at - np.arange(y.shape[1])[None, :]
    recent = np.where((back >= 0) & (back <= CAGR_YEARS * season), y, np.nan)
    first = _Ends(recent)
    distance = ends.at - first.first_at
    usable = (first.first > 0) & (ends.last > 0) & (distance[:, 0] > 0)
    ratio = np.divide(ends.last, first.first, out=np.ones(len(y)), where=usable)
    power = _steps(y, ends.at, horizon) / np.maximum(distance, 1)
    return ends.last[:, None] * ratio[:, None] ** power


def damped_trend(y: np.ndarray, horizon: int) -> np.ndarray:
    """Return Holt's damped trend, parameters by least squares on a grid (``smoothing.best_damped``).

    ``level + trend · (φ + … + φ^h)``. Below ``LEAST_SMOOTHED`` known values the half drift.
    """
    fit = best_damped(y)
    damping = np.cumsum(fit.phi[:, None] ** np.arange(1, horizon + 1), axis=1)
    made = fit.level[:, None] + fit.trend[:, None] * damping
    return _where_long(y, made, half_drift(y, horizon))


def theta(y: np.ndarray, horizon: int) -> np.ndarray:
    """Return the Theta method: simple smoothing plus half the regression slope.

    ``level + b/2 · (h − 1 + 1/α − (1 − α)^n / α)`` with b the least-squares slope and n the length
    (Hyndman & Billah 2003, eq. 8); α by least squares on a grid. Below ``LEAST_SMOOTHED`` known values
    the half drift.
    """
    fit = best_level(y)
    ends = _Ends(y)
    length = (y.shape[1] - ends.first_at[:, 0]).astype("float64")
    shift = (1 - (1 - fit.alpha) ** length) / fit.alpha
    slope = _slope(y)[:, None] / 2
    made = fit.level[:, None] + slope * (np.arange(horizon)[None, :] + shift[:, None])
    return _where_long(y, made, half_drift(y, horizon))


def seasonal_naive(y: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """Return the last known value of the same season, of any season where it has none."""
    last = naive(y, horizon)
    made = np.full(last.shape, np.nan)
    for step in range(horizon):
        same = y[:, (y.shape[1] + step) % season :: season]
        made[:, step] = naive(same, 1)[:, 0] if same.shape[1] else np.nan
    return np.where(np.isnan(made), last, made)


#: The rivals by name, the simplest first.
RIVALS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    NAIVE: naive,
    DRIFT: drift,
    HALF_DRIFT: half_drift,
    CAGR: cagr,
    DAMPED: damped_trend,
    THETA: theta,
}


def rival(name: str, y: np.ndarray, horizon: int, season: int = 1) -> np.ndarray:
    """Return the forecasts of the method ``name``, with seasons taken out before and put back after.

    The naive method of seasonal data is the seasonal naive one.
    """
    if season == 1:
        return RIVALS[name](y, horizon)
    if name == NAIVE:
        return seasonal_naive(y, horizon, season)
    seasons = season_indices(y, season)
    plain = seasons.taken_out(y)
    made = cagr(plain, horizon, season) if name == CAGR else RIVALS[name](plain, horizon)
    return seasons.put_back(made, y.shape[1])


class _Ends:
    """First and last known values (series,) and their columns (series, 1); NaN and 0 without any."""

    def __init__(self, y: np.ndarray) -> None:
        known = np.isfinite(y)
        rows = np.arange(len(y))
        first = known.argmax(axis=1) if y.shape[1] else np.zeros(len(y), dtype="int64")
        last = y.shape[1] - 1 - known[:, ::-1].argmax(axis=1) if y.shape[1] else first
        none = np.full(len(y), np.nan)
        self.first = y[rows, first] if y.shape[1] else none
        self.last = y[rows, last] if y.shape[1] else none
        self.first_at, self.at = first[:, None], last[:, None]


def _steps(y: np.ndarray, at: np.ndarray, horizon: int) -> np.ndarray:
    """Return the periods from each series' last known value to every period forecast."""
    return (y.shape[1] - 1 - at) + np.arange(1, horizon + 1)[None, :]


def _drifted(y: np.ndarray, horizon: int, part: float) -> np.ndarray:
    ends = _Ends(y)
    slope = (ends.last - ends.first) / np.maximum(ends.at - ends.first_at, 1)[:, 0]
    return ends.last[:, None] + part * slope[:, None] * _steps(y, ends.at, horizon)


def _slope(y: np.ndarray) -> np.ndarray:
    """Return the least-squares slope a period of each series' known values; 0 with fewer than two."""
    known = np.isfinite(y)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    time = np.where(known, np.arange(y.shape[1], dtype="float64")[None, :], 0.0)
    value = np.where(known, y, 0.0)
    apart = np.where(known, time - time.sum(axis=1, keepdims=True) / count, 0.0)
    spread = (apart**2).sum(axis=1)
    return np.divide((apart * value).sum(axis=1), spread, out=np.zeros(len(y)), where=spread > 0)


def _where_long(y: np.ndarray, made: np.ndarray, short: np.ndarray) -> np.ndarray:
    is_long = np.isfinite(y).sum(axis=1, keepdims=True) >= LEAST_SMOOTHED
    return np.where(is_long, made, short)
