"""What chapter 05 says of concentration agrees with the tables, and stays silent without them."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.study.prose import concentration as prose


def test_chance_is_weighted_like_the_concentration() -> None:
    # (30 × 0.4 + 10 × 0.8) ÷ 40 = 0.5, not the plain mean 0.6.
    table = pd.DataFrame(
        {
            "firms": [30, 10],
            "expected_rate": [0.4, 0.8],
            "is_small": [False, True],
            "is_above_chance": [True, False],
        }
    )
    code = "industry_concentration_rate"
    indicators = pd.DataFrame({"indicator": [code], "year": [2020], "value": [0.62], "scope": ["按户数"]})
    assert prose.concentration_words(table, indicators, 2020) == (
        "行业集聚度 62.0%（按户数）。同样多的企业随机入驻，也会有 50.0%。企业数足够的 1 幢中，1 幢明显高于随机。"
    )


def rows(*entries: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(entries))
    return frame.assign(level=frame.get("level", "building"), is_small=frame["n"] < 10)


def test_buildings_beyond_chance_by_measure_and_small_ones_apart() -> None:
    entry = {"index": "行业集聚度", "p_value": 0.01}
    table = rows(
        entry | {"measure": "企业数", "n": 20, "is_above_chance": True},
        entry | {"measure": "企业数", "n": 30, "is_above_chance": False},
        entry | {"measure": "企业数", "n": 3, "is_above_chance": False},
        entry | {"measure": "税收", "n": 20, "is_above_chance": False},
    )
    assert prose.chance_words(table) == (
        "同时看许多楼，总有几幢碰巧偏高；扣除这一点后明显高于随机的：按企业数 1 幢（共 2 幢），按税收 0 幢（共 1 幢）。"
        "另有 1 幢不足 10 家企业，不下结论。"
    )


def test_the_clearest_quotients_have_their_interval() -> None:
    entry = {"index": "区位商", "value": 4.0, "ci_lo": 2.5, "ci_hi": 6.0, "n": 12, "id": "B1"}
    table = rows(
        entry | {"name": "和安大厦", "industry": "金融", "is_above_chance": True},
        entry | {"name": "和安大厦", "industry": "商贸", "is_above_chance": False, "value": 0.4},
        # Beyond chance and ten times the district's share, but three firms: counted, not named.
        entry | {"name": "泊屏", "industry": "住宿", "is_above_chance": True, "ci_lo": 2.9},
    )
    table = table.assign(n=[12, 12, 3], is_small=False)
    assert prose.quotient_words(table) == (
        "3 个“楼宇×行业”中，2 个明显多于随机。"
        "最突出的是和安大厦的金融（12 家，是全区占比的 4.0 倍，95% 区间 2.5—6.0）。"
    )


def test_industries_that_gather_and_those_that_do_not() -> None:
    entry = {"index": "EG指数", "measure": "企业数", "level": "district", "n": 20}
    table = rows(
        entry | {"industry": "商贸", "value": 0.001, "is_above_chance": False},
        entry | {"industry": "金融", "value": 0.1, "is_above_chance": True},
    )
    assert prose.agglomeration_words(table) == "1 个行业扎堆的程度明显高于随机，依次是金融。商贸看不出扎堆。"


def test_pairs_that_share_and_pairs_that_part() -> None:
    columns = ["industry", "other_industry", "value", "expected", "finding"]
    pairs = pd.DataFrame(
        [("金融", "商务服务", 0.03, 0.0, "多于随机"), ("金融", "商贸", -0.02, 0.0, "少于随机"),
         ("商贸", "科技", 0.0, 0.0, "与随机无异")], columns=columns,
    )  # fmt: skip
    assert prose.coagglomeration_words(pairs) == (
        "1 对行业常在同楼（最明显的是金融与商务服务），1 对行业少见同楼（最明显的是金融与商贸），1 对与随机无异。"
    )


def test_growth_that_is_a_streets_own() -> None:
    columns = ["id", "growth_rate", "district_rate", "mix_rate", "local_rate"]
    table = pd.DataFrame(
        [("甲街道", 0.1, 0.02, 0.01, 0.07), ("乙街道", -0.05, 0.02, 0.0, -0.07)], columns=columns
    )
    table = table.assign(level="street", measure="税收")
    assert prose.shift_share_words(table) == (
        "本地竞争力最强的街道：甲街道税收增 10.0%，其中全区带动、行业结构、本地竞争力依次为 +2.0、+1.0、+7.0 个百分点。"
        "最弱的：乙街道税收降 5.0%，其中全区带动、行业结构、本地竞争力依次为 +2.0、0、-7.0 个百分点。"
    )
    # What rounds to nothing has no sign, and two streets at 0.0 are neither strong nor weak.
    tiny = table.assign(growth_rate=[-0.0004, 0.1], mix_rate=-0.0001)
    assert "甲街道税收持平" in prose.shift_share_words(tiny) and "-0.0" not in prose.shift_share_words(tiny)
    assert "看不出哪个街道" in prose.shift_share_words(table.assign(local_rate=[0.0002, -0.0002]))


def test_without_rows_nothing_is_claimed() -> None:
    empty = pd.DataFrame(columns=list(TABLES["concentration"].columns))
    for words in (prose.chance_words, prose.quotient_words, prose.agglomeration_words):
        assert words(empty) == ""
    pairs = pd.DataFrame(columns=list(TABLES["coagglomeration"].columns))
    assert prose.coagglomeration_words(pairs) == "不足两个行业或两幢楼，同楼与否无从比较。"
    shift = pd.DataFrame(columns=list(TABLES["industry_shift_share"].columns))
    assert prose.shift_share_words(shift) == ""
