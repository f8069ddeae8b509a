"""The forecast at every level as one table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.outlook.detail import BOUNDS, TaxDetail
from louyu_lab.analysis.tax.outlook.sums import DISTRICT, STREET, street_names
from louyu_lab.analysis.tax.paths import TaxPaths

#: Levels below and across the sums.
BUILDING, INDUSTRY, ENTERPRISE = "building", "industry", "enterprise"

_CHANCES = ("p_yi", "p_up", "p_down")


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


def _by_street(paths: TaxPaths) -> tuple[np.ndarray, np.ndarray]:
    """Return the streets, sorted, and the sums of their buildings' draws (draws, streets, h)."""
    streets, at = np.unique(street_names(paths), return_inverse=True)
    return streets, np.stack(
        [paths.yuan[:, at == place].sum(axis=1) for place in range(len(streets))], axis=1
    )


def _level(level: str, ids: np.ndarray, draws: np.ndarray, years: np.ndarray) -> pd.DataFrame:
    rows = {"level": level, "id": np.repeat(ids, len(years)), "year": np.tile(years, len(ids))}
    bounds = np.quantile(draws, list(BOUNDS.values()), axis=0)
    values = {"mean_yuan": draws.mean(axis=0), **dict(zip(BOUNDS, bounds, strict=True))}
    return pd.DataFrame(rows | {name: value.ravel() for name, value in values.items()})


def _enterprises(rows: pd.DataFrame) -> pd.DataFrame:
    ids = rows["building_id"] + "/" + rows["enterprise_id"]
    return rows.drop(columns=["building_id", "enterprise_id"]).assign(level=ENTERPRISE, id=ids)
