"""A slip as it came back: its sheets opened, its rows found again, what stands beside them listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from louyu_lab.ledgers.files import is_blank
from louyu_lab.run.returns.sent import HIDDEN_SHEET, SentRow, sent_rows
from louyu_lab.run.returns.slip_cells import clean
from louyu_lab.run.returns.slip_cover import TITLE
from louyu_lab.run.returns.slip_headings import FILE, ID, OURS, RESULT, ROW, SHEET

#: Rows in which the header of a returned sheet is looked for.
_SEARCHED_ROWS = 10

#: Texts of a column shown where the column is not understood, and the signs of each.
_SHOWN, _SIGNS = 10, 60

Cells = list[list[object]]


class NotASlip(Exception):
    """A workbook that is no slip, or no longer one; the message says why and how to mend it."""


@dataclass(frozen=True)
class Filled:
    """A row as it came back: cells by heading, and where it stands in the reply."""

    cells: Mapping[str, object]
    where: str

    def text(self, heading: str) -> str:
        """Return a cell as a person reads it; "" for a column that is not there."""
        return clean(self.cells.get(heading))


def opened(path: Path) -> tuple[dict[str, SentRow], dict[str, Cells]]:
    """Return what was sent and the visible sheets as they came back; raises NotASlip."""
    sheets = sheets_of(path)
    if HIDDEN_SHEET not in sheets:
        what = "隐藏的底稿工作表不见了" if TITLE in sheets else "不是核实单"
        raise NotASlip(f"{what}。请在发出的核实单里填写后整本发回，不要把表格复制到新工作簿。")
    try:
        return sent_rows(sheets.pop(HIDDEN_SHEET)), sheets
    except ValueError as damaged:
        raise NotASlip("隐藏的底稿工作表被改动过。请把答复填进原来发出的核实单，再发回。") from damaged


def sheets_of(path: Path) -> dict[str, Cells]:
    """Return the cells of every sheet of a workbook, told by its content; NotASlip where it cannot be."""
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(BytesIO(path.read_bytes()))
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except BaseException as broken:
        # calamine reports a damaged part by many types, some of them panics.
        if isinstance(broken, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise NotASlip("文件打不开或有密码。请在 Excel 中打开，清空密码后另存为 .xlsx。") from broken


def filled_rows(
    sheets: Mapping[str, Cells], sent: Mapping[str, SentRow], name: str, remarks: list[str]
) -> dict[str, list[Filled]]:
    """Return the rows that came back, by 核实编号; whatever else is filled in is listed in ``remarks``.

    A row whose place contradicts what was sent under its number is not read: part of the columns was sorted.
    """
    found: dict[str, list[Filled]] = {}
    for title, cells in sheets.items():
        top = next((place for place, row in enumerate(cells[:_SEARCHED_ROWS]) if ID in map(clean, row)), None)
        if top is None:
            if title != TITLE and any(not is_blank(cell) for row in cells for cell in row):
                remarks.append(f"“{name}”的工作表“{title}”没有“{ID}”一列，没有读。")
            continue
        headings = [clean(cell) for cell in cells[top]]
        ids = []
        for number, row in enumerate(cells[top + 1 :], start=top + 2):
            filled = Filled(_by_heading(headings, row), f"“{name}”工作表“{title}”第 {number} 行")
            row_id = filled.text(ID)
            if row_id in sent:
                ids.append(row_id)
                if _is_in_place(sent[row_id], filled, remarks):
                    found.setdefault(row_id, []).append(filled)
            elif any(not is_blank(cell) for cell in row):
                words = "、".join(text for text in map(clean, row) if text)[:_SIGNS]
                why = f"{ID}“{row_id}”不是这份核实单里的" if row_id else f"没有{ID}"
                remarks.append(f"{filled.where}没有读：{why}（{words}）。")
        ours = {clean(cell.shown) for row_id in ids for cell in sent[row_id].cells} | set(OURS)
        remarks += _not_understood(f"“{name}”工作表“{title}”", headings, cells[top + 1 :], ours, top + 2)
    return found


def _by_heading(headings: Sequence[str], row: Sequence[object]) -> dict[str, object]:
    """Cells by heading, the leftmost of headings alike."""
    cells: dict[str, object] = {}
    for heading, cell in zip(headings, row, strict=False):
        if heading:
            cells.setdefault(heading, cell)
    return cells


def _is_in_place(sent: SentRow, filled: Filled, remarks: list[str]) -> bool:
    """Whether a row still names the place that was sent under its number, or none at all."""
    place = {FILE: sent.file, SHEET: sent.sheet, ROW: str(sent.row)}
    wrong = [
        heading
        for heading, text in place.items()
        if filled.text(heading) and filled.text(heading) != clean(text)
    ]
    if wrong:
        stands = " ".join(filled.text(heading) for heading in place)
        remarks.append(
            f"{filled.where}没有读：{'、'.join(wrong)}与核实编号不符（{sent.id} 是 {sent.file} {sent.sheet} "
            f"第 {sent.row} 行，这里写 {stands}）。排序、剪贴请连同“{ID}”整行一起，再发回。"
        )
    return not wrong


def _not_understood(
    where: str, headings: Sequence[str], rows: Cells, ours: set[str], first: int
) -> Iterable[str]:
    """Yield what stands in columns that the slip did not have, and that the answers' own column is gone."""
    if RESULT not in headings:
        yield f"{where}没有“{RESULT}”一列（表头改过？），这一列的答复没有读。请恢复表头后再发回。"
    width = max((len(row) for row in rows), default=0)
    for place in range(max(width, len(headings))):
        heading = headings[place] if place < len(headings) else ""
        if heading in ours and headings.index(heading) == place:
            continue
        texts = [
            f"第 {number} 行“{clean(row[place])[:_SIGNS]}”"
            for number, row in enumerate(rows, start=first)
            if place < len(row) and not is_blank(row[place])
        ]
        if texts:
            named = f"“{heading}”一列" if heading else f"第 {place + 1} 列（没有表头）"
            more = f" 等 {len(texts)} 格" if len(texts) > _SHOWN else ""
            yield (
                f"{where}的{named}发出时没有（后加的，或表头改过），没有读：{'、'.join(texts[:_SHOWN])}{more}。"
            )
