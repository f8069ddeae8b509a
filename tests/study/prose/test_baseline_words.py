"""The sentences of chapter 02: every number is one of the tables', and nothing is said of what is unknown."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.tiers import TIERS
from louyu_lab.study.prose import baseline as prose

NAN = float("nan")


def indicators(*rows: tuple[str, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["indicator", "year", "value"])
    return frame.assign(numerator=NAN, denominator=NAN, scope="", unit="", name_zh="")


def test_tax_words_say_what_the_bands_hold() -> None:
    # Seed 002: 11 亿元楼 pay 43.9 亿, 27.5 % of the district.
    bands = pd.DataFrame(
        {
            "band": list(TIERS.labels[:1]),
            "buildings": [11],
            "tax_yuan": [4.39e9],
            "share_tax": [0.758],
            "share_district_tax": [0.275],
        }
    )
    said = prose.tax_words(indicators(("tax_yuan", 2020, 5.79e9), ("tax_yuan", 2019, 5.0e9)), 2020, bands)
    assert said == (
        "2020 年楼宇全口径税收 57.90 亿元，比上年增长 15.8%。"
        "亿元楼 11 幢，实现税收 43.90 亿元，占楼宇税收 75.8%、占全区税收 27.5%。"
    )


def test_tax_words_without_the_districts_total_do_not_speak_of_it() -> None:
    bands = pd.DataFrame(
        {
            "band": ["亿元楼"],
            "buildings": [1],
            "tax_yuan": [1e8],
            "share_tax": [1.0],
            "share_district_tax": [NAN],
        }
    )
    assert "全区" not in prose.tax_words(indicators(("tax_yuan", 2020, 1e8)), 2020, bands)
    assert "从略" in prose.tax_words(indicators(), 2020, bands)


def test_tier_words_count_rises_and_falls() -> None:
    moves = pd.DataFrame(
        {
            "from_tier": ["准亿元楼", "亿元楼", "千万元楼", "新纳入"],
            "to_tier": ["亿元楼", "准亿元楼", "千万元楼", "其他"],
            "buildings": [2, 1, 10, 3],
        }
    )
    assert prose.tier_words(moves, list(TIERS.labels)) == "与上年相比，晋级 2 幢，降级 1 幢，10 幢不变。"


def test_growth_words_lead_with_the_largest_part() -> None:
    parts = pd.DataFrame(
        {
            "level": "district",
            "part": ["面积", "入驻率", "单产", "新纳入楼宇"],
            "amount_yuan": [0.0, -4.6e7, -3.8e7, 2e6],
        }
    )
    assert prose.growth_words(parts) == (
        "楼宇税收比上年减少 8,200 万元："
        "因入驻率变化减收 4,600 万元，因单产变化减收 3,800 万元，新纳入楼宇增收 200 万元。"
    )


def occupancy_parts(**amounts: float) -> pd.DataFrame:
    """Parts of a district and its buildings, all of occupancy (元)."""
    whole = {"level": "district", "id": "某区", "part": "入驻率", "amount_yuan": sum(amounts.values())}
    each = [
        {"level": "building", "id": name, "part": "入驻率", "amount_yuan": value}
        for name, value in amounts.items()
    ]
    return pd.DataFrame([whole, *each])


def test_growth_words_name_the_building_that_makes_the_part_of_occupancy() -> None:
    # 7639 of 7987 万元; a building that goes the other way is none of those that make it.
    said = prose.growth_words(occupancy_parts(A=7.639e7, B=1.348e7, C=-1e7), {"A": "甲大厦", "B": "乙大厦"})
    assert said == (
        "楼宇税收比上年增加 7,987 万元：因入驻率变化增收 7,987 万元"
        "（逐幢按税收计，不同于全区入驻率的升降；主要是甲大厦，增收 7,639 万元）。"
    )


def test_growth_words_name_several_where_it_takes_several_and_none_where_it_takes_many() -> None:
    names = {name: f"{name}楼" for name in "ABCDEFGH"}
    two = prose.growth_words(occupancy_parts(A=-4e6, B=-3e6, C=-3e6), names)
    assert "主要是A楼、B楼，合计减收 700 万元" in two
    # Eight equal parts: three of them are less than half.
    many = prose.growth_words(occupancy_parts(**dict.fromkeys("ABCDEFGH", 1e6)), names)
    assert many == "楼宇税收比上年增加 800 万元：因入驻率变化增收 800 万元。"


def test_without_a_stock_the_supply_is_set_beside_nothing() -> None:
    table = pd.DataFrame(
        {"projects": [2], "gross_area_sqm": [5e4], "office_area_sqm": [0.0], "share_stock": [NAN]}
    )
    assert prose.supply_words(table) == "在建项目 2 个、5.0 万㎡。"


def test_growth_words_total_counts_the_parts_too_small_to_name() -> None:
    # Four parts of 0.6 万元 are silent one by one; with the fifth the change is 102.4 万元.
    parts = pd.DataFrame({"level": "district", "part": ["面积", "入驻率", "单产", "退出楼宇", "新纳入楼宇"]})
    said = prose.growth_words(parts.assign(amount_yuan=[6e3, 6e3, 6e3, 6e3, 1e6]))
    assert said == "楼宇税收比上年增加 102 万元：新纳入楼宇增收 100 万元。"


def test_stock_words_name_the_most_frequent_size() -> None:
    sizes = pd.DataFrame(
        {
            "band": ["1万㎡以下", "1–3万㎡", "10万㎡以上"],
            "buildings": [5, 27, 0],
            "share_buildings": [0.156, 0.844, 0],
        }
    )
    said = prose.stock_words(
        indicators(("buildings", 2020, 32), ("gross_area_sqm", 2020, 5.04e5)), 2020, sizes
    )
    assert (
        said == "2020 年末，全区在用商务楼宇 32 幢，总建筑面积 50.4 万㎡。1–3万㎡的楼最多，27 幢，占 84.4%。"
    )


def test_places_that_tie_are_all_named() -> None:
    places = pd.DataFrame({"level": "street", "id": ["东街", "西街", "南街"], "buildings": [9, 9, 5]})
    said = prose.place_words(places.assign(occupancy_rate=NAN))
    assert said == "楼宇最多的是东街、西街（各 9 幢）。"


def test_a_negative_absorption_is_said_in_words() -> None:
    row = {"level": "district", "year": 2020, "entries": 91, "exits": 114, "churn_rate": 0.071}
    said = prose.move_words(pd.DataFrame([row | {"net_absorption_sqm": -16_700.0}]), 2020)
    assert said == "2020 年迁入 91 家、迁出 114 家，净吸纳为负，入驻面积减少 1.7 万㎡，换手率 7.1%。"


def test_empty_tables_say_nothing() -> None:
    empty = pd.DataFrame(columns=["level", "year", "id", "part", "amount_yuan", "is_single_source"])
    assert prose.move_words(empty, 2020) == ""
    assert prose.growth_words(empty) == ""
    assert prose.concentration_words(empty) == ""
    assert prose.supply_words(empty) == ""
