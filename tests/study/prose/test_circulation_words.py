"""The sentences on vacancy in motion agree with the tables beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.idle_ages import AGE_BANDS
from louyu_lab.analysis.idle_groups import idle_elements, idle_groups
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.vacancy.natural import NO_RESPONSE, OUT_OF_RANGE, TOO_SHORT, NaturalVacancy
from louyu_lab.ledgers.model import typed_frame
from louyu_lab.study.prose import circulation as prose

BUILDINGS = typed_frame("buildings", pd.DataFrame())


def circulation(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(TABLES["vacancy_circulation"].columns))


def test_circulation_in_words() -> None:
    table = circulation(
        ("district", "某区", 2019, 4e5, 8e4, 0.2, 1e4, 0.1, np.nan),
        ("district", "某区", 2020, 5e5, 5e4, 0.1, -2e4, 0.12, 23.4),
        ("street", "南街", 2020, 2e5, 1e4, 0.05, 0.0, 0.1, np.nan),
        ("street", "北街", 2020, 3e5, 4e4, 4 / 30, 0.0, 0.1, np.nan),
    )
    assert prose.circulation_words(table, 2020) == (
        "2020 年消化空置 5.0 万㎡，消化率 10.0%（期初空置 50.0 万㎡），上年为 20.0%。"
        "退租与新租相抵，入驻面积减少 2.0 万㎡，换手率 12.0%。"
        "消化率最高的是北街（13.3%），最低的是南街（5.0%）。"
        "楼内登记的闲置平均已有 23 个月（按面积加权）。"
    )
    only_age = circulation(("district", "某区", 2020, *[np.nan] * 5, 7.0))
    assert prose.circulation_words(only_age, 2020) == "楼内登记的闲置平均已有 7 个月（按面积加权）。"
    assert "从略" in prose.circulation_words(table, 2018)


def test_streets_that_print_alike_are_not_ranked() -> None:
    table = circulation(
        ("district", "某区", 2020, 5e5, 5e4, 0.1, -2e4, 0.12, 23.4),
        ("street", "南街", 2020, 2e5, 20.0, 0.0001, 0.0, 0.1, np.nan),
        ("street", "北街", 2020, 3e5, 0.0, 0.0, 0.0, 0.1, np.nan),
    )
    assert "最高" not in prose.circulation_words(table, 2020)


def test_ages_in_words() -> None:
    areas = [1e4, 0.0, 1e4, 1e4, 0.5e4, 0.5e4]
    ages = pd.DataFrame({"band": AGE_BANDS.labels, "spaces": 1, "idle_area_sqm": areas})
    assert prose.age_words(ages) == "有起始日期的楼内闲置 4.0 万㎡，其中闲置满三年的 1.0 万㎡，占 25.0%。"
    assert "从略" in prose.age_words(ages.iloc[:0])


def test_groups_in_words() -> None:
    frame = pd.DataFrame(
        {
            "idle_id": ["a", "b", "a", "b"],
            "idle_area_sqm": [1000.0, 3000.0, 600.0, 3000.0],
            "space_type": ["办公楼", "厂房"] * 2,
            "disposal": [None, None, "部分盘活", None],
            "year": [2019, 2019, 2020, 2020],
        }
    )
    idle = typed_frame("idle", frame)
    # 400 of 4000 let; offices 400 of 1000. Of ten elements only 类型 is filled by both.
    words = prose.group_words(idle_groups(idle, BUILDINGS, 2020), idle_elements(idle, 2020))
    assert words.startswith(
        "2019—2020 年盘活率 10.0%；盘活率最高的类型是办公楼（40.0%），街道是未填街道（10.0%）"
    )
    assert words.endswith("十个要素平均填了 10.0%，填得最少的是“编号、名称、地址”（0.0%）。")
    once = prose.group_words(idle_groups(idle, BUILDINGS, 2019), idle_elements(idle, 2019))
    assert once.startswith("闲置台账只有一次普查，增减和盘活率无从计算。")
    nothing = typed_frame("idle", pd.DataFrame())
    none = prose.group_words(idle_groups(nothing, BUILDINGS, 2020), idle_elements(nothing, 2020))
    assert none == "没有闲置资源台账，分组账从略。"


RESPONSE = {"slope": 2.04, "slope_se": 0.5, "low_seen": 0.1, "high_seen": 0.2}


@pytest.mark.parametrize(
    ("natural", "words"),
    [
        (NaturalVacancy(0, TOO_SHORT), "自然空置率不估计：没有相邻两年可比的报价租金，至少要 8 年。"),
        (NaturalVacancy(5, TOO_SHORT), "自然空置率不估计：只有 5 年可比的报价租金，至少要 8 年。"),
        (
            NaturalVacancy(9, NO_RESPONSE, **RESPONSE | {"slope": -0.3}),
            "自然空置率不估计：9 年的租金看不出对空置率有反应："
            "空置率高 1 个百分点，次年租金多涨 0.3%（标准误 0.5）。",
        ),
        (
            NaturalVacancy(9, NO_RESPONSE),
            "自然空置率不估计：9 年的租金看不出对空置率有反应：各年空置率相同。",
        ),
        (
            NaturalVacancy(9, NO_RESPONSE, low_seen=0.1, high_seen=0.2),
            "自然空置率不估计：9 年的租金看不出对空置率有反应：各年租金涨幅相同。",
        ),
        (
            NaturalVacancy(9, NO_RESPONSE, **RESPONSE | {"slope": -0.03, "slope_se": 0.04}),
            "自然空置率不估计：9 年的租金看不出对空置率有反应：空置率高 1 个百分点，次年租金涨幅几乎不变。",
        ),
        (
            NaturalVacancy(9, OUT_OF_RANGE, **RESPONSE),
            "自然空置率不估计：由租金推得的数不在 0—100% 之间；空置率高 1 个百分点，次年租金少涨 2.0%（标准误 0.5）。",
        ),
        (
            NaturalVacancy(9, "", 0.25, 0.22, 0.31, **RESPONSE),
            "租金不涨不跌时的空置率（自然空置率）约 25.0%，90%区间 22.0%—31.0%，由 9 年的报价租金推得。"
            "空置率高 1 个百分点，次年租金少涨 2.0%（标准误 0.5）。这个数在历年空置率之外，是外推，只作参考。",
        ),
    ],
)
def test_natural_vacancy_in_words(natural: NaturalVacancy, words: str) -> None:
    assert prose.natural_words(natural) == words
