"""What was altered in a published table: the first rows and columns that differ from its typed copy."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, as_csv
from louyu_lab.ledgers.textfiles import Truncated, decoded
from louyu_lab.run.chapter import tables_state

#: Rows of a table, and columns of a row, that are named.
ROWS_SHOWN, COLUMNS_SHOWN = 3, 3


def typed_copy(run: Path, name: str, sha256: str) -> pd.DataFrame | None:
    """Return the typed copy of a published table, only if it still says what the manifest's hash does."""
    try:
        table = pd.read_parquet(tables_state(run) / f"{name}.parquet")
    except (OSError, ValueError):
        return None
    return table if hashlib.sha256(as_csv(table)).hexdigest() == sha256 else None


def altered_rows(run: Path, path: str, sha256: str) -> list[str]:
    """Name (in Chinese) the first differing rows of ``tables/<name>.csv``; nothing for other results.

    ``sha256`` is what the manifest says of the file.
    """
    file = Path(path)
    if file.parent.as_posix() != "tables" or file.suffix != ".csv":
        return []
    original = typed_copy(run, file.stem, sha256)
    if original is None:
        return ["state/ 里没有可对照的原表，说不出是哪一格。"]
    try:
        text = decoded((run / path).read_bytes())
    except Truncated:
        text = None
    if text is None:
        return ["文件断了，或已不是文本表格。"]
    # A table saved again by Excel may have gained empty lines at its end.
    found = [row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")) if any(row)]
    expected = list(csv.reader(io.StringIO(as_csv(original).decode("utf-8-sig"), newline="")))
    if found == expected:
        return ["各格内容没变，只是文件的写法（编码、换行、引号）变了。"]
    if not found or found[0] != expected[0]:
        return ["表头变了。"]
    return _differences(file.stem, expected, found)


def _differences(name: str, expected: Sequence[list[str]], found: Sequence[list[str]]) -> list[str]:
    header = expected[0]
    lines, count = [], 0
    for number, (old, new) in enumerate(zip(expected[1:], found[1:], strict=False), start=2):
        if old == new:
            continue
        count += 1
        if count <= ROWS_SHOWN:
            lines.append(f"第 {number} 行{_row_name(name, header, old)}：{_cells(header, old, new)}")
    if count > ROWS_SHOWN:
        lines.append(f"…… 共 {count} 行不同")
    if len(found) != len(expected):
        lines.append(f"行数由 {len(expected) - 1} 变为 {len(found) - 1}")
    return lines


def _row_name(name: str, header: Sequence[str], row: Sequence[str]) -> str:
    key = TABLES[name].key if name in TABLES else ()
    by_column = dict(zip(header, row, strict=True))
    named = "，".join(f"{column}={by_column[column]}" for column in key if column in by_column)
    return f"（{named}）" if named else ""


def _cells(header: Sequence[str], old: Sequence[str], new: Sequence[str]) -> str:
    if len(old) != len(new):
        return f"应有 {len(old)} 格，现有 {len(new)} 格"
    pairs = [
        f"{column} 原为 {was or '空'}，现为 {now or '空'}"
        for column, was, now in zip(header, old, new, strict=True)
        if was != now
    ]
    more = f"；等 {len(pairs)} 格" if len(pairs) > COLUMNS_SHOWN else ""
    return "；".join(pairs[:COLUMNS_SHOWN]) + more
