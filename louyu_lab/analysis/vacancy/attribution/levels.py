"""Vacant ㎡ by cause, for every building, street and the district.

参照水平 + causes + 未解释 = marketable vacant area, at every level, because every level is the sum of
the same buildings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import UNPLACED
from louyu_lab.analysis.vacancy.attribution.areas import asked_areas
from louyu_lab.analysis.vacancy.attribution.parts import (
    DRAW_TOLERANCE,
    MEAN,
    REFERENCE,
    UNEXPLAINED,
    Parts,
    intervals,
    parts_of,
)
from louyu_lab.analysis.vacancy.attribution.shapley import TOLERANCE

if TYPE_CHECKING:
    from louyu_lab.analysis.vacancy.drivers.result import DriverFit

#: What the district is called where no column ``district`` names it.
WHOLE = "全区"


def attribute(
    result: DriverFit,
    frame: pd.DataFrame,
    *,
    vacant_sqm: str | Sequence[float],
    area_sqm: str | Sequence[float],
    groups: Mapping[str, Sequence[str]],
    reference: str | Mapping[str, Any] = MEAN,
    replicates: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Return table ``vacancy_causes``: columns ``level, id, cause, area_sqm, lo_sqm, hi_sqm`` (㎡).

    ``frame`` holds a building, or a building and year, a row: the fit's drivers, and ``district``,
    ``street``, ``building_id`` where there are such columns; a building's rows are added up, see
    ``building_ids``.
    ``vacant_sqm`` and ``area_sqm`` are columns of it, or values in its order: vacant and whole marketable
    area; rows where either is missing, or where there is no area, are left out. Raises DriverError for areas
    and draws that cannot be right (``areas.asked_areas``); ``groups``, ``reference`` and what they raise:
    ``parts.parts_of``.

    参照水平 is area × ``v(∅)``, with the mean as reference the area-weighted mean of the predicted rates (not
    the prediction at mean conditions); a cause area × its Shapley value (``shapley``), negative where the
    building is better than the reference; 未解释 vacant − area × predicted rate; together the vacant area.
    A missing driver takes the district's mean, and so adds next to nothing.

    Two zeros of the whole district say nothing of the model: with the mean as reference every cause cancels
    (row against row is antisymmetric), and 未解释 is 0 by the fit's own equations where the fit saw these
    rows, was weighted by this area and has year effects.

    ``lo_sqm, hi_sqm`` are percentiles at ``result.level`` over ``replicates`` bootstrap draws of the
    coefficients, NaN where there are none (``parts.intervals``), and always NaN for 未解释: they cover the
    modelled part only, how well the coefficients are known, not the chance of a single building, nor
    drivers the ledgers do not hold.
    """
    vacant, area, is_told = asked_areas(frame, vacant_sqm, area_sqm, replicates, seed)
    rows, vacant, area = frame[is_told], vacant[is_told], area[is_told]
    if len(rows) == 0:
        return declared("vacancy_causes", pd.DataFrame(columns=list(TABLES["vacancy_causes"].columns)))
    parts = parts_of(result, rows, groups, area, reference)
    places = _places(rows, building_ids(frame)[is_told])

    def modelled(beta: np.ndarray, tolerance: float = DRAW_TOLERANCE) -> np.ndarray:
        return _summed(_shared_out(parts, beta, area, tolerance), places)

    rest = _summed((vacant - area * parts.rates(result.beta))[:, None], places)
    point, bounds = modelled(result.beta, TOLERANCE), intervals(result, modelled, replicates, seed)
    none = np.full((2, *rest.shape), np.nan)
    return declared(
        "vacancy_causes",
        _long(places, parts.causes, np.hstack([point, rest]), np.concatenate([bounds, none], axis=2)),
    )


def building_ids(frame: pd.DataFrame) -> np.ndarray:
    """Return each row's building as text (n,): its ``building_id``, its index where there is none.

    An index that names rows more than once tells no buildings apart: each row's position, from 0, is its own.
    """
    own = frame.index if frame.index.is_unique else pd.RangeIndex(len(frame))
    own = np.array([str(name) for name in own], dtype="object")
    if "building_id" not in frame:
        return own
    ids = frame["building_id"]
    return np.where(ids.isna(), own, ids.astype("str").to_numpy(dtype="object"))


def moving_causes(causes: pd.DataFrame) -> pd.DataFrame:
    """Return table ``vacancy_causes`` without causes that add nothing anywhere, as years in a single one."""
    largest = causes["area_sqm"].abs().groupby(causes["cause"]).max()
    still = set(largest.index[largest == 0]) - {REFERENCE, UNEXPLAINED}
    return causes[~causes["cause"].isin(still)]


def _shared_out(parts: Parts, beta: np.ndarray, area: np.ndarray, tolerance: float) -> np.ndarray:
    """Return ㎡ of each row by 参照水平 and causes; shape (n, 1 + causes)."""
    level, values = parts.values(beta, tolerance)
    return np.column_stack([area * level, area[:, None] * values])


def _places(rows: pd.DataFrame, buildings: np.ndarray) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return (level, sorted ids, each row's position among them); no street column, no streets."""
    district = rows["district"].fillna(WHOLE) if "district" in rows else pd.Series(WHOLE, index=rows.index)
    by_level = {"district": district}
    if "street" in rows:
        by_level["street"] = rows["street"].fillna(UNPLACED["street"])
    by_level["building"] = pd.Series(buildings, index=rows.index)
    found = []
    for level, ids in by_level.items():
        names, codes = np.unique(ids.astype("str").to_numpy(dtype="object"), return_inverse=True)
        found.append((level, names, codes))
    return found


def _summed(by_row: np.ndarray, places: list[tuple[str, np.ndarray, np.ndarray]]) -> np.ndarray:
    """Add rows up to every place of every level; shape (places, columns of ``by_row``)."""
    sums = [np.zeros((len(names), by_row.shape[1])) for _, names, _ in places]
    for total, (_, _, codes) in zip(sums, places, strict=True):
        np.add.at(total, codes, by_row)
    return np.concatenate(sums)


def _long(
    places: list[tuple[str, np.ndarray, np.ndarray]],
    causes: tuple[str, ...],
    point: np.ndarray,
    bounds: np.ndarray,
) -> pd.DataFrame:
    """Set one place and cause a row."""
    every = [REFERENCE, *causes, UNEXPLAINED]
    named = [(level, name, cause) for level, names, _ in places for name in names for cause in every]
    table = pd.DataFrame(named, columns=["level", "id", "cause"]).astype("str")
    return table.assign(area_sqm=point.ravel(), lo_sqm=bounds[0].ravel(), hi_sqm=bounds[1].ravel())
