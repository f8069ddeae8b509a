"""What calamine does not tell of an .xlsx: cells whose formula failed, and sheets of absurd extent.

calamine gives a failed formula (``#DIV/0!``) as an empty cell, and lays a sheet out in full before
anyone can ask how large it is: one stray value in the last cell of Excel ends the process.
"""

from __future__ import annotations

import io
import re
import zipfile
from posixpath import join, normpath

#: Cells (rows × columns) beyond which a sheet's extent is an accident.
MOST_CELLS = 60_000_000

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_EXTENT = re.compile(rb'<(?:\w+:)?dimension[^>]*ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c (?=[^>]*t="e")[^>]*r="([A-Z]+)(\d+)"[^>]*>.{0,4000}?<(?:\w+:)?v>([^<]*)<', re.S
)

#: Failed cells by sheet name: (row, column) from zero -> text such as ``#REF!``.
FailedCells = dict[str, dict[tuple[int, int], str]]


def failed_cells(content: bytes) -> FailedCells:
    """Return the cells of an .xlsx that hold a formula error; empty for any other kind of file.

    Raises ValueError when a sheet's stated extent exceeds ``MOST_CELLS``, with the sheet's name.
    """
    if not content.startswith(b"PK"):
        return {}
    failed: FailedCells = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = set(package.namelist())
        for name, part in _sheet_parts(package).items():
            if part not in parts:
                continue
            xml = package.read(part)
            extent = _EXTENT.search(xml[:4000])
            if extent and (_column(extent[1]) + 1) * int(extent[2]) > MOST_CELLS:
                raise ValueError(name)
            # A plain search is far quicker than the expression, and most sheets have no error.
            if b't="e"' in xml:
                found = _ERROR.finditer(xml)
                failed[name] = {
                    (int(row) - 1, _column(letters)): v.decode() for letters, row, v in map(_groups, found)
                }
    return failed


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> path inside the package."""
    try:
        book = package.read("xl/workbook.xml")
        relations = package.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {
        _attribute(tag, b"Id"): normpath(join("/xl", _attribute(tag, b"Target"))).lstrip("/")
        for tag in _RELATION.findall(relations)
    }
    found = {
        _attribute(tag, b"name"): targets.get(_attribute(tag, b"r:id"), "") for tag in _SHEET.findall(book)
    }
    return {name: part for name, part in found.items() if part}


def _attribute(tag: bytes, name: bytes) -> str:
    from html import unescape

    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return unescape(found[1].decode("utf-8")) if found else ""


def _groups(match: re.Match[bytes]) -> tuple[bytes, bytes, bytes]:
    return match[1], match[2], match[3]


def _column(letters: bytes) -> int:
    """Zero-based number of a column's letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
