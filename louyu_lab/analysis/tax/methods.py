"""Two simple ways to carry a building's tax forward, each from the history up to an origin alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from louyu_lab.analysis.tax.history import last_known, size_class

LAST_VALUE, GROUP_GROWTH = "末年值", "分组增长"

#: Years of growth that count, and the growth steps of all buildings that a class's own are mixed with.
GROWTH_YEARS, SHRINKAGE = 3, 20.0

#: Each further year grows by this part of the growth of the year before it: the middle of the range usual for
#: damped trends, 0.8 to 0.98 (Hyndman & Athanasopoulos, Forecasting: Principles and Practice). Not tuned.
DAMPING = 0.9


def last_value(tax_yuan: np.ndarray, horizon: int) -> np.ndarray:
    """Return the last known tax, ``horizon`` times; (buildings, years) → (buildings, horizon)."""
    return np.repeat(last_known(tax_yuan)[:, None], horizon, axis=1)


def group_growth(tax_yuan: np.ndarray, horizon: int) -> np.ndarray:
    """Return the last known tax grown as its size class has grown lately, damped.

    ``last · exp(g·Σ φ^i)``, i = 0…h−1, with φ = ``DAMPING`` and g = (n·median of the class + k·median of
    all) ÷ (n + k) over the log growth of the last ``GROWTH_YEARS`` steps, n of them of the class, and
    k = ``SHRINKAGE``. A tax that is not positive does not grow; without any step this is the last value.
    """
    last = last_known(tax_yuan)
    growth = _shrunken_growth(tax_yuan, size_class(last))
    damped = np.cumsum(DAMPING ** np.arange(horizon))
    factor = np.exp(np.where(last > 0, growth, 0.0)[:, None] * damped)
    return last[:, None] * factor


#: The methods by name, the simplest first.
METHODS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    LAST_VALUE: last_value,
    GROUP_GROWTH: group_growth,
}


def _shrunken_growth(tax_yuan: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return each building's log growth a year, from the steps of its class; shape (buildings,)."""
    recent = tax_yuan[:, -(GROWTH_YEARS + 1) :]
    before, after = recent[:, :-1], recent[:, 1:]
    usable = (before > 0) & (after > 0)
    if not usable.any():
        return np.zeros(len(tax_yuan))
    steps = np.log(after[usable] / before[usable])
    of_step = size_class(before[usable])
    every = np.median(steps)
    growth = np.full(len(tax_yuan), every)
    for name in np.unique(of_step):
        own = steps[of_step == name]
        growth[classes == name] = (len(own) * np.median(own) + SHRINKAGE * every) / (len(own) + SHRINKAGE)
    return growth
