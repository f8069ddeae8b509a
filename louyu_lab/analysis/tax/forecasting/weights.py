"""How much each candidate counts: weights learned once, tilted by what the series looks like, and its fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.series import Series
from louyu_lab.analysis.tax.forecasting.structures import bank
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS, ROOT, forward

#: Part of a candidate's log likelihood that counts. With 1 one member takes all, and the fit of a few values
#: promises more than it keeps.
TEMPER = 0.5

#: Usual deviation of a step on the scale of square roots and usual length, from which features are counted.
_USUAL_STEP, _USUAL_LENGTH, _PRIOR_STEP = 0.12, 12, 0.01

FEATURES = ("roughness", "length")


@dataclass(frozen=True)
class Prior:
    """Log weights of the candidates (c,) before the series is seen, and their tilts (features, c)."""

    weight: np.ndarray
    tilt: np.ndarray


@cache
def prior(season: int) -> Prior:
    """Return the weights learned once on public series, from ``prior_weights.csv`` beside this module.

    The file has a row a block and structure, in their order: ``season`` (annual or seasonal), ``block``,
    ``structure``, ``weight`` (log; all of a season sum to 1), and a tilt a feature. Learned from the
    training parts of the M3 competition (Makridakis & Hibon 2000), 645 yearly and 756 quarterly series,
    by having them forecast their own past; no test part was read. ``tests/benchmarks/learn_weights.py``
    makes the file again.
    """
    rows = pd.read_csv(Path(__file__).with_name("prior_weights.csv"))
    rows = rows[rows["season"] == ("seasonal" if season > 1 else "annual")]
    return Prior(rows["weight"].to_numpy(), rows[[f"tilt_{name}" for name in FEATURES]].to_numpy().T)


def plain_prior(season: int) -> Prior:
    """Return the weights that are learned from: every block its share, all structures alike."""
    count = len(bank(season))
    weight = np.concatenate([np.full(count, np.log(block.share / count)) for block in BLOCKS])
    return Prior(weight, np.zeros((len(FEATURES), len(weight))))


def features(series: Series) -> np.ndarray:
    """Return what tilts the weights, (n, features).

    Roughness = ln(sd of steps ÷ usual), length = ln(T ÷ usual). The standard deviation is that of steps on
    the scale of square roots around their mean, shrunk towards ``_PRIOR_STEP`` as by two steps more.
    """
    steps = np.diff(forward(series.ratio, ROOT), axis=1)
    count = steps.shape[1]
    centred = steps - steps.mean(axis=1, keepdims=True) if count else steps
    deviation = np.sqrt(((centred**2).sum(axis=1) + 2 * _PRIOR_STEP**2) / (count + 1))
    length = np.full(len(steps), np.log((count + 1) / _USUAL_LENGTH))
    return np.column_stack([np.log(deviation / _USUAL_STEP), length])


def logits(prior: Prior, likelihood: np.ndarray, traits: np.ndarray) -> np.ndarray:
    """Return the log weights of each series' candidates, up to a constant; (n, c)."""
    return prior.weight + TEMPER * likelihood + traits @ prior.tilt


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return weights that sum to 1 a row."""
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
