"""Contradictions within and between ledgers."""

from __future__ import annotations

import pytest

BUILDINGS = [
    ["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"],
    ["青禾大厦", 32000, 25000],
    ["云帆中心", 18000, 15000],
]


def _occupancy(folder, *rows, head=("楼宇名称", "年份", "入驻面积(㎡)", "入驻率(%)")):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    folder.xlsx("运营台账.xlsx", [head, *rows])
    return folder.read()


def test_more_occupied_than_rentable_is_set_aside(folder, found):
    ledgers = _occupancy(folder, ["青禾大厦", 2020, 26000, None], ["云帆中心", 2020, 15010, None])
    over = found(ledgers, "occupied-over-rentable")
    assert over[["row", "value", "severity"]].values.tolist() == [[2, "26,000㎡ > 25,000㎡", "error"]]
    # 15,010 of 15,000 is rounding of printed figures: kept, capped at the rentable area.
    assert ledgers["occupancy"]["occupied_area_sqm"].tolist() == [15_000.0]


def test_more_unmarketable_than_rentable_is_set_aside(folder, found):
    ledgers = _occupancy(
        folder,
        ["青禾大厦", 2019, 20000, 999999],
        ["青禾大厦", 2020, 20000, 5000],
        ["云帆中心", 2019, 16000, 15100],
        ["云帆中心", 2020, 0, 15010],
        head=("楼宇名称", "年份", "入驻面积(㎡)", "不可招商面积(㎡)"),
    )
    over = found(ledgers, "unmarketable-over-rentable")
    # 15,010 of 15,000 is rounding of printed figures.
    assert over[["row", "column", "value", "severity"]].values.tolist() == [
        [2, "不可招商面积(㎡)", "999,999㎡ > 25,000㎡", "error"],
        [4, "不可招商面积(㎡)", "15,100㎡ > 15,000㎡", "error"],
    ]
    # Both faults of a row are told at once.
    assert found(ledgers, "occupied-over-rentable")["row"].tolist() == [4]
    kept = ledgers["occupancy"]
    assert kept[["year", "unmarketable_area_sqm"]].values.tolist() == [[2020, 5000], [2020, 15010]]


def test_a_rate_that_its_areas_do_not_give_is_listed_and_the_area_used(folder, found):
    # 20,000 / 25,000 = 80 %, stated 90 %.
    ledgers = _occupancy(folder, ["青禾大厦", 2020, 20000, 90], ["云帆中心", 2020, 12000, 80.4])
    assert found(ledgers, "occupancy-disagrees")["value"].tolist() == ["90.0%，面积算出 80.0%"]
    assert ledgers["occupancy"]["occupancy_rate"].tolist() == pytest.approx([0.8, 0.8])


def test_rate_area_and_vacancy_say_the_same(folder):
    head = ("楼宇名称", "年份", "入驻面积(㎡)", "入驻率(%)", "空置面积(㎡)")
    ledgers = _occupancy(
        folder,
        ["青禾大厦", 2018, 20000, None, None],
        ["青禾大厦", 2019, None, 80, None],
        ["青禾大厦", 2020, None, None, 5000],
        head=head,
    )
    assert ledgers["occupancy"]["occupied_area_sqm"].tolist() == pytest.approx([20_000] * 3)


def test_a_building_twice_in_a_year_is_set_aside(folder, found):
    ledgers = _occupancy(folder, ["青禾大厦", 2020, 20000, None], ["青禾大厦", 2020, 21000, None])
    assert ledgers["occupancy"]["occupied_area_sqm"].tolist() == [20_000.0]
    assert found(ledgers, "row-duplicate")["row"].tolist() == [3]


def test_rentable_over_gross_and_missing_rentable_are_listed(folder, found):
    folder.xlsx("楼宇台账.xlsx", [BUILDINGS[0], ["青禾大厦", 20000, 25000], ["云帆中心", 18000, None]])
    ledgers = folder.read()
    assert found(ledgers, "rentable-over-gross")["row"].tolist() == [2]
    assert found(ledgers, "rentable-missing")["row"].tolist() == [3]
    assert len(ledgers["buildings"]) == 2


def test_leaving_before_arriving_is_set_aside(folder, found):
    folder.xlsx(
        "企业台账.xlsx",
        [
            ["企业名称", "迁入日期", "迁出日期"],
            ["甲", "2020-05-01", "2019-05-01"],
            ["乙", "2019-05-01", None],
        ],
    )
    ledgers = folder.read()
    assert ledgers["tenancies"]["enterprise"].tolist() == ["乙"]
    assert found(ledgers, "dates-reversed")["value"].tolist() == ["2020-05-01 → 2019-05-01"]


