"""Rows that are no data: totals, notes, repeated headers, section titles; merged cells filled downwards."""

from __future__ import annotations

HEAD = ["街道", "楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"]


def test_totals_are_left_out_and_said(folder, converted, found):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            HEAD,
            ["中山街道", "青禾大厦", 30000, 20000],
            ["中山街道", "小计", 30000, 20000],
            ["澜江街道", "云帆中心", 10000, 8000],
            ["澜江街道小计", None, 10000, 8000],
            ["合 计：", None, 40000, 28000],
            ["其中：甲级", None, 30000, 20000],
        ],
    )
    ledgers = folder.read()
    assert ledgers["buildings"]["gross_area_sqm"].sum() == 40_000
    assert converted(ledgers, "合计、小计行不参与计算") == 4
    assert found(ledgers, "total-differs").empty


def test_a_total_that_does_not_match_is_listed(folder, found):
    folder.xlsx(
        "楼宇台账.xlsx",
        [HEAD, ["中山街道", "青禾大厦", 30000, 20000], ["合计", None, 35000, 20000]],
    )
    listed = found(folder.read(), "total-differs")
    assert listed[["row", "column", "value"]].values.tolist() == [
        [3, "建筑面积(㎡)", "合计 35,000，明细之和 30,000（㎡）"]
    ]


def test_a_total_is_compared_in_the_unit_of_its_heading(folder, found):
    # 3.2 + 1.25 = 4.45 万㎡, one cell written in ㎡; printed as 4.5 (within one unit as printed).
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            ["楼宇名称", "建筑面积(万㎡)", "可租售面积(万㎡)"],
            ["青禾大厦", "32000㎡", 2.5],
            ["云帆中心", 1.25, 1],
            ["合计", 4.5, 3.5],
        ],
    )
    ledgers = folder.read()
    assert ledgers["buildings"]["gross_area_sqm"].sum() == 44_500
    assert found(ledgers, "total-differs").empty


def test_a_tax_type_called_total_is_a_value(folder):
    folder.xlsx(
        "税收台账.xlsx",
        [
            ["企业名称", "税种", "年份", "税收(万元)"],
            ["甲公司", "合计", 2020, 100],
            ["乙公司", "合计", 2020, 50],
        ],
    )
    assert folder.read()["taxes"]["tax_yuan"].sum() == 1_500_000


def test_repeated_headers_footnotes_and_sections_are_left_out_and_said(folder, converted):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            HEAD,
            ["一、中山街道"],
            ["中山街道", "青禾大厦", 30000, 20000],
            HEAD,
            ["澜江街道", "云帆中心", 10000, 8000],
            [],
            ["注：面积以房产证为准。"],
            ["填表人：", "某某"],
        ],
    )
    ledgers = folder.read()
    assert ledgers["buildings"]["building"].tolist() == ["云帆中心", "青禾大厦"]
    assert ledgers["buildings"]["row"].tolist() == [5, 3]
    for what, rows in (("重复的表头", 1), ("表下注释", 2), ("分组标题行", 1)):
        assert converted(ledgers, what) == rows


def test_merged_streets_are_filled_downwards_and_merged_amounts_are_not(folder):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            HEAD,
            ["中山街道", "青禾大厦", 30000, 20000],
            [None, "海岳楼", None, 8000],
            ["澜江街道", "云帆中心", 10000, 8000],
        ],
        merges=["A2:A3", "C2:C3"],
    )
    buildings = folder.read()["buildings"].set_index("building")
    assert buildings["street"].to_dict() == {
        "青禾大厦": "中山街道",
        "海岳楼": "中山街道",
        "云帆中心": "澜江街道",
    }
    assert buildings["gross_area_sqm"].sum() == 40_000


def test_merged_years_are_filled_downwards(folder):
    folder.xlsx(
        "税收台账.xlsx",
        [["年份", "企业名称", "税收(元)"], [2020, "甲公司", 5], [None, "乙公司", 6]],
        merges=["A2:A3"],
    )
    assert folder.read()["taxes"]["year"].tolist() == [2020, 2020]


def test_a_header_far_down_and_to_the_right(folder):
    rows = [[None] * 2 for _ in range(12)] + [
        [None, None, *HEAD],
        [None, None, "中山街道", "青禾大厦", 30000, 20000],
    ]
    folder.xlsx("楼宇台账.xlsx", rows)
    buildings = folder.read()["buildings"]
    assert buildings["row"].tolist() == [14]


def test_a_line_with_more_cells_than_the_header_is_set_aside(folder, found):
    folder.text(
        "企业台账.csv",
        "企业名称,经营范围,迁入日期\n甲公司,软件开发,2020-01-01\n乙公司,软件开发,技术咨询,2020-01-02\n",
    )
    ledgers = folder.read()
    assert ledgers["tenancies"]["enterprise"].tolist() == ["甲公司"]
    assert found(ledgers, "row-ragged")[["row", "value", "severity"]].values.tolist() == [
        [3, "多 1 格", "error"]
    ]


def test_rows_without_a_year_are_set_aside(folder, found):
    folder.xlsx(
        "税收台账.xlsx",
        [["企业名称", "年份", "税收(元)"], ["甲公司", 2020, 5], ["乙公司", None, 6], ["丙公司", "去年", 7]],
    )
    ledgers = folder.read()
    assert ledgers["taxes"]["enterprise"].tolist() == ["甲公司"]
    assert found(ledgers, "key-missing")["row"].tolist() == [3]
    assert found(ledgers, "period-unreadable")["value"].tolist() == ["去年"]


def test_rows_that_speak_of_nobody_are_set_aside(folder, found):
    folder.xlsx("税收台账.xlsx", [["企业名称", "年份", "税收(元)"], ["甲公司", 2020, 5], [None, 2020, 6]])
    ledgers = folder.read()
    assert ledgers["taxes"]["tax_yuan"].tolist() == [5.0]
    assert found(ledgers, "key-missing")["row"].tolist() == [3]


def test_a_row_that_numbers_the_columns_is_left_out(folder, converted):
    head = [*HEAD, "停车位"]
    folder.xlsx("楼宇台账.xlsx", [head, ["甲", "乙", 1, 2, 3], ["中山街道", "青禾大厦", 30000, 20000, 90]])
    folder.csv("楼宇台账2.csv", [head, [1, 2, 3, 4, 5], ["中山街道", "云帆中心", 10000, 8000, 20]])
    ledgers = folder.read()
    assert ledgers["buildings"]["building"].tolist() == ["云帆中心", "青禾大厦"]
    assert converted(ledgers, "栏次行") == 2


def test_merged_cells_beyond_the_data_do_no_harm(folder):
    # Found by fuzzing: merges below and beside the last filled cell.
    folder.xlsx(
        "楼宇台账.xlsx", [HEAD, ["中山街道", "青禾大厦", 30000, 20000]], merges=["A2:A9", "B7:C8", "H1:J2"]
    )
    assert folder.read()["buildings"]["building"].tolist() == ["青禾大厦"]
