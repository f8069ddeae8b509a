"""What a scenario can change: the levers, their values as people write them, and the files they stand in."""

from louyu_lab.analysis.scenarios.levers.schema import Lever, levers

__all__ = ["Lever", "levers"]
