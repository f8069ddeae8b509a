"""Figures of tenant moves: readable in every size, and true to the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts.tenant_moves import move_flow_map, move_tax_bars

LONG = "东北亚国际金融与科技创新中心OneWorld世界城(二期)A座"


def flows(level: str, names: list[str], outside: bool = True) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = [
        (level, a, a, b, b, 2017, 2020, int(rng.integers(1, 40)))
        for a in names
        for b in names
        if rng.random() < 0.6 or a != b
    ]
    if outside:
        rows += [(level, "新设", "新设", name, name, 2017, 2020, 900) for name in names]
    columns = ["level", "from_id", "from_place", "to_id", "to_place", "from_year", "to_year", "firms"]
    return pd.DataFrame(rows, columns=columns)


def balance(level: str, names: list[str], tax: bool = True) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    count = len(names)
    table = pd.DataFrame({"level": level, "id": names, "name": names, "from_year": 2017, "to_year": 2020})
    for name in ("moved_in", "moved_out", "came", "left"):
        table[name] = rng.integers(0, 400, count)
        table[f"{name}_yuan"] = rng.lognormal(14, 1.5, count) if tax else np.nan
    table["net_moved_yuan"] = table["moved_in_yuan"] - table["moved_out_yuan"]
    return table


@pytest.mark.parametrize("count", [2, 8, 25])
def test_flow_map_is_readable(readable, count):
    readable(move_flow_map(flows("street", [f"第{at}街道办事处" for at in range(count)])))


def test_flow_map_by_hand():
    table = pd.DataFrame(
        [
            ("street", "东", "东", "西", "西", 2018, 2020, 3),
            ("street", "西", "西", "西", "西", 2018, 2020, 5),
        ],
        columns=["level", "from_id", "from_place", "to_id", "to_place", "from_year", "to_year", "firms"],
    )
    figure = move_flow_map(table)
    ax = figure.axes[0]
    # Rows are origins: 东 -> 西 in the first row, second column; entries from outside are not drawn.
    assert {text.get_text(): tuple(map(round, text.get_position())) for text in ax.texts} == {
        "3": (1, 0),
        "5": (1, 1),
    }
    assert "2019—2020年" in figure.get_suptitle()


def test_one_street_is_drawn_by_building(readable):
    one = pd.concat([flows("street", ["东街道"]), flows("building", ["甲楼", LONG, "乙楼"])])
    figure = move_flow_map(one)
    readable(figure)
    assert len(figure.axes[0].get_yticks()) == 3


@pytest.mark.parametrize("count", [1, 6, 60])
@pytest.mark.parametrize("tax", [True, False])
def test_balance_is_readable(readable, count, tax):
    names = [LONG, *[f"和安大厦{at}号" for at in range(count - 1)]]
    readable(move_tax_bars(balance("building", names, tax)))


def test_balance_by_hand():
    table = balance("building", ["甲", "乙", "丙"]).assign(
        moved_in_yuan=[5e8, 1e8, 0.0], moved_out_yuan=[1e8, 4e8, 0.0], moved_in=[1, 1, 0], moved_out=[1, 1, 0]
    )
    table["net_moved_yuan"] = table["moved_in_yuan"] - table["moved_out_yuan"]
    ax = move_tax_bars(table).axes[0]
    gained, lost = ax.containers
    assert [bar.get_width() for bar in gained] == [5.0, 1.0]  # 亿元; 丙, where nobody moved, is not drawn
    assert [bar.get_width() for bar in lost] == [-1.0, -4.0]
    assert [text.get_text() for text in ax.texts] == ["+4.00", "-3.00"]


def test_nothing_to_draw(readable):
    readable(move_flow_map(flows("street", ["东"]).iloc[:0]))
    readable(move_tax_bars(balance("building", []).astype({"level": "str"})))
