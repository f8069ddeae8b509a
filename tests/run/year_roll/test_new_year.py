"""Next year's folder: configuration and decisions carried, forms emptied, and a study possible once filled."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.faults import rules
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.questions import open_questions
from louyu_lab.run.year_roll.forms import without_answers
from louyu_lab.run.year_roll.new_year import new_year
from louyu_lab.run.year_roll.package import first_rows
from louyu_lab.run.year_roll.years import moved, years_in

BUILDINGS = [
    ("楼宇编号", "楼宇名称", "街道", "建筑面积(㎡)", "可租售面积(㎡)", "等级"),
    ("HA001", "诚大数码大厦", "东街道", 31357, 20000, "甲级"),
    ("HA002", "云台中心", "西街道", 20000, 10000, "乙级"),
]
TENANTS = [
    ("企业名称", "楼宇编号", "租用面积(㎡)", "迁入日期", "联系人"),
    ("澜州钧峻商贸有限公司", "HA001", 300, "2018-03-01", "王小明"),
]
TAXES = [("企业名称", "楼宇编号", "全口径税收(万元)"), ("澜州钧峻商贸有限公司", "HA001", 123.4)]
IDLE = [
    ("闲置编号", "闲置资源名称", "街道", "闲置类型", "闲置面积(㎡)"),
    ("XZ1", "诚大六层东区", "东街道", "办公楼", 800),
]

#: Everything of the data rows and beside them that must not be found in any form.
PRIVATE = (
    *("HA001", "HA002", "诚大数码", "云台中心", "澜州钧峻", "王小明", "XZ1", "诚大六层", "123.4", "31357"),
    *("张三", "13800001111", "李四", "机密", "绝密批注", "赵六", "SUM(", "合计", "某省局"),
)


def sheet(
    book: openpyxl.Workbook, title: str, rows: list[tuple], name: str
) -> openpyxl.worksheet.worksheet.Worksheet:
    page = book.create_sheet(title)
    page.append([name])
    for row in rows:
        page.append(row)
    for cell in page[2]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DCE6F1")
    return page


def workbook(path: Path, *sheets: tuple[str, list[tuple], str]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows, name in sheets:
        sheet(book, title, rows, name)
    book.save(path)


def rich_buildings(path: Path) -> None:
    """A building ledger with everything a workbook can hide a name in."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    page = sheet(
        book,
        "楼宇台账",
        BUILDINGS,
        "和安区楼宇台账  填报人：张三  联系电话：13800001111  填表日期：2020年12月31日",
    )
    page.append(("合计", None, None, "=SUM(D3:D4)", None, None))
    page.append(("注：李四审核",))
    page["B3"].comment = Comment("绝密批注", "赵六")
    page["D3"].number_format = "#,##0"
    page.column_dimensions["B"].width = 33
    page.freeze_panes = "C3"
    for formula, cells in (('"甲级,乙级"', "F3:F4"), ("=机密!$A$1:$A$2", "C3:C4")):
        check = DataValidation(type="list", formula1=formula)
        check.add(cells)
        page.add_data_validation(check)
    page.auto_filter.ref = "A2:F4"
    hidden = book.create_sheet("机密")
    hidden.append(["王小明"])
    hidden.sheet_state = "hidden"
    book.properties.creator, book.properties.title = "赵六", "某省局"
    book.security.lockStructure = True
    book.save(path)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district of two years in every shape: undated, one file a year, one sheet a year, wide, csv, xls."""
    folder = tmp_path_factory.mktemp("old") / "和安区"
    folder.mkdir()
    rich_buildings(folder / "楼宇台账.xlsx")
    text = "\n".join(",".join(map(str, row)) for row in TENANTS) + "\n"
    (folder / "企业台账_东街道.csv").write_bytes(text.encode("gb18030"))
    old = xlwt.Workbook()
    page = old.add_sheet("企业台账")
    for i, row in enumerate([TENANTS[0], ("澜州云商咨询有限公司", "HA002", 90, "2019-01-01", "李四")]):
        for j, value in enumerate(row):
            page.write(i, j, value)
    old.save(str(folder / "企业台账_西街道.xls"))
    for year in (2019, 2020):
        workbook(folder / f"税收台账_{year}年.xlsx", ("税收台账", TAXES, f"和安区税收台账（{year}年）"))
    workbook(folder / "闲置资源台账.xlsx", *((f"{year}年", IDLE, "闲置资源台账") for year in (2019, 2020)))
    wide = openpyxl.Workbook()
    wide.active.title = "运营台账"
    for row in (("楼宇编号", "入驻率(%)", None), (None, 2019, 2020), ("HA001", 70, 75), ("HA002", 80, 90)):
        wide.active.append(row)
    wide.active.merge_cells("B1:C1")
    wide.active.merge_cells("A1:A2")
    wide.save(folder / "运营台账.xlsx")
    (folder / "旧空置.docx").write_bytes(b"no ledger")
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 cut")
    (folder / "targets.yaml").write_text("目标:\n  入驻率(%): {2019: 80, 2020: 85}\n", encoding="utf-8")
    (folder / "published.yaml").write_text("年份: 2020\n数字: []\n", encoding="utf-8")
    (folder / "columns.yaml").write_text("2020年底空置: 空置面积\n", encoding="utf-8")
    workbook(folder / "更正.xlsx", ("更正", [("台账", "键", "字段", "原值", "新值", "依据")], "更正"))
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "补贴.yaml").write_text("title: 补贴\n", encoding="utf-8")
    (folder / "scorecards").mkdir()
    (folder / "scorecards" / "特色.yaml").write_text("名称: 特色\n", encoding="utf-8")
    (folder / "行业对照.yaml").write_text("行业: {其他: {}}\n其余: 其他\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rolled(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    target = tmp_path_factory.mktemp("new") / "和安区2021"
    return target, new_year(source, target)


def test_the_folder_holds_configuration_and_one_form_a_file_of_the_latest_year(
    rolled: tuple[Path, str],
) -> None:
    target, _ = rolled
    assert sorted(
        path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()
    ) == sorted(
        [
            *("columns.yaml", "targets.yaml", "published.yaml", "更正.xlsx", "scenarios/补贴.yaml"),
            *("行业对照.yaml", "scorecards/特色.yaml"),
            *("企业台账_东街道.csv", "企业台账_西街道.xlsx", "楼宇台账.xlsx", "运营台账.xlsx"),
            *("税收台账_2021年.xlsx", "闲置资源台账.xlsx"),
        ]
    )


def test_configuration_is_copied_byte_for_byte(source: Path, rolled: tuple[Path, str]) -> None:
    names = ("targets.yaml", "columns.yaml", "更正.xlsx", "scenarios/补贴.yaml")
    for name in (*names, "行业对照.yaml", "scorecards/特色.yaml"):
        assert (rolled[0] / name).read_bytes() == (source / name).read_bytes()


def test_years_move_in_names_titles_sheets_and_headings(rolled: tuple[Path, str]) -> None:
    taxes = openpyxl.load_workbook(rolled[0] / "税收台账_2021年.xlsx")
    assert taxes["税收台账"]["A1"].value == "和安区税收台账（2021年）"
    # The sheet of 2019 is history; only the latest one becomes a form.
    assert openpyxl.load_workbook(rolled[0] / "闲置资源台账.xlsx").sheetnames == ["2021年"]
    wide = openpyxl.load_workbook(rolled[0] / "运营台账.xlsx")["运营台账"]
    assert [cell.value for cell in wide[2]] == [None, 2020, 2021]
    assert sorted(map(str, wide.merged_cells.ranges)) == ["A1:A2", "B1:C1"]


def test_a_form_looks_as_the_old_table_did(rolled: tuple[Path, str]) -> None:
    page = openpyxl.load_workbook(rolled[0] / "楼宇台账.xlsx")["楼宇台账"]
    assert [cell.value for cell in page[2]] == list(BUILDINGS[0])
    assert page["A2"].font.bold and page["A2"].fill.fgColor.rgb == "00DCE6F1"
    assert page.column_dimensions["B"].width == 33
    assert page.column_dimensions["D"].number_format == "#,##0"
    assert page.freeze_panes == "C3"
    (check,) = page.data_validations.dataValidation
    assert check.formula1 == '"甲级,乙级"'
    assert "F3" in check.sqref and "F500" in check.sqref and "F2" not in check.sqref


def test_a_text_table_keeps_its_encoding_and_delimiter(source: Path, rolled: tuple[Path, str]) -> None:
    content = (rolled[0] / "企业台账_东街道.csv").read_bytes()
    assert content.decode("gb18030") == ",".join(TENANTS[0]) + "\n"


def test_nothing_of_a_data_row_survives_anywhere_in_a_form(rolled: tuple[Path, str]) -> None:
    for path in (
        path for path in rolled[0].iterdir() if path.suffix in (".xlsx", ".csv") and path.name != "更正.xlsx"
    ):
        if path.suffix == ".csv":
            whole = path.read_bytes().decode("gb18030")
        else:
            with zipfile.ZipFile(path) as package:
                assert not [name for name in package.namelist() if "comments" in name or "external" in name]
                whole = " ".join(package.read(name).decode("utf-8") for name in package.namelist())
            assert "lockStructure" not in whole
        assert [text for text in PRIVATE if text in whole] == [], path.name


def test_the_checklist_names_what_must_be_renewed(rolled: tuple[Path, str]) -> None:
    text = rolled[1]
    for said in (
        "和安区（2020 年）→ 和安区2021（2021 年）",
        "☐ 税收台账_2021年.xlsx：填税收台账",
        "☐ 企业台账_西街道.xlsx：填企业台账；旧版格式，版式没有保留，另存为 .xlsx",
        "“楼宇台账”有 1 个下拉或校验引用别的单元格，请重设",
        "targets.yaml：没有 2021 年的目标（现有 2019、2020 年），请补上",
        "“2020年底空置”→“2021年底空置”",
        "☐ 行业对照.yaml：行业照旧归类；改了的话，往年也按新的归类重算，与已公布的可能对不上",
        "☐ scorecards/：核对 2021 年用的评价办法，门槛、分值有调整的请改",
        "2020 年还没有处理完的（请在旧文件夹里处理，或记下缘故）：\n  ☐ 错误 1 项（文件损坏或不完整 1 处）",
        f"楼宇台账.xlsx 机密：{rules()['sheet-hidden'].zh}",
        f"坏.xlsx：{rules()['file-broken'].zh}",
        "请用 --history 重做",
    ):
        assert said in text, text
    assert "旧空置" not in text
    # Of no corrections there is nothing to say.
    assert "☐ 更正.xlsx" not in text


def test_the_checklist_is_kept_as_a_file_beside_the_folder(rolled: tuple[Path, str]) -> None:
    target, text = rolled
    listed = target.with_name("和安区2021_年度清单.txt")
    assert f"这份清单存为：{listed}" in text
    kept = listed.read_text(encoding="utf-8")
    assert "2021 年要更新的：" in kept and "2020 年还没有处理完的" in kept
    assert text.startswith(kept.rstrip())


def test_a_checklist_that_is_there_already_is_not_written_over(source: Path, tmp_path: Path) -> None:
    (tmp_path / "x_年度清单.txt").write_text("☑ 我勾过的", encoding="utf-8")
    new_year(source, tmp_path / "x")
    assert (tmp_path / "x_年度清单.txt").read_text(encoding="utf-8") == "☑ 我勾过的"
    assert (tmp_path / "x_年度清单_2.txt").is_file()


def test_what_the_old_year_left_open_is_said(tmp_path: Path) -> None:
    old = tmp_path / "和安区"
    old.mkdir()
    workbook(old / "楼宇台账.xlsx", ("楼宇台账", BUILDINGS, "楼宇台账"))
    tenants = [
        *TENANTS,
        ("乙公司", "HA001", 30, "去年春天", ""),
        ("丙公司", "ZZ9", 20, "2019-03-01", ""),
    ]
    workbook(old / "企业台账_2020年.xlsx", ("企业台账", tenants, "企业台账"))
    entries = [
        ("台账", "键", "字段", "原值", "新值", "依据"),
        ("楼宇台账", "诚大数码大厦", "等级", "甲级", "乙级", "合同"),
        ("楼宇台账", "没有这幢", "等级", "甲级", "乙级", "合同"),
    ]
    workbook(old / "更正.xlsx", ("更正", entries, "更正"))
    workbook(
        old / "复核.xlsx",
        ("楼宇", [("写法", "决定", "说明"), ("早已改好的写法", "", "待查"), ("HA000", "", "")], "楼宇"),
    )
    text = new_year(old, tmp_path / "new")
    assert "☐ 错误 1 项（不是日期 1 处）" in text
    # ZZ9 is no building; the two undecided rows of 复核.xlsx ask nothing that the ledgers still ask.
    spelled = len(open_questions(read_ledgers(old))["楼宇"])
    assert spelled == 1
    asked = sum(map(len, open_questions(read_ledgers(old)).values()))
    assert f"☐ 待定事项 {asked} 项还没有决定" in text
    assert "☐ 更正.xlsx：1 条没有用上" in text
    assert "☐ 更正.xlsx：2 条；写明期间的只用于那一期（往年的台账没有带来，这些可删）" in text


def fill(path: Path, rows: list[tuple]) -> None:
    book = openpyxl.load_workbook(path)
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_a_filled_folder_reads_as_the_new_year_with_the_same_ledgers(
    source: Path, rolled: tuple[Path, str]
) -> None:
    target, _ = rolled
    fill(target / "楼宇台账.xlsx", BUILDINGS[1:])
    fill(
        target / "企业台账_西街道.xlsx", [("澜州云商咨询有限公司", "HA002", 90, dt.date(2019, 1, 1), "李四")]
    )
    fill(target / "税收台账_2021年.xlsx", TAXES[1:])
    fill(target / "闲置资源台账.xlsx", IDLE[1:])
    fill(target / "运营台账.xlsx", [("HA001", 75, 80), ("HA002", 90, 92)])
    with (target / "企业台账_东街道.csv").open("a", encoding="gb18030") as text:
        text.write(",".join(map(str, TENANTS[1])) + "\n")
    old, new = read_ledgers(source), read_ledgers(target)
    assert old.years == [2019, 2020] and new.years == [2020, 2021]
    assert set(new.frames) == set(old.frames)
    assert set(new["taxes"]["year"]) == {2021}
    assert sorted(new["occupancy"]["occupancy_rate"]) == [0.75, 0.8, 0.9, 0.92]
    unknown = {rules()[key].zh for key in ("column-unknown", "sheet-unknown", "column-unheaded")}
    assert not unknown & set(new.check()["rule"])


def test_with_history_the_old_ledgers_come_along_and_undated_ones_are_gone_on_with(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "和安区2021"
    text = new_year(source, target, history=True)
    for name in (
        "楼宇台账.xlsx",
        "税收台账_2019年.xlsx",
        "税收台账_2020年.xlsx",
        "运营台账.xlsx",
        "闲置资源台账.xlsx",
    ):
        assert (target / name).read_bytes() == (source / name).read_bytes()
    assert openpyxl.load_workbook(target / "闲置资源台账_2021年.xlsx").sheetnames == ["2021年"]
    assert (target / "税收台账_2021年.xlsx").is_file()
    assert not (target / "坏.xlsx").exists()
    assert "楼宇台账：在带来的原表上续填到 2021 年（补新行、填变动）：楼宇台账.xlsx" in text
    fill(target / "税收台账_2021年.xlsx", TAXES[1:])
    assert read_ledgers(target).years == [2019, 2020, 2021]


def test_another_year_moves_everything_by_as_much(source: Path, tmp_path: Path) -> None:
    new_year(source, tmp_path / "x", 2023)
    assert (tmp_path / "x" / "税收台账_2023年.xlsx").is_file()


@pytest.mark.parametrize("year", [2020, 2019, 3000])
def test_a_year_that_is_no_later_is_refused(source: Path, tmp_path: Path, year: int) -> None:
    with pytest.raises(InputError, match=str(year)):
        new_year(source, tmp_path / "x", year)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_or_among_the_ledgers_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "我的.docx").touch()
    with pytest.raises(InputError, match="已有文件"):
        new_year(source, tmp_path)
    with pytest.raises(InputError, match="不能写进台账文件夹"):
        new_year(source, source / "2021")
    with pytest.raises(InputError, match="找不到台账文件夹"):
        new_year(tmp_path / "没有", tmp_path / "x")
    (tmp_path / "空").mkdir()
    new_year(source, tmp_path / "空")
    assert (tmp_path / "空" / "楼宇台账.xlsx").is_file()


def test_years_of_standards_and_documents_stay() -> None:
    assert moved("行业代码(GB/T 4754-2017)，2020年", 1) == "行业代码(GB/T 4754-2017)，2021年"
    assert (
        moved("和政发〔2019〕12号 2018—2020年 2020Q3 20201231", 1)
        == "和政发〔2019〕12号 2019—2021年 2021Q3 20201231"
    )
    assert years_in("（2020年12月修订）GB/T 4754-2017") == [2020]


@given(st.text(alphabet="年度20191表（）-Q3 ", max_size=30), st.integers(1, 5))
def test_moving_there_and_back_changes_nothing(text: str, step: int) -> None:
    # Years of the alphabet stay within 1900–2099 when moved by up to five, so each is found again.
    if all(1900 <= year + step <= 2094 for year in years_in(text)):
        assert moved(moved(text, step), -step) == text
        assert years_in(moved(text, step)) == [year + step for year in years_in(text)]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("填报单位：东街道  填报人：张三  单位：万元", "填报单位：东街道  填报人：  单位：万元"),
        ("制表人：张三 填表日期：2021年1月5日", "制表人： 填表日期："),
        ("联系人：联系电话：024-12345678", "联系人：联系电话："),
        ("和安区税收台账（2020年）", "和安区税收台账（2020年）"),
    ],
)
def test_what_was_filled_in_beside_a_title_is_taken_out(title: str, kept: str) -> None:
    assert without_answers(title) == kept


def test_of_a_row_to_be_signed_the_labels_and_the_unit_stay(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    signed = ("填报人：", "张三", "电话：", "024-12345678", "填报单位：", "东街道办事处", "单位：万元")
    workbook(
        old / "税收台账_2020年.xlsx",
        ("税收", [signed, ("企业名称", "楼宇编号", "税收"), ("甲公司", "H1", 5)], "税收"),
    )
    new_year(old, tmp_path / "new")
    page = openpyxl.load_workbook(tmp_path / "new" / "税收台账_2021年.xlsx").active
    assert [cell.value for cell in page[2]] == [
        "填报人：",
        None,
        "电话：",
        None,
        "填报单位：",
        None,
        "单位：万元",
    ]
    assert page.max_row == 3


def test_folders_are_years_too_and_a_file_left_behind_is_named(tmp_path: Path) -> None:
    old = tmp_path / "old"
    for year, street in ((2019, "东"), (2020, "东"), (2019, "西")):
        file = old / f"{year}年" / f"税收台账_{street}街道.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"企业名称,税收(万元)\n{street}{year}公司,5\n", encoding="utf-8-sig")
    text = new_year(old, tmp_path / "new")
    assert [path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*.csv")] == [
        "2021年/税收台账_东街道.csv"
    ]
    assert "2019年/税收台账_西街道.csv：只到 2019 年，没有做空表" in text
    assert "2019年/税收台账_东街道.csv" not in text


def test_a_table_above_the_ledger_is_no_title(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    book = openpyxl.Workbook()
    book.active.title = "企业台账"
    for row in (("2020年企业台账",), ("赵六", "018", 5, "王五", "钱七"), ("孙八", "周九"), *TENANTS):
        book.active.append(row)
    book.save(old / "企业台账_2020.xlsx")
    new_year(old, tmp_path / "new")
    page = openpyxl.load_workbook(tmp_path / "new" / "企业台账_2021.xlsx").active
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][0] == "2021年企业台账"
    assert set(rows[1] + rows[2]) == {None}
    assert rows[3] == TENANTS[0] and len(rows) == 4


def test_a_long_table_with_many_merges_is_cut_before_it_is_opened(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(50):
        book.active.append([f"第{number}家", number])
        book.active.merge_cells(start_row=number + 1, start_column=3, end_row=number + 1, end_column=4)
    book.save(tmp_path / "long.xlsx")
    (tmp_path / "short.xlsx").write_bytes(first_rows((tmp_path / "long.xlsx").read_bytes(), 3))
    page = openpyxl.load_workbook(tmp_path / "short.xlsx").active
    assert list(page.iter_rows(values_only=True, max_col=2)) == [(f"第{n}家", n) for n in range(3)]
    assert len(page.merged_cells.ranges) == 3


def test_of_the_shared_texts_only_those_are_kept_that_the_first_rows_use() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, 5))
    texts = "".join(f"<si><t>第{n}家</t></si>" for n in range(1, 5))
    parts = {
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData><hyperlinks><hyperlink/></hyperlinks></worksheet>",
        "xl/sharedStrings.xml": f"<sst>{texts}</sst>",
        "xl/worksheets/_rels/sheet1.xml.rels": "<Relationships/>",
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    with zipfile.ZipFile(io.BytesIO(first_rows(whole.getvalue(), 2))) as package:
        kept = {name: package.read(name).decode("utf-8") for name in package.namelist()}
    assert set(kept) == {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"}
    assert kept["xl/sharedStrings.xml"] == "<sst><si><t>第1家</t></si><si><t>第2家</t></si></sst>"
    sheet = kept["xl/worksheets/sheet1.xml"]
    assert 'r="2"' in sheet and 'r="3"' not in sheet and "hyperlink" not in sheet
    assert sheet.endswith("</sheetData></worksheet>")
