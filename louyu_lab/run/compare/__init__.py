"""Two finished runs compared: a readable 通报 and a workbook of every difference."""

from louyu_lab.run.compare.comparison import Comparison, compare_runs

__all__ = ["Comparison", "compare_runs"]
