"""Tenant exit: how long tenants stay, who leaves sooner, and what their leaving would cost."""

from louyu_lab.analysis.vacancy.exits.at_risk import exit_at_risk, exit_by_building, present_tenants
from louyu_lab.analysis.vacancy.exits.hazard import fit_exits
from louyu_lab.analysis.vacancy.exits.hazard_table import exit_hazard
from louyu_lab.analysis.vacancy.exits.spells import Spells, tenancy_spells
from louyu_lab.analysis.vacancy.exits.survival import exit_survival, survival_curves

__all__ = [
    "Spells",
    "exit_at_risk",
    "exit_by_building",
    "exit_hazard",
    "exit_survival",
    "fit_exits",
    "present_tenants",
    "survival_curves",
    "tenancy_spells",
]
