"""Forecasts of a panel of many short series: points, intervals and joint draws.

Every series is forecast by all structures of a declared bank on three scales, weighed by weights learned
once on public series, moved by what the panel itself teaches, and by how each fits the series. A series
of one value grows as its group; the more values it has the more it speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.calibrating import MEAN_POINTS, Calibration
from louyu_lab.analysis.tax.forecasting.panel import Panel, read_panel
from louyu_lab.analysis.tax.forecasting.predicting import Prediction, predict
from louyu_lab.analysis.tax.forecasting.question import checked_levels, checked_whole, group_codes
from louyu_lab.analysis.tax.forecasting.series import MOST_VALUES, Series, ready
from louyu_lab.analysis.tax.forecasting.teaching import Lesson, teach
from louyu_lab.analysis.tax.forecasting.transforms import ROOT, back

#: Series worked on at a time: keeps the memory bounded whatever their number.
_AT_A_TIME = 1024

#: The rungs of the ladder, by the values a series has.
NO_DATA, ALL_ZERO, PEERS, SHORT, WEIGHED = "无数据", "全为零", "同组增长", "短序列收缩", "结构加权"
_SHORT_VALUES = 3


@dataclass(frozen=True)
class SimulatedPanel:
    """Joint draws: ``unique_id`` (n,), ``ds`` (n, h) dates, ``paths`` (draws, n, h)."""

    unique_id: np.ndarray
    ds: np.ndarray
    paths: np.ndarray


def forecast_panel(
    panel: pd.DataFrame,
    horizon: int,
    *,
    season: int = 1,
    levels: Sequence[int] = (80, 95),
    groups: Mapping | pd.Series | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return forecasts of every series for the ``horizon`` periods after its own last row.

    ``panel`` long, columns ``unique_id, ds`` (whole numbers or dates) and ``y``, rows in any order; gaps and
    unequal lengths are allowed, a row without ``y`` at the end moves the forecast on, with the uncertainty of
    the years between. ``season`` periods make a year of seasonal data (4, 12). ``groups`` maps ``unique_id``
    to a label: series of a group lean on each other's growth, and the group on that of all; those without a
    label make one more group.

    Columns ``unique_id, ds, mean, median, lo-80, hi-80 …, method``, sorted by series and date. ``median`` is
    the point forecast (for absolute errors), ``mean`` the expectation (for sums). Bounds leave half of
    100 − level per cent on either side; a series never negative has none below 0. ``method`` names the
    rung: 结构加权 (4 values and more), 短序列收缩 (2–3), 同组增长 (1), 全为零 (zeros only: forecast 0),
    无数据 (NaN).
    ``seed`` is part of the contract with ``simulate_panel``; nothing here is drawn. Of a long series the last
    80 periods count.

    Raises ``ForecastError`` naming every duplicate, infinite value and impossible argument.
    """
    horizon, season = checked_whole("horizon", horizon), checked_whole("season", season)
    levels = checked_levels(levels)
    checked_whole("seed", seed, 0)
    read = read_panel(panel)
    if not len(read.unique_id):
        nothing = {name: np.empty((0, horizon)) for name in _columns(levels)}
        return _table(read, horizon, nothing, np.empty(0, str))
    lesson = teach(read.y, read.last, group_codes(read.unique_id, groups), horizon, season)
    values = {name: np.full((len(read.y), horizon), np.nan) for name in _columns(levels)}
    for part in _chunks(read.y, season):
        prediction = _predicted(part, lesson, horizon, season)
        for name, value in _summary(part, prediction, lesson.calibration.after(part.lag), levels).items():
            values[name][part.rows] = value
    rung = _rungs(read.y[:, -MOST_VALUES:])
    for value in values.values():
        value[rung == ALL_ZERO] = 0.0
    return _table(read, horizon, values, rung)


def simulate_panel(
    panel: pd.DataFrame,
    horizon: int,
    *,
    season: int = 1,
    groups: Mapping | pd.Series | None = None,
    seed: int = 0,
    draws: int = 1000,
) -> SimulatedPanel:
    """Return joint draws of what ``forecast_panel`` forecasts; the same arguments, ``draws`` of them.

    Each series' draws have the distribution its intervals are read from. A draw is one course of events:
    errors of a series carry over from one period to the next as in a random walk, and series share the part
    of their errors that they shared in the past. Series without any value are NaN.
    """
    horizon, season = checked_whole("horizon", horizon), checked_whole("season", season)
    draws, seed = checked_whole("draws", draws), checked_whole("seed", seed, 0)
    read = read_panel(panel)
    paths = np.full((draws, len(read.unique_id), horizon), np.nan)
    if len(read.unique_id):
        lesson = teach(read.y, read.last, group_codes(read.unique_id, groups), horizon, season)
        walk = _walk(draws, len(read.y), horizon, lesson.calibration.shared, np.random.default_rng(seed))
        for part in _chunks(read.y, season):
            paths[:, part.rows] = _drawn(part, lesson, walk[:, part.rows], season)
        paths[:, _rungs(read.y[:, -MOST_VALUES:]) == ALL_ZERO] = 0.0
    ds = _dates(read, horizon)
    return SimulatedPanel(read.unique_id, ds, paths)


