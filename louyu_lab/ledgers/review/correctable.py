"""A sheet whose cells may be corrected: which rows a key names, which column a field names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from louyu_lab.ledgers.aliases import alias_parts
from louyu_lab.ledgers.amounts import stated_unit
from louyu_lab.ledgers.catalogue import Column, catalogue
from louyu_lab.ledgers.faults import printed_cell
from louyu_lab.ledgers.headings import Heading, columns_of, headings_in
from louyu_lab.ledgers.origins import fallback_year, row_periods
from louyu_lab.ledgers.quantities import factor_of
from louyu_lab.ledgers.review.corrections import Correction, is_known_field, key_parts
from louyu_lab.ledgers.review.dating import is_within, key_periods, read_period
from louyu_lab.ledgers.rows import DataRows
from louyu_lab.ledgers.texts import folded

#: Columns that say of whom a row speaks, besides a ledger's own key.
NAMING = frozenset(
    {"building_id", "building", "alias", "credit_code", "enterprise", "idle_id", "idle_name"}
    | {"project_id", "project", "policy", "beneficiary", "band", "indicator", "region"}
)


@dataclass(frozen=True)
class Field:
    """A column of the sheet that the reader knows; ``unit`` as its heading or the sheet's title states it."""

    heading: Heading
    owner: str
    column: Column
    unit: str = ""

    @property
    def names_a_row(self) -> bool:
        """Whether its cells tell rows apart."""
        own = NAMING | set(catalogue()[self.owner].key)
        return self.column.name in own and self.column.kind not in ("period", "pii") and not self.heading.year

    def unit_at_odds(self, entry: Correction) -> str:
        """Say why the unit written in an entry's 字段 cannot be this column's; empty where there is none."""
        spoken = headings_in([entry.field])
        unit = spoken[0].unit if spoken else ""
        factor = factor_of(self.column.kind, unit)
        if not unit or folded(self.heading.text) == folded(entry.field):
            return ""
        if not self.unit:
            # A bare rate may be in either scale, which the reader tells by its size.
            agrees = factor == 1.0 or self.column.kind == "rate"
            return (
                ""
                if agrees
                else f"字段写的单位是“{unit}”，台账这一列没有写单位；字段里不要写单位，值照台账的写"
            )
        if factor is not None and factor == factor_of(self.column.kind, self.unit):
            return ""
        return f"字段写的单位是“{unit}”，台账这一列是“{self.unit}”；字段和值照台账的单位写"


