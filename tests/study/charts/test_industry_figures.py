"""Figures of industry: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import industry


def test_readable(tables, readable):
    readable(industry.industry_mix_bars(tables.industry_summary, tables.year))
    readable(industry.industry_place_map(tables.industry_mix, tables.year))
    readable(industry.industry_over_years(tables.industry_mix_by_year))


def test_mix_by_firms_area_and_tax():
    names = ["其他", "商贸", "未识别", "金融"]
    summary = pd.DataFrame(
        {"industry": names, "firms": [50, 30, 15, 5], "share_firms": [0.5, 0.3, 0.15, 0.05]}
    )
    summary["share_area"], summary["share_tax"] = [0.4, 0.3, 0.2, np.nan], np.nan
    panels = industry.industry_mix_bars(summary, 2020).axes
    assert len(panels) == 2  # no tax known: no panel for it
    assert [label.get_text() for label in panels[0].get_yticklabels()] == ["商贸", "金融", "其他", "未识别"]
    assert [bar.get_width() for bar in panels[0].containers[0]] == [0.3, 0.05, 0.5, 0.15]
    assert [text.get_text() for text in panels[1].texts] == ["30.0%", "无数据", "40.0%", "20.0%"]


def test_place_map_prints_the_tables_shares():
    rows = [("西塔街道", "商贸", 6, 0.6), ("西塔街道", "金融", 4, 0.4), ("南湖街道", "商贸", 20, 1.0)]
    mix = pd.DataFrame(rows, columns=["id", "industry", "firms", "share_firms"]).assign(level="street")
    ax = industry.industry_place_map(mix, 2020).axes[0]
    cells = {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text() for text in ax.texts
    }
    # Industries down (商贸 26 firms, 金融 4), places across (南湖 20, 西塔 10); no 金融 in 南湖: empty.
    assert cells == {(0, 0): "100", (0, 1): "60", (1, 1): "40"}


def test_each_year_adds_up_to_one(usual):
    ax = industry.industry_over_years(usual.industry_mix_by_year, most=3).axes[0]
    heights = np.array([[bar.get_height() for bar in container] for container in ax.containers])
    assert heights.shape == (4, 5)  # three industries and 其他, five years
    # Shares are drawn to sum to one to the last place or two.
    assert heights.sum(axis=0) == pytest.approx(np.ones(5), abs=1e-12)


def test_a_mix_says_whose_firms_it_counts():
    summary = pd.DataFrame({"industry": ["科技"], "firms": [3], "share_firms": [1.0]})
    summary = summary.assign(share_area=np.nan, share_tax=np.nan)
    figure = industry.industry_mix_bars(summary, 2019, scope="台账内全部企业")
    assert figure.get_supxlabel() == "口径：台账内全部企业。"
