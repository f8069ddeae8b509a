"""Past forecasts beside what came: one row a method, origin, horizon and series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

#: Bounds of the two intervals, as columns of an error frame and as columns of a forecast.
BOUNDS = {"lo80": "lo-80", "hi80": "hi-80", "lo95": "lo-95", "hi95": "hi-95"}

_VALUES = ("forecast", "mean", "actual", *BOUNDS, "scale", "rms_scale")


@dataclass(frozen=True)
class Forecasts:
    """One method's forecasts from one origin, each (series, horizon).

    ``median`` is scored, ``mean`` counts for the bias; ``bounds`` may hold any of ``BOUNDS``.
    """

    median: np.ndarray
    mean: np.ndarray
    bounds: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """What was known at one origin and what came after.

    ``unique_id`` (series,), ``seen`` (series, periods) up to the origin, ``actual`` (series, horizon), NaN
    where unknown, ``steps`` (horizon,) how many periods ahead each column of ``actual`` lies.
    """

    ds: object
    unique_id: np.ndarray
    seen: np.ndarray
    actual: np.ndarray
    steps: np.ndarray


def errors_at(origin: Origin, made: Mapping[str, Forecasts], season: int = 1) -> pd.DataFrame:
    """Return the rows of one origin; columns as ``empty_errors``.

    A series and horizon without a known actual value, or without a forecast of every method, is left
    out for all of them, so that all are scored on the same.
    """
    shape = origin.actual.shape
    usable = np.isfinite(origin.actual)
    for forecasts in made.values():
        usable &= np.isfinite(forecasts.median) & np.isfinite(forecasts.mean)
    row, column = np.nonzero(usable)
    scale, rms_scale = scales(origin.seen, season)
    shared = {
        "origin": origin.ds,
        "horizon": origin.steps[column].astype("int64"),
        "unique_id": origin.unique_id[row],
        "actual": origin.actual[usable],
        "scale": scale[row],
        "rms_scale": rms_scale[row],
    }
    unknown = np.full(shape, np.nan)
    parts = [
        pd.DataFrame(
            {"method": name, **shared, "forecast": each.median[usable], "mean": each.mean[usable]}
            | {bound: each.bounds.get(bound, unknown)[usable] for bound in BOUNDS},
            index=range(len(row)),
        )
        for name, each in made.items()
    ]
    return pd.concat(parts, ignore_index=True)[list(empty_errors().columns)] if len(row) else empty_errors()


def scales(seen: np.ndarray, season: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return mean |y_t − y_{t−season}| and its root mean square over what is known of each row of ``seen``.

    What the errors of MASE and RMSSE are divided by (Hyndman & Koehler 2006); NaN where it is zero or
    no such pair is known.
    """
    if seen.shape[1] <= season:
        return np.full(len(seen), np.nan), np.full(len(seen), np.nan)
    moved = np.abs(seen[:, season:] - seen[:, :-season])
    known = np.isfinite(moved)
    count = known.sum(axis=1)
    moved = np.where(known, moved, 0.0)
    least = np.where((count > 0) & moved.any(axis=1), np.maximum(count, 1), np.nan)
    return moved.sum(axis=1) / least, np.sqrt((moved**2).sum(axis=1) / least)


def empty_errors() -> pd.DataFrame:
    """Return the error frame without rows.

    Columns ``method, origin, horizon, unique_id, forecast`` (the median), ``mean, actual``, the bounds of
    both intervals (NaN where a method gives none), ``scale`` and ``rms_scale`` of ``scales``.
    """
    frame = pd.DataFrame(columns=["method", "origin", "horizon", "unique_id", *_VALUES])
    kinds = {"method": "str", "origin": "int64", "horizon": "int64", "unique_id": "str"}
    return frame.astype(kinds | dict.fromkeys(_VALUES, "float64"))
