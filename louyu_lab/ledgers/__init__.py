"""The ledgers floor: from a folder of a district's own workbooks to typed, checked frames."""

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.reading import read_ledgers

__all__ = ["Ledgers", "read_ledgers"]
