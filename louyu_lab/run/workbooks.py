"""The workbooks a person opens: the published tables, the fault list, the data dictionary.

The same content gives the same bytes: no time of writing is kept.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis import outputs, printing
from louyu_lab.ledgers.catalogue import data_dictionary
from louyu_lab.ledgers.faults import SEVERITY_ZH
from louyu_lab.ledgers.model import Ledgers

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

#: Column widths in characters: what a column is never narrower or wider than.
NARROWEST, WIDEST = 8, 48

#: Rows looked at to find a column's width.
_MEASURED_ROWS = 200

#: Ground of every header row, under white letters.
HEADER_FILL = "FF1F4E79"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True)
class Sheet:
    """One sheet: Chinese title, frame with Chinese headings, decimals of its numeric columns."""

    title: str
    frame: pd.DataFrame
    decimals: Mapping[str, int] = field(default_factory=dict)


def write_tables_workbook(tables: Mapping[str, pd.DataFrame], target: Path) -> None:
    """Write every published table as one sheet, in the order of the study, in print units."""
    sheets = [_published_sheet(name, tables[name]) for name in outputs.TABLES if name in tables]
    write_workbook(sheets or [Sheet("说明", pd.DataFrame({"说明": ["本次运行没有表格。"]}))], target)


def write_fault_workbook(ledgers: Ledgers, target: Path) -> None:
    """Write the complete fault list, the conversions made and the data dictionary."""
    faults = ledgers.check()
    sheets = [
        _published_sheet("faults", faults),
        _published_sheet("conversions", ledgers.conversions),
        Sheet("数据字典", data_dictionary()),
    ]
    write_workbook(sheets, target)


def write_workbook(sheets: Sequence[Sheet], target: Path) -> None:
    """Write sheets with a styled, frozen header row, fitted widths and wrapped text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        _fill(book.create_sheet(re.sub(r"[\[\]:*?/\\]", "_", sheet.title)[:31]), sheet)
    buffer = BytesIO()
    book.save(buffer)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(without_times(buffer.getvalue()))


def _published_sheet(name: str, frame: pd.DataFrame) -> Sheet:
    table = outputs.TABLES[name]
    if "severity" in frame:
        frame = frame.assign(severity=frame["severity"].replace(SEVERITY_ZH))
    return Sheet(table.zh, printing.printed(name, frame), printing.decimals(name))


def _fill(page: WriteOnlyWorksheet, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    page.freeze_panes = "A2"
    for number, heading in enumerate(sheet.frame.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = _width(sheet.frame, heading)
    page.append(_header_cells(page, sheet.frame.columns))
    columns = [_column_cells(page, sheet, heading) for heading in sheet.frame.columns]
    for row in zip(*columns, strict=True):
        page.append(row)
    last = get_column_letter(max(len(sheet.frame.columns), 1))
    page.auto_filter.ref = f"A1:{last}{len(sheet.frame) + 1}"


def _header_cells(page: WriteOnlyWorksheet, headings: Sequence[str]) -> list[WriteOnlyCell]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    font, fill = Font(bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor=HEADER_FILL)
    alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cells = []
    for heading in headings:
        cell = WriteOnlyCell(page, str(heading))
        cell.font, cell.fill, cell.alignment = font, fill, alignment
        cells.append(cell)
    return cells


def _column_cells(page: WriteOnlyWorksheet, sheet: Sheet, heading: str) -> list[object]:
    from openpyxl.styles import Alignment

    values = sheet.frame[heading]
    missing = values.isna().to_numpy()
    number = _cell_maker(page, number_format=_number_format(sheet.decimals.get(heading)))
    text = _cell_maker(page, alignment=Alignment(vertical="top", wrap_text=True))
    cells: list[object] = []
    for value, absent in zip(values.tolist(), missing, strict=True):
        if absent:
            cells.append(None)
        elif isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
            cells.append(number(value))
        else:
            cells.append(_text_cell(text, str(value)))
    return cells


def _cell_maker(page: WriteOnlyWorksheet, **look: object) -> Callable[[object], WriteOnlyCell]:
    """Return a maker of cells that share one look; openpyxl would look the style up for each of them."""
    from openpyxl.cell import WriteOnlyCell

    model = WriteOnlyCell(page)
    for name, value in look.items():
        setattr(model, name, value)

    def make(value: object) -> WriteOnlyCell:
        cell = WriteOnlyCell(page, value)
        cell._style = model._style
        return cell

    return make


def _text_cell(make: Callable[[object], WriteOnlyCell], value: str) -> WriteOnlyCell:
    """Return a text cell; what begins with "=" in a ledger stays text and is never run as a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = make(ILLEGAL_CHARACTERS_RE.sub("", value)[:32767])
    cell.data_type = "s"
    return cell


def _number_format(decimals: int | None) -> str:
    if decimals is None:
        return "General"
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _width(frame: pd.DataFrame, heading: str) -> float:
    texts = [heading, *frame[heading].head(_MEASURED_ROWS).dropna().astype(str)]
    return min(max(*(map(columns_taken, texts)), NARROWEST - 2) + 2, WIDEST) if texts[1:] else NARROWEST * 2


def columns_taken(text: str) -> int:
    """Width of a text in Latin characters: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def without_times(workbook: bytes) -> bytes:
    """Return the workbook with every time of writing set to the same moment."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            new.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
