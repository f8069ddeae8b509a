"""Planted districts: any number of fictional districts whose truth is known, to test methods against.

Suites are let and left month by month at rates that the drivers set; tenants pay tax; a policy helps
some buildings from a date on. What a study should find is computed from the process and written beside
the ledgers.
"""

from __future__ import annotations

from louyu_lab.ledgers.demo.planted.plan import DIFFICULTIES, PlantedPlan, plan_problems

__all__ = ["DIFFICULTIES", "PlantedPlan", "plan_problems"]
