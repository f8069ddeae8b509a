"""One column as it was read: its values, the cells to complain of, and the rows that costs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import Column
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet


@dataclass
class ReadColumn:
    """One column read.

    ``values`` has the kind's dtype; ``periods`` only for periods. ``complaints`` are (rule, cells as
    bool, severity, remedy or None); ``aside`` marks the rows an error costs; ``notes`` (rule, text)
    concern the whole column; ``conversions`` are (what, cells, example).
    """

    values: np.ndarray | pd.api.extensions.ExtensionArray
    cells: list[object]
    aside: np.ndarray
    periods: np.ndarray | None = None
    complaints: list[tuple[str, np.ndarray, str, str | None]] = field(default_factory=list)
    conversions: list[tuple[str, int, object]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def frame_columns(self, column: Column) -> dict[str, object]:
        """Return the frame columns this column fills."""
        if column.kind == "period":
            return {"year": self.values, "period": self.periods}
        return {column.name: self.values}

    def complain(
        self, rule: str, where: np.ndarray, severity: str, remedy: str | None = None, *, costs: bool = True
    ) -> None:
        """Note a fault of the cells ``where``; an error that ``costs`` sets their rows aside."""
        where = np.asarray(where, dtype=bool)
        if where.any():
            self.complaints.append((rule, where, severity, remedy))
            if severity == "error" and costs:
                self.aside = self.aside | where

    def converted(self, what: str, where: np.ndarray) -> None:
        """Note a conversion of the cells ``where``, the first one as example."""
        if where.any():
            self.conversions.append((what, int(where.sum()), self.cells[int(np.argmax(where))]))

    def report(self, log: FaultLog, raw: RawSheet, numbers: np.ndarray, heading: str) -> None:
        """Write the complaints, notes and conversions to the log."""
        for rule, where, severity, remedy in self.complaints:
            found = [self.cells[i] for i in np.flatnonzero(where)]
            log.add(rule, raw.file, raw.sheet, numbers[where].tolist(), heading, found, severity, remedy)
        for rule, value in self.notes:
            log.add(rule, raw.file, raw.sheet, column=heading, values=value)
        for what, count, example in self.conversions:
            log.convert(raw.file, raw.sheet, heading, what, count, example)
