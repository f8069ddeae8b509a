"""Shift-share: how much of a region's growth is everybody's, its industries', its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.indices.checks import amounts, labelled

PARTS = ("national", "mix", "regional")


def shift_share(
    before: pd.DataFrame,
    after: pd.DataFrame,
    whole_before: pd.Series | None = None,
    whole_after: pd.Series | None = None,
) -> pd.DataFrame:
    """Return growth by region and its three parts, from tables with regions down and industries across.

    Columns: ``growth`` (after − before), ``national`` Σe_i·g, ``mix`` Σe_i·(g_i − g), ``regional``
    Σ(e_i′ − e_i·(1 + g_i)), with e the region's amounts and g, g_i the growth rates of the whole and of the
    industry in it; the parts add up to the growth exactly. The whole is all regions together unless given
    by industry. A region or an industry missing from one table counts 0 there; what comes in an industry
    that the whole did not have before is the region's own. All NaN where the whole had nothing before.
    Missing, infinite or negative values raise ValueError, what has no labels TypeError. Source: Dunn
    (1960), Papers of the RSA 6; Farhauer/Kröll (2013).
    """
    first, second = labelled(before, "before").align(labelled(after, "after"), fill_value=0.0)
    whole_first = _whole(first, whole_before, "whole_before")
    whole_second = _whole(second, whole_after, "whole_after")
    lacking = (whole_first == 0) & (first.to_numpy() > 0).any(axis=0)
    if lacking.any():
        raise ValueError(f"whole_before has nothing of {first.columns[lacking][0]}, a region has")
    held = whole_first.sum()
    growth = whole_second.sum() / held - 1 if held > 0 else float("nan")
    # Where the whole had nothing before no region had: any rate serves, its product is zero.
    rate = np.divide(whole_second, whole_first, out=np.ones_like(whole_first), where=whole_first > 0) - 1
    parts = pd.DataFrame(index=first.index)
    parts["growth"] = second.sum(axis=1) - first.sum(axis=1)
    parts["national"] = first.sum(axis=1) * growth
    parts["mix"] = (first * (rate - growth)).sum(axis=1, skipna=False)
    parts["regional"] = (second - first * (1 + rate)).sum(axis=1)
    return parts if np.isfinite(growth) else parts * np.nan


def _whole(table: pd.DataFrame, given: pd.Series | None, name: str) -> np.ndarray:
    if given is None:
        return table.sum(axis=0).to_numpy()
    if not isinstance(given, pd.Series):
        raise TypeError(f"{name} must be a Series by industry, not {type(given).__name__}")
    amounts(given, name, dimensions=1)
    return given.reindex(table.columns, fill_value=0.0).to_numpy(dtype="float64")
