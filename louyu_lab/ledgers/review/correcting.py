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
from louyu_lab.ledgers.review.correctable import CorrectableSheet, Field, is_known, wanted_texts
from louyu_lab.ledgers.review.corrections import FILE, SHEET, WHOLE_ROW, Correction
from louyu_lab.ledgers.rows import DataRows

#: What can become of an entry.
APPLIED, ALREADY, STALE = "applied", "already", "stale"
NOT_FOUND, AMBIGUOUS, INVALID = "not-found", "ambiguous", "invalid"

#: Outcome -> how the user reads it.
OUTCOME_ZH = {
    APPLIED: "已更正",
    ALREADY: "台账已改（可删去这条）",
    STALE: "原值不符（未用）",
    NOT_FOUND: "没有找到（未用）",
    AMBIGUOUS: "指到多行（未用）",
    INVALID: "写得不对（未用）",
}

#: Rows or values shown where there are several.
_SHOWN = 3


@dataclass(frozen=True, eq=False)
class _Cell:
    """A cell that an entry may mean; without ``known`` the whole row."""

    sheet: CorrectableSheet
    position: int
    known: Field | None

    @property
    def number(self) -> int:
        return int(self.sheet.rows.numbers[self.position])

    @property
    def kind(self) -> str:
        return self.known.column.kind if self.known else ""

    @property
    def value(self) -> object:
        return self.sheet.cell(self.position, self.known) if self.known else ""

    @property
    def where(self) -> str:
        raw = self.sheet.rows.raw
        return " ".join(part for part in (raw.file, raw.sheet, f"第 {self.number} 行") if part)


@dataclass
class Corrector:
    """Takes the sheets as they are opened, then applies the entries in their order."""

    entries: list[Correction]
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
        sheet = CorrectableSheet(rows, self._wanted)
        taken = [entry for entry in self._usable if sheet.takes(entry)]
        self._unread |= {entry.entry_row for entry in taken if sheet.has_unread(entry)}
        if not any(sheet.index or not entry.key for entry in taken):
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
        cells, is_the_row = _at_row(entry, cells)
        if not cells:
            self._refuse(entry, NOT_FOUND, _asked(entry), log)
        elif entry.row is not None and not is_the_row and len(cells) > 1:
            self._refuse(entry, AMBIGUOUS, _several(entry, cells), log)
        else:
            self._settle(entry, cells, log)

    def _settle(self, entry: Correction, cells: list[_Cell], log: FaultLog) -> None:
        """Hold 原值 and 新值 against the cells and do what they say."""
        done = [cell for cell in cells if cell.known and cell_values.exact(cell.value, entry.new, cell.kind)]
        meant = [
            cell
            for cell in cells
            if cell not in done and (not cell.known or cell_values.same(cell.value, entry.old, cell.kind))
        ]
        if len(meant) > 1 and not entry.every_row:
            self._refuse(entry, AMBIGUOUS, _several(entry, meant), log)
        elif meant:
            for cell in meant:
                self._change(entry, cell, log)
        elif done:
            for cell in done[: None if entry.every_row else 1]:
                cell.sheet.remember(cell.position, entry.old)
                self._note(entry, ALREADY, cell)
        else:
            held = "、".join(sorted({printed_cell(cell.value) or "空白" for cell in cells})[:_SHOWN])
            said = f"{_asked(entry)}：原值写“{printed_cell(entry.old)}”，台账里是“{held}”"
            self._refuse(entry, STALE, said, log, cells[0])

    def _cells(self, entry: Correction) -> list[_Cell]:
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
            found += [_Cell(sheet, row, known) for row in sorted(rows - gone) for known in fields]
        return found

    def _heads_a_column(self, entry: Correction) -> bool:
        return any(sheet.takes(entry) and sheet.fields_named(entry) for sheet in self._sheets)

    def _change(self, entry: Correction, cell: _Cell, log: FaultLog) -> None:
        raw = cell.sheet.rows.raw
        if cell.known is None:
            place = next(n for n, sheet in enumerate(self._sheets) if sheet is cell.sheet)
            self._gone.setdefault(place, set()).add(cell.position)
            log.convert(raw.file, raw.sheet, "", "按更正表删去一行", 1, f"第 {cell.number} 行")
        else:
            heading = cell.known.heading.text
            said = f"{printed_cell(cell.value) or '空白'} → {printed_cell(entry.new) or '空白'}"
            log.convert(raw.file, raw.sheet, heading, "按更正表改值", 1, said)
            cell.sheet.remember(cell.position, cell.value, entry.new)
            new = "" if is_blank(entry.new) else cell_values.typed(entry.new, cell.kind, raw.is_text)
            cell.sheet.put(cell.position, cell.known, new)
        self._note(entry, APPLIED, cell)

    def _refuse(
        self, entry: Correction, outcome: str, said: str, log: FaultLog, cell: _Cell | None = None
    ) -> None:
        log.add(f"correction-{outcome}", FILE, SHEET, entry.entry_row, entry.field, said)
        self._note(entry, outcome, cell)

    def _note(self, entry: Correction, outcome: str, cell: _Cell | None) -> None:
        rows = cell.sheet.rows if cell else None
        heading = cell.known.heading.text if cell and cell.known else entry.field
        # An entry refused for its column may hold a telephone number.
        old, new = ("", "") if outcome == INVALID else (printed_cell(entry.old), printed_cell(entry.new))
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


def _at_row(entry: Correction, cells: list[_Cell]) -> tuple[list[_Cell], bool]:
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


def _asked(entry: Correction) -> str:
    named = entry.key or f"{entry.file} 第 {entry.row} 行"
    return named if entry.field == WHOLE_ROW else f"{named} 的{entry.field}"


def _several(entry: Correction, cells: list[_Cell]) -> str:
    where = "、".join(cell.where for cell in cells[:_SHOWN])
    more = " 等" if len(cells) > _SHOWN else ""
    return f"{_asked(entry)}：共 {len(cells)} 处（{where}{more}）"
