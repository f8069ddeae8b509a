"""Vacancy: where the vacant area sits, what goes with it, who leaves, and what a policy changed."""

from __future__ import annotations

from louyu_lab.analysis.vacancy.attribution.levels import attribute
from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers
from louyu_lab.analysis.vacancy.drivers.problems import DriverError
from louyu_lab.analysis.vacancy.drivers.result import DriverFit

__all__ = ["DriverError", "DriverFit", "attribute", "fit_drivers"]
