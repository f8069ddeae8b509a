"""Writing workbooks that look like a careful bureau's and are equal to the byte each time."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from louyu_lab.ledgers.catalogue import Column
from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.sheets import Sheet, district_workbooks, heading, printed

#: How Excel shows the numbers of a kind; others as they are.
_FORMATS = {"area": "#,##0", "length": "#,##0", "money": "#,##0.00", "rent": "0.0", "rate": "0.00"}
_STAMP = "2021-01-20T09:00:00Z"
_ZIP_TIME = (2021, 1, 20, 9, 0, 0)


def write_workbooks(folder: Path, district: District) -> list[Path]:
    """Write the district's ledgers into ``folder``, a workbook each; return the files written, sorted.

    Files of the same name are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, sheets in district_workbooks(district).items():
        written.append(folder / name)
        write_workbook(written[-1], sheets)
    return sorted(written)


def write_workbook(path: Path, sheets: list[Sheet]) -> None:
    """Write the sheets to ``path``; equal sheets give equal bytes."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    workbook.properties.creator = "louyu_lab"
    for sheet in sheets:
        _write_sheet(workbook, sheet)
    buffer = io.BytesIO()
    workbook.save(buffer)
    path.write_bytes(_without_clock(buffer.getvalue()))


def _write_sheet(workbook: Any, sheet: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page = workbook.create_sheet(sheet.name)
    headers = [heading(column) for column in sheet.columns]
    values = [_cells(column, sheet.frame[column.name]) for column in sheet.columns]
    for i, (header, cells) in enumerate(zip(headers, values, strict=True), start=1):
        page.column_dimensions[get_column_letter(i)].width = _width(header, cells)
    page.freeze_panes = "C3" if len(headers) > 4 else "A3"
    title = WriteOnlyCell(page, sheet.title)
    title.font = Font(bold=True, size=14)
    page.append([title])
    row = []
    for header in headers:
        cell = WriteOnlyCell(page, header)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        row.append(cell)
    page.append(row)
    formats = [_number_format(column, cells) for column, cells in zip(sheet.columns, values, strict=True)]
    for record in zip(*values, strict=True):
        page.append([_cell(page, value, shown) for value, shown in zip(record, formats, strict=True)])


def _cells(column: Column, values: pd.Series) -> list[Any]:
    """Return a column's cells as Python values, dates as datetimes, blanks None."""
    shown = printed(column, values)
    return shown.astype("object").where(shown.notna(), None).tolist()


def _number_format(column: Column, cells: list[Any]) -> str:
    if any(hasattr(value, "year") for value in cells):
        return "yyyy-mm-dd"
    if column.kind == "area" and any(isinstance(value, float) for value in cells):
        return "#,##0.00"
    return _FORMATS.get(column.kind, "General")


def _cell(page: Any, value: Any, shown: str) -> Any:
    if value is None or shown == "General":
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, value)
    cell.number_format = shown
    return cell


def _width(header: str, cells: list[Any]) -> float:
    """Column width in characters, a Chinese character counting two, from the longest of the first cells."""
    texts = [
        header[: len(header) // 2 + 2],
        *("2020-01-01" if hasattr(c, "year") else str(c) for c in cells[:60]),
    ]
    longest = max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)
    return min(max(longest + 2, 8), 44)


def _without_clock(data: bytes) -> bytes:
    """Repack a workbook with fixed times, the only thing in it that depends on when it was written."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.encode(), content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content, compresslevel=9)
    return packed.getvalue()
