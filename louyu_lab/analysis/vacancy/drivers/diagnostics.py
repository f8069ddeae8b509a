"""What to mind of a fitted driver model: overlap between drivers, single buildings that decide, lost rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.drivers.design import Design
from louyu_lab.analysis.vacancy.drivers.newton import blocks

#: Variance inflation from which two drivers can hardly be told apart; the usual bound.
HIGH_VIF = 10.0

#: Independent units each coefficient between them should have (Peduzzi et al. 1996 for events in a logit).
UNITS_PER_COEFFICIENT = 10


#: Units a reference level should have: every other level is held against them.
FEWEST_IN_REFERENCE = 5


@dataclass(frozen=True)
class Diagnostics:
    """What stands behind the effects.

    ``rows`` and ``clusters`` used; ``rows_without_outcome`` and ``rows_per_driver_missing`` (``driver,
    rows``) left out; ``refused`` (``driver, kind, reason``) and ``bounds``, see ``screening``;
    ``separated`` (``driver, level, rows, rate``): levels all empty or all full, set aside with
    their rows; ``vif`` (``driver, vif``); ``influence`` (``driver, level, cluster, effect_pp,
    without_pp``): the cluster that moves the effect most, and the effect without it, no rows where
    there are no clusters; ``units_per_coefficient`` of the drivers that do not change within a
    cluster; ``cautions`` in Chinese, the most serious first.
    """

    rows: int
    clusters: int
    rows_without_outcome: int
    rows_per_driver_missing: pd.DataFrame
    refused: pd.DataFrame
    bounds: pd.DataFrame
    separated: pd.DataFrame
    vif: pd.DataFrame
    influence: pd.DataFrame
    units_per_coefficient: float
    cautions: tuple[str, ...]


def variance_inflation(z: np.ndarray, design: Design) -> pd.DataFrame:
    """Return ``driver, vif``: how much the other drivers inflate a driver's variance.

    ``z`` (n, k) has columns of mean 0 and scale 1 beside the intercept. Of a driver with several columns it
    is the generalised one, ``(det R₁₁ det R₂₂ / det R)^(1/df)`` (Fox & Monette 1992), so that one bound
    serves all.
    """
    correlation = z[:, 1:].T @ z[:, 1:] / len(z)
    whole = np.linalg.slogdet(correlation)[1]
    rows = []
    for driver in design.drivers:
        own = np.zeros(len(correlation), dtype=bool)
        own[design.columns_of(driver) - 1] = True
        inside = np.linalg.slogdet(correlation[np.ix_(own, own)])[1]
        rest = np.linalg.slogdet(correlation[np.ix_(~own, ~own)])[1] if (~own).any() else 0.0
        rows.append((driver, float(np.exp((inside + rest - whole) / own.sum()))))
    return pd.DataFrame(rows, columns=["driver", "vif"])


def units_per_coefficient(z: np.ndarray, design: Design, codes: np.ndarray | None) -> float:
    """Return clusters per coefficient that lives between them; without clusters, rows."""
    if codes is None:
        return len(z) / max(design.width - 1, 1)
    # The last to be written stays: each cluster's first row.
    first = np.empty(codes.max() + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    # Group means only take out what is fixed; nobody reads them as effects.
    between = ~design.terms()["is_mean"].to_numpy()
    between[0] = False
    for rows in blocks(len(z)):
        at = np.flatnonzero(between)
        if len(at) == 0:
            break
        between[at] = np.abs(z[rows][:, at] - z[first[codes[rows]]][:, at]).max(axis=0) < 1e-9
    return len(first) / max(between.sum(), 1)


def most_influential(
    effects: np.ndarray, without: np.ndarray, names: list[tuple[str, str]], clusters: pd.Index
) -> pd.DataFrame:
    """Return each effect's most influential cluster; ``without`` (clusters, effects) leaves each out."""
    rows = []
    for i, (driver, level) in enumerate(names):
        change = np.abs(without[:, i] - effects[i])
        if np.isfinite(change).any():
            worst = int(np.nanargmax(change))
            rows.append((driver, level, clusters[worst], effects[i], without[worst, i]))
    return pd.DataFrame(rows, columns=["driver", "level", "cluster", "effect_pp", "without_pp"])


def cautions(
    vif: pd.DataFrame, per_coefficient: float, separated: pd.DataFrame, unit: str
) -> tuple[str, ...]:
    """Return what a reader must be told, in Chinese."""
    found = [
        f"“{row.driver}”为“{row.level}”的 {row.rows} 行全部{'空置' if row.rate > 0.5 else '无空置'}，"
        "这一类的作用估不出（趋于无穷），连同这些行未进入模型。"
        for row in separated.itertuples()
    ]
    if per_coefficient < UNITS_PER_COEFFICIENT:
        found.append(
            f"每个系数只有 {per_coefficient:.1f} {unit}，不足 {UNITS_PER_COEFFICIENT} {unit}："
            "区间虽已放宽，仍宜减少成因。"
        )
    high = vif[vif["vif"] > HIGH_VIF]
    found += [
        f"“{row.driver}”与其他成因重叠严重（方差膨胀 {row.vif:.0f}），单独的作用难以分清。"
        for row in high.itertuples()
    ]
    return tuple(found)


def reading_cautions(rows: pd.DataFrame, design: Design, codes: np.ndarray | None) -> tuple[str, ...]:
    """Return what may be read amiss: a reference hardly anybody has, years taken for a slope; in Chinese."""
    found = []
    for place in design.columns:
        column = rows[place.driver]
        if place.is_text:
            held = (column.astype("str") == place.reference).to_numpy()
            units = held.sum() if codes is None else len(np.unique(codes[held]))
            if units < FEWEST_IN_REFERENCE:
                found.append(
                    f"“{place.driver}”的参照类别“{place.reference}”只有 {units} 组，"
                    "其余类别与它相比，区间都很宽；可用 reference 另选一类。"
                )
        elif column.between(1990, 2100).all() and (column % 1 == 0).all() and column.nunique() > 1:
            found.append(f"“{place.driver}”像是年份，作为数值只给出一条斜率；要逐年比较，请改为文字。")
    return tuple(found)
