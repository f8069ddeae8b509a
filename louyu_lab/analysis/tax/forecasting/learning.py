"""Weights of candidates learned by forecasting the past: of public series once, of a panel at every call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from louyu_lab.analysis.tax.forecasting.weights import Prior, softmax

#: An absolute error counts as MASE (÷ the mean step) and as sMAPE (÷ the level) do: with these factors
#: both matter alike on annual series.
_BY_STEP, _BY_LEVEL = 0.25, 2.0

#: Errors smaller than this count by their square, so that the loss has a slope everywhere.
_SMOOTH = 0.05


@dataclass(frozen=True)
class Trials:
    """Past forecasts of n series at former origins.

    ``base`` (n, c) log weights so far, ``forecast`` (n, c, h) and ``actual`` (n, h; NaN not seen) in one
    unit a row, ``unit`` (n,) what errors are multiplied with, ``traits`` (n, features).
    """

    base: np.ndarray
    forecast: np.ndarray
    actual: np.ndarray
    unit: np.ndarray
    traits: np.ndarray


def error_unit(step: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return what to multiply absolute errors with: by the mean absolute ``step`` and the last ``level``."""
    return _BY_STEP / step + _BY_LEVEL / level


def learned(trials: Trials, prior: Prior, strength: float, tilt_strength: float | None, most: int) -> Prior:
    """Return weights and tilts that would have made the least mean error, held near those they start from.

    Minimises mean |error| · unit + ``strength``/n · KL(weights ‖ prior weights) + ``tilt_strength``/n ·
    mean squared change of tilts, by ``most`` steps of L-BFGS. ``strength`` counts in series: with as many
    independent ones prior and data weigh alike. ``tilt_strength`` None leaves the tilts alone.
    """
    loss = _Loss(trials, prior.weight, strength, tilt_strength)
    found = minimize(loss, np.zeros(loss.size), jac=True, method="L-BFGS-B", options={"maxiter": most}).x
    shift, tilt = loss.split(found)
    return Prior(prior.weight + shift, prior.tilt + tilt)


class _Loss:
    """The loss and its gradient at a change of log weights and tilts."""

    def __init__(self, trials: Trials, weight: np.ndarray, strength: float, tilt_strength: float | None):
        self.base, self.traits = trials.base, trials.traits
        seen = np.isfinite(trials.actual)
        unit = trials.unit[:, None] * seen
        self.actual = np.where(seen, trials.actual, 0.0) * unit
        self.forecast = trials.forecast * unit[:, None, :]
        self.seen, self.count = seen, max(int(seen.sum()), 1)
        self.log_prior = weight - np.log(np.exp(weight - weight.max()).sum()) - weight.max()
        self.strength, self.tilt_strength = strength / len(self.base), tilt_strength
        self.candidates = len(weight)
        self.tilts = 0 if tilt_strength is None else self.traits.shape[1]
        self.size = self.candidates * (1 + self.tilts)

    def split(self, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        tilt = np.zeros((self.traits.shape[1], self.candidates))
        if self.tilts:
            tilt = change[self.candidates :].reshape(self.tilts, self.candidates)
        return change[: self.candidates], tilt

    def __call__(self, change: np.ndarray) -> tuple[float, np.ndarray]:
        shift, tilt = self.split(change)
        weights = softmax(self.base + shift + self.traits @ tilt)
        error = (weights[:, None, :] @ self.forecast)[:, 0] - self.actual
        size = np.sqrt(error**2 + _SMOOTH**2)
        slope = (self.forecast @ (error / size * self.seen / self.count)[:, :, None])[:, :, 0]
        slope = weights * (slope - (weights * slope).sum(axis=1, keepdims=True))
        away, pull = self._away(shift)
        value = (size * self.seen).sum() / self.count + self.strength * away
        gradient = slope.sum(axis=0) + self.strength * pull
        if self.tilts:
            ridge = self.tilt_strength / len(self.base) / self.candidates
            value += ridge * (tilt**2).sum()
            gradient = np.append(gradient, (self.traits.T @ slope + 2 * ridge * tilt).ravel())
        return value, gradient

    def _away(self, shift: np.ndarray) -> tuple[float, np.ndarray]:
        """Return KL(shifted ‖ prior) and its gradient."""
        logit = self.log_prior + shift
        weight = np.exp(logit - logit.max())
        weight /= weight.sum()
        ratio = np.log(np.maximum(weight, 1e-300)) - self.log_prior
        away = float(weight @ ratio)
        return away, weight * (ratio - away)
