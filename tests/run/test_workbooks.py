"""Workbooks that open in Excel as a person expects, and come out the same every time."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.workbooks import Sheet, write_fault_workbook, write_tables_workbook, write_workbook

FRAME = pd.DataFrame(
    {
        "楼宇名称": ["和安大厦", "=1+1", None],
        "税收(万元)": [1234.5, np.nan, -3.0],
        "企业数": pd.array([3, None, 0], dtype="Int64"),
    }
)


def opened(target: Path) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(target).worksheets[0]


def test_missing_stays_blank_and_zero_stays_zero(tmp_path: Path) -> None:
    write_workbook([Sheet("税收", FRAME, {"税收(万元)": 1, "企业数": 0})], tmp_path / "a.xlsx")
    rows = [[cell.value for cell in row] for row in opened(tmp_path / "a.xlsx").iter_rows()]
    assert rows == [
        ["楼宇名称", "税收(万元)", "企业数"],
        ["和安大厦", 1234.5, 3],
        ["=1+1", None, None],
        [None, -3, 0],
    ]


def test_a_ledgers_text_is_never_a_formula(tmp_path: Path) -> None:
    write_workbook([Sheet("税收", FRAME)], tmp_path / "a.xlsx")
    assert opened(tmp_path / "a.xlsx")["A3"].data_type == "s"


def test_the_header_is_styled_frozen_and_filterable(tmp_path: Path) -> None:
    write_workbook([Sheet("税收", FRAME, {"税收(万元)": 1})], tmp_path / "a.xlsx")
    sheet = opened(tmp_path / "a.xlsx")
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.auto_filter.ref == "A1:C4"
    assert sheet["B2"].number_format == "#,##0.0"
    # 税收(万元): four Chinese signs of two columns and two brackets, and two to spare.
    assert sheet.column_dimensions["B"].width == 12


def test_control_signs_and_sheet_names_excel_refuses_do_not_stop_it(tmp_path: Path) -> None:
    frame = pd.DataFrame({"值": ["坏\x00字符"]})
    write_workbook([Sheet("税收/面积[1]" + "长" * 40, frame)], tmp_path / "a.xlsx")
    sheet = opened(tmp_path / "a.xlsx")
    assert sheet["A2"].value == "坏字符"
    assert sheet.title.startswith("税收_面积_1_")


def test_no_time_of_writing_is_kept(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook([Sheet("税收", FRAME)], tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


def test_the_fault_workbook_holds_every_fault_in_chinese(tmp_path: Path, ledgers: Ledgers) -> None:
    write_fault_workbook(ledgers, tmp_path / "核对.xlsx")
    book = openpyxl.load_workbook(tmp_path / "核对.xlsx")
    assert book.sheetnames == ["问题清单", "换算清单", "数据字典"]
    rows = list(book["问题清单"].iter_rows(values_only=True))
    assert rows[0] == ("文件", "工作表", "行", "列", "原值", "问题", "改法", "程度")
    assert rows[1] == ("运营台账.xlsx", "表1", 3, "入驻率(%)", "约7成", "不是数字", "改为数字", "提醒")


def test_tables_stand_in_the_order_of_the_study(tmp_path: Path, ledgers: Ledgers) -> None:
    write_tables_workbook(
        {"conversions": ledgers.conversions, "faults": ledgers.check()}, tmp_path / "a.xlsx"
    )
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["问题清单", "换算清单"]
    write_tables_workbook({}, tmp_path / "b.xlsx")
    assert opened(tmp_path / "b.xlsx")["A2"].value == "本次运行没有表格。"
