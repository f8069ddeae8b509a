"""Newton's method for the fractional logit, once over many rows or at once for many weightings.

The Bernoulli quasi-likelihood ``Σ w [y ln μ + (1 − y) ln(1 − μ)]`` with ``μ = expit(x β)`` needs only that
the mean is right, so ``y`` may be any rate in 0–1 (Papke & Wooldridge 1996).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

#: Rows taken at a time: temporaries stay in the cache and the matrix is never copied.
BLOCK_ROWS = 8_192

#: Newton doubles its digits each step; whoever needs more than this many is running away.
MOST_STEPS = 40

#: Relative change of the loss below which there is nothing left to gain in doubles.
TOLERANCE = 1e-12


#: A step that moves no linear predictor by more than this leaves an error of about its square.
LAST_STEP = 1e-4

#: From so many rows on a first guess from a part of them saves passes over all.
_MANY_ROWS = 100_000


class NotConverged(Exception):
    """The likelihood has no maximum: some combination of columns tells the outcome perfectly."""


@dataclass(frozen=True)
class Optimum:
    """Where the quasi-likelihood is largest: ``beta`` (k,), ``gram`` = Σ w μ(1−μ) x xᵀ (k, k)."""

    beta: np.ndarray
    gram: np.ndarray


def maximise(x: np.ndarray, y: np.ndarray, w: np.ndarray | None) -> Optimum:
    """Return the optimum for ``x`` (n, k), ``y`` (n,) in 0–1 and ``w`` (n,) > 0 or None for ones.

    Raises NotConverged, and LinAlgError for columns that are not independent.
    """
    beta = _rough(x, y, w)
    loss, score, gram = _pass(x, y, w, beta)
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(gram, score)
        for _ in range(MOST_STEPS):
            trial = _pass(x, y, w, beta + step)
            if trial[0] <= loss * (1 + TOLERANCE):
                break
            step = step / 2
        beta = beta + step
        gain = loss - trial[0]
        loss, score, gram = trial
        if abs(gain) <= TOLERANCE * loss:
            # One step further squares the error, which the loss no longer shows.
            return Optimum(beta + np.linalg.solve(gram, score), gram)
    raise NotConverged


def _rough(x: np.ndarray, y: np.ndarray, w: np.ndarray | None) -> np.ndarray:
    """Return where to start: the optimum of every so-manieth row where there are many, else zeros."""
    if len(x) <= _MANY_ROWS:
        return np.zeros(x.shape[1])
    some = slice(None, None, len(x) // (_MANY_ROWS // 2))
    try:
        return maximise(x[some], y[some], None if w is None else w[some]).beta
    except (NotConverged, np.linalg.LinAlgError):
        return np.zeros(x.shape[1])


def _pass(
    x: np.ndarray, y: np.ndarray, w: np.ndarray | None, beta: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the loss ``Σ w [ln(1 + e^η) − y η]``, the score (k,) and the Gram matrix (k, k) at ``beta``."""
    loss, score, gram = 0.0, np.zeros(x.shape[1]), np.zeros((x.shape[1],) * 2)
    for rows in blocks(len(x)):
        eta = x[rows] @ beta
        mu, part, weight = expit(eta), y[rows], 1.0 if w is None else w[rows]
        loss += float(np.sum(weight * (np.logaddexp(0.0, eta) - part * eta)))
        score += (weight * (part - mu)) @ x[rows]
        scaled = x[rows] * np.sqrt(weight * mu * (1 - mu))[:, None]
        gram += scaled.T @ scaled
    return loss, score, gram


def blocks(n: int) -> Iterator[slice]:
    """Yield slices that cover ``n`` rows."""
    for first in range(0, n, BLOCK_ROWS):
        yield slice(first, min(first + BLOCK_ROWS, n))


def maximise_many(x: np.ndarray, y: np.ndarray, weights: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return coefficients (draws, k), one optimum for each row of ``weights`` (draws, n) ≥ 0.

    All draws take their Newton steps together, from ``start`` (k,): the Gram matrices are one product of
    ``weights`` with the products of columns. A draw without a maximum is NaN.
    """
    beta = np.repeat(start[None], len(weights), axis=0)
    rows, columns = np.triu_indices(x.shape[1])
    products = x[:, rows] * x[:, columns]
    open_draws = np.arange(len(weights))
    for _ in range(MOST_STEPS):
        w = weights[open_draws]
        mu = expit(beta[open_draws] @ x.T)
        score = (w * (y - mu)) @ x
        upper = (w * mu * (1 - mu)) @ products
        gram = np.empty((len(w), x.shape[1], x.shape[1]))
        gram[:, rows, columns] = gram[:, columns, rows] = upper
        step = _solved(gram, score)
        # A draw far from the optimum is held back; near it a full step is the shorter one anyway.
        longest = np.abs(step @ x.T).max(axis=1, keepdims=True)
        beta[open_draws] += step / np.maximum(longest / 3.0, 1.0)
        moving = longest[:, 0] > LAST_STEP
        beta[open_draws[~np.isfinite(longest[:, 0])]] = np.nan
        open_draws = open_draws[moving & np.isfinite(longest[:, 0])]
        if len(open_draws) == 0:
            return beta
    beta[open_draws] = np.nan
    return beta


def _solved(gram: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Solve each system; NaN for a singular one."""
    try:
        return np.linalg.solve(gram, score[..., None])[..., 0]
    except np.linalg.LinAlgError:
        solved = np.full_like(score, np.nan)
        for i, (matrix, vector) in enumerate(zip(gram, score, strict=True)):
            if np.linalg.matrix_rank(matrix) == len(matrix):
                solved[i] = np.linalg.solve(matrix, vector)
        return solved
