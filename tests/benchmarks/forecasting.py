"""Speed of the panel forecaster, apart from the test suite: ``python tests/benchmarks/forecasting.py``.

Against statsforecast (its latest version; in an environment of its own made by uv, because it does
not go with this project's pandas) on all cores, ours on one: 20,000 annual series of 12 points against AutoETS,
500 against the mean of AutoETS, AutoARIMA, CES and Theta; points and 80 and 95 % intervals, 6 years ahead, a long
frame in and a long frame out. Then ours alone on 10⁴, 10⁵ and 10⁶ series: seconds, peak memory, growth exponent.
Every measurement is a process of its own, the contestants in turn; imports and a first small call, in which
libraries load and compile, are not counted. The years ahead are known too, so that nobody is fast by being wrong.

Options: number of rounds.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

# One thread for ours, as in a run; statsforecast takes all cores by processes.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd

RIVAL = "statsforecast==2.1.1"

POINTS, HORIZON, LEVELS = 12, 6, (80, 95)
MANY, FEW, WARM = 20_000, 500, 20
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3

#: Times faster than AutoETS (must) and than the four together (goal), and growth with the number of series.
MUST_ETS, GOAL_FOUR, GOAL_EXPONENT = 20.0, 500.0, 1.1

#: What a measurement tells, and where uv puts an environment if there is none on the path.
SECONDS, MEMORY = "seconds", "peak_mb"
OWN_UV = Path(__file__).resolve().parents[2] / ".tools" / "bin" / "uv"


def main(rounds: int = ROUNDS) -> None:
    """Print the medians, the ratios and the growth."""
    uv = shutil.which("uv") or (str(OWN_UV) if OWN_UV.exists() else None)
    if uv is None:
        print("没有 uv，不与 statsforecast 比较")
    else:
        against(uv, "ets", MANY, rounds, f"AutoETS（须 {MUST_ETS:g} 倍）")
        against(uv, "four", FEW, rounds, f"AutoETS+AutoARIMA+CES+Theta（目标 {GOAL_FOUR:g} 倍）")
    growth(rounds)


def against(uv: str, which: str, series: int, rounds: int, title: str) -> None:
    """Time ours and the rival in turn on the same series."""
    theirs = [uv, "run", "--isolated", "--no-project", "--python", sys.executable, "--with", RIVAL, "python"]
    taken = {"本包": [], title: []}
    for _ in range(rounds):
        taken["本包"].append(measurement([sys.executable], "ours", series))
        taken[title].append(measurement(theirs, which, series))
    ours, rival = (pd.DataFrame(rows) for rows in taken.values())
    assert (ours["data"] == rival["data"]).all(), "not the same series"
    print(f"{series:,} 个序列 × {POINTS} 年，提前 {HORIZON} 年，含区间：")
    for each, rows in (("本包", ours), (title, rival)):
        middle = rows.median()
        print(
            f"  {each}：{middle[SECONDS]:.3f} 秒（{', '.join(f'{took:.3f}' for took in rows[SECONDS])}）"
            f"，MASE {middle['mase']:.3f}，覆盖 {middle['covered_80']:.1%} / {middle['covered_95']:.1%}"
        )
    print(f"  快 {rival[SECONDS].median() / ours[SECONDS].median():.0f} 倍")


def growth(rounds: int) -> None:
    """Time ours on more and more series."""
    seconds = []
    print("本包单独：")
    for series in SIZES:
        # A million series once: its time is long beside the noise.
        repeats = rounds if series < SIZES[-1] else 1
        rows = pd.DataFrame([measurement([sys.executable], "ours", series) for _ in range(repeats)])
        middle = rows.median()
        seconds.append(middle[SECONDS])
        print(
            f"  {series:,} 个：{middle[SECONDS]:.2f} 秒，内存峰值 {middle[MEMORY]:,.0f} MB"
            f"（预测前 {middle['before_mb']:,.0f}，其中数据 {middle['frames_mb']:,.0f} 含结果）"
        )
    exponent = np.polyfit(np.log(SIZES), np.log(seconds), 1)[0]
    print(f"  时间随个数的 {exponent:.2f} 次方增长（目标 {GOAL_EXPONENT:g}）")


def measurement(python: list[str], which: str, series: int) -> dict[str, float]:
    """Return what a process of its own measured."""
    asked = [*python, __file__, which, str(series)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{which} 没有测成：\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def annual(series: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a panel of annual series and what follows it, (series, horizon): levels, growth, local trends, noise."""
    rng = np.random.default_rng(0)
    years = POINTS + HORIZON
    trend = rng.normal(0.04, 0.06, (series, 1)) + np.cumsum(rng.normal(0, 0.02, (series, years)), axis=1)
    level = rng.normal(15, 1.5, (series, 1)) + np.cumsum(trend, axis=1)
    y = np.exp(level + rng.normal(0, 0.08, (series, years)))
    panel = pd.DataFrame(
        {
            "unique_id": np.repeat([f"L{at:07d}" for at in range(series)], POINTS),
            "ds": np.tile(np.arange(2009, 2009 + POINTS), series),
            "y": y[:, :POINTS].ravel(),
        }
    )
    return panel, y[:, POINTS:]


