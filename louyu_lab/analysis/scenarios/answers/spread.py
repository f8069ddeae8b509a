"""How draws are summed up: means, quantiles and the chance of a target, one way for every answer."""

from __future__ import annotations

import numpy as np

#: Bounds of the 80 % and 95 % intervals: column -> quantile of the draws.
QUANTILES = {"median": 0.5, "lo80": 0.1, "hi80": 0.9, "lo95": 0.025, "hi95": 0.975}

#: Units of which there are only whole numbers: a quantile is a number really drawn.
COUNTED = ("幢", "家")

#: What a value may lack of its target, relative to it: rounding of sums of many areas or amounts, no more.
_SLACK = 1e-9


def summed_up(draws: np.ndarray, unit: str = "") -> dict[str, np.ndarray]:
    """Return ``mean`` and ``QUANTILES`` over the first axis; whole numbers where ``unit`` counts things."""
    return {"mean": draws.mean(axis=0), **quantiles(draws, unit, tuple(QUANTILES))}


def quantiles(draws: np.ndarray, unit: str = "", names: tuple[str, ...] = ("lo80", "hi80")) -> dict:
    """Return the quantiles of those names over the first axis."""
    method = "inverted_cdf" if unit in COUNTED else "linear"
    values = np.quantile(draws, [QUANTILES[name] for name in names], axis=0, method=method)
    return dict(zip(names, values, strict=True))


def reached(values: np.ndarray, target: float, falls: bool) -> np.ndarray:
    """Tell where ``values`` are at the target or beyond it, on the better side; unknown values are not."""
    slack = _SLACK * max(1.0, abs(target))
    return values <= target + slack if falls else values >= target - slack


def lacking(values: np.ndarray, target: float, falls: bool) -> np.ndarray:
    """Return what each value lacks of the target (its unit), 0 where it is reached."""
    short = np.maximum(values - target if falls else target - values, 0.0)
    return np.where(reached(values, target, falls), 0.0, short)
