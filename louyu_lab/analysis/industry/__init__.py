"""What the enterprises of a district do: classification, mix, concentration, types, targets."""

from louyu_lab.analysis.industry.classification import (
    classify,
    classify_enterprises,
    code_doubts,
    enterprise_industries,
)
from louyu_lab.analysis.industry.concentration import industry_concentration
from louyu_lab.analysis.industry.mix import industry_mix, industry_summary, mix_scope
from louyu_lab.analysis.industry.sections import industry_map, section_of_code
from louyu_lab.analysis.industry.targets import target_industries
from louyu_lab.analysis.industry.types import cluster_buildings

__all__ = [
    "classify",
    "classify_enterprises",
    "cluster_buildings",
    "code_doubts",
    "enterprise_industries",
    "industry_concentration",
    "industry_map",
    "industry_mix",
    "industry_summary",
    "mix_scope",
    "section_of_code",
    "target_industries",
]
