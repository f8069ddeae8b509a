"""Series and tenants made one: their quantiles averaged, by a weight learned from former years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.outlook.components import Components
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants import TenantForecast, tenant_weight

#: A trend is thought to hold no greater loss than this part of a building's tax.
_MOST_LOSS = 0.5


@dataclass(frozen=True)
class LearnedWeight:
    """The weight ``value`` (0–1) of the tenants' forecast and what it rests on.

    ``rows`` errors of buildings and years that both forecasts made in the former years ``origins``
    (ascending); ``steps`` pairs of years in a row with tax by enterprise. All nothing where the model of
    tenants is refused.
    """

    value: float
    rows: int = 0
    origins: tuple[int, ...] = ()
    steps: int = 0


def combined(parts: Components, weight: float) -> TaxPaths:
    """Return paths whose quantiles lie ``weight`` (0–1) of the way from the series' to the tenants'.

    On the scale of square roots, building by building and year by year (Vincent averaging: it keeps the
    calibration of two calibrated forecasts, where a mixture would be too wide). Draws keep the order
    of the tenants', so that a draw stays one course of events. The weight counts by the part of a building's
    tax that listed enterprises pay: one without known taxpayers keeps its series.

    Averaged quantiles would smear a small chance of losing nearly everything into a mild tail. What goes with
    large payers (``TenantForecast.departures``) is therefore set aside first: averaged are the series
    and the tenants as if these had stayed. Then every draw loses the part it loses in the tenants': it is
    multiplied by tenants ÷ tenants as if they had stayed, so that a chance of 4 % of losing 98 % remains
    one. As the trend of a series holds what large payers' leaving has usually cost, the series is first
    raised by the part it is expected to cost; by none for those who have gone already. Where what the
    tenants leave is a refund, the building has that.
    """
    series, tenants = parts.series, parts.tenants.paths
    row = pd.Index(tenants.building_id).get_indexer(series.building_id)
    known = row >= 0
    if not known.any() or weight == 0:
        return series
    own, other = series.yuan[:, known], tenants.yuan[:, row[known]]
    gone = parts.tenants.departures.by_building(len(tenants.building_id))[:, row[known]]
    staying = other + gone
    expected = _expected_loss(parts.tenants, staying, row[known])
    own_weight = weight * parts.tenants.listed_share[row[known], None]
    middle = own_weight * np.sort(_root(staying), axis=0)
    middle += (1 - own_weight) * np.sort(_root(own / (1 - expected)), axis=0)
    rank = np.argsort(np.argsort(staying, axis=0, kind="stable"), axis=0, kind="stable")
    whole = np.take_along_axis(middle * np.abs(middle), rank, axis=0)
    left = np.divide(np.maximum(other, 0.0), staying, out=np.zeros_like(other), where=staying > 0)
    yuan = series.yuan.copy()
    yuan[:, known] = np.where(gone > 0, whole * left + np.minimum(other, 0.0), whole)
    return TaxPaths(series.building_id, series.street, series.years, yuan)


def _expected_loss(tenants: TenantForecast, staying: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return the mean part (0 to ``_MOST_LOSS``) of a building's tax that goes with who may leave; (n, h)."""
    may_go = tenants.departures.uncertain().by_building(len(tenants.paths.building_id))[:, row]
    part = np.divide(may_go, staying, out=np.zeros_like(staying), where=staying > 0)
    return np.clip(part.mean(axis=0), 0.0, _MOST_LOSS)


def weights(made: Mapping[int, Components], actual: TaxHistory) -> dict[int, LearnedWeight]:
    """Return the weight of the tenants' forecast at each origin, learned from the errors known by then.

    ``actual`` is the history of recurring tax up to the study's year. See ``tenants.tenant_weight``; 0 where
    the model of tenants is refused at the origin.
    """
    errors = pd.concat([_errors(origin, parts, actual) for origin, parts in made.items()], ignore_index=True)
    errors = errors.dropna(subset=["actual_yuan"])
    result = {}
    for origin, parts in made.items():
        if not len(parts.tenants.paths.building_id):
            result[origin] = LearnedWeight(0.0)
            continue
        known = errors[errors["year"] <= origin]
        columns = (known[name].to_numpy() for name in ("actual_yuan", "tenants_yuan", "series_yuan"))
        steps = parts.tenants.steps
        origins = tuple(sorted(known["origin"].astype("int64").unique().tolist()))
        result[origin] = LearnedWeight(tenant_weight(*columns, steps), len(known), origins, steps)
    return result


def _errors(origin: int, parts: Components, actual: TaxHistory) -> pd.DataFrame:
    """Return ``origin, year, actual_yuan, tenants_yuan, series_yuan`` (medians) of what both forecast."""
    series, tenants = parts.series, parts.tenants.paths
    row = pd.Index(tenants.building_id).get_indexer(series.building_id)
    came = pd.DataFrame(actual.tax_yuan, index=actual.building_id, columns=actual.years)
    came = came.reindex(index=series.building_id[row >= 0], columns=series.years)
    shape = {"year": np.tile(series.years, len(came)), "actual_yuan": came.to_numpy(dtype="float64").ravel()}
    shape["origin"] = np.full(came.size, origin)
    if not len(came):
        return pd.DataFrame(shape | {"tenants_yuan": [], "series_yuan": []}, dtype="float64")
    shape["tenants_yuan"] = np.median(tenants.yuan[:, row[row >= 0]], axis=0).ravel()
    shape["series_yuan"] = np.median(series.yuan[:, row >= 0], axis=0).ravel()
    return pd.DataFrame(shape)


def _root(yuan: np.ndarray) -> np.ndarray:
    return np.sign(yuan) * np.sqrt(np.abs(yuan))
