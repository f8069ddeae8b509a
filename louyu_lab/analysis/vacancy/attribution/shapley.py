"""Shapley values of groups of drivers for a logit mean, exact over all coalitions.

The rate of a building is ``f = expit(base + Σ_g a_g)``, ``a_g`` the linear part of group g. A coalition
S of groups is worth the mean rate when the groups in S are the building's own and the others are drawn
together from the reference rows j with weights w_j:

    v_i(S) = Σ_j w_j expit(base + Σ_{g∈S} a_ig + Σ_{g∉S} a_jg)

and a group gets the mean of what it adds over all orders of joining (Shapley 1953; for model
predictions Strumbelj & Kononenko 2014, the interventional version). What the groups get adds up to
``f_i − v(∅)``: the weights of every coalition but the two ends cancel, so that nothing has to be made up.
"""

from __future__ import annotations

from functools import lru_cache
from math import factorial

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import expit

#: Worst error of an interpolated mean rate (0–1): a ten-thousandth of a ㎡ in a building of a million ㎡.
#: The values of one row add up whatever it is.
TOLERANCE = 1e-10

#: Half-height of the strip around the real line on which the bound below holds; expit has its poles at ±πi.
_STRIP = 3.0
_LARGEST = 1 / np.sin(_STRIP)

#: exp of twice this is still finite in doubles, and expit of it is 0 or 1 in every digit.
_FARTHEST = 350.0

#: Numbers worked on at a time: half a megabyte, which stays in the cache.
_BLOCK = 2**16


def shapley_values(
    base: float,
    own: np.ndarray,
    reference: np.ndarray,
    weights: np.ndarray,
    tolerance: float = TOLERANCE,
) -> tuple[float, np.ndarray]:
    """Return ``v(∅)`` (0–1) and what each group adds to each row's rate, shape (n, groups).

    ``own`` (n, groups) and ``reference`` (m, groups) are linear parts on the logit scale, ``base`` the
    intercept, ``weights`` (m,) ≥ 0 sum to 1. A group that is one and the same number everywhere gets
    exactly 0. ``tolerance`` as for ``mean_rates``.
    """
    moving = np.ptp(np.concatenate([own, reference]), axis=0) > 0
    base = base + float(reference[0, ~moving].sum())
    values = np.zeros(own.shape)
    level = float(weights @ expit(base + reference[:, moving].sum(axis=1)))
    if moving.any():
        worths = _worths(base, own[:, moving], reference[:, moving], weights, tolerance)
        values[:, moving] = (_shares(int(moving.sum())) @ worths).T
    return level, values


def _worths(
    base: float, own: np.ndarray, reference: np.ndarray, weights: np.ndarray, tolerance: float
) -> np.ndarray:
    """Return ``v_i(S)`` of every coalition, shape (2 ** groups, n), from the empty one to the full one.

    The two ends, which decide what the values add up to, are never interpolated.
    """
    members = _coalitions(own.shape[1])
    points, background = members @ own.T, base + (1 - members) @ reference.T
    worths = np.empty(points.shape)
    worths[0] = weights @ expit(background[0])
    worths[-1] = expit(base + points[-1])
    worths[1:-1] = mean_rates(points[1:-1], background[1:-1], weights, tolerance)
    return worths


@lru_cache(maxsize=16)
def _coalitions(groups: int) -> np.ndarray:
    """Return membership (0 or 1) of each group in each coalition, shape (2 ** groups, groups)."""
    return (np.arange(2**groups)[:, None] >> np.arange(groups) & 1).astype("float64")


@lru_cache(maxsize=16)
def _shares(groups: int) -> np.ndarray:
    """Return the weight of each coalition's worth in each group's value, shape (groups, 2 ** groups).

    With s members out of G besides the group itself: s! (G − s − 1)! / G!, positive where the group is in
    the coalition and negative where it is not.
    """
    members = _coalitions(groups).T
    others = (members.sum(axis=0) - members).astype("int64")
    orders = [factorial(s) * factorial(groups - s - 1) / factorial(groups) for s in range(groups)]
    return np.where(members == 1, 1.0, -1.0) * np.array(orders)[others]


def mean_rates(
    points: np.ndarray, background: np.ndarray, weights: np.ndarray, tolerance: float = TOLERANCE
) -> np.ndarray:
    """Return ``Σ_j w_j expit(c + z_j)`` for points c (k, n) and background z (k, m), row by row; (k, n).

    As a function of c it is smooth: where the points are many it is worked out at Chebyshev nodes only and
    interpolated, wrong by ``tolerance`` at most.
    """
    low, high = points.min(axis=1, initial=np.inf), points.max(axis=1, initial=-np.inf)
    half = np.maximum((high - low) / 2, 1e-9)
    nodes = _node_count(float(half.max(initial=0.0)), tolerance)
    if 2 * nodes >= points.shape[1]:
        return _mean_rates_at(points, background, weights)
    middle, half = ((low + high) / 2)[:, None], half[:, None]
    places = chebyshev.chebpts1(nodes)
    table = _mean_rates_at(middle + half * places, background, weights)
    coefficients = table @ chebyshev.chebvander(places, nodes - 1) * (2 / nodes)
    coefficients[:, 0] /= 2
    return chebyshev.chebval((points - middle) / half, coefficients.T[:, :, None], tensor=False)


def _node_count(half: float, tolerance: float) -> int:
    """Return the nodes that interpolate a mean of expits over an interval of this half-width.

    A function bounded by M in the ellipse of parameter ρ is interpolated to within 4 M ρ^(1−n) / (ρ − 1)
    at n nodes (Trefethen, Approximation Theory, theorem 8.2); the ellipse reaches the strip's edge.
    """
    if half < 1e-6:
        return 4
    steep = _STRIP / half
    rho = steep + np.sqrt(steep**2 + 1)
    return int(np.ceil(1 + np.log(4 * _LARGEST / ((rho - 1) * tolerance)) / np.log(rho)))


def _mean_rates_at(points: np.ndarray, background: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return ``mean_rates`` by adding up; exp(c + z) = exp(c) exp(z) spares an exponential a pair."""
    rise = np.exp(np.clip(points, -_FARTHEST, _FARTHEST))[:, :, None]
    ground = np.exp(np.clip(background, -_FARTHEST, _FARTHEST))[:, None, :]
    means = np.empty(points.shape)
    step = max(1, _BLOCK // (points.shape[1] * background.shape[1]))
    for first in range(0, len(points), step):
        rows = slice(first, first + step)
        odds = rise[rows] * ground[rows]
        odds += 1.0
        means[rows] = 1.0 - np.reciprocal(odds, out=odds) @ weights
    return means
