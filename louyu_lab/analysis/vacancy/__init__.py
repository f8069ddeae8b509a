"""Vacancy: where the vacant area sits, what goes with it, who leaves, and what a policy changed."""

from __future__ import annotations

from louyu_lab.analysis.vacancy.drivers.fit import DriverFit, fit_drivers
from louyu_lab.analysis.vacancy.drivers.problems import DriverError

__all__ = ["DriverError", "DriverFit", "fit_drivers"]
