"""What chance alone would give: enterprises dealt to the buildings at random, and the indices of that.

Kept are every building's number of enterprises and the district's mix by firms, area and tax; see
``drawing``.
"""

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
