"""Cells held against what somebody wrote of them: equal as a person reads them."""

from __future__ import annotations

import math
import unicodedata

from louyu_lab.ledgers import texts
from louyu_lab.ledgers.faults import printed_cell
from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.quantities import measured

#: Kinds whose cells are compared as numbers; a code or a number of a building is text, 007 is not 7.
NUMBERS = ("area", "money", "rate", "rent", "length", "number", "count", "year")

#: Printed cells keep twelve digits; what differs beyond them is the same number.
_SAME = 1e-11


def same(cell: object, written: object, kind: str, unit: str | None = None) -> bool:
    """Whether a cell is what was written: 1,234 = 1234, dates by day, names however spaced.

    ``unit`` is the column's, "" where it states none: in one of ㎡, 2.062万㎡ = 20620. Where it is not
    known, None, amounts are compared as they are written.
    """
    return _equal(cell, written, kind, unit, texts.folded)


def exact(cell: object, written: object, kind: str, unit: str | None = None) -> bool:
    """Whether a cell is already what is wanted: as ``same``, but names must be spelled alike."""
    return _equal(cell, written, kind, unit, str.strip)


def typed(written: object, kind: str, is_text: bool) -> object:
    """Return what to put into a cell: a number typed as text becomes one, but not in a text file."""
    number = None if is_text or kind not in NUMBERS else as_number(written)
    plain = isinstance(written, str) and not written.strip().endswith("%")
    return number if number is not None and plain else written


def as_number(cell: object) -> float | None:
    """Return the number a cell shows (1,234 and 80% too); None where it shows none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    if not isinstance(cell, str):
        return None
    plain = unicodedata.normalize("NFKC", cell).strip().replace(",", "")
    share = plain.endswith("%")
    try:
        number = float(plain.removesuffix("%"))
    except ValueError:
        return None
    # float() also takes 1_000 and nan, which nobody means by a number.
    if "_" in plain or not math.isfinite(number):
        return None
    return number / 100 if share else number


def _equal(cell: object, written: object, kind: str, unit: str | None, spelled) -> bool:
    if is_blank(cell) or is_blank(written):
        return is_blank(cell) and is_blank(written)
    if kind in NUMBERS:
        numbers = as_number(cell), as_number(written)
        if None not in numbers and math.isclose(*numbers, rel_tol=_SAME, abs_tol=0.0):
            return True
        amounts = (None,) if unit is None else (measured(cell, kind, unit), measured(written, kind, unit))
        if None not in amounts:
            return math.isclose(*amounts, rel_tol=_SAME, abs_tol=0.0)
    if kind == "date":
        days = texts.read_dates([cell, written])
        if not days.unreadable.any():
            return days.values[0] == days.values[1]
    return spelled(printed_cell(cell)) == spelled(printed_cell(written))
