"""The figure of the scenarios: readable, and true to the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts.scenarios import scenario_paths


def paths(names: list[str], years: int = 4, scale: float = 1e8) -> pd.DataFrame:
    parts = []
    for at, name in enumerate(names):
        grown = np.arange(years) * (at + 1)
        frame = pd.DataFrame({"scenario": name, "year": range(2020, 2020 + years)})
        parts.append(frame.assign(indicator="tax_yuan", baseline=50 * scale, value=(50 + grown) * scale))
        parts.append(frame.assign(indicator="occupancy_rate", baseline=0.8, value=0.8 + grown / 100))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize("years", [2, 11])
def test_readable(readable, count: int, years: int) -> None:
    names = [f"第{at}个情景：消化闲置面积并提高新入驻企业注册率和单产的一种组合" for at in range(count)]
    readable(scenario_paths(paths(names, years)))


def test_lines_stand_where_the_table_says() -> None:
    figure = scenario_paths(paths(["甲", "乙"]))
    tax, rate = figure.axes
    # In 亿元: the baseline, then each scenario.
    assert [line.get_ydata()[-1] for line in tax.lines] == pytest.approx([50, 53, 56])
    assert [line.get_ydata()[-1] for line in rate.lines] == pytest.approx([0.8, 0.83, 0.86])
    assert [text.get_text() for text in tax.get_legend().get_texts()] == ["基准", "甲", "乙"]
    assert figure.get_suptitle() == "2020—2023年各情景的楼宇税收与入驻率"


def test_what_is_not_known_is_left_out() -> None:
    table = paths(["甲"])
    assert len(scenario_paths(table[table["indicator"] == "occupancy_rate"]).axes) == 1
    note = scenario_paths(paths([f"情景{at}" for at in range(9)])).get_supxlabel()
    assert "另有1个情景未画出" in note.replace("\n", "")
    assert "没有税收和入驻数据" in scenario_paths(table.iloc[:0]).axes[0].texts[0].get_text().replace(
        "\n", ""
    )
