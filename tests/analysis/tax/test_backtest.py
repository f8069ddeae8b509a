"""The back-test: nothing of the future is seen, scores by hand, the better method wins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from louyu_lab.analysis.tax.backtest import ALL_SIZES, backtest_errors, chosen_method, tax_backtest
from louyu_lab.analysis.tax.methods import GROUP_GROWTH, LAST_VALUE


def test_errors_by_hand(history_of: Callable) -> None:
    # Origins 2014 and 2015; two years behind each, one and two years ahead of the first.
    errors = backtest_errors(history_of([[1e7, 2e7, 3e7, 1.5e7]]), 2)
    rows = errors[errors["method"] == LAST_VALUE].set_index(["origin", "horizon"])
    assert sorted(rows.index) == [(2014, 1), (2014, 2), (2015, 1)]
    assert rows["forecast_yuan"].to_dict() == {(2014, 1): 2e7, (2014, 2): 2e7, (2015, 1): 3e7}
    assert rows["scaled_error"].to_dict() == {(2014, 1): 0.5, (2014, 2): -0.25, (2015, 1): -0.5}


def test_a_small_tax_is_measured_against_the_floor(history_of: Callable) -> None:
    errors = backtest_errors(history_of([[0.0, 0.0, 5e4]]), 1)
    assert set(errors["scaled_error"]) == {0.5}  # 5万 against a forecast of 0, in units of 10万


def test_the_future_is_not_seen(history_of: Callable, grown: Callable) -> None:
    tax = grown(np.random.default_rng(1), buildings=12, years=6)
    changed = tax.copy()
    changed[:, 4:] *= 7  # everything after 2016
    before, after = (
        errors[errors["origin"] <= 2016]["forecast_yuan"].to_numpy()
        for errors in (backtest_errors(history_of(tax), 3), backtest_errors(history_of(changed), 3))
    )
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("years", [1, 2])
def test_fewer_than_three_years_give_no_back_test(history_of: Callable, years: int) -> None:
    errors = backtest_errors(history_of(np.full((3, years), 1e7)), 3)
    assert len(errors) == 0
    assert chosen_method(errors) == LAST_VALUE
    assert len(tax_backtest(errors)) == 0


def test_scores_by_hand(history_of: Callable) -> None:
    # Forecasts 2e7 and 1e6 of 3e7 and 5e5: |errors| 1e7 + 5e5 of 3.05e7; bias (−1e7 + 5e5) ÷ 3.05e7.
    table = tax_backtest(backtest_errors(history_of([[2e7, 2e7, 3e7], [1e6, 1e6, 5e5]]), 1))
    row = table[(table["method"] == LAST_VALUE) & (table["size_class"] == ALL_SIZES)].iloc[0]
    assert (row["n"], row["origins"]) == (2, 1)
    assert row["wape"] == pytest.approx(1.05e7 / 3.05e7)
    assert row["bias"] == pytest.approx(-0.95e7 / 3.05e7)
    assert np.isnan(row["coverage80"])  # one origin has no others to be judged by
    small = table[(table["method"] == LAST_VALUE) & (table["size_class"] == "1000万元以下")].iloc[0]
    assert small["wape"] == pytest.approx(1.0)


def test_steady_growth_is_won_by_growth_and_no_growth_by_the_simple_method(
    history_of: Callable, grown: Callable
) -> None:
    rng = np.random.default_rng(2)
    rising = history_of(grown(rng, rate=0.08, common=0.0, own=0.03))
    assert chosen_method(backtest_errors(rising, 3)) == GROUP_GROWTH
    level = history_of(np.repeat(rng.lognormal(17, 1, (20, 1)), 7, axis=1))
    assert chosen_method(backtest_errors(level, 3)) == LAST_VALUE  # a draw: both are exact


def test_coverage_is_near_its_level_where_years_are_alike(history_of: Callable, grown: Callable) -> None:
    errors = backtest_errors(history_of(grown(np.random.default_rng(4), buildings=150, common=0.0)), 1)
    table = tax_backtest(errors)
    row = table[(table["method"] == GROUP_GROWTH) & (table["size_class"] == ALL_SIZES)].iloc[0]
    # 900 independent errors: standard error 1.3 and 0.7 points; three of them.
    assert row["coverage80"] == pytest.approx(0.80, abs=0.04)
    assert row["coverage95"] == pytest.approx(0.95, abs=0.022)
