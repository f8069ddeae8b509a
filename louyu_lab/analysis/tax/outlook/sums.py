"""Sums over streets and the district: their past, and forecasts of their own beside sums of forecasts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.forecasting.forecasting import forecast_panel
from louyu_lab.analysis.tax.forecasting.reconciling import Hierarchy, reconcile
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.paths import TaxPaths

DISTRICT, STREET = "district", "street"

#: Columns of ``past_sums``.
PAST = ("level", "id", "year", "tax_yuan", "filled_yuan", "buildings", "filled", "of_year")

#: Nodes of the hierarchy of sums; a street may be named like the district.
_TOTAL, _STREET_HEAD, _BUILDING_HEAD = "全区", "街道:", "楼宇:"


def street_names(paths: TaxPaths) -> np.ndarray:
    """Return each building's street, "" where it is not filled in; shape (buildings,)."""
    return pd.Series(paths.street, dtype="str").fillna("").to_numpy(dtype="str")


def past_sums(history: TaxHistory, paths: TaxPaths, district: str) -> pd.DataFrame:
    """Return the past of what is forecast, district and streets: columns ``PAST``.

    ``history`` is that of recurring tax. Only the buildings of ``paths`` are counted, in every year; one
    adds from its first known year on. The sums therefore grow with openings and do not hold buildings that
    are gone. A later year that is not known is taken from its neighbours, after the last known year from
    that: ``filled_yuan`` is the part of ``tax_yuan`` (元) and ``filled`` the number of the ``buildings`` this
    was done for. ``of_year`` is the year the amounts are of, on average and weighted by them: before ``year``
    where some are carried on, so that growth is counted from there.
    """
    if not paths.yuan.size:
        return pd.DataFrame(columns=list(PAST))
    known, filled = _filled(history, paths)
    stands_in = np.isnan(known) & np.isfinite(filled)
    lag = _lags(known)
    amounts = {
        "tax_yuan": filled,
        "filled_yuan": np.where(stands_in, filled, 0.0),
        "buildings": np.isfinite(filled),
        "filled": stands_in,
        "size": np.abs(filled),
        "lagged": np.abs(filled) * lag,
    }
    hierarchy = _sum_hierarchy(paths)
    made = {
        name: _nodes_past(np.where(np.isfinite(filled), of, np.nan), history.years, paths, hierarchy)
        for name, of in amounts.items()
    }
    first = made["tax_yuan"]
    level, ids = _named(first["unique_id"].to_numpy(dtype="str"), district)
    table = pd.DataFrame({"level": level, "id": ids, "year": first["ds"]})
    table = table.assign(**{name: of["y"] for name, of in made.items()})
    lagged = table["lagged"] / table["size"].where(table["size"] > 0)
    table["of_year"] = table["year"] - lagged.fillna(0.0)
    table = table.astype({"buildings": "int64", "filled": "int64"})
    return table.sort_values(["level", "id", "year"], ignore_index=True)[list(PAST)]


def tax_coherence(history: TaxHistory, paths: TaxPaths, district: str) -> pd.DataFrame:
    """Return table ``tax_coherence``: the sums published beside forecasts of the sums themselves.

    ``history`` is that of recurring tax. ``mean_yuan`` is the sum of the buildings' means; ``alone_yuan`` the
    forecast of the street's or district's own series, ``difference_rate`` how much higher that is.
    ``ols_yuan`` and ``wls_struct_yuan`` are what reconciling (``reconciling.reconcile``) would make of
    both. The series of sums hold the standing buildings only, a year that is not known taken from its
    neighbours, and grow with every opening.
    """
    columns = list(TABLES["tax_coherence"].columns)
    if not paths.yuan.size:
        return declared("tax_coherence", pd.DataFrame(columns=columns))
    hierarchy = _sum_hierarchy(paths)
    above = len(hierarchy.nodes) - len(hierarchy.bottom)
    past = _nodes_past(_filled(history, paths)[1], history.years, paths, hierarchy)
    base = forecast_panel(past, len(paths.years))[["unique_id", "ds", "mean"]]
    at = pd.Index(_members(paths)).get_indexer(hierarchy.bottom)
    mean = paths.yuan.mean(axis=0)[at]
    own = {"unique_id": np.repeat(hierarchy.bottom, len(paths.years)), "ds": np.tile(paths.years, len(at))}
    base = pd.concat([base, pd.DataFrame(own | {"mean": mean.ravel()})], ignore_index=True)
    alone, ols, wls = (
        made.pivot(index="unique_id", columns="ds", values="mean").reindex(hierarchy.nodes[:above]).to_numpy()
        for made in (base, reconcile(base, hierarchy, "ols"), reconcile(base, hierarchy, "wls_struct"))
    )
    added, years = hierarchy.sums(mean)[:above], paths.years
    higher = np.divide(alone - added, added, out=np.full(added.shape, np.nan), where=added > 0)
    level, ids = _named(hierarchy.nodes[:above], district)
    table = pd.DataFrame(
        {
            "level": np.repeat(level, len(years)),
            "id": np.repeat(ids, len(years)),
            "year": np.tile(years, above),
            "mean_yuan": added.ravel(),
            "alone_yuan": alone.ravel(),
            "difference_rate": higher.ravel(),
            "ols_yuan": ols.ravel(),
            "wls_struct_yuan": wls.ravel(),
        }
    )
    return declared("tax_coherence", table.sort_values(["level", "id", "year"])[columns])


def _named(nodes: np.ndarray, district: str) -> tuple[np.ndarray, np.ndarray]:
    """Return level and id of each aggregate."""
    is_whole = nodes == _TOTAL
    streets = np.array([name.removeprefix(_STREET_HEAD) for name in nodes.tolist()])
    return np.where(is_whole, DISTRICT, STREET), np.where(is_whole, district, streets)


def _members(paths: TaxPaths) -> np.ndarray:
    return np.array([_BUILDING_HEAD + name for name in paths.building_id])


def _sum_hierarchy(paths: TaxPaths) -> Hierarchy:
    members = _members(paths)
    street = np.array([_STREET_HEAD + name for name in street_names(paths)])
    streets = {name: members[street == name].tolist() for name in np.unique(street).tolist()}
    return Hierarchy.from_children({_TOTAL: list(streets), **streets})


def _filled(history: TaxHistory, paths: TaxPaths) -> tuple[np.ndarray, np.ndarray]:
    """Return the known tax of the buildings of ``paths`` and the same without gaps; (buildings, years)."""
    known = history.tax_yuan[pd.Index(history.building_id).get_indexer(paths.building_id)]
    filled = pd.DataFrame(known.T).interpolate(limit_area="inside").ffill().to_numpy().T
    return known, filled


def _lags(known: np.ndarray) -> np.ndarray:
    """Return by how many years each building's last known tax is carried; 0 up to its own year."""
    at = np.arange(known.shape[1])
    last = np.where(np.isfinite(known), at, -1).max(axis=1, initial=-1)
    return np.maximum(at - last[:, None], 0)


def _nodes_past(
    amounts: np.ndarray, years: np.ndarray, paths: TaxPaths, hierarchy: Hierarchy
) -> pd.DataFrame:
    """Return the aggregates' sums ``unique_id, ds, y``; ``amounts`` (buildings, years), NaN where none."""
    rows = {"unique_id": np.repeat(_members(paths), len(years)), "ds": np.tile(years, len(amounts))}
    past = hierarchy.aggregate(pd.DataFrame(rows | {"y": amounts.ravel()}))
    return past[past["unique_id"].isin(hierarchy.nodes[: len(hierarchy.nodes) - len(hierarchy.bottom)])]
