"""Slips that come back: every change found, nothing lost, nothing entered twice, nothing overwritten."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from louyu_lab.ledgers import read_ledgers
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.replies import read_slip
from louyu_lab.run.returns.returned import NotASlip

from .conftest import District, slip_frame, write_xlsx

FIRMS = "企业台账_西街街道"
Fill = Callable[..., Path]

#: What the two streets answer: one area typed as a number, one date, one misspelt name; one row confirmed.
EAST = {
    "楼宇台账": {"和安大厦": {"建筑面积(㎡)": 30000, "核实结果": "已改正", "依据": "产权证", "经办人": "赵"}}
}
WEST = {
    "楼宇台账": {"云台中心": {"核实结果": "属实", "依据": "含地下车库", "经办人": "钱"}},
    FIRMS: {"乙公司": {"迁入日期": dt.datetime(2019, 4, 1), "楼宇名称": "云台中心"}},
}


@pytest.fixture
def replies(district: District, tmp_path: Path, fill: Fill) -> Path:
    """Both streets' slips filled in; one in a sub-folder, both renamed."""
    district.check()
    folder = tmp_path / "回复"
    fill(district.slips / "东街街道.xlsx", folder / "东街（已填）.xlsx", EAST)
    fill(district.slips / "西街街道.xlsx", folder / "西街" / "回复.xlsx", WEST)
    return folder


def test_answers_become_corrections_and_decisions(district: District, replies: Path) -> None:
    before = district.check().text
    report = district.check(replies)
    assert "从 2 份核实单读回 3 处更正、1 处属实，0 行未答复。" in report.text
    entries = {entry["字段"]: entry for entry in district.rows("更正.xlsx", "更正")}
    area = entries["建筑面积(㎡)"]
    assert (area["台账"], area["键"], area["原值"], area["新值"]) == (
        *("楼宇台账", "和安大厦；2020"),
        *("三万多", 30000),
    )
    assert (area["依据"], area["经办人"], area["文件"], area["行"]) == ("产权证", "赵", "楼宇台账.xlsx", 3)
    assert entries["迁入日期"]["新值"] == dt.datetime(2019, 4, 1)
    assert entries["楼宇名称"]["依据"] == "西街街道核实单回复"
    (accepted,) = district.rows("复核.xlsx", "问题")
    assert (accepted["规则"], accepted["对象"], accepted["决定"]) == (
        "可租售面积大于建筑面积",
        "云台中心",
        "接受",
    )
    assert accepted["说明"] == "含地下车库"
    # Applied at once: of the four faults in rows none is left but the amount that nobody answered.
    assert "三万多" in before
    left = read_ledgers(district.data).check()
    assert not left["rule"].isin(["不是数字", "不是日期", "楼名相近，未合并", "可租售面积大于建筑面积"]).any()


def test_the_same_replies_twice_add_nothing(district: District, replies: Path) -> None:
    district.check(replies)
    before = {name: (district.data / name).read_bytes() for name in ("更正.xlsx", "复核.xlsx")}
    report = district.check(replies)
    assert "先前都已记下" in report.text
    assert {name: (district.data / name).read_bytes() for name in before} == before


def test_rows_sorted_and_deleted_are_still_found(district: District, tmp_path: Path, fill: Fill) -> None:
    lines = [f"企业{n},云台中心,{n + 10},说不清" for n in range(6)]
    text = "\n".join(["企业名称,楼宇名称,租用面积(㎡),迁入日期", *lines])
    (district.data / "企业台账_西街街道.csv").write_text(text, encoding="utf-8")
    district.check()
    changed = {FIRMS: {f"企业{n}": {"租用面积(㎡)": 100 + n} for n in (1, 4)}}
    slip = fill(district.slips / "西街街道.xlsx", tmp_path / "回复" / "a.xlsx", changed)
    book = openpyxl.load_workbook(slip)
    page = book[FIRMS]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    page.delete_rows(2, page.max_row)
    for row in reversed(rows[1:]):
        page.append(row)
    page.title = "我改的名"
    book.save(slip)
    answers = read_slip(slip)
    assert sorted((change.place.key, change.new) for change in answers.changes) == [
        ("企业1", 101),
        ("企业4", 104),
    ]
    # 企业0 was deleted, 2, 3 and 5 not answered; 云台中心 of the other sheet neither.
    assert answers.unanswered == (("西街街道", 5),)


