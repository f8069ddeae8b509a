"""Files as they arrive: encodings, formats, damage, locks, folders."""

from __future__ import annotations

import io

import openpyxl
import pytest

from louyu_lab.ledgers.openxml import failed_cells

BUILDINGS = [
    ["楼宇名称", "街道", "建筑面积(㎡)", "可租售面积(㎡)"],
    ["青禾大厦", "中山街道", 32000, 25000],
    ["云帆中心", "澜江街道", 18000, 15000],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_tables_are_read_in_every_encoding(folder, encoding):
    folder.csv("楼宇台账.csv", BUILDINGS, encoding)
    ledgers = folder.read()
    assert ledgers["buildings"]["building"].tolist() == ["云帆中心", "青禾大厦"]
    assert ledgers["buildings"]["gross_area_sqm"].tolist() == [18000.0, 32000.0]
    assert ledgers.check().empty


def test_characters_beyond_gbk_need_gb18030(folder):
    # 㙓 and 𠮷 are four-byte characters of GB 18030, unknown to GBK.
    folder.csv("楼宇台账.csv", [BUILDINGS[0], ["𠮷㙓大厦", "中山街道", 32000, 25000]], "gb18030")
    assert folder.read()["buildings"]["building"].tolist() == ["𠮷㙓大厦"]


@pytest.mark.parametrize("delimiter", ["\t", ";", "，"])
def test_other_delimiters_are_told_below_a_title(folder, delimiter):
    rows = "\n".join(delimiter.join(map(str, row)) for row in BUILDINGS)
    folder.text("楼宇台账.txt", f"某区商务楼宇一览\n{rows}\n")
    assert len(folder.read()["buildings"]) == 2


def test_bytes_of_no_encoding_are_fatal(folder, found):
    (folder.path / "楼宇台账.csv").write_bytes(b"\xff\xff\x80\x00\x81" * 40)
    ledgers = folder.read()
    assert found(ledgers, "file-encoding")["severity"].tolist() == ["fatal"]
    assert len(found(ledgers, "folder-empty")) == 1


def test_text_cut_within_a_character_is_fatal_not_mojibake(folder, found):
    path = folder.csv("楼宇台账.csv", BUILDINGS)
    # The file ends with 15000; cutting inside 澜 (three bytes) leaves UTF-8 that GB18030 could also decode.
    content = path.read_bytes()
    path.write_bytes(content[: content.index("澜".encode()) + 2])
    assert found(folder.read(), "file-broken")["severity"].tolist() == ["fatal"]


def test_an_open_quote_is_fatal_and_says_where(folder, found):
    folder.text("楼宇台账.csv", '楼宇名称,建筑面积(㎡)\n青禾大厦,32000\n"云帆中心,18000\n海岳楼,9000\n')
    broken = found(folder.read(), "file-broken")
    assert broken["value"].tolist() == ["第 3 行起引号不成对"]


def test_old_workbooks_are_read(folder):
    folder.xls("楼宇台账.xls", BUILDINGS)
    assert folder.read()["buildings"]["rentable_area_sqm"].tolist() == [15000.0, 25000.0]


def test_a_file_without_a_byte_is_an_error(folder, found):
    folder.csv("企业台账.csv", [])
    folder.csv("楼宇台账.csv", BUILDINGS)
    ledgers = folder.read()
    assert found(ledgers, "file-empty")[["file", "severity"]].values.tolist() == [["企业台账.csv", "error"]]
    assert len(ledgers["buildings"]) == 2


def test_an_empty_workbook_is_an_error(folder, found):
    folder.xlsx("企业台账.xlsx", {"Sheet1": [], "Sheet2": []})
    ledgers = folder.read()
    assert len(found(ledgers, "file-empty")) == 1
    assert found(ledgers, "folder-empty")["severity"].tolist() == ["fatal"]


def test_a_sheet_with_only_a_header_is_listed(folder, found):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS[:1])
    assert found(folder.read(), "sheet-no-rows")["severity"].tolist() == ["warning"]


