"""Figures of building types: readable in every size, and true to the tables."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.types.clustering import CHOICES
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.study.charts import types

INDUSTRIES = [
    "商贸", "科技", "金融", "文化", "商务服务", "房地产", "建筑", "制造",
    "交通物流", "住宿餐饮", "教育", "卫生社会", "居民服务", "公共设施环境", "其他",
]  # fmt: skip


def sample(buildings: int, industries: int, kinds: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts of invented firms and table ``building_types``: ``kinds`` types, some buildings without."""
    rng = np.random.default_rng(5)
    shares = rng.dirichlet(np.full(industries, 0.5), max(kinds, 1))
    labels = np.arange(buildings) % max(kinds, 1)
    ids = [f"B{at:03d}" for at in range(buildings)]
    firms = [rng.multinomial(rng.integers(4, 400), shares[label]) for label in labels]
    counts = pd.DataFrame(firms, index=ids, columns=INDUSTRIES[:industries], dtype="float64")
    small = rng.random(buildings) < 0.1
    names = [f"{INDUSTRIES[at % industries]}·{INDUSTRIES[-1 - at]}型" for at in range(max(kinds, 1))]
    table = pd.DataFrame({"building_id": ids, "type": np.where(small, -1, labels + 1)})
    table["type_name"] = ["样本不足" if few else names[at] for few, at in zip(small, labels, strict=True)]
    table["certainty"] = np.where(small, np.nan, rng.uniform(0.4, 1.0, buildings))
    if kinds == 0:
        table = table.assign(type=0, type_name="未分型", certainty=np.nan)
    return counts, table


