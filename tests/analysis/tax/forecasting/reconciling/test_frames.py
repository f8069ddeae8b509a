from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from louyu_lab.analysis.tax.forecasting.reconciling import (
    METHODS,
    Hierarchy,
    ReconciliationError,
    ReconciliationWarning,
    reconcile,
    reconcile_paths,
)

TREE = {"all": ["a", "b"]}


def wide(table: pd.DataFrame, column: str = "mean") -> pd.DataFrame:
    return table.pivot(index="unique_id", columns="ds", values=column)


@pytest.mark.parametrize("method", list(METHODS))
def test_every_method_adds_up(grouped, frame_of, residuals_of, method):
    rng = np.random.default_rng(2)
    made = grouped(rng, 40)
    # Sizes over six orders of magnitude, some refunds.
    base = made.sums(rng.normal(0, 1, (40, 3)) + rng.lognormal(8, 3, (40, 3)))
    base = base * rng.lognormal(0, 0.2, base.shape)
    residuals = residuals_of(made.nodes, rng.normal(size=(len(made.nodes), 12)) * np.abs(base[:, :1]))
    table = (
        wide(reconcile(frame_of(made.nodes, base), made, method, residuals=residuals))
        .reindex(made.nodes)
        .to_numpy()
    )
    added = made.sums(table[-len(made.bottom) :])
    assert np.allclose(table, added, rtol=1e-6, atol=0)


def test_intervals_keep_their_width_and_move_with_the_mean(frame_of):
    made = Hierarchy.from_children(TREE)
    table = reconcile(frame_of(made.nodes, [10.0, 4.0, 3.0]), TREE, "ols")
    # By hand in test_projections: 9, 5, 4.
    assert table["mean"].tolist() == pytest.approx([5.0, 9.0, 4.0])
    assert (table["mean"] - table["median"]).tolist() == pytest.approx([1.0] * 3)
    assert (table["hi-95"] - table["lo-95"]).tolist() == pytest.approx([40.0] * 3)
    assert (table["hi-80"] - table["mean"]).tolist() == pytest.approx([10.0] * 3)


def test_rows_and_other_columns_stay_as_they_came(frame_of):
    made = Hierarchy.from_children(TREE)
    given = frame_of(made.nodes, np.arange(6.0).reshape(3, 2)).sample(frac=1, random_state=1)
    before = given.copy()
    table = reconcile(given, made, "wls_struct")
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(table[["unique_id", "ds", "method"]], before[["unique_id", "ds", "method"]])
    assert list(table.columns) == list(before.columns)


def test_bottom_up_needs_the_bottom_alone(frame_of):
    table = reconcile(frame_of(np.array(["a", "b"]), [[4.0, 5.0], [3.0, 6.0]]), TREE, "bottom_up")
    assert wide(table).loc["all"].tolist() == [7.0, 11.0]
    total = table[table["unique_id"] == "all"].iloc[0]
    # Independent errors: √(10² + 10²) on either side, √(1 + 1) for the median.
    assert total["hi-80"] == pytest.approx(7 + 200**0.5)
    assert total["lo-95"] == pytest.approx(7 - 800**0.5)
    assert total["median"] == pytest.approx(7 - 2**0.5)
    assert total["method"] == "由下级相加"
    assert table["unique_id"].tolist() == ["a", "a", "all", "all", "b", "b"]


def test_bottom_up_on_all_nodes_keeps_the_widths_of_the_aggregates(frame_of):
    made = Hierarchy.from_children(TREE)
    table = reconcile(frame_of(made.nodes, [10.0, 4.0, 3.0]), made, "bottom_up").set_index("unique_id")
    assert table.loc["all", ["mean", "lo-80", "hi-80"]].tolist() == [7.0, -3.0, 17.0]


def test_dates_may_be_dates(frame_of):
    made = Hierarchy.from_children(TREE)
    given = frame_of(made.nodes, [[10.0, 1.0], [4.0, 1.0], [3.0, 1.0]])
    dated = given.assign(ds=pd.to_datetime(given["ds"].astype(str)))
    assert reconcile(dated, made, "ols")["mean"].tolist() == reconcile(given, made, "ols")["mean"].tolist()


def test_refunds_stay_negative_unless_asked(frame_of):
    made = Hierarchy.from_children(TREE)
    given = frame_of(made.nodes, [3.0, 5.0, -2.0])
    assert reconcile(given, made, "ols").set_index("unique_id").loc["b", "mean"] == -2.0
    mended = reconcile(given, made, "ols", nonnegative=True).set_index("unique_id")
    assert mended["mean"].to_dict() == {"a": 5.0, "all": 5.0, "b": 0.0}
    assert (mended[["median", "lo-80", "lo-95"]] >= 0).all(axis=None)


