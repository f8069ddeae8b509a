"""The ways to reconcile by name, and what each needs."""

from __future__ import annotations

import warnings
from difflib import get_close_matches

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.reconciling.covariance import (
    equal_covariance,
    shrunk_covariance,
    structural_covariance,
    variance_covariance,
)
from louyu_lab.analysis.tax.forecasting.reconciling.faults import named, refuse
from louyu_lab.analysis.tax.forecasting.reconciling.hierarchy import Hierarchy
from louyu_lab.analysis.tax.forecasting.reconciling.projections import Projection

#: Name -> what it trusts.
METHODS = {
    "bottom_up": "只信最下层，逐级相加",
    "ols": "各节点同样可信",
    "wls_struct": "按所含下级个数加权",
    "wls_var": "按历史误差方差加权",
    "mint_shrink": "按收缩后的误差协方差加权",
}

#: Points of time at which all nodes' errors must be known for their covariance.
LEAST_POINTS = 10

#: Points of each node for its variance.
LEAST_VARIANCE_POINTS = 2


class ReconciliationWarning(UserWarning):
    """A simpler method stood in for the one asked for; the message says why."""


def method_named(name: str) -> str:
    """Return the key of ``METHODS`` meant by ``name``; hyphens, blanks and case do not matter.

    Raises ``ReconciliationError`` with the nearest name for an unknown one.
    """
    plain = str(name).strip().lower().replace("-", "_").replace(" ", "_")
    if plain not in METHODS:
        close = get_close_matches(plain, METHODS, n=1, cutoff=0.4)
        meant = f"，是不是 {close[0]}？" if close else ""
        refuse("协调方法有误", [f"没有 {name}{meant}可用的有 {'、'.join(METHODS)}"])
    return plain


def projection(hierarchy: Hierarchy, name: str, residuals: pd.DataFrame | None = None) -> Projection:
    """Return the projection of method ``name``; ``residuals`` long frame ``unique_id, ds, residual``.

    ``wls_var`` and ``mint_shrink`` step down to ``wls_struct`` where the residuals do not reach, and a
    ``ReconciliationWarning`` says why.
    """
    method = method_named(name)
    if method == "bottom_up":
        return Projection(hierarchy, None)
    if method == "ols":
        return Projection(hierarchy, equal_covariance(hierarchy))
    if method == "wls_struct":
        return Projection(hierarchy, structural_covariance(hierarchy))
    errors = None if residuals is None else _errors(hierarchy, residuals)
    reason = _shortage(method, hierarchy, errors)
    if reason:
        warnings.warn(f"{reason}，{method} 改用 wls_struct", ReconciliationWarning, stacklevel=3)
        return Projection(hierarchy, structural_covariance(hierarchy))
    if method == "wls_var":
        return Projection(hierarchy, variance_covariance(errors))
    return Projection(hierarchy, shrunk_covariance(errors[:, np.isfinite(errors).all(axis=0)]))


def _shortage(method: str, hierarchy: Hierarchy, errors: np.ndarray | None) -> str:
    """Return why ``errors`` (nodes, points of time) do not reach for ``method``, "" where they do."""
    if errors is None:
        return "没有历史误差"
    if method == "wls_var":
        short = hierarchy.nodes[np.isfinite(errors).sum(axis=1) < LEAST_VARIANCE_POINTS]
        return f"{named(short.tolist())} 的历史误差不足 {LEAST_VARIANCE_POINTS} 期" if len(short) else ""
    common = int(np.isfinite(errors).all(axis=0).sum())
    return f"各节点共有的历史误差只有 {common} 期，不足 {LEAST_POINTS} 期" if common < LEAST_POINTS else ""


def _errors(hierarchy: Hierarchy, residuals: pd.DataFrame) -> np.ndarray:
    """Return the residuals as (nodes, points of time), NaN where there is none."""
    missing = [name for name in ("unique_id", "ds", "residual") if name not in residuals.columns]
    given = set() if missing else set(residuals["unique_id"].astype("str"))
    strange = sorted(given - set(hierarchy.nodes.tolist()))
    twice = not missing and residuals.duplicated(["unique_id", "ds"]).any()
    refuse(
        "历史误差有误",
        [
            f"缺少列 {'、'.join(missing)}" if missing else None,
            f"层级里没有的节点：{named(strange)}" if strange else None,
            "同一节点同一期有多行" if twice else None,
        ],
    )
    wide = (
        residuals.astype({"unique_id": "str"})
        .pivot(index="unique_id", columns="ds", values="residual")
        .reindex(hierarchy.nodes)
    )
    return wide.to_numpy(dtype="float64")
