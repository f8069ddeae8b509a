"""Figures of change: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import growth


def test_readable(tables, readable):
    readable(growth.growth_waterfall(tables.growth_parts))
    readable(growth.tier_transition_map(tables.tier_transitions))
    readable(growth.moves_by_year(tables.moves))


def test_waterfall_by_hand():
    # +2, −3, +1.5亿: bars stand on the running total, the last one is the sum 0.5亿.
    parts = pd.DataFrame(
        {"from_year": 2019, "to_year": 2020, "level": "district", "part": ["面积", "入驻率", "单产"]}
    )
    parts["amount_yuan"] = [2e8, -3e8, 1.5e8]
    older = parts.assign(from_year=2018, to_year=2019, amount_yuan=9e8)
    street = parts.assign(level="street", amount_yuan=7e8)
    figure = growth.growth_waterfall(pd.concat([older, parts, street]))
    bars = figure.axes[0].containers[0]
    assert [bar.get_height() for bar in bars] == pytest.approx([2.0, -3.0, 1.5, 0.5])
    assert [bar.get_y() for bar in bars] == pytest.approx([0.0, 2.0, -1.0, 0.0])
    assert [text.get_text() for text in figure.axes[0].texts] == ["+2.00", "-3.00", "+1.50", "+0.50"]
    assert figure.get_suptitle() == "2019—2020年楼宇税收增减来源（亿元）"


def test_a_fall_throughout_keeps_its_numbers_off_the_names(readable):
    parts = pd.DataFrame(
        {"from_year": 2019, "to_year": 2020, "level": "district", "part": ["入驻率", "单产"]}
    )
    readable(growth.growth_waterfall(parts.assign(amount_yuan=[-4.6e7, -3.8e7])))


def test_transitions_stand_in_their_cells():
    rows = [("千万元楼", "亿元楼", 2), ("亿元楼", "亿元楼", 9), ("新纳入", "其他", 3), ("亿元楼", "退出", 1)]
    moves = pd.DataFrame(rows, columns=["from_tier", "to_tier", "buildings"]).assign(
        from_year=2019, to_year=2020
    )
    ax = growth.tier_transition_map(moves).axes[0]
    # Highest tier first; what is no tier stands behind.
    assert [label.get_text() for label in ax.get_yticklabels()] == ["亿元楼", "千万元楼", "新纳入"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["亿元楼", "其他", "退出"]
    cells = {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text() for text in ax.texts
    }
    assert cells == {(0, 0): "9", (1, 0): "2", (2, 1): "3", (0, 2): "1"}
    assert len(ax.patches) == 1  # only 亿元楼 is both a row and a column


def test_moves_go_up_and_down():
    moves = pd.DataFrame(
        {"year": [2019, 2020], "level": "district", "entries": [30, 20], "exits": [10.0, np.nan]}
    )
    moves["net_absorption_sqm"] = [12000.0, -5000.0]
    upper, lower = growth.moves_by_year(moves).axes
    assert [bar.get_height() for bar in upper.containers[0]] == [30.0, 20.0]
    assert upper.containers[1][0].get_height() == -10.0
    assert [text.get_text() for text in upper.texts] == ["30", "20", "10", ""]
    assert [bar.get_height() for bar in lower.containers[0]] == pytest.approx([1.2, -0.5])  # 万㎡


def test_streets_add_up(usual):
    streets = pd.concat([usual.moves.assign(level="street", id=name) for name in "ab"])
    bars = growth.moves_by_year(streets, level="street").axes[0].containers[0]
    assert [bar.get_height() for bar in bars] == (usual.moves["entries"] * 2).tolist()
