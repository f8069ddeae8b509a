"""The faults a ledger can have: each rule once, with its severity and how to mend it.

``fatal`` nothing can be read, ``error`` the row is set aside, ``warning`` it is used. A reader adds
faults to a ``FaultLog``; the log turns into one frame, worst first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from louyu_lab.ledgers.model import CONVERSION_COLUMNS, FAULT_COLUMNS
from louyu_lab.ledgers.packaged import packaged_yaml

#: Severities from worst to mildest.
SEVERITIES = ("fatal", "error", "warning")

#: Severity -> how the user reads it.
SEVERITY_ZH = {"fatal": "致命", "error": "错误", "warning": "提醒"}

#: Severity -> what becomes of the rows concerned, unless the rule says otherwise.
CONSEQUENCE_ZH = {"fatal": "须先处理", "error": "所在行已搁置，不参与计算", "warning": "照常使用，请核实"}


@dataclass(frozen=True)
class Rule:
    """One rule: what is wrong, how grave it is and how to mend it (both in Chinese).

    ``consequence`` says what becomes of it where that is not what the severity means, else "".
    """

    key: str
    severity: str
    zh: str
    remedy: str
    consequence: str = ""


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its key, as ``rules.yaml`` gives them."""
    entries = packaged_yaml(__package__, "rules.yaml")
    return {key: Rule(key, *entry) for key, entry in entries.items()}


def consequence(rule_zh: str, severity: str) -> str:
    """Say what becomes of what a fault speaks of, given the fault's ``rule`` and ``severity``."""
    return _consequences().get(rule_zh) or CONSEQUENCE_ZH[severity]


def sets_aside(rule_zh: str, severity: str) -> bool:
    """Tell whether a fault costs a row of a ledger."""
    return severity == "error" and rule_zh not in _consequences()


@cache
def _consequences() -> dict[str, str]:
    return {rule.zh: rule.consequence for rule in rules().values() if rule.consequence}


@dataclass
class FaultLog:
    """Collects faults and conversions while a folder is read."""

    _faults: list[pd.DataFrame] = field(default_factory=list)
    _conversions: list[tuple[str, str, str, str, int, str]] = field(default_factory=list)
    _headings: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def heading(self, file: str, sheet: str, column: str, text: str) -> None:
        """Remember how the user spells a column of this sheet, for faults found later."""
        self._headings.setdefault((file, sheet, column), text)

    def add(
        self,
        rule: str,
        file: str,
        sheet: str = "",
        rows: Iterable[int] | int | None = None,
        column: str = "",
        values: Iterable[object] | object = "",
        severity: str | None = None,
        remedy: str | None = None,
    ) -> None:
        """Add one fault, or one for each of ``rows`` with the matching entry of ``values``."""
        known = rules()[rule]
        if rows is None or isinstance(rows, int):
            rows, values = [rows], [values]
        listed = list(rows)
        if not listed:
            return
        cells = [values] * len(listed) if isinstance(values, str) else list(values)
        self._faults.append(
            pd.DataFrame(
                {
                    "file": file,
                    "sheet": sheet,
                    "row": pd.array([None if row is None else int(row) for row in listed], dtype="Int64"),
                    "column": column,
                    "value": ["" if cell is None else printed_cell(cell) for cell in cells],
                    "rule": known.zh,
                    "remedy": remedy or known.remedy,
                    "severity": severity or known.severity,
                }
            )
        )

    def add_rows(
        self,
        rule: str,
        frame: pd.DataFrame,
        column: str,
        values: Iterable[object],
        remedy: Iterable[str] | str | None = None,
    ) -> None:
        """Add a fault for every row of a ledger frame, which carries its own ``file, sheet, row``.

        ``column`` is the catalogue's 中文名, several separated by ``|``; the first one that the sheet has
        is shown as the user spells it. ``remedy`` is the rule's unless given, for all rows or each.
        """
        if len(frame) == 0:
            return
        known = rules()[rule]
        part = frame[["file", "sheet", "row"]].copy()
        part["column"] = [
            self._spelled(file, sheet, column)
            for file, sheet in zip(part["file"], part["sheet"], strict=True)
        ]
        part["value"] = [printed_cell(value) for value in values]
        part["rule"], part["severity"] = known.zh, known.severity
        part["remedy"] = known.remedy if remedy is None else remedy
        self._faults.append(part)

    def mark(self) -> int:
        """Return a mark: faults added later are those after it."""
        return len(self._faults)

    def rows_since(self, mark: int) -> list[int]:
        """Return the rows that faults added after ``mark`` name, ascending."""
        rows = {int(row) for part in self._faults[mark:] for row in part["row"].dropna()}
        return sorted(rows)

    def forget_since(self, mark: int) -> None:
        """Take back the faults added after ``mark``."""
        del self._faults[mark:]

    def _spelled(self, file: str, sheet: str, column: str) -> str:
        names = column.split("|")
        spelled = (self._headings.get((file, sheet, name)) for name in names)
        return next((text for text in spelled if text), names[0])

    def convert(
        self, file: str, sheet: str, column: str, conversion: str, cells: int, example: object
    ) -> None:
        """Note a conversion made while reading: what, how many cells, one example."""
        if cells:
            self._conversions.append((file, sheet, column, conversion, int(cells), printed_cell(example)))

    def faults(self) -> pd.DataFrame:
        """Return all faults, columns ``FAULT_COLUMNS``, worst first, then in reading order."""
        if not self._faults:
            return pd.DataFrame({name: pd.Series(dtype="str") for name in FAULT_COLUMNS}).astype(
                {"row": "Int64"}
            )
        frame = pd.concat(self._faults, ignore_index=True)[list(FAULT_COLUMNS)]
        frame = frame.drop_duplicates(ignore_index=True)
        order = frame["severity"].map({name: rank for rank, name in enumerate(SEVERITIES)})
        by = frame.assign(order=order).sort_values(
            ["order", "file", "sheet", "row", "column", "rule"], kind="stable"
        )
        text = {name: "str" for name in FAULT_COLUMNS if name != "row"}
        return by.drop(columns="order").astype({**text, "row": "Int64"}).reset_index(drop=True)

    def conversions(self) -> pd.DataFrame:
        """Return all conversions, columns ``CONVERSION_COLUMNS``, in file order."""
        frame = pd.DataFrame(self._conversions, columns=list(CONVERSION_COLUMNS))
        text = {name: "str" for name in CONVERSION_COLUMNS if name != "cells"}
        frame = frame.astype({**text, "cells": "int64"})
        return frame.sort_values(["file", "sheet", "column"], kind="stable", ignore_index=True)


def worst_first(faults: pd.DataFrame) -> pd.DataFrame:
    """Return the faults from worst to mildest, otherwise in their order."""
    rank = faults["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    return faults.iloc[rank.argsort(kind="stable")].reset_index(drop=True)


def printed_cell(value: object) -> str:
    """Return a cell's value as a person reads it: no ``.0`` on whole numbers, no time on plain dates."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d")
    return str(value)
