"""Buildings that a scenario moves: readable, and true to the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import scenario_buildings as charts

LONG = "东北亚国际金融与科技创新中心OneWorld世界城(二期)A座"


def moves(before: list[float], after: list[float]) -> pd.DataFrame:
    names = [LONG if at == 0 else f"云台{at}号大厦" for at in range(len(before))]
    ids = [f"L{at:03d}" for at in range(len(before))]
    frame = pd.DataFrame({"building_id": ids, "building": names, "year": 2023})
    frame = frame.assign(p_yi_before=before, p_yi_after=after)
    return frame.assign(p_yi_change=frame["p_yi_after"] - frame["p_yi_before"])


@pytest.mark.parametrize("count", [1, 40])
def test_readable(readable, count: int) -> None:
    before = np.linspace(0, 1, count).tolist()
    readable(charts.mover_dumbbells(moves(before, before[::-1]), "消化闲置面积并提高新入驻企业注册率"))
    readable(charts.mover_dumbbells(moves([0.0] * count, [1.0] * count), "甲"))


def test_dots_stand_where_the_table_says() -> None:
    figure = charts.mover_dumbbells(moves([0.2, 0.5, 0.3], [0.1, 0.9, 0.301]), "甲")
    ax = figure.axes[0]
    # The third hardly changes and is left out; the gain stands on top.
    assert [text.get_text() for text in ax.get_yticklabels()] == ["云台1号大厦", "东北亚国际金融与科技…"]
    assert [text.get_text() for text in ax.texts] == ["+40.0", "-10.0"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["基准", "情景（升）", "情景（降）"]


def test_nothing_moves() -> None:
    said = charts.mover_dumbbells(moves([0.2], [0.2]), "甲").axes[0].texts[0].get_text()
    assert "没有楼宇的可能性有变化" in said
    assert "没有楼宇的可能性有变化" in charts.mover_dumbbells(moves([], []), "甲").axes[0].texts[0].get_text()


def test_a_new_building_has_no_chance_before(readable) -> None:
    rows = moves([0.2, np.nan], [0.1, 0.5]).assign(p_yi_change=[-0.1, 0.5])
    figure = charts.mover_dumbbells(rows, "甲")
    readable(figure)
    assert [text.get_text() for text in figure.axes[0].texts] == ["+50.0", "-10.0"]
    assert "没有空心的为新楼" in figure.get_supxlabel().replace("\n", "")
