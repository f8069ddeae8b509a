"""Rolling-origin back-test: what the forecast and its simple rivals would have said in the past."""

from louyu_lab.analysis.tax.forecasting.backtesting.backtest import OURS, Backtest, backtest

__all__ = ["OURS", "Backtest", "backtest"]
