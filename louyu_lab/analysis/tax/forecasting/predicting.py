"""A forecast and its spread for series of one length: the candidates weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.forecasting.candidates import Candidates, candidates
from louyu_lab.analysis.tax.forecasting.series import Series
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS, ROOT, forward
from louyu_lab.analysis.tax.forecasting.weights import Prior, features, logits, softmax

#: Usual variance of a step on the scale of square roots, and the residuals it counts as: a series of few
#: values does not know its own.
USUAL_VARIANCE, _VARIANCE_COUNT = 0.02, 3.0


@dataclass(frozen=True)
class Prediction:
    """Forecasts of n series, h periods ahead, on the scale of square roots of value ÷ size.

    ``centre`` (n, h) the forecast, ``spread`` (n, h) the standard deviation expected of its error,
    before calibration.
    """

    centre: np.ndarray
    spread: np.ndarray


def predict(series: Series, growth: np.ndarray, horizon: int, season: int, prior: Prior) -> Prediction:
    """Return the prediction for series of one length; ``growth`` (n, blocks)."""
    made = candidates(series, growth, horizon, season)
    return weighed(made, logits(prior, made.likelihood, features(series)), series.y.shape[1])


def weighed(made: Candidates, logits: np.ndarray, length: int) -> Prediction:
    """Return the prediction the candidates give with these log weights.

    The centre is the weighted mean of the forecasts. The squared spread is the mean variance of the
    structures on the scale of square roots, with each structure's variance estimated from the series and
    drawn towards ``USUAL_VARIANCE``, plus the variance between their forecasts.
    """
    weights = softmax(logits)
    centre = forward((weights[:, None, :] @ made.forecast)[:, 0], ROOT)
    structures = made.root_squares.shape[1]
    first = next(at for at, block in enumerate(BLOCKS) if block.power == ROOT) * structures
    own = softmax(logits[:, first : first + structures])
    usual = USUAL_VARIANCE / made.root_variance[:, 0]
    unit = (made.root_squares + _VARIANCE_COUNT * usual) / (length - 1 + _VARIANCE_COUNT)
    within = (own * unit) @ made.root_variance
    mean = (own[:, None, :] @ made.root_forecast)[:, 0]
    between = (own[:, None, :] @ (made.root_forecast - mean[:, None, :]) ** 2)[:, 0]
    return Prediction(centre, np.sqrt(within + between))
