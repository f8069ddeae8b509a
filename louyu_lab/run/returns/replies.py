"""Reading filled-in slips back: every cell compared with what was sent, every answer kept or listed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.review.corrections import DELETED, WHOLE_ROW
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.answer_words import confirms, says_changed, says_delete
from louyu_lab.run.returns.answers import ACCEPTED, OPEN, Answers, Change, Place, Verdict, joined
from louyu_lab.run.returns.decided_books import decided_in, is_decisions
from louyu_lab.run.returns.report import REPLIES_FILE
from louyu_lab.run.returns.returned import Filled, NotASlip, filled_rows, opened, sheets_of
from louyu_lab.run.returns.sent import HIDDEN_SHEET, SentCell, SentRow
from louyu_lab.run.returns.slip_cells import clean, same, typed
from louyu_lab.run.returns.slip_headings import BASIS, BY, RESULT
from louyu_lab.run.returns.slip_rows import NO_STREET

#: Files that may hold a slip; others in the folder are named and not read.
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")

#: What the check itself writes beside the slips, and no answer.
_OURS = ("核对表.xlsx", REPLIES_FILE)


def read_replies(folder: Path) -> Answers:
    """Read every workbook below ``folder``; raises InputError where there is none.

    Slips give answers, a 复核.xlsx the decisions filled in. Any other file is named in the remarks, and so
    is whatever in a slip is not understood.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_meant(path, folder)]
    if not any(path.suffix.lower() in _WORKBOOKS for path in files):
        others = f"（只有 {'、'.join(path.name for path in files[:3])}）" if files else ""
        raise InputError(f"“{folder}”里没有 .xlsx 文件{others}。请把各街道发回的核实单放在这个文件夹里。")
    answers = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            answers.append(_read(path, name))
        except (NotASlip, InputError) as refused:
            answers.append(Answers(remarks=(f"“{name}”没有读：{refused}",)))
    return joined(answers)


def _is_meant(path: Path, folder: Path) -> bool:
    """Whether somebody put a file here; hidden ones, locks and what the check wrote are passed over."""
    parts = path.relative_to(folder).parts
    return not any(part.startswith((".", "~$")) for part in parts) and path.name not in _OURS


def _read(path: Path, name: str) -> Answers:
    if path.suffix.lower() not in _WORKBOOKS:
        raise NotASlip("不是 Excel 工作簿。请把答复填进发出的核实单（.xlsx），整本发回。")
    sheets = sheets_of(path)
    if HIDDEN_SHEET not in sheets and is_decisions(sheets):
        return Answers(decided=decided_in(path, name))
    return read_slip(path, name)


def read_slip(path: Path, name: str | None = None) -> Answers:
    """Return what one returned slip says; raises NotASlip."""
    name = name or path.name
    sent, sheets = opened(path)
    changes: list[Change] = []
    verdicts: list[Verdict] = []
    remarks: list[str] = []
    unanswered: dict[str, int] = {}
    filled, answered = filled_rows(sheets, sent, name, remarks), {}
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
        [
            Answers(
                slips=1,
                changes=tuple(changes),
                verdicts=tuple(verdicts),
                unanswered=tuple(sorted(unanswered.items())),
                remarks=tuple(remarks),
            )
        ]
    )


def _answer(
    sent: SentRow, row: Filled, name: str, remarks: list[str]
) -> tuple[list[Change], list[Verdict], bool]:
    """Return one row's changes and verdicts, and whether it was answered at all."""
    place = _place(sent)
    result, basis, by = row.text(RESULT), row.text(BASIS), row.text(BY)
    is_right, is_mended, is_to_go = confirms(result), says_changed(result), says_delete(result)
    words = "" if is_right or is_mended or is_to_go else result
    usual = f"{sent.region or NO_STREET}核实单回复"
    doubted = {fault.column for fault in sent.faults}
    changed = list(_changed(sent, row, bool(words or basis), remarks))
    if is_to_go:
        return _deletion(sent, row, bool(changed), basis or usual, name, remarks), [], True
    changes = [
        Change(
            *(place, cell.heading, clean(cell.value), new, basis or words or usual, by, name),
            was_doubted=cell.heading in doubted,
        )
        for cell, new in changed
    ]
    changes.sort(key=lambda change: _is_in_key(change.old, place.dated_key))
    altered = {change.field for change in changes}
    untouched = [fault for fault in sent.faults if fault.column not in altered]
    if is_right:
        decision, note = ACCEPTED, basis or usual
    elif (words or basis) and not changes:
        decision, note = OPEN, "；".join(text for text in (words, basis) if text)
    else:
        untouched, decision, note = [], OPEN, ""
    if is_mended and not changes:
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


def _deletion(
    sent: SentRow, row: Filled, is_changed: bool, basis: str, name: str, remarks: list[str]
) -> list[Change]:
    """Return the correction that takes a row out; none, listed, where it is not sure what is meant."""
    if is_changed:
        remarks.append(f"{row.where}写“{row.text(RESULT)}”，又改动了格子，都没有采用。请只留一样再发回。")
    elif not sent.key:
        remarks.append(f"{row.where}写“{row.text(RESULT)}”，没有采用：这一行认不出是谁，请在原台账里删去。")
    else:
        return [Change(_place(sent), WHOLE_ROW, "", DELETED, basis, row.text(BY), name)]
    return []


def _place(sent: SentRow) -> Place:
    return Place(sent.ledger, sent.key, sent.file, sent.sheet, sent.row, sent.period)


def _changed(
    sent: SentRow, row: Filled, is_explained: bool, remarks: list[str]
) -> Iterable[tuple[SentCell, object]]:
    """Yield the cells that came back with another value; a column taken away counts as unchanged.

    A cell that nobody had asked about is emptied only where something is said of it: more often than
    not a key was hit by accident.
    """
    doubted = {fault.column for fault in sent.faults}
    for cell in sent.cells:
        shown = clean(cell.shown)
        if shown not in row.cells or same(cell.value, row.cells[shown], cell.kind):
            continue
        new = typed(row.cells[shown])
        if not cell.heading:
            remarks.append(
                f"{row.where}“{cell.shown}”改为 {new or '空白'}，没有采用：这一列没有用到，或与别的列同名。"
            )
        elif is_blank(new) and cell.heading not in doubted and not is_explained:
            remarks.append(
                f"{row.where}“{cell.shown}”原为 {clean(cell.value)}，清空了，没有采用：这一格没有疑问，也没有"
                f"写缘故。确要清空，请在“{RESULT}”或“{BASIS}”里说明。"
            )
        else:
            yield cell, new


def _is_in_key(text: str, key: str) -> bool:
    """Whether a cell names its row: it is corrected last, so that what goes before still finds the row."""
    return bool(text) and folded(text) in folded(key)
