"""Where ``prior_weights.csv`` comes from: ``python tests/benchmarks/learn_weights.py``.

The training parts of the M3 competition (see ``m3.py``; no test part is read) forecast their own past, and
the weights of the candidates are moved to what would have erred least. Yearly: from 6, 8 and 10 years before the
end of the training part, at full length and cut to the last 12, 8, 6, 5, 4 and 3 values, so that short series
are learned from as well; quarterly: from 8 and 12 quarters before. Errors are scaled by the whole series
before the origin. Prints how the weights do on series they were not learned from (every second one, in turn)
beside the plain ones, and how far they are from the file; ``--write`` writes the file.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

# A run fixes the threads of the libraries so too.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting import weights
from louyu_lab.analysis.tax.forecasting.learning import error_unit, learned
from louyu_lab.analysis.tax.forecasting.panel import read_panel
from louyu_lab.analysis.tax.forecasting.predicting import weighed
from louyu_lab.analysis.tax.forecasting.structures import bank
from louyu_lab.analysis.tax.forecasting.teaching import Past, joined, past_forecasts
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS, ROOT, back
from louyu_lab.analysis.tax.forecasting.weights import FEATURES, Prior, logits, plain_prior, prior, softmax

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "m3_yearly_quarterly"
SERIES = FOLDER / "m3_yearly_quarterly.csv"
WRITTEN = Path(weights.__file__).with_name("prior_weights.csv")
DECIMALS = 3


@dataclass(frozen=True)
class Lessons:
    """What is learned from: origins periods ``back``, series ``cuts`` to their last values (None: whole).

    ``least`` values before an origin; ``strength`` and ``tilt_strength`` hold weights and tilts to the plain ones,
    ``steps`` of the search.
    """

    name: str
    period: str
    season: int
    horizon: int
    back: Sequence[int]
    cuts: Sequence[int | None]
    least: int
    strength: float
    tilt_strength: float
    steps: int


LESSONS = (
    Lessons("annual", "YEARLY", 1, 6, (6, 8, 10), (None, 12, 8, 6, 5, 4, 3), 5, 60.0, 1500.0, 300),
    Lessons("seasonal", "QUARTERLY", 4, 8, (8, 12), (None,), 8, 60.0, 5000.0, 150),
)


def training(period: str) -> np.ndarray:
    """Return the training parts (series, T), right-aligned."""
    rows = pd.read_csv(SERIES)
    rows = rows[(rows["period"] == period) & (rows["split"] == "train")]
    return read_panel(rows.rename(columns={"series": "unique_id", "t": "ds", "value": "y"})).y


def past(y: np.ndarray, lessons: Lessons) -> list[Past]:
    """Return the forecasts of the series' past at every origin and cut, errors scaled by the uncut series."""
    parts = []
    for origin in lessons.back:
        enough = y[np.isfinite(y[:, :-origin]).sum(axis=1) >= lessons.least]
        step = np.nanmean(
            np.abs(enough[:, lessons.season : -origin] - enough[:, : -origin - lessons.season]), axis=1
        )
        for cut in lessons.cuts:
            parts += [_scaled(part, step) for part in _at(cut_to(enough, origin, cut), origin, lessons)]
    return parts


def cut_to(y: np.ndarray, origin: int, cut: int | None) -> np.ndarray:
    """Return the series with only ``cut`` periods left before the origin."""
    made = y.copy()
    if cut is not None:
        made[:, : max(y.shape[1] - origin - cut, 0)] = np.nan
    return made


def _at(y: np.ndarray, origin: int, lessons: Lessons) -> list[Past]:
    groups, plain = np.zeros(len(y), dtype="int64"), plain_prior(lessons.season)
    return past_forecasts(y, groups, origin, lessons.horizon, lessons.season, plain, 1)


def _scaled(part: Past, step: np.ndarray) -> Past:
    size = part.series.size
    unit = error_unit(step[part.row] / size, np.abs(part.series.y[:, -1]) / size)
    return replace(part, trials=replace(part.trials, unit=unit))


def learn(parts: list[Past], lessons: Lessons) -> Prior:
    """Return the weights the past teaches, normalised to sum to 1."""
    plain = plain_prior(lessons.season)
    trials = joined([part.trials for part in parts])
    found = learned(trials, plain, lessons.strength, lessons.tilt_strength, lessons.steps)
    return Prior(np.log(softmax(found.weight[None])[0]), found.tilt)


def scores(parts: list[Past], given: Prior) -> tuple[float, float]:
    """Return sMAPE and mean error in units (the loss) of the past forecasts with the weights ``given``."""
    smape, loss = [], []
    for part in parts:
        weight = logits(given, part.made.likelihood, part.trials.traits)
        made = back(weighed(part.made, weight, part.series.y.shape[1]).centre, ROOT)
        error = np.abs(made - part.trials.actual)
        smape.append(200 * error / (np.abs(made) + np.abs(part.trials.actual)))
        loss.append(error * part.trials.unit[:, None])
    return tuple(float(np.nanmean(np.concatenate(each))) for each in (smape, loss))


def held_out(y: np.ndarray, lessons: Lessons) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return ``scores`` with the plain weights and with those learned from the other half of the series."""
    halves = [past(y[half::2], lessons) for half in (0, 1)]
    plain, taught = [], []
    for own, other in (halves, halves[::-1]):
        plain.append(scores(own, plain_prior(lessons.season)))
        taught.append(scores(own, learn(other, lessons)))
    return tuple(tuple(np.mean(each, axis=0)) for each in (plain, taught))


def rows(found: Prior, lessons: Lessons) -> pd.DataFrame:
    """Return the weights as in the file."""
    count = len(bank(lessons.season))
    table = {
        "season": lessons.name,
        "block": np.repeat(np.arange(len(BLOCKS)), count),
        "structure": np.tile(np.arange(count), len(BLOCKS)),
        "weight": found.weight,
    }
    tilts = {f"tilt_{name}": found.tilt[at] for at, name in enumerate(FEATURES)}
    return pd.DataFrame(table | tilts).round(DECIMALS)


def main(given: Sequence[str] = ()) -> None:
    """Learn, print, and write where asked."""
    if not SERIES.exists():
        print("M3 数据不在项目旁边，跳过")
        return
    tables = []
    for lessons in LESSONS:
        y, start = training(lessons.period), time.perf_counter()
        for title, (smape, loss) in zip(("未学习", "学自另一半"), held_out(y, lessons), strict=True):
            print(f"{lessons.name} {title}的权重：sMAPE {smape:.3f}，损失 {loss:.4f}")
        found, now = learn(past(y, lessons), lessons), prior(lessons.season)
        away = max(np.abs(found.weight - now.weight).max(), np.abs(found.tilt - now.tilt).max())
        heavy = np.abs(np.exp(found.weight) - np.exp(now.weight)).max()
        print(f"  与现有文件最多相差 {away:.4f}（对数权重与倾斜）、{heavy:.5f}（权重）", end="")
        print(f"；{len(y)} 个序列，{time.perf_counter() - start:.0f} 秒")
        tables.append(rows(found, lessons))
    if "--write" in given:
        pd.concat(tables).to_csv(WRITTEN, index=False)
        print(f"已写入 {WRITTEN.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
