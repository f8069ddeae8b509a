"""Coherent forecasts of Australian tourism against the published ones: ``python tests/benchmarks/tourism.py``.

76 regions of 8 states × 4 purposes, 80 quarters; the last 8 are forecast from the others. RMSE is taken over
the 8 quarters of each series, then averaged over the series of a level; 整体 averages over all 393 series.
The published figures (AutoETS and its reconciliations, FPP3 ch. 11 as rerun by Nixtla) are averaged alike:
their levels weighted by the number of series give their overall RMSE.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import time
from pathlib import Path

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting import forecast_panel
from louyu_lab.analysis.tax.forecasting.reconciling import Hierarchy, reconcile

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "tourism_australia_hierarchy"

SEASON, HORIZON = 4, 8

LEVELS = {
    "合计": "Total",
    "Purpose": "Purpose",
    "State": "State",
    "State/Region": "Regions",
    "底层": "Bottom",
}

#: Our method -> the published one beside it.
METHODS = {
    "base": "Base_ETS",
    "bottom_up": "BottomUp",
    "ols": "OLS",
    "wls_struct": None,
    "wls_var": None,
    "mint_shrink": "MinT_shrink",
}

#: Quarters before the end of the training part from which past errors are taken.
ORIGINS = (8, 12, 16, 20, 24)

#: Overall RMSE to beat: the best published, OLS on AutoETS.
GOAL = 38.75

#: Total RMSE of the seasonal naive forecast, which has no parameter to choose.
SEASONAL_NAIVE_TOTAL = 1983.88


def main() -> None:
    """Print the RMSE by level and method, with the published beside."""
    if not DATA.is_dir():
        print("没有 shared/data/tourism_australia_hierarchy，跳过")
        return
    hierarchy, history = tourism()
    train, test = split(history)
    check = by_level(hierarchy, rmse(seasonal_naive(train), test))["合计"]
    print(f"季节性朴素法的合计 RMSE {check:.2f}（应为 {SEASONAL_NAIVE_TOTAL}）")
    start = time.perf_counter()
    base = forecast_panel(train, HORIZON, season=SEASON)
    print(f"{len(hierarchy.nodes)} 个节点的预测用时 {time.perf_counter() - start:.1f} 秒")
    residuals = past_errors(train)
    scores = {}
    for method in METHODS:
        made = base if method == "base" else reconcile(base, hierarchy, method, residuals=residuals)
        scores[method] = by_level(hierarchy, rmse(made, test))
    print(table(scores).to_string(float_format="{:.2f}".format))
    best = min(scores, key=lambda method: scores[method]["整体"])
    print(f"最好的是 {best}：整体 RMSE {scores[best]['整体']:.2f}（目标 < {GOAL}）")


def tourism() -> tuple[Hierarchy, pd.DataFrame]:
    """Return the structure and the history of all nodes."""
    rows = pd.read_csv(DATA / "tourism.csv")
    rows["unique_id"] = rows["State"] + "/" + rows["Region"] + "/" + rows["Purpose"]
    rows["ds"] = pd.PeriodIndex(rows["Quarter"].str.replace(" ", ""), freq="Q").to_timestamp()
    keys = ["unique_id", "State", "Region", "Purpose"]
    levels = [[], ["Purpose"], ["State"], ["State", "Region"]]
    hierarchy = Hierarchy.from_frame(rows[keys].drop_duplicates(), levels)
    return hierarchy, hierarchy.aggregate(rows.rename(columns={"Trips": "y"})[["unique_id", "ds", "y"]])


def split(history: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all but the last ``HORIZON`` quarters, and those."""
    is_test = history["ds"].isin(np.sort(history["ds"].unique())[-HORIZON:])
    return history[~is_test], history[is_test]


def seasonal_naive(train: pd.DataFrame) -> pd.DataFrame:
    """Return the same quarter of the last year, in the same form as the forecasts."""
    wide = train.pivot(index="ds", columns="unique_id", values="y")
    last = wide.iloc[-SEASON:].to_numpy()
    dates = pd.date_range(
        wide.index[-1] + pd.offsets.QuarterBegin(startingMonth=1), periods=HORIZON, freq="QS"
    )
    made = np.tile(last, (HORIZON // SEASON, 1))
    table = pd.DataFrame(made, index=dates.rename("ds"), columns=wide.columns)
    return table.stack().rename("mean").reset_index()


def past_errors(train: pd.DataFrame) -> pd.DataFrame:
    """Return the errors of ``forecast_panel`` over the same horizon from each of ``ORIGINS`` past quarters.

    In-sample errors are one quarter ahead and miss what makes the bottom series fall behind together.
    """
    dates = np.sort(train["ds"].unique())
    parts = []
    for back in ORIGINS:
        made = forecast_panel(train[train["ds"] <= dates[-1 - back]], HORIZON, season=SEASON)
        both = made.merge(train, on=["unique_id", "ds"]).sort_values(["unique_id", "ds"])
        # An error is one point of time for each origin and quarter.
        point = back * HORIZON + both.groupby("unique_id").cumcount()
        parts.append(
            both.assign(residual=both["y"] - both["mean"], ds=point)[["unique_id", "ds", "residual"]]
        )
    return pd.concat(parts, ignore_index=True)


def rmse(forecasts: pd.DataFrame, test: pd.DataFrame) -> pd.Series:
    """Return the root mean squared error of each series over the test quarters."""
    both = forecasts.merge(test, on=["unique_id", "ds"], validate="one_to_one")
    return ((both["mean"] - both["y"]) ** 2).groupby(both["unique_id"]).mean() ** 0.5


def by_level(hierarchy: Hierarchy, errors: pd.Series) -> pd.Series:
    """Return the mean of the series' RMSE by level, and over all series as 整体."""
    level = pd.Series(hierarchy.level, index=hierarchy.nodes)
    means = errors.groupby(level.reindex(errors.index)).mean()
    means["整体"] = errors.mean()
    return means


def table(scores: dict[str, pd.Series]) -> pd.DataFrame:
    """Return methods × levels with the published figures in the rows below ours."""
    published = (
        pd.read_csv(DATA / "published_results_nixtla_fpp3.csv").query("metric == 'rmse'").set_index("level")
    )
    names = {**LEVELS, "整体": "Overall"}
    rows = {}
    for method, theirs in METHODS.items():
        rows[method] = scores[method][list(names)].rename(names)
        if theirs:
            rows[f"  公布 {theirs}"] = published[theirs].reindex(list(names.values()))
    return pd.DataFrame(rows).T


if __name__ == "__main__":
    main()
