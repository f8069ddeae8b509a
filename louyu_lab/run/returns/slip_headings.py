"""Headings of a slip beside the user's own, and how the two are told apart."""

from __future__ import annotations

from dataclasses import replace

from louyu_lab.ledgers.source_rows import SourceColumn

#: Before the user's own columns, and after them.
ID, FILE, SHEET, ROW = "核实编号", "文件", "工作表", "行"
PROBLEM, RESULT, BASIS, BY = "问题", "核实结果", "依据", "经办人"
LEADING, ANSWERS = (ID, FILE, SHEET, ROW), (RESULT, BASIS, BY)

OURS = (*LEADING, PROBLEM, *ANSWERS)


def told_apart(columns: tuple[SourceColumn, ...]) -> tuple[SourceColumn, ...]:
    """Return the columns, those headed like one of ours marked as the ledger's."""
    return tuple(
        replace(column, shown=f"{column.shown}（原表）") if column.shown in OURS else column
        for column in columns
    )
