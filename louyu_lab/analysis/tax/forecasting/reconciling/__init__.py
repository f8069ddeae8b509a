"""Coherence: forecasts of a hierarchy made to add up, as points and draw by draw."""

from louyu_lab.analysis.tax.forecasting.reconciling.faults import ReconciliationError
from louyu_lab.analysis.tax.forecasting.reconciling.frames import reconcile
from louyu_lab.analysis.tax.forecasting.reconciling.hierarchy import Hierarchy
from louyu_lab.analysis.tax.forecasting.reconciling.methods import METHODS, ReconciliationWarning
from louyu_lab.analysis.tax.forecasting.reconciling.paths import reconcile_paths

__all__ = [
    "METHODS",
    "Hierarchy",
    "ReconciliationError",
    "ReconciliationWarning",
    "reconcile",
    "reconcile_paths",
]
