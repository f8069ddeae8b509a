"""The field's indices of concentration, specialisation and agglomeration, by their usual names.

Table ``concentration`` prints those that chapter 05 reads: HHI, evenness, Krugman, location quotient,
Ellison–Glaeser and the locational Gini; ``coagglomeration`` and ``industry_shift_share`` have tables of
their own. Theil, Shannon, the plain Gini, the normalised HHI and Krugman against the others are for studies
of one's own: they rank the same shares once more.
"""

from louyu_lab.analysis.industry.indices.agglomeration import coagglomeration, ellison_glaeser
from louyu_lab.analysis.industry.indices.inequality import evenness, gini, herfindahl, shannon, theil
from louyu_lab.analysis.industry.indices.intervals import location_quotient_interval
from louyu_lab.analysis.industry.indices.location import (
    krugman,
    krugman_against_others,
    location_quotient,
    locational_gini,
)
from louyu_lab.analysis.industry.indices.shift_share import shift_share

__all__ = [
    "coagglomeration",
    "ellison_glaeser",
    "evenness",
    "gini",
    "herfindahl",
    "krugman",
    "krugman_against_others",
    "location_quotient",
    "location_quotient_interval",
    "locational_gini",
    "shannon",
    "shift_share",
    "theil",
]
