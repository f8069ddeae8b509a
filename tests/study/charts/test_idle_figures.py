"""Figures of idle space and supply: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import idle


def test_readable(tables, readable):
    readable(idle.idle_by_type_bars(tables.idle_by_type, tables.year))
    readable(idle.idle_cause_stack(tables.idle_by_place, tables.year))
    readable(idle.idle_age_histogram(tables.idle_key, tables.year))
    readable(idle.supply_by_year(tables.supply))


def test_types_of_a_real_census():
    # A published census: 21.3, 50.1, 28.9, 16.15 and 8.95 of 125.4万㎡.
    names = ["工业厂房", "办公楼", "房地产商业", "安置房商业", "其他"]
    by_type = pd.DataFrame(
        {"space_type": names, "spaces": 4, "idle_area_sqm": [213e3, 501e3, 289e3, 161.5e3, 89.5e3]}
    )
    by_type["share_idle"] = by_type["idle_area_sqm"] / 1254e3
    ax = idle.idle_by_type_bars(by_type, 2020).axes[0]
    assert [bar.get_width() for bar in ax.containers[0]] == [501e3, 289e3, 213e3, 161.5e3, 89.5e3]
    assert ax.texts[0].get_text() == "50.1（40.0%） 4处"


def test_stacks_hold_every_square_metre(usual):
    ax = idle.idle_cause_stack(usual.idle_by_place, 2020, places=3, causes=2).axes[0]
    total = sum(bar.get_width() for container in ax.containers for bar in container)
    assert total == pytest.approx(usual.idle_by_place["idle_area_sqm"].sum())
    assert [text.get_text() for text in ax.get_legend().get_texts()][-1] == "其他"
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "其他地区"


def test_lump_keeps_the_largest_and_joins_a_given_rest():
    names = pd.Series(["甲", "其他", "乙", "丙", "甲"])
    lumped = idle.lump(names, pd.Series([1.0, 50.0, 3.0, 2.0, 1.5]), 2, rest="其他")
    assert lumped.tolist() == ["甲", "其他", "乙", "其他", "甲"]
    assert lumped.cat.categories.tolist() == ["乙", "甲", "其他"]  # 3.0, 2.5, and the rest last


def test_idle_time_classes_hold_their_lower_ends():
    key = pd.DataFrame({"idle_months": [5, 6, 11, 12, 60, 200, np.nan], "idle_area_sqm": 1e4})
    figure = idle.idle_age_histogram(key, 2020)
    bars = figure.axes[0].containers[0]
    assert [bar.get_height() for bar in bars] == pytest.approx([1, 2, 1, 0, 0, 2])  # 万㎡
    assert "另有1处缺日期或面积" in figure.get_supxlabel().replace("\n", "")


def test_supply_splits_office_other_and_unreported():
    supply = pd.DataFrame({"planned_completion_year": pd.array([2021, 2021, pd.NA], dtype="Int64")})
    supply["gross_area_sqm"], supply["office_area_sqm"] = [1e5, 4e4, 3e4], [6e4, np.nan, 3e4]
    ax = idle.supply_by_year(supply).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2021", "未定"]
    drawn = {text.get_text(): [bar.get_width() for bar in bars] for text, bars in zip(
        ax.get_legend().get_texts(), ax.containers, strict=True)}  # fmt: skip
    assert drawn == {"办公": [6e4, 3e4], "其他用途": [4e4, 0.0], "用途未报": [4e4, 0.0]}