@dataclass(eq=False)
class CorrectableSheet:
    """The rows of a sheet, indexed by the key texts that entries speak of (``wanted``, folded)."""

    rows: DataRows
    wanted: frozenset[str]
    assumed_year: int | None = None
    fields: list[Field] = field(init=False)
    index: dict[str, set[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Match the headings and index the rows; costs one pass over the naming columns."""
        names = columns_of(self.rows.ledger, self.rows.header.headings)
        self.fields = []
        for heading, name in zip(self.rows.header.headings, names, strict=True):
            if name is not None:
                owner, _, column = name.rpartition(".")
                owner = owner or self.rows.ledger
                known = catalogue()[owner][column]
                unit = stated_unit(known, (heading.unit, *self.rows.header.title_units))
                self.fields.append(Field(heading, owner, known, unit))
        self.index = {}
        for entry in self.fields:
            if entry.names_a_row:
                self._index_column(entry)

    def takes(self, entry: Correction) -> bool:
        """Whether an entry may speak of this sheet, by its ledger, file and sheet."""
        raw = self.rows.raw
        ledgers = {self.rows.ledger, *(known.owner for known in self.fields)}
        return (
            (not entry.ledger or entry.ledger in ledgers)
            and (not entry.file or entry.file in (raw.file, raw.file.rpartition("/")[2]))
            and (not entry.sheet or entry.sheet == raw.sheet)
        )

    def rows_of(self, key: str, number: int | None = None) -> set[int]:
        """Return the positions of the rows with every part of a key; without one, of Excel row ``number``."""
        if not key:
            return set(np.flatnonzero(self.rows.numbers == number).tolist())
        if whole := self.index.get(folded(key)):
            return set(whole)
        found: set[int] | None = None
        for part in key_parts(key):
            here = self.index.get(folded(part), set()) | self._rows_of_period(part)
            found = set(here) if found is None else found & here
        return found or set()

    def periods_of(self, position: int, known: Field | None) -> list[str]:
        """Return the periods of a cell (or a row), of which an entry must name one; none where undated.

        ``[""]`` is a row that does not say its period among rows that do.
        """
        if known and known.heading.year:
            return [str(known.heading.year)]
        column = catalogue()[known.owner if known else self.rows.ledger].by_name.get("year")
        if column is None:
            return []
        if self._by_period:
            return sorted(period for period, rows in self._by_period.items() if position in rows) or [""]
        return [self._fallback] if column.is_key and self._fallback else []

    def remember(self, position: int, *cells: object) -> None:
        """Let a row be found by names it had or has."""
        for cell in cells:
            text = folded(printed_cell(cell))
            if text in self.wanted:
                self.index.setdefault(text, set()).add(position)

    def fields_named(self, entry: Correction) -> list[Field]:
        """Return the columns an entry's 字段 names: by the user's heading, else by the catalogue's names."""
        owned = [known for known in self.fields if entry.ledger in ("", self.rows.ledger, known.owner)]
        asked = folded(entry.field)
        exact = [known for known in owned if folded(known.heading.text) == asked]
        if exact:
            # Of two columns headed alike the reader uses the left one.
            return exact[:1]
        spoken = headings_in([entry.field])
        name = columns_of(self.rows.ledger, spoken)[0] if spoken else None
        if name is None:
            return []
        owner, _, column = name.rpartition(".")
        year = spoken[0].year or self._year_of(entry.key)
        meant = [
            known
            for known in owned
            if (known.column.name, known.owner) == (column, owner or self.rows.ledger)
            and (year is None or known.heading.year in (None, year))
        ]
        return list({known.heading.year: known for known in reversed(meant)}.values())

    def has_unread(self, entry: Correction) -> bool:
        """Whether the 字段 is a heading of this sheet that the reader does not know."""
        read = {known.heading.index for known in self.fields}
        asked = folded(entry.field)
        return any(
            folded(heading.text) == asked
            for heading in self.rows.header.headings
            if heading.index not in read
        )

    def cell(self, position: int, known: Field) -> object:
        """Return a cell as it lies there."""
        return self.rows.cells[position][known.heading.index]

    def put(self, position: int, known: Field, value: object) -> None:
        """Write a cell."""
        self.rows.cells[position][known.heading.index] = value
        if known.column.kind == "period" and (period := read_period(value)):
            self._by_period.setdefault(period, set()).add(position)

    def drop(self, positions: Iterable[int]) -> None:
        """Take rows out, once everything else is done: positions shift."""
        lost = set(positions)
        kept = [place for place in range(len(self.rows.cells)) if place not in lost]
        self.rows.cells = [self.rows.cells[place] for place in kept]
        self.rows.numbers = self.rows.numbers[np.array(kept, dtype=int)]

    def _index_column(self, known: Field) -> None:
        cells = [row[known.heading.index] for row in self.rows.cells]
        is_alias = known.column.name == "alias"
        for position, text in enumerate(_folded_cells(cells)):
            for part in alias_parts(text) if is_alias and text else (text,):
                if part in self.wanted:
                    self.index.setdefault(part, set()).add(position)

    def _rows_of_period(self, part: str) -> set[int]:
        """Return the rows of a period: of its year, where the part is one."""
        wanted = read_period(part)
        if wanted is None:
            return set()
        # The years of a wide table stand in its headings.
        if int(wanted[:4]) in {known.heading.year for known in self.fields} or is_within(
            self._fallback, wanted
        ):
            return set(range(len(self.rows.cells)))
        within = [rows for period, rows in self._by_period.items() if is_within(period, wanted)]
        return set().union(*within)

    @cached_property
    def _by_period(self) -> dict[str, set[int]]:
        """Period -> positions of the rows that state it, in a column or by the names around."""
        told: dict[str, set[int]] = {}
        for position, period in enumerate(row_periods(self.rows)):
            if period:
                told.setdefault(period, set()).add(position)
        return told

    @cached_property
    def _fallback(self) -> str:
        return "" if self._by_period else fallback_year(self.rows, self.assumed_year)

    def _year_of(self, key: str) -> int | None:
        return next((int(period[:4]) for period in key_periods(key)), None)


def wanted_texts(entries: Iterable[Correction]) -> frozenset[str]:
    """Return the texts, folded, by which entries may name a row."""
    whole = {key for entry in entries for key in (entry.key, entry.mended_key)}
    keys = whole | {part for key in whole for part in key_parts(key)}
    return frozenset(folded(text) for text in keys if folded(text))


def is_known(entry: Correction) -> bool:
    """Whether the catalogue knows an entry's 字段."""
    return entry.deletes or is_known_field(entry.field, entry.ledger)


def _folded_cells(cells: list[object]) -> list[str]:
    """Fold a column at one stroke: one call for a hundred thousand cells instead of one each."""
    plain = [cell if type(cell) is str else printed_cell(cell) for cell in cells]
    joined = "\0".join(text.replace("\0", "") for text in plain)
    folded_ones = unicodedata.normalize("NFKC", joined).lower().split("\0")
    return ["".join(text.split()) for text in folded_ones]
