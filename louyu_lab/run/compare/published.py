"""Every published table of two runs compared: what became of each, and each cell in print units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.changes import TableChanges, row_changes, table_changes
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.run.compare.finished import FinishedRun
from louyu_lab.run.compare.readable import CELL_COLUMNS, readable_cells

#: What became of a table.
EQUAL, DIFFERS, ONLY_BEFORE, ONLY_AFTER, NOT_COMPARED = "相同", "有变化", "只在 A", "只在 B", "未比较"

#: Key columns that name objects of one district: nothing of another district is the same object.
OBJECTS = ("building_id", "id", "idle_id", "enterprise_id", "enterprise", "street", "area", "zone")

_OVERVIEW = ["table", "zh", "status", "rows_before", "rows_after", "rows_new", "rows_gone", "cells", "note"]


@dataclass(frozen=True)
class PublishedChanges:
    """All tables.

    ``overview``: one row a table, ``table, zh, status, rows_before, rows_after, rows_new, rows_gone, cells,
    note``. ``cells``: one row a changed cell, new or gone row, ``table, zh, key, column`` (printed
    heading), ``before, after, change`` (print units), ``unit`` (of the change), ``weight`` (size of the
    change against the column's largest value, 0 where it has none).
    """

    overview: pd.DataFrame
    cells: pd.DataFrame


def published_changes(
    a: FinishedRun, b: FinishedRun, *, same_district: bool, names: Mapping[str, str] | None = None
) -> PublishedChanges:
    """Compare every table of two runs; ``names`` are the buildings' names by number, for the keys."""
    order = [name for name in TABLES if name in a.tables or name in b.tables]
    order += sorted((set(a.tables) | set(b.tables)) - set(TABLES))
    rows, cells = [], []
    for name in order:
        row, frame = _compared(name, a, b, same_district, names or {})
        rows.append({"table": name, "zh": TABLES[name].zh if name in TABLES else name, **row})
        cells.append(frame)
    counts = dict.fromkeys(("rows_before", "rows_after", "rows_new", "rows_gone", "cells"), "Int64")
    overview = pd.DataFrame(rows, columns=_OVERVIEW).astype(counts)
    found = [frame for frame in cells if len(frame)]
    every = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(CELL_COLUMNS))
    return PublishedChanges(overview, every)


def _compared(
    name: str, a: FinishedRun, b: FinishedRun, same_district: bool, names: Mapping[str, str]
) -> tuple[dict, pd.DataFrame]:
    none = pd.DataFrame(columns=list(CELL_COLUMNS))
    if name not in a.tables or name not in b.tables:
        return {"status": ONLY_BEFORE if name in a.tables else ONLY_AFTER, "note": ""}, none
    key = TABLES[name].key if name in TABLES else ()
    if not same_district and (not key or set(key) & set(OBJECTS)):
        return {"status": NOT_COMPARED, "note": "逐个对象的表，两个区没有共同的对象"}, none
    before, after = a.typed(name), b.typed(name)
    if before is None or after is None:
        before, after = a.plain(name), b.plain(name)
    if before is None or after is None:
        return {"status": NOT_COMPARED, "note": f"{(a if before is None else b).name} 里缺这张表的文件"}, none
    changes, note = _changes(before, after, key)
    counted = {
        "status": EQUAL if changes.is_empty else DIFFERS,
        "rows_before": len(before),
        "rows_after": len(after),
        "rows_new": len(changes.new),
        "rows_gone": len(changes.gone),
        "cells": len(changes.cells),
        "note": note,
    }
    return counted, readable_cells(name, before, after, changes, names)


def _changes(before: pd.DataFrame, after: pd.DataFrame, key: tuple[str, ...]) -> tuple[TableChanges, str]:
    """Compare by key, or as a list where there is none or it does not hold in a table of another version."""
    notes = []
    is_keyed = bool(key)
    if key:
        try:
            changes = table_changes(before, after, key)
        except ValueError:
            is_keyed, notes = False, ["没有可用的键，按整行比较"]
    if not is_keyed:
        if not set(before.columns) & set(after.columns):
            return TableChanges(after, before, row_changes(before, before).cells), "没有相同的列"
        changes = row_changes(before, after)
    if changes.columns_new:
        notes.append(f"新增列 {'、'.join(changes.columns_new)}")
    if changes.columns_gone:
        notes.append(f"减少列 {'、'.join(changes.columns_gone)}")
    return changes, "；".join(notes)
