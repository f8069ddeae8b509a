"""What public money buys: price of an additional 元, present value, payback, break-even additionality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Ends of the 80 % interval.
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Price:
    """Fiscal cost of one 元 of additional local tax (元/元) with its 80 % interval.

    ``value`` NaN where the additional tax is not positive; ``high`` infinite where more than a tenth of the
    draws bring no additional tax at all, or no finite price can be named.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Payback:
    """When the money has come back.

    ``year`` the first year from which on the cumulated additional local tax stays at or above the cumulated
    cost; None where that lies beyond the simulated years, nothing was spent or the local tax is unknown.
    ``more_years`` after the last simulated one at the last year's net level, as a reference only: 0 where
    paid back, NaN where the last year brings in no more than it costs.
    """

    year: int | None
    more_years: float


def price_per_yuan(cost_yuan: np.ndarray, local_yuan: np.ndarray) -> Price:
    """Return Σ cost ÷ Σ additional local tax over the simulated years.

    ``cost_yuan``, ``local_yuan`` (draws,) totals. The value is the ratio of the means: a mean of ratios has
    no finite expectation where a draw's tax is near 0. The interval are the ratios of the draws at 10 and
    90 %: how the price may turn out, not how exactly its mean is known. A draw without additional tax
    counts as infinitely dear (as free where it costs nothing).
    """
    mean_cost, mean_local = float(cost_yuan.mean()), float(local_yuan.mean())
    if not mean_local > 0:
        return Price(float("nan"), float("nan"), float("nan"))
    ratios = np.full(len(cost_yuan), np.inf)
    np.divide(cost_yuan, local_yuan, out=ratios, where=local_yuan > 0)
    ratios[(local_yuan <= 0) & (cost_yuan <= 0)] = 0.0
    # Whole order statistics: nothing is interpolated towards infinity.
    low, high = np.quantile(ratios, [LOW, HIGH], method="inverted_cdf")
    return Price(mean_cost / mean_local, float(low), float(high))


def present_value(flows_yuan: np.ndarray, years: Sequence[int], base_year: int, rate: float) -> np.ndarray:
    """Return Σ flow(t) ÷ (1 + rate)^(t − base year) in 元 of the base year.

    ``flows_yuan`` (..., h) by ``years``. Flows fall due at the year's end; what comes after the last year
    is not counted.
    """
    factors = (1.0 + rate) ** -(np.asarray(years, dtype=float) - base_year)
    return flows_yuan @ factors


def payback(cost_yuan: np.ndarray, local_yuan: np.ndarray, years: Sequence[int]) -> Payback:
    """Return when expected cost and expected additional local tax (h,) are level, not discounted."""
    open_yuan = np.cumsum(cost_yuan) - np.cumsum(local_yuan)
    if not cost_yuan.any() or np.isnan(open_yuan).any():
        return Payback(None, float("nan"))
    unpaid = np.flatnonzero((open_yuan > 0) | (np.cumsum(cost_yuan) == 0))
    first = unpaid[-1] + 1 if len(unpaid) else 0
    if first < len(years):
        return Payback(int(years[first]), 0.0)
    yearly = float(local_yuan[-1] - cost_yuan[-1])
    return Payback(None, float(open_yuan[-1]) / yearly if yearly > 0 else float("nan"))


def break_even_rate(additional_rate: float, cost_yuan: float, local_yuan: float) -> float:
    """Return the share of supported lettings that must be truly additional for a present value of 0.

    ``additional_rate`` the share that is additional in the simulation (1 without support of lettings: then
    the share of the whole effect that must be real), ``cost_yuan`` and ``local_yuan`` present values. The
    support is paid to all alike and the additional tax goes with the additional lettings, so
    NPV(a) = a ÷ additional_rate × local − cost, and a* = additional_rate × cost ÷ local. Above 1: not even if
    every one were additional. NaN where nothing additional is simulated or it brings no tax.
    """
    if not (additional_rate > 0 and local_yuan > 0):
        return float("nan")
    return additional_rate * cost_yuan / local_yuan
