"""Rolling-origin back-test: each method forecasts from every past year, and is held against what came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.errors import interval_of, pooled, scale_of
from louyu_lab.analysis.tax.history import SIZE_CLASSES, TaxHistory, last_known, size_class
from louyu_lab.analysis.tax.methods import METHODS

#: Years an origin needs behind it, so that growth can be seen at all.
FIRST_ORIGIN_YEARS = 2

#: A method must beat the simpler one by this part of its error to be preferred to it.
CLEAR_GAIN = 0.02

ALL_SIZES = "全部"

_ERROR_COLUMNS = {
    **{"method": "str", "horizon": "int64", "origin": "int64", "building_id": "str", "size_class": "str"},
    **dict.fromkeys(("forecast_yuan", "actual_yuan", "scaled_error"), "float64"),
}


def backtest_errors(history: TaxHistory, horizon: int) -> pd.DataFrame:
    """Return every past forecast beside what came: a row a method, origin, horizon and building.

    Columns ``method, horizon, origin, building_id, size_class`` (of the last known tax at the origin),
    ``forecast_yuan, actual_yuan, scaled_error`` = (actual − forecast) ÷ ``errors.scale_of``. Only years
    up to the origin are seen; origins start with ``FIRST_ORIGIN_YEARS`` years. Fewer than three years
    give no rows.
    Buildings whose tax is not known in the later year, because they left or did not report, drop out.
    """
    parts = []
    for origin in history.years[FIRST_ORIGIN_YEARS - 1 : -1]:
        seen = history.until(int(origin))
        classes = size_class(last_known(seen))
        ahead = min(horizon, int(history.years[-1] - origin))
        for name, method in METHODS.items():
            made = method(seen, ahead)
            for step in range(1, ahead + 1):
                actual = history.tax_yuan[:, seen.shape[1] - 1 + step]
                both = {"forecast_yuan": made[:, step - 1], "actual_yuan": actual, "size_class": classes}
                part = pd.DataFrame({**both, "building_id": history.building_id})
                parts.append(part.assign(method=name, origin=origin, horizon=step))
    empty = pd.DataFrame(columns=list(_ERROR_COLUMNS))
    errors = pd.concat(parts, ignore_index=True) if parts else empty
    errors = errors.dropna(subset=["forecast_yuan", "actual_yuan"])
    scale = scale_of(errors["forecast_yuan"].to_numpy(dtype="float64"))
    errors = errors.assign(scaled_error=(errors["actual_yuan"] - errors["forecast_yuan"]) / scale)
    return errors.astype(_ERROR_COLUMNS)[list(_ERROR_COLUMNS)].reset_index(drop=True)


def pooled_wape(errors: pd.DataFrame) -> pd.Series:
    """Return Σ|error| ÷ Σ|actual| of each method over all origins and horizons, ordered as ``METHODS``."""
    missed = (errors["actual_yuan"] - errors["forecast_yuan"]).abs().groupby(errors["method"]).sum()
    whole = errors["actual_yuan"].abs().groupby(errors["method"]).sum()
    return (missed / whole.where(whole > 0)).reindex(list(METHODS))


def chosen_method(errors: pd.DataFrame) -> str:
    """Return the method that forecast best; the simpler one unless another beats it by ``CLEAR_GAIN``.

    Without any error to go by it is the simplest.
    """
    best, *others = METHODS
    wape = pooled_wape(errors)
    for name in others:
        if wape[name] < wape[best] * (1 - CLEAR_GAIN):
            best = name
    return best


def tax_backtest(errors: pd.DataFrame) -> pd.DataFrame:
    """Return table ``tax_backtest``: how each method did, by horizon and size class.

    ``n`` forecasts from ``origins`` years. ``wape`` = Σ|error| ÷ Σ|actual|; ``bias`` = Σ(forecast − actual) ÷
    Σ|actual|; ``coverage80``, ``coverage95``: share of actual values inside the interval that the other
    origins' errors give (NaN where these are too few, see ``errors.interval_of``). ``is_chosen`` marks
    the method the forecast uses.
    """
    errors = errors.assign(**_covered(errors))
    chosen = chosen_method(errors)
    rows = []
    for (method, horizon), part in errors.groupby(["method", "horizon"], sort=False):
        for name in (ALL_SIZES, *SIZE_CLASSES.labels):
            own = part if name == ALL_SIZES else part[part["size_class"] == name]
            if len(own):
                head = {
                    "method": method,
                    "horizon": horizon,
                    "size_class": name,
                    "is_chosen": method == chosen,
                }
                rows.append(head | _scores(own))
    columns = list(TABLES["tax_backtest"].columns)
    table = pd.DataFrame(rows, columns=columns) if rows else pd.DataFrame(columns=columns)
    order = table["method"].map({name: at for at, name in enumerate(METHODS)})
    table = table.assign(order=order).sort_values(["order", "horizon"], kind="stable").drop(columns="order")
    return declared("tax_backtest", table)


def _scores(rows: pd.DataFrame) -> dict[str, float]:
    error, whole = rows["forecast_yuan"] - rows["actual_yuan"], rows["actual_yuan"].abs().sum()
    return {
        "n": len(rows),
        "origins": rows["origin"].nunique(),
        "wape": error.abs().sum() / whole if whole > 0 else np.nan,
        "bias": error.sum() / whole if whole > 0 else np.nan,
        "coverage80": rows["in80"].mean(),
        "coverage95": rows["in95"].mean(),
    }


def _covered(errors: pd.DataFrame) -> dict[str, pd.Series]:
    """Tell of each error whether the other origins' 80 and 95 % intervals hold it (0/1; NaN unknown)."""
    inside = {name: pd.Series(np.nan, index=errors.index) for name in ("in80", "in95")}
    for _, part in errors.groupby(["method", "horizon"]):
        for (origin, name), own in part.groupby(["origin", "size_class"]):
            others = pooled(part[part["origin"] != origin], name)
            for level in (80, 95):
                lo, hi = interval_of(others, level / 100)
                if np.isfinite(lo):
                    inside[f"in{level}"][own.index] = own["scaled_error"].between(lo, hi).astype("float64")
    return inside
