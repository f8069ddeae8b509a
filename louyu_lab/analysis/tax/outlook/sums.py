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

#: Nodes of the hierarchy of sums; a street may be named like the district.
_TOTAL, _STREET_HEAD, _BUILDING_HEAD = "全区", "街道:", "楼宇:"


def street_names(paths: TaxPaths) -> np.ndarray:
    """Return each building's street, "" where it is not filled in; shape (buildings,)."""
    return pd.Series(paths.street, dtype="str").fillna("").to_numpy(dtype="str")


def past_sums(history: TaxHistory, paths: TaxPaths, district: str) -> pd.DataFrame:
    """Return ``level, id, year, tax_yuan`` of district and streets: the past of what is forecast.

    ``history`` is that of recurring tax. Only the buildings of ``paths`` are counted, in every year; one
    adds from its first known year on, a later year that is not known is taken from its neighbours. The sums
    therefore grow with openings and do not hold buildings that are gone.
    """
    if not paths.yuan.size:
        return pd.DataFrame(columns=["level", "id", "year", "tax_yuan"])
    past = _nodes_past(history, paths, _sum_hierarchy(paths))
    level, ids = _named(past["unique_id"].to_numpy(dtype="str"), district)
    table = pd.DataFrame({"level": level, "id": ids, "year": past["ds"], "tax_yuan": past["y"]})
    return table.sort_values(["level", "id", "year"], ignore_index=True)


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
    past = _nodes_past(history, paths, hierarchy)
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


def _nodes_past(history: TaxHistory, paths: TaxPaths, hierarchy: Hierarchy) -> pd.DataFrame:
    """Return the past of the aggregates; a building adds from its first known year on."""
    row = pd.Index(history.building_id).get_indexer(paths.building_id)
    known = pd.DataFrame(history.tax_yuan[row].T)
    filled = known.interpolate(limit_area="inside").ffill().to_numpy().T
    rows = {
        "unique_id": np.repeat(_members(paths), len(history.years)),
        "ds": np.tile(history.years, len(row)),
    }
    past = hierarchy.aggregate(pd.DataFrame(rows | {"y": filled.ravel()}))
    return past[past["unique_id"].isin(hierarchy.nodes[: len(hierarchy.nodes) - len(hierarchy.bottom)])]
