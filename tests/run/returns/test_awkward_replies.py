"""Replies as they really come: sorted in part, columns added or renamed, cells emptied, rows to be deleted."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from louyu_lab.ledgers import read_ledgers
from louyu_lab.run.returns.answer_words import confirms, says_changed, says_delete
from louyu_lab.run.returns.answers import ACCEPTED, Answers, Change, Place, Verdict, joined
from louyu_lab.run.returns.replies import read_replies, read_slip

from .conftest import District

FIRMS = "企业台账_西街街道"
Fill = Callable[..., Path]

#: Two years of one building in a ledger whose name says none; 入驻面积 of 2020 is blank below what it fills.
OCCUPANCY = """\
楼宇名称,年份,可租售面积(㎡),入驻面积(㎡),租金(元/㎡·月)
望海楼,2019,12000,9000,79
望海楼,2020,12000,一半,79
"""


@pytest.fixture
def slip(district: District) -> Path:
    """The slip of 西街街道: 云台中心 in one sheet, 乙公司 in the other."""
    district.check()
    return district.slips / "西街街道.xlsx"


def columns(page: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in page[1]}


def test_a_correction_of_one_year_names_it_and_leaves_the_next_alone(
    district: District, tmp_path: Path, fill: Fill
) -> None:
    ledger = district.data / "运营台账.csv"
    ledger.write_text(OCCUPANCY, encoding="utf-8")
    district.check()
    sent = district.slips / "东街街道.xlsx"
    fill(sent, tmp_path / "回复" / "东街.xlsx", {"运营台账": {"望海楼": {"入驻面积(㎡)": 6000}}})
    district.check(tmp_path / "回复")
    (entry,) = district.rows("更正.xlsx", "更正")
    assert entry["键"] == "望海楼；2020"
    assert set(read_ledgers(district.data).corrections["outcome"]) == {"applied"}
    # Next year's form under the same name, the same row, the same cell wrong again.
    ledger.write_text(OCCUPANCY.replace("2020", "2021").replace("2019", "2020"), encoding="utf-8")
    after = read_ledgers(district.data)
    assert "applied" not in set(after.corrections["outcome"])
    assert not (after["occupancy"]["occupied_area_sqm"] == 6000).any()


def test_rows_sorted_without_their_number_are_refused_one_by_one(district: District, tmp_path: Path) -> None:
    lines = [f"企业{n},云台中心,{n + 10},说不清" for n in range(3)]
    text = "\n".join(["企业名称,楼宇名称,租用面积(㎡),迁入日期", *lines])
    (district.data / f"{FIRMS}.csv").write_text(text, encoding="utf-8")
    district.check()
    book = openpyxl.load_workbook(district.slips / "西街街道.xlsx")
    page = book[FIRMS]
    bodies = [[cell.value for cell in row[1:]] for row in page.iter_rows(min_row=2)]
    for row, body in zip(page.iter_rows(min_row=2), reversed(bodies), strict=True):
        for cell, value in zip(row[1:], body, strict=True):
            cell.value = value
    book.save(tmp_path / "a.xlsx")
    answers = read_slip(tmp_path / "a.xlsx")
    # The one in the middle stays where it was; of the two that swapped nothing is taken.
    assert not answers.changes
    assert sum("行与核实编号不符" in remark for remark in answers.remarks) == 2
    assert answers.unanswered == (("西街街道", 4),)


def test_columns_added_or_renamed_are_named_with_what_stands_in_them(slip: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(slip)
    buildings, firms = book["楼宇台账"], book[FIRMS]
    last = buildings.max_column + 1
    buildings.cell(1, last).value, buildings.cell(2, last).value = "备注", "可租售面积也请改成 66000"
    buildings.cell(2, last + 1).value = "没有表头的话"
    place = columns(firms)["核实结果"]
    firms.cell(1, place).value, firms.cell(2, place).value = "核实情况", "应为2018年"
    book.save(tmp_path / "a.xlsx")
    told = "\n".join(read_slip(tmp_path / "a.xlsx").remarks)
    for part in (
        "“备注”一列发出时没有（后加的，或表头改过），没有读：第 2 行“可租售面积也请改成 66000”",
        "没有表头的话",
        f"工作表“{FIRMS}”没有“核实结果”一列（表头改过？）",
        "“核实情况”一列发出时没有（后加的，或表头改过），没有读：第 2 行“应为2018年”",
    ):
        assert part in told


def test_files_that_are_no_workbooks_are_named(slip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "回复"
    folder.mkdir()
    shutil.copy(slip, folder / "西街.xlsx")
    (folder / "税务回复.csv").write_text("核实编号,核实结果\n", encoding="utf-8")
    (folder / "东街.docx").write_bytes(b"x")
    (folder / "~$西街.xlsx").write_bytes(b"lock")
    remarks = read_replies(folder).remarks
    assert sorted(remark.split("没有读")[0] for remark in remarks) == ["“东街.docx”", "“税务回复.csv”"]
    assert all("不是 Excel 工作簿" in remark for remark in remarks)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_a_slip_saved_as_ods_says_the_same(slip: Path, tmp_path: Path, fill: Fill) -> None:
    filled = fill(slip, tmp_path / "a.xlsx", {"楼宇台账": {"云台中心": {"可租售面积(㎡)": 16000}}})
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path / "回复")]
    subprocess.run([*command, str(filled)], check=True, capture_output=True, timeout=180)
    (change,) = read_replies(tmp_path / "回复").changes
    assert (change.field, change.new) == ("可租售面积(㎡)", 16000)


def test_a_cell_nobody_asked_about_is_emptied_only_with_a_word_of_why(
    slip: Path, tmp_path: Path, fill: Fill
) -> None:
    emptied = {"建筑面积(㎡)": None, "核实结果": " 属实。"}
    silent = read_slip(fill(slip, tmp_path / "a.xlsx", {"楼宇台账": {"云台中心": emptied}}))
    assert not silent.changes
    assert any("“建筑面积(㎡)”原为 20000，清空了，没有采用" in remark for remark in silent.remarks)
    assert [verdict.decision for verdict in silent.verdicts] == [ACCEPTED]
    said = emptied | {"依据": "面积在重新测绘"}
    (change,) = read_slip(fill(slip, tmp_path / "b.xlsx", {"楼宇台账": {"云台中心": said}})).changes
    assert (change.old, change.new, change.was_doubted) == ("20000", "", False)


def test_a_changed_cell_nobody_asked_about_is_listed_on_screen_and_in_full(
    district: District, slip: Path, tmp_path: Path, fill: Fill
) -> None:
    changed = {"建筑面积(㎡)": 26500, "可租售面积(㎡)": 16000}
    fill(slip, tmp_path / "回复" / "a.xlsx", {"楼宇台账": {"云台中心": changed}})
    report = district.check(tmp_path / "回复")
    assert "下面 1 处改的是没有疑问的格，已记下，请过目" in report.text
    told = "“建筑面积(㎡)”：20000 → 26500（a.xlsx）"
    assert told in report.text
    assert "“可租售面积(㎡)”：" not in report.text.split("某区，2020 年")[0]
    assert told in (district.out / "回复读回.txt").read_text(encoding="utf-8")
    assert ("读回的答复", district.out / "回复读回.txt") in report.written


def test_a_row_is_deleted_through_a_slip(district: District, tmp_path: Path, fill: Fill) -> None:
    text = "企业名称,楼宇名称,租用面积(㎡),迁入日期\n" + "丙公司,云台中心,90,2019-03-01\n" * 2
    (district.data / f"{FIRMS}.csv").write_text(text, encoding="utf-8")
    district.check()
    page = openpyxl.load_workbook(district.slips / "西街街道.xlsx")[FIRMS]
    problem = page.cell(2, columns(page)["问题"]).value
    assert "要删这一行，“核实结果”选“删除”" in problem
    fill(
        district.slips / "西街街道.xlsx",
        tmp_path / "回复" / "a.xlsx",
        {FIRMS: {"丙公司": {"核实结果": "重复，请删除", "依据": "报了两遍"}}},
    )
    report = district.check(tmp_path / "回复")
    (entry,) = district.rows("更正.xlsx", "更正")
    assert (entry["键"], entry["字段"], entry["新值"], entry["依据"]) == (
        "丙公司",
        "整行",
        "删除",
        "报了两遍",
    )
    assert "下面 1 行按答复删去，请过目" in report.text
    after = read_ledgers(district.data)
    assert set(after.corrections["outcome"]) == {"applied"}
    assert len(after["tenancies"]) == 1
    assert "重复行" not in set(after.check()["rule"])


def test_a_row_both_to_be_deleted_and_mended_is_neither(slip: Path, tmp_path: Path, fill: Fill) -> None:
    both = {"可租售面积(㎡)": 16000, "核实结果": "删除"}
    answers = read_slip(fill(slip, tmp_path / "a.xlsx", {"楼宇台账": {"云台中心": both}}))
    assert not answers.changes and not answers.verdicts
    assert "又改动了格子，都没有采用" in answers.remarks[0]
    place = Place("企业台账", "甲", "a.xlsx", "", 3)
    deleted = Change(place, "整行", "", "删除", "x", "", "甲.xlsx")
    mended = replace(deleted, field="面积", old="1", new=2, source="乙.xlsx")
    right = Verdict(place, "warning", "r", "列", "v", ACCEPTED, "", "", "丙.xlsx")
    for other in (Answers(1, (mended,)), Answers(1, (), (right,))):
        told = joined([Answers(1, (deleted,)), other])
        assert not told.changes and not told.verdicts
        assert "写删除" in told.remarks[0]


def test_words_on_a_spelling_stand_where_the_spelling_is_asked_about(
    district: District, tmp_path: Path, fill: Fill
) -> None:
    text = (district.data / f"{FIRMS}.csv").read_text(encoding="utf-8").replace("去年春天", "2019-04-01")
    (district.data / f"{FIRMS}.csv").write_text(text, encoding="utf-8")
    district.check()
    answers = {
        FIRMS: {"乙公司": {"核实结果": "就是云台中心"}},
        "楼宇台账": {"云台中心": {"核实结果": "在重新测绘"}},
    }
    fill(district.slips / "西街街道.xlsx", tmp_path / "回复" / "a.xlsx", answers)
    district.check(tmp_path / "回复")
    (spelling,) = district.rows("复核.xlsx", "楼宇")
    assert (spelling["写法"], spelling["决定"], spelling["说明"]) == ("韵台中心", "", "就是云台中心")
    (fault,) = district.rows("复核.xlsx", "问题")
    assert fault["对象"] == "云台中心"
    # The form tells the rest of what was asked, beside the words.
    form = openpyxl.load_workbook(district.out / "复核.xlsx")
    for sheet, told in (("楼宇", "就是云台中心"), ("问题", "在重新测绘")):
        page = form[sheet]
        row = {heading: page.cell(2, place).value for heading, place in columns(page).items()}
        assert (row["说明"], row["处数"]) == (told, 1)
        assert row["例"].endswith("行")
        assert page.max_row == 2


@pytest.mark.parametrize(
    "words", ["属实", "没问题", "准确", "OK", "ok。", "情况属实", "经核实无误。", "没有错"]
)
def test_words_that_confirm(words: str) -> None:
    assert confirms(words) and not says_changed(words) and not says_delete(words)


@pytest.mark.parametrize("words", ["改了", "已调整", "已改为11", "已改正", "已修改。", "改为 3,500㎡"])
def test_words_that_say_it_was_mended(words: str) -> None:
    assert says_changed(words) and not confirms(words)


@pytest.mark.parametrize("words", ["删除", "重复，请删除", "请删去这一行"])
def test_words_that_ask_for_deletion(words: str) -> None:
    assert says_delete(words)


@pytest.mark.parametrize(
    "words", ["不属实", "基本属实，面积待查", "改为自用", "不能删除", "不对", "有问题", "应为2018年", ""]
)
def test_other_words_are_an_explanation(words: str) -> None:
    assert not (confirms(words) or says_changed(words) or says_delete(words))
