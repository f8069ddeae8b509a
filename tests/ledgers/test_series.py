"""Unit breaks in time."""

from __future__ import annotations

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from louyu_lab.ledgers.series import broken_years, jumps, shorter_side


def _series(values, name="甲"):
    return pd.DataFrame({"id": name, "year": range(2010, 2010 + len(values)), "value": values})


def test_a_thousandfold_jump_is_found_either_way():
    found = jumps(_series([1, 2, 20_000, 30_000, 3]), ["id"], "value")
    assert found[["year", "before_year", "before", "after"]].values.tolist() == [
        [2012, 2011, 2, 20_000],
        [2014, 2013, 30_000, 3],
    ]


def test_exactly_a_thousandfold_is_growth():
    assert jumps(_series([1, 1000]), ["id"], "value").empty
    assert len(jumps(_series([1, 1001]), ["id"], "value")) == 1


def test_gaps_zeros_and_refunds_are_no_observations():
    found = jumps(_series([5, 0, float("nan"), -3, 60_000]), ["id"], "value")
    assert found[["year", "before_year"]].values.tolist() == [[2014, 2010]]


def test_series_do_not_run_into_each_other():
    frame = pd.concat([_series([1, 2], "甲"), _series([90_000, 95_000], "乙")], ignore_index=True)
    assert jumps(frame, ["id"], "value").empty


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=12))
def test_values_within_a_thousandfold_never_jump(values):
    assert jumps(_series(values), ["id"], "value").empty


@given(st.lists(st.floats(1e-3, 1e9), min_size=2, max_size=10), st.randoms())
def test_the_order_of_rows_does_not_matter(values, random):
    frame = pd.concat([_series(values, "甲"), _series(values[::-1], "乙")], ignore_index=True)
    order = list(range(len(frame)))
    random.shuffle(order)
    straight, shuffled = jumps(frame, ["id"], "value"), jumps(frame.iloc[order], ["id"], "value")
    pd.testing.assert_frame_equal(straight.sort_index(), shuffled.sort_index())


@pytest.mark.parametrize(
    ("years", "breaks", "aside"),
    [
        ([2001, 2002, 2003, 2004], [2002], [True, False, False, False]),
        ([2001, 2002, 2003, 2004], [2003], [True, True, False, False]),  # a tie: the latest stands
        ([2001, 2002, 2003, 2004], [2004], [False, False, False, True]),
        ([2001, 2002, 2003, 2004, 2005], [2002, 2005], [True, False, False, False, True]),
    ],
)
def test_the_longest_unbroken_stretch_stands(years, breaks, aside):
    assert shorter_side(pd.Series(years), breaks).tolist() == aside


def test_a_ledger_breaks_when_half_its_series_jump_together():
    rising = pd.concat([_series([1, 1, 10_000], name) for name in "甲乙"])
    steady = pd.concat([_series([1, 1, 1], name) for name in "丙丁"])
    assert broken_years(pd.concat([rising, steady], ignore_index=True), ["id"], "value") == [2012]
    more = pd.concat([rising, steady, _series([1, 1, 1], "戊")], ignore_index=True)
    assert broken_years(more, ["id"], "value") == []
    assert broken_years(_series([1, 10_000]), ["id"], "value") == []