def test_dates_before_1949_are_set_aside(folder, found):
    folder.xlsx("企业台账.xlsx", [["企业名称", "迁入日期"], ["甲", "1905-06-01"], ["乙", "2019-05-01"]])
    ledgers = folder.read()
    assert ledgers["tenancies"]["enterprise"].tolist() == ["乙"]
    assert found(ledgers, "out-of-range")["value"].tolist() == ["1905-06-01"]


def test_unreadable_dates_are_set_aside(folder, found):
    folder.xlsx(
        "企业台账.xlsx", [["企业名称", "迁入日期"], ["甲", "去年夏天"], ["乙", 43586], ["丙", "2019年5月"]]
    )
    ledgers = folder.read()
    # Excel's 43586 is 2019-05-01.
    assert ledgers["tenancies"]["move_in_date"].dt.strftime("%Y-%m-%d").tolist() == ["2019-05-01"] * 2
    assert found(ledgers, "date-unreadable")[["row", "severity"]].values.tolist() == [[2, "error"]]


def test_a_departing_firm_of_1_2_square_metres(folder, found):
    # Seed 002: 某企业迁出 1.2平方米, meant 1.2 万平方米. One that stays may have a desk.
    folder.xlsx(
        "企业台账.xlsx",
        [
            ["企业名称", "楼宇名称", "租用面积", "迁入日期", "迁出日期"],
            ["甲", "青禾大厦", "1.2平方米", "2018-01-01", "2020-03-01"],
            ["乙", "青禾大厦", "2平方米", "2018-01-01", None],
        ],
    )
    ledgers = folder.read()
    tiny = found(ledgers, "area-tiny-exit")
    assert tiny[["row", "value", "severity"]].values.tolist() == [[2, "1.2", "warning"]]
    assert ledgers["tenancies"]["area_sqm"].isna().tolist() == [True, False]


def test_a_tiny_firm_absent_from_the_next_snapshot_departs(folder, found):
    head = ["企业名称", "楼宇名称", "租用面积(㎡)", "年份"]
    rows = [["甲", "青禾大厦", 1.2, 2019], ["乙", "青禾大厦", 2, 2019], ["乙", "青禾大厦", 2, 2020]]
    folder.xlsx("企业台账.xlsx", [head, *rows])
    assert found(folder.read(), "area-tiny-exit")["row"].tolist() == [2]


@pytest.mark.parametrize(
    ("name", "head", "row"),
    [
        ("闲置资源台账", ["闲置资源名称", "闲置面积(㎡)", "年份"], ["老厂房", 500, 2020]),
        ("注册名单", ["企业名称", "注册日期"], ["甲公司", "2019-01-01"]),
        ("在建台账", ["项目名称", "建筑面积(㎡)", "计划竣工年份"], ["新城一期", 90000, 2024]),
        ("政策台账", ["政策名称", "对象", "金额(万元)"], ["租金补贴", "甲公司", 5]),
        ("项目库", ["项目名称", "需求面积(㎡)"], ["算力中心", 500]),
    ],
)
def test_repeated_rows_of_every_ledger_are_set_aside(folder, found, name, head, row):
    folder.xlsx(f"{name}.xlsx", [head, row, row])
    ledgers = folder.read()
    assert [len(frame) for frame in ledgers.frames.values()] == [1]
    assert found(ledgers, "row-duplicate")[["row", "severity"]].values.tolist() == [[3, "error"]]


def test_a_flag_or_grade_nobody_knows_is_listed_and_costs_no_row(folder, found):
    heading = ["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)", "等级", "党组织"]
    folder.xlsx(
        "楼宇台账.xlsx",
        [heading, ["青禾大厦", 30000, 20000, "国际级", "筹备中"], ["云台中心", 9000, 8000, "甲", "有"]],
    )
    ledgers = folder.read()
    assert found(ledgers, "choice-unknown")[["row", "column", "value"]].values.tolist() == [
        [2, "等级", "国际级"]
    ]
    assert found(ledgers, "flag-unreadable")[["row", "column", "value"]].values.tolist() == [
        [2, "党组织", "筹备中"]
    ]
    buildings = ledgers["buildings"].set_index("building")
    assert buildings.loc[["青禾大厦", "云台中心"], "grade"].tolist() == ["国际级", "甲级"]
    assert buildings["has_party_org"].isna()["青禾大厦"] and buildings.loc["云台中心", "has_party_org"]
