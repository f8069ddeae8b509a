"""How concentrated buildings, streets and industries are, each number beside what chance gives."""

from louyu_lab.analysis.industry.concentration.dominant import dominant_industries, industry_concentration
from louyu_lab.analysis.industry.concentration.pairs import coagglomeration_table
from louyu_lab.analysis.industry.concentration.shift import industry_shift_share
from louyu_lab.analysis.industry.concentration.table import DRAWS, concentration

__all__ = [
    "DRAWS",
    "coagglomeration_table",
    "concentration",
    "dominant_industries",
    "industry_concentration",
    "industry_shift_share",
]
