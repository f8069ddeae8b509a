"""Fans and ends of scenarios: readable in every size, and true to the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import scenario_paths as charts

LONG = "第{}个情景：消化闲置面积并提高新入驻企业注册率和单产的一种组合"


def paths(names: list[str], years: int = 4, indicator: str = "tax_yuan", scale: float = 1e8) -> pd.DataFrame:
    rows = []
    for at, name in enumerate([charts.BASELINE, *names]):
        middle = (50 + at * np.arange(years)) * scale
        spread = np.sqrt(np.arange(years)) * scale
        frame = pd.DataFrame({"scenario": name, "indicator": indicator, "year": range(2020, 2020 + years)})
        frame = frame.assign(mean=middle, median=middle, lo80=middle - spread, hi80=middle + spread)
        rows.append(frame.assign(lo95=middle - 2 * spread, hi95=middle + 2 * spread))
    return pd.concat(rows, ignore_index=True)


def history(years: int, indicator: str = "tax_yuan", scale: float = 1e8) -> pd.DataFrame:
    span = np.arange(2021 - years, 2021)
    return pd.DataFrame({"indicator": indicator, "year": span, "value": (span - 1980.0) * scale})


@pytest.mark.parametrize(
    ("count", "years", "past"), [(0, 2, 0), (1, 4, 8), (2, 2, 0), (3, 11, 12), (4, 4, 8), (13, 2, 3)]
)
def test_fans_are_readable(readable, count: int, years: int, past: int) -> None:
    names = [LONG.format(at) for at in range(count)]
    readable(charts.scenario_fans(paths(names, years), history(past)))


@pytest.mark.parametrize(("indicator", "scale"), [("occupancy_rate", 0.01), ("yi_buildings", 1.0)])
def test_other_indicators_are_readable(readable, indicator: str, scale: float) -> None:
    table = paths(["甲", "乙"], 4, indicator, scale)
    figure = charts.scenario_fans(table, history(5, indicator, scale), indicator)
    readable(figure)
    readable(charts.scenario_ends(table, indicator))
    assert figure.get_suptitle() in {"到2023年的入驻率（%）", "到2023年的亿元楼数量（幢）"}


def test_a_fan_stands_where_the_table_says() -> None:
    figure = charts.scenario_fans(paths(["甲", "乙"]), history(3))
    first, second = figure.axes
    # In 亿元. Past: 2018, 2019 from the history, 2020 the base year of the courses (50), not the history's 40.
    assert first.lines[0].get_ydata().tolist() == pytest.approx([38, 39, 50])
    # The baseline's two edges and its median stay at 50; 甲 gains 1 a year, 乙 2.
    assert first.lines[3].get_ydata().tolist() == pytest.approx([50, 50, 50, 50])
    assert first.lines[4].get_ydata().tolist() == pytest.approx([50, 51, 52, 53])
    assert second.lines[4].get_ydata().tolist() == pytest.approx([50, 52, 54, 56])
    assert [text.get_text() for text in first.get_legend().get_texts()] == [
        *("实际", "情景", "基准", "95%区间", "80%区间")
    ]
    assert first.get_title(loc="left").strip() == "甲"


def test_the_baseline_alone_is_no_scenario() -> None:
    figure = charts.scenario_fans(paths([]), history(3))
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["实际", "基准", "95%区间", "80%区间"]


def test_what_is_not_drawn_is_said() -> None:
    note = charts.scenario_fans(paths([f"情景{at}" for at in range(9)]), history(0)).get_supxlabel()
    assert "另有5个情景未画出" in note.replace("\n", "")
    empty = charts.scenario_fans(paths(["甲"]), history(0), "occupancy_rate")
    assert "没有入驻率数据" in empty.axes[0].texts[0].get_text()
    assert (
        "没有入驻率数据" in charts.scenario_ends(paths(["甲"]), "occupancy_rate").axes[0].texts[0].get_text()
    )


@pytest.mark.parametrize("count", [0, 1, 30])
def test_ends_are_readable(readable, count: int) -> None:
    readable(charts.scenario_ends(paths([LONG.format(at) for at in range(count)])))


def test_ends_are_sorted_about_the_baseline() -> None:
    table = paths(["多", "少"])
    table.loc[table["scenario"] == "少", ["median", "lo80", "hi80", "lo95", "hi95"]] -= 9e8
    ax = charts.scenario_ends(table).axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["多", "基准", "少"]
    # 50 + 3 years × 1; 50; 50 + 3 × 2 − 9.
    assert [text.get_text() for text in ax.texts] == ["53.0", "50.0", "47.0"]
    dots = ax.collections[-1].get_offsets()
    assert dots[:, 0].tolist() == pytest.approx([53, 50, 47])
