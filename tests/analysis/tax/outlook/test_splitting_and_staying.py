"""Splitting a sum draw by draw, who stays and who comes, and how far industries stray."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from louyu_lab.analysis.tax.outlook.industries import USUAL_STRETCH, split_errors, stretch
from louyu_lab.analysis.tax.outlook.splitting import coupled, prorated, stretched
from louyu_lab.analysis.tax.outlook.staying import entrant_mix, newcomers, still_paying
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


def test_a_stretch_keeps_every_sum_and_nearly_the_means():
    rng = np.random.default_rng(3)
    parts = np.exp(0.3 * rng.standard_normal((400, 3, 2))) * [[[5.0], [2.0], [1.0]]]
    usual = np.broadcast_to(parts.mean(axis=0), parts.shape)
    made = stretched(parts, usual, np.array([2.0, 0.5]))
    assert np.allclose(made.sum(axis=1), parts.sum(axis=1), rtol=1e-12)
    # Five rounds of raking; a draw of mean 1 with deviation 0.6 is then off by less than 1 %.
    assert made.mean(axis=0) == pytest.approx(parts.mean(axis=0), rel=0.01)
    spread = [np.log(of[:, 2] / of[:, 1]).std(axis=0) for of in (parts, made)]
    # Raking multiplies parts and draws only: the log ratio of two parts is stretched as it stands.
    assert spread[1] / spread[0] == pytest.approx([2.0, 0.5])


def test_a_part_with_refunds_is_not_stretched():
    parts = np.array([[2.0, -1.0], [3.0, 1.0]])[:, :, None]
    made = stretched(parts, np.ones_like(parts), np.array([1.0]))
    assert made.sum(axis=1).ravel().tolist() == pytest.approx([1.0, 4.0])
    assert stretched(-np.ones((2, 1, 1)), np.ones((2, 1, 1)), np.array([2.0])).ravel().tolist() == [-1, -1]


def test_split_errors_by_hand():
    # Two buildings, two industries. Shares of the first year 1/2 and 1/4 in buildings of 4 and 8 the year after:
    # 2 + 2 = 4 awaited of the first, 8 of the second; 3 + 3 = 6 and 6 came.
    tax = np.array([[[1.0, 3.0], [1.0, 1.0]], [[1.0, 3.0], [3.0, 5.0]]])
    assert split_errors(tax, 1) == pytest.approx(np.log([6 / 4, 6 / 8]))
    assert not len(split_errors(tax, 2))
    # A building not known in one of the years tells nothing.
    tax[1, :, 1] = np.nan
    assert split_errors(tax, 1) == pytest.approx(np.log([3 / 2, 1 / 2]))


def test_small_industries_do_not_tell_of_the_split():
    tax = np.array([[[1000.0, 1000.0], [9.0, 90.0]]])
    # 0.9 % of the tax: left out; the other is awaited at 1090 · 1000/1009.
    assert split_errors(tax, 1) == pytest.approx([np.log(1000 / (1090 * 1000 / 1009))])


def test_the_stretch_is_the_usual_one_without_a_past():
    assert stretch(np.ones((3, 2, 1)), np.array([0.01, 0.02])) == pytest.approx([USUAL_STRETCH] * 2)


@pytest.mark.parametrize(("sd", "low", "high"), [(0.4, 1.6, 3.0), (0.0, 0.5, 0.7)])
def test_a_past_of_industries_that_sway_widens_and_a_calm_one_narrows(sd, low, high):
    rng = np.random.default_rng(4)
    # One building, six industries that sway by sd a year: some 36 errors against a worth of 20.
    tax = 1e6 * np.exp(np.cumsum(sd * rng.standard_normal((1, 6, 7)), axis=2))
    assert low <= stretch(tax, np.array([0.02]))[0] <= high


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


DRAWS = 20


def shares(model: SimpleNamespace | None, nodes: pd.DataFrame, horizon: int) -> np.ndarray:
    return still_paying(model, nodes, horizon, DRAWS, np.random.default_rng(0))


def test_who_stays_in_a_draw_by_hand(model, nodes):
    share = shares(model, nodes, 2)
    # e1 leaves with 1/10 a year: of 20 draws, strata by strata, 2 in the first, 1.8 in the second year.
    assert np.sort(share[:, 0, 0]).tolist() == [0.5] * 2 + [1.0] * 18
    assert (share[share[:, 0, 0] == 0.5, 0, 1] == 0).all()
    assert (share[:, 0, 1] == 0.5).sum() in (1, 2)
    # e2 had left: what comes in late, then nothing.
    assert (share[:, 1] == [0.1, 0.0]).all()
    # The rest: (0.2 · 3 + 0.4 · 1) ÷ 4 = 0.25 a year, half a year of leavers: 0.75 + 0.125, 0.5625 + 0.09375.
    assert share[:, 2] == pytest.approx(np.tile([0.875, 0.65625], (DRAWS, 1)))
    # Nobody knows of the tenants of a building that is whole.
    assert (share[:, 3] == 1).all()


def test_moving_on_is_leaving_too(model, nodes):
    model.leaving.move_rate = 0.5
    # Stays with 0.9 · 0.5 = 9 of 20.
    assert (shares(model, nodes, 1)[:, 0] == 1).sum() == 9


def test_without_a_model_everybody_stays(nodes):
    assert (shares(None, nodes, 3) == 1).all()


NAMES = np.array(["商贸", "教育", "金融"])


def test_the_mix_of_entrants_by_hand():
    units = SimpleNamespace(
        years=np.arange(2016, 2021), sector=np.array(["金融", "商贸", "金融", "教育", "商贸"]),
        # Came in 2018, in 2020, before the ledgers began, in 2017 (too long ago), never paid.
        first_paid=np.array([2, 4, 0, 1, 5]), tax_yuan=np.array([[3.0], [1.0], [9.0], [9.0], [0.0]]),
    )  # fmt: skip
    assert entrant_mix(SimpleNamespace(units=units), NAMES).tolist() == [0.25, 0.0, 0.75]
    assert not entrant_mix(None, NAMES).any()


@pytest.fixture
def coming() -> SimpleNamespace:
    """A building A with 40 even newcomers a year that pay 3 or 5 by draw."""
    drawn = np.zeros((len(PARTS), 2, 1, 1))
    drawn[PARTS.index(ENTERED), :, 0, 0] = [3.0, 5.0]
    entering = SimpleNamespace(rate=np.array([40.0]), courses=np.ones((4, 1)))
    paths = SimpleNamespace(building_id=np.array(["A"]), years=np.array([2021]))
    return SimpleNamespace(paths=paths, draws=drawn, model=SimpleNamespace(entering=entering))


def test_newcomers_are_of_the_industries_that_came(coming):
    mix, now = np.array([0.25, 0.0, 0.75]), np.array([8.0, 0.0, 0.0])
    made = newcomers(coming, "A", mix, now, 400, np.random.default_rng(1))
    assert np.allclose(made.sum(axis=1)[:, 0], np.tile([3.0, 5.0], 200))
    # Halfway between 1/4, 0, 3/4 and 1, 0, 0; Dirichlet of 40: deviation of a mean share 0.08 ÷ √400.
    assert made.mean(axis=0).ravel() / 4 == pytest.approx([0.625, 0.0, 0.375], abs=0.02)
    few = coming.model.entering.rate / 40
    coming.model.entering.rate = few
    wider = newcomers(coming, "A", mix, now, 400, np.random.default_rng(1))
    assert wider[:, 0].std() > 2 * made[:, 0].std()


def test_an_industry_of_no_rest_gains_newcomers_too(coming):
    made = newcomers(coming, "A", np.array([0.0, 0.0, 1.0]), np.zeros(3), 4, np.random.default_rng(1))
    assert made[:, 2].ravel().tolist() == pytest.approx([3.0, 5.0, 3.0, 5.0])


def test_nobody_comes_to_a_building_the_model_does_not_know(coming):
    rng = np.random.default_rng(1)
    assert not newcomers(coming, "B", np.ones(3), np.ones(3), 4, rng).any()
    assert not newcomers(coming, "A", np.zeros(3), np.zeros(3), 4, rng).any()
    coming.model = None
    assert not newcomers(coming, "A", np.ones(3), np.ones(3), 4, rng).any()
