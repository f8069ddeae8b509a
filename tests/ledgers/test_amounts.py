"""Columns of numbers in real files: units, scales, ranges, unreadable cells."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

HEAD = ["楼宇名称", "建筑面积", "可租售面积"]


def _buildings(folder, gross, heading="建筑面积", rentable=8000):
    names = [f"楼{i}号" for i in range(len(gross))]
    rows = [[name, area, rentable] for name, area in zip(names, gross, strict=True)]
    folder.xlsx("楼宇台账.xlsx", [["楼宇名称", heading, "可租售面积(㎡)"], *rows])
    ledgers = folder.read()
    return ledgers, ledgers["buildings"].set_index("building")["gross_area_sqm"].to_dict()


def test_units_written_in_the_cells(folder, converted):
    cells = ["约3.2万㎡", "２５０００平方米", "18,000 ㎡", "1.5万平米", "30亩", 12000]
    ledgers, areas = _buildings(folder, cells)
    # 30 亩 = 30 × 10,000/15 = 20,000 ㎡
    assert list(areas.values()) == pytest.approx([32_000, 25_000, 18_000, 15_000, 20_000, 12_000])
    assert converted(ledgers, "按单元格所写单位换算为㎡") == 5


def test_units_in_some_cells_and_not_in_others_are_listed(folder, found):
    ledgers, _ = _buildings(folder, ["3.2万㎡", 18000, 25000])
    assert found(ledgers, "unit-mixed")["value"].tolist() == ["没写单位的 2 格按㎡读取"]


def test_full_width_digits(folder, converted):
    folder.csv(
        "楼宇台账.csv",
        [
            ["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"],
            ["青禾大厦", "３２０００", "２５，０００.５".replace("，", "")],
        ],
    )
    ledgers = folder.read()
    assert ledgers["buildings"]["gross_area_sqm"].tolist() == [32_000.0]
    assert ledgers["buildings"]["rentable_area_sqm"].tolist() == [25_000.5]
    assert converted(ledgers, "文字数字改为数值") == 2


def test_a_bare_area_in_the_wrong_unit_is_set_aside_not_guessed(folder, found):
    # 3.2 among 18000 and 25000: meant 万㎡, but the reader only asks.
    ledgers, areas = _buildings(folder, [3.2, 18000, 25000])
    assert list(areas) == ["楼1号", "楼2号"]
    suspect = found(ledgers, "unit-suspect")
    assert suspect[["row", "value", "severity"]].values.tolist() == [[2, "3.2", "error"]]
    assert "疑为万㎡" in suspect["remedy"][0]


def test_square_metres_under_a_heading_of_ten_thousands(folder, found):
    ledgers, areas = _buildings(folder, [3.2, 18000, 2.5], "建筑面积(万㎡)")
    assert list(areas.values()) == [32_000.0, 25_000.0]
    assert "疑为㎡" in found(ledgers, "unit-suspect")["remedy"][0]


def test_a_whole_bare_column_that_only_fits_ten_thousands(folder, found, converted):
    ledgers, areas = _buildings(folder, [3.2, 1.8, 2.5])
    assert list(areas.values()) == pytest.approx([32_000, 18_000, 25_000])
    assert found(ledgers, "unit-unstated")["value"].tolist() == ["按万㎡读取"]
    assert converted(ledgers, "未写单位，量级只合万㎡") == 3


def test_money_in_yuan_ten_thousands_and_hundred_millions(folder, found):
    rows = [["甲", 2020, "1.2亿元"], ["乙", 2020, "500万元"], ["丙", 2020, "8000元"], ["丁", 2020, 300]]
    folder.xlsx("税收台账.xlsx", [["企业名称", "年份", "税收(万元)"], *rows])
    ledgers = folder.read()
    assert ledgers["taxes"]["tax_yuan"].tolist() == pytest.approx([1.2e8, 5e6, 8e3, 3e6])


def test_money_without_a_unit_is_listed(folder, found):
    folder.xlsx("税收台账.xlsx", [["企业名称", "年份", "税收"], ["甲", 2020, "1.2亿元"], ["乙", 2020, 300]])
    ledgers = folder.read()
    assert ledgers["taxes"]["tax_yuan"].tolist() == pytest.approx([1.2e8, 300])
    assert found(ledgers, "unit-mixed")["value"].tolist() == ["没写单位的 1 格按元读取"]


def test_a_foreign_unit_is_listed(folder, found):
    folder.xlsx("税收台账.xlsx", [["企业名称", "年份", "税收(万美元)"], ["甲", 2020, 300]])
    assert found(folder.read(), "unit-unknown")["value"].tolist() == ["“万美元”，按元读取"]


def test_a_vast_tax_is_set_aside(folder, found):
    # 51,234,567 under 万元 would be 5123 亿元.
    folder.xlsx(
        "税收台账.xlsx", [["企业名称", "年份", "税收(万元)"], ["甲", 2020, 51_234_567], ["乙", 2020, 300]]
    )
    ledgers = folder.read()
    assert ledgers["taxes"]["enterprise"].tolist() == ["乙"]
    assert found(ledgers, "unit-suspect")["value"].tolist() == ["5,123亿元"]


def test_negative_tax_is_kept_and_listed(folder, found):
    folder.xlsx(
        "税收台账.xlsx", [["企业名称", "年份", "税收(万元)"], ["甲", 2020, -18.6], ["乙", 2020, "(2.5)"]]
    )
    ledgers = folder.read()
    assert ledgers["taxes"]["tax_yuan"].tolist() == pytest.approx([-186_000, -25_000])
    assert found(ledgers, "tax-refund")[["row", "value", "severity"]].values.tolist() == [
        [2, "-18.6", "warning"],
        [3, "(2.5)", "warning"],
    ]


def _rates(folder, cells, heading="入驻率"):
    rows = [[f"楼{i}号", 30000, 20000, rate] for i, rate in enumerate(cells)]
    folder.xlsx("楼宇台账2020.xlsx", [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)", heading], *rows])
    ledgers = folder.read()
    return ledgers, ledgers["occupancy"]["occupancy_rate"].tolist()


@pytest.mark.parametrize(
    ("cells", "heading", "said"),
    [
        ([0.85, 0.9], "入驻率", ""),
        ([85, 90], "入驻率", "未写%，按百分数换算"),
        (["85%", "90％"], "入驻率", "按单元格所写单位换算"),
        ([85, 90], "入驻率(%)", "按表头%换算"),
        ([0.85, 0.9], "入驻率(%)", "数值都不超过1，按小数读取"),
    ],
)
def test_rates_in_every_spelling(folder, converted, cells, heading, said):
    ledgers, rates = _rates(folder, cells, heading)
    assert rates == pytest.approx([0.85, 0.9])
    assert (converted(ledgers, said) == 2) if said else True
    assert "error" not in set(ledgers.check()["severity"])


def test_excel_percentages_are_read_as_fractions(folder):
    path = folder.xlsx(
        "楼宇台账2020.xlsx",
        [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)", "入驻率"], ["青禾大厦", 30000, 20000, 0.85]],
    )
    book = openpyxl.load_workbook(path)
    book.active["D2"].number_format = "0%"
    book.save(path)
    assert folder.read()["occupancy"]["occupied_area_sqm"].tolist() == pytest.approx([17_000])


@pytest.mark.parametrize("heading", ["入驻率", "入驻率(%)"])
def test_fractions_among_percentages_are_set_aside(folder, found, heading):
    ledgers, rates = _rates(folder, [85, 0.9, 70, 1, 0], heading)
    assert rates == pytest.approx([0.85, 0.7, 0.0])
    assert found(ledgers, "rate-scale")[["row", "value", "severity"]].values.tolist() == [
        [3, "0.9", "error"],
        [5, "1", "error"],
    ]


def test_a_percentage_among_fractions_is_set_aside(folder, found):
    ledgers, rates = _rates(folder, [0.85, 0.9, 85])
    assert rates == pytest.approx([0.85, 0.9])
    assert found(ledgers, "rate-scale")["value"].tolist() == ["85"]


def test_a_rate_above_one_is_set_aside(folder, found):
    ledgers, rates = _rates(folder, [85, 102, 100.04], "入驻率(%)")
    assert rates == pytest.approx([0.85, 1.0004])
    assert found(ledgers, "rate-over-100")[["row", "value", "severity"]].values.tolist() == [
        [3, "102", "error"]
    ]


def test_blank_words_are_blanks_not_zero(folder, found):
    cells = ["—", "无", "待定", "/", "N/A", None, 12000]
    ledgers, areas = _buildings(folder, cells)
    assert sum(area == area for area in areas.values()) == 1
    assert found(ledgers, "number-unreadable").empty


def test_words_booleans_and_times_are_no_numbers(folder, found):
    ledgers, areas = _buildings(folder, ["三万", True, dt.time(3, 4), "3-5万", 12000])
    assert list(areas.values()) == [12_000.0]
    unreadable = found(ledgers, "number-unreadable")
    assert unreadable["value"].tolist() == ["三万", "True", "03:04:00", "3-5万"]
    assert set(unreadable["severity"]) == {"error"}


def test_failed_formulas_are_errors_not_blanks(folder, found):
    path = folder.xlsx(
        "楼宇台账.xlsx",
        [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["甲", 1, 9000], ["乙", 12000, 9000]],
    )
    book = openpyxl.load_workbook(path)
    book.active["B2"].value, book.active["B2"].data_type = "#DIV/0!", "e"
    book.active["A3"].value, book.active["A3"].data_type = "#REF!", "e"
    book.save(path)
    failed = found(folder.read(), "formula-error")
    assert failed[["row", "column", "value", "severity"]].values.tolist() == [
        [2, "建筑面积(㎡)", "#DIV/0!", "error"],
        [3, "楼宇名称", "#REF!", "warning"],
    ]


def test_out_of_range_says_the_range(folder, found):
    ledgers, _ = _buildings(folder, [-5, 12000])
    assert "200–2000000㎡" in found(ledgers, "out-of-range")["remedy"][0]


def test_counts_are_rounded_and_said(folder, converted):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            ["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)", "停车位", "星级"],
            ["甲", 30000, 20000, 120.5, "四星级"],
        ],
    )
    ledgers = folder.read()
    assert ledgers["buildings"][["parking_spaces", "star"]].values.tolist() == [[120, 4]]
    assert converted(ledgers, "取整") == 1


def test_rents_by_the_day_are_converted(folder):
    folder.xlsx("运营台账2020.xlsx", [["楼宇名称", "入驻率(%)", "报价租金(元/㎡·天)"], ["甲", 80, 2.4]])
    # 2.4 元/㎡·天 × 365/12 = 73 元/㎡·月
    assert folder.read()["occupancy"]["asking_rent_yuan"].tolist() == pytest.approx([73.0])
