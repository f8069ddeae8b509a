"""Years in names, titles and headings: found, and moved on for the next year's forms."""

from __future__ import annotations

import re

#: A number of four digits that is not the year of anything reported: a standard's or a document's.
_FIXED = r"(?:GB|DB|JR|SB|ISO)[/A-Z]*\s*[\d.]+\s*[-—–]\s*\d{4}|[〔\[(（]\d{4}[〕\])）]\s*\d*\s*号"
_YEAR = re.compile(rf"(?P<fixed>{_FIXED})|(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)", re.I)


def years_in(text: str) -> list[int]:
    """Return the years a text names, in order; those of standards and document numbers do not count."""
    return [int(found["year"]) for found in _YEAR.finditer(text) if found["year"]]


def moved(text: str, step: int) -> str:
    """Return the text with every year ``step`` later: ``2020年`` and 1 make ``2021年``."""
    return _YEAR.sub(lambda found: str(int(found["year"]) + step) if found["year"] else found["fixed"], text)


def moved_cell(cell: object, step: int) -> object:
    """Return a heading's cell with its years moved; a plain 2020, number or text, is a year too."""
    if isinstance(cell, str):
        return moved(cell, step)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and float(cell).is_integer():
        return int(cell) + step if 1900 <= cell <= 2100 else int(cell)
    return cell