def test_a_password_is_fatal_for_its_file_only(folder, found):
    import msoffcrypto

    plain = folder.xlsx("企业台账.xlsx", [["企业名称", "统一社会信用代码"], ["甲公司", ""]])
    locked = io.BytesIO()
    with plain.open("rb") as source:
        msoffcrypto.OfficeFile(source).encrypt("louyu2020", locked)
    plain.write_bytes(locked.getvalue())
    folder.csv("楼宇台账.csv", BUILDINGS)
    ledgers = folder.read()
    assert found(ledgers, "file-password")[["file", "severity"]].values.tolist() == [
        ["企业台账.xlsx", "fatal"]
    ]
    assert "清空密码" in found(ledgers, "file-password")["remedy"][0]
    assert len(ledgers["buildings"]) == 2


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_truncated_workbook_never_gives_a_traceback(folder, found, kind, kept):
    path = getattr(folder, kind)(f"楼宇台账.{kind}", BUILDINGS)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    faults = folder.read().check()
    assert "fatal" in set(faults["severity"])


def test_a_workbook_with_a_damaged_sheet_is_fatal(folder, found):
    import zipfile

    path = folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:200]
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert "fatal" in set(folder.read().check()["severity"])


def test_a_workbook_renamed_csv_is_read_and_said(folder, converted):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS).rename(folder.path / "楼宇台账.csv")
    ledgers = folder.read()
    assert len(ledgers["buildings"]) == 2
    assert converted(ledgers, "内容是工作簿") == 1


def test_a_csv_renamed_xlsx_is_read_and_said(folder, converted):
    folder.csv("楼宇台账.csv", BUILDINGS, "gb18030").rename(folder.path / "楼宇台账.xlsx")
    ledgers = folder.read()
    assert len(ledgers["buildings"]) == 2
    assert converted(ledgers, "内容是文本") == 3


def test_a_web_page_saved_as_xls_is_fatal(folder, found):
    folder.text("楼宇台账.xls", "<html><table><tr><td>楼宇名称</td></tr></table></html>")
    assert "另存为 .xlsx" in found(folder.read(), "file-broken")["remedy"][0]


@pytest.mark.parametrize("lock", ["~$楼宇台账.xlsx", "~$台账.xlsx", ".~lock.楼宇台账.xlsx#"])
def test_a_lock_beside_a_workbook_is_listed(folder, found, lock):
    # Excel drops the first two letters of longer names; LibreOffice writes .~lock.NAME#.
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    (folder.path / lock).write_bytes(b"\x05user")
    ledgers = folder.read()
    assert found(ledgers, "file-open")[["file", "severity"]].values.tolist() == [["楼宇台账.xlsx", "warning"]]
    assert len(ledgers["buildings"]) == 2


