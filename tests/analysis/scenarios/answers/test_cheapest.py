"""The cheapest feasible point on problems whose optimum is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios.answers.cheapest import Judged, Search


def solved(cost, effect) -> tuple[Search, np.ndarray | None]:
    def judge(x):
        return Judged(effect(x), effect(x), x @ np.array(cost, dtype=float))

    search = Search(len(cost), judge)
    return search, search.cheapest()


#: Costs, requirement, least cost worked out by hand.
KNOWN = {
    # Equal effects: the cheaper up to its bound, half of the other.
    "linear": ([1, 2], lambda x: x @ [1, 1] - 1.5, 2.0),
    # Per unit of effect 1, 0.5, 5: all of the second, half of the first.
    "three": ([1, 2, 5], lambda x: x @ [1, 4, 1] - 4.5, 2.5),
    # √a + √b = 1 at equal costs: a = b = 1/4.
    "falling returns": ([1, 1], lambda x: np.sqrt(x).sum() - 1, 0.5),
    # min a + 3b: √a = 3√b, so √a = 3/4: 9/16 + 3/16.
    "falling, unequal": ([1, 3], lambda x: np.sqrt(x).sum() - 1, 0.75),
    # a² + b² = 0.81: a corner, all by the cheaper.
    "rising returns": ([1, 1.1], lambda x: (x**2).sum() - 0.81, 0.9),
    # a·b = 1/4 at equal costs: a = b = 1/2; neither does anything alone.
    "together only": ([1, 1], lambda x: x[0] * x[1] - 0.25, 1.0),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_known_optimum_is_found(name):
    cost, effect, least = KNOWN[name]
    search, x = solved(cost, effect)
    # Efforts are found to 0.001 of their range each, and the flat bottom of smooth problems to 0.5 %.
    assert least - 1e-9 <= np.array(cost) @ x <= least * 1.005 + 0.001 * sum(cost)
    assert effect(x) >= 0
    assert len(search.seen) <= 200


def test_nothing_is_done_where_nothing_is_needed():
    search, x = solved([1, 1], lambda x: x.sum() + 0.1)
    assert not x.any()
    assert len(search.seen) == 1


def test_what_cannot_be_reached_is_not():
    search, x = solved([1, 1], lambda x: x.sum() - 2.1)
    assert x is None
    assert len(search.seen) == 2


#: Nothing, or an effect that is more than the rounding of the sum of all.
EFFECTS = st.one_of(st.just(0.0), st.floats(1e-3, 10))


@given(
    st.lists(st.tuples(st.floats(0.1, 10), EFFECTS), min_size=1, max_size=6),
    st.floats(0.05, 0.95),
)
@settings(max_examples=25, deadline=None)
def test_linear_problems_are_filled_cheapest_first(efforts, share):
    cost, effect = np.array(efforts).T
    needed = share * effect.sum()
    if effect.sum() < 0.1:
        return
    search, x = solved(cost, lambda x: x @ effect - needed)
    # The fractional knapsack: by cost per unit of effect, each up to its bound.
    left, least = needed, 0.0
    for i in np.argsort(cost / np.maximum(effect, 1e-12), kind="stable"):
        part = min(left / effect[i], 1.0) if effect[i] > 0 else 0.0
        least, left = least + part * cost[i], left - part * effect[i]
    assert x @ effect >= needed - 1e-9
    # Rounded up to 0.001 of every range at most.
    assert cost @ x <= least + 0.001 * cost.sum() + 1e-9
    assert len(search.seen) <= 200


def test_of_what_grows_dearer_only_the_cheap_part_is_bought():
    """One costs 2 a step, the other 1 at first and 7 at last."""
    search = Search(2, lambda x: Judged(x.sum() - 1, x.sum() - 1, 2 * x[0] + x[1] + 3 * x[1] ** 2))
    # a + b = 1: 2 = 1 + 6b, so b = 1/6: 5/3 + 1/6 + 3/36 = 23/12. All of the first would cost 2, of the other 4.
    # Rounded up to 0.001 of both ranges at 2, and the flat bottom to 0.5 %.
    assert search.at(search.cheapest()).cost <= 23 / 12 * 1.005 + 2 * 0.001 * 2


def test_what_is_used_up_costs_no_more():
    """Of the cheap one there is only half of what its range asks for: neither effect nor cost beyond."""

    def judge(x):
        cheap = min(x[0], 0.5)
        return Judged(cheap + x[1] - 0.8, cheap + x[1] - 0.8, cheap + 3 * x[1])

    search = Search(2, judge)
    # 0.5 of the cheap one, 0.3 of the other at 3; each to 0.001 of its range.
    assert search.at(search.cheapest()).cost == pytest.approx(0.5 + 3 * 0.3, abs=0.004)


def test_it_is_deterministic():
    cost, effect, _ = KNOWN["falling returns"]
    assert (solved(cost, effect)[1] == solved(cost, effect)[1]).all()
