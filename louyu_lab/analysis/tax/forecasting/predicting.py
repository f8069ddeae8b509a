"""A forecast and its spread for series of one length: the candidates weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.forecasting.candidates import Candidates, candidates
from louyu_lab.analysis.tax.forecasting.series import Series
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS, ROOT, forward
from louyu_lab.analysis.tax.forecasting.weights import Prior, features, logits, softmax

#: Usual standard deviation of a step on the scale of square roots, and the residuals it counts as: a series
#: of few values does not know its own.
USUAL_STEP, _USUAL_COUNT = 0.12, 1.5

#: A variance below this part of the usual one is not believed: (1/20)² of its standard deviation.
_LEAST_PART = 0.0025


@dataclass(frozen=True)
class Prediction:
    """Forecasts of n series, h periods ahead, on the scale of square roots of value ÷ size.

    ``centre`` (n, h) the forecast, ``spread`` (n, h) the standard deviation expected of its error,
    before calibration.
    """

    centre: np.ndarray
    spread: np.ndarray


def predict(
    series: Series, growth: np.ndarray, horizon: int, season: int, prior: Prior, lean: float = 0.0
) -> Prediction:
    """Return the prediction for series of one length, past their lag; ``growth`` (n, blocks).

    ``lean`` moves every centre by so many spreads.
    """
    made = candidates(series, growth, series.lag + horizon, season)
    weights = logits(prior, made.likelihood, features(series))
    prediction = weighed(made, weights, series.y.shape[1])
    spread = prediction.spread[:, series.lag :]
    return Prediction(prediction.centre[:, series.lag :] + lean * spread, spread)


def weighed(made: Candidates, logits: np.ndarray, length: int) -> Prediction:
    """Return the prediction the candidates give with these log weights.

    The centre is the weighted mean of the forecasts. The squared spread is the mean variance of the
    structures on the scale of square roots, with each structure's variance estimated from the series and
    its logarithm drawn towards the usual one, plus the variance between their forecasts.
    """
    weights = softmax(logits)
    centre = forward((weights[:, None, :] @ made.forecast)[:, 0], ROOT)
    structures = made.root_squares.shape[1]
    first = next(at for at, block in enumerate(BLOCKS) if block.power == ROOT) * structures
    own = softmax(logits[:, first : first + structures])
    usual = USUAL_STEP**2 / made.root_variance[:, 0]
    own_count = length - 1
    found = np.maximum(made.root_squares / max(own_count, 1), _LEAST_PART * usual)
    unit = np.exp((own_count * np.log(found) + _USUAL_COUNT * np.log(usual)) / (own_count + _USUAL_COUNT))
    within = (own * unit) @ made.root_variance
    mean = (own[:, None, :] @ made.root_forecast)[:, 0]
    between = (own[:, None, :] @ (made.root_forecast - mean[:, None, :]) ** 2)[:, 0]
    return Prediction(centre, np.sqrt(within + between))
