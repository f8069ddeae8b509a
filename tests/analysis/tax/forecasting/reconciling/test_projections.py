from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.tax.forecasting.reconciling import METHODS, Hierarchy
from louyu_lab.analysis.tax.forecasting.reconciling.covariance import shrinkage_of
from louyu_lab.analysis.tax.forecasting.reconciling.methods import projection

POINTS = 16


def dense(method: str, hierarchy: Hierarchy, errors: np.ndarray) -> np.ndarray:
    """The covariance of each method as a full matrix."""
    second = errors @ errors.T / errors.shape[1]
    own = np.diag(np.diag(second))
    shrinkage = shrinkage_of(errors)
    return {
        "ols": np.eye(len(errors)),
        "wls_struct": np.diag(hierarchy.summing.toarray().sum(axis=1)),
        "wls_var": own,
        "mint_shrink": shrinkage * own + (1 - shrinkage) * second,
    }[method]


def test_ols_of_the_smallest_tree_by_hand():
    # total 10, members 4 and 3: the gap of 3 is shared by three equally sure numbers, +1 +1 −1 (FPP3 §11.3:
    # for S = [1 1; 1 0; 0 1], S(S′S)⁻¹S′ = ⅓ [2 1 1; 1 2 −1; 1 −1 2], so (27, 15, 12) ÷ 3).
    made = Hierarchy.from_children({"all": ["a", "b"]})
    bottom = projection(made, "ols").bottom(np.array([[10.0], [4.0], [3.0]]))
    assert bottom.ravel() == pytest.approx([5.0, 4.0])


def test_wls_struct_of_the_smallest_tree_by_hand():
    # Variances 2, 1, 1: the gap of 3 falls 2 : 1 : 1 of 4 on total and members: +0.75 each, total −1.5.
    made = Hierarchy.from_children({"all": ["a", "b"]})
    assert projection(made, "wls_struct").bottom(np.array([[10.0], [4.0], [3.0]])).ravel() == pytest.approx(
        [4.75, 3.75]
    )


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 25), seed=st.integers(0, 10_000))
@pytest.mark.parametrize("method", [name for name in METHODS if name != "bottom_up"])
def test_the_sparse_projection_is_the_textbook_one(grouped, textbook, residuals_of, method, count, seed):
    rng = np.random.default_rng(seed)
    made = grouped(rng, count)
    errors = rng.normal(size=(len(made.nodes), POINTS)) * rng.lognormal(0, 1, (len(made.nodes), 1))
    base = rng.normal(100, 30, (len(made.nodes), 3))
    found = made.sums(projection(made, method, residuals_of(made.nodes, errors)).bottom(base))
    # Dense inverses of matrices with condition up to 1e6 lose as many digits.
    assert np.allclose(found, textbook(made, dense(method, made, errors), base), rtol=1e-7, atol=1e-6)


@settings(max_examples=15, deadline=None)
@given(count=st.integers(1, 25), seed=st.integers(0, 10_000))
@pytest.mark.parametrize("method", list(METHODS))
def test_it_is_a_projection(grouped, residuals_of, method, count, seed):
    rng = np.random.default_rng(seed)
    made = grouped(rng, count)
    # Variances over eight orders of magnitude, as between a small firm and a district.
    errors = rng.normal(size=(len(made.nodes), POINTS)) * rng.lognormal(0, 4, (len(made.nodes), 1))
    own = projection(made, method, residuals_of(made.nodes, errors))
    base = rng.normal(100, 30, (len(made.nodes), 3))
    once = made.sums(own.bottom(base))
    # Doubles through one sparse solve with such variances.
    assert np.allclose(made.sums(own.bottom(once)), once, rtol=1e-6, atol=1e-6)
    # Coherent forecasts stay: SGS = S.
    coherent = made.sums(rng.normal(100, 30, (count, 3)))
    assert np.allclose(made.sums(own.bottom(coherent)), coherent, rtol=1e-6, atol=1e-6)


def test_a_node_known_exactly_decides():
    # The total never erred: its forecast stands and the members share the gap by their variances 1 : 4.
    made = Hierarchy.from_children({"all": ["a", "b"]})
    errors = np.vstack(
        [np.zeros(POINTS), np.resize([1.0, -1.0], POINTS), np.resize([2.0, 2.0, -2.0], POINTS)]
    )
    rows = [
        (name, at, value)
        for name, line in zip(made.nodes, errors, strict=True)
        for at, value in enumerate(line)
    ]
    residuals = pd.DataFrame(rows, columns=["unique_id", "ds", "residual"])
    bottom = projection(made, "wls_var", residuals).bottom(np.array([[12.0], [4.0], [3.0]]))
    # The floor of the total's variance is 1e-12 of the largest.
    assert bottom.ravel() == pytest.approx([5.0, 7.0], rel=1e-9)


def test_errors_that_come_together_move_together(residuals_of):
    # a and b err alike, c alone: a total above its members lifts a and b by more in mint than variances alone say.
    made = Hierarchy.from_children({"all": ["a", "b", "c"]})
    rng = np.random.default_rng(3)
    shared, own = rng.normal(size=200), rng.normal(size=200)
    small = 0.1 * rng.normal(size=(3, 200))
    bottom = np.vstack([shared, shared, own]) + small
    residuals = residuals_of(made.nodes, np.vstack([0.1 * rng.normal(size=200), bottom]))
    base = np.array([[13.0], [3.0], [3.0], [4.0]])
    moved = {
        name: projection(made, name, residuals).bottom(base).ravel() - base[1:, 0]
        for name in ("wls_var", "mint_shrink")
    }
    assert moved["wls_var"] == pytest.approx([1.0, 1.0, 1.0], rel=0.2)
    # Covariance of a with the sum is 2, of c with it 1: of 3, 2·3⁄5 and 3⁄5; 200 points leave some noise.
    assert moved["mint_shrink"] == pytest.approx([1.2, 1.2, 0.6], rel=0.15)


def test_twenty_thousand_series_stay_sparse():
    rng = np.random.default_rng(1)
    building = rng.integers(0, 1000, 20_000)
    frame = pd.DataFrame(
        {"unique_id": np.arange(20_000).astype(str), "building": building, "street": building % 20}
    )
    made = Hierarchy.from_frame(frame, [[], ["street"], ["building"]])
    with warnings.catch_warnings():
        # A structure turned dense would warn of inefficiency or run out of memory here.
        warnings.simplefilter("error")
        own = projection(made, "wls_struct")
        base = rng.lognormal(3, 1, (len(made.nodes), 2))
        bottom = own.bottom(base)
    assert own._sparse_part.nnz < 10 * len(made.nodes)
    assert bottom.shape == (20_000, 2)
