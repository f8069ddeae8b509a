"""What the enterprises of a district do: classification, industry mix and concentration."""

from louyu_lab.analysis.industry.classification import (
    classify,
    classify_enterprises,
    code_doubts,
    enterprise_industries,
)
from louyu_lab.analysis.industry.concentration import industry_concentration
from louyu_lab.analysis.industry.mix import industry_mix, industry_summary, mix_scope
from louyu_lab.analysis.industry.sections import industry_map, section_of_code

__all__ = [
    "classify",
    "classify_enterprises",
    "code_doubts",
    "enterprise_industries",
    "industry_concentration",
    "industry_map",
    "industry_mix",
    "industry_summary",
    "mix_scope",
    "section_of_code",
]
