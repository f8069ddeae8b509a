"""Forecasts of many short series at once, made coherent and held against the past.

How a forecast is made:

1. ``panel``: the long frame becomes a matrix, every series ending in the last column, with a calendar.
2. ``series``: gaps are bridged, one-period spikes set aside, each series divided by its own size.
3. ``transforms``, ``structures``: a bank of Gaussian structures (level, slope that dies out, returning
   deviation, noise, seasonal pattern) on square roots, levels and logarithms; the growth they expect
   beforehand is the group's (``growth``). Exponential smoothing, Theta and drift are members.
4. ``kernels``, ``candidates``: each structure's likelihood of the series and its best linear forecast, as
   matrix products worked out once a length.
5. ``weights``: a candidate counts by a weight learned once on public series (``prior_weights.csv``), tilted
   by how rough and how long the series is, times the square root of its likelihood.
6. ``teaching``, ``learning``: the panel forecasts its own past; its errors move the weights.
7. ``dependence``, ``calibrating``: the same errors, the part common to a date apart, size the intervals; with
   few series they are drawn towards what public ones show.
8. ``predicting``, ``forecasting``: the weighted mean is the median forecast, its spread times the calibrated
   quantiles the bounds; draws have the same distribution, correlated between series and periods.

Beside it: ``unit_breaks`` finds series that go from 亿元 to 万元 on the way, ``reconciling`` makes totals of
different levels agree, ``backtesting`` holds all of it against the past.
"""

from louyu_lab.analysis.tax.forecasting.backtesting import Backtest, backtest
from louyu_lab.analysis.tax.forecasting.forecasting import SimulatedPanel, forecast_panel, simulate_panel
from louyu_lab.analysis.tax.forecasting.panel import ForecastError
from louyu_lab.analysis.tax.forecasting.reconciling import Hierarchy, reconcile, reconcile_paths
from louyu_lab.analysis.tax.forecasting.unit_breaks import unit_breaks

__all__ = [
    "Backtest",
    "ForecastError",
    "Hierarchy",
    "SimulatedPanel",
    "backtest",
    "forecast_panel",
    "reconcile",
    "reconcile_paths",
    "simulate_panel",
    "unit_breaks",
]
