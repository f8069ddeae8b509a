"""Simulated paths made to add up, draw by draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.reconciling.faults import refuse
from louyu_lab.analysis.tax.forecasting.reconciling.hierarchy import Hierarchy
from louyu_lab.analysis.tax.forecasting.reconciling.methods import method_named, projection

#: Numbers worked on at once: bounds the memory beside input and result (8 MB each).
_CHUNK = 1_000_000


def reconcile_paths(
    paths: np.ndarray,
    hierarchy: Hierarchy | Mapping[str, Sequence[str]],
    method: str = "wls_struct",
    *,
    residuals: pd.DataFrame | None = None,
    nonnegative: bool = False,
) -> np.ndarray:
    """Return coherent draws of ``paths``, both (draws, m, h) with the nodes as in ``hierarchy.nodes``.

    With ``bottom_up`` the paths may be those of the bottom nodes alone, (draws, n, h). Each draw is
    projected like a point forecast (Panagiotelis et al. 2023), so its sums hold in every draw and
    quantiles of any node are those of its draws. ``residuals`` and ``nonnegative`` as in ``reconcile``.

    Raises ``ReconciliationError`` for a wrong shape or numbers that are not finite.
    """
    if not isinstance(hierarchy, Hierarchy):
        hierarchy = Hierarchy.from_children(hierarchy)
    paths = np.asarray(paths, dtype="float64")
    m, n = len(hierarchy.nodes), len(hierarchy.bottom)
    allowed = (m, n) if method_named(method) == "bottom_up" else (m,)
    if paths.ndim != 3 or paths.shape[1] not in allowed:
        counts = " 或 ".join(str(each) for each in allowed)
        refuse("模拟路径有误", [f"形状是 {paths.shape}，应为（抽样次数，{counts} 个节点，期数）"])
    if not np.isfinite(paths).all():
        refuse("模拟路径有误", ["有空值或无穷大"])
    made = projection(hierarchy, method, residuals)
    draws, given, h = paths.shape
    result = np.empty((draws, m, h))
    step = max(1, _CHUNK // max(1, m * h))
    for start in range(0, draws, step):
        own = paths[start : start + step]
        part = np.moveaxis(own, 1, 0).reshape(given, len(own) * h)
        bottom = made.bottom(part) if given == m else part
        summed = hierarchy.sums(np.maximum(bottom, 0.0) if nonnegative else bottom)
        result[start : start + step] = np.moveaxis(summed.reshape(m, len(own), h), 0, 1)
    return result
