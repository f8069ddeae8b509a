"""What a panel teaches about itself: its groups' growth, which candidates to trust, how wrong they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.forecasting.calibrating import Calibration, calibrate
from louyu_lab.analysis.tax.forecasting.candidates import Candidates, candidates
from louyu_lab.analysis.tax.forecasting.dependence import UNSEEN, dependence
from louyu_lab.analysis.tax.forecasting.growth import group_growth
from louyu_lab.analysis.tax.forecasting.learning import Trials, error_unit, learned
from louyu_lab.analysis.tax.forecasting.predicting import weighed
from louyu_lab.analysis.tax.forecasting.series import Series, ready
from louyu_lab.analysis.tax.forecasting.transforms import ROOT, forward
from louyu_lab.analysis.tax.forecasting.weights import Prior, features, logits, prior

#: Series that teach; more would cost time and change little.
_MOST_TEACHERS = 300

#: Origins, so many horizons back, but each at least a period before the other.
_ORIGINS = (1 / 3, 2 / 3, 1, 4 / 3)

#: Latest origins whose errors calibrate: calm and wild times last for some years.
_CALIBRATING = 2

#: Years an origin needs behind it (seasonal data) or values (annual), and series it needs.
_LEAST_YEARS, _LEAST_SERIES = 4, 20

#: Independent series that count as much as the weights learned from public ones; steps of the search.
_PUBLIC_SERIES, _STEPS = 50.0, 25

#: Part of what all series were lately wrong by, at once, that goes on: what a year does to all seldom ends
#: with it. A fifth made five of seven public panels of counties, states and prefectures more accurate, and
#: two hardly less.
_GOES_ON = 0.2

#: A step smaller than this part of a series' size does not make an error count more.
_LEAST_STEP = 0.01


@dataclass(frozen=True)
class Lesson:
    """What a panel taught.

    ``growth`` (N, blocks) of every series' group, ``prior`` weights and ``calibration`` for the panel;
    ``lean`` what every forecast is moved by, in spreads: the part that goes on of the latest common error.
    """

    growth: np.ndarray
    prior: Prior
    calibration: Calibration
    lean: float = 0.0


@dataclass(frozen=True)
class Past:
    """Forecasts of series of one length as from a former origin, and what came.

    ``series`` as they were then, ``made`` of them, ``trials`` what came; ``row`` (n,) in the panel.
    """

    series: Series
    made: Candidates
    trials: Trials
    row: np.ndarray


def teach(y: np.ndarray, last: np.ndarray, groups: np.ndarray, horizon: int, season: int) -> Lesson:
    """Return what the panel teaches: ``y`` (N, T) right-aligned, ``last`` (N,) dates, ``groups`` (N,) codes.

    The series forecast their own past: from four origins, back to somewhat more than ``horizon`` periods ago
    (with another horizon the panel thus teaches a little else, and next year's forecast moves a little),
    each time from what was known then. The weights of candidates are moved as far as the errors warrant;
    series that err together at the same date count as fewer. What they had in common at the latest origin
    leans the coming forecasts; the errors left over of the latest origins calibrate the intervals.
    """
    growth = group_growth(ready(y, season), groups)
    usual = prior(season)
    teachers = _teachers(y)
    past, origin = [], []
    for back in (max(at, round(horizon * part)) for at, part in enumerate(_ORIGINS, start=1)):
        found = past_forecasts(
            y[teachers], groups[teachers], back, horizon, season, usual, _LEAST_YEARS * season
        )
        past += found
        origin += [np.full(len(part.row), back) for part in found]
    if not past:
        return Lesson(growth, usual, calibrate(np.empty((0, horizon)), UNSEEN, horizon, season))
    trials = joined([part.trials for part in past])
    row, back = np.concatenate([part.row for part in past]), np.concatenate(origin)
    date = last[teachers][row] - back
    together = dependence(_errors(past, usual), date, row)
    taught = learned(trials, usual, _PUBLIC_SERIES * together.inflation, None, _STEPS)
    errors = _errors(past, taught)
    left = dependence(errors, date, row)
    lean = _GOES_ON * float(left.common[back == back.min()].mean())
    late = back <= np.unique(back)[:_CALIBRATING][-1]
    return Lesson(growth, taught, calibrate(errors[late], left.of(late), horizon, season), lean)


def _teachers(y: np.ndarray) -> np.ndarray:
    """Return the rows of the series that teach: of every size, whatever their names.

    Of one size they are in the order of their values, the last first.
    """
    size = np.nan_to_num(np.abs(y)).max(axis=1, initial=0)
    order = np.lexsort([*np.nan_to_num(y).T, size])
    return np.sort(order[np.unique(np.linspace(0, len(y) - 1, min(len(y), _MOST_TEACHERS)).astype("int64"))])


def past_forecasts(
    y: np.ndarray, groups: np.ndarray, back: int, horizon: int, season: int, usual: Prior, least: int
) -> list[Past]:
    """Return the forecasts as from ``back`` periods before every series' last row, a part a length.

    ``y`` (N, T) right-aligned, ``groups`` (N,) codes, ``usual`` the weights the trials start from. Of series
    that had ``least`` values then, one of them at the origin, and one after; none where these are
    fewer than 20.
    """
    if back >= y.shape[1]:
        return []
    known, ahead = np.isfinite(y), slice(-back, min(horizon - back, 0) or None)
    is_there = known[:, -back - 1] & known[:, ahead].any(axis=1)
    rows = np.flatnonzero((known[:, :-back].sum(axis=1) >= least) & is_there)
    if len(rows) < _LEAST_SERIES:
        return []
    before = ready(y[rows, :-back], season)
    growth = group_growth(before, groups[rows])
    came = np.full((len(rows), horizon), np.nan)
    came[:, : min(back, horizon)] = y[rows, ahead]
    parts = []
    for series in before:
        made = candidates(series, growth[series.rows], horizon, season)
        trials = _trials(series, made, came[series.rows], season, usual)
        parts.append(Past(series, made, trials, rows[series.rows]))
    return parts


def _trials(series: Series, made: Candidates, came: np.ndarray, season: int, usual: Prior) -> Trials:
    traits = features(series)
    base = logits(usual, made.likelihood, traits)
    ratio = series.ratio
    step = np.abs(ratio[:, season:] - ratio[:, :-season]).mean(axis=1) if ratio.shape[1] > season else 0.0
    unit = error_unit(np.maximum(step, _LEAST_STEP), np.maximum(np.abs(ratio[:, -1]), _LEAST_STEP))
    return Trials(base, made.forecast, came / series.size[:, None], unit, traits)


def _errors(past: list[Past], taught: Prior) -> np.ndarray:
    """Return errors in spreads, on the scale of square roots, with the weights of ``taught``; (n, h)."""
    parts = []
    for part in past:
        weights = logits(taught, part.made.likelihood, part.trials.traits)
        prediction = weighed(part.made, weights, part.series.y.shape[1])
        parts.append((forward(part.trials.actual, ROOT) - prediction.centre) / prediction.spread)
    return np.concatenate(parts)


def joined(trials: list[Trials]) -> Trials:
    """Return trials one below the other."""
    names = ("base", "forecast", "actual", "unit", "traits")
    return Trials(*(np.concatenate([getattr(part, name) for part in trials]) for name in names))
