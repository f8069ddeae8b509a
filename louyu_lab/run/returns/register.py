"""Answers entered into the data folder's 更正.xlsx and 复核.xlsx, each once, nothing there altered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.review import corrections, decisions
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.returns.answers import Answers, Change
from louyu_lab.run.returns.books import Layout, Records, fit, open_book, refuse_unless_writable, save_book
from louyu_lab.run.returns.decided_books import LAYOUTS, enter_decided, enter_verdicts
from louyu_lab.run.returns.slip_cells import clean

CORRECTIONS = Layout(corrections.SHEET, corrections.HEADINGS)

#: What tells one correction from another: all but the grounds and who gave them.
_CELL = ("台账", "键", "字段", "原值", "文件", "工作表", "行")


@dataclass(frozen=True)
class Entered:
    """What was entered: counts of new rows, and what could not be."""

    corrections: int = 0
    accepted: int = 0
    opened: int = 0
    decided: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether everything was there already."""
        return not (self.corrections or self.accepted or self.opened or self.decided)


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
    corrected, accepted, opened, decided = 0, 0, 0, 0
    remarks: list[str] = []
    if answers.changes:
        path = data / corrections.FILE
        book, sheets = open_book(path, [CORRECTIONS])
        corrected = _enter_changes(sheets[CORRECTIONS.title], answers.changes, remarks)
        if corrected:
            books.append((path, book))
    if answers.verdicts or answers.decided:
        path = data / decisions.FILE
        book, sheets = open_book(path, LAYOUTS)
        decided = enter_decided(sheets, answers.decided, remarks)
        accepted, opened = enter_verdicts(sheets, answers.verdicts)
        if accepted or opened or decided:
            books.append((path, book))
    return Entered(corrected, accepted, opened, decided, tuple(remarks)), books


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
        "键": place.dated_key,
        "字段": change.field,
        "原值": change.old,
        "新值": "" if is_blank(change.new) else change.new,
        "依据": change.basis,
        "经办人": change.by,
        "文件": place.file,
        "工作表": place.sheet,
        "行": place.row,
    }


def _cell_key(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(folded(texts[heading]) for heading in _CELL)
