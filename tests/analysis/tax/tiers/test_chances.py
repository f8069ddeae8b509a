"""Tiers of draws and their chances: counted by hand, against the one definition, and against a known law."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tiers.chances import (
    CERTAIN,
    HOPEFUL,
    PRESSED,
    TIER_COLUMNS,
    judged,
    tier_chances,
    tier_shares,
    yi_outlook,
)
from louyu_lab.analysis.tax.tiers.counts import yi_count
from louyu_lab.analysis.tax.tiers.draws import tier_draws, tier_positions
from louyu_lab.analysis.tiers import TIERS, tier_of


@given(
    st.lists(
        st.floats(-1e9, 1e10) | st.sampled_from([*TIERS.lows[:-1], 1e8 - 0.004, 1e8 - 0.006]), max_size=30
    )
)
def test_positions_are_those_of_the_one_definition(amounts: list[float]) -> None:
    named = tier_of(pd.Series(amounts, dtype="float64")).astype("str")
    assert [TIERS.labels[at] for at in tier_positions(np.array(amounts))] == named.tolist()


def test_unknown_tax_has_no_tier_and_unknown_draws_are_refused(draws_of: Callable) -> None:
    assert tier_positions(np.array([np.nan, 1e8])).tolist() == [-1, 0]
    with pytest.raises(ValueError, match="finite"):
        draws_of([[[np.nan]]], [[1e8]])


def test_chances_by_hand(draws_of: Callable) -> None:
    # One building of 8000万 (准亿元楼), four draws of two years: 亿元楼 in both; first year alone; second
    # year alone; 6000万 twice.
    yuan = np.array([[1e8, 2e8], [1.2e8, 8e7], [7e7, 1e8], [6e7, 6e7]])[:, None]
    draws, _ = draws_of(yuan, [[8e7]])
    table = tier_chances(draws)
    assert table["year"].tolist() == [2021, 2022]
    assert table["p_yi"].tolist() == [0.5, 0.5]
    assert table["p_near_yi"].tolist() == [0.25, 0.25]
    assert table["p_50m_70m"].tolist() == [0.25, 0.25]
    assert table["p_up"].tolist() == [0.5, 0.5]
    assert table["p_down"].tolist() == [0.25, 0.25]
    # Reached and held: both years from the first on; from the second year on, draws one and three.
    assert table["p_yi_held"].tolist() == [0.25, 0.5]
    assert table["median_yuan"].tolist() == [8.5e7, 9e7]
    # No draw is in 千万元楼: the table holds what was counted, the least chance is a matter of printing.
    assert table["p_10m_50m"].tolist() == [0.0] * 2
    row = yi_outlook(draws).iloc[0]
    assert row[["p_yi", "p_yi_any", "p_yi_all"]].tolist() == [0.5, 0.75, 0.25]
    assert (row["outlook"], row["tier"]) == (HOPEFUL, "准亿元楼")
    assert pd.isna(row["crossing_year"])  # half of the draws is not more than half


def test_shares_of_tiers_add_up(draws_of: Callable) -> None:
    rng = np.random.default_rng(3)
    draws, _ = draws_of(rng.lognormal(17.5, 1.5, (200, 9, 3)), rng.lognormal(17.5, 1.5, (9, 4)))
    np.testing.assert_allclose(tier_shares(draws).sum(axis=-1), 1.0, rtol=0, atol=1e-12)  # sums of six floats
    table = tier_chances(draws)
    assert len(table) == 27
    np.testing.assert_allclose(table[list(TIER_COLUMNS)].sum(axis=1), 1.0, rtol=0, atol=1e-12)
    # The chances of 亿元楼 add up to the mean of their number.
    count = yi_count(draws).set_index("year")["mean"]
    np.testing.assert_allclose(table.groupby("year")["p_yi"].sum(), count, rtol=1e-12)


def test_chances_of_a_known_law(draws_of: Callable) -> None:
    # Log tax is normal about ln 8000万 with deviation 0.2·√t: P(≥ 1亿) = 1 − Φ(ln 1.25 ÷ (0.2·√t)). 4000 draws
    # err by at most √(0.25 ÷ 4000) = 0.8 points a deviation; four of them are allowed.
    rng = np.random.default_rng(11)
    steps = np.cumsum(0.2 * rng.standard_normal((4000, 1, 3)), axis=2)
    draws, _ = draws_of(8e7 * np.exp(steps), [[8e7]])
    expected = 1 - norm.cdf(np.log(1.25) / (0.2 * np.sqrt([1, 2, 3])))
    np.testing.assert_allclose(tier_chances(draws)["p_yi"], expected, rtol=0, atol=0.032)


def test_who_is_listed_and_in_what_order(draws_of: Callable) -> None:
    # 2亿 and staying; 9000万 with 3 of 4 at the end; 6000万 without hope; 100万 without hope: not listed.
    last = np.array([[2e8, 1.1e8, 6e7, 1e6]] * 3 + [[2e8, 9e7, 6e7, 1e6]])
    draws, _ = draws_of(last[:, :, None], [[2e8], [9e7], [6e7], [1e6]])
    table = yi_outlook(draws)
    assert table["building"].tolist() == ["0号楼", "1号楼", "2号楼"]
    assert table["outlook"].tolist() == [CERTAIN, HOPEFUL, PRESSED]
    assert table["p_yi"].tolist() == [1.0, 0.75, 0.0]
    # It is crossed by who was below: the median of 9000万 is at 1.1亿 in 2021.
    assert table["crossing_year"].tolist() == [pd.NA, 2021, pd.NA]


def test_the_ends_of_the_tiers_have_one_way_only(draws_of: Callable) -> None:
    draws, _ = draws_of([[[1e8], [1e5]]], [[2e8], [1e5]])
    table = tier_chances(draws)
    assert table["p_up"].isna().tolist() == [True, False]
    assert table["p_down"].isna().tolist() == [False, True]


def test_words_have_their_cut_offs() -> None:
    assert judged(np.array([0.8, 0.4, 0.39, np.nan])).tolist() == [CERTAIN, HOPEFUL, PRESSED, "无法判断"]


def test_a_tier_of_former_years_says_so(draws_of: Callable) -> None:
    draws, _ = draws_of([[[2e8], [1e8]]], [[2e8, np.nan], [1e8, 1e8]])
    assert draws.tier_names() == ["亿元楼（2019 年）", "亿元楼"]


def test_a_building_without_history_has_chances_but_no_change(
    history_of: Callable, panel_for: Callable
) -> None:
    history = history_of([[1e8]], 2020)
    paths = TaxPaths(
        np.array(["L000", "X"]), np.array(["北街"] * 2), np.array([2021]), np.full((4, 2, 1), 2e8)
    )
    draws = tier_draws(paths, history, panel_for(history))
    table = tier_chances(draws).set_index("building_id")
    assert table.loc["X", "tier"] == "无数据"
    assert table.loc["X", ["p_up", "p_down"]].isna().all()
    assert table.loc["X", "building"] == "X"
