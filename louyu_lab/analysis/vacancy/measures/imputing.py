"""Blank cells of the drivers filled from a building's other drivers, never from its vacancy.

Where cells are blank by chance, leaving out every building with one costs a quarter of the district; the
expected value given the building's other drivers leaves the effects as they are and keeps the buildings.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.measures.declared import declared_drivers

#: Kinds that hold, or nearly hold, for a building as such and so tell of its other traits.
_OF_BUILDINGS = ("between", "lagged")

_ROUNDS = 25


def imputed(frame: pd.DataFrame, drivers: Sequence[str]) -> pd.DataFrame:
    """Return the frame with the blank cells of ``drivers`` filled; the vacancy is not looked at.

    A trait of a building (``between``, or ``lagged`` after the building's own mean of other years) takes its
    expected value given the building's other traits, from regressions of each on the others until they
    settle (van Buuren's chained equations); one that changes around the building takes the mean of the
    year. A lagged driver stays blank in years in which no building has it: there was no year before.
    """
    known = declared_drivers()
    named = [name for name in drivers if name in known and not known[name].is_text]
    traits = [name for name in named if known[name].kind in _OF_BUILDINGS]
    filled = frame.copy()
    by_building = frame.groupby("building_id")[traits].mean()
    if len(traits) > 1 and by_building.isna().any(axis=None):
        by_building = _expected(by_building)
    for name in named:
        knowable = frame["year"].isin(frame.loc[frame[name].notna(), "year"])
        own = (
            frame["building_id"].map(by_building[name]) if name in traits else pd.Series(np.nan, frame.index)
        )
        stand_in = own.fillna(frame.groupby("year")[name].transform("mean"))
        filled[name] = frame[name].fillna(stand_in.where(knowable))
    return filled


def blank_cells(frame: pd.DataFrame, drivers: Sequence[str]) -> pd.DataFrame:
    """Return ``driver, buildings, blank_buildings``: in how many buildings ``imputed`` would fill a cell."""
    lines = []
    for name in drivers:
        knowable = frame[frame["year"].isin(frame.loc[frame[name].notna(), "year"])]
        blank = knowable.groupby("building_id")[name].apply(lambda cells: bool(cells.isna().any()))
        lines.append((name, len(blank), int(blank.sum())))
    return pd.DataFrame(lines, columns=["driver", "buildings", "blank_buildings"])


def _expected(table: pd.DataFrame) -> pd.DataFrame:
    """Fill a table of buildings × traits; a trait nobody has stays blank."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401  (makes the next import possible)
    from sklearn.impute import IterativeImputer

    told = table.loc[:, table.notna().any()]
    scale = told.std().where(lambda sd: sd > 0, 1.0).fillna(1.0)
    imputer = IterativeImputer(max_iter=_ROUNDS)
    with warnings.catch_warnings():
        # What still moves after the rounds moves in the third digit.
        warnings.simplefilter("ignore", ConvergenceWarning)
        values = imputer.fit_transform(((told - told.mean()) / scale).to_numpy())
    filled = pd.DataFrame(values, told.index, told.columns) * scale + told.mean()
    return filled.reindex(columns=table.columns)