@pytest.mark.parametrize("spelt", ["MinT-shrink", "mint shrink", "MINT_SHRINK"])
def test_names_are_read_kindly(frame_of, residuals_of, spelt):
    made = Hierarchy.from_children(TREE)
    residuals = residuals_of(made.nodes, np.random.default_rng(1).normal(size=(3, 12)))
    given = frame_of(made.nodes, [10.0, 4.0, 3.0])
    one, other = (reconcile(given, made, name, residuals=residuals) for name in (spelt, "mint_shrink"))
    pd.testing.assert_frame_equal(one, other)


def test_an_unknown_method_names_the_nearest(frame_of):
    given = frame_of(np.array(["all", "a", "b"]), [10.0, 4.0, 3.0])
    with pytest.raises(
        ReconciliationError, match="没有 wls_structure，是不是 wls_struct？可用的有 bottom_up、ols"
    ):
        reconcile(given, TREE, "wls_structure")


@pytest.mark.parametrize(
    ("method", "points", "said"),
    [
        ("mint_shrink", None, "没有历史误差，mint_shrink 改用 wls_struct"),
        ("mint_shrink", 9, "只有 9 期，不足 10 期，mint_shrink 改用 wls_struct"),
        ("wls_var", 1, "all、a、b 的历史误差不足 2 期，wls_var 改用 wls_struct"),
    ],
)
def test_short_errors_step_down_and_say_so(frame_of, residuals_of, method, points, said):
    made = Hierarchy.from_children(TREE)
    given = frame_of(made.nodes, [10.0, 4.0, 3.0])
    residuals = None if points is None else residuals_of(made.nodes, np.ones((3, points)))
    with pytest.warns(ReconciliationWarning, match=said):
        table = reconcile(given, made, method, residuals=residuals)
    pd.testing.assert_frame_equal(table, reconcile(given, made, "wls_struct"))


def test_only_common_points_count(frame_of, residuals_of):
    # 12 points each, but only 9 at which all three are known.
    errors = np.random.default_rng(1).normal(size=(3, 12))
    errors[0, :3] = np.nan
    made = Hierarchy.from_children(TREE)
    with pytest.warns(ReconciliationWarning, match="只有 9 期"):
        reconcile(
            frame_of(made.nodes, [10.0, 4.0, 3.0]),
            made,
            "mint_shrink",
            residuals=residuals_of(made.nodes, errors),
        )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t[t["unique_id"] != "all"], "缺少节点 all；只有最下层的预测时请用 bottom_up"),
        (lambda t: t.replace("b", "z"), "缺少节点 b；层级里没有的节点 z"),
        (lambda t: t.drop(columns="mean"), "缺少列 mean"),
        (lambda t: t[1:], "a 的期数与其他节点不一致"),
        (lambda t: pd.concat([t, t[:1]]), "a 的期数与其他节点不一致或有重复行"),
        (lambda t: t.assign(mean=t["mean"].where(t["unique_id"] != "b")), "b 的 mean 为空"),
    ],
)
def test_forecasts_that_do_not_fit_are_told(frame_of, change, said):
    made = Hierarchy.from_children(TREE)
    given = frame_of(made.nodes, np.ones((3, 2)))
    with pytest.raises(ReconciliationError, match=said):
        reconcile(change(given), made, "ols")


def test_residuals_that_do_not_fit_are_told(frame_of, residuals_of):
    made = Hierarchy.from_children(TREE)
    given = frame_of(made.nodes, [10.0, 4.0, 3.0])
    with pytest.raises(ReconciliationError, match="历史误差有误：层级里没有的节点：z"):
        reconcile(given, made, "wls_var", residuals=residuals_of(np.array(["z"]), np.ones((1, 3))))


def test_series_may_be_numbered(frame_of):
    made = Hierarchy.from_frame(pd.DataFrame({"unique_id": [1, 2]}), [[]])
    given = frame_of(np.array([1, 2]), [[4.0], [3.0]])
    assert (
        reconcile(given.astype({"unique_id": "int64"}), made, "bottom_up")
        .set_index("unique_id")
        .loc["合计", "mean"]
        == 7
    )


def test_bottom_alone_with_dates(frame_of):
    given = frame_of(np.array(["a", "b"]), [[4.0], [3.0]])
    dated = given.assign(ds=pd.Timestamp("2021-01-01"))
    table = reconcile(dated, TREE, "bottom_up")
    assert table["ds"].dtype == dated["ds"].dtype
    assert table["mean"].tolist() == [4.0, 7.0, 3.0]


@pytest.mark.parametrize("method", ["bottom_up", "ols", "wls_struct"])
def test_nothing_to_reconcile_gives_nothing(frame_of, method):
    none = np.array([], dtype="str")
    made = Hierarchy(none, none, sparse.csr_array((0, 0)), none)
    given = frame_of(np.array(["a"]), [[1.0]])[:0]
    assert len(reconcile(given, made, method)) == 0
    assert reconcile_paths(np.zeros((5, 0, 2)), made, method).shape == (5, 0, 2)
