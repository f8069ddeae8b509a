"""Does a boosted tree predict vacancy in unseen buildings better than the fractional logit?

A check and nothing more: where the tree wins, the logit's straight lines miss a bend or a joint effect and
its effects deserve less trust. Both are judged by the same loss on buildings that neither has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import xlogy

from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

#: Below these a comparison says nothing: clusters to resample, and rows for a tree to grow on.
FEWEST_CLUSTERS, FEWEST_ROWS = 20, 300

FOLDS, INNER_FOLDS = 5, 3

#: Predictions stay this far from 0 and 1, where one vacant unit would cost without limit.
_CLIP = 1e-3

#: Small trees, slowly: a few hundred rows bear no more. Iterations are chosen inside each training part.
_TREE = {"learning_rate": 0.08, "max_leaf_nodes": 8, "min_samples_leaf": 20, "l2_regularization": 1.0}
_MOST_ITERATIONS = 120

LOGIT, TREE, MEAN = "分数 logit", "提升树", "平均值"


@dataclass(frozen=True)
class TreeCheck:
    """What came of the comparison.

    ``scores``: ``model, deviance, rmse`` (mean deviance a row; root mean squared error, 0–1) out of sample.
    ``gain`` is the logit's deviance less the tree's, a row, with its interval ``lo, hi`` at ``level`` over
    clusters: above 0 the tree is better. ``wins`` is ``TREE`` or ``LOGIT`` only where the interval excludes
    0, "" otherwise. ``refused`` says in Chinese why there was no comparison, "" when there was.
    """

    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["model", "deviance", "rmse"]))
    gain: float = float("nan")
    lo: float = float("nan")
    hi: float = float("nan")
    wins: str = ""
    refused: str = ""
    rows: int = 0
    clusters: int = 0
    level: float = 0.95


def tree_check(
    frame: pd.DataFrame,
    outcome: str,
    drivers: Sequence[str],
    *,
    cluster: str,
    seed: int = 0,
    level: float = 0.95,
) -> TreeCheck:
    """Compare fractional logit, boosted tree and mean by grouped cross-validation over ``cluster``.

    ``frame`` as for ``fit_drivers``; rows missing the outcome, a driver or the cluster are left
    out. The tree minimises the same Bernoulli quasi-likelihood. Refused, not failed, below
    ``FEWEST_CLUSTERS`` clusters or ``FEWEST_ROWS`` rows, or where the logit cannot be fitted in a fold.
    """
    needed = list(dict.fromkeys([outcome, *drivers, cluster]))
    rows = frame.dropna(subset=needed).reset_index(drop=True)
    clusters = rows[cluster].nunique()
    if clusters < FEWEST_CLUSTERS:
        return _refused(f"只有 {clusters} 组（幢），至少要 {FEWEST_CLUSTERS} 组才能分组检验", rows, clusters)
    if len(rows) < FEWEST_ROWS:
        return _refused(f"只有 {len(rows)} 行数据，至少要 {FEWEST_ROWS} 行才够提升树学习", rows, clusters)
    try:
        with _one_thread():
            predicted = _out_of_sample(rows, outcome, list(drivers), cluster, seed)
    except ValueError as problem:
        return _refused(f"分组检验中回归无法拟合：{problem}", rows, clusters)
    observed = rows[outcome].to_numpy(dtype="float64")
    losses = {model: deviance(observed, values) for model, values in predicted.items()}
    gain, lo, hi = _paired(losses[LOGIT] - losses[TREE], rows[cluster], level)
    scores = pd.DataFrame(
        {
            "model": list(predicted),
            "deviance": [losses[model].mean() for model in predicted],
            "rmse": [np.sqrt(((observed - values) ** 2).mean()) for values in predicted.values()],
        }
    )
    wins = TREE if lo > 0 else LOGIT if hi < 0 else ""
    return TreeCheck(scores, gain, lo, hi, wins, "", len(rows), clusters, level)


def deviance(observed: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return each row's Bernoulli deviance: 0 where a rate is met exactly, as for 0 and 1."""
    mean = np.clip(predicted, _CLIP, 1 - _CLIP)
    perfect = xlogy(observed, observed) + xlogy(1 - observed, 1 - observed)
    return 2 * (perfect - xlogy(observed, mean) - xlogy(1 - observed, 1 - mean))


