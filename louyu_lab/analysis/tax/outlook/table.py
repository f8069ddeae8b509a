"""Tables of the forecast at every level, and of how far the levels agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.forecasting.forecasting import forecast_panel
from louyu_lab.analysis.tax.forecasting.reconciling import Hierarchy, reconcile
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.outlook.detail import BOUNDS, TaxDetail
from louyu_lab.analysis.tax.paths import TaxPaths

#: Levels in the order of the table.
DISTRICT, STREET, BUILDING, INDUSTRY, ENTERPRISE = "district", "street", "building", "industry", "enterprise"

_CHANCES = ("p_yi", "p_up", "p_down")

#: Nodes of the hierarchy of sums; a street may be named like the district.
_TOTAL, _STREET_HEAD, _BUILDING_HEAD = "全区", "街道:", "楼宇:"


def tax_forecast(paths: TaxPaths, detail: TaxDetail, chances: pd.DataFrame, district: str) -> pd.DataFrame:
    """Return table ``tax_forecast``: a row a level, object and coming year, in 元 of recurring tax.

    The means of the streets, of the buildings and of the industries each add up to the district's, those of
    the enterprises to no more than their building's. Intervals are of each object's own draws and do not
    add up. ``id`` is the district, the street, the building's number, the industry, or 楼宇编号/企业编号: an
    enterprise in two buildings has a row in each. ``chances`` is table ``tier_chances`` and gives buildings
    ``p_yi, p_up, p_down``; other levels have none.
    """
    columns = list(TABLES["tax_forecast"].columns)
    if not paths.yuan.size:
        return declared("tax_forecast", pd.DataFrame(columns=columns))
    streets, by_street = _by_street(paths)
    parts = [
        _level(DISTRICT, np.array([district]), paths.yuan.sum(axis=1, keepdims=True), paths.years),
        _level(STREET, streets, by_street, paths.years),
        _level(BUILDING, paths.building_id, paths.yuan, paths.years),
        _level(INDUSTRY, detail.industry, detail.industry_yuan, paths.years),
        _enterprises(detail.enterprises),
    ]
    parts = [part.sort_values(["id", "year"]) for part in parts if len(part)]
    table = pd.concat(parts, ignore_index=True)
    key = pd.MultiIndex.from_frame(table[["id", "year"]])
    known = chances.set_index(["building_id", "year"])[list(_CHANCES)].reindex(key)
    is_building = (table["level"] == BUILDING).to_numpy()
    for name in _CHANCES:
        table[name] = np.where(is_building, known[name].to_numpy(dtype="float64"), np.nan)
    return declared("tax_forecast", table[columns])


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
    past = _sums_past(history, paths, hierarchy)
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
    nodes = hierarchy.nodes[:above]
    is_whole = nodes == _TOTAL
    ids = np.where(is_whole, district, np.char.replace(nodes.astype("str"), _STREET_HEAD, "", count=1))
    table = pd.DataFrame(
        {
            "level": np.repeat(np.where(is_whole, DISTRICT, STREET), len(years)),
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


def _by_street(paths: TaxPaths) -> tuple[np.ndarray, np.ndarray]:
    """Return the streets, sorted, and the sums of their buildings' draws (draws, streets, h)."""
    streets, at = np.unique(_street_names(paths), return_inverse=True)
    return streets, np.stack(
        [paths.yuan[:, at == place].sum(axis=1) for place in range(len(streets))], axis=1
    )


def _street_names(paths: TaxPaths) -> np.ndarray:
    return pd.Series(paths.street, dtype="str").fillna("").to_numpy(dtype="str")


def _level(level: str, ids: np.ndarray, draws: np.ndarray, years: np.ndarray) -> pd.DataFrame:
    rows = {"level": level, "id": np.repeat(ids, len(years)), "year": np.tile(years, len(ids))}
    bounds = np.quantile(draws, list(BOUNDS.values()), axis=0)
    values = {"mean_yuan": draws.mean(axis=0), **dict(zip(BOUNDS, bounds, strict=True))}
    return pd.DataFrame(rows | {name: value.ravel() for name, value in values.items()})


def _enterprises(rows: pd.DataFrame) -> pd.DataFrame:
    ids = rows["building_id"] + "/" + rows["enterprise_id"]
    return rows.drop(columns=["building_id", "enterprise_id"]).assign(level=ENTERPRISE, id=ids)


def _members(paths: TaxPaths) -> np.ndarray:
    return np.array([_BUILDING_HEAD + name for name in paths.building_id])


def _sum_hierarchy(paths: TaxPaths) -> Hierarchy:
    members = _members(paths)
    street = np.array([_STREET_HEAD + name for name in _street_names(paths)])
    streets = {name: members[street == name].tolist() for name in np.unique(street).tolist()}
    return Hierarchy.from_children({_TOTAL: list(streets), **streets})


def _sums_past(history: TaxHistory, paths: TaxPaths, hierarchy: Hierarchy) -> pd.DataFrame:
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
