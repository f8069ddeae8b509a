"""Forecast tables made to add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.reconciling.faults import named, refuse
from louyu_lab.analysis.tax.forecasting.reconciling.hierarchy import Hierarchy
from louyu_lab.analysis.tax.forecasting.reconciling.methods import method_named, projection

#: What ``method`` says of an aggregate that had no forecast of its own.
SUMMED = "由下级相加"


def reconcile(
    forecasts: pd.DataFrame,
    hierarchy: Hierarchy | Mapping[str, Sequence[str]],
    method: str = "wls_struct",
    *,
    residuals: pd.DataFrame | None = None,
    nonnegative: bool = False,
) -> pd.DataFrame:
    """Return ``forecasts`` made to add up: the means of all nodes are sums of those of the bottom nodes.

    ``forecasts`` as ``forecast_panel`` returns (``unique_id, ds, mean, median, lo-80 …``) for all nodes of
    ``hierarchy``, or, with ``bottom_up``, for the bottom nodes alone. ``hierarchy`` may also be
    {parent: [children]}. ``method`` is one of ``METHODS``; ``wls_var`` and ``mint_shrink`` need
    ``residuals`` (``unique_id, ds, residual``: in-sample or past one-step errors of all nodes), without
    enough of which ``wls_struct`` stands in and a ``ReconciliationWarning`` says why.

    The median and the bounds of a node move by as much as its mean, so intervals keep their width; exact
    quantiles are those of ``reconcile_paths``. Aggregates without forecasts of their own get intervals as
    if the bottom nodes erred independently. With ``nonnegative`` a negative bottom forecast becomes 0 and
    the sums are taken again ("set negative to zero", Di Fonzo & Girolimetto 2023); it is not the default
    because refunds make real negative tax.

    Rows keep their order; new ones make the table sorted by ``unique_id, ds``. Raises ``ReconciliationError``
    for missing or unknown nodes, unequal periods, empty values or an unknown method.
    """
    if not isinstance(hierarchy, Hierarchy):
        hierarchy = Hierarchy.from_children(hierarchy)
    method = method_named(method)
    nodes = _nodes_of(forecasts, hierarchy, method)
    row, step, h = _places(forecasts, nodes)
    base = _matrix(forecasts["mean"], row, step, (len(nodes), h))
    is_bottom_only = len(nodes) < len(hierarchy.nodes)
    bottom = base if is_bottom_only else projection(hierarchy, method, residuals).bottom(base)
    mean = hierarchy.sums(np.maximum(bottom, 0.0) if nonnegative else bottom)
    if is_bottom_only:
        mended, base = _with_aggregates(forecasts, hierarchy, base, row, step)
        row, step, _ = _places(mended, hierarchy.nodes)
    else:
        mended = forecasts.copy()
    moved = (mean - base)[row, step]
    for name in _quantiles(mended):
        shifted = mended[name].to_numpy(dtype="float64") + moved
        mended[name] = np.maximum(shifted, 0.0) if nonnegative else shifted
    mended["mean"] = mean[row, step]
    return mended


def _nodes_of(forecasts: pd.DataFrame, hierarchy: Hierarchy, method: str) -> np.ndarray:
    """Return the nodes forecast, all or the bottom ones; raises for any other set or missing columns."""
    missing = [name for name in ("unique_id", "ds", "mean") if name not in forecasts.columns]
    refuse("预测表有误", [f"缺少列 {'、'.join(missing)}" if missing else None])
    given = set(forecasts["unique_id"].astype("str"))
    if method == "bottom_up" and given == set(hierarchy.bottom.tolist()):
        return hierarchy.bottom
    lacking = [name for name in hierarchy.nodes.tolist() if name not in given]
    strange = sorted(given - set(hierarchy.nodes.tolist()))
    alone = "；只有最下层的预测时请用 bottom_up" if given == set(hierarchy.bottom.tolist()) else ""
    refuse(
        "预测表与层级不符",
        [
            f"缺少节点 {named(lacking)}{alone}" if lacking else None,
            f"层级里没有的节点 {named(strange)}" if strange else None,
        ],
    )
    return hierarchy.nodes


def _places(forecasts: pd.DataFrame, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return each row's node and period number, and the number of periods; each pair must occur once."""
    row = pd.Index(nodes).get_indexer(forecasts["unique_id"].astype("str"))
    step, periods = pd.factorize(forecasts["ds"], sort=True)
    times = np.zeros((len(nodes), len(periods)), dtype="int64")
    np.add.at(times, (row, step), 1)
    uneven = nodes[(times != 1).any(axis=1)].tolist()
    refuse(
        "预测表有误",
        [f"{named(uneven)} 的期数与其他节点不一致或有重复行；各节点各期应正好一行" if uneven else None],
    )
    empty = nodes[np.unique(row[~np.isfinite(forecasts["mean"].to_numpy(dtype="float64"))])].tolist()
    refuse("预测表有误", [f"{named(empty)} 的 mean 为空或无穷大，请先补上预测" if empty else None])
    return row, step, len(periods)


def _matrix(values: pd.Series, row: np.ndarray, step: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    matrix = np.full(shape, np.nan)
    matrix[row, step] = values.to_numpy(dtype="float64")
    return matrix


def _quantiles(forecasts: pd.DataFrame) -> list[str]:
    return [name for name in forecasts.columns if name == "median" or name.startswith(("lo-", "hi-"))]


def _with_aggregates(
    forecasts: pd.DataFrame, hierarchy: Hierarchy, bottom: np.ndarray, row: np.ndarray, step: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the table with rows for the aggregates, and all nodes' means (m, h).

    A quantile of a sum lies √Σ(distance to the mean)² from the sum's mean, on the side the members' do.
    """
    mean = hierarchy.sums(bottom)
    periods = np.sort(forecasts["ds"].unique())
    count, h = len(hierarchy.nodes) - len(hierarchy.bottom), len(periods)
    table = {"unique_id": np.repeat(hierarchy.nodes[:count], h), "ds": np.tile(periods, count)}
    table["mean"] = mean[:count].ravel()
    for name in _quantiles(forecasts):
        distance = _matrix(forecasts[name], row, step, bottom.shape) - bottom
        side = np.sign(hierarchy.sums(distance))
        table[name] = (mean + side * np.sqrt(hierarchy.sums(distance**2)))[:count].ravel()
    above = pd.DataFrame(table)
    if "method" in forecasts.columns:
        above["method"] = SUMMED
    both = pd.concat([above, forecasts], ignore_index=True)[list(forecasts.columns)]
    return both.sort_values(["unique_id", "ds"], ignore_index=True), mean
