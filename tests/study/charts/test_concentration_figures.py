"""Figures of concentration: readable in every size, and true to the tables."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.study.charts import concentration

INDUSTRIES = [
    "商贸", "科技", "金融", "文化", "商务服务", "房地产", "建筑", "制造",
    "交通物流", "住宿餐饮", "教育", "卫生社会", "居民服务", "公共设施环境", "其他",
]  # fmt: skip


def sample(buildings: int, industries: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables ``concentration`` and ``coagglomeration`` of invented numbers."""
    rng = np.random.default_rng(3)
    names = INDUSTRIES[:industries]
    cells = pd.DataFrame(
        [(f"B{b:03d}", name) for b in range(buildings) for name in names], columns=["id", "industry"]
    )
    cells["n"] = rng.multinomial(60, rng.dirichlet(np.full(industries, 0.4)), buildings).ravel()
    cells = cells.assign(level="building", index="区位商", measure="企业数", value=1.0)
    gathered = pd.DataFrame({"industry": names, "value": rng.normal(0.01, 0.01, industries)})
    gathered = gathered.assign(
        level="district", id="和安区", index="EG指数", measure="企业数", lo=-0.004, hi=0.005
    )
    table = pd.concat([cells, gathered.assign(n=range(3, 3 + industries))], ignore_index=True)
    table["is_above_chance"] = rng.random(len(table)) < 0.2
    table["is_small"] = table["n"] < 10
    first, second = np.triu_indices(industries, 1)
    pairs = pd.DataFrame({"industry": np.array(names)[first], "other_industry": np.array(names)[second]})
    pairs = pairs.assign(value=rng.normal(0, 0.01, len(pairs)), expected=0.0)
    pairs["finding"] = rng.choice(["多于随机", "少于随机", "与随机无异"], len(pairs))
    return table, pairs


@pytest.mark.parametrize(("buildings", "industries"), [(1, 1), (2, 2), (89, 15), (400, 15)])
def test_readable(buildings, industries, readable):
    table, pairs = sample(buildings, industries)
    readable(concentration.building_mix_map(table, 2020))
    readable(concentration.agglomeration_dots(table, 2020))
    readable(concentration.coagglomeration_map(pairs, 2020))


def test_the_scatter_is_readable(tables, readable):
    readable(concentration.concentration_scatter(tables.industry_concentration, tables.year))


def test_empty_tables_say_so(readable):
    empty = {name: pd.DataFrame(columns=list(table.columns)) for name, table in TABLES.items()}
    for figure in (
        concentration.building_mix_map(empty["concentration"], 2020),
        concentration.agglomeration_dots(empty["concentration"], 2020),
        concentration.coagglomeration_map(empty["coagglomeration"], 2020),
        concentration.concentration_scatter(empty["industry_concentration"], 2020),
    ):
        readable(figure)
        assert figure.axes[0].texts[0].get_text().startswith("暂无图")


def test_buildings_of_one_dominant_industry_stand_together():
    rows = [
        ("B1", "商贸", 9),
        ("B1", "金融", 1),
        ("B2", "商贸", 2),
        ("B2", "金融", 8),
        ("B3", "商贸", 6),
        ("B3", "金融", 4),
    ]
    table = pd.DataFrame(rows, columns=["id", "industry", "n"])
    table = table.assign(level="building", index="区位商", is_above_chance=table["n"] == 9)
    ax = concentration.building_mix_map(table, 2020).axes[0]
    # 商贸 (17 firms) on top; B1 (90 % 商贸), B3 (60 %), then B2: the shade follows the share.
    shade = -np.asarray(ax.images[0].get_array())[..., 0]
    assert shade[0, 0] > shade[0, 1] > shade[0, 2]
    assert ax.collections[0].get_offsets().tolist() == [[0, 0]]
    assert [text.get_text() for text in ax.texts] == ["商贸\n2幢", "金融\n1幢"]


def test_only_pairs_beyond_chance_are_coloured():
    pairs = pd.DataFrame({"industry": ["甲", "甲", "乙"], "other_industry": ["乙", "丙", "丙"]})
    pairs = pairs.assign(
        value=[0.1, -0.1, 0.05], expected=0.0, finding=["多于随机", "少于随机", "与随机无异"]
    )
    ax = concentration.coagglomeration_map(pairs, 2020).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    cells = np.asarray(ax.images[0].get_array())[..., :3]
    at = {name: place for place, name in enumerate(names)}
    red, blue, pale = cells[at["甲"], at["乙"]], cells[at["甲"], at["丙"]], cells[at["乙"], at["丙"]]
    assert red[0] > red[2] and blue[2] > blue[0] and pale[0] == pale[2]
    assert (cells == cells.swapaxes(0, 1)).all()


def test_the_most_specialised_are_named_and_small_samples_are_not():
    frame = pd.DataFrame({"building_id": list("abc"), "expected_rate": [0.4, 0.5, 0.9]})
    frame["share_industry_firms"], frame["is_small"] = [0.9, 0.5, 1.0], [False, False, True]
    frame["is_above_chance"] = [True, False, True]
    frame["building"] = ["和安大厦", None, "云台中心"]
    ax = concentration.concentration_scatter(frame, 2020, labels=2).axes[0]
    assert [text.get_text() for text in ax.texts] == ["和安大厦"]  # b is no more than chance, c is small
    kinds = [text.get_text() for text in ax.get_legend().get_texts()]
    places = [marks.get_offsets().tolist() for marks in ax.collections]
    assert dict(zip(kinds, places, strict=True)) == {
        "明显高于随机": [[0.4, 0.9]],
        "未明显高于随机": [[0.5, 0.5]],
        "样本不足": [[0.9, 1.0]],
    }
