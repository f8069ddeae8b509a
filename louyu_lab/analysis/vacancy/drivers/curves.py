"""Effect curves: the mean vacancy rate were a driver the same in every building, over its range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from louyu_lab.analysis.vacancy.drivers.result import DriverFit

#: Points of a curve, and the share of buildings left beyond either end, where the model has little to go by.
POINTS, BEYOND = 25, 0.05


def effect_curves(
    fit: DriverFit, frame: pd.DataFrame, drivers: Sequence[str], replicates: int = 200, seed: int = 0
) -> pd.DataFrame:
    """Return ``driver, value, rate, lo, hi``: the mean predicted rate (0–1) with a driver set to ``value``.

    ``drivers`` are numbers of the fit, without a group mean; the others stay as they are in ``frame``, a
    missing one at its mean. Values run between the 5th and the 95th percentile of the frame. Bounds are
    percentiles at ``fit.level`` over bootstrap draws of the coefficients.
    """
    x = fit.design.matrix(frame, fill=True)
    betas = np.vstack([fit.beta, fit.draws(replicates, np.random.default_rng(seed))])
    eta = x @ betas.T
    tables = [_curve(fit, driver, x, betas, eta) for driver in drivers]
    columns = ["driver", "value", "rate", "lo", "hi"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _curve(fit: DriverFit, driver: str, x: np.ndarray, betas: np.ndarray, eta: np.ndarray) -> pd.DataFrame:
    at = fit.design.columns_of(driver)[0]
    low, high = np.quantile(x[:, at], [BEYOND, 1 - BEYOND])
    values = np.linspace(low, high, POINTS)
    rest = eta - np.outer(x[:, at], betas[:, at])
    rates = np.stack([expit(rest + value * betas[:, at]).mean(axis=0) for value in values])
    lo, hi = np.quantile(rates[:, 1:], [(1 - fit.level) / 2, (1 + fit.level) / 2], axis=1)
    return pd.DataFrame({"driver": driver, "value": values, "rate": rates[:, 0], "lo": lo, "hi": hi})
