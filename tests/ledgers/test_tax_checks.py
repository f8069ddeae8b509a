"""The tax ledger: levels, types and periods never added twice; unit breaks between years."""

from __future__ import annotations

import pytest

from louyu_lab.analysis.panel import building_years, enterprise_years

BUILDINGS = [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", 32000, 25000]]


def _taxes(folder, head, *rows):
    folder.xlsx("税收台账.xlsx", [head, *rows])
    return folder.read()


def test_three_levels_in_one_folder_are_never_added(folder, found):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    folder.xlsx(
        "企业台账.xlsx",
        [
            ["企业名称", "楼宇名称", "迁入日期"],
            ["甲", "青禾大厦", "2018-01-01"],
            ["乙", "青禾大厦", "2018-01-01"],
        ],
    )
    folder.xlsx(
        "税收台账_企业.xlsx", [["企业名称", "年份", "税收(万元)"], ["甲", 2020, 60], ["乙", 2020, 30]]
    )
    folder.xlsx("税收台账_楼宇.xlsx", [["楼宇名称", "年份", "税收(万元)"], ["青禾大厦", 2020, 100]])
    folder.xlsx(
        "税收台账_分档.xlsx", [["税收分档", "户数", "年份", "税收(万元)"], ["500万元以下", 2, 2020, 100]]
    )
    ledgers = folder.read()
    assert sorted(ledgers["taxes"]["level"]) == ["band", "building", "enterprise", "enterprise"]
    # The reported total of 100 万元 stands; its firms' 90 and the band's 100 are not added to it.
    assert building_years(ledgers, [2020])["tax_yuan"].tolist() == [1_000_000.0]
    assert enterprise_years(ledgers, [2020])["tax_yuan"].sum() == 900_000
    assert found(ledgers, "tax-levels-differ").empty


def test_a_building_total_below_its_firms_is_listed(folder, found):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    folder.xlsx(
        "税收台账_企业.xlsx", [["企业名称", "楼宇名称", "年份", "税收(万元)"], ["甲", "青禾大厦", 2020, 160]]
    )
    folder.xlsx("税收台账_楼宇.xlsx", [["楼宇名称", "年份", "税收(万元)"], ["青禾大厦", 2020, 100]])
    assert found(folder.read(), "tax-levels-differ")["value"].tolist() == ["总额 100万元，企业之和 160万元"]


def test_types_beside_their_total(folder, converted):
    ledgers = _taxes(
        folder,
        ["企业名称", "税种", "年份", "税收(万元)"],
        ["甲", "增值税", 2020, 60],
        ["甲", "企业所得税", 2020, 40],
        ["甲", "合计", 2020, 100],
        ["乙", "合计", 2020, 7],
    )
    assert ledgers["taxes"]["tax_yuan"].sum() == 1_070_000
    assert converted(ledgers, "合计行不再相加") == 1


@pytest.mark.parametrize("total", [[], [["合计", 2020, 100]]])
def test_types_of_the_whole_district(folder, total):
    ledgers = _taxes(
        folder, ["税种", "年份", "税收(万元)"], ["增值税", 2020, 60], ["企业所得税", 2020, 40], *total
    )
    assert ledgers["district"][["indicator", "value"]].values.tolist() == [["全区税收", 1_000_000.0]]
    assert "error" not in set(ledgers.check()["severity"])


def test_quarters_beside_the_whole_year(folder, found):
    quarters = [["甲", f"2020Q{q}", 25] for q in (1, 2, 3, 4)]
    ledgers = _taxes(
        folder, ["企业名称", "期间", "税收(万元)"], ["甲", "2020", 100], *quarters, ["乙", "2020Q1", 5]
    )
    assert ledgers["taxes"].groupby("enterprise")["tax_yuan"].sum().to_dict() == {
        "甲": 1_000_000.0,
        "乙": 50_000.0,
    }
    assert len(found(ledgers, "tax-periods-overlap")) == 4


def test_a_half_year_beside_its_quarters_and_months(folder, found):
    rows = [
        ["甲", "2020年上半年", 50],
        ["甲", "2020Q1", 20],
        ["甲", "2020-05", 9],
        ["甲", "2020Q3", 30],
        ["甲", "2020-08", 10],
        ["甲", "2020-11", 12],
    ]
    ledgers = _taxes(folder, ["企业名称", "期间", "税收(万元)"], *rows)
    # 上半年 50 covers Q1 and May; Q3 30 covers August; November stands alone: 50 + 30 + 12.
    assert ledgers["taxes"]["tax_yuan"].sum() == 920_000
    assert found(ledgers, "tax-periods-overlap")["row"].tolist() == [3, 4, 6]


def test_the_same_tax_twice_is_set_aside_and_another_amount_added(folder, found):
    ledgers = _taxes(
        folder, ["企业名称", "年份", "税收(万元)"], ["甲", 2020, 60], ["甲", 2020, 60], ["甲", 2020, 5]
    )
    assert ledgers["taxes"]["tax_yuan"].sum() == 650_000
    assert found(ledgers, "row-duplicate")["row"].tolist() == [3]
    assert found(ledgers, "tax-repeated")["row"].tolist() == [4]


@pytest.mark.parametrize(("column", "level"), [("企业名称", "enterprise"), ("楼宇名称", "building")])
def test_a_ledger_that_changed_its_unit_loses_the_shorter_side(folder, found, column, level):
    # 2018 in 元 under a heading in 万元: 5,000,000 万元 → 520 万元. The later two years stand.
    rows = [[name, 2018, 5_000_000 + i] for i, name in enumerate("甲乙丙")]
    rows += [[name, year, 520 + i] for year in (2019, 2020) for i, name in enumerate("甲乙丙")]
    ledgers = _taxes(folder, [column, "年份", "税收(万元)"], *rows)
    assert set(ledgers["taxes"]["level"]) == {level}
    assert sorted(set(ledgers["taxes"]["year"])) == [2019, 2020]
    broken = found(ledgers, "unit-break")
    assert broken["value"].tolist() == ["2019 年起整体相差千倍以上，搁置 3 行"]
    assert broken["severity"].tolist() == ["error"]


def test_one_building_that_jumps_is_listed(folder, found):
    rows = [
        ["青禾大厦", 2019, 900],
        ["青禾大厦", 2020, 9_500_000],
        ["云帆中心", 2019, 80],
        ["云帆中心", 2020, 90],
    ]
    ledgers = _taxes(folder, ["楼宇名称", "年份", "税收(万元)"], *rows)
    assert found(ledgers, "series-jump")["value"].tolist() == [
        "2019 年 9,000,000 → 2020 年 95,000,000,000（约 10,556 倍）"
    ]
    assert len(ledgers["taxes"]) == 4


def test_one_street_in_the_wrong_unit_is_listed_as_a_sheet(folder, found):
    head = ["企业名称", "年份", "税收(万元)"]
    folder.xlsx("税收台账2019.xlsx", [head, *[[f"企业{i}", 2019, 100 + i] for i in range(20)]])
    right = [head, *[[f"企业{i}", 2020, 110 + i] for i in range(15)]]
    wrong = [head, *[[f"企业{i}", 2020, 1_100_000 + i] for i in range(15, 20)]]
    folder.xlsx("税收台账2020.xlsx", {"中山街道": right, "澜江街道": wrong})
    jumped = found(folder.read(), "tax-sheet-jump")
    assert jumped[["sheet", "value"]].values.tolist() == [["澜江街道", "2020 年：5 个，可比 5 个"]]


def test_a_district_series_that_changed_its_unit(folder, found):
    folder.xlsx(
        "区级总量.xlsx",
        [
            ["指标", "年份", "数值", "单位"],
            ["全区税收", 2017, 81, "元"],
            *[["全区税收", year, 1_000_000, "元"] for year in (2018, 2019, 2020)],
        ],
    )
    ledgers = folder.read()
    assert ledgers["district"]["year"].tolist() == [2018, 2019, 2020]
    assert found(ledgers, "unit-break")[["row", "value"]].values.tolist() == [
        [3, "2017 年 81 → 2018 年 1,000,000（约 12,346 倍）"]
    ]


def test_buildings_that_change_their_unit_are_listed(folder, found):
    head = ["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"]
    folder.xlsx("2019/楼宇台账.xlsx", [head, ["青禾大厦", 320, 250]])
    folder.xlsx("2020/楼宇台账.xlsx", [head, ["青禾大厦", 1_900_000, 25000]])
    assert len(found(folder.read(), "series-jump")) == 1


def test_taxes_of_nobody_in_particular_are_the_districts(folder):
    ledgers = _taxes(folder, ["年份", "全口径税收(亿元)", "区级留存(亿元)"], [2019, 10, 4], [2020, 11, None])
    assert ledgers["district"][["indicator", "year", "value", "unit"]].values.tolist() == [
        ["全区税收", 2019, 1.0e9, "元"],
        ["全区税收", 2020, 1.1e9, "元"],
        ["区级留存", 2019, 4.0e8, "元"],
    ]


def test_types_of_what_the_district_keeps(folder):
    # Found by fuzzing: 税种 beside 区级留存 alone.
    ledgers = _taxes(
        folder, ["税种", "年份", "区级留存(万元)"], ["增值税", 2020, 60], ["企业所得税", 2020, 40]
    )
    assert ledgers["district"][["indicator", "value"]].values.tolist() == [["区级留存", 1_000_000.0]]


def test_a_summary_by_street_is_not_the_districts_series(folder, found):
    head = ["街道", "楼宇数", "税收(万元)"]
    folder.xlsx("2020年汇总.xlsx", {"汇总表": [head, ["中山街道", 2, 11300], ["澜江街道", 2, 17850]]})
    ledgers = folder.read()
    assert "district" not in ledgers.frames
    assert found(ledgers, "tax-summary")["value"].tolist() == ["2 行"]


def test_half_a_year_of_taxes_is_not_silent(folder, found):
    folder.xlsx("2019年税收.xlsx", [["楼宇名称", "税收(万元)"], ["甲楼", 30]])
    folder.xlsx("2020年上半年税收.xlsx", [["楼宇名称", "税收(万元)"], ["甲楼", 20]])
    assert found(folder.read(), "tax-part-year")["value"].tolist() == ["2020 年只有 6 个月"]


def test_four_quarters_are_a_year(folder, found):
    sheets = {f"{name}季度": [["楼宇名称", "税收(万元)"], ["甲楼", 10]] for name in "一二三四"}
    folder.xlsx("2020年税收.xlsx", sheets)
    assert found(folder.read(), "tax-part-year").empty
