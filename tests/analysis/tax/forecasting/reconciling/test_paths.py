from __future__ import annotations

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting.reconciling import (
    METHODS,
    Hierarchy,
    ReconciliationError,
    paths,
    reconcile,
    reconcile_paths,
)

TREE = {"all": ["a", "b"]}


@pytest.mark.parametrize("method", list(METHODS))
def test_every_draw_adds_up(grouped, residuals_of, method, monkeypatch):
    rng = np.random.default_rng(7)
    made = grouped(rng, 30)
    # A small chunk, so that several are joined.
    monkeypatch.setattr(paths, "_CHUNK", 5 * len(made.nodes) * 4)
    drawn = rng.lognormal(10, 2, (23, len(made.nodes), 4))
    residuals = residuals_of(made.nodes, rng.normal(size=(len(made.nodes), 12)))
    result = reconcile_paths(drawn, made, method, residuals=residuals)
    assert result.shape == drawn.shape
    added = np.stack([made.sums(each[-30:]) for each in result])
    assert np.allclose(result, added, rtol=1e-6, atol=0)


def test_a_draw_is_reconciled_like_a_forecast(grouped, frame_of):
    rng = np.random.default_rng(8)
    made = grouped(rng, 12)
    drawn = rng.normal(100, 20, (3, len(made.nodes), 2))
    result = reconcile_paths(drawn, made, "wls_struct")
    for one, given in zip(result, drawn, strict=True):
        table = reconcile(frame_of(made.nodes, given), made, "wls_struct")
        expected = table.pivot(index="unique_id", columns="ds", values="mean").reindex(made.nodes).to_numpy()
        assert np.allclose(one, expected, rtol=1e-9)


def test_bottom_up_takes_the_bottom_alone():
    drawn = np.array([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])
    result = reconcile_paths(drawn, TREE, "bottom_up")
    assert result[:, 0].tolist() == [[4.0, 6.0], [12.0, 14.0]]
    assert np.array_equal(result[:, 1:], drawn)


def test_no_draw_falls_below_zero_when_asked():
    result = reconcile_paths(np.array([[[3.0], [5.0], [-2.0]]]), TREE, "ols", nonnegative=True)
    assert result.ravel().tolist() == [5.0, 5.0, 0.0]


@pytest.mark.parametrize(
    ("drawn", "method", "said"),
    [
        (np.ones((2, 2, 1)), "ols", "应为（抽样次数，3 个节点，期数）"),
        (np.ones((2, 4, 1)), "bottom_up", "3 或 2 个节点"),
        (np.ones((2, 3)), "ols", r"形状是 \(2, 3\)"),
        (np.full((2, 3, 1), np.nan), "ols", "空值"),
    ],
)
def test_paths_that_do_not_fit_are_told(drawn, method, said):
    with pytest.raises(ReconciliationError, match=said):
        reconcile_paths(drawn, Hierarchy.from_children(TREE), method)
