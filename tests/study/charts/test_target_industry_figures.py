"""Figures of whom to invite: readable, and true to the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.targets.record import ALL_YEARS
from louyu_lab.study.charts import target_industries as charts

INDUSTRIES = [
    "商贸",
    "科技",
    "金融",
    "商务服务",
    "公共设施环境",
    "交通物流",
    "住宿餐饮",
    "卫生社会",
    "居民服务",
    "房地产",
]


def proximities(count: int) -> pd.DataFrame:
    values = np.random.default_rng(3).random((count, count))
    values = (values + values.T) / 2
    np.fill_diagonal(values, 1.0)
    return pd.DataFrame(values, index=INDUSTRIES[:count], columns=INDUSTRIES[:count])


def record() -> pd.DataFrame:
    rows = [
        (ALL_YEARS, "全部新入驻", "相近楼宇", 1200, 0.8, 0.78, 0.82, True),
        (ALL_YEARS, "全部新入驻", "全区构成", 1200, 0.7, 0.66, 0.74, False),
        (ALL_YEARS, "新行业入驻（只荐新行业）", "相近楼宇", 90, 0.6, 0.5, 0.7, True),
        ("2020", "全部新入驻", "相近楼宇", 300, 0.1, 0.0, 0.2, True),
    ]
    columns = ["year", "entrants", "recommender", "n", "recall", "lo", "hi", "is_chosen"]
    return pd.DataFrame(rows, columns=columns)


def targets(buildings: int) -> pd.DataFrame:
    rows = [
        (f"B{at:02d}", f"和安国际金融与科技创新中心{at}号楼", rank, INDUSTRIES[(at + rank) % 10], 0.5 / rank)
        for at in range(buildings)
        for rank in (1, 2, 3)
    ]
    return pd.DataFrame(rows, columns=["building_id", "building", "rank", "industry", "score"])


FUNNEL = pd.DataFrame(
    {
        "stage": ["意向", "协议", "合同", "落地", "终止"],
        "projects": [5, 3, 0, 2, 1],
        "reached": pd.array([10, 5, 2, 2, None], dtype="Int64"),
        "conversion_rate": [np.nan, 0.5, 0.4, 1.0, np.nan],
    }
)


@pytest.mark.parametrize("count", [3, 10])
def test_readable(readable, count: int) -> None:
    readable(charts.proximity_map(proximities(count), 2020))
    readable(charts.target_map(targets(count * 3), 2020))
    readable(charts.target_record_dots(record()))
    readable(charts.project_funnel_bars(FUNNEL))


def test_nothing_to_draw(readable) -> None:
    readable(charts.proximity_map(proximities(2), 2020))
    readable(charts.target_map(targets(0), 2020))
    readable(charts.target_record_dots(record().iloc[:0]))
    readable(charts.project_funnel_bars(FUNNEL.iloc[:0]))


def test_proximities_are_the_tables() -> None:
    table = proximities(4)
    ax = charts.proximity_map(table, 2020).axes[0]
    printed = sorted(int(text.get_text()) for text in ax.texts)
    pairs = table.to_numpy()[np.triu_indices(4, 1)]
    assert printed == sorted(int(f"{value * 100:.0f}") for value in pairs)


def test_an_industry_nobody_is_strong_in_is_counted() -> None:
    table = proximities(4)
    table.loc["金融"] = table["金融"] = 0.0
    figure = charts.proximity_map(table, 2020)
    assert "另有1个行业" in figure.get_supxlabel().replace("\n", "")


def test_the_record_is_that_of_all_years() -> None:
    ax = charts.target_record_dots(record()).axes[0]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots == [0.8, 0.7, 0.6]


def test_funnel_bars_are_who_reached_and_who_stands_there() -> None:
    ax = charts.project_funnel_bars(FUNNEL).axes[0]
    assert [bar.get_width() for bar in ax.containers[0]] == [10, 5, 2, 2]
    assert [bar.get_width() for bar in ax.containers[1]] == [5, 3, 0, 2]
    assert [text.get_text() for text in ax.texts][:2] == ["10 个", "5 个（转入 50.0%）"]