def _chunks(y: np.ndarray, season: int) -> list[Series]:
    """Return the series ready, of one length each and at most ``_AT_A_TIME``."""
    parts = []
    for part in ready(y, season):
        for start in range(0, len(part.rows), _AT_A_TIME):
            own = slice(start, start + _AT_A_TIME)
            parts.append(Series(part.rows[own], part.y[own], part.size[own], part.lag))
    return parts


def _predicted(series: Series, lesson: Lesson, horizon: int, season: int) -> Prediction:
    return predict(series, lesson.growth[series.rows], horizon, season, lesson.prior, lesson.lean)


def _columns(levels: Sequence[int]) -> list[str]:
    return ["mean", "median", *(f"{side}-{level}" for level in levels for side in ("lo", "hi"))]


def _summary(
    series: Series, prediction: Prediction, calibration: Calibration, levels: Sequence[int]
) -> dict[str, np.ndarray]:
    """Return mean, median and bounds (n, h) of series of one length."""
    size, is_signed = series.size[:, None], (series.y < 0).any(axis=1)[:, None]
    points = calibration.at((np.arange(MEAN_POINTS) + 0.5) / MEAN_POINTS)
    mean = np.zeros_like(prediction.centre)
    for at in range(MEAN_POINTS):
        mean += _level(prediction.centre + prediction.spread * points[:, at], is_signed)
    result = {"mean": mean / MEAN_POINTS * size, "median": _level(prediction.centre, is_signed) * size}
    for level in levels:
        for side, tail in (("lo", (100 - level) / 200), ("hi", (100 + level) / 200)):
            bound = prediction.centre + prediction.spread * calibration.at(tail)
            result[f"{side}-{level}"] = _level(bound, is_signed) * size
    return result


def _level(root: np.ndarray, is_signed: np.ndarray) -> np.ndarray:
    """Return values (÷ size) from the scale of square roots; never below 0 for series that never were."""
    return back(np.where(is_signed, root, np.maximum(root, 0.0)), ROOT)


def _walk(draws: int, count: int, horizon: int, shared: float, rng: np.random.Generator) -> np.ndarray:
    """Return steps of random walks (draws, count, 1 + h), the first for what lies before the forecast.

    Steps are standard normal and correlate by ``shared`` between series.
    """
    common = rng.standard_normal((draws, 1, horizon + 1))
    own = rng.standard_normal((draws, count, horizon + 1))
    return np.sqrt(shared) * common + np.sqrt(1 - shared) * own


def _drawn(series: Series, lesson: Lesson, walk: np.ndarray, season: int) -> np.ndarray:
    """Return draws (draws, n, h) of series of one length, ``walk`` theirs."""
    horizon, lag = walk.shape[2] - 1, series.lag
    prediction = _predicted(series, lesson, horizon, season)
    walked = np.sqrt(lag) * walk[:, :, :1] + np.cumsum(walk[:, :, 1:], axis=2)
    scores = walked / np.sqrt(lag + np.arange(1, horizon + 1))
    root = prediction.centre + prediction.spread * lesson.calibration.after(lag).of_scores(scores)
    return _level(root, (series.y < 0).any(axis=1)[:, None]) * series.size[:, None]


def _rungs(y: np.ndarray) -> np.ndarray:
    """Return the name of each series' rung, by what of it counts."""
    known = np.isfinite(y).sum(axis=1)
    is_zero = np.nan_to_num(np.abs(y)).max(axis=1, initial=0) == 0
    cases = [known == 0, is_zero, known == 1, known <= _SHORT_VALUES]
    return np.select(cases, [NO_DATA, ALL_ZERO, PEERS, SHORT], WEIGHED)


def _dates(read: Panel, horizon: int) -> np.ndarray:
    ahead = read.last[:, None] + np.arange(1, horizon + 1)
    return np.asarray(read.calendar.dates(ahead.ravel())).reshape(ahead.shape)


def _table(read: Panel, horizon: int, values: dict[str, np.ndarray], rung: np.ndarray) -> pd.DataFrame:
    ids = pd.Series(np.repeat(read.unique_id, horizon))
    table = {"unique_id": ids, "ds": _dates(read, horizon).ravel()}
    table |= {name: value.ravel() for name, value in values.items()}
    return pd.DataFrame(table).assign(method=np.repeat(rung, horizon))