def test_an_answer_in_other_words_is_kept_and_left_open(
    district: District, tmp_path: Path, fill: Fill
) -> None:
    district.check()
    words = {"楼宇台账": {"云台中心": {"核实结果": "业主正在重新测绘"}}}
    fill(district.slips / "西街街道.xlsx", tmp_path / "回复" / "a.xlsx", words)
    report = district.check(tmp_path / "回复")
    assert "1 处写了情况说明" in report.text
    (entry,) = district.rows("复核.xlsx", "问题")
    assert (entry["决定"], entry["说明"]) == ("", "业主正在重新测绘")
    assert (read_ledgers(district.data).check()["rule"] == "可租售面积大于建筑面积").sum() == 1
    # Decided later, in the same row.
    fill(
        district.slips / "西街街道.xlsx",
        tmp_path / "又" / "a.xlsx",
        {"楼宇台账": {"云台中心": {"核实结果": "经核实无误。"}}},
    )
    district.check(tmp_path / "又")
    (entry,) = district.rows("复核.xlsx", "问题")
    assert entry["决定"] == "接受"
    assert entry["说明"].startswith("业主正在重新测绘")


def test_of_two_answers_that_contradict_neither_is_taken(
    district: District, tmp_path: Path, fill: Fill
) -> None:
    district.check()
    for name, area in (("甲.xlsx", 30000), ("乙.xlsx", 31000)):
        fill(
            district.slips / "东街街道.xlsx",
            tmp_path / "回复" / name,
            {"楼宇台账": {"和安大厦": {"建筑面积(㎡)": area}}},
        )
    fill(
        district.slips / "西街街道.xlsx",
        tmp_path / "回复" / "丙.xlsx",
        {"楼宇台账": {"云台中心": {"核实结果": "属实"}}},
    )
    fill(
        district.slips / "西街街道.xlsx",
        tmp_path / "回复" / "丁.xlsx",
        {"楼宇台账": {"云台中心": {"可租售面积(㎡)": 16000}}},
    )
    report = district.check(tmp_path / "回复")
    assert not (district.data / "更正.xlsx").exists()
    assert not (district.data / "复核.xlsx").exists()
    for told in ("甲.xlsx", "乙.xlsx", "丙.xlsx", "丁.xlsx", "30000", "31000", "16000", "都没有采用"):
        assert told in report.text


def test_an_entry_that_says_otherwise_is_not_contradicted(
    district: District, replies: Path, fill: Fill
) -> None:
    district.check(replies)
    other = {"楼宇台账": {"和安大厦": {"建筑面积(㎡)": 32000}}}
    changed = fill(replies / "东街（已填）.xlsx", replies / "东街（已填）.xlsx", other)
    assert changed.exists()
    report = district.check(replies)
    assert "已有另一个新值 30000" in report.text
    assert len(district.rows("更正.xlsx", "更正")) == 3


def test_a_slip_filled_in_is_never_written_over(district: District, tmp_path: Path, fill: Fill) -> None:
    district.check()
    slip = district.slips / "东街街道.xlsx"
    fill(slip, slip, EAST)
    filled = slip.read_bytes()
    assert "没有读回的答复，没有重写" in district.check().text
    assert slip.read_bytes() == filled
    # Not even when its street has no fault any more.
    rows = [["楼宇名称", "街道", "建筑面积(㎡)", "可租售面积(㎡)"], ["和安大厦", "东街街道", 30000, 20000]]
    write_xlsx(district.data / "楼宇台账.xlsx", rows, "楼宇台账")
    district.check()
    assert slip.read_bytes() == filled
    # Read back, it may go.
    district.check(district.slips)
    assert not slip.exists()


def test_a_workbook_that_is_no_slip_is_named_and_left(district: District, replies: Path) -> None:
    write_xlsx(replies / "别的.xlsx", [["你好"]], "表")
    book = openpyxl.load_workbook(replies / "东街（已填）.xlsx")
    del book["_核实底稿"]
    book.save(replies / "东街（已填）.xlsx")
    (replies / "~$西街.xlsx").write_bytes(b"lock")
    (replies / "坏.xlsx").write_bytes(b"PK\x03\x04nothing")
    report = district.check(replies)
    assert "“别的.xlsx”没有读：不是核实单" in report.text
    assert "“东街（已填）.xlsx”没有读：隐藏的底稿工作表不见了" in report.text
    assert "“坏.xlsx”没有读：文件打不开" in report.text
    assert "从 1 份核实单读回 2 处更正" in report.text
    # One that lies where a slip should be is not written over.
    mine = write_xlsx(district.slips / "东街街道.xlsx", [["我的"]], "表").read_bytes()
    assert "“东街街道.xlsx”不是核实单，没有覆盖" in district.check().text
    assert (district.slips / "东街街道.xlsx").read_bytes() == mine


