"""复核.xlsx on real workbooks: buildings, enterprises and faults, decided once and not asked again."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.ledgers.credit_codes import check_digit
from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.model import DECISION_COLUMNS, Ledgers
from louyu_lab.ledgers.review.decisions import HEADINGS

BUILDINGS = [
    ["楼宇编号", "楼宇名称", "别名", "街道", "建筑面积(㎡)", "可租售面积(㎡)"],
    ["A1", "城大数码广场", "", "中山街道", 32000, 25000],
    ["A2", "青禾大厦", "", "中山街道", 18000, 15000],
    ["A3", "青禾大厦", "", "澜江街道", 9000, 8000],
]


def _code(number: int) -> str:
    body = f"91210102{number:09d}"
    return body + check_digit(body)


A, B = _code(1), _code(2)


def decide(folder, **sheets: list[tuple]) -> None:
    """Write 复核.xlsx; rows are shorter than the headings where the rest is blank."""
    folder.xlsx("复核.xlsx", {name: [HEADINGS[name], *rows] for name, rows in sheets.items()})


def tenants(folder, *names: str, file: str = "企业台账.xlsx", above: int = 0) -> Ledgers:
    """Write a tenancy ledger of one firm a building name, ``above`` other rows before them."""
    rows = [[f"早{i}公司", "城大数码广场", 50] for i in range(above)] + [
        [f"{i}公司", n, 100] for i, n in enumerate(names)
    ]
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    folder.xlsx(file, [["企业名称", "楼宇名称", "租用面积(㎡)"], *rows])
    return folder.read()


DECIDED = [("诚大数码大厦", "城大数码广场"), ("望海阁", "不是"), ("青禾大厦", "A3"), ("某楼", "")]


@pytest.mark.parametrize(("file", "above"), [("企业台账.xlsx", 0), ("2021/名单（企业台账）.xlsx", 5)])
def test_buildings_decided_once_are_not_asked_about_again(folder, found, converted, file, above):
    names = ("诚大数码 大厦", "望海阁", "青禾大厦", "某楼")
    asked = tenants(folder, *names, file=file, above=above)
    about = ("building-similar", "building-unknown", "building-ambiguous", "building-same-name")
    assert [len(found(asked, rule)) for rule in about] == [1, 2, 1, 1]  # two buildings are called 青禾大厦
    decide(folder, 楼宇=DECIDED)
    ledgers = folder.read()
    stays = ledgers["tenancies"].tail(4)
    assert stays["building_id"].fillna("").tolist() == ["A1", "", "A3", ""]
    assert [found(ledgers, rule)["value"].tolist() for rule in about] == [[], ["某楼"], [], []]
    assert ledgers.decisions[["subject", "used"]].values.tolist() == [
        *(["诚大数码大厦", True], ["望海阁", True], ["青禾大厦", True])
    ]
    assert converted(ledgers, "按复核决定对应到楼宇台账") == 2


def test_a_decision_without_its_building_and_two_that_contradict_are_not_used(folder, found):
    decide(
        folder,
        楼宇=[
            *(("诚大数码大厦", "城大数码广厂"), ("望海阁", "A1"), ("望海 阁", "A2")),
            # One building by number and by name is no contradiction.
            *(("某楼", "A1"), ("某楼", "城大数码广场"), ("城大数码广场", "A2")),
        ],
    )
    ledgers = tenants(folder, "诚大数码大厦", "望海阁", "某楼", "城大数码广场")
    assert ledgers["tenancies"]["building_id"].fillna("").tolist() == ["", "", "A1", "A1"]
    unknown = found(ledgers, "decision-unknown")
    assert unknown[["file", "sheet", "row", "severity"]].values.tolist() == [
        *(["复核.xlsx", "楼宇", 2, "error"], ["复核.xlsx", "楼宇", 7, "error"])
    ]
    assert (
        "是否想写“城大数码广场”" in unknown["value"][0] and "本身是楼宇台账里的一幢楼" in unknown["value"][1]
    )
    assert found(ledgers, "decision-contradictory")["row"].tolist() == [3, 4]


def test_of_two_buildings_of_one_name_only_a_number_settles_which(folder, found):
    decide(folder, 楼宇=[("青禾大厦", "不是"), ("禾楼", "青禾大厦")])
    ledgers = tenants(folder, "青禾大厦", "禾楼")
    unknown = found(ledgers, "decision-unknown")
    assert unknown["row"].tolist() == [2, 3]
    assert all(said.endswith("有几幢楼叫“青禾大厦”，请写楼宇编号（A2、A3）") for said in unknown["value"])
    asked = found(ledgers, "building-ambiguous")
    assert asked["value"].tolist() == ["青禾大厦"] and "A2、A3" in asked["remedy"][0]
    assert found(ledgers, "building-same-name")["value"].tolist() == ["青禾大厦（A2、A3）"]
    assert not ledgers.decisions["used"].any() and ledgers["tenancies"]["building_id"].isna().all()
    decide(folder, 楼宇=[("青禾大厦", "A3"), ("禾楼", "A2")])
    ledgers = folder.read()
    assert ledgers["tenancies"]["building_id"].tolist() == ["A3", "A2"] and ledgers.check().empty


def test_two_buildings_of_one_name_may_be_accepted(folder, found):
    ledgers = tenants(folder)
    fault = found(ledgers, "building-same-name").iloc[0]
    decide(folder, 问题=[(fault["rule"], "青禾大厦", fault["column"], fault["value"], "接受", "确是两幢")])
    ledgers = folder.read()
    assert found(ledgers, "building-same-name").empty and len(ledgers.accepted) == 1


def test_twins_said_to_be_two_buildings_are_not_listed(folder, found):
    folder.xlsx("楼宇台账.xlsx", [*BUILDINGS[:2], ["A9", "诚大数码大厦", "", "中山街道", 9000, 8000]])
    assert len(found(folder.read(), "building-similar")) == 1
    decide(folder, 楼宇=[("诚大数码大厦", "不是")])
    ledgers = folder.read()
    assert ledgers.check().empty and ledgers.decisions["used"].all()


def _firms(folder, *rows, decided=()):
    folder.xlsx("企业台账.xlsx", [["企业名称", "统一社会信用代码", "楼宇名称"], *rows])
    if decided:
        decide(folder, 企业=list(decided))
    return folder.read()


#: Rows of (name, code), decisions -> which rows are one enterprise, and how many questions remain.
FIRMS = {
    "another name of one code": ([("甲公司", A), ("甲集团", A)], [("甲集团", "甲公司")], [A, A], 0),
    "the same, told by the code": ([("甲公司", A), ("甲集团", A)], [("甲集团", A)], [A, A], 0),
    "a code typed wrongly": ([("甲公司", A), ("甲公司", B)], [(B, A)], [A, A], 0),
    "the code of a name": ([("甲公司", A), ("甲公司", B)], [("甲公司", A)], [A, A], 0),
    "two firms of one name": ([("甲公司", A), ("甲公司", B)], [("甲公司", "不是")], [A, B], 0),
    "names without codes": ([("甲公司", ""), ("甲集团", "")], [("甲集团", "甲公司")], ["甲公司"] * 2, 0),
    "a name given to one with a code": ([("甲公司", A), ("甲集团", "")], [("甲集团", "甲公司")], [A, A], 0),
    "a code kept where the other has none": (
        [("甲公司", ""), ("甲集团", A)],
        [("甲集团", "甲公司")],
        [A, A],
        0,
    ),
    "two codes by their names": ([("甲公司", A), ("甲集团", B)], [("甲集团", "甲公司")], [A, A], 0),
    "one after the other": (
        [("甲", A), ("乙", B), ("丙", "")],
        [("丙", "乙"), ("乙", "甲")],
        *([A, A, A], 0),
    ),
    "round in a circle": ([("甲", ""), ("乙", "")], [("甲", "乙"), ("乙", "甲")], ["乙", "乙"], 0),
}


@pytest.mark.parametrize("case", FIRMS)
def test_enterprises(folder, found, case):
    pairs, decided, ids, questions = FIRMS[case]
    rows = [[name, code, f"{place}楼"] for place, (name, code) in enumerate(pairs)]
    ledgers = _firms(folder, *rows, decided=decided)
    assert ledgers["tenancies"]["enterprise_id"].tolist() == ids
    asked = [len(found(ledgers, rule)) for rule in ("code-two-names", "name-two-codes")]
    assert sum(asked) == questions
    assert found(ledgers, "decision-unknown").empty
    # Names and codes stay as they are written; only who is meant is decided.
    assert ledgers["tenancies"]["enterprise"].tolist() == [name for name, _ in pairs]


def test_an_enterprise_that_is_not_there_is_a_fault_only_where_it_would_be_used(folder, found):
    rows = (["甲公司", "", "一楼"], ["乙公司", "", "二楼"])
    ledgers = _firms(folder, *rows, decided=[("甲公司", "乙公词"), ("丙公司", "丁公司")])
    assert found(ledgers, "decision-unknown")["value"].tolist() == ["甲公司 → 乙公词（是否想写“乙公司”？）"]
    assert ledgers["tenancies"]["enterprise_id"].tolist() == ["甲公司", "乙公司"]
    assert ledgers.decisions["used"].tolist() == [True, False]


def _broken(folder, name: str = "楼宇台账.xlsx", above: int = 0) -> Ledgers:
    rows = [[f"B{i}", f"{i}号楼", "", "中山街道", 9000, 8000] for i in range(above)]
    faulty = [
        ["C1", "云帆中心", "", "澜江街道", "九千", 8000],
        ["C2", "海岳楼", "", "澜江街道", 9000, 9500],
        ["C3", "望海阁", "", "澜江街道", 9000, 9500],
    ]
    folder.xlsx(name, [BUILDINGS[0], *rows, *faulty])
    return folder.read()


@pytest.mark.parametrize(("name", "above"), [("楼宇台账.xlsx", 0), ("2021/楼宇台账.xlsx", 7)])
def test_accepted_faults_are_gone_next_year_too(folder, name, above):
    before = _broken(folder, name, above)
    keys = before.check().merge(before.subjects, on=["file", "sheet", "row"])
    assert keys["key"].tolist() == ["云帆中心", "海岳楼", "望海阁"]
    decide(
        folder, 问题=[(r.rule, r.key, r.column, r.value, "接受", "已到场核实") for r in keys[:2].itertuples()]
    )
    after = folder.read()
    assert after.check()["value"].tolist() == ["9,500㎡ > 9,000㎡"]
    assert after.accepted[["severity", "reason"]].values.tolist() == [
        *(["error", "已到场核实"], ["warning", "已到场核实"])
    ]
    pd.testing.assert_frame_equal(
        after.accepted.drop(columns="reason"), before.check()[:2], check_dtype=False
    )
    # The row of an accepted error stays aside: what cannot be read cannot be used.
    assert "云帆中心" not in set(after["buildings"]["building"])
    assert after.decisions["used"].all()


def test_another_value_is_asked_about_anew(folder):
    keys = _broken(folder).check()
    row = keys.iloc[0]
    decide(folder, 问题=[(row["rule"], "云帆中心", row["column"], "八千", "接受")])
    ledgers = folder.read()
    assert len(ledgers.check()) == 3 and ledgers.accepted.empty and not ledgers.decisions["used"].any()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("可租售面积大于建筑面机", "海岳楼", "", "", "接受"), "是否想写“可租售面积大于建筑面积”"),
        (("可租售面积大于建筑面积", "海岳楼", "", "", "可以"), "只能决定“接受”"),
        ((rules()["file-broken"].zh, "", "", "", "接受"), "不能接受"),
    ],
)
def test_what_is_no_decision_on_a_fault(folder, found, row, said):
    decide(folder, 问题=[row])
    ledgers = _broken(folder)
    assert said in found(ledgers, "decision-invalid")["value"][0]


def test_further_columns_and_sheets_are_passed_over_and_a_misnamed_sheet_is_listed(folder, found):
    head = ["最相近的楼宇", "决定", "处数", "写法", "经办人"]
    folder.xlsx(
        "复核.xlsx",
        {
            "楼宇": [["台账里没有的楼名"], head, ["城大数码广场", "A1", 3, "诚大数码大厦", "张三"]],
            "说明": [["随便写"]],
        },
    )
    ledgers = tenants(folder, "诚大数码大厦")
    assert ledgers["tenancies"]["building_id"].tolist() == ["A1"] and found(ledgers, "building-unknown").empty
    assert "张三" not in ledgers.decisions.to_csv()
    assert tuple(ledgers.decisions.columns) == DECISION_COLUMNS
    folder.xlsx("复核.xlsx", {"楼宇复核": [["写法", "决定"], ["诚大数码大厦", "A1"]]})
    assert "工作表名应为" in found(folder.read(), "review-unreadable")["value"][0]


def test_an_unreadable_workbook_is_an_error(folder, found):
    (folder.path / "复核.xlsx").write_bytes(b"PK\x03\x04 broken")
    ledgers = tenants(folder, "诚大数码大厦")
    assert found(ledgers, "review-unreadable")[["file", "severity"]].values.tolist() == [
        ["复核.xlsx", "error"]
    ]
    assert ledgers.decisions.empty and len(found(ledgers, "building-similar")) == 1
