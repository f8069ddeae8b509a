"""What a structure makes of a series is linear in it: the matrices, worked out once a length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from louyu_lab.analysis.tax.forecasting.structures import bank, covariance, growth_path

#: Keeps a covariance invertible where a structure has hardly any noise.
_JITTER = 1e-8


@dataclass(frozen=True)
class Kernels:
    """The matrices of all structures (q) for series of T values and h periods ahead.

    ``residual`` (T, q·T): a series times it gives the standardised residuals after the unknown level is
    taken out (T − 1 of them independent); ``forecast`` (T, q·h): a series times it gives the forecasts;
    ``log_det`` (q,) of the restricted likelihood; ``variance`` (q, h) of the forecasts, in units of the
    structure's variance. ``growth_residual`` (q, T) and ``growth_forecast`` (q, h): what a growth of 1 a
    period, expected beforehand, takes from the residuals and adds to the forecasts; ``…_lasting``: the
    same where growth returns to the expected instead of dying out.
    """

    residual: np.ndarray
    forecast: np.ndarray
    log_det: np.ndarray
    variance: np.ndarray
    growth_residual: np.ndarray
    growth_forecast: np.ndarray
    lasting_residual: np.ndarray
    lasting_forecast: np.ndarray


@lru_cache(maxsize=256)
def kernels(length: int, horizon: int, season: int) -> Kernels:
    """Return the matrices for series of ``length`` values, ``horizon`` periods ahead.

    With K the covariance, 1 the unit vector and the level unknown (restricted likelihood; Harville 1977):
    residuals (I − vv′/v′v) L⁻¹ y with K = LL′, v = L⁻¹1; forecasts K₂₁K⁻¹(y − 1a) + 1a with the
    generalised least-squares level a = 1′K⁻¹y / 1′K⁻¹1.
    """
    structures = bank(season)
    whole = np.stack([covariance(structure, length + horizon, season) for structure in structures])
    past, ahead = whole[:, :length, :length] + _JITTER * np.eye(length), whole[:, length:, length:]
    between = whole[:, length:, :length]
    root = np.linalg.inv(np.linalg.cholesky(past))
    white = root.sum(axis=2)
    weight = (white**2).sum(axis=1)
    residual = root - white[:, :, None] * (white[:, None, :] @ root) / weight[:, None, None]
    level = (white[:, None, :] @ root)[:, 0] / weight[:, None]
    gain = between @ np.swapaxes(root, 1, 2)
    forecast = gain @ residual + level[:, None, :]
    left = 1 - (gain @ white[:, :, None])[:, :, 0]
    variance = np.einsum("qhh->qh", ahead) - (gain**2).sum(axis=2) + left**2 / weight[:, None]
    damped = np.stack([growth_path(structure, length + horizon) for structure in structures])
    lasting = np.broadcast_to(np.arange(length + horizon, dtype="float64"), damped.shape)
    paths = [
        _of_growth(path - path[:, length - 1 : length], residual, forecast, length)
        for path in (damped, lasting)
    ]
    log_det = -2 * np.log(np.einsum("qtt->qt", root)).sum(axis=1) + np.log(weight)
    return Kernels(_beside(residual), _beside(forecast), log_det, variance, *paths[0], *paths[1])


def _of_growth(
    path: np.ndarray, residual: np.ndarray, forecast: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray]:
    past, ahead = path[:, :length, None], path[:, length:]
    return (residual @ past)[:, :, 0], ahead - (forecast @ past)[:, :, 0]


def _beside(matrices: np.ndarray) -> np.ndarray:
    """Return matrices (q, k, T) side by side as (T, q·k), so that one product serves all."""
    return np.ascontiguousarray(matrices.reshape(-1, matrices.shape[2]).T)
