"""A cell that a correction may mean, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from louyu_lab.ledgers.faults import printed_cell
from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.review import cell_values
from louyu_lab.ledgers.review.contacts import unless_code
from louyu_lab.ledgers.review.correctable import CorrectableSheet, Field
from louyu_lab.ledgers.review.corrections import WHOLE_ROW, WRITTEN, Correction
from louyu_lab.ledgers.review.dating import names_period

#: Rows or values shown where there are several.
SHOWN = 3


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell that an entry may mean; without ``known`` the whole row."""

    sheet: CorrectableSheet
    position: int
    known: Field | None

    @property
    def number(self) -> int:
        """Its Excel row."""
        return int(self.sheet.rows.numbers[self.position])

    @property
    def kind(self) -> str:
        """The catalogue's kind of its column."""
        return self.known.column.kind if self.known else ""

    @property
    def value(self) -> object:
        """What lies in it now."""
        return self.sheet.cell(self.position, self.known) if self.known else ""

    @property
    def periods(self) -> list[str]:
        """The periods of which an entry must name one."""
        return self.sheet.periods_of(self.position, self.known)

    def is_as(self, written: object) -> bool:
        """Whether the cell is what somebody wrote of it."""
        return self.known is None or cell_values.same(self.value, written, self.kind, self.known.unit)

    def is_already(self, wanted: object) -> bool:
        """Whether the cell holds what is wanted, to the letter where it is words."""
        return self.known is not None and cell_values.exact(self.value, wanted, self.kind, self.known.unit)

    @property
    def where(self) -> str:
        """Where it stands, for people."""
        raw = self.sheet.rows.raw
        return " ".join(part for part in (raw.file, raw.sheet, f"第 {self.number} 行") if part)


def is_dated(entry: Correction, cell: Cell) -> bool:
    """Whether an entry tells enough of the year it was made for to change this cell.

    A misspelt name is one in every year, where 行 says 全部.
    """
    periods = cell.periods
    if not periods or (entry.every_row and cell.known and cell.known.names_a_row and not is_blank(entry.old)):
        return True
    if periods == [""]:
        return entry.row == cell.number
    return names_period(entry, cell.known.heading if cell.known else None, periods)


def undated_words(entry: Correction, cell: Cell) -> str:
    """Say how the key is to be written so that it names the period."""
    period = cell.periods[0]
    if not period:
        return f"{asked_for(entry)}：{cell.where}没有写期间，请写明文件和行"
    return f"{asked_for(entry)}：{cell.where}是 {period} 的，“键”请写“{entry.key}；{period}”"


def shown(value: object, entry: Correction, cell: Cell | None) -> str:
    """Return a value as it is listed: an amount may look like a telephone number, words should hold none."""
    text = printed_cell(value)
    return unless_code(text) if (cell.kind in WRITTEN if cell else entry.in_words) else text


def asked_for(entry: Correction) -> str:
    """Say what an entry speaks of."""
    named = entry.key or f"{entry.file} 第 {entry.row} 行"
    return named if entry.field == WHOLE_ROW else f"{named} 的{entry.field}"


def several_words(entry: Correction, cells: list[Cell]) -> str:
    """Say in how many places an entry may be meant, and where."""
    where = "、".join(cell.where for cell in cells[:SHOWN])
    more = " 等" if len(cells) > SHOWN else ""
    return f"{asked_for(entry)}：共 {len(cells)} 处（{where}{more}）"
