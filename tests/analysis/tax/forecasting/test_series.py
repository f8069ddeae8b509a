"""Series made ready: gaps, spikes, lengths and sizes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.tax.forecasting.series import MOST_VALUES, ready

NAN = np.nan


def only(values: list[float]):
    (part,) = ready(np.array([values], dtype="float64"))
    return part


def test_series_come_by_length_the_shortest_first():
    parts = ready(
        np.array([[1.0, 2, 3], [NAN, NAN, 4], [NAN, 5, 6], [NAN, 7, 8], [NAN, NAN, NAN], [0, 0, 0]])
    )
    assert [part.rows.tolist() for part in parts] == [[1], [2, 3], [0]]
    assert [part.y.tolist() for part in parts] == [[[4.0]], [[5, 6], [7, 8]], [[1, 2, 3]]]


def test_gaps_are_bridged_on_square_roots_and_what_is_missing_at_the_end_is_a_lag():
    # √1 = 1 and √9 = 3: the middle is 2² = 4.
    part = only([1, NAN, 9, NAN])
    assert part.y == pytest.approx(np.array([[1, 4, 9]]))
    assert part.lag == 1


def test_a_gap_across_zero_keeps_its_sign():
    # Signed roots −3 and 1: thirds −5/3 and −1/3.
    assert only([-9, NAN, NAN, 1]).y == pytest.approx(np.array([[-9, -25 / 9, -1 / 9, 1]]))


def test_a_spike_inside_is_set_aside_and_one_at_the_end_is_not():
    # Scale of roots 2√(y/usual): the neighbours' middle is theirs.
    assert only([100, 101, 100, 10_000, 100, 101, 102]).y[0, 3] == pytest.approx(100)
    assert only([100, 101, 100, 101, 100, 101, 10_000]).y[0, -1] == 10_000
    # The first of all has nothing before it to return to: the level shifts after it.
    assert only([10_000, 101, 100, 101, 100, 101, 102]).y[0].tolist() == [101, 100, 101, 100, 101, 102]


SHIFTS = [
    # (values, how many last ones count). On roots of value ÷ usual from 2 to 4, and from 2 to 2√0.2 = 0.89; a step
    # of more than 1 and of 8 usual ones is a shift.
    ([100, 101, 100, 99, 100, 400, 405, 410], 3),
    ([400, 405, 398, 402, 400, 80, 81], 2),
    ([100] * 7 + [1], 1),
    ([1] * 7 + [100], 1),
    # Twice: the last one counts.
    ([1] * 5 + [30] * 5 + [900] * 5, 5),
    # A house that opens: nothing before it.
    ([0, 0, 0, 50, 52, 51, 53], 4),
]


@pytest.mark.parametrize(("values", "count"), SHIFTS)
def test_what_lies_before_the_last_shift_of_level_is_left_out(values, count):
    part = only(values)
    assert part.y[0].tolist() == values[-count:]
    assert part.lag == 0
    # A year without a value after it: the shift is found all the same.
    late = only([*values, NAN])
    assert (late.y[0].tolist(), late.lag) == (values[-count:], 1)


def test_the_size_after_a_shift_remembers_what_was():
    # The mean of all eight values is 701/8, a fifth of it 17.5; after a rise the last value is larger.
    assert only([100] * 7 + [1]).size == pytest.approx([0.2 * 701 / 8])
    assert only([1] * 7 + [100]).size == pytest.approx([100])


@pytest.mark.parametrize(
    "values",
    [
        [0, 0, 5, 30, 60, 80, 90, 95],  # let year by year
        [10, 20, 40, 60, 70, 75, 78, 80, 81, 81.5],  # fast, then slower and slower
        [1, 3, 9, 27, 81, 243, 729, 2187],  # steps on roots 3^½ apart: the last is 5.2 times the middle one
        [100, 101, 100, 101, 100, 101, 200, 201],  # 2√2 − 2 = 0.83 < 1
        [100, 101, 100, 5000, 5010],  # too few values to tell
    ],
)
def test_what_grows_is_no_shift(values):
    assert only(values).y[0].tolist() == values


def test_what_every_year_repeats_is_neither_spike_nor_shift():
    # A quarter with ninety times the others, which is next to last: annual data would be cut after it.
    values = np.array([[10.0, 11, 900, 12] * 5])
    (part,) = ready(values, 4)
    np.testing.assert_array_equal(part.y, values)
    shifted = np.array([[10.0, 11, 9, 12] * 3 + [900, 910, 905, 903]])
    np.testing.assert_array_equal(ready(shifted, 12)[0].y, shifted)
    assert ready(shifted, 1)[0].y.tolist() == [[900, 910, 905, 903]]


def test_what_is_no_spike_stays():
    kept = [
        [100, 101, 100, 200, 201, 202, 203],  # a level that lasts
        [100, 101, 100, 220, 100, 101, 102],  # 2√2.2 − 2√1 = 0.97 < 1
        [1, 100, 1, 100, 1, 100, 1],  # as wild as ever
        [100, 10_000, 100, 101, 102],  # too few values to tell
        [0, 0, 0, 5, 0, 0, 0],  # mostly nothing: no usual value
    ]
    for values in kept:
        assert only(values).y[0].tolist() == values


def test_size_is_the_last_value_but_not_much_below_the_mean():
    assert only([4, -6]).size.tolist() == [6]
    # mean |y| = 10, a fifth of it 2.
    assert only([19, 1]).size.tolist() == [2]
    assert only([0, 0, 0, 5, 0]).size == pytest.approx([0.2])
    assert only([4, -6]).ratio == pytest.approx(np.array([[2 / 3, -1]]))


def test_of_a_long_series_the_last_values_count():
    y = np.arange(1.0, MOST_VALUES + 21)[None]
    np.testing.assert_array_equal(ready(y)[0].y, y[:, -MOST_VALUES:])
    y[0, 20:] = 0
    assert ready(y) == []


@given(
    st.lists(
        st.lists(st.sampled_from([NAN, 0.0, -3.0, 1.0, 2.0, 1e9]), min_size=9, max_size=9),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=60)
def test_no_gap_no_zero_size_and_every_series_once(rows):
    y = np.array(rows)
    parts = ready(y)
    for part in parts:
        assert np.isfinite(part.ratio).all()
        assert (part.size > 0).all()
    found = np.concatenate([part.rows for part in parts] or [np.empty(0)])
    assert sorted(found) == np.flatnonzero((np.nan_to_num(y) != 0).any(axis=1)).tolist()
