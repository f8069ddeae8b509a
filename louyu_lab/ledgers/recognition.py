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
    the sheet or the file wins, then the one with most columns, signature columns counting double unless
    another ledger that fits has them too: a name and a code stand in tax lists as well.
    """
    if declared is not None:
        return declared
    fitting = {
        name: columns
        for name, ledger in catalogue().items()
        if (columns := {column for column in columns_of(name, header.headings) if column})
        & set(ledger.any_of)
    }
    scores: dict[str, int] = {}
    for name, columns in fitting.items():
        ledger = catalogue()[name]
        signature = columns & set(ledger.signature)
        shared = set().union(*(others for other, others in fitting.items() if other != name))
        scores[name] = len(columns) + 2 * len(signature - shared) + _named(ledger.zh, raw)
        if not signature and scores[name] < _NAMED and len(columns) < 3:
            del scores[name]
    return max(scores, key=lambda name: scores[name]) if scores else None


def _named(zh: str, raw: RawSheet) -> int:
    if zh in raw.sheet:
        return 2 * _NAMED
    return _NAMED if zh in PurePosixPath(raw.file).name else 0
