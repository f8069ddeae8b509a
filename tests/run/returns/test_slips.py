"""核实单 as they go out: which rows on which slip, how the cells stand there, and what stays out."""

from __future__ import annotations

import datetime as dt
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.faults import rules
from louyu_lab.run.returns.slip_cells import clean, number_format, same, written

from .conftest import BUILDINGS, District, slip_frame, write_xlsx

FIRMS = "企业台账_西街街道"


def test_every_faulty_row_is_on_the_slip_of_its_street(district: District) -> None:
    district.check()
    # 联系人 is a column nobody reads: the researcher's matter, of which no clerk hears.
    slips = ["东街街道.xlsx", "西街街道.xlsx"]
    assert sorted(path.name for path in district.slips.iterdir()) == slips
    east = openpyxl.load_workbook(district.slips / "东街街道.xlsx")
    assert east.sheetnames == ["填表说明", "楼宇台账", "_核实底稿"]
    assert east["_核实底稿"].sheet_state == "hidden"
    assert slip_frame(district.slips / "东街街道.xlsx", "楼宇台账")["楼宇名称"].tolist() == ["和安大厦"]
    west = district.slips / "西街街道.xlsx"
    assert slip_frame(west, "楼宇台账")["楼宇名称"].tolist() == ["云台中心"]
    assert slip_frame(west, FIRMS)["企业名称"].tolist() == ["乙公司"]


def test_the_users_columns_stand_as_they_do_in_the_ledger_but_for_persons(district: District) -> None:
    district.check()
    page = openpyxl.load_workbook(district.slips / "西街街道.xlsx")["楼宇台账"]
    cells = {heading.value: cell for heading, cell in zip(page[1], page[2], strict=True)}
    assert list(cells)[:4] == ["核实编号", "文件", "工作表", "行"]
    assert list(cells)[4:10] == BUILDINGS[1][:6]
    assert list(cells)[10:] == ["问题", "核实结果", "依据", "经办人"]
    assert (cells["行"].value, cells["建筑面积(㎡)"].value) == (4, 20000)
    # The number of a building keeps its zeros, and so does one that is typed in.
    assert (cells["楼宇编号"].value, cells["楼宇编号"].number_format) == ("002", "@")
    assert cells["投用日期"].value == dt.datetime(2016, 7, 1)
    assert cells["投用日期"].number_format == "yyyy-mm-dd"
    content = zipfile.ZipFile(district.slips / "西街街道.xlsx")
    assert not any("李四".encode() in content.read(name) for name in content.namelist())


def test_a_faulty_cell_is_coloured_and_says_why(district: District) -> None:
    district.check()
    east = openpyxl.load_workbook(district.slips / "东街街道.xlsx")["楼宇台账"]
    cells = {heading.value: cell for heading, cell in zip(east[1], east[2], strict=True)}
    area = cells["建筑面积(㎡)"]
    assert area.value == "三万多"
    assert area.fill.fgColor.rgb == "FFF8CBAD"
    assert "原值：三万多" in area.comment.text
    assert "改为数字" in area.comment.text
    assert "不是数字" in cells["问题"].value
    assert cells["楼宇名称"].comment is None
    west = openpyxl.load_workbook(district.slips / "西街街道.xlsx")["楼宇台账"]
    warned = {heading.value: cell for heading, cell in zip(west[1], west[2], strict=True)}["可租售面积(㎡)"]
    assert warned.fill.fgColor.rgb == "FFFFF2CC"


def test_a_sheet_is_ready_to_fill_in_and_to_print(district: District) -> None:
    district.check()
    page = openpyxl.load_workbook(district.slips / "西街街道.xlsx")["楼宇台账"]
    assert page.freeze_panes == "B2"
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    (choice,) = page.data_validations.dataValidation
    assert choice.formula1 == '"已改正,属实,删除"'
    assert not choice.showErrorMessage


def test_the_same_faults_give_the_same_bytes(district: District) -> None:
    district.check()
    before = {path.name: path.read_bytes() for path in district.slips.iterdir()}
    for path in district.slips.iterdir():
        path.unlink()
    district.check()
    assert {path.name: path.read_bytes() for path in district.slips.iterdir()} == before


def test_faults_of_no_row_stand_on_the_first_sheet(district: District) -> None:
    (district.data / "企业台账_南街街道.csv").write_bytes("企业名称,楼宇名称\n甲,和安大".encode()[:-1])
    district.check()
    page = openpyxl.load_workbook(district.slips / "南街街道.xlsx")["填表说明"]
    texts = [str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell]
    assert any("文件损坏" in text for text in texts)


def cover_texts(path: Path) -> str:
    page = openpyxl.load_workbook(path)["填表说明"]
    return "\n".join(str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell)


def test_rows_that_follow_from_the_error_of_a_building_are_left_out_and_said_once(
    district: District,
) -> None:
    # 望海楼 bears 云台中心's number by mistake; 和安大厦 is set aside for its area.
    rows = [*BUILDINGS[:4], ["002", *BUILDINGS[4][1:]]]
    write_xlsx(district.data / "楼宇台账.xlsx", rows, "楼宇台账")
    lines = [f"企业{n},{'望海楼' if n < 4 else '和安大厦'},{n + 10},2019-03-01" for n in range(6)]
    lines += ["错名公司,没听说的楼,20,2019-03-01"]
    text = "\n".join(["企业名称,楼宇名称,租用面积(㎡),迁入日期", *lines])
    (district.data / "企业台账_东街街道.csv").write_text(text, encoding="utf-8")
    district.check()
    followers = {rules()[key].zh for key in ("building-unknown", "building-set-aside")}
    faults = read_ledgers(district.data).check()
    # Four of 望海楼, one of the sheet for 和安大厦, and the building nobody registered.
    assert faults["rule"].isin(followers).sum() == 6
    slip = district.slips / "东街街道.xlsx"
    # Only the firm whose building nobody has registered is asked about.
    assert slip_frame(slip, "企业台账_东街街道")["企业名称"].tolist() == ["错名公司"]
    problems = slip_frame(slip, "楼宇台账").set_index("楼宇名称")["问题"]
    assert problems.str.contains("写着这幢楼的企业、运营等行随之改正").to_dict() == {
        "和安大厦": True,
        "望海楼": True,
    }


