"""Three years ahead on the revenue of Chinese prefectures: ``python tests/benchmarks/prefectures.py``.

Public figures of 2004 to 2017 (units are mixed before), origins 2008 to 2014, the prefectures known in
every year, WAPE pooled over origins and horizons. The forecast of the package with default settings, once
with the provinces as groups and once without, beside the simple methods; by origin, by horizon, regret.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import pandas as pd

from louyu_lab.analysis.tax.forecasting.backtesting import OURS, Backtest, backtest

FILE = (
    Path(__file__).resolve().parents[3]
    / "shared/data/cn_prefecture_revenue/cn_prefecture_revenue_1991_2019.csv"
)
FIRST, LAST, ORIGINS, HORIZON = 2004, 2017, range(2008, 2015), 3

#: What ours must stay below, and the aim.
MUST, AIM = 0.145, 0.13


def main() -> None:
    """Print both back-tests."""
    if not FILE.is_file():
        print("没有 shared/data/cn_prefecture_revenue，未测")
        return
    panel, provinces = prefectures()
    count = panel["unique_id"].nunique()
    print(f"地级财政收入，{count} 个地区，起点 {ORIGINS[0]}—{ORIGINS[-1]} 年，提前 {HORIZON} 年")
    for label, groups in (("不分组", None), ("按省分组", provinces)):
        start = time.perf_counter()
        test = backtest(panel, HORIZON, ORIGINS, groups=groups)
        print(f"{label}（{time.perf_counter() - start:.1f} 秒）")
        report(test, all_methods=groups is None)


def prefectures() -> tuple[pd.DataFrame, pd.Series]:
    """Return the panel ``unique_id, ds, y`` (万元) of the prefectures known in every year, and their provinces."""
    rows = pd.read_csv(FILE).dropna(subset=["prefcode", "revenue"])
    rows = rows[rows["year"].between(FIRST, LAST)].rename(columns={"year": "ds", "revenue": "y"})
    rows["unique_id"] = rows["prefcode"].astype("int64").astype("str")
    whole = rows.groupby("unique_id")["y"].transform("size") == LAST - FIRST + 1
    rows = rows[whole].sort_values(["unique_id", "ds"], ignore_index=True)
    return rows[["unique_id", "ds", "y"]], rows.groupby("unique_id")["provname_py"].first()


def report(test: Backtest, all_methods: bool) -> None:
    """Print WAPE pooled, by horizon and by origin, the largest regret, and the coverage and bias of ours."""
    by_horizon = test.scores.pivot(index="method", columns="horizon", values="wape")
    by_origin = test.origins.pivot(index="method", columns="origin", values="wape")
    regret = test.regret.set_index("method")
    for method in test.scores["method"].unique() if all_methods else [OURS]:
        steps = " ".join(f"{100 * value:5.1f}" for value in by_horizon.loc[method].drop("all"))
        years = " ".join(f"{100 * value:5.1f}" for value in by_origin.loc[method])
        mark = f"  （必须 < {MUST:.1%}，目标 < {AIM:.0%}）" if method == OURS else ""
        worst = f"最大落后 {100 * regret.loc[method, 'max_regret']:4.1f}（{regret.loc[method, 'origin']}）"
        print(
            f"  {100 * by_horizon.loc[method, 'all']:5.1f}%  各提前年 {steps}  各起点 {years}  {worst}  {method}{mark}"
        )
    ours = test.scores[test.scores["method"] == OURS].set_index("horizon")
    for horizon, row in ours.iterrows():
        print(
            f"  {OURS} 提前 {horizon}：MASE {row['mase']:.2f}  偏差 {row['bias']:+.1%}  "
            f"80% 覆盖 {row['coverage80']:.1%}  95% 覆盖 {row['coverage95']:.1%}"
        )
    verdict = test.verdict
    print(
        f"  与最好的简单方法（{verdict.rival}）比：{verdict.word}，差 {verdict.low:+.3f} 至 {verdict.high:+.3f}"
    )


if __name__ == "__main__":
    main()