def test_a_file_that_may_not_be_read_is_fatal(folder, found, monkeypatch):
    from pathlib import Path

    denied = folder.csv("楼宇台账.csv", BUILDINGS)
    genuine = Path.read_bytes

    def read_bytes(path):
        if path == denied:
            raise PermissionError(13, "Permission denied")
        return genuine(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert found(folder.read(), "file-denied")["severity"].tolist() == ["fatal"]


def test_nothing_is_written_into_a_read_only_folder(folder):
    folder.csv("楼宇台账.csv", BUILDINGS)
    before = {path: path.stat().st_mtime_ns for path in folder.path.iterdir()}
    folder.path.chmod(0o555)
    try:
        assert len(folder.read()["buildings"]) == 2
    finally:
        folder.path.chmod(0o755)
    assert {path: path.stat().st_mtime_ns for path in folder.path.iterdir()} == before


def test_hidden_sheets_are_listed_and_not_read(folder, found):
    path = folder.xlsx("楼宇台账.xlsx", {"楼宇": BUILDINGS, "旧": BUILDINGS, "极旧": BUILDINGS})
    book = openpyxl.load_workbook(path)
    book["旧"].sheet_state, book["极旧"].sheet_state = "hidden", "veryHidden"
    book.save(path)
    ledgers = folder.read()
    assert found(ledgers, "sheet-hidden")["sheet"].tolist() == ["旧", "极旧"]
    assert len(ledgers["buildings"]) == 2


def test_the_same_file_twice_is_read_once(folder, found):
    path = folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    (folder.path / "楼宇台账 - 副本.xlsx").write_bytes(path.read_bytes())
    ledgers = folder.read()
    assert found(ledgers, "file-copy")["value"].tolist() == ["与 楼宇台账 - 副本.xlsx 相同"]
    assert len(ledgers["buildings"]) == 2
    assert found(ledgers, "building-duplicate").empty


def test_folders_by_street_are_read_together_and_give_the_street(folder, converted):
    head = ["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"]
    folder.xlsx("中山街道/楼宇台账.xlsx", [head, ["青禾大厦", 32000, 25000]])
    folder.xlsx("澜江街道/楼宇台账.xlsx", [head, ["云帆中心", 18000, 15000]])
    ledgers = folder.read()
    assert dict(zip(ledgers["buildings"]["building"], ledgers["buildings"]["street"], strict=True)) == {
        "青禾大厦": "中山街道",
        "云帆中心": "澜江街道",
    }
    assert converted(ledgers, "由文件夹名取得街道") == 2
    assert ledgers.inputs["path"].tolist() == ["中山街道/楼宇台账.xlsx", "澜江街道/楼宇台账.xlsx"]


def test_other_kinds_of_file_are_listed_and_documents_passed_over(folder, found):
    folder.csv("楼宇台账.csv", BUILDINGS)
    folder.text("说明.md", "说明")
    folder.text("台账.zip", "x")
    assert found(folder.read(), "file-kind")["file"].tolist() == ["台账.zip"]


def test_a_missing_folder_is_told_in_chinese(folder):
    from louyu_lab.ledgers import read_ledgers

    with pytest.raises(NotADirectoryError, match="没有这个文件夹"):
        read_ledgers(folder.path / "没有")


def test_a_large_formatted_area_costs_nothing(folder):
    from openpyxl.styles import PatternFill

    path = folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    book = openpyxl.load_workbook(path)
    for row in range(5, 3000):
        book.active.cell(row, 40).fill = PatternFill("solid", "FFFF00")
    book.active["A1048576"] = " "
    book.save(path)
    ledgers = folder.read()
    assert len(ledgers["buildings"]) == 2
    assert ledgers.check().empty


def test_a_stray_value_in_the_last_cell_is_fatal_for_its_file(folder, found):
    # Read in full this sheet has 1.7e10 cells, and calamine ends the process.
    path = folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)
    assert found(folder.read(), "sheet-vast")[["sheet", "severity"]].values.tolist() == [["Sheet1", "fatal"]]


def test_formula_errors_are_found_in_the_file(folder):
    path = folder.xlsx(
        "楼宇台账.xlsx", {"一": BUILDINGS, "二&三": [["楼宇名称", "=1/0"], ["甲", None, "=x"]]}
    )
    book = openpyxl.load_workbook(path)
    sheet = book["二&三"]
    for place, text in (("B1", "#DIV/0!"), ("C2", "#REF!")):
        sheet[place].value, sheet[place].data_type = text, "e"
    book.save(path)
    assert failed_cells(path.read_bytes()) == {"二&三": {(0, 1): "#DIV/0!", (1, 2): "#REF!"}}


def test_sheet_names_of_31_odd_characters(folder, found):
    name = "（2020）中山&'街道'·楼宇<台账>—第一次普查表格！～@#%^汇"[:31]
    folder.xlsx("数据.xlsx", {name: [*BUILDINGS, ["海岳楼", "中山街道", 3.2, 2.5]]})
    ledgers = folder.read()
    assert len(ledgers["buildings"]) == 2
    assert set(found(ledgers, "unit-suspect")["sheet"]) == {name}


def test_a_tax_systems_export_with_codes_as_formulas_and_tabs_at_line_ends(folder):
    text = '纳税人识别号,纳税人名称,实缴税额(元)\t\r\n="91110105MA00000012",甲公司,"12,005.00"\t\r\n'
    (folder.path / "2020年税收导出.csv").write_bytes(text.encode("gbk"))
    assert folder.read()["taxes"][["credit_code", "tax_yuan"]].values.tolist() == [
        ["91110105MA00000012", 12_005.0]
    ]
