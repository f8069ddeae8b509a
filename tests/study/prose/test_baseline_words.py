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
    assert prose.tier_words(moves, list(TIERS.labels)) == "与上年相比，晋级 2 幢，退级 1 幢，10 幢留在原档。"


def test_growth_words_lead_with_the_largest_part() -> None:
    parts = pd.DataFrame(
        {
            "level": "district",
            "part": ["面积", "入驻率", "单产", "新纳入楼宇"],
            "amount_yuan": [0.0, -4.6e7, -3.8e7, 2e6],
        }
    )
    said = prose.growth_words(parts)
    assert (
        said
        == "楼宇税收减少 8,200 万元，按来源分：入驻率减 4,600 万元，单产减 3,800 万元，新纳入楼宇增 200 万元。"
    )


def test_target_words_on_day_zero_and_later() -> None:
    core = pd.DataFrame(
        {
            "name_zh": ["入驻率", "亿元楼数量"],
            "target_year": [2023, 2023],
            "base_year": [2020, 2020],
            "status": ["滞后", "已达成"],
        }
    )
    assert "从 0 起算" in prose.target_words(core, 2020)
    assert prose.target_words(core, 2022) == "2023 年目标 2 项：已达成 1 项，滞后 1 项。滞后的是入驻率。"
    assert "targets.yaml" in prose.target_words(core.assign(target_year=NAN), 2022)


def test_empty_tables_say_nothing() -> None:
    empty = pd.DataFrame(columns=["level", "year", "id", "part", "amount_yuan", "is_single_source"])
    assert prose.move_words(empty, 2020) == ""
    assert prose.growth_words(empty) == ""
    assert prose.concentration_words(empty) == ""
    assert prose.idle_words(empty, empty) == ""
    assert prose.supply_words(empty) == ""
