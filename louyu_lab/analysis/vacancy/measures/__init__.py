"""What may drive vacancy, measured from the ledgers in the units a reader understands."""

from louyu_lab.analysis.vacancy.measures.choosing import DriverChoice, usable_drivers
from louyu_lab.analysis.vacancy.measures.declared import (
    Driver,
    cause_groups,
    declared_drivers,
    good_practice,
)
from louyu_lab.analysis.vacancy.measures.frame import driver_frame, study_driver_frame, unreported_rows
from louyu_lab.analysis.vacancy.measures.imputing import blank_cells, imputed

__all__ = [
    "Driver",
    "DriverChoice",
    "blank_cells",
    "cause_groups",
    "declared_drivers",
    "driver_frame",
    "good_practice",
    "imputed",
    "study_driver_frame",
    "unreported_rows",
    "usable_drivers",
]
