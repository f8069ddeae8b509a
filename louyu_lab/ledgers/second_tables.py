"""A second table on a sheet, below the first or beside it: told apart, listed, and not read as the first."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from louyu_lab.ledgers.catalogue import catalogue, header_names
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet, is_blank
from louyu_lab.ledgers.headings import Header, Heading, columns_of, headings_in, known_columns
from louyu_lab.ledgers.texts import folded

#: Columns that say of whom a row speaks: beyond an empty column they begin another table.
_NAMING = frozenset({"building_id", "building", "credit_code", "enterprise", "project", "policy", "band"})


def without_neighbour(raw: RawSheet, header: Header, log: FaultLog) -> tuple[RawSheet, Header]:
    """Return the sheet without a table that stands to the right of an empty column."""
    headed = {heading.index for heading in header.headings}
    below = raw.cells[header.first_data_row :]
    for gap in sorted(set(range(min(headed), max(headed))) - headed):
        if not all(is_blank(row[gap]) for row in below):
            continue
        left = tuple(heading for heading in header.headings if heading.index < gap)
        right = header.headings[len(left) :]
        if known_columns(left) >= 2 and known_columns(right) >= 2 and _names_somebody(right):
            said = "、".join(heading.text for heading in right)[:60]
            log.add("sheet-second-table", raw.file, raw.sheet, header.first_data_row, values=said)
            merges = tuple((*edges, min(end, gap - 1)) for *edges, end in raw.merges if edges[1] < gap)
            narrow = replace(raw, cells=[row[:gap] for row in raw.cells], merges=merges)
            return narrow, replace(header, headings=left)
    return raw, header


def begins_another_table(row: list[object], labels: list[str], titles: set[str]) -> bool:
    """Whether a row is the header of another table: texts only, of which most are headings we know.

    ``labels`` are the folded texts among its first two cells, ``titles`` the sheet's own headings.
    """
    if not any(label.split("(")[0] in _heading_texts() for label in labels):
        return False
    headings = headings_in(row)
    if headings is None or all(folded(heading.text) in titles for heading in headings):
        return False
    known = known_columns(headings)
    return known >= 2 and 2 * known >= len(headings)


@cache
def _heading_texts() -> frozenset[str]:
    return frozenset().union(*(header_names(ledger) for ledger in catalogue()))


def _names_somebody(headings: tuple[Heading, ...]) -> bool:
    return any(_NAMING & set(columns_of(ledger, headings)) for ledger in catalogue())
