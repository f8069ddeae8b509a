"""The workbooks in which people correct and decide, opened: their sheets as records of cells as written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.faults import FaultLog, printed_cell
from louyu_lab.ledgers.files import RawSheet, is_blank, open_sheets
from louyu_lab.ledgers.review.contacts import unless_code, without_numbers
from louyu_lab.ledgers.texts import folded

#: How far down the headings are looked for: a title may stand above them.
_SEARCHED_ROWS = 10

#: Headings under which people write what they like; elsewhere a code of digits is a code.
_GROUNDS = ("依据", "说明")


@dataclass(frozen=True)
class Record:
    """One filled row: its Excel row and its cells by heading, as they lie in the file."""

    sheet: str
    row: int
    cells: dict[str, object]

    def text(self, heading: str) -> str:
        """Return a cell as a person reads it, blanks single; "" for one that is not there."""
        cell = self.cells.get(heading)
        return "" if is_blank(cell) else " ".join(printed_cell(cell).split())

    def discreet(self, heading: str) -> str:
        """Return a cell as ``text``, the telephone and identity numbers in it blanked."""
        text = self.text(heading)
        return without_numbers(text) if heading in _GROUNDS else unless_code(text)

    def note_personal(self, file: str, headings: Sequence[str], log: FaultLog) -> None:
        """List the cells under ``headings`` in which such a number stands."""
        for heading in headings:
            if (said := self.discreet(heading)) != self.text(heading):
                log.add("review-personal", file, self.sheet, self.row, heading, said)


def review_sheets(folder: Path, file: str, log: FaultLog) -> list[RawSheet]:
    """Return the visible sheets of a workbook of the data folder; none, listed, where it cannot be read."""
    path = folder / file
    if not path.is_file():
        return []
    try:
        content = path.read_bytes()
    except OSError as denied:
        log.add("review-unreadable", file, values=f"文件打不开（{denied.strerror or ''}）")
        return []
    trouble = FaultLog()
    sheets = list(open_sheets(file, content, trouble))
    for fault in trouble.faults().to_dict("records"):
        log.add("review-unreadable", file, fault["sheet"], values=fault["rule"])
    return sheets


def records(
    raw: RawSheet, headings: Sequence[str], required: Sequence[str], log: FaultLog
) -> list[Record] | None:
    """Return the filled rows below the headings; None, listed, where a ``required`` heading is missing.

    Only ``headings`` are read: further columns may stand beside them.
    """
    wanted = {folded(heading): heading for heading in headings}
    rows = list(enumerate(raw.cells[:_SEARCHED_ROWS]))
    top, row = max(rows, key=lambda entry: len(_found(entry[1], wanted)))
    columns = _found(row, wanted)
    if missing := [heading for heading in required if heading not in columns]:
        log.add("review-unreadable", raw.file, raw.sheet, values=f"缺表头：{'、'.join(missing)}")
        return None
    found = []
    for number, cells in enumerate(raw.cells[top + 1 :], start=top + 2):
        kept = {heading: cells[index] for heading, index in columns.items()}
        if not all(map(is_blank, kept.values())):
            found.append(Record(raw.sheet, number, kept))
    return found


def _found(cells: Sequence[object], wanted: dict[str, str]) -> dict[str, int]:
    """Heading -> the leftmost column it stands in."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        heading = wanted.get(folded(cell)) if isinstance(cell, str) else None
        if heading is not None:
            found.setdefault(heading, index)
    return found
