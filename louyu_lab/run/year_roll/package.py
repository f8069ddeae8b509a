"""An .xlsx cut down to the first rows of its sheets, so that openpyxl opens it at once however long it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from itertools import islice

_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_STRINGS_PART = re.compile(r"xl/sharedStrings\.xml", re.I)
_ROW = re.compile(rb'<(?:\w+:)?row\b(?:[^>]*?\br="(\d+)")?')
_ROWS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell [^>]*?ref="[A-Z]+\d+:[A-Z]+(\d+)"[^>]*?(?:/>|></(?:\w+:)?mergeCell>)'
)
_SHARED = re.compile(rb'\bt="s"[^>]*>\s*<(?:\w+:)?v>(\d+)<')
_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")
_STRINGS_END = re.compile(rb"</(?:\w+:)?sst\s*>")

#: What may stand behind a sheet's rows and plays no part in its form; the first ones point at parts left out.
_LEFT_OUT = (
    *(b"hyperlinks", b"tableParts", b"drawing", b"legacyDrawing", b"picture", b"oleObjects", b"controls"),
    *(b"conditionalFormatting", b"extLst", b"autoFilter", b"customSheetViews", b"scenarios"),
)


def first_rows(content: bytes, rows: int) -> bytes:
    """Return the workbook with only the first ``rows`` rows of every sheet and the texts they use.

    Comments, tables, pictures, hyperlinks and conditional formats are left out.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {
            name: package.read(name)
            for name in package.namelist()
            if not name.startswith("xl/worksheets/_rels/")
        }
    for name in parts:
        if _SHEET_PART.fullmatch(name):
            parts[name] = _cut_sheet(parts[name], rows)
    used = [
        int(number)
        for name, part in parts.items()
        if _SHEET_PART.fullmatch(name)
        for number in _SHARED.findall(part)
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for name, part in parts.items():
            is_strings = _STRINGS_PART.fullmatch(name)
            target.writestr(name, _cut_strings(part, max(used, default=-1) + 1) if is_strings else part)
    return packed.getvalue()


def _cut_sheet(xml: bytes, rows: int) -> bytes:
    ends = list(_ROWS_END.finditer(xml))
    if not ends:
        return xml
    end = ends[-1]
    start = end.start()
    for count, row in enumerate(_ROW.finditer(xml, 0, end.start()), start=1):
        if int(row[1] or count) > rows:
            start = row.start()
            break
    tail = xml[end.start() :]
    for name in _LEFT_OUT:
        tail = re.sub(rb"(?s)<(\w+:)?%b\b(?:[^>]*/>|.*?</(?:\w+:)?%b\s*>)" % (name, name), b"", tail)
    return xml[:start] + _MERGE.sub(lambda merge: merge[0] if int(merge[1]) <= rows else b"", tail)


def _cut_strings(xml: bytes, count: int) -> bytes:
    """The first ``count`` shared texts; cells name them by number, counted from the first."""
    end = _STRINGS_END.search(xml)
    if end is None:
        return xml
    kept = deque(islice(_STRING_END.finditer(xml), max(count, 1)), maxlen=1)
    return xml[: kept[0].end()] + xml[end.start() :] if kept else xml
