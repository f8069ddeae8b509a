"""What every structure on every scale says of each series: its likelihood and its forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.forecasting.kernels import Kernels, kernels
from louyu_lab.analysis.tax.forecasting.series import Series
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS, ROOT, Block, back, forward

#: Prior of a structure's variance: as good as one residual of this size (0.2 % of the series).
_PRIOR_VARIANCE = 4e-6


@dataclass(frozen=True)
class Candidates:
    """The candidates (c = blocks × structures) of n series of one length.

    ``likelihood`` (n, c): log, its mean within a block 1, −inf where a scale cannot take the values;
    ``forecast`` (n, c, h) in units of the series' size; ``root_squares`` (n, q) sums of squared residuals
    on the scale of square roots, ``root_forecast`` (n, q, h), ``root_variance`` (q, h) in units of the
    structure's own.
    """

    likelihood: np.ndarray
    forecast: np.ndarray
    root_squares: np.ndarray
    root_forecast: np.ndarray
    root_variance: np.ndarray


def candidates(series: Series, growth: np.ndarray, horizon: int, season: int) -> Candidates:
    """Return the candidates of the series; ``growth`` (n, blocks) is what their groups grow a period."""
    length = series.y.shape[1]
    operators = kernels(length, horizon, season)
    parts = [_of_block(series.ratio, block, growth[:, at], operators) for at, block in enumerate(BLOCKS)]
    likelihood, forecast = zip(*(part[:2] for part in parts), strict=True)
    root = next(part for part, block in zip(parts, BLOCKS, strict=True) if block.power == ROOT)
    return Candidates(
        np.concatenate(likelihood, axis=1), np.concatenate(forecast, axis=1), *root[2:], operators.variance
    )


def _of_block(
    ratio: np.ndarray, block: Block, growth: np.ndarray, operators: Kernels
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return likelihood, forecast (in units of size), squared residuals and forecast on the block's scale."""
    value = forward(ratio, block.power)
    can = np.isfinite(value).all(axis=1)
    value = np.where(can[:, None], value, 0.0)
    last, length = value[:, -1:], value.shape[1]
    residual_of, ahead_of = (
        (operators.lasting_residual, operators.lasting_forecast)
        if block.is_lasting
        else (operators.growth_residual, operators.growth_forecast)
    )
    structures = len(operators.log_det)
    residuals = ((value - last) @ operators.residual).reshape(len(value), structures, length)
    residuals -= growth[:, None, None] * residual_of
    squares = np.einsum("nqt,nqt->nq", residuals, residuals)
    made = ((value - last) @ operators.forecast).reshape(len(value), structures, -1)
    made += growth[:, None, None] * ahead_of + last[:, :, None]
    density = -0.5 * operators.log_det - 0.5 * length * np.log(squares + _PRIOR_VARIANCE)
    likelihood = np.where(can[:, None], _centred(density), -np.inf)
    return likelihood, back(made, block.power), squares, made


def _centred(density: np.ndarray) -> np.ndarray:
    """Return log densities with the mean of the densities of a row made 1."""
    most = density.max(axis=1, keepdims=True)
    return density - most - np.log(np.exp(density - most).mean(axis=1, keepdims=True))
