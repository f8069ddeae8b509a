"""Reading filled-in slips back: every cell compared with what was sent, every answer kept or listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.answers import ACCEPTED, OPEN, Answers, Change, Place, Verdict, joined
from louyu_lab.run.returns.sent import HIDDEN_SHEET, SentCell, SentRow, sent_rows
from louyu_lab.run.returns.slip_cells import clean, same, typed
from louyu_lab.run.returns.slip_cover import TITLE
from louyu_lab.run.returns.slip_headings import BASIS, BY, ID, RESULT
from louyu_lab.run.returns.slip_rows import NO_STREET

#: Words in 核实结果 that confirm a row, and that only say it was mended.
_CONFIRMS = re.compile(r"(经|已)*(核实|核对|核查)?(情况|数据|确)?(属实|无误|属实无误|没有问题|正确)[。.!！]*")
_SAYS_CHANGED = re.compile(r"已?(改正|更正|修改|改)[。.!！]*")

#: Rows in which the header of a returned sheet is looked for.
_SEARCHED_ROWS = 10


class NotASlip(Exception):
    """A workbook that is no slip, or no longer one; the message says why and how to mend it."""


@dataclass(frozen=True)
class _Filled:
    """A row as it came back: cells by heading, and where it stands in the reply."""

    cells: Mapping[str, object]
    where: str

    def text(self, heading: str) -> str:
        return clean(self.cells.get(heading))


def read_replies(folder: Path) -> Answers:
    """Read every workbook below ``folder``; raises InputError where there is none.

    A workbook that is no slip is named in the remarks, and so is whatever in a slip is not understood.
    """
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".et")
        and not path.name.startswith((".", "~$"))
    ]
    if not files:
        raise InputError(f"“{folder}”里没有 .xlsx 文件。请把各街道发回的核实单放在这个文件夹里。")
    answers = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            answers.append(read_slip(path, name))
        except NotASlip as refused:
            answers.append(Answers(remarks=(f"“{name}”没有读：{refused}",)))
    return joined(answers)


def read_slip(path: Path, name: str | None = None) -> Answers:
    """Return what one returned slip says; raises NotASlip."""
    name = name or path.name
    sent, sheets = _opened(path)
    changes: list[Change] = []
    verdicts: list[Verdict] = []
    remarks: list[str] = []
    unanswered: dict[str, int] = {}
    filled, answered = _filled_rows(sheets, sent, name, remarks), {}
    for row_id, rows in filled.items():
        for row in rows:
            found = _answer(sent[row_id], row, name, remarks)
            changes += found[0]
            verdicts += found[1]
            answered[row_id] = answered.get(row_id, False) or found[2]
    for row_id, row in sent.items():
        if not answered.get(row_id, False):
            street = row.region or NO_STREET
            unanswered[street] = unanswered.get(street, 0) + 1
    return joined(
        [Answers(1, tuple(changes), tuple(verdicts), tuple(sorted(unanswered.items())), tuple(remarks))]
    )


def _opened(path: Path) -> tuple[dict[str, SentRow], dict[str, list[list[object]]]]:
    """Return what was sent and the visible sheets as they came back."""
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(path)
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except BaseException as broken:
        # calamine reports a damaged part by many types, some of them panics.
        if isinstance(broken, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise NotASlip("文件打不开或有密码。请在 Excel 中打开，清空密码后另存为 .xlsx。") from broken
    kept = [name for name in sheets if name == HIDDEN_SHEET]
    if not kept:
        what = "隐藏的底稿工作表不见了" if TITLE in sheets else "不是核实单"
        raise NotASlip(f"{what}。请在发出的核实单里填写后整本发回，不要把表格复制到新工作簿。")
    try:
        return sent_rows(sheets.pop(HIDDEN_SHEET)), sheets
    except ValueError as damaged:
        raise NotASlip("隐藏的底稿工作表被改动过。请把答复填进原来发出的核实单，再发回。") from damaged


def _filled_rows(
    sheets: Mapping[str, list[list[object]]], sent: Mapping[str, SentRow], name: str, remarks: list[str]
) -> dict[str, list[_Filled]]:
    """Return the rows that came back, by 核实编号; filled rows without a known one are listed."""
    found: dict[str, list[_Filled]] = {}
    for title, cells in sheets.items():
        top = next((place for place, row in enumerate(cells[:_SEARCHED_ROWS]) if ID in map(clean, row)), None)
        if top is None:
            if title != TITLE and any(not is_blank(cell) for row in cells for cell in row):
                remarks.append(f"“{name}”的工作表“{title}”没有“{ID}”一列，没有读。")
            continue
        headings = [clean(cell) for cell in cells[top]]
        for number, row in enumerate(cells[top + 1 :], start=top + 2):
            filled = _Filled(_by_heading(headings, row), f"“{name}”工作表“{title}”第 {number} 行")
            row_id = filled.text(ID)
            if row_id in sent:
                found.setdefault(row_id, []).append(filled)
            elif any(not is_blank(cell) for cell in row):
                words = "、".join(text for text in map(clean, row) if text)[:60]
                why = f"{ID}“{row_id}”不是这份核实单里的" if row_id else f"没有{ID}"
                remarks.append(f"{filled.where}没有读：{why}（{words}）。")
    return found


def _by_heading(headings: Sequence[str], row: Sequence[object]) -> dict[str, object]:
    """Cells by heading, the leftmost of headings alike."""
    cells: dict[str, object] = {}
    for heading, cell in zip(headings, row, strict=False):
        if heading:
            cells.setdefault(heading, cell)
    return cells


def _answer(
    sent: SentRow, row: _Filled, name: str, remarks: list[str]
) -> tuple[list[Change], list[Verdict], bool]:
    """Return one row's changes and verdicts, and whether it was answered at all."""
    place = Place(sent.ledger, sent.key, sent.file, sent.sheet, sent.row)
    result, basis, by = row.text(RESULT), row.text(BASIS), row.text(BY)
    confirms, says_changed = bool(_CONFIRMS.fullmatch(result)), bool(_SAYS_CHANGED.fullmatch(result))
    words = "" if confirms or says_changed else result
    usual = f"{sent.region or NO_STREET}核实单回复"
    changes = [
        Change(place, cell.heading, clean(cell.value), new, basis or words or usual, by, name)
        for cell, new in _changed(sent, row, remarks)
    ]
    changes.sort(key=lambda change: _is_in_key(change.old, sent.key))
    altered = {change.field for change in changes}
    untouched = [fault for fault in sent.faults if fault.column not in altered]
    if confirms:
        decision, note = ACCEPTED, basis or usual
    elif (words or basis) and not changes:
        decision, note = OPEN, "；".join(text for text in (words, basis) if text)
    else:
        untouched, decision, note = [], OPEN, ""
    if says_changed and not changes:
        remarks.append(f"{row.where}写“{result}”，但没有改动任何格（{place}）。请改正格子里的值后再发回。")
    if untouched and decision == ACCEPTED and not sent.key:
        remarks.append(
            f"{row.where}写“{result}”，没有记下：这一行没有企业、楼宇的名称或编号，认不出是谁。请先补填。"
        )
        untouched = []
    verdicts = [
        Verdict(place, fault.severity, fault.rule, fault.column, fault.value, decision, note, by, name)
        for fault in untouched
    ]
    return changes, verdicts, bool(changes or verdicts or result)


def _changed(sent: SentRow, row: _Filled, remarks: list[str]) -> Iterable[tuple[SentCell, object]]:
    """Yield the cells that came back with another value; a column taken away counts as unchanged."""
    for cell in sent.cells:
        shown = clean(cell.shown)
        if shown not in row.cells or same(cell.value, row.cells[shown], cell.kind):
            continue
        new = typed(row.cells[shown])
        if cell.heading:
            yield cell, new
        else:
            remarks.append(
                f"{row.where}“{cell.shown}”改为 {new or '空白'}，没有采用：这一列没有用到，或与别的列同名。"
            )


def _is_in_key(text: str, key: str) -> bool:
    """Whether a cell names its row: it is corrected last, so that what goes before still finds the row."""
    return bool(text) and folded(text) in folded(key)
