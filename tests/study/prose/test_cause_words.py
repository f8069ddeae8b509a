"""The sentences on causes agree with the tables, and claim no more than they hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.attribution import Case
from louyu_lab.study.prose import causes as prose


def causes(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["level", "id", "cause", "area_sqm", "lo_sqm", "hi_sqm"])


TABLE = causes(
    ("district", "全区", "参照水平", 30100.0, 28000.0, 32000.0),
    ("district", "全区", "产权", 0.0, 0.0, 0.0),
    ("district", "全区", "年份", 0.0, 0.0, 0.0),
    ("district", "全区", "未解释", -2100.0, np.nan, np.nan),
    ("street", "南街", "产权", 4100.0, 2000.0, 6000.0),
    ("street", "北街", "产权", -4000.0, -5900.0, -1900.0),
    ("street", "北街", "未解释", 9e9, np.nan, np.nan),
    ("building", "A", "产权", 4300.0, 2000.0, 6000.0),
    ("building", "B", "产权", 800.0, 100.0, 1000.0),
    ("building", "C", "产权", -5000.0, -6000.0, -2000.0),
    ("building", "D", "产权", 2000.0, -100.0, 4100.0),
    ("building", "D", "设施", 6000.0, 0.0, 9000.0),
    ("building", "D", "未解释", 9000.0, np.nan, np.nan),
)


def test_the_district_against_its_mean() -> None:
    # 30,100 − 2,100 = 28,000 ㎡; above the reference beyond doubt A and B with 5,100 ㎡, D perhaps.
    assert prose.cause_words(TABLE, 2020, 0.90) == (
        "2020 年末可招商空置 2.80 万㎡；各楼都按模型推算的全区平均空置率计，为 3.01 万㎡（参照水平），"
        "未解释部分比模型推算少 0.21 万㎡。"
        "以全区平均为参照，各项成因在全区必然相抵，看的是街道之间、楼宇之间的差别。"
        "区间不含零的楼宇里，高于参照的：与产权相关的 2 幢、0.51 万㎡。"
        "90%区间只反映模型系数估得准不准，不含单幢楼宇的偶然，也不含台账里没有的因素。"
    )
    assert (
        prose.cause_words(TABLE.iloc[:0], 2020, 0.90)
        == "2020 年没有可以按成因划分的可招商空置面积，本节从略。"
    )


def test_sums_of_noise_are_not_told() -> None:
    # Every building's interval holds zero or lies below: nothing to add up, however many lie above.
    doubtful = TABLE.assign(lo_sqm=TABLE["lo_sqm"].clip(upper=0.0))
    assert "没有一项成因在楼宇一级高得看得出（区间都含零或低于参照）。" in prose.cause_words(
        doubtful, 2020, 0.90
    )
    without = prose.cause_words(TABLE.assign(lo_sqm=np.nan, hi_sqm=np.nan), 2020, 0.90)
    assert "看得出" not in without
    assert without.endswith("楼宇之间的差别。各项成因没有区间，估得准不准无从判断。")


def test_a_district_that_adds_up_by_construction() -> None:
    equal = TABLE.assign(area_sqm=TABLE["area_sqm"].where(TABLE["area_sqm"] != -2100.0, 0.0))
    assert (
        "未解释部分为零。推算的全区合计与实际相等是算法使然（模型按面积加权、每年各定水平），不说明模型准"
        in prose.cause_words(equal, 2020, 0.90)
    )
    assert "算法使然" not in prose.cause_words(TABLE, 2020, 0.90)


def test_the_district_against_good_practice() -> None:
    table = causes(
        ("district", "全区", "参照水平", 12000.0, 1.0, 2.0),
        ("district", "全区", "设施", -3000.0, -5000.0, -1000.0),
        ("district", "全区", "产权", 9000.0, 4000.0, 14000.0),
        ("district", "全区", "区位", 500.0, -800.0, 1800.0),
        ("district", "全区", "未解释", 0.0, np.nan, np.nan),
    )
    # 18,500 ㎡; the largest first, what is better than the reference is lower, an interval over zero is said.
    assert prose.cause_words(table, 2020, 0.90, is_mean=False) == (
        "2020 年末可招商空置 1.85 万㎡；各楼条件都达到参照的取值，按模型推算，为 1.20 万㎡（参照水平），未解释部分为零。"
        "推算的全区合计与实际相等是算法使然（模型按面积加权、每年各定水平），不说明模型准；准不准看楼宇一级的未解释。"
        "与产权相关的部分高于参照 0.90 万㎡（0.40—1.40）；与设施相关的部分低于参照 0.30 万㎡（0.10—0.50）；"
        "与区位相关的部分高于参照 0.05 万㎡（区间含零）。"
        "90%区间只反映模型系数估得准不准，不含单幢楼宇的偶然，也不含台账里没有的因素。"
    )


def test_streets_above_and_below() -> None:
    # 未解释 is no cause: the north lies below whatever it is.
    assert prose.street_words(TABLE) == (
        "模型各项成因合计，南街高于参照 0.41 万㎡，主要与产权相关；北街低于参照 0.40 万㎡，主要与产权相关。"
    )
    assert prose.street_words(TABLE[TABLE["id"] != "北街"]) == ""
    unsure = TABLE.assign(lo_sqm=-1e9, hi_sqm=1e9)
    assert "南街高于参照 0.41 万㎡，没有哪一项单独看得出" in prose.street_words(unsure)
    assert prose.street_words(TABLE.iloc[:0]) == ""


def test_gaps_between_streets_and_years() -> None:
    rows = [
        ("街道", "南街", "其他街道", "实际相差", 0.052, np.nan, np.nan),
        ("街道", "南街", "其他街道", "区位", 0.0001, -0.01, 0.01),
        ("街道", "南街", "其他街道", "设施", -0.008, -0.02, 0.01),
        ("街道", "南街", "其他街道", "产权", 0.031, 0.01, 0.05),
        ("街道", "南街", "其他街道", "未解释", 0.0289, np.nan, np.nan),
        ("年份", "2020年", "2013年", "实际相差", -0.02, np.nan, np.nan),
        ("年份", "2020年", "2013年", "年份", -0.02, -0.03, -0.01),
        ("年份", "2020年", "2013年", "未解释", 0.0, np.nan, np.nan),
    ]
    table = pd.DataFrame(rows, columns=["dimension", "first", "second", "part", "difference", "lo", "hi"])
    assert prose.gap_words(table) == [
        "南街的可招商空置率比其他街道高 5.2 个百分点：与产权相关的部分高 3.1 个百分点（1.0—5.0），"
        "与设施相关的部分低 0.8 个百分点（区间含零），未解释的部分高 2.9 个百分点。",
        # What all buildings share is no difference in their make-up.
        "2020年的可招商空置率比2013年低 2.0 个百分点：各楼共同的年份变化低 2.0 个百分点（1.0—3.0），未解释的部分持平。",
    ]
    assert prose.gap_words(table.iloc[:0]) == ["街道或年份的楼宇太少，没有比较空置率的差距。"]


def case(unexplained: float, lacking: tuple[str, ...] = ()) -> Case:
    parts = pd.DataFrame(
        {
            "cause": ["产权", "设施", "区位", "运营", "体量", "供应"],
            "area_sqm": [3000.0, -2000.0, 1000.0, 900.0, 400.0, -300.0],
        }
    )
    parts = parts.assign(lo_sqm=parts["area_sqm"] - 1500, hi_sqm=parts["area_sqm"] + 1500)
    return Case("A", "甲大厦", "南街", 10000.0 + 3000.0 + unexplained, 10000.0, unexplained, parts, lacking)


def test_a_card_names_the_largest_and_adds_up_the_rest() -> None:
    # 400 − 300 of the two smallest; 0.10 − 0.15 to 0.10 + 0.15 holds zero.
    assert prose.case_card(case(-1000.0, ("距地铁",))) == (
        "**甲大厦**（南街）：可招商空置 1.20 万㎡，参照水平 1.00 万㎡。"
        "与产权相关的部分高于参照 0.30 万㎡（0.15—0.45）；与设施相关的部分低于参照 0.20 万㎡（0.05—0.35）；"
        "与区位相关的部分高于参照 0.10 万㎡（区间含零）；与运营相关的部分高于参照 0.09 万㎡（区间含零）；"
        "其余各项合计高于参照 0.01 万㎡。"
        "未解释部分比模型推算少 0.10 万㎡。台账缺距地铁，按该楼其他条件推算。"
    )


def test_a_card_that_explains_little_says_so() -> None:
    assert "超过空置面积的一半，不宜据此断定成因" in prose.case_card(case(20000.0))
    assert "不宜" not in prose.case_card(case(5000.0))


def test_nothing_is_said_to_bring_about_anything() -> None:
    source = Path(prose.__file__).read_text(encoding="utf-8")
    assert all(word not in source for word in ("导致", "造成", "引起"))
