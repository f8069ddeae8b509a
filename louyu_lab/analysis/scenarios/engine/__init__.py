"""The engine: courses of events of the district, draw by draw, under any levers."""

from louyu_lab.analysis.scenarios.engine.courses import Courses
from louyu_lab.analysis.scenarios.engine.tape import Tape, make_tape

__all__ = ["Courses", "Tape", "make_tape"]
