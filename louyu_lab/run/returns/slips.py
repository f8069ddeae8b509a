"""核实单: one workbook a street with the rows to check, ready to send to whoever keeps the ledger.

The same content gives the same bytes.
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.source_rows import SourceColumn
from louyu_lab.run.returns import slip_cover
from louyu_lab.run.returns.sent import HIDDEN_SHEET, hidden_rows
from louyu_lab.run.returns.slip_cells import clean, number_format, written
from louyu_lab.run.returns.slip_headings import (
    ANSWERS,
    BASIS,
    BY,
    FILE,
    ID,
    LEADING,
    PROBLEM,
    RESULT,
    ROW,
    SHEET,
)
from louyu_lab.run.returns.slip_rows import RowFault, Slip, SlipRow, SlipSheet
from louyu_lab.run.returns.slip_styles import Styles
from louyu_lab.run.workbooks import columns_taken, without_times

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: What the clerk chooses from; any other words are kept as an explanation.
RESULTS = ("已改正", "属实", "删除")

#: Faults that may be mended by taking out the row.
_DELETABLE = ("row-duplicate", "building-duplicate")

_FIXED_WIDTHS = {ID: 13, FILE: 14, SHEET: 10, ROW: 6, PROBLEM: 44, RESULT: 12, BASIS: 22, BY: 10}

#: Widths of the user's own columns, in Latin characters.
_NARROWEST, _WIDEST = 7, 22

#: Rows looked at to find a column's width.
_MEASURED_ROWS = 200

#: Height of a line of text, and of the tallest row, in points.
_POINTS, _TALLEST = 15, 300

#: Width in Latin characters that prints readably across A4; wider sheets go on A3.
_A4_WIDTH = 150

#: A comment's width in pixels, its height a line, and the signs on a line.
_COMMENT_WIDTH, _LINE_HEIGHT, _COMMENT_SIGNS = 300, 20, 38


def slip_workbook(slip: Slip, district: str) -> bytes:
    """Return a street's slip as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    styles = Styles(book)
    cover = book.active
    titles = sheet_titles(slip)
    slip_cover.fill(cover, slip, district, titles, styles)
    for sheet, title in zip(slip.sheets, titles, strict=True):
        _fill(book.create_sheet(title), sheet, styles)
    hidden = book.create_sheet(HIDDEN_SHEET)
    for row in hidden_rows(slip):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    buffer = BytesIO()
    book.save(buffer)
    return without_times(buffer.getvalue())


def sheet_titles(slip: Slip) -> list[str]:
    """Return a title for each sheet of a slip: what the ledger's file is called, told apart where needed."""
    stems = [PurePosixPath(sheet.file).stem for sheet in slip.sheets]
    titles: list[str] = []
    for stem, sheet in zip(stems, slip.sheets, strict=True):
        named = f"{stem} {sheet.sheet}" if stems.count(stem) > 1 and sheet.sheet else stem
        base = re.sub(r"[\[\]:*?/\\']", "_", named)[:28] or "台账"
        taken = {title.lower() for title in titles} | {slip_cover.TITLE, HIDDEN_SHEET}
        spare = (base, *(f"{base}_{number}" for number in range(2, len(titles) + 3)))
        titles.append(next(title for title in spare if title.lower() not in taken))
    return titles


def _fill(page: Worksheet, sheet: SlipSheet, styles: Styles) -> None:
    """Write one ledger sheet's rows: header, cells with their faults, what the clerk fills in."""
    from openpyxl.utils import get_column_letter

    headings = [*LEADING, *(column.shown for column in sheet.columns), PROBLEM, *ANSWERS]
    for place, heading in enumerate(headings, start=1):
        group = "fixed" if heading in LEADING and place <= len(LEADING) else "own"
        group = "answer" if place > len(headings) - len(ANSWERS) else group
        styles.put(page.cell(1, place, heading), f"header-{group}")
    widths = _widths(sheet)
    for number, row in enumerate(sheet.rows, start=2):
        _fill_row(page, number, sheet, row, styles)
        page.row_dimensions[number].height = _height(sheet, row, widths)
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.row_dimensions[1].height = 32
    last = get_column_letter(len(headings))
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"
    page.sheet_view.zoomScale = 100
    _offer_results(page, len(headings) - len(ANSWERS) + 1, len(sheet.rows) + 1)
    slip_cover.print_across(page, wide=sum(widths) > _A4_WIDTH)


