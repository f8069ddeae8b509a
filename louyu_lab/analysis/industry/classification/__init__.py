"""From name and business scope, or a given code, to section, division and district industry."""

from louyu_lab.analysis.industry.classification.by_ledger import (
    BY_CODE,
    BY_INDUSTRY,
    BY_WORDS,
    INPUTS,
    classify_enterprises,
    enterprise_industries,
    yearly_classes,
)
from louyu_lab.analysis.industry.classification.by_words import classify
from louyu_lab.analysis.industry.classification.code_doubts import code_doubts

__all__ = [
    "BY_CODE",
    "BY_INDUSTRY",
    "BY_WORDS",
    "INPUTS",
    "classify",
    "classify_enterprises",
    "code_doubts",
    "enterprise_industries",
    "yearly_classes",
]
