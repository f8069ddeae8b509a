"""One cell of a 核实单: how it is written, and whether it still says what it said."""

from __future__ import annotations

import datetime as dt
import re

from louyu_lab.ledgers.faults import printed_cell
from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.review import cell_values
from louyu_lab.ledgers.texts import read_dates

#: Kinds whose cells are texts even where they are all digits.
_TEXTS = ("text", "id", "code", "name", "choice")

#: Longest text a cell of a workbook takes.
_LONGEST = 32767

_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
_PLAIN_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")

#: Serial numbers of days that a program may have written for a date: 1927 to 2119.
_SERIALS = (10000, 80000)


def clean(value: object) -> str:
    """Return a cell as a person reads it: one line, single blanks, without signs a workbook refuses."""
    return " ".join(_legal(printed_cell(value)).split())


def _legal(text: str) -> str:
    """Return a text without the signs that a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", text)


def written(value: object, kind: str) -> object:
    """Return a ledger's cell as it is written into a slip: dates as dates, numbers as numbers.

    Digits of a text table become a number where the column is a quantity; a code keeps its zeros.
    """
    if is_blank(value) or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, str):
        text = value.strip()
        if kind in cell_values.NUMBERS and _PLAIN_NUMBER.fullmatch(text):
            return _number_of(text)
        day = _day(text) if kind == "date" and _PLAIN_DATE.fullmatch(text) else None
        return day or _legal(value)[:_LONGEST]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, (dt.timedelta, dt.time)):
        return str(value)
    return value


def number_format(value: object, kind: str) -> str:
    """Return the format of a slip's cell: dates by day, texts as text so that codes typed in keep zeros."""
    if isinstance(value, dt.date) or (kind == "date" and value is None):
        return "yyyy-mm-dd"
    if isinstance(value, str):
        return "General" if kind in (*cell_values.NUMBERS, "date", "period") else "@"
    return "@" if value is None and kind in _TEXTS else "General"


def same(original: object, now: object, kind: str) -> bool:
    """Tell whether a cell that came back says what was sent, however the program wrote it.

    Numbers compare by value unless the column holds texts (``0012`` is not 12), dates by day.
    """
    before, after = clean(original), clean(now)
    if before == after or cell_values.exact(before, after, kind):
        return True
    return kind == "date" and _day(original) is not None and _day(original) == _serial_day(now)


def typed(value: object) -> object:
    """Return what somebody typed as it is kept: whole numbers without a fraction, texts in one line."""
    if isinstance(value, str) or is_blank(value):
        return clean(value)
    return written(value, "")


def _number_of(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _day(cell: object) -> dt.datetime | None:
    return read_dates([cell]).values[0]


def _serial_day(value: object) -> dt.datetime | None:
    is_serial = isinstance(value, (int, float)) and _SERIALS[0] <= value <= _SERIALS[1]
    return _day(value) if is_serial else None
