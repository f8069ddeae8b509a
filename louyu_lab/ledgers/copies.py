"""A text table that holds what a workbook beside it holds: one ledger in two formats, to be read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import TEXTS, open_sheets
from louyu_lab.ledgers.headings import columns_of
from louyu_lab.ledgers.mapping import UserMapping
from louyu_lab.ledgers.rows import DataRows
from louyu_lab.ledgers.sheets import read_rows, sheet_rows

#: File and sheet.
Place = tuple[str, str]


@dataclass
class Copies:
    """Remembers the sheets of workbooks and finds their copies among the text tables that come after them.

    ``contents`` are the files by name. Typed rows are compared, since a workbook and its text differ in how
    they write dates and numbers; only a sheet of as many rows under the same columns is opened again.
    """

    contents: Mapping[str, bytes]
    mapping: UserMapping
    year: int
    _sheets: dict[tuple[object, ...], list[Place]] = field(default_factory=dict)
    _typed: dict[Place, str] = field(default_factory=dict)

    def original(self, rows: DataRows) -> str:
        """Return the name of the sheet that a text table repeats, "" where it repeats none."""
        names = columns_of(rows.ledger, rows.header.headings)
        years = [heading.year for heading in rows.header.headings]
        shape = rows.ledger, len(rows.cells), tuple(zip(names, years, strict=True))
        if not rows.raw.is_text:
            self._sheets.setdefault(shape, []).append((rows.raw.file, rows.raw.sheet))
            return ""
        beside = self._sheets.get(shape, []) if rows.cells else []
        own = _typed(rows, self.year) if beside else ""
        return next((" ".join(place) for place in beside if self._typed_of(place) == own), "")

    def _typed_of(self, place: Place) -> str:
        if place not in self._typed:
            file, sheet = place
            raws = open_sheets(file, self.contents[file], FaultLog())
            raw = next(raw for raw in raws if raw.sheet == sheet)
            rows = sheet_rows(raw, self.mapping, FaultLog())
            self._typed[place] = "" if rows is None else _typed(rows, self.year)
        return self._typed[place]


def workbooks_first(path: Path) -> tuple[bool, Path]:
    """Sort files so that a workbook comes before the text tables that may repeat it."""
    return path.suffix.lower() in TEXTS, path


def _typed(rows: DataRows, year: int) -> str:
    """Return what a sheet says, whatever its file is called; nothing is listed."""
    frames = read_rows(rows, FaultLog(), year)
    said = []
    for ledger, frame in sorted(frames.items()):
        told = frame.drop(columns=["file", "sheet", "row"], errors="ignore")
        # Twelve digits tell numbers apart; what differs beyond them comes from the factors of units.
        said.append(f"{ledger}\n{told[sorted(told.columns)].to_csv(index=False, float_format='%.12g')}")
    return "\n".join(said)
