"""Answers entered into the data folder's 更正.xlsx and 复核.xlsx, each once, nothing there altered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.review import corrections, decisions
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.returns.answers import ACCEPTED, Answers, Change, Verdict
from louyu_lab.run.returns.books import Layout, Records, fit, open_book, refuse_unless_writable, save_book
from louyu_lab.run.returns.slip_cells import clean

CORRECTIONS = Layout(corrections.SHEET, corrections.HEADINGS)
DECISIONS = tuple(Layout(title, headings) for title, headings in decisions.HEADINGS.items())

#: What tells one correction from another: all but the grounds and who gave them.
_CELL = ("台账", "键", "字段", "原值", "文件", "工作表", "行")

#: What tells one fault from another; neither file nor row, so that a decision holds next year.
_FAULT = ("规则", "对象", "列", "值")


@dataclass(frozen=True)
class Entered:
    """What was entered: counts of new rows, and what could not be."""

    corrections: int = 0
    accepted: int = 0
    opened: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether everything was there already."""
        return not (self.corrections or self.accepted or self.opened)


def register(data: Path, answers: Answers) -> Entered:
    """Enter ``answers`` into the two workbooks of the folder ``data``; both are written or neither is opened.

    Raises InputError where one is open elsewhere, read-only or cannot be read; nothing is then written.
    """
    entered, books = _entered(data, answers)
    for path, _ in books:
        refuse_unless_writable(path)
    for path, book in books:
        save_book(book, path)
    return entered


def missing(data: Path, answers: Answers) -> Entered:
    """Tell what of ``answers`` the two workbooks do not hold yet; writes nothing."""
    return _entered(data, answers)[0]


def _entered(data: Path, answers: Answers) -> tuple[Entered, list[tuple[Path, object]]]:
    """Return what is new, and the books that change with it, changed in memory only."""
    books = []
    corrected, accepted, opened = 0, 0, 0
    remarks: list[str] = []
    if answers.changes:
        path = data / corrections.FILE
        book, sheets = open_book(path, [CORRECTIONS])
        corrected = _enter_changes(sheets[CORRECTIONS.title], answers.changes, remarks)
        if corrected:
            books.append((path, book))
    if answers.verdicts:
        path = data / decisions.FILE
        book, sheets = open_book(path, DECISIONS)
        accepted, opened = _enter_verdicts(sheets[decisions.FAULTS], answers.verdicts)
        if accepted or opened:
            books.append((path, book))
    return Entered(corrected, accepted, opened, tuple(remarks)), books


def _enter_changes(records: Records, changes: Iterable[Change], remarks: list[str]) -> int:
    """Append the corrections that are not there; one at odds with an entry is left out and said."""
    is_new = records.is_new
    held = {}
    for _, texts in records.rows():
        held.setdefault(_cell_key(texts), set()).add(texts["新值"])
        # An entry without a place speaks of the cell wherever it lies.
        if not texts["行"]:
            held.setdefault(_cell_key({**texts, "文件": "", "工作表": ""}), set()).add(texts["新值"])
    count = 0
    for change in changes:
        record = _correction(change)
        texts = {heading: clean(value) for heading, value in record.items()}
        bare = {**texts, "文件": "", "工作表": "", "行": ""}
        others = held.get(_cell_key(texts), set()) | held.get(_cell_key(bare), set())
        if texts["新值"] in others:
            continue
        if others:
            told = "、".join(sorted(other or "空白" for other in others))
            remarks.append(
                f"{change.place}“{change.field}”：“{change.source}”改为 {texts['新值'] or '空白'}，"
                f"{corrections.FILE} 里已有另一个新值 {told}，没有添加。请核实后只留一个。"
            )
            continue
        records.append(record)
        held.setdefault(_cell_key(texts), set()).add(texts["新值"])
        count += 1
    if is_new:
        fit(records)
    return count


def _correction(change: Change) -> dict[str, object]:
    place = change.place
    return {
        "台账": place.ledger,
        "键": place.key,
        "字段": change.field,
        "原值": change.old,
        "新值": "" if is_blank(change.new) else change.new,
        "依据": change.basis,
        "经办人": change.by,
        "文件": place.file,
        "工作表": place.sheet,
        "行": place.row,
    }


def _enter_verdicts(records: Records, verdicts: Iterable[Verdict]) -> tuple[int, int]:
    """Append the faults answered; a row left undecided so far is decided in its place."""
    is_new = records.is_new
    rows = {_fault_key(texts): (number, texts) for number, texts in records.rows()}
    accepted = opened = 0
    for verdict in verdicts:
        record = _decision(verdict)
        key = _fault_key(record)
        number, held = rows.get(key, (0, {}))
        if number == 0:
            rows[key] = records.append(record), {name: clean(value) for name, value in record.items()}
        elif held["决定"] or (not verdict.decision and verdict.note in held["说明"]):
            continue
        else:
            notes = [held["说明"], verdict.note if verdict.note not in held["说明"] else ""]
            added = {"决定": verdict.decision, "说明": "；".join(filter(None, notes))}
            if not held["经办人"]:
                added["经办人"] = verdict.by
            records.put(number, added)
            rows[key] = number, {**held, **{name: clean(value) for name, value in added.items()}}
        accepted += verdict.decision == ACCEPTED
        opened += verdict.decision != ACCEPTED
    if is_new:
        fit(records)
    return accepted, opened


def _decision(verdict: Verdict) -> dict[str, object]:
    return {
        "规则": verdict.rule,
        "对象": verdict.place.key,
        "列": verdict.column,
        "值": verdict.value,
        "决定": verdict.decision,
        "说明": verdict.note,
        "经办人": verdict.by,
    }


def _cell_key(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(folded(texts[heading]) for heading in _CELL)


def _fault_key(texts: dict[str, object]) -> tuple[str, ...]:
    return tuple(folded(clean(texts[heading])) for heading in _FAULT)
