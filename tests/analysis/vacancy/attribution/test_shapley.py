"""Shapley values: by hand, against all orders of joining, and the properties that define them."""

from __future__ import annotations

from itertools import permutations
from math import factorial, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.special import expit

from louyu_lab.analysis.vacancy.attribution.shapley import mean_rates, shapley_values

SIZES = st.tuples(st.integers(1, 12), st.integers(1, 5))
GAMES = SIZES.flatmap(lambda size: arrays.arrays("float64", size, elements=st.floats(-4, 4)))


def even(rows: int) -> np.ndarray:
    return np.full(rows, 1 / rows)


def by_enumeration(base: float, own: np.ndarray, reference: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What each group adds, averaged over all orders, coalition worths added up reference row by row."""
    groups = range(own.shape[1])

    def worth(members: frozenset[int]) -> np.ndarray:
        inside, outside = sorted(members), sorted(set(groups) - members)
        mine, theirs = own[:, inside].sum(axis=1), reference[:, outside].sum(axis=1)
        return expit(base + mine[:, None] + theirs) @ weights

    total = np.zeros(own.shape)
    for order in permutations(groups):
        for at, group in enumerate(order):
            total[:, group] += worth(frozenset(order[: at + 1])) - worth(frozenset(order[:at]))
    return total / factorial(len(groups))


def test_two_groups_by_hand() -> None:
    # Odds 1, 3 and 9: rates ½, ¾ and 9/10. Each group adds ½[(¾ − ½) + (9/10 − ¾)] = 0.2.
    level, values = shapley_values(0.0, np.array([[log(3), log(3)]]), np.zeros((1, 2)), np.ones(1))
    assert level == pytest.approx(0.5)
    assert values.tolist() == [pytest.approx([0.2, 0.2])]


def test_every_order_of_joining_gives_the_same() -> None:
    rng = np.random.default_rng(1)
    own, reference = rng.normal(0, 1.0, (60, 4)), rng.normal(0.3, 0.8, (40, 4))
    weights = rng.dirichlet(np.ones(40))
    _, values = shapley_values(-1.5, own, reference, weights)
    # Interpolated at most 1e-10 a coalition; 60 rows are more than twice the nodes.
    assert values == pytest.approx(by_enumeration(-1.5, own, reference, weights), abs=1e-9)


@given(GAMES)
def test_what_the_groups_get_adds_up(own: np.ndarray) -> None:
    level, values = shapley_values(-1.0, own, own, even(len(own)))
    rates = expit(-1.0 + own.sum(axis=1))
    assert level == pytest.approx(rates.mean(), abs=1e-12)
    assert level + values.sum(axis=1) == pytest.approx(rates, abs=1e-12)


@given(GAMES, st.floats(-2, 2))
def test_a_group_that_never_varies_gets_nothing(own: np.ndarray, constant: float) -> None:
    held = np.full((len(own), 1), constant)
    _, values = shapley_values(
        -1.0 - constant, np.hstack([own, held]), np.hstack([own, held]), even(len(own))
    )
    assert (values[:, -1] == 0).all()
    # Nor does it change what the others get; constant and base cancel up to rounding.
    assert values[:, :-1] == pytest.approx(shapley_values(-1.0, own, own, even(len(own)))[1], abs=1e-12)


@given(GAMES)
def test_groups_that_do_the_same_get_the_same(own: np.ndarray) -> None:
    twice = np.hstack([own, own[:, :1]])
    _, values = shapley_values(-1.0, twice, twice, even(len(own)))
    assert values[:, 0] == pytest.approx(values[:, -1], abs=1e-12)


@given(GAMES, st.randoms(use_true_random=False))
def test_order_of_rows_and_groups_does_not_matter(own: np.ndarray, chance: object) -> None:
    rows, groups = list(range(own.shape[0])), list(range(own.shape[1]))
    chance.shuffle(rows)
    chance.shuffle(groups)
    weights = np.arange(1.0, len(own) + 1) / np.arange(1.0, len(own) + 1).sum()
    _, straight = shapley_values(0.4, own, own, weights)
    turned = own[rows][:, groups]
    _, values = shapley_values(0.4, turned, turned, weights[rows])
    assert values == pytest.approx(straight[rows][:, groups], abs=1e-12)


def test_small_parts_are_those_of_a_linear_model() -> None:
    # Slope of expit at −1 times the distance from the mean; the next term is of order 1e-8.
    rng = np.random.default_rng(2)
    own = rng.normal(0, 1e-4, (30, 3))
    _, values = shapley_values(-1.0, own, own, even(30))
    slope = expit(-1.0) * (1 - expit(-1.0))
    assert values == pytest.approx(slope * (own - own.mean(axis=0)), abs=5e-8)


@pytest.mark.parametrize("reach", [0.1, 1.0, 4.0, 15.0])
def test_interpolation_keeps_its_promise(reach: float) -> None:
    rng = np.random.default_rng(3)
    points, background = rng.uniform(-reach, reach, (3, 900)), rng.normal(-1.5, reach / 2, (3, 50))
    weights = rng.dirichlet(np.ones(50))
    exact = np.einsum("knm,m->kn", expit(points[:, :, None] + background[:, None, :]), weights)
    for tolerance in (1e-4, 1e-6, 1e-10):
        # The tolerance is of the interpolation; rounding adds a few units of 1e-15.
        assert np.abs(mean_rates(points, background, weights, tolerance) - exact).max() < tolerance + 1e-13


def test_rates_at_the_ends_stay_finite() -> None:
    # A separated model: linear predictors of hundreds.
    own = np.array([[900.0, -900.0], [-900.0, 400.0], [0.0, 0.0]])
    level, values = shapley_values(0.0, own, own, even(3))
    assert level + values.sum(axis=1) == pytest.approx(expit(own.sum(axis=1)), abs=1e-12)
