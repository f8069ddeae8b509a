"""Accuracy on the M3 competition, beside its published methods: ``python tests/benchmarks/m3.py``.

645 yearly series (h = 6) and 756 quarterly ones (h = 8) that nobody here wrote (Makridakis & Hibon 2000), read
from beside the project. Default settings; the test part is looked at by the measures alone. sMAPE is the mean of
200·|y − f| ÷ (|y| + |f|), MASE the mean of |y − f| ÷ (mean |y_t − y_{t−m}| of the whole training part), m = 1
and 4, both over all series and periods at once, as in the archive. Then the yearly series cut to their last 3,
5 and 8 training points (scaled on the whole training part), and by kind of series.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

# A run fixes the threads of the libraries so too.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting import forecast_panel
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import RIVALS, rival
from louyu_lab.analysis.tax.forecasting.panel import read_panel

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "m3_yearly_quarterly"
SERIES = FOLDER / "m3_yearly_quarterly.csv"
PUBLISHED = FOLDER / "m3_published_methods_accuracy_computed.csv"

HORIZONS, SEASONS = {"YEARLY": 6, "QUARTERLY": 8}, {"YEARLY": 1, "QUARTERLY": 4}
CUTS = (3, 5, 8)
OURS = "本包"

#: Published methods shown, the best by MASE.
SHOWN = 6

#: sMAPE and MASE not to be exceeded.
MUSTS = {"YEARLY": (15.7, 2.62), "QUARTERLY": (9.1, 1.08)}


@dataclass(frozen=True)
class M3:
    """One part of the competition, series sorted by number.

    ``train`` long ``unique_id, ds, y`` (ds 1, 2 …); ``about`` a row a series (``type, description``);
    ``actual`` (series, horizon); ``scale`` (series,) the denominator of MASE.
    """

    season: int
    train: pd.DataFrame
    about: pd.DataFrame
    actual: np.ndarray
    scale: np.ndarray

    def cut(self, points: int) -> pd.DataFrame:
        """Return the last ``points`` periods of every training part."""
        return self.train.groupby("unique_id").tail(points)

    def score(self, forecast: np.ndarray, rows: np.ndarray | slice = slice(None)) -> tuple[float, float]:
        """Return sMAPE and MASE of a forecast (series, horizon), of the series ``rows``."""
        actual, made = self.actual[rows], forecast[rows]
        error = np.abs(actual - made)
        smape = 200 * error / (np.abs(actual) + np.abs(made))
        return float(smape.mean()), float((error / self.scale[rows, None]).mean())

    def coverage(self, table: pd.DataFrame, level: int) -> float:
        """Return the share of the actual values within the intervals of a table of ``forecast_panel``."""
        lo, hi = (table[f"{side}-{level}"].to_numpy().reshape(self.actual.shape) for side in ("lo", "hi"))
        return float(((lo <= self.actual) & (self.actual <= hi)).mean())


def read(period: str) -> M3:
    """Read the yearly or the quarterly part."""
    rows = pd.read_csv(SERIES)
    rows = rows[rows["period"] == period].sort_values(["series", "t"], ignore_index=True)
    season = SEASONS[period]
    is_train = rows["split"] == "train"
    train = rows[is_train]
    steps = (train["value"] - train.groupby("series")["value"].shift(season)).abs()
    return M3(
        season,
        train.rename(columns={"series": "unique_id", "t": "ds", "value": "y"})[["unique_id", "ds", "y"]],
        rows.groupby("series")[["type", "description"]].first(),
        rows.loc[~is_train, "value"].to_numpy().reshape(-1, HORIZONS[period]),
        steps.groupby(train["series"]).mean().to_numpy(),
    )


def ours(m3: M3, train: pd.DataFrame) -> pd.DataFrame:
    """Return ``forecast_panel`` as anyone would call it."""
    return forecast_panel(train, m3.actual.shape[1], season=m3.season)


def medians(m3: M3, table: pd.DataFrame) -> np.ndarray:
    """Return the medians as (series, horizon)."""
    return table["median"].to_numpy().reshape(m3.actual.shape)


def rivals(m3: M3, train: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the forecasts of the simple methods, each (series, horizon)."""
    y = read_panel(train).y
    return {name: rival(name, y, m3.actual.shape[1], m3.season) for name in RIVALS}


def main() -> None:
    """Print the tables."""
    if not SERIES.exists():
        print("M3 数据不在项目旁边，跳过")
        return
    published = pd.read_csv(PUBLISHED)
    for period, name in (("YEARLY", "年度"), ("QUARTERLY", "季度")):
        m3 = read(period)
        start = time.perf_counter()
        table = ours(m3, m3.train)
        seconds = time.perf_counter() - start
        smape, mase = MUSTS[period]
        print(f"M3 {name} {len(m3.about)} 个序列，提前 {HORIZONS[period]} 期，{seconds:.2f} 秒")
        print(f"  覆盖率 {_coverage(m3, table)}；须达到 sMAPE {smape:g}、MASE {mase:g}")
        made = {OURS: medians(m3, table), **rivals(m3, m3.train)}
        best = published[published["period"] == period].sort_values("mase").head(SHOWN)
        _print_scores({each: m3.score(forecast) for each, forecast in made.items()}, best)
        _print_kinds(m3, made)
        if period == "YEARLY":
            _print_sales(m3, made, published[published["period"] == "YEARLY_company_sales"])
            for points in CUTS:
                _print_cut(m3, points)


def _print_cut(m3: M3, points: int) -> None:
    short = m3.cut(points)
    table = ours(m3, short)
    made = {OURS: medians(m3, table), **rivals(m3, short)}
    print(f"只给最后 {points} 年，覆盖率 {_coverage(m3, table)}：")
    _print_scores({each: m3.score(forecast) for each, forecast in made.items()})


def _print_sales(m3: M3, made: dict[str, np.ndarray], published: pd.DataFrame) -> None:
    is_sales = m3.about["description"].str.contains("SALES|REVENUE").to_numpy()
    print(f"其中公司销售额 {is_sales.sum()} 个序列：")
    scores = {each: m3.score(forecast, is_sales) for each, forecast in made.items()}
    _print_scores(scores, published.sort_values("mase").head(SHOWN))


def _print_scores(scores: dict[str, tuple[float, float]], published: pd.DataFrame | None = None) -> None:
    lines = [(*score, each) for each, score in scores.items()]
    if published is not None:
        lines += [(row.smape, row.mase, f"{row.method}（已发表）") for row in published.itertuples()]
    for smape, mase, each in sorted(lines, key=lambda line: line[1]):
        print(f"  sMAPE {smape:7.3f}  MASE {mase:6.3f}  {each}")


def _print_kinds(m3: M3, made: dict[str, np.ndarray]) -> None:
    kinds = m3.about["type"].to_numpy()
    for kind in np.unique(kinds):
        is_kind = kinds == kind
        scores = {each: m3.score(forecast, is_kind) for each, forecast in made.items()}
        best = min((each for each in scores if each != OURS), key=lambda each: scores[each][1])
        told = "；".join(f"{each} {scores[each][0]:.2f} / {scores[each][1]:.3f}" for each in (OURS, best))
        print(f"  {kind:12s} {is_kind.sum():4d} 个：{told}（简单方法中最好的）")


def _coverage(m3: M3, table: pd.DataFrame) -> str:
    return "、".join(f"{level}% 区间 {m3.coverage(table, level):.1%}" for level in (80, 95))


if __name__ == "__main__":
    main()
