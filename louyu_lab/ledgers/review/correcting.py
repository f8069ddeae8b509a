"""Corrections applied to the rows of sheets as they were opened, before any cell is read.

Whatever follows (units, checks, identification) sees the corrected cells. A sheet that no entry speaks
of is not held back; the others are kept until all are opened, since only then is it known whether a key
means one row or several.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from louyu_lab.ledgers.faults import FaultLog, printed_cell
from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.model import CORRECTION_COLUMNS, listed
from louyu_lab.ledgers.review import cell_values
from louyu_lab.ledgers.review.correctable import CorrectableSheet, is_known, wanted_texts
from louyu_lab.ledgers.review.corrections import FILE, SHEET, Correction
from louyu_lab.ledgers.review.dating import parted
from louyu_lab.ledgers.review.meant_cells import (
    SHOWN,
    Cell,
    asked_for,
    is_dated,
    several_words,
    shown,
    undated_words,
)
from louyu_lab.ledgers.review.outcomes import ALREADY, AMBIGUOUS, APPLIED, INVALID, NOT_FOUND, STALE, UNDATED
from louyu_lab.ledgers.rows import DataRows


@dataclass
class Corrector:
    """Takes the sheets as they are opened, then applies the entries in their order.

    ``assumed_year`` is that of reports that state none.
    """

    entries: list[Correction]
    assumed_year: int | None = None
    _sheets: list[CorrectableSheet] = field(default_factory=list)
    _unread: set[int] = field(default_factory=set)
    _gone: dict[int, set[int]] = field(default_factory=dict)
    _lines: list[dict[str, object]] = field(default_factory=list)

    @cached_property
    def _usable(self) -> list[Correction]:
        return [entry for entry in self.entries if not entry.wrong]

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return wanted_texts(self._usable)

    def concerns(self, rows: DataRows) -> bool:
        """Whether some entry may change this sheet; it is then kept, and changed by ``apply``."""
        if not self._usable:
            return False
        sheet = CorrectableSheet(rows, self._wanted, self.assumed_year)
        taken = [entry for entry in self._usable if sheet.takes(entry)]
        self._unread |= {entry.entry_row for entry in taken if sheet.has_unread(entry)}
        if not any(sheet.index or not entry.key or entry.row is not None for entry in taken):
            return False
        self._sheets.append(sheet)
        return True

    def apply(self, log: FaultLog) -> pd.DataFrame:
        """Apply every entry, list what could not be, and return ``CORRECTION_COLUMNS`` in their order."""
        for entry in self.entries:
            self._apply(entry, log)
        for place, sheet in enumerate(self._sheets):
            sheet.drop(self._gone.get(place, ()))
        return listed(CORRECTION_COLUMNS, self._lines)

    def _apply(self, entry: Correction, log: FaultLog) -> None:
        if entry.wrong:
            self._refuse(entry, INVALID, entry.wrong, log)
            return
        if not is_known(entry) and not self._heads_a_column(entry):
            said = "这一列认不出，没有使用，不用更正" if entry.entry_row in self._unread else "没有这个字段"
            self._refuse(entry, INVALID, f"{said}：{entry.field}", log)
            return
        cells = self._cells(entry)
        if any(cell.kind == "pii" for cell in cells):
            self._refuse(entry, INVALID, "个人信息读入时即丢弃，不用更正", log)
            return
        if wrong := next(
            (said for cell in cells if cell.known and (said := cell.known.unit_at_odds(entry))), ""
        ):
            self._refuse(entry, INVALID, wrong, log)
            return
        cells, is_the_row = _at_row(entry, cells)
        if not cells:
            said = f"；几个部分要用“；”分开：{better}" if (better := parted(entry.key)) else ""
            self._refuse(entry, NOT_FOUND, asked_for(entry) + said, log)
        elif entry.row is not None and not is_the_row and len(cells) > 1:
            self._refuse(entry, AMBIGUOUS, several_words(entry, cells), log)
        else:
            self._settle(entry, cells, log)

    def _settle(self, entry: Correction, cells: list[Cell], log: FaultLog) -> None:
        """Hold 原值 and 新值 against the cells and do what they say."""
        done = [cell for cell in cells if cell.is_already(entry.new)]
        meant = [cell for cell in cells if cell not in done and cell.is_as(entry.old)]
        if len(meant) > 1 and not entry.every_row:
            self._refuse(entry, AMBIGUOUS, several_words(entry, meant), log)
        elif undated := [cell for cell in meant if not is_dated(entry, cell)]:
            self._refuse(entry, UNDATED, undated_words(entry, undated[0]), log, undated[0])
        elif meant:
            for cell in meant:
                self._change(entry, cell, log)
        elif done:
            for cell in done[: None if entry.every_row else 1]:
                cell.sheet.remember(cell.position, entry.old)
                self._note(entry, ALREADY, cell)
        else:
            held = "、".join(sorted({shown(cell.value, entry, cell) or "空白" for cell in cells})[:SHOWN])
            said = f"{asked_for(entry)}：原值写“{shown(entry.old, entry, cells[0])}”，台账里是“{held}”"
            self._refuse(entry, STALE, said, log, cells[0])

    def _cells(self, entry: Correction) -> list[Cell]:
        """Return every cell that the entry's key and field name, rows taken out aside."""
        found = []
        for place, sheet in enumerate(self._sheets):
            if not sheet.takes(entry):
                continue
            fields = [None] if entry.deletes else sheet.fields_named(entry)
            rows = sheet.rows_of(entry.key, entry.row) if fields else set()
            if not rows and entry.mended_key and fields and fields[0] and fields[0].names_a_row:
                rows = sheet.rows_of(entry.mended_key, entry.row)
            gone = self._gone.get(place, set())
            found += [Cell(sheet, row, known) for row in sorted(rows - gone) for known in fields]
        return found

    def _heads_a_column(self, entry: Correction) -> bool:
        return any(sheet.takes(entry) and sheet.fields_named(entry) for sheet in self._sheets)

    def _change(self, entry: Correction, cell: Cell, log: FaultLog) -> None:
        raw = cell.sheet.rows.raw
        if cell.known is None:
            place = next(n for n, sheet in enumerate(self._sheets) if sheet is cell.sheet)
            self._gone.setdefault(place, set()).add(cell.position)
            log.convert(raw.file, raw.sheet, "", "按更正表删去一行", 1, f"第 {cell.number} 行")
        else:
            heading = cell.known.heading.text
            said = f"{shown(cell.value, entry, cell) or '空白'} → {printed_cell(entry.new) or '空白'}"
            log.convert(raw.file, raw.sheet, heading, "按更正表改值", 1, said)
            cell.sheet.remember(cell.position, cell.value, entry.new)
            new = "" if is_blank(entry.new) else cell_values.typed(entry.new, cell.kind, raw.is_text)
            cell.sheet.put(cell.position, cell.known, new)
        self._note(entry, APPLIED, cell)

    def _refuse(
        self, entry: Correction, outcome: str, said: str, log: FaultLog, cell: Cell | None = None
    ) -> None:
        log.add(f"correction-{outcome}", FILE, SHEET, entry.entry_row, entry.field, said)
        self._note(entry, outcome, cell)

    def _note(self, entry: Correction, outcome: str, cell: Cell | None) -> None:
        rows = cell.sheet.rows if cell else None
        heading = cell.known.heading.text if cell and cell.known else entry.field
        # An entry refused for its column may hold a telephone number.
        old, new = (
            ("", "") if outcome == INVALID else (shown(entry.old, entry, cell), printed_cell(entry.new))
        )
        self._lines.append(
            {
                "file": rows.raw.file if rows else entry.file,
                "sheet": rows.raw.sheet if rows else entry.sheet,
                "row": cell.number if cell else entry.row,
                "ledger": entry.ledger or (rows.ledger if rows else ""),
                "key": entry.key,
                "column": heading,
                "old": old,
                "new": new,
                "basis": entry.basis,
                "outcome": outcome,
            }
        )


def _at_row(entry: Correction, cells: list[Cell]) -> tuple[list[Cell], bool]:
    """Return the cells in the row that the entry names, and whether there are any.

    Rows move when a ledger is sorted: a key that names one row holds by itself. A row is never taken
    out on the strength of its key alone, though, where a row was named: its twin may have gone already.
    """
    if entry.row is None:
        return cells, False
    there = [cell for cell in cells if cell.number == entry.row]
    if there or not entry.key or entry.deletes:
        return there, bool(there)
    return cells, False
