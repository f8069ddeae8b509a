"""How concentrated buildings, streets and industries are, each number beside what chance gives."""

from louyu_lab.analysis.industry.concentration.dominant import (
    DRAWS,
    ENOUGH_FIRMS,
    dominant_industries,
    industry_concentration,
)
from louyu_lab.analysis.industry.concentration.pairs import coagglomeration_table
from louyu_lab.analysis.industry.concentration.shift import industry_shift_share
from louyu_lab.analysis.industry.concentration.table import concentration

__all__ = [
    "DRAWS",
    "ENOUGH_FIRMS",
    "coagglomeration_table",
    "concentration",
    "dominant_industries",
    "industry_concentration",
    "industry_shift_share",
]
