"""What is said of moves and groups agrees with the tables, and what cannot be told is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.moves.doubts import Doubts, move_doubts
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.study.prose import tenant_moves as prose


def moves(*rows: tuple) -> pd.DataFrame:
    columns = [
        "year",
        "from_year",
        "enterprise_id",
        "enterprise",
        "kind",
        "from_building",
        "to_building",
        "tax_before_yuan",
    ]
    return pd.DataFrame(rows, columns=columns).reindex(columns=list(TABLES["tenant_moves"].columns))


def test_moves_are_counted_with_their_tax() -> None:
    table = moves(
        (2020, 2019, "a", "甲行", "换楼", "嘉润大厦", "置地广场", 3e7),
        (2020, 2019, "b", "乙行", "换楼", "置地广场", "嘉润大厦", np.nan),
        (2020, 2019, "c", "丙", "新设", None, "嘉润大厦", np.nan),
        (2020, 2019, "d", "丁", "注销", "嘉润大厦", None, 2e6),
        (2019, 2018, "e", "戊", "换楼", "嘉润大厦", "置地广场", 9e9),
    )
    text = prose.moves_words(table, pd.DataFrame(), 2020)
    assert text.startswith(
        "2020 年末与 2019 年末相比，有 2 家企业在区内换楼，有 1 家新来，有 1 家离开。新来的有 1 家是新设企业，离开的有 1 家已注销"
    )
    assert "换楼企业中 1 家有税收记录，合计 3,000 万元。其中税收最多的一家由嘉润大厦迁到置地广场。" in text
    assert "全区不增不减" in text
    # No sentence puts a firm's name beside its tax.
    assert "甲行" not in text


def test_a_street_compared_over_several_years_is_named() -> None:
    table = moves(
        (2020, 2019, "a", "甲行", "换楼", "嘉润大厦", "置地广场", 3e7),
        (2020, 2018, "c", "丙", "新设", None, "嘉润大厦", np.nan),
        (2020, 2018, "d", "丁", "注销", "嘉润大厦", None, 2e6),
    ).assign(from_street=["东街道", None, "西街道"], to_street=["东街道", "西街道", None])
    text = prose.moves_words(table, pd.DataFrame(), 2020)
    assert text.startswith("2020 年末与 2019 年末相比，")
    assert "其中西街道没有 2019 年末的名单，是与 2018 年末相比，所列 2 家是几年合计。" in text


@pytest.mark.parametrize(
    ("tenancies", "word"),
    [
        (pd.DataFrame({"building_id": []}), "哪幢楼"),
        (pd.DataFrame({"building_id": ["A"], "year": [pd.NA], "move_out_date": [pd.NaT]}), "迁出日期"),
        (pd.DataFrame({"building_id": ["A"], "year": [2020], "move_out_date": [pd.NaT]}), "前后两年"),
    ],
)
def test_why_nobody_can_tell(tenancies, word) -> None:
    assert word in prose.moves_words(moves(), tenancies, 2020)


def test_a_year_without_comparison_is_said() -> None:
    assert "2019 年末" in prose.moves_words(
        moves((2019, 2018, "e", "戊", "换楼", "甲", "乙", 1.0)), pd.DataFrame(), 2020
    )


def test_nothing_is_said_of_empty_tables() -> None:
    assert (
        prose.balance_words(pd.DataFrame()) == ""
        and prose.industry_words(pd.DataFrame(columns=["level"])) == ""
    )
    assert "分不出" in prose.tax_parts_words(pd.DataFrame())
    assert prose.doubt_words(move_doubts(moves()), 2020) == ""
    assert prose.spinoff_words(pd.DataFrame(), 0) == "企业台账没有填集团，看不出“1+X”。"


def test_winners_and_losers_of_balance() -> None:
    table = pd.DataFrame({
        "level": ["district", "building", "building"], "name": ["区", "甲楼", "乙楼"], "from_year": 2017, "to_year": 2020,
        "moved_in": [2, 2, 0], "moved_in_yuan": [3e7, 3e7, 0.0], "net_moved_yuan": [0.0, 3e7, -3e7],
        "net_area_sqm": [-120.0, 1.0, 1.0],
            "came_yuan": [5e6, 5e6, 0.0],
    })  # fmt: skip
    assert prose.balance_words(table) == (
        "2018—2020 年区内换楼 2 家次，迁前税收合计 3,000 万元。净得最多的是甲楼（3,000 万元）。净失最多的是乙楼（3,000 万元）。"
        "连同新来、离开和增减租，企业租用面积净减 120㎡。新来企业的次年税收不含 2020 年新来的，他们还没有完整的一年，不宜与离开企业的相减。"
    )
    assert prose.balance_words(table.assign(from_year=2019)).startswith("2020 年区内换楼")


def test_tax_parts_name_the_buildings_that_only_gained_movers() -> None:
    parts = pd.DataFrame({
        "year": 2020, "from_year": 2019, "change_yuan": [1e7, 1e7], "moved_in_yuan": [9e6, 0.0], "moved_out_yuan": 0.0,
        "came_yuan": [0.0, 2e6], "left_yuan": [0.0, -1e6],
    })  # fmt: skip
    text = prose.tax_parts_words(parts)
    # 2000 = 200 − 100 + 900 + 1000.
    assert (
        "增 2,000 万元：新来企业增 200 万元，离开企业减 100 万元，换楼企业增 900 万元（换楼前后之差），与迁移无关的增 1,000 万元"
        in text
    )
    assert "1 幢楼的增减有一半以上可由区内换楼解释" in text


@pytest.mark.parametrize(("same", "word"), [(10, "看不出抱团"), (40, "明显多于随机"), (0, "明显少于随机")])
def test_spinoffs_beside_chance(same, word) -> None:
    groups = pd.DataFrame({
        "group_name": ["平安集团"], "added": [60], "added_now": [50], "firms": [51], "same_building": [same],
        "expected_same_building": [12.0], "share_tax": [0.1], "hq_first": pd.array([True], dtype="boolean"),
    })  # fmt: skip
    text = prose.spinoff_words(groups, 7)
    assert word in text and "平安集团 60 家" in text and "另有 7 家企业字号" in text
    assert "其中 1 个是总部先到" in text and "不等于后来的由先到的引来" in text


def test_doubts_are_named() -> None:
    renamed = pd.DataFrame({"year": [2020], "basis": ["同名"], "left": ["甲"], "came": ["甲 "]})
    together = pd.DataFrame({"from_building": ["旧楼"], "to_building": ["新楼"], "firms": [30]})
    text = prose.doubt_words(Doubts(renamed, together, 3), 2020)
    assert "1 对：甲与甲 （同名）" in text and "旧楼并入新楼（30 家）" in text and "3 家次" in text
