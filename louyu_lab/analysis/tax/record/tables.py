"""The tables ``tax_backtest`` and ``tax_backtest_origins`` of the district's back-test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.forecasting.backtesting.backtest import OURS
from louyu_lab.analysis.tax.forecasting.backtesting.scores import ALL_HORIZONS, scores
from louyu_lab.analysis.tax.history import SIZE_CLASSES, TaxHistory, last_known, size_class
from louyu_lab.analysis.tax.record.district import (
    BUILDING,
    DISTRICT,
    FIELD_METHODS,
    STREET,
    DistrictBacktest,
    distinct_levels,
)

#: Rows of all horizons, and of all sizes.
EVERY = "全部"

#: Buildings a size class needs to be told apart: with fewer, its errors would tell of one taxpayer.
LEAST_BUILDINGS = 3

_METHODS = [OURS, *FIELD_METHODS]


def tax_backtest(result: DistrictBacktest) -> pd.DataFrame:
    """Return table ``tax_backtest``: the scores by level, method, horizon and, of buildings, size class.

    ``horizon`` is text, 全部 pools all; the size class is that of the last known tax at the origin, and
    one with fewer than ``LEAST_BUILDINGS`` buildings is left out. Scores as ``scores.scores``.
    """
    parts = []
    for level in (DISTRICT, STREET, BUILDING):
        test = result.levels[level]
        parts.append(test.scores.assign(level=level, size_class=EVERY))
        if level == BUILDING and len(test.errors):
            parts += _by_size(test.errors, result.history)
    table = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    table = table.assign(
        horizon=table["horizon"].replace(ALL_HORIZONS, EVERY), is_ours=table["method"] == OURS
    )
    return declared("tax_backtest", table[list(TABLES["tax_backtest"].columns)])


def tax_backtest_origins(result: DistrictBacktest) -> pd.DataFrame:
    """Return table ``tax_backtest_origins``: each level's WAPE and regret by method and origin year."""
    parts = [result.levels[level].origins.assign(level=level) for level in (DISTRICT, STREET, BUILDING)]
    table = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    table = table.assign(is_ours=table["method"] == OURS)
    return declared("tax_backtest_origins", table[list(TABLES["tax_backtest_origins"].columns)])


def main_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``tax_backtest`` that pool all horizons and sizes, what a chapter shows."""
    is_main = (table["horizon"] == EVERY) & (table["size_class"] == EVERY)
    return told_rows(table[is_main]).reset_index(drop=True)


def told_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the levels whose results differ (``distinct_levels``), of either table."""
    sizes = table.groupby("level")["n"].max()
    told = distinct_levels(sizes.to_dict())
    # A table of some levels only, as of one drawn by itself, keeps the first that it has.
    return table[table["level"].isin(told if len(told) else sizes.index)]


def _by_size(errors: pd.DataFrame, history: TaxHistory) -> list[pd.DataFrame]:
    """Return the scores of the buildings of every size class that has enough of them."""
    label = _size_at_origin(errors, history)
    parts = []
    for name in SIZE_CLASSES.labels:
        own = errors[label == name]
        if own["unique_id"].nunique() >= LEAST_BUILDINGS:
            parts.append(scores(own, _METHODS).assign(level=BUILDING, size_class=name))
    return parts


def _size_at_origin(errors: pd.DataFrame, history: TaxHistory) -> np.ndarray:
    """Return the size class of each error's building at its origin."""
    row = pd.Index(history.building_id).get_indexer(errors["unique_id"])
    labels = np.full(len(errors), "", dtype=object)
    for year in errors["origin"].unique():
        at = (errors["origin"] == year).to_numpy()
        labels[at] = size_class(last_known(history.until(int(year))))[row[at]]
    return labels
