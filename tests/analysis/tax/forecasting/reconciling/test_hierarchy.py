from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting.reconciling import Hierarchy, ReconciliationError

TREE = {"district": ["north", "south"], "north": ["n1", "n2"], "south": ["s1", "s2", "s3"]}


def test_a_tree_has_the_textbook_summing_matrix():
    made = Hierarchy.from_children(TREE)
    assert made.nodes.tolist() == ["district", "north", "south", "n1", "n2", "s1", "s2", "s3"]
    assert made.bottom.tolist() == ["n1", "n2", "s1", "s2", "s3"]
    aggregates = [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 1, 1, 1]]
    assert np.array_equal(made.summing.toarray(), np.vstack([aggregates, np.eye(5)]))
    assert made.level.tolist() == ["第1层", *["第2层"] * 2, *["第3层"] * 5]


def test_branches_may_end_at_different_depths():
    made = Hierarchy.from_children({"all": ["a", "b"], "a": ["a1", "a2"], "a1": ["x", "y"]})
    # Bottom in order of mention: b, a2, x, y.
    assert made.bottom.tolist() == ["b", "a2", "x", "y"]
    assert np.array_equal(made.aggregating.toarray(), [[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 1, 1]])


def test_a_node_may_belong_to_a_building_and_an_industry():
    made = Hierarchy.from_children(
        {"all": ["b1", "b2"], "b1": ["e1", "e2"], "b2": ["e3"], "finance": ["e1", "e3"]}
    )
    at = made.nodes.tolist().index("finance")
    assert made.summing.toarray()[at].tolist() == [1, 0, 1]
    # Both tops are on the first level.
    assert made.level[at] == made.level[0] == "第1层"


def test_levels_can_be_named():
    made = Hierarchy.from_children({"all": ["a"]}, level={"all": "district"})
    assert made.level.tolist() == ["district", "第2层"]


@pytest.mark.parametrize(
    ("children", "said"),
    [
        ({}, "没有任何节点"),
        ({"a": []}, "没有下级的上级节点：a"),
        ({"a": ["x", "x"]}, "同一下级写了两次的节点：a"),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, "上下级成了环：a → b → c → a"),
        ({"a": ["a"]}, "上下级成了环：a → a"),
        # x reaches the total through its building and its industry: it would count twice.
        ({"all": ["b", "i"], "b": ["x", "y"], "i": ["x"]}, "下级经由两条路重复计入：all"),
    ],
)
def test_an_impossible_tree_is_told(children, said):
    with pytest.raises(ReconciliationError) as error:
        Hierarchy.from_children(children)
    # A circle may be told from any of its nodes.
    told = str(error.value)
    turns = [
        said,
        said.replace("a → b → c → a", "b → c → a → b"),
        said.replace("a → b → c → a", "c → a → b → c"),
    ]
    assert any(turn in told for turn in turns)


def test_all_faults_of_a_tree_come_together():
    with pytest.raises(ReconciliationError, match=r"没有下级的上级节点：b；同一下级写了两次的节点：a"):
        Hierarchy.from_children({"a": ["x", "x"], "b": []})


def test_levels_of_unknown_nodes_are_told():
    with pytest.raises(ReconciliationError, match="层级名称所指的节点不存在：z"):
        Hierarchy.from_children({"a": ["x"]}, level={"z": "街道"})


@pytest.fixture
def attributes() -> pd.DataFrame:
    return pd.DataFrame(
        {"unique_id": ["e2", "e1", "e3"], "street": ["n", "n", "s"], "industry": ["x", "y", "x"]}
    )


def test_a_grouped_structure_is_named_by_its_columns(attributes):
    made = Hierarchy.from_frame(attributes, [[], ["street"], ["street", "industry"]])
    assert made.nodes.tolist() == [
        "合计", "street=n", "street=s",
        "street=n/industry=x", "street=n/industry=y", "street=s/industry=x",
        "e1", "e2", "e3",
    ]  # fmt: skip
    assert made.level.tolist() == ["合计", *["street"] * 2, *["street/industry"] * 3, *["底层"] * 3]
    # Columns e1, e2, e3: e2 is the only x in n.
    expected = [[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert np.array_equal(made.aggregating.toarray(), expected)


def test_the_order_of_rows_does_not_matter(attributes):
    one, other = (Hierarchy.from_frame(rows, [[], ["street"]]) for rows in (attributes, attributes[::-1]))
    assert one.nodes.tolist() == other.nodes.tolist()
    assert (one.summing != other.summing).nnz == 0


@pytest.mark.parametrize(
    ("change", "levels", "said"),
    [
        (lambda rows: rows.drop(columns="street"), [["street"]], "缺少列 street"),
        (lambda rows: rows.iloc[:0], [[]], "没有任何序列"),
        (lambda rows: rows, [["street"], ["street"]], "同一层级写了两次：street"),
        (lambda rows: rows.assign(street=[None, "n", "s"]), [["street"]], "列 street 有空格"),
        (lambda rows: rows.assign(unique_id=["e1", "e1", "e3"]), [[]], "unique_id 重复：e1"),
        (lambda rows: rows.assign(unique_id=["合计", "e1", "e3"]), [[]], "节点重名：合计"),
    ],
)
def test_an_impossible_frame_is_told(attributes, change, levels, said):
    with pytest.raises(ReconciliationError, match=said):
        Hierarchy.from_frame(change(attributes), levels)


def test_histories_are_added_up(attributes):
    made = Hierarchy.from_frame(attributes, [[], ["street"]])
    panel = pd.DataFrame(
        {"unique_id": ["e1", "e2", "e3", "e1"], "ds": [2019, 2019, 2019, 2020], "y": [1.0, 2.0, 4.0, 8.0]}
    )
    table = made.aggregate(panel).set_index(["unique_id", "ds"])["y"]
    assert table["合计"].to_dict() == {2019: 7.0, 2020: 8.0}
    # Nobody in s is known in 2020: no row, not 0.
    assert table["street=s"].to_dict() == {2019: 4.0}
    with pytest.raises(ReconciliationError, match="不是最下层的节点：e9"):
        made.aggregate(panel.replace("e3", "e9"))
