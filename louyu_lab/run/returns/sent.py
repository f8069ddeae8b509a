"""What a slip remembers of what was sent: a hidden sheet with every row's place, cells and faults."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from louyu_lab.run.returns.slip_rows import Slip, SlipRow, SlipSheet

#: Name of the hidden sheet and the mark in its first cell; the number rises when the format changes.
HIDDEN_SHEET = "_核实底稿"
MARK = "louyu 核实单 2"

#: Longest text in one cell of the hidden sheet; Excel takes 32,767 signs.
_CHUNK = 30000


@dataclass(frozen=True)
class SentCell:
    """One cell as it was sent: heading on the slip, heading in the ledger ("" cannot be corrected), kind."""

    shown: str
    heading: str
    kind: str
    value: object


@dataclass(frozen=True)
class SentFault:
    """One fault as it was sent; ``rule`` in Chinese."""

    severity: str
    rule: str
    column: str
    value: str


@dataclass(frozen=True)
class SentRow:
    """One row as it was sent; ``ledger`` is the 中文名, ``row`` the Excel row of the ledger.

    ``period`` is the one the row reports on, "" where it reports on none.
    """

    id: str
    region: str
    file: str
    sheet: str
    row: int
    ledger: str
    key: str
    cells: tuple[SentCell, ...]
    faults: tuple[SentFault, ...]
    period: str = ""


def hidden_rows(slip: Slip) -> list[list[str]]:
    """Return the rows of the hidden sheet: the mark and the street, then one row a row sent."""
    rows = [[MARK, slip.region]]
    for sheet in slip.sheets:
        rows += [[row.id, *_chunks(_packed(slip.region, sheet, row))] for row in sheet.rows]
    return rows


def sent_rows(cells: Iterable[Sequence[object]]) -> dict[str, SentRow]:
    """Return what was sent, by 核实编号, from the cells of a hidden sheet; ValueError where it is damaged."""
    rows = [[str(cell) for cell in row if cell not in (None, "")] for row in cells]
    if not rows or not rows[0] or rows[0][0] != MARK:
        raise ValueError("no mark")
    return {row[0]: _unpacked(row[0], "".join(row[1:])) for row in rows[1:] if row}


def _packed(region: str, sheet: SlipSheet, row: SlipRow) -> str:
    content = {
        "region": region,
        "file": sheet.file,
        "sheet": sheet.sheet,
        "row": row.row,
        "ledger": sheet.ledger,
        "key": row.key,
        "period": row.period,
        "cells": [
            [column.shown, column.heading, column.kind, _plain(value)]
            for column, value in zip(sheet.columns, row.cells, strict=True)
        ],
        "faults": [[fault.severity, fault.rule, fault.column, fault.value] for fault in row.faults],
    }
    return json.dumps(content, ensure_ascii=True)


def _unpacked(row_id: str, text: str) -> SentRow:
    try:
        content = json.loads(text)
        cells = tuple(
            SentCell(shown, heading, kind, _value(value))
            for shown, heading, kind, value in content.pop("cells")
        )
        faults = tuple(SentFault(*fault) for fault in content.pop("faults"))
        return SentRow(id=row_id, cells=cells, faults=faults, **content)
    except (KeyError, TypeError) as damaged:
        raise ValueError(row_id) from damaged


def _plain(value: object) -> object:
    """Return a cell in the types of JSON; days are marked so that they come back as days."""
    if isinstance(value, dt.date):
        return {"day": value.strftime("%Y-%m-%d")}
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _value(plain: object) -> object:
    return dt.datetime.fromisoformat(plain["day"]) if isinstance(plain, dict) else plain


def _chunks(text: str) -> list[str]:
    return [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
