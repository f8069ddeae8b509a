"""Entering answers into workbooks that people keep themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from louyu_lab.ledgers.review import corrections
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.answers import ACCEPTED, OPEN, Answers, Change, Place, Verdict, joined
from louyu_lab.run.returns.register import missing, register

PLACE = Place("楼宇台账", "和安大厦", "楼宇台账.xlsx", "楼宇台账", 3)
CHANGE = Change(PLACE, "建筑面积(㎡)", "三万多", 30000, "产权证", "赵", "东街.xlsx")
VERDICT = Verdict(
    PLACE,
    "warning",
    "缺可租售面积，入驻率无法计入汇总",
    "可租售面积",
    "",
    ACCEPTED,
    "自用",
    "赵",
    "东街.xlsx",
)
BOTH = Answers(1, (CHANGE,), (VERDICT,))


def test_new_workbooks_are_laid_out_as_they_are_read(tmp_path: Path) -> None:
    assert register(tmp_path, BOTH).corrections == 1
    page = openpyxl.load_workbook(tmp_path / "更正.xlsx")["更正"]
    assert tuple(cell.value for cell in page[1]) == corrections.HEADINGS
    assert [cell.value for cell in page[2]] == [
        *("楼宇台账", "和安大厦", "建筑面积(㎡)", "三万多", 30000, "产权证", "赵"),
        *("楼宇台账.xlsx", "楼宇台账", 3),
    ]
    assert page.freeze_panes == "A2"
    # 楼宇台账.xlsx: four signs of two columns, five of one, two to spare.
    assert page.column_dimensions["H"].width == 15
    assert openpyxl.load_workbook(tmp_path / "复核.xlsx").sheetnames == ["楼宇", "企业", "行业", "问题"]


def test_what_people_wrote_stays_as_it_is_and_the_version_before_is_kept(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "更正"
    page.append(["2020年更正记录"])
    page.append(["依据", "我的备注", "键", "字段", "原值", "新值"])
    page.append(["合同", "勿删", "望海楼", "等级", "甲", "乙"])
    page["B3"].font = Font(color="FFFF0000")
    page.column_dimensions["B"].width = 33
    book.create_sheet("说明")["A1"] = "我写的"
    book.save(tmp_path / "更正.xlsx")
    before = (tmp_path / "更正.xlsx").read_bytes()
    register(tmp_path, BOTH)
    after = openpyxl.load_workbook(tmp_path / "更正.xlsx")
    assert after.sheetnames == ["更正", "说明"]
    rows = list(after["更正"].iter_rows(values_only=True))
    assert rows[0][0] == "2020年更正记录"
    assert rows[2][:6] == ("合同", "勿删", "望海楼", "等级", "甲", "乙")
    assert rows[3][:6] == ("产权证", None, "和安大厦", "建筑面积(㎡)", "三万多", 30000)
    # Headings that were not there stand to the right.
    assert rows[1][6:] == ("台账", "经办人", "文件", "工作表", "行")
    assert after["更正"]["B3"].font.color.rgb == "FFFF0000"
    assert after["更正"].column_dimensions["B"].width == 33
    assert (tmp_path / ".louyu" / "更正_1.xlsx").read_bytes() == before
    second = replace(CHANGE, field="等级", old="甲", new="乙")
    register(tmp_path, Answers(1, (second,)))
    assert sorted(path.name for path in (tmp_path / ".louyu").iterdir()) == ["更正_1.xlsx", "更正_2.xlsx"]


def test_an_entry_written_by_hand_without_a_place_counts_as_there(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "更正"
    book.active.append(["台账", "键", "字段", "原值", "新值", "依据"])
    book.active.append(["楼宇台账", "和安大厦", "建筑面积(㎡)", "三万多", 30000, "产权证"])
    book.save(tmp_path / "更正.xlsx")
    assert missing(tmp_path, Answers(1, (CHANGE,))).is_nothing
    other = missing(tmp_path, Answers(1, (replace(CHANGE, new=31000),)))
    assert other.is_nothing
    assert "30000" in other.remarks[0]


@pytest.mark.parametrize("lock", ["~$更正.xlsx", ".~lock.更正.xlsx#", "~$复核.xlsx"])
def test_a_workbook_open_elsewhere_is_not_written_and_nor_is_the_other(tmp_path: Path, lock: str) -> None:
    (tmp_path / lock).write_bytes(b"lock")
    with pytest.raises(InputError, match="正在 Excel"):
        register(tmp_path, BOTH)
    assert sorted(path.name for path in tmp_path.iterdir()) == [lock]


def test_a_workbook_marked_read_only_is_refused(tmp_path: Path) -> None:
    register(tmp_path, BOTH)
    (tmp_path / "更正.xlsx").chmod(0o444)
    with pytest.raises(InputError, match="只读"):
        register(tmp_path, Answers(1, (replace(CHANGE, new=5, old="6"),)))


def test_a_workbook_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "更正.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(InputError, match="打不开"):
        register(tmp_path, BOTH)
    assert (tmp_path / "更正.xlsx").read_bytes() == b"not a workbook"


def test_a_failure_while_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(tmp_path, BOTH)
    before = (tmp_path / "更正.xlsx").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("louyu_lab.run.returns.books.os.replace", full)
    with pytest.raises(InputError, match="写不了"):
        register(tmp_path, Answers(1, (replace(CHANGE, old="6"),)))
    assert (tmp_path / "更正.xlsx").read_bytes() == before


def test_an_answer_said_twice_is_one(tmp_path: Path) -> None:
    twice = joined([BOTH, replace(BOTH, changes=(replace(CHANGE, source="又.xlsx", basis="别的"),))])
    assert (twice.slips, twice.changes, twice.verdicts, twice.remarks) == (2, (CHANGE,), (VERDICT,), ())


def test_a_fault_explained_and_then_accepted_is_one_row(tmp_path: Path) -> None:
    explained = replace(VERDICT, decision=OPEN, note="待查")
    assert register(tmp_path, Answers(1, (), (explained,))).opened == 1
    assert register(tmp_path, Answers(1, (), (explained,))).is_nothing
    assert register(tmp_path, Answers(1, (), (VERDICT,))).accepted == 1
    assert register(tmp_path, Answers(1, (), (explained,))).is_nothing
    (row,) = list(
        openpyxl.load_workbook(tmp_path / "复核.xlsx")["问题"].iter_rows(min_row=2, values_only=True)
    )
    assert row[4:6] == ("接受", "待查；自用")


@pytest.mark.parametrize(
    "by", [lambda c: c, lambda c: replace(c, new="=1+1"), lambda c: replace(c, new="007")]
)
def test_a_new_value_is_kept_as_it_was_typed(tmp_path: Path, by: Callable[[Change], Change]) -> None:
    change = by(CHANGE)
    register(tmp_path, Answers(1, (change,)))
    cell = openpyxl.load_workbook(tmp_path / "更正.xlsx")["更正"]["E2"]
    assert cell.value == change.new
    assert cell.data_type == ("s" if isinstance(change.new, str) else "n")
