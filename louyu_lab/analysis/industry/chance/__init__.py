"""What chance alone would give: tables drawn with building sizes and district mix kept, and their indices."""

from louyu_lab.analysis.industry.chance.cells import CellChance, cells_against_chance
from louyu_lab.analysis.industry.chance.drawing import Tables, firm_tables, observed, shuffled_tables
from louyu_lab.analysis.industry.chance.expectation import LIMITS, Chance, against_chance, discovery_rates

__all__ = [
    "LIMITS",
    "CellChance",
    "Chance",
    "Tables",
    "against_chance",
    "cells_against_chance",
    "discovery_rates",
    "firm_tables",
    "observed",
    "shuffled_tables",
]
