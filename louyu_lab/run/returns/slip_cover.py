"""The first sheet of a 核实单: what is asked of whom, how to answer, and what lies in no single row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from louyu_lab.ledgers.faults import SEVERITY_ZH
from louyu_lab.run.returns.slip_cells import clean
from louyu_lab.run.returns.slip_rows import Slip
from louyu_lab.run.returns.slip_styles import Styles
from louyu_lab.run.workbooks import columns_taken

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TITLE = "填表说明"

#: Rows above which a slip says that it is long.
MANY_ROWS = 2000

_HOW = (
    "每张工作表是一份台账里有疑问的行。底色标出有疑问的格，鼠标停在上面可看原因和改法；最右边“问题”一列写全了。",
    "填错了：直接把格子改成正确的值，“核实结果”选“已改正”，“依据”写凭什么改（如租赁合同、营业执照）。",
    "没有错：不用改，“核实结果”选“属实”；有什么缘故，写在“依据”里。",
    "多余的行（如重复登记）：“核实结果”选“删除”，写明依据；不要在本单里删去这一行，那等于没有答复。",
    "说不清：在“核实结果”里用几句话写明情况，不必选上面几项。",
    "可以整行排序、筛选、分给几个人填；请不要改“核实编号”一列和表头，也不要加列，要说的话写在“核实结果”或"
    "“依据”里。没有疑问的格请不要动。填好后存为 .xlsx，发回给发件人。",
)

_WIDTHS = (6, 30, 16, 14, 40, 44)

#: Latin characters on a line over the width of the sheet.
_LINE = sum(_WIDTHS[1:]) - 4


def fill(page: Worksheet, slip: Slip, district: str, titles: Sequence[str], styles: Styles) -> None:
    """Write the cover of a slip; ``titles`` are the names of its sheets."""
    page.title = TITLE
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.sheet_view.showGridLines = False
    styles.put(page.cell(1, 1, _title(slip)), "title")
    page.row_dimensions[1].height = 34
    _line(page, 2, _asked(slip, district), styles)
    row = _how(page, 4, styles)
    row = _legend(page, row + 1, styles)
    if slip.sheets:
        row = _contents(page, row + 1, slip, titles, styles)
    if len(slip.loose):
        _loose(page, row + 1, slip.loose, styles)
    print_across(page)
    page.print_title_rows = None


def print_across(page: Worksheet, wide: bool = False) -> None:
    """Print landscape, as wide as the paper (A3 where ``wide``), the header on every page."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A3 if wide else page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.6, 0.8, 0.4
    page.oddFooter.center.text = "第 &P 页，共 &N 页"


def _title(slip: Slip) -> str:
    """The street, or the ledgers that no street keeps."""
    ledgers = "、".join(dict.fromkeys(sheet.ledger for sheet in slip.sheets))
    kept_by_none = f"（{ledgers}）" if not slip.region and ledgers else ""
    return f"{slip.name} 台账核实单{kept_by_none}"


def _asked(slip: Slip, district: str) -> str:
    if not slip.sheets:
        return f"{district}楼宇经济台账核对：下面几处问题不在某一行，请在原台账里改好后重新报送。"
    counts = [
        f"{slip.fault_count(severity)} 处{SEVERITY_ZH[severity]}"
        for severity in ("error", "warning")
        if slip.fault_count(severity)
    ]
    many = "。行数较多，可分给几个人填，分几份发回" if slip.row_count > MANY_ROWS else ""
    return f"{district}楼宇经济台账核对：请核实下列 {slip.row_count:,} 行，其中 {'、'.join(counts)}{many}。"


def _how(page: Worksheet, row: int, styles: Styles) -> int:
    styles.put(page.cell(row, 1, "怎么填"), "heading")
    for number, text in enumerate(_HOW, start=1):
        styles.put(page.cell(row + number, 1, number), "number")
        _line(page, row + number, text, styles, first=2)
    return row + len(_HOW) + 1


def _legend(page: Worksheet, row: int, styles: Styles) -> int:
    styles.put(page.cell(row, 1, "底色"), "heading")
    meanings = {
        "error": "错误：改正之前，这一行不参与计算",
        "warning": "提醒：这一行照常计算，请核实",
        "answer": "请在这里填写",
        "fixed": "这一行在原台账里的位置，请勿改动",
    }
    for number, (style, meaning) in enumerate(meanings.items(), start=row + 1):
        styles.put(page.cell(number, 1), style)
        styles.put(page.cell(number, 2, meaning), "words")
        page.merge_cells(start_row=number, start_column=2, end_row=number, end_column=5)
    return row + len(meanings) + 1


def _contents(page: Worksheet, row: int, slip: Slip, titles: Sequence[str], styles: Styles) -> int:
    styles.put(page.cell(row, 1, "本单的工作表"), "heading")
    _header(page, row + 1, ("", "工作表", "要核实的行数", "其中错误", "台账文件", "原工作表"), styles)
    for number, (sheet, title) in enumerate(zip(slip.sheets, titles, strict=True), start=1):
        wrong = sum(entry.severity != "warning" for entry in sheet.rows)
        values = (number, title, len(sheet.rows), wrong, sheet.file, sheet.sheet)
        _row(page, row + 1 + number, values, styles)
        page.cell(row + 1 + number, 2).hyperlink = f"#'{title}'!A1"
    return row + 2 + len(slip.sheets)


def _loose(page: Worksheet, row: int, loose: pd.DataFrame, styles: Styles) -> None:
    said = "不在某一行的问题（整份文件、整张表、整列或合计行），请在原台账里改好后重新报送"
    styles.put(page.cell(row, 1, said), "heading")
    _header(page, row + 1, ("", "台账文件", "工作表", "行", "问题", "改法"), styles)
    for number, fault in enumerate(loose.to_dict("records"), start=1):
        column = f"“{fault['column']}”：" if fault["column"] else ""
        value = f"（{clean(fault['value'])}）" if fault["value"] else ""
        place = "" if pd.isna(fault["row"]) else int(fault["row"])
        problem = f"{column}{fault['rule']}{value}"
        values = (number, fault["file"], fault["sheet"], place, problem, fault["remedy"])
        _row(page, row + 1 + number, values, styles)


def _header(page: Worksheet, row: int, headings: Sequence[str], styles: Styles) -> None:
    for place, heading in enumerate(headings, start=1):
        styles.put(page.cell(row, place, heading or None), "header-own")


def _row(page: Worksheet, row: int, values: Sequence[object], styles: Styles) -> None:
    for place, value in enumerate(values, start=1):
        cell = page.cell(row, place)
        cell.value = None if value == "" else value
        if isinstance(value, str):
            cell.data_type = "s"
        styles.put(cell, "own-number" if isinstance(value, int) else "own")


def _line(page: Worksheet, row: int, text: str, styles: Styles, first: int = 1) -> None:
    """Write a text over the whole width, the row as high as its lines need."""
    styles.put(page.cell(row, first, text), "words")
    page.merge_cells(start_row=row, start_column=first, end_row=row, end_column=len(_WIDTHS))
    page.row_dimensions[row].height = 17 * (1 + (columns_taken(text) - 1) // _LINE)
