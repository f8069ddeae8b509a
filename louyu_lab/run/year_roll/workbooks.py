"""An empty form written as a workbook: made anew, taking from the old one only how its headings look.

Nothing is deleted from a copy: what is not named here (formulas, comments, tables, hidden sheets,
document properties, passwords) never gets into the new file.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from louyu_lab.run.year_roll.forms import Form
from louyu_lab.run.year_roll.package import first_rows
from louyu_lab.run.year_roll.years import moved

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

#: Rows below the headings in which drop-down lists work, however short the old table was.
CHECKED_ROWS = 2000

_APPEARANCE = ("font", "fill", "border", "alignment", "number_format")

#: How the cells below are shown where the old workbook cannot tell (.xls): by the column's kind.
_FORMATS = {"code": "@", "id": "@", "date": "yyyy-mm-dd", "area": "#,##0.##", "money": "#,##0.00"}


def write_workbook_form(forms: Sequence[Form], content: bytes, target: Path) -> list[str]:
    """Write the forms of one workbook as sheets of ``target``; return in Chinese what could not be kept.

    ``content`` is the old workbook; one that openpyxl cannot open (.xls, .xlsb, .et) gives headings
    and merged cells in a plain layout.
    """
    from openpyxl import Workbook

    old = _opened(content, max(len(form.rows) for form in forms) + 1)
    new = Workbook()
    new.remove(new.active)
    lost = [] if old is not None else ["旧版格式，版式没有保留，另存为 .xlsx"]
    for form in forms:
        page = new.create_sheet(form.title)
        _write_rows(page, form)
        if old is not None and form.sheet in old.sheetnames:
            lost += _take_over(page, old[form.sheet], form)
        else:
            _plain(page, form)
    new.properties.creator = "louyu_lab"
    target.parent.mkdir(parents=True, exist_ok=True)
    new.save(target)
    return lost


def _opened(content: bytes, rows: int) -> Workbook | None:
    """The first rows of the old workbook; None where openpyxl cannot read it."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of every extension it leaves out; the new file holds none anyway.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(first_rows(content, rows)), keep_links=False)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError):
        # Its own error types for damage are of these; the reader, more forgiving, has opened the file.
        return None


def _write_rows(page: Worksheet, form: Form) -> None:
    for number, row in enumerate(form.rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None and value != "":
                cell = page.cell(number, column, value)
                if isinstance(value, str):
                    # A heading that begins with "=" is a text here, never a formula.
                    cell.data_type = "s"
    for top, left, bottom, right in form.merges:
        page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)


def _take_over(page: Worksheet, old: Worksheet, form: Form) -> list[str]:
    """Take over appearance, widths, freezing, paper and drop-down lists; say which lists could not be."""
    depth, width = len(form.rows), max(len(row) for row in form.rows)
    for row in range(1, depth + 1):
        # A height of the usual size is one that a program worked out; kept, it would clip larger print.
        if (height := old.row_dimensions[row].height or 0) > (old.sheet_format.defaultRowHeight or 15):
            page.row_dimensions[row].height = height
        for column in range(1, width + 1):
            _dress(page.cell(row, column), old.cell(row, column))
    _columns(page, old, depth, width)
    _freeze(page, old, depth)
    page.sheet_view.showGridLines = old.sheet_view.showGridLines
    page.page_setup.orientation, page.page_setup.paperSize = (
        old.page_setup.orientation,
        old.page_setup.paperSize,
    )
    left_out = [
        check
        for check in old.data_validations.dataValidation
        if not _take_check(page, check, depth, form.step)
    ]
    return [f"“{form.title}”有 {len(left_out)} 个下拉或校验引用别的单元格，请重设"] if left_out else []


def _dress(new: Cell, old: Cell) -> None:
    if old.has_style:
        for part in _APPEARANCE:
            setattr(new, part, copy(getattr(old, part)))


def _columns(page: Worksheet, old: Worksheet, depth: int, width: int) -> None:
    """Widths, and for the cells to be filled in the number format and alignment of the old first row."""
    from openpyxl.utils import get_column_letter

    # The old file states a run of columns once, under its first.
    stated = [
        (dimension.min or 0, dimension.max or 0, dimension) for dimension in old.column_dimensions.values()
    ]
    for column in range(1, width + 1):
        mine = page.column_dimensions[get_column_letter(column)]
        for first, last, dimension in stated:
            if first <= column <= last:
                mine.width, mine.hidden = dimension.width, dimension.hidden
        first_data = old.cell(depth + 1, column)
        if first_data.has_style:
            mine.number_format = first_data.number_format
            mine.alignment = copy(first_data.alignment)
            mine.font = copy(first_data.font)


def _freeze(page: Worksheet, old: Worksheet, depth: int) -> None:
    from openpyxl.utils import get_column_letter

    pane = old.sheet_view.pane
    if pane is not None and pane.state in ("frozen", "frozenSplit"):
        row, column = int(pane.ySplit or 0), int(pane.xSplit or 0)
        page.freeze_panes = f"{get_column_letter(column + 1)}{min(row, depth) + 1}"


def _take_check(page: Worksheet, check: DataValidation, depth: int, step: int) -> bool:
    """Add a check of the cells below the headings; one that speaks of other cells is left out."""
    from openpyxl.worksheet.datavalidation import DataValidation

    formulas = [text for text in (check.formula1, check.formula2) if text]
    if any(_names_cells(text) for text in formulas):
        return False
    taken = DataValidation(
        type=check.type,
        operator=check.operator,
        # A list may offer years.
        formula1=moved(check.formula1, step) if check.type == "list" and check.formula1 else check.formula1,
        formula2=check.formula2,
        allow_blank=check.allow_blank,
        showDropDown=check.showDropDown,
        showErrorMessage=check.showErrorMessage,
        errorStyle=check.errorStyle,
    )
    for cells in check.sqref.ranges:
        if cells.max_row > depth:
            last = max(cells.max_row, depth + CHECKED_ROWS)
            columns = {"min_col": cells.min_col, "max_col": cells.max_col}
            _add_range(taken, max(cells.min_row, depth + 1), last, **columns)
    if taken.sqref.ranges:
        page.add_data_validation(taken)
    return True


def _add_range(check: DataValidation, first: int, last: int, min_col: int, max_col: int) -> None:
    from openpyxl.utils import get_column_letter

    check.add(f"{get_column_letter(min_col)}{first}:{get_column_letter(max_col)}{last}")


def _names_cells(formula: str) -> bool:
    """Whether a check's formula is anything but a list in quotes or a number."""
    if formula.startswith('"') and formula.endswith('"'):
        return False
    try:
        float(formula)
    except ValueError:
        return True
    return False


def _plain(page: Worksheet, form: Form) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    depth = len(form.rows)
    for column in range(1, max(len(row) for row in form.rows) + 1):
        dimension = page.column_dimensions[get_column_letter(column)]
        text = str(page.cell(depth, column).value or "")
        dimension.width = min(max(2 * len(text) + 2, 8), 44)
        dimension.number_format = _FORMATS.get(form.kinds.get(column - 1, ""), "General")
        page.cell(depth, column).font = Font(bold=True)
        page.cell(depth, column).alignment = Alignment(horizontal="center", wrap_text=True)
    page.freeze_panes = f"A{depth + 1}"
