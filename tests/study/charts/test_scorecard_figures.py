"""Figures of the scorecards: readable, and true to the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import scorecards

LONG = "东北亚国际金融与科技创新中心OneWorld世界城(二期)A座"


def robustness(count: int) -> pd.DataFrame:
    rank = np.arange(1, count + 1)
    return pd.DataFrame({
        "scorecard": "星级楼宇（示例）", "building_id": [f"B{at}" for at in rank],
        "building": [None, LONG, *[f"楼{at}" for at in rank]][:count], "rank": rank,
        "lo90_rank": np.maximum(rank - 2, 1), "hi90_rank": rank + 2,
        "best_rank": np.maximum(rank - 3, 1), "worst_rank": rank + 3,
    })  # fmt: skip


def conditions(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    texts = [
        "入驻率不低于 70%",
        "集聚度（按户数）不低于 70%，或集聚度（按面积）不低于 70%",
        "税收不低于 5,000 万元",
    ]
    rows = [
        {"scorecard": "甲", "number": number, "requirement": text, "building_id": f"B{at}",
         "gap_rate": [0.0, np.nan, 0.004 + at / 10][number - 1]}
        for at in range(count) for number, text in enumerate(texts, start=1)
    ]  # fmt: skip
    results = pd.DataFrame({
        "scorecard": "甲", "building_id": [f"B{at}" for at in range(count)],
        "building": [LONG, None, *["楼"] * count][:count], "passes": "否", "unmet": 1, "unknown": 1,
        "worst_gap_rate": [0.004 + at / 10 for at in range(count)],
    })  # fmt: skip
    return pd.DataFrame(rows), results


def thresholds(count: int) -> pd.DataFrame:
    middle = 10.0 ** np.linspace(1, 4, count)
    table = pd.DataFrame({
        "industry": [f"公共设施环境{at}" for at in range(count)], "grade": "全部等级", "status": "可用", "n": 1000,
        "p25_yuan_sqm": middle / 3, "p50_yuan_sqm": middle, "p75_yuan_sqm": middle * 3, "lo_p50_yuan_sqm": middle / 1.5, "hi_p50_yuan_sqm": middle * 1.5,
    })  # fmt: skip
    few = table.iloc[:1].assign(
        industry="教育", status="公益类不设", p25_yuan_sqm=np.nan, p50_yuan_sqm=np.nan
    )
    grade = table.iloc[:1].assign(grade="甲级")
    return pd.concat([table, few, grade], ignore_index=True)


@pytest.mark.parametrize("count", [1, 30])
def test_readable(count: int, readable) -> None:
    readable(scorecards.score_ranks(robustness(count), "星级楼宇（示例）"))
    readable(scorecards.condition_map(*conditions(count), "甲"))
    readable(scorecards.entry_lines(thresholds(count), 2020))


def test_ranks_as_in_the_table() -> None:
    figure = scorecards.score_ranks(robustness(30), "星级楼宇（示例）", most=4)
    ax = figure.axes[0]
    dots = next(part for part in ax.collections if len(part.get_offsets()) == 4)
    assert dots.get_offsets().tolist() == [[1, 0], [2, 1], [3, 2], [4, 3]]
    spans = [
        [tuple(end) for end in part.get_segments()[3]]
        for part in ax.collections
        if hasattr(part, "get_segments")
    ]
    # The fourth: one indicator left out 1–7, weights drawn 2–6.
    assert [(low[0], high[0]) for low, high in spans] == [(1, 7), (2, 6)]
    assert ax.get_yticklabels()[0].get_text() == "B1"
    assert "只画前4幢，共30幢参评" in figure.get_supxlabel().replace("\n", "")


def test_gaps_as_in_the_table() -> None:
    cells, results = conditions(3)
    results.loc[2, "passes"] = "是"
    figure = scorecards.condition_map(cells, results, "甲")
    texts = [text.get_text() for text in figure.axes[0].texts]
    # Unknown cells stay empty; what lacks less than a hundredth does not read 0 %.
    assert texts == ["达到", "差不到1%", "达到", "差10%"]
    heads = [label.get_text().replace("\n", "") for label in figure.axes[0].get_xticklabels()]
    assert heads == ["入驻率≥70%", "集聚度（按户数）≥70%或其他", "税收≥5,000 万元"]
    assert "已达到必备条件的1幢未列" in figure.get_supxlabel().replace("\n", "")


def test_industries_by_their_median() -> None:
    figure = scorecards.entry_lines(thresholds(3), 2020)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["公共设施环境2（1000家）", "公共设施环境1（1000家）", "公共设施环境0（1000家）"]
    assert "另有1个行业样本不足或不设门槛" in figure.get_supxlabel().replace("\n", "")


def test_nothing_to_draw_says_so() -> None:
    cells, results = conditions(2)
    for figure in (
        scorecards.score_ranks(robustness(3), "无此办法"),
        scorecards.condition_map(cells, results.assign(passes="是"), "甲"),
        scorecards.condition_map(cells.iloc[:0], results, "甲"),
        scorecards.entry_lines(thresholds(2).iloc[2:3], 2020),
    ):
        assert "暂无图" in figure.axes[0].texts[0].get_text().replace("\n", "")
