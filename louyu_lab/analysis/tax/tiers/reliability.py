"""Whether chances keep their word: what happened where 30 % was said, and the score against a rival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tiers.draws import YI, tier_positions
from louyu_lab.analysis.tax.tiers.transitions import matrix_chances
from louyu_lab.analysis.tiers import TIERS

#: Bounds of the classes of said chances, closed at the left, the last at both ends.
BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)

#: Years of history an origin needs.
FIRST_ORIGIN_YEARS = 3

REACH, RISE, FALL, EVERY = "达到1亿元", "晋级", "降级", "各梯次合计"
OURS, MATRIX = "本预测", "梯次转移矩阵"


@dataclass(frozen=True)
class TierTrials:
    """Chances told at former years beside what came: a row a building, origin and horizon.

    ``origin``, ``horizon``, ``base`` and ``actual`` (m,) tier positions then and later, ``chances`` by
    method: (m, tiers) shares that sum to 1.
    """

    origin: np.ndarray
    horizon: np.ndarray
    base: np.ndarray
    actual: np.ndarray
    chances: dict[str, np.ndarray]


def tier_trials(history: TaxHistory, past: Mapping[int, TaxPaths]) -> TierTrials:
    """Return the chances of every tier told at former years, by the forecast and by the rival.

    ``past`` maps an origin to the paths made from what was known then. An origin has at least
    ``FIRST_ORIGIN_YEARS`` years of history; taken are buildings whose tax is known in the origin's year and
    in the one forecast.
    """
    parts = []
    for origin, drawn in sorted(past.items()):
        before = cut(history, origin)
        if len(before.years) >= FIRST_ORIGIN_YEARS and len(drawn.building_id):
            parts.append(trials_at(before, drawn, _later(history, drawn)))
    return joined(parts)


def trials_at(past: TaxHistory, drawn: TaxPaths, later_yuan: np.ndarray) -> TierTrials:
    """Return the trials of one origin: the last year of ``past``.

    ``later_yuan`` (buildings of ``drawn``, its years) is the tax (元) that came, NaN where nobody knows.
    """
    at = pd.Index(past.building_id).get_indexer(drawn.building_id)
    base, actual = tier_positions(past.tax_yuan[at, -1]), tier_positions(later_yuan)
    steps = len(drawn.years)
    tier = tier_positions(drawn.yuan)
    ours = np.stack([(tier == place).mean(axis=0) for place in range(len(TIERS.labels))], axis=-1)
    rival = matrix_chances(past.tax_yuan, np.maximum(base, 0), steps)
    row, step = np.nonzero((base[:, None] >= 0) & (actual >= 0))
    return TierTrials(
        origin=np.full(len(row), past.years[-1]),
        horizon=step + 1,
        base=base[row],
        actual=actual[row, step],
        chances={OURS: ours[row, step], MATRIX: rival[row, step]},
    )


def joined(parts: Sequence[TierTrials]) -> TierTrials:
    """Return the trials of several origins or districts as one."""
    if not parts:
        none, empty = np.empty(0, dtype="int64"), np.empty((0, len(TIERS.labels)))
        return TierTrials(none, none, none, none, {OURS: empty, MATRIX: empty})
    each = {name: np.concatenate([part.chances[name] for part in parts]) for name in parts[0].chances}
    fields = (np.concatenate([getattr(part, name) for part in parts]) for name in _ROWS)
    return TierTrials(*fields, chances=each)


_ROWS = ("origin", "horizon", "base", "actual")


def brier(chances: np.ndarray, happened: np.ndarray) -> float:
    """Return Brier's score: the mean over rows of Σ(chance − happened)², NaN without rows.

    Of one event (m,) it lies in 0–1, of tiers (m, tiers) in 0–2 (Brier 1950); lower is better.
    """
    error = (np.asarray(chances, dtype="float64") - happened) ** 2
    return float(error.reshape(len(error), -1).sum(axis=1).mean()) if len(error) else float("nan")


def tier_scores(trials: TierTrials) -> pd.DataFrame:
    """Return table ``tier_scores``: Brier's score of both methods by horizon, over all tiers and of 1亿元."""
    came = np.eye(len(TIERS.labels))[trials.actual]
    rows = []
    for step in np.unique(trials.horizon):
        own = trials.horizon == step
        for name, chances in trials.chances.items():
            scores = brier(chances[own], came[own]), brier(chances[own, YI], came[own, YI])
            origins = len(np.unique(trials.origin[own]))
            rows.append((name, int(step), int(own.sum()), origins, *np.round(scores, 4)))
    return declared("tier_scores", pd.DataFrame(rows, columns=list(TABLES["tier_scores"].columns)))


def tier_reliability(trials: TierTrials, method: str = OURS) -> pd.DataFrame:
    """Return table ``tier_reliability``: what was said and what came, by event and class of chance.

    Events: reaching (or keeping) 1亿元, a higher and a lower tier than at the origin, and the chances of
    every tier together. Each class of ``BINS`` has its number, mean chance, observed share and Wilson's
    95 % interval of it, which takes trials as independent: buildings of a year share luck, so that it is
    rather too narrow.
    """
    said = trials.chances[method]
    came = np.eye(len(TIERS.labels))[trials.actual]
    place = np.arange(len(TIERS.labels))
    above, below = place < trials.base[:, None], place > trials.base[:, None]
    events = {
        REACH: (said[:, YI], came[:, YI]),
        RISE: ((said * above).sum(axis=1), (came * above).sum(axis=1)),
        FALL: ((said * below).sum(axis=1), (came * below).sum(axis=1)),
        EVERY: (said.ravel(), came.ravel()),
    }
    parts = [binned(chances, happened).assign(event=name) for name, (chances, happened) in events.items()]
    return declared("tier_reliability", pd.concat(parts, ignore_index=True))


def binned(chances: np.ndarray, happened: np.ndarray) -> pd.DataFrame:
    """Return ``chance_class, n, mean_chance, observed_rate, lo_rate, hi_rate`` of the classes that occur."""
    place = np.clip(np.searchsorted(BINS, chances, side="right") - 1, 0, len(BINS) - 2)
    rows = []
    # The library takes a second to load, and what asks this module for names alone can do without.
    from statsmodels.stats.proportion import proportion_confint

    for at in np.unique(place):
        own = place == at
        count, hits = int(own.sum()), int(happened[own].sum())
        lo, hi = proportion_confint(hits, count, alpha=0.05, method="wilson")
        label = f"{BINS[at]:.0%}–{BINS[at + 1]:.0%}"
        rows.append((label, count, float(chances[own].mean()), hits / count, float(lo), float(hi)))
    names = ["chance_class", "n", "mean_chance", "observed_rate", "lo_rate", "hi_rate"]
    return pd.DataFrame(rows, columns=names)


def cut(history: TaxHistory, origin: int) -> TaxHistory:
    """Return what was known at the end of ``origin`` of the buildings whose tax of that year is known."""
    tax = history.until(origin)
    known = np.isfinite(tax).any(axis=1)
    return TaxHistory(
        building_id=history.building_id[known],
        street=history.street[known],
        is_standing=np.isfinite(tax[known, -1]),
        years=history.years[history.years <= origin],
        tax_yuan=tax[known],
    )


def _later(history: TaxHistory, drawn: TaxPaths) -> np.ndarray:
    """Return the tax that came to the buildings drawn, in the years drawn; NaN where it has not yet."""
    tax = pd.DataFrame(history.tax_yuan, index=history.building_id, columns=history.years)
    return tax.reindex(index=drawn.building_id, columns=drawn.years).to_numpy(dtype="float64")
