"""The sentences on the recommenders' record give the rivals' figures, and say where the chosen one loses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.targets.holdout import EVERYBODY, LACKING, NEW, NEW_AMONG_NEW
from louyu_lab.study.prose.target_record import record_words

NAMES = ["相近楼宇", "本楼构成", "全区构成", "产业关联"]


def rows(entrants: str, *recalls: float, year: str = "合计", half: float = 0.01) -> pd.DataFrame:
    table = pd.DataFrame({"recommender": NAMES, "recall": recalls, "n": 1200, "lo": 0.7, "hi": 0.9})
    lead = recalls[0] - table["recall"]
    return table.assign(entrants=entrants, year=year, lead=lead, lead_lo=lead - half, lead_hi=lead + half)


def test_rivals_that_lose_are_as_good_or_win() -> None:
    said = record_words(rows(EVERYBODY, 0.8, 0.75, 0.795, 0.2))
    assert "1,200 家次新入驻企业中，“相近楼宇”猜中 80.0%（95%区间 70.0%—90.0%），“本楼构成” 75.0%、" in said
    assert "与“全区构成”不相上下（差距的95%区间含 0）。" in said and "更准" not in said
    said = record_words(rows(EVERYBODY, 0.8, 0.75, 0.85, 0.2))
    assert "“全区构成”更准，“相近楼宇”不如。本区历年以“全区构成”最准，但仍采用“相近楼宇”" in said
    few = rows(EVERYBODY, 0.8, 0.75, 0.7, 0.2).assign(lo=np.nan, hi=np.nan, lead_lo=np.nan, lead_hi=np.nan)
    assert "80.0%（楼宇太少，不作区间）" in record_words(few) and "不相上下" not in record_words(few)
    assert "无从回测" in record_words(few.iloc[:0])


def test_years_that_another_wins_are_named() -> None:
    years = [
        rows(EVERYBODY, 0.8, 0.7, 0.6, 0.2, year="2019"),
        rows(EVERYBODY, 0.7, 0.6, 0.75, 0.2, year="2020"),
    ]
    said = record_words(pd.concat([*years, rows(EVERYBODY, 0.75, 0.65, 0.68, 0.2)]))
    assert "2 年中 1 年另有方法更准：2020 年“全区构成”（75.0%，“相近楼宇” 70.0%）。" in said


def test_new_industries_and_the_direction_have_their_rivals_too() -> None:
    parts = [rows(EVERYBODY, 0.8, 0.75, 0.7, 0.2), rows(NEW, 0.25, 0.16, 0.47, 0.6)]
    parts += [rows(NEW_AMONG_NEW, 0.8, 0.79, 0.79, 0.68, half=0.02), rows(LACKING, 0.54, 0.52, 0.53, 0.22)]
    said = record_words(pd.concat(parts))
    assert "三个目标照旧时，“相近楼宇”猜中 25.0%" in said and "“全区构成” 47.0%、“产业关联” 60.0%。" in said
    assert "“全区构成”、“产业关联”更准，“相近楼宇”不如。" in said
    # Among industries a building has none of, its own mix is the district's: told once.
    assert "只从没有的行业里荐三个，“相近楼宇”猜中 80.0%（95%区间 70.0%—90.0%），“全区构成” 79.0%、" in said
    assert "只从这类行业里荐一个（补链），“相近楼宇”猜中 54.0%" in said and "“产业关联” 22.0%。" in said