def _fill_row(page: Worksheet, number: int, sheet: SlipSheet, row: SlipRow, styles: Styles) -> None:
    for place, value in enumerate((row.id, sheet.file, sheet.sheet, row.row), start=1):
        styles.put(page.cell(number, place, value or None), "fixed")
    first = len(LEADING) + 1
    for place, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True), start=first):
        faults = [fault for fault in row.faults if fault.column and fault.column == column.heading]
        _fill_cell(page, number, place, column, cell, faults, styles)
    place = first + len(sheet.columns)
    styles.put(page.cell(number, place, _problems(sheet, row)), row.severity)
    for answer in range(place + 1, place + 1 + len(ANSWERS)):
        styles.put(page.cell(number, answer), "answer")


def _fill_cell(
    page: Worksheet,
    number: int,
    place: int,
    column: SourceColumn,
    value: object,
    faults: list[RowFault],
    styles: Styles,
) -> None:
    shown = written(value, column.kind)
    cell = page.cell(number, place)
    cell.value = shown
    if isinstance(shown, str):
        # What begins with "=" in a ledger is text and is never run as a formula.
        cell.data_type = "s"
    style = faults[0].severity if faults else "own"
    styles.put(cell, style, number_format(shown, column.kind))
    if faults:
        cell.comment = _comment(value, faults)


def _comment(value: object, faults: list[RowFault]) -> object:
    from openpyxl.comments import Comment

    stands = clean(value)
    lines = []
    for fault in faults:
        lines.append(f"【{_severity_zh(fault)}】{fault.rule}")
        if fault.value and clean(fault.value) != stands:
            lines.append(f"详情：{clean(fault.value)}")
        if fault.remedy:
            lines.append(f"改法：{fault.remedy}")
    lines.insert(1, f"原值：{stands or '（空白）'}")
    taken = sum(1 + (columns_taken(line) - 1) // _COMMENT_SIGNS for line in lines)
    return Comment("\n".join(lines), "核实单", width=_COMMENT_WIDTH, height=_LINE_HEIGHT * (taken + 1))


def _severity_zh(fault: RowFault) -> str:
    """Return how a fault's severity is called on a slip."""
    return "提醒" if fault.severity == "warning" else "错误"


def _problems(sheet: SlipSheet, row: SlipRow) -> str:
    """All faults of a row in words, numbered where there are several."""
    stands = {column.heading: clean(cell) for column, cell in zip(sheet.columns, row.cells, strict=True)}
    texts = []
    for fault in row.faults:
        where = f"“{fault.column}”" if fault.column else ""
        says_more = fault.value and clean(fault.value) != stands.get(fault.column)
        value = f"（{clean(fault.value)}）" if says_more else ""
        remedy = f" → {fault.remedy}" if fault.remedy else ""
        may_go = f"（要删这一行，“{RESULT}”选“删除”）" if fault.rule in _deletable() else ""
        texts.append(f"{_severity_zh(fault)}：{where}{fault.rule}{value}{remedy}{may_go}")
    if len(texts) > 1:
        texts = [f"{place}. {text}" for place, text in enumerate(texts, start=1)]
    if row.has_followers:
        texts.append("改好后，写着这幢楼的企业、运营等行随之改正，不用逐行核实。")
    return "\n".join(texts)


@cache
def _deletable() -> frozenset[str]:
    return frozenset(rules()[key].zh for key in _DELETABLE)


def _widths(sheet: SlipSheet) -> list[float]:
    own = []
    for place, column in enumerate(sheet.columns):
        texts = [clean(row.cells[place]) for row in sheet.rows[:_MEASURED_ROWS]]
        longest = max([columns_taken(text) for text in texts] + [min(columns_taken(column.shown), 16)])
        own.append(min(max(longest + 2, _NARROWEST), _WIDEST))
    fixed = [_FIXED_WIDTHS[heading] for heading in LEADING]
    return [*fixed, *own, *(_FIXED_WIDTHS[heading] for heading in (PROBLEM, *ANSWERS))]


def _height(sheet: SlipSheet, row: SlipRow, widths: list[float]) -> float:
    """Return the height that shows a row's longest cell; no program finds it for a file it did not write."""
    texts = [row.id, sheet.file, sheet.sheet, "", *map(clean, row.cells), _problems(sheet, row)]
    lines = [
        sum(1 + (columns_taken(line) - 1) // max(int(width) - 1, 1) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=False)
        if text
    ]
    return min(max(lines, default=1) * _POINTS + 4, _TALLEST)


def _offer_results(page: Worksheet, place: int, last_row: int) -> None:
    """Offer the usual answers; other words may be typed."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(place)
    choice = DataValidation(type="list", formula1=f'"{",".join(RESULTS)}"', allow_blank=True)
    choice.showErrorMessage = False
    page.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}{last_row}")
