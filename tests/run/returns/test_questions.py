"""复核.xlsx as a form: what was decided stays, what is open is asked, nothing is asked twice."""

from __future__ import annotations

import shutil

import openpyxl
import pandas as pd
import pytest

from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.run.returns.doubtful_industries import doubtful_industries
from louyu_lab.run.returns.questions import open_questions

from .conftest import FIRMS, District


@pytest.fixture(autouse=True)
def _dated(district: District) -> None:
    """The row with the misspelt building is read: its date is one."""
    text = FIRMS.replace("去年春天", "2019-04-01")
    (district.data / "企业台账_西街街道.csv").write_text(text, encoding="utf-8")


def asked(district: District, sheet: str) -> list[dict[str, object]]:
    page = openpyxl.load_workbook(district.out / "复核.xlsx")[sheet]
    first, *rest = page.iter_rows(values_only=True)
    return [dict(zip(first, row, strict=True)) for row in rest]


def decide(district: District, sheet: str, row: int, decision: str) -> None:
    """Fill in the form as a person does, and put it into the data folder."""
    book = openpyxl.load_workbook(district.out / "复核.xlsx")
    page = book[sheet]
    column = next(cell.column for cell in page[1] if cell.value == "决定")
    page.cell(row, column).value = decision
    book.save(district.out / "复核.xlsx")


def test_open_questions_are_asked_with_the_decision_left_blank(district: District) -> None:
    report = district.check()
    (similar,) = asked(district, "楼宇")
    assert (similar["写法"], similar["最相近的楼宇"], similar["决定"]) == ("韵台中心", "云台中心", None)
    assert similar["例"] == "企业台账_西街街道.csv 第 3 行"
    (fault,) = asked(district, "问题")
    assert (fault["规则"], fault["对象"], fault["处数"]) == ("可租售面积大于建筑面积", "云台中心", 1)
    assert "填好“决定”一列，放进台账文件夹" in report.text


def test_what_was_decided_is_not_asked_again(district: District) -> None:
    district.check()
    decide(district, "楼宇", 2, "云台中心")
    decide(district, "问题", 2, "接受")
    shutil.copy(district.out / "复核.xlsx", district.data / "复核.xlsx")
    district.check()
    for sheet in ("楼宇", "问题"):
        (only,) = asked(district, sheet)
        assert only["决定"]
    left = open_questions(read_ledgers(district.data))
    assert left["楼宇"] == []
    assert left["问题"] == []


def test_a_form_filled_in_and_not_yet_handed_in_is_left(district: District) -> None:
    district.check()
    decide(district, "楼宇", 2, "不是")
    filled = (district.out / "复核.xlsx").read_bytes()
    assert "还不在台账文件夹里，没有重写" in district.check().text
    assert (district.out / "复核.xlsx").read_bytes() == filled


def test_decisions_of_the_folder_stand_first_as_they_were_written(district: District) -> None:
    book = openpyxl.Workbook()
    book.active.title = "楼宇"
    book.active.append(["写法", "决定", "说明", "经办人"])
    book.active.append(["老和安", "和安大厦", "旧称", "赵"])
    book.save(district.data / "复核.xlsx")
    district.check()
    first, second = asked(district, "楼宇")
    assert (first["写法"], first["决定"], first["说明"], first["经办人"]) == (
        "老和安",
        "和安大厦",
        "旧称",
        "赵",
    )
    assert second["写法"] == "韵台中心"


def test_two_names_of_a_code_are_one_question(district: District) -> None:
    text = "统一社会信用代码,企业名称,楼宇名称,租用面积(㎡),迁入日期\n"
    text += "91110108551385082Q,甲公司,云台中心,120,2018-03-01\n91110108551385082Q,甲股份公司,云台中心,130,2019-03-01\n"
    (district.data / "企业台账_西街街道.csv").write_text(text, encoding="utf-8")
    district.check()
    (pair,) = asked(district, "企业")
    assert (pair["写法"], pair["另一写法"]) == ("甲股份公司", "甲公司")


def test_the_weightiest_guesses_at_an_industry_are_asked_about() -> None:
    stays = pd.DataFrame(
        {
            "enterprise": ["甲某某", "乙某某", "丙", "甲某某"],
            "enterprise_id": ["A", "B", "C", "A"],
            "industry_code": [None, None, "6510", None],
            "area_sqm": [100.0, 900.0, 50.0, 300.0],
            "year": [2019, 2020, 2020, 2020],
        }
    )
    taxes = pd.DataFrame(
        {"enterprise_id": ["A", "A", "B"], "year": [2019, 2020, 2020], "tax_yuan": [9e9, 100.0, 200.0]}
    )
    none = pd.DataFrame()
    frames = {"tenancies": typed_frame("tenancies", stays), "taxes": typed_frame("taxes", taxes)}
    found = doubtful_industries(Ledgers("某区", frames, none, none, none))
    # By the tax of the last year: B 200 元, A 100 元; C has a code. A's largest area is 300.
    assert found["enterprise"].tolist() == ["乙某某", "甲某某"]
    assert found["tax_yuan"].tolist() == [200.0, 100.0]
    assert found["area_sqm"].tolist() == [900.0, 300.0]


def test_where_every_industry_is_known_nothing_is_asked() -> None:
    stays = pd.DataFrame(
        {"enterprise": ["甲"], "enterprise_id": ["A"], "industry_code": ["6510"], "area_sqm": [1.0]}
    )
    none = pd.DataFrame()
    assert doubtful_industries(
        Ledgers("某区", {"tenancies": typed_frame("tenancies", stays)}, none, none, none)
    ).empty
