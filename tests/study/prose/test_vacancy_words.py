"""The sentences of chapter 03 agree with the tables beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.structural import BY_DATES, BY_ENDS, UNTOLD
from louyu_lab.study.prose import vacancy as prose


def accounting(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["level", "id", "year", "part", "area_sqm"])


DISTRICT = accounting(
    ("district", "某区", 2019, "不可招商", 10000.0),
    ("district", "某区", 2019, "爬坡", 0.0),
    ("district", "某区", 2019, "其他", 30000.0),
    ("district", "某区", 2020, "不可招商", 10000.0),
    ("district", "某区", 2020, "爬坡", 20000.0),
    ("district", "某区", 2020, "其他", 20000.0),
    ("street", "南街", 2020, "其他", 15000.0),
    ("street", "北街", 2020, "其他", 5000.0),
    ("building", "A", 2020, "其他", 12000.0),
    ("building", "B", 2020, "其他", 8000.0),
)


def test_the_account_in_words() -> None:
    assert prose.accounting_words(DISTRICT, 2020) == (
        "2020 年末空置 5.0 万㎡：不可招商 1.0 万㎡（20.0%），爬坡 2.0 万㎡（40.0%），其他 2.0 万㎡（40.0%）。"
        "与上年末相比，空置面积增加 1.0 万㎡，其中不可招商持平，爬坡增加 2.0 万㎡，其他减少 1.0 万㎡。"
    )
    assert "上年末" not in prose.accounting_words(DISTRICT, 2019)
    assert prose.accounting_words(DISTRICT, 2018) == "2018 年没有空置面积，本节从略。"
    assert prose.accounting_words(DISTRICT.assign(area_sqm=0.0), 2020) == "2020 年末没有空置面积。"


def test_a_bound_is_not_compared_with_a_measurement() -> None:
    # 结构 0.5 now against a bound of 2.0 before, 其他 3.0 against 1.0: together up by 0.5万㎡.
    table = accounting(
        ("district", "某区", 2019, "结构（上限）", 20000.0),
        ("district", "某区", 2019, "其他", 10000.0),
        ("district", "某区", 2020, "结构", 5000.0),
        ("district", "某区", 2020, "结构（上限）", 0.0),
        ("district", "某区", 2020, "其他", 30000.0),
    )
    assert prose.accounting_words(table, 2020) == (
        "2020 年末空置 3.5 万㎡：结构 0.5 万㎡（14.3%），其他 3.0 万㎡（85.7%）。"
        "与上年末相比，空置面积增加 0.5 万㎡，其中结构和其他合计增加 0.5 万㎡。"
    )


def bases(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["year", "basis", "buildings", "area_sqm", "dated_sqm", "bound_sqm"])


MIXED = bases(
    (2017, UNTOLD, 9, 4e4, 0.0, 0.0),
    (2018, UNTOLD, 9, 4e4, 0.0, 0.0),
    (2019, BY_ENDS, 9, 4e4, 0.0, 2e4),
    (2020, BY_DATES, 5, 3e4, 1.5e4, 8e3),
    (2020, BY_ENDS, 3, 1e4, 0.0, 4e3),
    (2020, UNTOLD, 1, 2e4, 0.0, 0.0),
)


def test_what_the_structural_part_rests_on() -> None:
    assert prose.structural_words(MIXED, 2020) == (
        "“结构”按闲置台账的起始日期：5 幢楼有日期，这些楼待分的空置里 50.0%有日期可查。"
        "没有日期的面积不知空了多久，取连续四个年末可招商空置的最小值，减去按日期已算作“结构”的，"
        "记作“结构（上限）”，有部分日期的楼 0.8 万㎡、完全没有日期的楼 0.4 万㎡：同样多的面积一直空着，不等于同一处一直空着。"
        "1 幢（2.0 万㎡）三年前的空置面积不详，无从判断，结构部分计为 0。"
    )
    assert "有部分日期" not in prose.structural_words(MIXED, 2019)
    assert "上限" not in prose.structural_words(MIXED.assign(bound_sqm=0.0), 2020)
    assert prose.structural_words(MIXED, 2016) == ""


def test_two_bases_are_not_one_series() -> None:
    blind, unlike = (
        "2017—2018年历史不足三年，结构未能分出，在其他里。",
        "结构与结构（上限）依据不同，不能逐年相比。",
    )
    assert prose.history_note(MIXED) == blind + unlike
    # Year ends alone are one series, and one year is none.
    assert prose.history_note(MIXED[MIXED["basis"] != BY_DATES]) == blind
    assert prose.history_note(MIXED[MIXED["year"] == 2020]) == ""
    # Two years dated in part, the second more so: the bound falls for that.
    twice = bases((2019, BY_DATES, 5, 3e4, 5e3, 9e3), (2020, BY_DATES, 5, 3e4, 2e4, 4e3))
    assert prose.history_note(twice) == unlike
    assert prose.history_note(twice.assign(bound_sqm=0.0)) == ""


def test_dates_that_contradict_the_year_ends() -> None:
    rows = [("A", 2020, 0.4), ("B", 2020, 297.0), ("C", 2020, 900.0), ("D", 2019, 900.0)]
    parts = pd.DataFrame(rows, columns=["building_id", "year", "excess_sqm"])
    assert prose.excess_words(parts, 2020, {"B": "乙大厦"}) == (
        "2 幢楼（C、乙大厦）按日期闲置满三年的面积，比四个年末中可招商空置最少的一个还多，两者对不上，"
        "请核对起始日期、闲置面积、年末空置和不可招商面积。"
    )
    assert prose.excess_words(parts, 2018, {}) == ""


def test_friction_says_where_its_months_come_from() -> None:
    assert prose.friction_words(0.112, 2020) == (
        "2020 年退租面积占入驻面积的 11.2%，换租空置按 2.9 个月计，两者相乘即摩擦部分。"
        "借用东京都心五区 52 幢写字楼的平均 88 天，本区有自己的数字时，可在本节的代码里改换租空置月数。"
    )
    assert "东京" not in prose.friction_words(0.112, 2020, 4.0)
    assert prose.friction_words(float("nan"), 2020).endswith("摩擦部分计为 0，留在“其他”里。")


def test_where_the_rest_stands() -> None:
    # 12000 + 8000 of 20000 ㎡; the building without a name keeps its number.
    assert prose.where_words(DISTRICT, 2020, {"A": "甲大厦"}) == (
        "“其他”部分最多的街道是南街 1.5 万㎡、北街 0.5 万㎡。"
        "最多的 2 幢占全区“其他”部分的 100.0%：甲大厦 1.2 万㎡、B 0.8 万㎡。"
    )
    assert prose.where_words(DISTRICT.assign(area_sqm=0.0), 2020, {}) == ""


def test_traits_are_said_with_what_chance_would_do() -> None:
    table = pd.DataFrame(
        {
            "trait": ["等级", "等级", "街道", "街道"],
            "trait_level": ["甲级", "丙级", "南街街道", "北街街道"],
            "difference": [-0.01, 0.12, -0.05, 0.2],
            "lo": [-0.05, 0.06, -0.08, np.nan],
            "hi": [0.03, 0.18, -0.02, np.nan],
            "is_small": [False, False, False, True],
        }
    )
    # Three intervals at 90 %: 0.3 of them by chance.
    assert prose.trait_words(table, ["距地铁"]) == (
        "共比较 3 组，区间不含零的有 2 组；即使全无差别，平均也会有 0.3 组碰巧如此。"
        "与空置率相关的特征：等级丙级的楼宇高 12.0 个百分点（6.0—18.0）；南街街道的楼宇低 5.0 个百分点（2.0—8.0）。"
        "不足 5 幢的组标为样本少，不给区间。距地铁没有数据或各楼相同，无从比较。"
    )
    assert prose.trait_words(table.assign(lo=np.nan, hi=np.nan), []) == "楼宇太少，无法比较各类楼宇的空置率。"
    assert prose.trait_words(table.iloc[:0], ["等级"]) == "等级没有数据或各楼相同，无从比较。"
