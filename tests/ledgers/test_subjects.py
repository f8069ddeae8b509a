"""Whom the rows speak of that faults name, and where: by their own cells, their building, the names around."""

from __future__ import annotations

from louyu_lab.ledgers.model import SUBJECT_COLUMNS

BUILDINGS = [
    ["楼宇编号", "楼宇名称", "别名", "街道", "建筑面积(㎡)", "可租售面积(㎡)"],
    ["A1", "青禾大厦", "禾楼", "中山街道", 9000, 9500],
    ["A2", "云帆中心", "", "澜江街道", "九千", 8000],
    ["A3", None, "", None, 9000, 9500],
]


def _by_place(ledgers):
    rows = ledgers.subjects.to_dict("records")
    return {(row["file"], row["row"]): (row["ledger"], row["key"], row["region"]) for row in rows}


def test_every_faulty_row_has_its_subject_and_street(folder):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    head = ["企业名称", "楼宇名称", "租用面积(㎡)", "迁入日期", "迁出日期"]
    folder.xlsx(
        "企业台账.xlsx",
        {
            "名单": [
                head,
                ["甲公司", "青禾大厦", "一百", "2019-01-01", None],  # found while reading
                ["乙公司", "禾楼", 100, "2019-01-01", "2018-01-01"],  # found later, building by alias
                ["丙公司", None, 100, "2019-01-01", "2018-01-01"],  # in no building
                ["丁公司", "青禾大厦", 100, "2019-01-01", None],  # nothing wrong
            ]
        },
    )
    folder.xlsx(
        "望江街道/税收台账.xlsx",
        [
            ["企业名称", "街道", "2020年税收(万元)"],
            ["戊公司", None, "若干"],
            ["己公司", "海口街道", -5],
            ["庚公司", None, 3],
        ],
    )
    ledgers = folder.read()
    assert tuple(ledgers.subjects.columns) == SUBJECT_COLUMNS
    assert _by_place(ledgers) == {
        ("楼宇台账.xlsx", 2): ("buildings", "青禾大厦", "中山街道"),
        ("楼宇台账.xlsx", 3): ("buildings", "云帆中心", "澜江街道"),
        ("楼宇台账.xlsx", 4): ("buildings", "A3", ""),
        ("企业台账.xlsx", 2): ("tenancies", "甲公司", "中山街道"),
        ("企业台账.xlsx", 3): ("tenancies", "乙公司", "中山街道"),
        ("企业台账.xlsx", 4): ("tenancies", "丙公司", ""),
        ("望江街道/税收台账.xlsx", 2): ("taxes", "戊公司", "望江街道"),
        ("望江街道/税收台账.xlsx", 3): ("taxes", "己公司", "海口街道"),
    }


def test_rows_of_side_files_and_lines_that_are_no_rows_have_no_name(folder):
    folder.csv(
        "楼宇台账.csv", [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", 9000, 8000, "批注"]]
    )
    folder.xlsx(
        "更正.xlsx", {"更正": [["键", "字段", "原值", "新值", "依据"], ["青禾大厦", "等级", "a", "b", None]]}
    )
    ledgers = folder.read()
    assert {"更正.xlsx", "楼宇台账.csv"} <= set(ledgers.check()["file"])
    assert _by_place(ledgers) == {("楼宇台账.csv", 2): ("buildings", "", "")}
