"""Headers: titles, merged and stacked headings, units, wide years."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers.headings import Header, _heading


@pytest.mark.parametrize(
    ("parts", "names", "unit", "year"),
    [
        (["税收(万元)", "2018"], ("税收",), "万元", 2018),
        (["2019年末入驻率(%)"], ("入驻率",), "%", 2019),
        (["2019年税收(万元)"], ("税收",), "万元", 2019),
        (["2020年1-12月全口径税收（亿元）"], ("全口径税收",), "亿元", 2020),
        (["2020年1-6月税收（万元）"], ("16月税收",), "万元", 2020),
        (["税收(万元)", "同比"], ("同比", "税收同比"), "万元", None),
        (["税收(万元)", "2020年1-6月"], ("16月", "税收16月"), "万元", 2020),
        (["建筑面积(㎡)", "其中:地下"], ("其中地下", "建筑面积其中地下"), "㎡", None),
        (["税收(万元)(全口径)"], ("税收",), "万元", None),
        (["税收(含税,亿元)"], ("税收",), "亿元", None),
        (["税收", "(万元)"], ("税收",), "万元", None),
        (["税收万元"], ("税收",), "万元", None),
        (["租金（单位：元/㎡·天）"], ("租金",), "元/㎡·天", None),
        (["单位名称"], ("单位名称",), "", None),
        (["镇(街道)"], ("镇",), "", None),
    ],
)
def test_a_heading_gives_its_name_unit_and_year(parts, names, unit, year):
    heading = _heading(0, parts, {})
    assert (heading.names, heading.unit, heading.year) == (names, unit, year)


@pytest.mark.parametrize(
    ("title", "unit"),
    [("某区税收表 单位：万元", "万元"), ("填报单位：商务局 单位：亿元", "亿元"), ("（单位:万元、㎡）", "㎡")],
)
def test_the_unit_above_a_table_is_told_from_the_office_that_filled_it(title, unit):
    units = Header(0, (), title).title_units
    assert unit in units
    assert "商务局" not in units


def test_title_and_unit_above_the_header(folder, converted):
    folder.xlsx(
        "税收台账.xlsx",
        [
            ["某区楼宇企业税收情况表"],
            ["填报单位：商务局", None, None, "单位：万元"],
            ["企业名称", "楼宇名称", "年份", "税收"],
            ["甲公司", "青禾大厦", 2020, 123.5],
        ],
        merges=["A1:D1"],
    )
    ledgers = folder.read()
    # 123.5 万元 = 1,235,000 元
    assert ledgers["taxes"]["tax_yuan"].tolist() == [1_235_000.0]
    assert converted(ledgers, "按表头万元换算为元") == 1
    assert ledgers.check().empty


def test_merged_headings_over_two_rows(folder, converted):
    folder.xlsx(
        "税收台账.xlsx",
        [
            ["楼宇名称", "街道", "税收(万元)", None, None],
            [None, None, 2018, 2019, 2020],
            ["青禾大厦", "中山街道", 100, 110, 121],
        ],
        merges=["A1:A2", "B1:B2", "C1:E1"],
    )
    ledgers = folder.read()
    assert dict(zip(ledgers["taxes"]["year"], ledgers["taxes"]["tax_yuan"], strict=True)) == {
        2018: 1_000_000.0,
        2019: 1_100_000.0,
        2020: 1_210_000.0,
    }
    assert set(ledgers["taxes"]["level"]) == {"building"}
    assert converted(ledgers, "宽表按年份展开（2018–2020）") == 1


@pytest.mark.parametrize("title", [[], [["某区税收"]]])
def test_stacked_headings_without_merges_in_csv(folder, title):
    rows = [*title, ["楼宇名称", "税收(万元)", "", ""], ["", 2018, 2019, 2020], ["青禾大厦", 100, 110, 121]]
    folder.csv("税收台账.csv", rows)
    assert folder.read()["taxes"]["tax_yuan"].tolist() == [1_000_000.0, 1_100_000.0, 1_210_000.0]


def test_years_within_the_heading_of_wide_columns(folder, converted):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            [
                "楼宇名称",
                "建筑面积(㎡)",
                "可租售面积(㎡)",
                "2019年末入驻率(%)",
                "2020年末入驻率(%)",
                "2019年税收(万元)",
                "2020年税收(万元)",
            ],
            ["青禾大厦", 32000, 25000, 80, 84, 900, 1000],
        ],
    )
    ledgers = folder.read()
    occupancy = ledgers["occupancy"].set_index("year")
    assert occupancy["occupancy_rate"].to_dict() == pytest.approx({2019: 0.80, 2020: 0.84})
    assert occupancy["occupied_area_sqm"].to_dict() == pytest.approx({2019: 20_000, 2020: 21_000})
    assert ledgers["taxes"].set_index("year")["tax_yuan"].to_dict() == {2019: 9_000_000.0, 2020: 10_000_000.0}
    assert converted(ledgers, "宽表按年份展开") == 1


def test_a_row_of_units_below_the_header(folder):
    folder.xlsx(
        "楼宇台账.xlsx",
        [["楼宇名称", "建筑面积", "可租售面积"], [None, "万㎡", "万㎡"], ["青禾大厦", 3.2, 2.5]],
    )
    assert folder.read()["buildings"]["gross_area_sqm"].tolist() == [32_000.0]


def test_a_wide_table_beside_a_year_column_is_not_silent(folder, found):
    folder.xlsx(
        "税收台账.xlsx",
        [["企业名称", "年份", "2019年税收(万元)", "2020年税收(万元)"], ["甲公司", 2020, 10, 12]],
    )
    ledgers = folder.read()
    assert ledgers["taxes"].set_index("year")["tax_yuan"].to_dict() == {2019: 100_000.0, 2020: 120_000.0}
    assert found(ledgers, "column-twice")["value"].tolist() == ["表头已写年份，用表头的年份"]


def test_a_first_row_of_texts_is_no_second_header(folder):
    # 总部 in an unknown column is also a column's name; the row's code and date show it to be data.
    folder.csv(
        "企业台账.csv",
        [
            ["企业名称", "统一社会信用代码", "迁入日期", "单位性质"],
            ["甲公司", "91210102117776048G", "2019-05-06", "总部"],
            ["乙公司", "", "2019-05-07", "分部"],
        ],
    )
    assert folder.read()["tenancies"]["enterprise"].tolist() == ["甲公司", "乙公司"]


def test_two_ledgers_in_one_workbook_and_an_unknown_sheet(folder, found):
    folder.xlsx(
        "数据.xlsx",
        {
            "楼宇": [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", 32000, 25000]],
            "企业": [["企业名称", "楼宇名称", "租用面积(㎡)"], ["甲公司", "青禾大厦", 300]],
            "会议纪要": [["时间", "地点"], ["周一", "三楼"], ["联系", 13800001111]],
        },
    )
    ledgers = folder.read()
    assert set(ledgers.frames) == {"buildings", "tenancies"}
    unknown = found(ledgers, "sheet-unknown")
    assert unknown["sheet"].tolist() == ["会议纪要"]
    assert "13800001111" not in unknown.to_string()


def test_unknown_columns_are_listed_and_blank_ones_are_not(folder, found):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            ["序号", "楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)", "楼顶广告", "空列"],
            [1, "青禾大厦", 32000, 25000, "有", None],
        ],
    )
    assert found(folder.read(), "column-unknown")["column"].tolist() == ["楼顶广告"]


def test_data_below_no_heading_is_listed(folder, found):
    folder.xlsx(
        "楼宇台账.xlsx",
        [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", 32000, 25000, None, "核对过"]],
    )
    assert found(folder.read(), "column-unheaded")["column"].tolist() == ["第 5 列"]


def test_two_columns_of_one_meaning_are_listed(folder, found):
    folder.xlsx(
        "楼宇台账.xlsx",
        [["楼宇名称", "建筑面积(㎡)", "总建面(㎡)", "可租售面积(㎡)"], ["青禾大厦", 32000, 31000, 25000]],
    )
    ledgers = folder.read()
    assert ledgers["buildings"]["gross_area_sqm"].tolist() == [32_000.0]
    assert found(ledgers, "column-twice")["column"].tolist() == ["总建面(㎡)"]


def test_a_row_of_units_with_dashes_and_counts(folder):
    rows = [
        ["楼宇名称", "街道", "建筑面积", "可租售面积", "入驻率", "企业户数", "税收"],
        ["—", "/", "万平方米", "万平方米", "％", "家", "亿元"],
        ["青禾大厦", "中山街道", 3.2, 2.5, "85％", 120, 0.32],
    ]
    folder.xlsx("2020年楼宇.xlsx", rows)
    ledgers = folder.read()
    assert ledgers["buildings"]["gross_area_sqm"].tolist() == [32_000.0]
    assert ledgers["occupancy"][["occupancy_rate", "firms"]].values.tolist() == [[0.85, 120]]
    assert ledgers["taxes"]["tax_yuan"].tolist() == pytest.approx([32_000_000.0])


def test_parts_below_a_merged_heading_are_not_taken_for_the_whole(folder):
    rows = [
        ["楼宇名称", "建筑面积(㎡)", None, None, "可租售面积(㎡)", "税收(万元)", None],
        [None, "地上", "地下", "合计", None, "一季度", "全年"],
        ["青禾大厦", 24_000, 8_000, 32_000, 25_000, 100, 400],
    ]
    folder.xlsx("2020年楼宇.xlsx", rows, merges=["A1:A2", "B1:D1", "E1:E2", "F1:G1"])
    ledgers = folder.read()
    assert ledgers["buildings"]["gross_area_sqm"].tolist() == [32_000.0]
    assert ledgers["taxes"]["tax_yuan"].tolist() == [4_000_000.0]
