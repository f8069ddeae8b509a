"""Splitting a sum draw by draw, quantiles of who may be gone, and the shares that stay."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from louyu_lab.analysis.tax.outlook.mixing import mixed_quantiles
from louyu_lab.analysis.tax.outlook.splitting import coupled, prorated
from louyu_lab.analysis.tax.outlook.staying import newcomers, still_paying
from louyu_lab.analysis.tax.tenants.simulation import ENTERED, PARTS


def one(*values: float) -> np.ndarray:
    """Parts of one draw and one year."""
    return np.array(values, dtype="float64").reshape(1, -1, 1)


@pytest.mark.parametrize(
    ("parts", "total", "split"),
    [
        ((1, 3), 8, (2, 6)),  # all times 2
        ((1, 3), -4, (-1, -3)),
        ((3, -1), 4, (4.5, -0.5)),  # 2 missing: 3/4 and 1/4 of it
        ((3, -3), 2, (4, -2)),  # a sum of nothing blows nothing up
        ((0, 0, 0), 6, (2, 2, 2)),
        ((1, 3), 0, (0, 0)),
    ],
)
def test_prorated_by_hand(parts, total, split):
    assert prorated(one(*parts), np.array([[total]])).ravel() == pytest.approx(split)


def test_a_draw_of_nothing_is_divided_as_usual():
    # Mean absolute values 1 and 3 over the two draws; in the second nobody pays.
    parts = np.array([[2.0, 6.0], [0.0, 0.0]])[:, :, None]
    assert prorated(parts, np.array([[8.0], [4.0]]))[1].ravel() == pytest.approx([1.0, 3.0])


values = st.floats(-1e9, 1e9, allow_subnormal=False)


@settings(max_examples=50, deadline=None)
@given(arrays("float64", (4, 3, 2), elements=values), arrays("float64", (4, 2), elements=values))
def test_parts_add_up_in_every_draw(parts, total):
    # Rounding is relative to the largest number met, some 1e9.
    assert np.allclose(prorated(parts, total).sum(axis=1), total, rtol=1e-9, atol=1e-5)


def test_low_draws_go_with_low_draws():
    parts = np.array([5.0, 1.0, 3.0])[:, None, None]
    total = np.array([10.0, 60.0, 20.0, 50.0, 30.0, 40.0])[:, None]
    assert coupled(parts, total).ravel().tolist() == [1.0, 5.0, 1.0, 5.0, 3.0, 3.0]


LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]


def test_quantiles_of_who_stays_are_the_draws_own():
    drawn = np.random.default_rng(0).normal(size=(500, 2, 3))
    whole = np.ones((2, 3))
    assert np.allclose(mixed_quantiles(drawn, whole, whole, LEVELS), np.quantile(drawn, LEVELS, axis=0))


@pytest.mark.parametrize("shift", [3.0, 0.0, -3.0])
def test_quantiles_of_who_may_be_gone_are_those_of_the_mixture(shift):
    paying = np.random.default_rng(1).normal(shift, 1.0, 20_000)
    # Stays with 3/5: two zeros to every three payers; a leaver's last half year lifts the share to 0.7.
    mixture = np.concatenate([paying, np.zeros(len(paying) * 2 // 3)])
    found = mixed_quantiles((paying * 0.7)[:, None, None], *np.array([[[0.7]], [[0.6]]]), LEVELS).ravel()
    # The step between neighbours of 20 000 draws is below 0.01 within the outer 2.5 %.
    assert found == pytest.approx(np.quantile(mixture, LEVELS), abs=0.01)


def test_who_is_gone_pays_nothing():
    assert not mixed_quantiles(np.full((9, 1, 1), 5.0), *np.zeros((2, 1, 1)), LEVELS).any()


@pytest.fixture
def model() -> SimpleNamespace:
    """Model of four payers in one building: two named, one of them gone, and two others."""
    units = SimpleNamespace(
        building_id=np.array(["A"]), home=np.zeros((4, 1), dtype="int64"),
        enterprise_id=np.array(["e1", "e2", "e3", "e4"]), tax_yuan=np.array([[8.0], [5.0], [3.0], [1.0]]),
        is_here=np.array([[True], [False], [True], [True]]),
    )  # fmt: skip
    rates = np.array([0.1, 0.1, 0.2, 0.4])
    return SimpleNamespace(
        units=units, leaving=SimpleNamespace(exit_rate=rates, move_rate=0.0, parted_mean=0.5, late_rate=0.1)
    )


@pytest.fixture
def nodes() -> pd.DataFrame:
    rows = [
        ("enterprise", "e1", "A"),
        ("enterprise", "e2", "A"),
        ("rest", "商贸", "A"),
        ("building", "B", "B"),
    ]
    return pd.DataFrame(rows, columns=["level", "id", "building_id"], dtype="str")


def test_shares_that_stay_by_hand(model, nodes):
    share, stays = still_paying(model, nodes, 2)
    # e1: 0.9 and 0.81 stay; half a year of those who leave: + 0.05 and + 0.045.
    assert stays[0] == pytest.approx([0.9, 0.81])
    assert share[0] == pytest.approx([0.95, 0.855])
    # e2 had left: what comes in late, then nothing.
    assert share[1].tolist() == [0.1, 0.0]
    assert stays[1].tolist() == [0.0, 0.0]
    # The rest: (0.2 · 3 + 0.4 · 1) ÷ 4 = 0.25 a year.
    assert stays[2] == pytest.approx([0.75, 0.5625])
    # Nobody knows of the tenants of a building that is whole.
    assert (share[3].tolist(), stays[3].tolist()) == ([1.0, 1.0], [1.0, 1.0])


def test_moving_on_is_leaving_too(model, nodes):
    model.leaving.move_rate = 0.5
    assert still_paying(model, nodes, 1)[1][0] == pytest.approx([0.45])


def test_without_a_model_everybody_stays(nodes):
    assert all((each == 1).all() for each in still_paying(None, nodes, 3))


def test_newcomers_join_the_rests():
    drawn = np.zeros((len(PARTS), 2, 1, 1))
    drawn[PARTS.index(ENTERED), :, 0, 0] = [3.0, 5.0]
    tenants = SimpleNamespace(paths=SimpleNamespace(building_id=np.array(["A"])), draws=drawn)
    own, is_rest = one(7.0, 1.0, 3.0), np.array([False, True, True])
    # Mean 4, divided 1 : 3.
    assert newcomers(own, is_rest, tenants, "A").ravel().tolist() == [7.0, 2.0, 6.0]
    assert newcomers(one(7.0, 0.0, 0.0), is_rest, tenants, "A").ravel().tolist() == [7.0, 2.0, 2.0]
    assert newcomers(own, is_rest, tenants, "B") is own
    assert newcomers(own, np.zeros(3, dtype=bool), tenants, "A") is own
