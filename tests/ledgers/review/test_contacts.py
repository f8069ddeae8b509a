"""Numbers of persons never get into what is read from 更正.xlsx and 复核.xlsx; other numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.ledgers.review import corrections, decisions
from louyu_lab.ledgers.review.contacts import unless_code, without_numbers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("不动产证，问李四主任 13912345678", "不动产证，问李四主任 ***"),
        ("电话13912345678已核", "电话***已核"),
        ("139 1234 5678、139-1234-5678", "***、***"),
        ("１３９１２３４５６７８", "***"),
        ("+86 13912345678；8613912345678", "***；***"),
        ("座机024-23456789转801", "座机***"),
        ("(024)23456789 或 0571 8765432", "*** 或 ***"),
        ("02423456789", "***"),
        ("电话：23456789", "电话***"),
        ("致电2345 6789", "致电***"),
        ("热线400-820-1234", "热线***"),
        ("身份证210102198001011234", "身份证***"),
        ("21010219800101123x。", "***。"),
        ("210102800101123", "***"),
        ("微信号: louyu_2020，邮箱 a.b@louyu.gov.cn", "***，邮箱 ***"),
    ],
)
def test_numbers_of_persons_are_blanked(text, said):
    assert without_numbers(text) == said


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2020年12月31日现场核实",
            "应为20620.5㎡，不是2.062万㎡",
            "税收1234567890元",
            "税收 12,345,678.90 元",
        ),
        *(
            "沈房权证第0123456789号",
            "不动产权第0012345号",
            "91210102MA0UE8YP5K",
            "20201231",
            "2018-01-01至2020-12-31",
        ),
        *("3.13912345678", "第 12 层 1301、1302 室", "由5200改为52000", "8000平", ""),
    ],
)
def test_other_numbers_stay(text):
    assert without_numbers(text) == text


@given(st.integers(13_000_000_000, 19_999_999_999), st.text("核实，由街道办：（）", max_size=6))
def test_no_mobile_number_is_left_whatever_stands_around(number, around):
    assert str(number) not in without_numbers(f"{around}{number}{around}")


def test_a_credit_code_alone_is_no_identity_number():
    # A code of digits only can have the shape of an identity number: 12 21 01 02 1980 ….
    assert unless_code("122101198001011234") == "122101198001011234"
    assert unless_code("问122101198001011234") == "问***"


MOBILE, LANDLINE, IDENTITY = "13912345678", "024-23456789", "210102198001011234"


def test_nothing_of_it_is_read(folder, found):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            ["楼宇编号", "楼宇名称", "地址", "建筑面积(㎡)", "可租售面积(㎡)"],
            ["A1", "青禾大厦", "一号", 9000, 9500],
            ["A2", "云帆中心", "二号", 9000, 8000],
        ],
    )
    folder.xlsx("企业台账.xlsx", [["企业名称", "楼宇名称", "租用面积(㎡)"], ["甲公司", "望海阁", 10]])
    asked = folder.read()
    over = found(asked, "rentable-over-gross").iloc[0]
    entries = [
        ("A2", "建筑面积", 9000, 9100, f"不动产证，问李四主任 {MOBILE}"),
        ("A2", "建筑面积", 1, 2, float(MOBILE)),
        ("A2", "地址", "二号", f"三号，{MOBILE}", "现场"),
        ("A9", "地址", "x", f"三号，{MOBILE}", "现场"),
        ("A2", "地址", f"四号 {MOBILE}", "x", "现场"),
        (f"李四 {MOBILE}", f"电话{MOBILE}", MOBILE, "1", "现场"),
    ]
    heads = ["键", "字段", "原值", "新值", "依据"]
    folder.xlsx("更正.xlsx", {corrections.SHEET: [heads, *entries]})
    folder.xlsx(
        "复核.xlsx",
        {
            "楼宇": [decisions.HEADINGS["楼宇"], ("望海阁", f"问李四{MOBILE}", LANDLINE, "李四")],
            "问题": [
                decisions.HEADINGS["问题"],
                (
                    over["rule"],
                    "青禾大厦",
                    over["column"],
                    over["value"],
                    "接受",
                    f"李四{LANDLINE}，{IDENTITY}",
                ),
                (over["rule"], "青禾大厦", over["column"], over["value"], f"行，{MOBILE}", ""),
            ],
        },
    )
    ledgers = folder.read()
    assert ledgers.corrections["outcome"].tolist()[:2] == ["applied", "stale"]
    assert ledgers.corrections["basis"].tolist()[:2] == ["不动产证，问李四主任 ***", "***"]
    assert ledgers.accepted["reason"].tolist() == ["李四***，***"]
    listed = [ledgers.corrections, ledgers.decisions, ledgers.accepted, ledgers.faults, ledgers.conversions]
    text = "".join(frame.to_csv() for frame in listed)
    assert not any(number in text for number in (MOBILE, LANDLINE, IDENTITY))
    warned = found(ledgers, "review-personal")
    # Rows 2 and 3 of the corrections' grounds, rows 4 to 7 elsewhere; the decisions' texts.
    assert warned["severity"].unique().tolist() == ["warning"]
    assert warned[["file", "sheet", "row", "column"]].values.tolist() == [
        *(["复核.xlsx", "楼宇", 2, "决定"], ["复核.xlsx", "楼宇", 2, "说明"]),
        *(["复核.xlsx", "问题", 2, "说明"], ["复核.xlsx", "问题", 3, "决定"]),
        *(["更正.xlsx", "更正", 2, "依据"], ["更正.xlsx", "更正", 3, "依据"]),
        *(
            ["更正.xlsx", "更正", 4, "新值"],
            ["更正.xlsx", "更正", 5, "新值"],
            ["更正.xlsx", "更正", 6, "原值"],
        ),
        *(["更正.xlsx", "更正", 7, name] for name in ("原值", "字段", "键")),
    ]
    assert "姓名" in warned["remedy"][0]


def test_amounts_of_eleven_digits_are_no_telephone_numbers(folder, found):
    folder.xlsx("区级总量.xlsx", [["指标", "2020"], ["全区税收(元)", 13912345678]])
    folder.xlsx("税收台账.xlsx", [["企业名称", "2020年税收(元)"], ["甲公司", 13912345678]])
    heads = ["键", "字段", "原值", "新值", "依据"]
    entry = ["甲公司", "2020年税收(元)", 13912345678, 13900000000, "完税证明"]
    folder.xlsx("更正.xlsx", {"更正": [heads, entry, ["甲公司", "2020年税收(元)", "13812345678", 1, "x"]]})
    ledgers = folder.read()
    assert ledgers.corrections[["old", "outcome"]].values.tolist() == [
        *(["13912345678", "applied"], ["13812345678", "stale"])
    ]
    assert "13812345678" in found(ledgers, "correction-stale")["value"][0]
    assert found(ledgers, "review-personal").empty
