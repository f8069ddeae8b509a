"""Forecasts of many short series at once, made coherent and held against the past."""

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