def test_a_clerk_never_hears_of_the_researchers_files(district: District) -> None:
    rows = [["楼宇名称", "建筑面积(㎡)", "总建筑面积(㎡)", "街道"], ["和安大厦", "三万多", 30000, "东街街道"]]
    write_xlsx(district.data / "楼宇台账.xlsx", rows, "楼宇台账")
    district.check()
    remedies = read_ledgers(district.data).check()["remedy"]
    assert remedies.str.contains("columns.yaml").any()
    told = "".join(cover_texts(path) for path in district.slips.iterdir())
    assert "columns.yaml" not in told
    # What she can do herself stays.
    assert "两列是同一个意思" in told and "删去一列" in told


def test_the_slip_of_no_street_is_called_by_its_ledgers(district: District) -> None:
    (district.data / "税收台账_2020年.csv").write_text(
        "企业名称,全口径税收(万元)\n甲公司,一百多\n", encoding="utf-8"
    )
    report = district.check()
    assert cover_texts(district.slips / "区级.xlsx").startswith("区级 台账核实单（税收台账）")
    assert "“区级”的发给管这些台账的部门" in report.text


def test_a_merged_building_stands_in_each_of_its_rows(district: District) -> None:
    rows = [
        ["楼宇名称", "企业名称", "租用面积(㎡)", "迁入日期"],
        ["和安大厦", "丙公司", 100, "前年"],
        [None, "丁公司", 200, "大前年"],
    ]
    write_xlsx(district.data / "企业台账_东街街道.xlsx", rows, "企业", merges=("A2:A3",))
    district.check()
    sheet = slip_frame(district.slips / "东街街道.xlsx", "企业台账_东街街道")
    assert sheet["楼宇名称"].tolist() == ["和安大厦", "和安大厦"]


def test_columns_headed_like_ours_are_told_apart(district: District) -> None:
    rows = [
        ["楼宇名称", "年份", "入驻面积(㎡)", "依据", "备注", "备注"],
        ["和安大厦", 2020, "一半", "电话核", "甲", "乙"],
    ]
    write_xlsx(district.data / "运营台账.xlsx", rows, "运营")
    district.check()
    # Its building is set aside, and its street is still known.
    sheet = slip_frame(district.slips / "东街街道.xlsx", "运营台账")
    assert sheet["依据（原表）"].tolist() == ["电话核"]
    assert sheet["依据"].tolist() == [""]
    assert sheet["备注（第 6 列）"].tolist() == ["乙"]


def test_three_thousand_faults_are_written_in_ten_seconds(district: District) -> None:
    lines = [f"企业{n},云台中心,{n + 1},说不清" for n in range(3000)]
    text = "\n".join(["企业名称,楼宇名称,租用面积(㎡),迁入日期", *lines])
    (district.data / "企业台账_西街街道.csv").write_text(text, encoding="utf-8")
    start = time.process_time()
    report = district.check()
    # About 5 s of computing for the whole check; the clock on the wall would measure the neighbours.
    assert time.process_time() - start < 10
    assert len(slip_frame(district.slips / "西街街道.xlsx", FIRMS)) == 3000
    cover = openpyxl.load_workbook(district.slips / "西街街道.xlsx")["填表说明"]
    assert "行数较多" in cover["A2"].value
    assert "西街街道" in report.text


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        ("0012", "id", "0012"),
        ("30000", "area", 30000),
        ("0300", "area", "0300"),
        ("2020/6/3", "date", dt.datetime(2020, 6, 3)),
        (146.0, "area", 146),
        ("", "area", None),
        ("=1+1", "text", "=1+1"),
        ("坏\x00字", "name", "坏字"),
    ],
)
def test_a_cell_is_written_as_what_it_is(cell: object, kind: str, expected: object) -> None:
    assert written(cell, kind) == expected


@pytest.mark.parametrize(
    ("before", "after", "kind", "is_same"),
    [
        (1234.0, "1,234", "area", True),
        ("1,234", 1234.0, "area", True),
        ("0012", 12.0, "id", False),
        ("0012", "0012 ", "id", True),
        (12.0, "12", "id", True),
        # 2020-06-03 is day 43985 of Excel's calendar.
        (dt.date(2020, 6, 3), 43985.0, "date", True),
        ("2020/6/3", dt.datetime(2020, 6, 3), "date", True),
        (dt.date(2020, 6, 3), dt.datetime(2020, 6, 4), "date", False),
        ("去年春天", dt.datetime(2020, 6, 3), "date", False),
        ("", None, "area", True),
        (0, None, "area", False),
    ],
)
def test_what_a_program_rewrites_is_no_change(
    before: object, after: object, kind: str, is_same: bool
) -> None:
    assert same(before, after, kind) is is_same


@given(
    st.one_of(
        st.none(),
        st.text(max_size=20),
        st.integers(-(10**12), 10**12),
        st.floats(-1e12, 1e12),
        st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    ),
    st.sampled_from(["", "area", "money", "id", "code", "name", "text", "date", "year", "flag"]),
)
def test_a_cell_written_says_the_same(cell: object, kind: str) -> None:
    assert same(cell, written(cell, kind), kind)
    assert isinstance(number_format(written(cell, kind), kind), str)
    assert clean(cell) == clean(clean(cell))
