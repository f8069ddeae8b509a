"""Figures of vacancy: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.idle_ages import AGE_BANDS
from louyu_lab.analysis.vacancy.accounting import PARTS
from louyu_lab.study.charts import style, vacancy

LONG = "东北亚国际金融与科技创新中心世界城(二期)街道办事处"


def accounting(years: int) -> pd.DataFrame:
    rows = [
        ("district", "某区", 2021 - years + at, part, area * (1 + 0.1 * at))
        for at in range(years)
        for part, area in (("不可招商", 2.3e4), ("爬坡", 0.0), ("其他", 3.1e5))
    ]
    return pd.DataFrame(rows, columns=["level", "id", "year", "part", "area_sqm"])


def by_trait(traits: int, levels: int) -> pd.DataFrame:
    rng = np.random.default_rng(levels)
    rows = [
        (
            f"第{trait + 1}种特征",
            f"{LONG}{level}" if level == 0 else f"{level}—{level + 1}万㎡",
            rng.normal(0, 0.1),
        )
        for trait in range(traits)
        for level in range(levels)
    ]
    table = pd.DataFrame(rows, columns=["trait", "trait_level", "difference"]).assign(buildings=17)
    table["lo"], table["hi"] = table["difference"] - 0.07, table["difference"] + 0.08
    table.loc[0, ["lo", "hi"]] = np.nan
    return table


@pytest.mark.parametrize("years", [1, 8, 14])
def test_accounts_are_readable(readable, years):
    readable(vacancy.vacancy_over_years(accounting(years)))


def every_part(years: int) -> pd.DataFrame:
    areas = dict(zip(PARTS, (2.3e4, 0.4, 5.9e4, 1e3, 7.1e4, 2.7e5), strict=True))
    rows = [("district", "某区", 2021 - years + at, *part) for at in range(years) for part in areas.items()]
    return pd.DataFrame(rows, columns=["level", "id", "year", "part", "area_sqm"])


@pytest.mark.parametrize("years", [1, 9])
def test_every_part_is_readable(readable, years):
    readable(vacancy.vacancy_over_years(every_part(years), "结构与结构（上限）依据不同，不能逐年相比。"))
    readable(vacancy.vacancy_waterfall(every_part(years), 2020))


def test_the_waterfall_runs_down_to_the_rest():
    # 1 + 2 + 3万㎡, nothing else: the whole from 0, then each part below the one before, down to 0.
    rows = [("district", "某区", 2020, *part) for part in (("其他", 3e4), ("不可招商", 1e4), ("摩擦", 2e4))]
    rows += [("district", "某区", 2020, "结构", 0.0), ("district", "某区", 2019, "其他", 9e9)]
    table = pd.DataFrame(rows, columns=["level", "id", "year", "part", "area_sqm"])
    ax = vacancy.vacancy_waterfall(table, 2020).axes[0]
    bars = [bar for container in ax.containers for bar in container]
    assert [bar.get_height() for bar in bars] == pytest.approx([6.0, 1.0, 2.0, 3.0])
    assert [bar.get_y() for bar in bars] == pytest.approx([0.0, 5.0, 3.0, 0.0])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["空置面积", "不可招商", "摩擦", "其他"]
    assert [text.get_text() for text in ax.texts] == ["6.00", "1.00\n16.7%", "2.00\n33.3%", "3.00\n50.0%"]


def ages(area: float = 1.3e4) -> pd.DataFrame:
    labels = [*AGE_BANDS.labels, NO_DATA]
    return pd.DataFrame({"band": labels, "spaces": range(7), "idle_area_sqm": [area * at for at in range(7)]})


def test_ages_are_drawn_by_band(readable):
    figure = vacancy.vacancy_age_bars(ages(), 2020)
    readable(figure)
    bars = figure.axes[0].containers[0]
    assert [bar.get_height() for bar in bars] == pytest.approx([0, 1.3, 2.6, 3.9, 5.2, 6.5])
    assert "另有6处没有起始日期" in figure.get_supxlabel().replace("\n", "")
    readable(vacancy.vacancy_age_bars(ages(np.nan), 2020))
    readable(vacancy.vacancy_age_bars(ages().iloc[6:], 2020))


@pytest.mark.parametrize(("traits", "levels"), [(1, 1), (1, 20), (8, 4)])
def test_differences_are_readable(readable, traits, levels):
    readable(vacancy.trait_differences(by_trait(traits, levels), 2020))


def test_parts_stand_on_each_other():
    # 2019: 1万 + 2万 + 3万㎡. Bars bottom up in the waterfall's order, the sum on top.
    rows = [
        ("district", "某区", 2019, part, area)
        for part, area in (("其他", 3e4), ("不可招商", 1e4), ("爬坡", 2e4))
    ]
    table = pd.DataFrame(
        [*rows, ("street", "南街", 2019, "其他", 9e9)], columns=["level", "id", "year", "part", "area_sqm"]
    )
    ax = vacancy.vacancy_over_years(table).axes[0]
    bars = [container[0] for container in ax.containers]
    assert [bar.get_height() for bar in bars] == pytest.approx([1.0, 2.0, 3.0])
    assert [bar.get_y() for bar in bars] == pytest.approx([0.0, 1.0, 3.0])
    assert [text.get_text() for text in ax.texts] == ["6.00"]


def test_dots_and_intervals_by_hand():
    table = pd.DataFrame(
        {"trait": "等级", "trait_level": ["甲级", "乙级", "丙级", "无数据"], "buildings": [9, 8, 3, 2]}
    )
    table["difference"], table["lo"], table["hi"] = (
        [-0.05, 0.01, 0.2, np.nan],
        [-0.08, -0.02, np.nan, np.nan],
        [-0.02, 0.04, np.nan, np.nan],
    )
    ax = vacancy.trait_differences(table, 2020).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(dot.get_xdata()[0]) for dot in dots] == pytest.approx([-5.0, 1.0, 20.0])
    # Below, around zero, and without an interval: blue, ink, hollow.
    assert [dot.get_markerfacecolor() for dot in dots] == [style.MAIN, style.INK, "white"]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "甲级（9幢）",
        "乙级（8幢）",
        "丙级（3幢）",
    ]


def test_nothing_to_draw(readable):
    readable(vacancy.vacancy_over_years(accounting(1).iloc[:0]))
    readable(vacancy.vacancy_waterfall(accounting(1).iloc[:0], 2020))
    readable(vacancy.trait_differences(by_trait(1, 1).iloc[:0], 2020))
