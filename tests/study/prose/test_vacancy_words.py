"""The sentences of chapter 03 agree with the tables beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.study.prose import vacancy as prose


def accounting(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["level", "id", "year", "part", "area_sqm"])


DISTRICT = accounting(
    ("district", "某区", 2019, "不可招商", 10000.0),
    ("district", "某区", 2019, "新投用", 0.0),
    ("district", "某区", 2019, "其他", 30000.0),
    ("district", "某区", 2020, "不可招商", 10000.0),
    ("district", "某区", 2020, "新投用", 20000.0),
    ("district", "某区", 2020, "其他", 20000.0),
    ("street", "南街", 2020, "其他", 15000.0),
    ("street", "北街", 2020, "其他", 5000.0),
    ("building", "A", 2020, "其他", 12000.0),
    ("building", "B", 2020, "其他", 8000.0),
)


def test_the_account_in_words() -> None:
    assert prose.accounting_words(DISTRICT, 2020) == (
        "2020 年末空置 5.0 万㎡：不可招商 1.0 万㎡（20.0%），新投用 2.0 万㎡（40.0%），其他 2.0 万㎡（40.0%）。"
        "与上年末相比，空置面积增加 1.0 万㎡，其中不可招商持平，新投用增加 2.0 万㎡，其他减少 1.0 万㎡。"
    )
    assert "上年末" not in prose.accounting_words(DISTRICT, 2019)
    assert prose.accounting_words(DISTRICT, 2018) == "2018 年没有空置面积，本节从略。"
    assert prose.accounting_words(DISTRICT.assign(area_sqm=0.0), 2020) == "2020 年末没有空置面积。"


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
