"""Workbooks that grow: rows appended to 更正.xlsx and 复核.xlsx, everything already there kept.

A book is written beside its place and moved there whole; the version before is kept in a hidden folder.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from louyu_lab.ledgers.texts import folded
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.slip_cells import clean
from louyu_lab.run.workbooks import HEADER_FILL, columns_taken, without_times

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Where earlier versions are kept, below the data folder; hidden folders are not read as ledgers.
KEPT = ".louyu"

#: How far down a sheet's headings are looked for: a title may stand above them.
_SEARCHED_ROWS = 10

_NARROWEST, _WIDEST = 10, 44

#: Room for what is still to be written.
_ROOM = {"决定": 18, "说明": 28, "依据": 24}

#: What openpyxl calls the width of a column that has none of its own.
_UNSET_WIDTH = 13


@dataclass(frozen=True)
class Layout:
    """A sheet of such a book: its title and its headings."""

    title: str
    headings: tuple[str, ...]


@dataclass
class Records:
    """The rows of one sheet: the column of each heading (from 1), where the rows begin, whether it is new."""

    page: Worksheet
    columns: dict[str, int]
    first_row: int
    is_new: bool = False
    _next: int | None = None

    def rows(self) -> list[tuple[int, dict[str, str]]]:
        """Return every filled row: its Excel row and its texts by heading."""
        found = []
        for number, row in enumerate(
            self.page.iter_rows(min_row=self.first_row, values_only=True), start=self.first_row
        ):
            texts = {
                heading: clean(row[column - 1]) if column <= len(row) else ""
                for heading, column in self.columns.items()
            }
            if any(texts.values()):
                found.append((number, texts))
        return found

    def append(self, record: Mapping[str, object]) -> int:
        """Write a record below the last filled row and return its Excel row."""
        cells = self.page.iter_rows(min_row=self.first_row, values_only=True)
        if self._next is None:
            filled = [n for n, row in enumerate(cells, start=self.first_row) if any(map(clean, row))]
            self._next = max(filled, default=self.first_row - 1) + 1
        number, self._next = self._next, self._next + 1
        self.put(number, record)
        return number

    def drop(self, numbers: Iterable[int]) -> None:
        """Take out rows; those below move up."""
        for number in sorted(numbers, reverse=True):
            self.page.delete_rows(number)
        self._next = None

    def put(self, number: int, record: Mapping[str, object]) -> None:
        """Write cells of one row; a day is shown as one, digits typed as text stay text."""
        from openpyxl.styles import Alignment

        for heading, value in record.items():
            if value is None or value == "":
                continue
            cell = self.page.cell(number, self.columns[heading])
            cell.value = value
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", "@"
            elif isinstance(value, dt.date):
                cell.number_format = "yyyy-mm-dd"


def open_book(path: Path, layouts: Sequence[Layout]) -> tuple[Workbook, dict[str, Records]]:
    """Open a book, or begin one, with the sheets and headings of ``layouts``; existing ones stay as they are.

    Raises InputError for a workbook that cannot be opened.
    """
    from openpyxl import Workbook, load_workbook

    if path.is_file():
        try:
            book = load_workbook(path)
        except Exception as broken:
            raise InputError(
                f"“{path.name}”打不开（损坏，或有密码）。请在 Excel 中打开，清空密码后另存为 .xlsx。"
            ) from broken
    else:
        book = Workbook()
        book.remove(book.active)
    return book, {layout.title: _records(book, layout) for layout in layouts}


def refuse_unless_writable(path: Path) -> None:
    """Raise InputError where a book is open in a program, or may not be written."""
    locks = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    if any((path.parent / lock).exists() for lock in locks):
        raise InputError(f"“{path.name}”正在 Excel 等程序中打开。请保存并关闭后重跑。")
    is_marked = path.is_file() and not path.stat().st_mode & 0o222
    if is_marked or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InputError(f"“{path.name}”不能写（只读）。请在文件属性里去掉“只读”，再重跑。")


def save_book(book: Workbook, path: Path, keep: bool = True) -> None:
    """Put a book in its place whole, the version before kept (``keep``) below ``.louyu``.

    Raises InputError where it cannot be written; what was there is then untouched.
    """
    buffer = BytesIO()
    book.save(buffer)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if keep and path.is_file():
            _keep(path)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(without_times(buffer.getvalue()))
        os.replace(part, path)
    except OSError as refused:
        raise InputError(f"写不了“{path}”。若正在 Excel 等程序中打开，请先关闭再重跑。") from refused


def fit(records: Records) -> None:
    """Widen the columns to what their texts, and the answers to come, need; none is made narrower."""
    from openpyxl.utils import get_column_letter

    rows = [texts for _, texts in records.rows()]
    for heading, column in records.columns.items():
        longest = max(columns_taken(text) for text in [heading, *(row[heading] for row in rows[:200])])
        least = _ROOM.get(heading, _NARROWEST)
        held = records.page.column_dimensions[get_column_letter(column)]
        has_own = held.customWidth or held.width != _UNSET_WIDTH
        held.width = max(min(max(longest + 2, least), _WIDEST), held.width if has_own else 0)


def _keep(path: Path) -> None:
    """Keep a version under the next free number."""
    kept = path.parent / KEPT
    kept.mkdir(exist_ok=True)
    number = 1
    while (target := kept / f"{path.stem}_{number}{path.suffix}").exists():
        number += 1
    shutil.copy2(path, target)


def _records(book: Workbook, layout: Layout) -> Records:
    if layout.title not in book.sheetnames:
        return _begun(book, layout)
    page = book[layout.title]
    wanted = {folded(heading): heading for heading in layout.headings}
    best: tuple[int, dict[str, int]] = (1, {})
    for number, row in enumerate(page.iter_rows(max_row=_SEARCHED_ROWS, values_only=True), start=1):
        found: dict[str, int] = {}
        for column, cell in enumerate(row, start=1):
            if isinstance(cell, str) and folded(cell) in wanted:
                found.setdefault(wanted[folded(cell)], column)
        if len(found) > len(best[1]):
            best = number, found
    number, columns = best
    spare = page.max_column + 1 if columns else 1
    for heading in layout.headings:
        if heading not in columns:
            columns[heading], spare = spare, spare + 1
            _head(page, number, columns[heading], heading)
    return Records(page, columns, number + 1)


def _begun(book: Workbook, layout: Layout) -> Records:
    page = book.create_sheet(layout.title)
    for column, heading in enumerate(layout.headings, start=1):
        _head(page, 1, column, heading)
    page.freeze_panes = "A2"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.row_dimensions[1].height = 24
    records = Records(
        page, {heading: place for place, heading in enumerate(layout.headings, start=1)}, 2, True
    )
    fit(records)
    return records


def _head(page: Worksheet, row: int, column: int, heading: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = page.cell(row, column, heading)
    cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor=HEADER_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
