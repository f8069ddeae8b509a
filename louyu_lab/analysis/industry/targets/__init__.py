"""Whom to invite: target industries, their record, and what they are matched with."""

from louyu_lab.analysis.industry.targets.ranking import target_industries
from louyu_lab.analysis.industry.targets.recommenders import DEFAULT, RECOMMENDERS

__all__ = ["DEFAULT", "RECOMMENDERS", "target_industries"]
