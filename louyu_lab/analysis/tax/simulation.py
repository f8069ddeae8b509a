"""Sums of buildings' tax under shared luck: what a street or the district may come to.

A building's scaled error is a shock common to all buildings in a year plus its own. The common part is
seen once an origin only, so it is drawn from a t distribution with few degrees of freedom; the own
part is drawn from the pool of past errors. Each draw makes one tax a building, and streets and the
district are sums of these, so every draw adds up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.errors import pooled, scale_of

#: Draws; at 2000 a 95 % bound rests on 50 draws beyond it.
DRAWS = 2000

#: Origins without which the spread of the common shock is not known: t with 2 degrees of freedom.
LEAST_ORIGINS = 3


def common_shocks(errors: pd.DataFrame) -> pd.DataFrame:
    """Return each origin's common shock: Σ(actual − forecast) ÷ Σ scale over its buildings.

    ``errors`` of one method and horizon. Columns ``origin, shock, own_variance``; the last is what the
    buildings' own errors alone add to the shock's variance, Σ w²(e − shock)² with weights w of the scale.
    """
    scale = pd.Series(scale_of(errors["forecast_yuan"].to_numpy()), index=errors.index)
    weight = scale / scale.groupby(errors["origin"]).transform("sum")
    shock = (weight * errors["scaled_error"]).groupby(errors["origin"]).sum()
    own = errors["scaled_error"] - errors["origin"].map(shock)
    own_variance = (weight**2 * own**2).groupby(errors["origin"]).sum()
    return pd.DataFrame({"shock": shock, "own_variance": own_variance}).rename_axis("origin").reset_index()


def simulated_sums(
    forecast_yuan: np.ndarray,
    size_class: np.ndarray,
    groups: np.ndarray,
    errors: pd.DataFrame,
    rng: np.random.Generator,
) -> dict[str, np.ndarray] | None:
    """Return ``DRAWS`` simulated sums (元) of each group of buildings, by group in sorted order.

    ``forecast_yuan``, ``size_class`` and ``groups`` have one entry a building, ``errors`` are those of one
    method and horizon. No building is drawn worse than the worst error of its pool. None with fewer
    than ``LEAST_ORIGINS`` origins.
    """
    shocks = common_shocks(errors)
    if len(shocks) < LEAST_ORIGINS:
        return None
    common = _drawn_shocks(shocks, int(errors["horizon"].iloc[0]), rng)
    own = errors["scaled_error"] - errors["origin"].map(shocks.set_index("origin")["shock"])
    own = errors.assign(scaled_error=own)
    pools = {name: pooled(own, name) for name in np.unique(size_class)}
    worst = {name: pooled(errors, name)[0] for name in pools}
    sums = {}
    # One group after another keeps the memory at draws × buildings of a street.
    for group in np.unique(groups):
        total = np.zeros(DRAWS)
        for name, pool in pools.items():
            made = forecast_yuan[(groups == group) & (size_class == name)]
            drawn = common[:, None] + rng.choice(pool, size=(DRAWS, len(made)))
            total += (made + np.maximum(drawn, worst[name]) * scale_of(made)).sum(axis=1)
        sums[str(group)] = total
    return sums


def _drawn_shocks(shocks: pd.DataFrame, horizon: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the common shock of a coming year: its mean is uncertain as well as its value."""
    count = len(shocks)
    variance = shocks["shock"].var(ddof=1)
    # What the buildings' own errors add to the sums is drawn with them and must not count twice.
    common = max(0.0, variance - shocks["own_variance"].mean())
    # Forecasts several years ahead from neighbouring origins share years: fewer of them are independent.
    spread = np.sqrt(common + variance * horizon / count)
    return shocks["shock"].mean() + spread * rng.standard_t(count - 1, DRAWS)
