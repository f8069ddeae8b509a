"""复核.xlsx as a form: what was decided stays, what is open is asked, nothing is asked twice."""

from __future__ import annotations

import dataclasses
import shutil

import openpyxl
import pandas as pd
import pytest

from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.model import DECISION_COLUMNS, Ledgers, listed, typed_frame
from louyu_lab.run.returns.doubtful_industries import doubtful_industries
from louyu_lab.run.returns.questions import open_questions

from .conftest import BUILDINGS, FIRMS, District, write_xlsx


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
    assert "填好“决定”一列，用 --replies 读回" in report.text


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


def own_book(district: District, sheet: str, *rows: tuple[str, ...]) -> None:
    """A 复核.xlsx of the data folder, its first row the headings."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(district.data / "复核.xlsx")


def test_what_was_filled_in_outlives_the_next_check_beside_the_folders_own(district: District) -> None:
    district.check()
    decide(district, "楼宇", 2, "不是")
    accepted = ("规则", "对象", "列", "值", "决定", "说明", "经办人")
    own_book(district, "问题", accepted, ("可租售面积大于建筑面积", "别的楼", "", "", "接受", "合建", "钱"))
    report = district.check()
    (decided,) = asked(district, "楼宇")
    assert (decided["写法"], decided["决定"], decided["最相近的楼宇"]) == ("韵台中心", "不是", "云台中心")
    assert asked(district, "问题")[0]["说明"] == "合建"
    assert "有 1 项填好的决定还不在台账文件夹里" in report.text
    # Copied over the folder's own book, as the screen may be read, it loses nothing.
    shutil.copy(district.out / "复核.xlsx", district.data / "复核.xlsx")
    report = district.check()
    assert "还不在台账文件夹里" not in report.text
    assert asked(district, "楼宇")[0]["决定"] == "不是"
    assert asked(district, "问题")[0]["决定"] == "接受"


def test_a_form_filled_in_is_read_back_like_a_slip(district: District) -> None:
    district.check()
    decide(district, "楼宇", 2, "云台中心")
    report = district.check(district.out)
    assert "从 复核.xlsx 读回 1 项决定和说明。" in report.text
    assert "没有读" not in report.text
    (entry,) = district.rows("复核.xlsx", "楼宇")
    assert (entry["写法"], entry["决定"]) == ("韵台中心", "云台中心")
    assert open_questions(read_ledgers(district.data))["楼宇"] == []
    assert "先前都已记下" in district.check(district.out).text


def test_a_decision_of_the_folder_is_not_overruled_by_another_copy(district: District) -> None:
    district.check()
    decide(district, "楼宇", 2, "云台中心")
    own_book(district, "楼宇", ("写法", "决定", "说明", "经办人"), ("韵台中心", "不是", "", "赵"))
    report = district.check(district.out)
    assert "“韵台中心”：“复核.xlsx”决定 云台中心，复核.xlsx 里已有另一个决定 不是，没有改" in report.text
    assert district.rows("复核.xlsx", "楼宇")[0]["决定"] == "不是"
    # The form keeps what was written into it.
    assert asked(district, "楼宇")[0]["决定"] == "云台中心"


def test_a_form_that_cannot_be_opened_is_left(district: District) -> None:
    district.out.mkdir()
    (district.out / "复核.xlsx").write_bytes(b"half a workbook")
    assert "“复核.xlsx”打不开，没有重写" in district.check().text
    assert (district.out / "复核.xlsx").read_bytes() == b"half a workbook"


def test_what_corrections_settled_is_asked_no_more(district: District) -> None:
    district.check()
    shutil.copy(district.out / "复核.xlsx", district.data / "复核.xlsx")
    before = len(asked(district, "楼宇")) + len(asked(district, "问题"))
    assert before == 2
    text = FIRMS.replace("去年春天", "2019-04-01").replace("韵台中心", "云台中心")
    (district.data / "企业台账_西街街道.csv").write_text(text, encoding="utf-8")
    report = district.check()
    assert asked(district, "楼宇") == []
    industries = len(asked(district, "行业"))
    assert f"待定事项 {industries + 1} 项" in report.text


def test_a_name_that_several_buildings_bear_is_asked_about_with_their_numbers(district: District) -> None:
    rows = [*BUILDINGS[:4], ["003", "云台中心", *BUILDINGS[4][2:]]]
    write_xlsx(district.data / "楼宇台账.xlsx", rows, "楼宇台账")
    district.check()
    (several,) = (row for row in asked(district, "楼宇") if row["写法"] == "云台中心")
    assert several["最相近的楼宇"] == "002、003"
    assert "写其中一幢的楼宇编号；写“不是”不算数" in several["怎么填"]


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


def test_a_code_that_its_firm_contradicts_is_asked_about_until_somebody_decides() -> None:
    stays = pd.DataFrame(
        {
            "enterprise": ["甲餐饮有限公司", "乙软件有限公司", "丙物业有限公司", "丁某某"],
            "enterprise_id": ["A", "B", "C", "D"],
            "business_scope": ["餐饮服务", "软件开发", "物业管理", None],
            # A restaurant under retail; 6510 is a class of 2011 whose section stands; 9988 is no code at all, so
            # that the words tell C's industry and nothing tells D's.
            "industry_code": ["5211", "6510", "9988", "9988"],
            "area_sqm": [10.0, 20.0, 30.0, 5.0],
        }
    )
    none = pd.DataFrame()
    ledgers = Ledgers("某区", {"tenancies": typed_frame("tenancies", stays)}, none, none, none)
    found = doubtful_industries(ledgers).set_index("enterprise")
    assert found["doubt"].to_dict() == {
        "甲餐饮有限公司": "5211：与名称、经营范围不符",
        "丁某某": "9988：2017 版国标里没有这个代码",
    }
    assert found["industry"].to_dict() == {"甲餐饮有限公司": "住宿餐饮", "丁某某": "未识别"}
    decided = {
        **dict.fromkeys(DECISION_COLUMNS, ""),
        **{"kind": "行业", "subject": "甲餐饮有限公司", "decision": "F", "used": True, "row": 2},
    }
    after = dataclasses.replace(ledgers, decisions=listed(DECISION_COLUMNS, [decided]))
    assert doubtful_industries(after)["enterprise"].tolist() == ["丁某某"]