def test_what_is_not_understood_is_listed(district: District, tmp_path: Path, fill: Fill) -> None:
    district.check()
    answers = {FIRMS: {"乙公司": {"备注": "搬走了", "核实结果": "已改正"}}}
    slip = fill(district.slips / "西街街道.xlsx", tmp_path / "回复" / "a.xlsx", answers)
    book = openpyxl.load_workbook(slip)
    book[FIRMS].append([None, None, None, None, "91110000000000000X", "新来的公司"])
    book[FIRMS].append(["H00000000", None, None, None, None, "别处的公司"])
    book.create_sheet("附言")["A1"] = "另有三家"
    book.save(slip)
    answers = read_slip(slip)
    told = "\n".join(answers.remarks)
    for part in ("没有核实编号", "新来的公司", "H00000000", "附言", "没有改动"):
        assert part in told


def test_codes_and_texts_of_a_text_table_keep_their_zeros(
    district: District, tmp_path: Path, fill: Fill
) -> None:
    district.check()
    slip = fill(district.slips / "西街街道.xlsx", tmp_path / "a.xlsx", {})
    assert slip_frame(slip, FIRMS)["租用面积(㎡)"].tolist() == ["0300"]
    assert not read_slip(slip).changes
    fill(slip, slip, {"楼宇台账": {"云台中心": {"楼宇编号": "0002"}}})
    (change,) = read_slip(slip).changes
    assert (change.old, change.new) == ("002", "0002")


def test_a_cell_made_blank_is_a_change_and_a_column_taken_out_is_none(
    district: District, tmp_path: Path, fill: Fill
) -> None:
    district.check()
    slip = fill(
        district.slips / "西街街道.xlsx",
        tmp_path / "a.xlsx",
        {"楼宇台账": {"云台中心": {"可租售面积(㎡)": None}}},
    )
    book = openpyxl.load_workbook(slip)
    book["楼宇台账"].delete_cols(5)
    book.save(slip)
    (change,) = read_slip(slip).changes
    assert (change.field, change.old, change.new) == ("可租售面积(㎡)", "26000", "")


def test_a_name_is_corrected_after_what_it_names(district: District, replies: Path) -> None:
    # The key of an entry holds the row's name as it stood; once that is mended nothing would find it.
    answers = read_slip(replies / "西街" / "回复.xlsx")
    assert [change.field for change in answers.changes] == ["楼宇名称", "迁入日期"]
    book = openpyxl.load_workbook(replies / "西街" / "回复.xlsx")
    page = book[FIRMS]
    columns = {cell.value: cell.column for cell in page[1]}
    page.cell(2, columns["企业名称"]).value = "乙股份公司"
    book.save(replies / "西街" / "回复.xlsx")
    fields = [change.field for change in read_slip(replies / "西街" / "回复.xlsx").changes]
    assert fields == ["楼宇名称", "迁入日期", "企业名称"]
    district.check(replies)
    applied = read_ledgers(district.data).corrections
    assert (applied["outcome"] == "applied").all()


def test_replies_are_looked_for_where_they_can_be(district: District, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到回复文件夹"):
        district.check(tmp_path / "没有")
    (tmp_path / "空").mkdir()
    with pytest.raises(InputError, match=r"没有 \.xlsx"):
        district.check(tmp_path / "空")
    with pytest.raises(InputError, match="不能放在台账文件夹"):
        district.check(district.data)
    with pytest.raises(NotASlip):
        read_slip(district.data / "楼宇台账.xlsx")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_a_slip_saved_by_libreoffice_says_the_same(district: District, replies: Path, tmp_path: Path) -> None:
    folder = tmp_path / "另存"
    profile = (tmp_path / "profile").as_uri()
    for slip in sorted(replies.rglob("*.xlsx")):
        command = [
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
        ]
        subprocess.run(
            [*command, "--outdir", str(folder), str(slip)], check=True, capture_output=True, timeout=180
        )
    for before, after in (("东街（已填）.xlsx", "东街（已填）.xlsx"), ("西街/回复.xlsx", "回复.xlsx")):
        told, again = read_slip(replies / before, "x"), read_slip(folder / after, "x")
        assert told.changes or told.verdicts
        assert again == told
