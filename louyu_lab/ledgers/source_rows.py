"""Rows of the user's own sheets as they stand there, for sending back to whoever keeps the ledger.

Only files that are asked for are opened again; headers and data rows are found as the reader finds them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue, header_names, normalise_header
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet, open_sheets
from louyu_lab.ledgers.headings import Header, columns_of
from louyu_lab.ledgers.mapping import UserMapping, read_mapping
from louyu_lab.ledgers.origins import street_around
from louyu_lab.ledgers.rows import DataRows
from louyu_lab.ledgers.sheets import sheet_rows

#: Headings of columns that speak of persons, recognised or not: they are never sent about.
_PERSONAL = re.compile(
    r"电话|手机|联系人|联系方式|身份证|邮箱|微信|经办人|填报人|填表人|负责人|法定代表人|法人代表"
)

#: Excel rows wanted, by (file, sheet).
Wanted = Mapping[tuple[str, str], set[int]]


@dataclass(frozen=True)
class SourceColumn:
    """A column of the user's sheet.

    ``shown`` tells it from every other column of the sheet; ``heading`` is what the user wrote, or ""
    where the column cannot be corrected: it is not read, or headed like another to its left.
    ``kind`` is the catalogue's (``area``, ``date`` …), "" for a column the reader does not know.
    """

    index: int
    shown: str
    heading: str
    kind: str


@dataclass(frozen=True)
class SourceSheet:
    """Rows of one sheet: ``rows[n]`` are the cells of Excel row n, one for each of ``columns``."""

    file: str
    sheet: str
    ledger: str
    columns: tuple[SourceColumn, ...]
    rows: Mapping[int, tuple[object, ...]]


def source_sheets(folder: Path, wanted: Wanted, corrections: pd.DataFrame | None = None) -> list[SourceSheet]:
    """Return the wanted rows of each sheet, in the order of files and sheets.

    Rows that are no data rows (totals, lines with too many cells) are left out, and so are columns that
    speak of persons. ``corrections`` (columns ``file, sheet, row, column, new, outcome``) are shown as
    applied. A file that can no longer be opened yields nothing.
    """
    mapping = read_mapping(folder, FaultLog())
    found = []
    for file in sorted({file for file, _ in wanted}):
        path = folder / file
        if not path.is_file():
            continue
        for raw in open_sheets(file, path.read_bytes(), FaultLog()):
            if numbers := wanted.get((raw.file, raw.sheet)):
                found.append(_sheet(raw, mapping, numbers))
    sheets = [sheet for sheet in found if sheet is not None and sheet.rows]
    return sheets if corrections is None else [_corrected(sheet, corrections) for sheet in sheets]


def is_personal(heading: str) -> bool:
    """Tell whether a column so headed speaks of persons."""
    return normalise_header(heading) in _personal_headings() or bool(_PERSONAL.search(heading))


def street_named(file: str, sheet: str) -> str:
    """Return the 街道 that the names of a file, its folders and its sheet tell; "" where they tell none."""
    raw = RawSheet(file, sheet, [])
    return street_around(DataRows(raw, Header(0, ()), "", np.empty(0, int), []))


def _sheet(raw: RawSheet, mapping: UserMapping, numbers: set[int]) -> SourceSheet | None:
    data = sheet_rows(raw, mapping, FaultLog())
    if data is None:
        return None
    columns = _columns(data.header, data.ledger)
    rows = {
        int(number): tuple(row[column.index] for column in columns)
        for number, row in zip(data.numbers, data.cells, strict=True)
        if int(number) in numbers
    }
    return SourceSheet(raw.file, raw.sheet, data.ledger, columns, rows)


def _columns(header: Header, ledger: str) -> tuple[SourceColumn, ...]:
    columns, seen = [], Counter[str]()
    for heading, name in zip(header.headings, columns_of(ledger, header.headings), strict=True):
        owner, _, column = (name or "").rpartition(".")
        kind = catalogue()[owner or ledger][column].kind if name else ""
        if kind == "pii" or any(is_personal(part) for part in heading.text.split("/")):
            continue
        seen[heading.text] += 1
        first = seen[heading.text] == 1
        shown = heading.text if first else f"{heading.text}（第 {heading.index + 1} 列）"
        columns.append(SourceColumn(heading.index, shown, heading.text if first and kind else "", kind))
    return tuple(columns)


def _corrected(sheet: SourceSheet, corrections: pd.DataFrame) -> SourceSheet:
    """Show what was corrected at reading, in the order in which it was."""
    here = corrections[
        (corrections["outcome"] == "applied")
        & (corrections["file"] == sheet.file)
        & (corrections["sheet"] == sheet.sheet)
    ]
    rows = {number: list(cells) for number, cells in sheet.rows.items()}
    for number, column, new in zip(here["row"], here["column"], here["new"], strict=True):
        place = _place(sheet, column)
        if place is not None and not pd.isna(number) and int(number) in rows:
            rows[int(number)][place] = new
    fixed = {number: tuple(cells) for number, cells in rows.items()}
    return SourceSheet(sheet.file, sheet.sheet, sheet.ledger, sheet.columns, fixed)


def _place(sheet: SourceSheet, column: str) -> int | None:
    """Where a correction's column stands: by the user's heading, else by the catalogue's name."""
    headings = [entry.heading for entry in sheet.columns]
    if column in headings:
        return headings.index(column)
    names = header_names(sheet.ledger)
    wanted = names.get(normalise_header(column))
    found = [names.get(normalise_header(heading)) for heading in headings]
    return found.index(wanted) if wanted is not None and wanted in found else None


@cache
def _personal_headings() -> frozenset[str]:
    columns = (column for ledger in catalogue().values() for column in ledger.columns if column.kind == "pii")
    return frozenset(normalise_header(text) for column in columns for text in (column.zh, *column.aliases))