def measured(which: str, series: int) -> None:
    """Forecast once; print the seconds, the memory and how good the forecasts were."""
    if which == "ours":
        _bound_memory()
    forecast = ours if which == "ours" else theirs(which)
    panel, actual = annual(series)
    forecast(panel.head(WARM * POINTS))
    before = _peak_mb()
    start = time.perf_counter()
    made = forecast(panel)
    seconds = time.perf_counter() - start
    told = {
        SECONDS: seconds,
        MEMORY: _peak_mb(),
        "before_mb": before,
        "frames_mb": sum(frame.memory_usage(deep=True).sum() for frame in (panel, made)) / 1e6,
        "data": float(panel["y"].sum()),
    }
    print(json.dumps({**told, **goodness(panel, actual, made)}))


def ours(panel: pd.DataFrame) -> pd.DataFrame:
    """Forecast with the package; columns ``point, lo-80 …``."""
    from louyu_lab.analysis.tax.forecasting import forecast_panel

    return forecast_panel(panel, HORIZON, levels=LEVELS).rename(columns={"median": "point"})


def theirs(which: str):
    """Return the forecaster of statsforecast: AutoETS or the mean of four."""
    from statsforecast import StatsForecast
    from statsforecast.models import AutoARIMA, AutoCES, AutoETS, AutoTheta

    kinds = (AutoETS,) if which == "ets" else (AutoETS, AutoARIMA, AutoCES, AutoTheta)

    def forecast(panel: pd.DataFrame) -> pd.DataFrame:
        models = StatsForecast(models=[kind(season_length=1) for kind in kinds], freq=1, n_jobs=-1)
        made = models.forecast(df=panel, h=HORIZON, level=list(LEVELS))
        ends = [f"-{side}-{level}" for level in LEVELS for side in ("lo", "hi")]
        mean = {
            end: made[[str(model) + end for model in models.models]].mean(axis=1).to_numpy()
            for end in ("", *ends)
        }
        named = {end.removeprefix("-") or "point": values for end, values in mean.items()}
        return pd.DataFrame({"unique_id": made["unique_id"], "ds": made["ds"], **named})

    return forecast


def goodness(panel: pd.DataFrame, actual: np.ndarray, made: pd.DataFrame) -> dict[str, float]:
    """Return MASE and the coverage of the intervals over all series and years."""
    y = panel["y"].to_numpy().reshape(len(actual), POINTS)
    scale = np.abs(np.diff(y, axis=1)).mean(axis=1, keepdims=True)
    point, *ends = (
        made[column].to_numpy().reshape(actual.shape)
        for column in ("point", "lo-80", "hi-80", "lo-95", "hi-95")
    )
    return {
        "mase": float((np.abs(actual - point) / scale).mean()),
        "covered_80": float(((ends[0] <= actual) & (actual <= ends[1])).mean()),
        "covered_95": float(((ends[2] <= actual) & (actual <= ends[3])).mean()),
    }


def _bound_memory() -> None:
    """Rather fail than take the machine's last memory from others."""
    most = int(0.6 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measured(sys.argv[1], int(sys.argv[2]))
    else:
        main(*(int(given) for given in sys.argv[1:]))
