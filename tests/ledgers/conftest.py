"""Folders of real files: workbooks by openpyxl and xlwt, text tables by encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.ledgers import Ledgers, read_ledgers
from louyu_lab.ledgers.faults import rules

Rows = Sequence[Sequence[object]]


@dataclass
class Folder:
    """A data folder that a test fills and reads."""

    path: Path

    def xlsx(self, name: str, sheets: Rows | dict[str, Rows], merges: Sequence[str] = ()) -> Path:
        """Write a workbook; ``merges`` are Excel ranges of the first sheet."""
        import openpyxl

        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in (sheets if isinstance(sheets, dict) else {"Sheet1": sheets}).items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        for merge in merges:
            book.worksheets[0].merge_cells(merge)
        path = self._place(name)
        book.save(path)
        return path

    def xls(self, name: str, rows: Rows) -> Path:
        """Write a workbook of Excel 97–2003."""
        import xlwt

        book = xlwt.Workbook()
        sheet = book.add_sheet("Sheet1")
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                sheet.write(i, j, value)
        path = self._place(name)
        book.save(str(path))
        return path

    def csv(self, name: str, rows: Rows, encoding: str = "utf-8") -> Path:
        """Write a text table."""
        text = "\r\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
        path = self._place(name)
        path.write_bytes(text.encode(encoding))
        return path

    def text(self, name: str, text: str) -> Path:
        """Write any text file."""
        path = self._place(name)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, year: int | None = None) -> Ledgers:
        """Read the folder."""
        return read_ledgers(self.path, year)

    def _place(self, name: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty data folder of a fictional district."""
    path = tmp_path / "某区"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def found():
    """Return a function: the faults of one rule (by its key) in what was read."""

    def of(ledgers: Ledgers, rule: str) -> pd.DataFrame:
        return ledgers.check()[ledgers.check()["rule"] == rules()[rule].zh].reset_index(drop=True)

    return of


@pytest.fixture
def converted():
    """Return a function: cells converted as the text says, 0 when the conversion is not listed."""

    def of(ledgers: Ledgers, text: str) -> int:
        listed = ledgers.conversions
        return int(listed.loc[listed["conversion"].str.contains(text, regex=False), "cells"].sum())

    return of
