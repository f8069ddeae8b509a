"""Districts without types, to hold the real one against.

*One mix*: every enterprise could sit in any building. *One cloud*: buildings do differ, but without
groups: their log shares vary around one middle as a normal cloud does. Any uneven cloud falls into parts
that look stable; types must do better than both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.industry.chance import firm_tables

#: Rounds of fitting the cloud; its middle and spread have settled before.
ROUNDS = 25

#: Rounds of matching a fitted cloud to its own draws, and draws in each.
MATCHINGS, MATCHING_DRAWS = 2, 4

#: Even variance added to all buildings' together, so that the spread stays invertible.
RIDGE = 0.05

#: Largest step of a log share at a time, and bounds beyond which none can matter.
_STEP, _BOUND = 2.0, 30.0


def one_mix(counts: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return ``draws`` tables with the row and column totals of ``counts``, shape (draws, rows, columns).

    Enterprises are dealt out at random: building sizes and the district's mix stay what they are.
    ``counts`` are whole numbers.
    """
    return np.concatenate([tables.amounts for tables in firm_tables(counts, draws, rng)])


@dataclass(frozen=True)
class Cloud:
    """``middle`` (industries,) log shares and ``spread`` (industries, industries), their covariance."""

    middle: np.ndarray
    spread: np.ndarray


def matched_cloud(counts: np.ndarray, rng: np.random.Generator) -> Cloud:
    """Return the cloud whose draws, fitted again, are as wide in every direction as ``counts`` fitted.

    The fit shrinks small buildings to the middle and so finds too narrow a cloud; a null too narrow would
    declare types too often. Directions are the fitted spread's own.
    """
    fitted = fit_cloud(counts)
    wanted, axes = np.linalg.eigh(fitted.spread)
    variance = wanted.copy()
    for _ in range(MATCHINGS):
        cloud = Cloud(fitted.middle, axes @ np.diag(variance) @ axes.T)
        drawn = one_cloud(cloud, counts.sum(axis=1), MATCHING_DRAWS, rng)
        again = np.mean([fit_cloud(_without_empty(one)).spread for one in drawn], axis=0)
        seen = np.einsum("ji,jk,ki->i", axes, again, axes)
        variance = variance * np.clip(wanted / seen, 0.5, 2.0)
    return Cloud(fitted.middle, axes @ np.diag(variance) @ axes.T)


def fit_cloud(counts: np.ndarray) -> Cloud:
    """Fit log shares ~ N(middle, spread), counts Poisson given them: the Poisson log-normal model.

    Variational EM: every building's own log shares are normal around a place of their own, their doubt
    counts in what is expected and in the spread (Aitchison & Ho 1989; Chiquet, Mariadassou & Robin 2021).
    ``counts`` (buildings, industries) without empty rows or columns.
    """
    size = np.log(counts.sum(axis=1))[:, None]
    district = counts.sum(axis=0) / counts.sum()
    middle = np.log(district)
    shares = (counts + 10 * district) / (counts.sum(axis=1, keepdims=True) + 10)
    own, doubt = np.log(shares), np.zeros((*counts.shape, counts.shape[1]))
    spread = _spread(own - middle, 0.0)
    place = np.arange(len(middle))
    for _ in range(ROUNDS):
        precision = np.linalg.inv(spread)
        logs = own + size + doubt[:, place, place] / 2
        expected = np.exp(np.clip(logs, -_BOUND, _BOUND))
        curvature = np.repeat(precision[None], len(counts), axis=0)
        curvature[:, place, place] += expected
        doubt = np.linalg.inv(curvature)
        slope = counts - expected - (own - middle) @ precision
        own = own + np.clip(np.einsum("bij,bj->bi", doubt, slope), -_STEP, _STEP)
        middle = own.mean(axis=0)
        spread = _spread(own - middle, doubt.sum(axis=0))
    return Cloud(middle, spread)


def one_cloud(cloud: Cloud, sizes: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return ``draws`` districts of buildings drawn from the cloud, shape (draws, buildings, industries).

    ``sizes`` enterprises in each building.
    """
    root = np.linalg.cholesky(cloud.spread)
    noise = rng.standard_normal((draws, len(sizes), len(cloud.middle)))
    logs = cloud.middle + noise @ root.T
    shares = np.exp(logs - logs.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    return rng.multinomial(sizes.astype("int64"), shares).astype("float64")


def _without_empty(counts: np.ndarray) -> np.ndarray:
    """The counts with a thousandth of a firm in industries that a draw left empty."""
    return np.where(counts.sum(axis=0) > 0, counts, 1e-3)


def _spread(deviation: np.ndarray, doubt: np.ndarray | float) -> np.ndarray:
    """Covariance of the deviations and of what is not known of them."""
    own = deviation.T @ deviation + doubt + RIDGE * np.eye(deviation.shape[1])
    return own / len(deviation)
