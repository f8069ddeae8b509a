"""Which ledger a sheet is, told from its columns, its name and its file's name."""

from __future__ import annotations

from pathlib import PurePosixPath

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.files import RawSheet
from louyu_lab.ledgers.headings import Header, columns_of

#: Weight of a ledger's name in the sheet or file name against one recognised column.
_NAMED = 100


def recognise(raw: RawSheet, header: Header, declared: str | None) -> str | None:
    """Return the ledger a sheet holds, or None.

    A ledger fits when one of its ``any_of`` columns is there; among those that fit the one named by
    the sheet or the file wins, then the one with most columns, signature columns counting double.
    """
    if declared is not None:
        return declared
    scores: dict[str, int] = {}
    for name, ledger in catalogue().items():
        columns = {column for column in columns_of(name, header.headings) if column}
        if not columns & set(ledger.any_of):
            continue
        signature = len(columns & set(ledger.signature))
        scores[name] = len(columns) + 2 * signature + _named(ledger.zh, raw)
        if signature == 0 and scores[name] < _NAMED and len(columns) < 3:
            del scores[name]
    return max(scores, key=lambda name: scores[name]) if scores else None


def _named(zh: str, raw: RawSheet) -> int:
    if zh in raw.sheet:
        return 2 * _NAMED
    return _NAMED if zh in PurePosixPath(raw.file).name else 0
