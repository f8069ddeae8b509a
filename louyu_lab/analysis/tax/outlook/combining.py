"""Series and tenants made one: their quantiles averaged, by a weight learned from former years."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.outlook.components import Components
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants import tenant_weight


def combined(parts: Components, weight: float) -> TaxPaths:
    """Return paths whose quantiles lie ``weight`` (0–1) of the way from the series' to the tenants'.

    On the scale of square roots, building by building and year by year (Vincent averaging: it keeps the
    calibration of two calibrated forecasts, where a mixture would be too wide). Draws keep the order
    of the tenants', so that a draw stays one course of events. Buildings without known taxpayers keep
    their series.
    """
    series, tenants = parts.series, parts.tenants.paths
    row = pd.Index(tenants.building_id).get_indexer(series.building_id)
    known = row >= 0
    if not known.any() or weight == 0:
        return series
    own, other = series.yuan[:, known], tenants.yuan[:, row[known]]
    middle = weight * np.sort(_root(other), axis=0) + (1 - weight) * np.sort(_root(own), axis=0)
    rank = np.argsort(np.argsort(other, axis=0, kind="stable"), axis=0, kind="stable")
    yuan = series.yuan.copy()
    yuan[:, known] = np.take_along_axis(middle * np.abs(middle), rank, axis=0)
    return TaxPaths(series.building_id, series.street, series.years, yuan)


def weights(made: Mapping[int, Components], actual: TaxHistory) -> dict[int, float]:
    """Return the weight of the tenants' forecast at each origin, learned from the errors known by then.

    ``actual`` is the history of recurring tax up to the study's year. See ``tenants.tenant_weight``; 0 where
    the model of tenants is refused at the origin.
    """
    errors = pd.concat([_errors(origin, parts, actual) for origin, parts in made.items()], ignore_index=True)
    result = {}
    for origin, parts in made.items():
        known = errors[errors["year"] <= origin]
        columns = (known[name].to_numpy() for name in ("actual_yuan", "tenants_yuan", "series_yuan"))
        result[origin] = tenant_weight(*columns) if len(parts.tenants.paths.building_id) else 0.0
    return result


def _errors(origin: int, parts: Components, actual: TaxHistory) -> pd.DataFrame:
    """Return ``year, actual_yuan, tenants_yuan, series_yuan`` (medians) of what both forecast and came."""
    series, tenants = parts.series, parts.tenants.paths
    row = pd.Index(tenants.building_id).get_indexer(series.building_id)
    came = pd.DataFrame(actual.tax_yuan, index=actual.building_id, columns=actual.years)
    came = came.reindex(index=series.building_id[row >= 0], columns=series.years)
    shape = {"year": np.tile(series.years, len(came)), "actual_yuan": came.to_numpy(dtype="float64").ravel()}
    if not len(came):
        return pd.DataFrame(shape | {"tenants_yuan": [], "series_yuan": []}, dtype="float64")
    shape["tenants_yuan"] = np.median(tenants.yuan[:, row[row >= 0]], axis=0).ravel()
    shape["series_yuan"] = np.median(series.yuan[:, row >= 0], axis=0).ravel()
    return pd.DataFrame(shape)


def _root(yuan: np.ndarray) -> np.ndarray:
    return np.sign(yuan) * np.sqrt(np.abs(yuan))
