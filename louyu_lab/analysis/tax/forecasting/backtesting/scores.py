"""How good the forecasts of each method were: one definition of every score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: The horizon of the rows that pool all of them.
ALL_HORIZONS = "all"

MEASURES = (
    *("mase", "wape", "rmsse", "median_ape", "bias"),
    *("coverage80", "coverage95", "interval_score"),
)
SCORE_COLUMNS = ("method", "horizon", "n", "origins", "n_unscaled", *MEASURES)

_LEVELS = {"80": 0.2, "95": 0.05}


def scores(errors: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Return a row a method and horizon (as text; ``ALL_HORIZONS`` pools them), in the order of ``methods``.

    ``n`` forecasts from ``origins`` origins. With e = actual − forecast:

    - ``mase`` mean of |e| ÷ scale, without the ``n_unscaled`` forecasts whose scale is unknown;
    - ``wape`` Σ|e| ÷ Σ|actual|;
    - ``rmsse`` mean over series and origins of √(mean e² over horizons) ÷ rms scale;
    - ``median_ape`` median of |e| ÷ |actual| where the actual is not zero;
    - ``bias`` Σ(mean forecast − actual) ÷ Σ|actual|;
    - ``coverage80``, ``coverage95`` share of actual values inside the interval;
    - ``interval_score`` of both intervals (Gneiting & Raftery 2007, eq. 43), their mean, Σ ÷ Σ|actual|.
    """
    rows = _parts(errors)
    every = pd.concat([rows.assign(horizon=rows["horizon"].astype("str")), rows.assign(horizon=ALL_HORIZONS)])
    grouped = every.groupby(["method", "horizon"], sort=False)
    total, mean = grouped.sum(numeric_only=True), grouped.mean(numeric_only=True)
    whole = total["size"].where(total["size"] > 0)
    table = pd.DataFrame(
        {
            "n": grouped.size(),
            "origins": grouped["origin"].nunique(),
            "n_unscaled": grouped.size() - grouped["scaled"].count(),
            "mase": mean["scaled"],
            "wape": total["missed"] / whole,
            "rmsse": _rmsse(every),
            "median_ape": grouped["relative"].median(),
            "bias": total["over"] / whole,
            "coverage80": mean["in80"],
            "coverage95": mean["in95"],
            "interval_score": grouped["interval"].sum(min_count=1) / whole,
        }
    ).reset_index()
    return _ordered(table, methods)[list(SCORE_COLUMNS)]


def wape(errors: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Return Σ|actual − forecast| ÷ Σ|actual| of each group ``by``; NaN where nothing was there."""
    missed = (errors["actual"] - errors["forecast"]).abs()
    keys = [errors[name] for name in by]
    whole = errors["actual"].abs().groupby(keys).sum()
    return missed.groupby(keys).sum() / whole.where(whole > 0)


def _parts(errors: pd.DataFrame) -> pd.DataFrame:
    """Return what the scores add up or average, a row a forecast."""
    miss = errors["actual"] - errors["forecast"]
    size = errors["actual"].abs()
    missed = miss.abs()
    interval = sum(_interval_score(errors, level, tail) for level, tail in _LEVELS.items()) / len(_LEVELS)
    return errors[["method", "origin", "horizon", "unique_id"]].assign(
        missed=missed,
        size=size,
        over=errors["mean"] - errors["actual"],
        scaled=missed / errors["scale"],
        square=(miss / errors["rms_scale"]) ** 2,
        relative=missed / size.where(size > 0),
        interval=interval,
        **{f"in{level}": _inside(errors, level) for level in _LEVELS},
    )


def _inside(errors: pd.DataFrame, level: str) -> pd.Series:
    lo, hi = errors[f"lo{level}"], errors[f"hi{level}"]
    held = errors["actual"].between(lo, hi).astype("float64")
    return held.where(lo.notna() & hi.notna())


def _interval_score(errors: pd.DataFrame, level: str, tail: float) -> pd.Series:
    lo, hi, actual = errors[f"lo{level}"], errors[f"hi{level}"], errors["actual"]
    outside = (lo - actual).clip(lower=0) + (actual - hi).clip(lower=0)
    return (hi - lo) + 2 / tail * outside


def _rmsse(every: pd.DataFrame) -> pd.Series:
    keys = ["method", "horizon"]
    mean = every.groupby([*keys, "origin", "unique_id"])["square"].mean()
    return np.sqrt(mean).groupby(keys).mean()


def _ordered(table: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Sort by the order of ``methods``, then by horizon, the pooled one last."""
    method = table["method"].map({name: at for at, name in enumerate(methods)})
    horizon = pd.to_numeric(table["horizon"].replace(ALL_HORIZONS, "inf"))
    places = table.assign(by_method=method, by_horizon=horizon).sort_values(["by_method", "by_horizon"])
    return table.loc[places.index].reset_index(drop=True)
