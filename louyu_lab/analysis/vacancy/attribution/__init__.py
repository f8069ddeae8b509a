"""Attribution: vacant ㎡ by cause, and why one set of buildings is emptier than another."""

from louyu_lab.analysis.vacancy.attribution.cases import Case, largest_cases
from louyu_lab.analysis.vacancy.attribution.levels import attribute
from louyu_lab.analysis.vacancy.attribution.oaxaca import Pair, telling_pairs, vacancy_gaps

__all__ = ["Case", "Pair", "attribute", "largest_cases", "telling_pairs", "vacancy_gaps"]
