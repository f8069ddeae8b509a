"""Prices, present values, payback and break-even, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios.answers.returns import (
    break_even_rate,
    payback,
    present_value,
    price_per_yuan,
)


def test_the_price_is_the_ratio_of_means_not_the_mean_of_ratios():
    # (4 + 4) ÷ (1 + 4) = 1.6; the mean of 4 and 1 would be 2.5.
    price = price_per_yuan(np.array([4.0, 4.0]), np.array([1.0, 4.0]))
    assert price.value == pytest.approx(1.6)
    assert (price.low, price.high) == (1.0, 4.0)


def test_without_additional_tax_there_is_no_price():
    price = price_per_yuan(np.array([4.0, 4.0]), np.array([-1.0, 1.0]))
    assert np.isnan([price.value, price.low, price.high]).all()


def test_unknown_tax_has_no_price():
    assert np.isnan(price_per_yuan(np.ones(3), np.full(3, np.nan)).value)


def test_draws_without_additional_tax_leave_the_upper_end_open():
    # Two of ten draws bring nothing: the 90 % point of the price lies among them.
    local = np.array([2.0] * 8 + [0.0, -1.0])
    price = price_per_yuan(np.ones(10), local)
    assert price.high == np.inf
    assert price.low == 0.5
    # One of twenty: the 90 % point is finite.
    assert price_per_yuan(np.ones(20), np.array([2.0] * 19 + [-1.0])).high == 0.5


def test_present_value_counts_from_the_base_year():
    # 103 ÷ 1.03 + 106.09 ÷ 1.03² = 100 + 100
    flows = np.array([[103.0, 106.09], [0.0, 106.09]])
    assert present_value(flows, (2021, 2022), 2020, 0.03) == pytest.approx([200.0, 100.0])


def test_payback_is_the_first_year_from_which_the_money_stays_back():
    years = (2021, 2022, 2023)
    assert payback(np.array([10.0, 0, 0]), np.array([4.0, 6, 1]), years).year == 2022
    # Back after the first year, but spent again in the second.
    assert payback(np.array([1.0, 9, 0]), np.array([2.0, 2, 6]), years).year == 2023


def test_money_that_is_spent_late_is_not_back_before_it_is_spent():
    assert payback(np.array([0.0, 5, 0]), np.array([0.0, 5, 0]), (2021, 2022, 2023)).year == 2022


def test_payback_beyond_the_horizon_extrapolates_nothing_but_names_a_reference():
    # Open at the end: 10 − 6 = 4; the last year brings in 4 − 2 = 2 a year: 2 years more.
    back = payback(np.array([8.0, 2.0]), np.array([2.0, 4.0]), (2021, 2022))
    assert (back.year, back.more_years) == (None, 2.0)
    never = payback(np.array([8.0, 4.0]), np.array([2.0, 4.0]), (2021, 2022))
    assert never.year is None
    assert np.isnan(never.more_years)


@pytest.mark.parametrize("cost,local", [([0.0, 0.0], [1.0, 1.0]), ([1.0, 0.0], [np.nan, np.nan])])
def test_nothing_spent_or_nothing_known_is_never_paid_back(cost, local):
    back = payback(np.array(cost), np.array(local), (2021, 2022))
    assert back.year is None
    assert np.isnan(back.more_years)


@given(st.floats(0.05, 1), st.floats(1, 1e9), st.floats(1, 1e9))
def test_at_the_break_even_the_present_value_is_nothing(rate, cost, local):
    needed = break_even_rate(rate, cost, local)
    # Exact but for rounding of two multiplications.
    assert needed / rate * local - cost == pytest.approx(0, abs=1e-9 * cost)


def test_there_is_no_break_even_where_nothing_is_additional():
    assert np.isnan(break_even_rate(0.0, 1.0, 1.0))
    assert np.isnan(break_even_rate(0.5, 1.0, -1.0))