def portraits(kinds: int, industries: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables ``type_profiles`` and ``type_summary`` of invented numbers."""
    rng = np.random.default_rng(6)
    pairs = [(label, name) for label in range(1, kinds + 1) for name in INDUSTRIES[:industries]]
    profiles = pd.DataFrame(pairs, columns=["type", "industry"])
    profiles["share_firms"] = rng.dirichlet(np.full(industries, 0.5), kinds).ravel()
    profiles["firms"] = (profiles["share_firms"] * 900).round() + 1
    names = [f"{INDUSTRIES[at]}·{INDUSTRIES[-1 - at]}型" for at in range(kinds)]
    summary = pd.DataFrame({"type": range(1, kinds + 1), "type_name": names, "buildings": 12})
    return profiles, summary


def choices(numbers: int, is_told: bool = True) -> pd.DataFrame:
    """``BuildingTypes.choices``; the second null is unknown where the first was not passed."""
    told = np.linspace(0.8, 0.4, numbers)
    table = pd.DataFrame({"types": range(2, numbers + 2), "stability": told, "null_stability": 0.3})
    table["separation"], table["null_separation"] = told / 2, 0.15 if is_told else np.nan
    return table.assign(is_chosen=np.arange(numbers) == 1)


@pytest.mark.parametrize(
    ("buildings", "industries", "kinds"), [(12, 2, 2), (24, 6, 3), (89, 15, 5), (400, 15, 8), (60, 15, 0)]
)
def test_the_map_is_readable(buildings, industries, kinds, readable):
    readable(types.type_map(*sample(buildings, industries, kinds), 2020))


@pytest.mark.parametrize(("kinds", "industries"), [(2, 2), (3, 6), (5, 15), (8, 15)])
def test_portraits_are_readable(kinds, industries, readable):
    readable(types.type_portraits(*portraits(kinds, industries), 2020))


@pytest.mark.parametrize("numbers", [1, 2, 7])
@pytest.mark.parametrize("is_told", [True, False])
def test_numbers_of_types_are_readable(numbers, is_told, readable):
    readable(types.type_numbers(choices(numbers, is_told), 2020))


def test_what_cannot_be_drawn_says_so(readable):
    empty = {name: pd.DataFrame(columns=list(TABLES[name].columns)) for name in TABLES}
    two, one_industry, alike = sample(2, 6, 2), sample(30, 1, 2), sample(30, 6, 2)
    alike[0].iloc[:] = 5.0
    for figure in (
        types.type_map(*two, 2020),
        types.type_map(*one_industry, 2020),
        types.type_map(*alike, 2020),
        types.type_map(two[0].iloc[:0], empty["building_types"], 2020),
        types.type_portraits(empty["type_profiles"], empty["type_summary"], 2020),
        types.type_numbers(pd.DataFrame(columns=list(CHOICES)).astype(CHOICES), 2020),
    ):
        readable(figure)
        assert figure.axes[0].texts[0].get_text().startswith("暂无图")


def test_alike_buildings_stand_together_and_the_unsure_are_hollow():
    rows = [[40, 5, 5]] * 3 + [[5, 5, 40]] * 3 + [[3, 0, 2], [0, 0, 0]]
    ids = [f"B{at}" for at in range(8)]
    counts = pd.DataFrame(rows, index=ids, columns=["商贸", "科技", "金融"], dtype="float64")
    table = pd.DataFrame({"building_id": ids, "type": [1] * 3 + [2] * 3 + [-1] * 2})
    table["type_name"] = table["type"].map({1: "商贸型", 2: "金融型", -1: "样本不足"})
    table["certainty"] = [1.0, 0.9, 0.5, 1.0, 1.0, 1.0, np.nan, np.nan]
    # The table comes in another order than the counts.
    ax = types.type_map(counts, table.iloc[::-1], 2020).axes[0]
    marks = [held for held in ax.collections if len(held.get_offsets())]
    trade, finance, small = (np.asarray(held.get_offsets()) for held in marks)
    # B7 has no firm and no place.
    assert [len(trade), len(finance), len(small)] == [3, 3, 1]
    np.testing.assert_allclose(trade, trade[[0, 0, 0]], atol=1e-12)
    assert np.linalg.norm(trade[0] - finance[0]) > np.linalg.norm(trade[0] - small[0])
    assert (marks[0].get_facecolors()[:, :3].min(axis=1) == 1.0).tolist() == [False, False, True]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "商贸型 3幢",
        "金融型 3幢",
        "样本不足 1幢",
    ]
    # Industries are written on the side of the buildings that are full of them.
    at = {text.get_text(): np.array(text.get_position()) for text in ax.texts}
    assert (at["商贸"] - at["金融"]) @ (trade[0] - finance[0]) > 0


def test_portraits_print_the_tables_shares():
    rows = [(1, "商贸", 80.0, 0.8), (1, "金融", 20.0, 0.2), (2, "金融", 50.0, 0.5), (2, "科技", 50.0, 0.5)]
    profiles = pd.DataFrame(rows, columns=["type", "industry", "firms", "share_firms"])
    summary = pd.DataFrame(
        {"type": [1, 2, -1], "type_name": ["商贸型", "金融型", "样本不足"], "buildings": [7, 5, 3]}
    )
    figure = types.type_portraits(profiles, summary, 2020, most=2)
    ax = figure.axes[0]
    # 商贸 80 firms, 金融 70; 科技 with 50 is left out and said to be.
    assert [label.get_text() for label in ax.get_yticklabels()] == ["商贸", "金融"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["商贸型 7幢", "金融型 5幢"]
    cells = {(round(t.get_position()[1]), round(t.get_position()[0])): t.get_text() for t in ax.texts}
    assert cells == {(0, 0): "80", (0, 1): "0", (1, 0): "20", (1, 1): "50"}
    assert "另有1个" in figure.get_supxlabel()


def test_the_chosen_number_is_filled():
    axes = types.type_numbers(choices(4), 2020).axes
    for ax, column in zip(axes, ("stability", "separation"), strict=True):
        held = ax.collections[0]
        np.testing.assert_allclose(held.get_offsets()[:, 1], choices(4)[column])
        assert (held.get_facecolors()[:, :3].min(axis=1) < 1.0).tolist() == [False, True, False, False]
        np.testing.assert_allclose(ax.lines[0].get_ydata(), choices(4)[f"null_{column}"])
