"""A small district with faults in real files, and clerks who fill in slips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from louyu_lab.run.check import CheckReport, check_folder

#: Two streets, three buildings; one area is no number, one rentable area larger than the whole.
BUILDINGS = [
    ["某区楼宇台账（2020年）"],
    ["楼宇编号", "楼宇名称", "街道", "建筑面积(㎡)", "可租售面积(㎡)", "投用日期", "联系人"],
    ["001", "和安大厦", "东街街道", "三万多", 20000, dt.date(2015, 6, 1), "张三 13800000000"],
    ["002", "云台中心", "西街街道", 20000, 26000, dt.date(2016, 7, 1), "李四"],
    ["003", "望海楼", "东街街道", 18000, 12000, dt.date(2017, 8, 1), "王五"],
]

#: A text table: its street is the file's; one date is none, one building is misspelt.
FIRMS = """\
统一社会信用代码,企业名称,楼宇名称,租用面积(㎡),迁入日期,备注
91110108551385082Q,甲公司,云台中心,120,2018-03-01,
91110108717743469K,乙公司,韵台中心,0300,去年春天,
"""


@dataclass
class District:
    """A data folder, and where its checks are written."""

    data: Path
    out: Path

    @property
    def slips(self) -> Path:
        return self.out / "核实单"

    def check(self, replies: Path | None = None) -> CheckReport:
        return check_folder(str(self.data), str(self.out), str(replies) if replies else None)

    def rows(self, file: str, sheet: str) -> list[dict[str, object]]:
        """The rows of one of the two workbooks of decisions, blank cells as ""."""
        page = openpyxl.load_workbook(self.data / file)[sheet]
        first, *rest = page.iter_rows(values_only=True)
        return [dict(zip(first, ("" if cell is None else cell for cell in row), strict=True)) for row in rest]


def write_xlsx(path: Path, rows: list[list[object]], title: str, merges: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for merge in merges:
        book.active.merge_cells(merge)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def district(tmp_path: Path) -> District:
    data = tmp_path / "某区"
    write_xlsx(data / "楼宇台账.xlsx", BUILDINGS, "楼宇台账")
    (data / "企业台账_西街街道.csv").write_text(FIRMS, encoding="utf-8")
    return District(data, tmp_path / "核对")


@pytest.fixture
def fill() -> Callable[..., Path]:
    """Fill in a slip as a clerk does: ``answers`` is sheet -> (a cell's text of the row -> heading -> value)."""

    def filled(slip: Path, target: Path, answers: Mapping[str, Mapping[str, Mapping[str, object]]]) -> Path:
        book = openpyxl.load_workbook(slip)
        for sheet, rows in answers.items():
            page = book[sheet]
            columns = {cell.value: cell.column for cell in page[1]}
            for text, cells in rows.items():
                row = next(row for row in page.iter_rows(min_row=2) if text in [cell.value for cell in row])
                for heading, value in cells.items():
                    page.cell(row[0].row, columns[heading]).value = value
        target.parent.mkdir(parents=True, exist_ok=True)
        book.save(target)
        return target

    return filled


def slip_frame(path: Path, sheet: str) -> pd.DataFrame:
    """A sheet of a slip as texts."""
    return pd.read_excel(path, sheet_name=sheet, dtype=str, keep_default_na=False, engine="calamine")