def _one_thread() -> AbstractContextManager[object]:
    """Keep trees of a few hundred rows on one thread: more wait for each other, up to a hundredfold."""
    import sklearn.ensemble  # noqa: F401  (only libraries that are loaded can be limited)
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)


def _refused(why: str, rows: pd.DataFrame, clusters: int) -> TreeCheck:
    return TreeCheck(refused=why, rows=len(rows), clusters=clusters)


def _out_of_sample(
    rows: pd.DataFrame, outcome: str, drivers: list[str], cluster: str, seed: int
) -> dict[str, np.ndarray]:
    """Predictions (n,) of each model, every row by models that saw no row of its cluster."""
    x, is_text = _tree_columns(rows, drivers)
    y = rows[outcome].to_numpy(dtype="float64")
    predicted = {model: np.full(len(rows), np.nan) for model in (LOGIT, TREE, MEAN)}
    for train, test in _folds(rows[cluster], FOLDS, seed):
        fitted = fit_drivers(rows.iloc[train], outcome, drivers)
        predicted[LOGIT][test] = fitted.predict(rows.iloc[test])
        groups = rows[cluster].iloc[train]
        steps = _iterations(x[train], y[train], is_text, groups, seed)
        tree = _grown(x[train], y[train], is_text, steps, seed)
        predicted[TREE][test] = tree.predict_proba(x[test])[:, 1]
        predicted[MEAN][test] = y[train].mean()
    if np.isnan(predicted[LOGIT]).any():
        raise ValueError("有的水平只在个别组里出现，留出后无从预测")
    return predicted


def _folds(groups: pd.Series, folds: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import GroupKFold

    split = GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    return list(split.split(np.zeros(len(groups)), groups=groups.to_numpy()))


def _iterations(x: np.ndarray, y: np.ndarray, is_text: list[bool], groups: pd.Series, seed: int) -> int:
    """Number of trees with the least deviance in groups left out of the training part."""
    total = np.zeros(_MOST_ITERATIONS)
    for train, test in _folds(groups, INNER_FOLDS, seed):
        grown = _grown(x[train], y[train], is_text, _MOST_ITERATIONS, seed)
        for step, probabilities in enumerate(grown.staged_predict_proba(x[test])):
            total[step] += deviance(y[test], probabilities[:, 1]).sum()
    return int(total.argmin()) + 1


def _grown(
    x: np.ndarray, y: np.ndarray, is_text: list[bool], steps: int, seed: int
) -> HistGradientBoostingClassifier:
    """Fit each row twice, vacant with weight ``y`` and let with ``1 − y``, which is the logit's own loss."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    tree = HistGradientBoostingClassifier(
        **_TREE,
        max_iter=steps,
        early_stopping=False,
        random_state=seed,
        categorical_features=is_text if any(is_text) else None,
    )
    label = np.repeat([1, 0], len(y))
    return tree.fit(np.vstack([x, x]), label, sample_weight=np.concatenate([y, 1 - y]))


def _tree_columns(rows: pd.DataFrame, drivers: list[str]) -> tuple[np.ndarray, list[bool]]:
    """Drivers as numbers (n, k), a text one by the place of its level, and which of them are text."""
    is_text = [not pd.api.types.is_numeric_dtype(rows[name]) for name in drivers]
    columns = [
        rows[name].astype("category").cat.codes.to_numpy(dtype="float64")
        if text
        else rows[name].to_numpy(dtype="float64")
        for name, text in zip(drivers, is_text, strict=True)
    ]
    return np.column_stack(columns), is_text


def _paired(difference: np.ndarray, cluster: pd.Series, level: float) -> tuple[float, float, float]:
    """Mean of a row's difference, and its interval from the spread of the clusters' sums.

    The linearised ratio estimator: residuals ``Σ (d − mean)`` by cluster, t on their number less one.
    """
    mean = difference.mean()
    sums = pd.Series(difference - mean).groupby(cluster.to_numpy()).sum().to_numpy()
    number = len(sums)
    error = np.sqrt(number / (number - 1) * (sums**2).sum()) / len(difference)
    half = stats.t.ppf((1 + level) / 2, number - 1) * error
    return float(mean), float(mean - half), float(mean + half)
