"""The ladder and the contributions: by hand, and sums that hold at every level."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.tiers.contributions import growth_contributions
from louyu_lab.analysis.tax.tiers.ladder import STAY, open_rungs, tier_ladder


def test_the_ladder_by_hand(draws_of: Callable) -> None:
    # Eleven buildings of 8000万 that grew by 0, 3, …, 30 % last year; the first stands at 8000万, aims at 亿元楼
    # and lacks 2000万: 25 % in one year, √1.25 − 1 = 11.80 % a year in two. Two of the eleven growths (27 and
    # 30 %) were enough. Another of 2亿 may halve in one year and stay. Half of the draws reach 1亿.
    growth = 1 + 0.03 * np.arange(11)
    tax = np.vstack([np.column_stack([8e7 / growth, np.full(11, 8e7)]), [[np.nan, 2e8]]])
    yuan = np.full((4, 12, 2), 8e7)
    yuan[:2, 0], yuan[:, 11] = 1e8, 2e8
    draws, history = draws_of(yuan, tax)
    table = tier_ladder(draws, history).set_index(["building_id", "year"])
    row = table.loc[("L000", 2021)]
    assert (row["next_tier"], row["gap_to_next_yuan"]) == ("亿元楼", 2e7)
    assert row["needed_rate"] == pytest.approx(0.25)
    assert (row["past_rate"], row["past_growths"]) == (pytest.approx(2 / 11), 11)
    assert (row["p_reach"], row["outlook"]) == (0.5, "有望")
    assert table.loc[("L000", 2022), "needed_rate"] == pytest.approx(1.25**0.5 - 1)
    # Nobody's history is two years long.
    assert pd.isna(table.loc[("L000", 2022), "past_rate"])
    stays = table.loc[("L011", 2021)]
    assert (stays["next_tier"], stays["needed_rate"]) == (STAY, -0.5)
    assert pd.isna(stays["gap_to_next_yuan"])
    # Shown are the last year's rows below near certainty.
    shown = open_rungs(table.reset_index())
    assert set(shown["year"]) == {2022}
    assert "L011" not in set(shown["building_id"])


def test_a_tax_of_former_years_has_longer_to_grow(draws_of: Callable) -> None:
    draws, history = draws_of(np.full((2, 1, 1), 9e7), [[8e7, np.nan]])
    # From 2019 to 2021 are two years.
    assert tier_ladder(draws, history)["needed_rate"].tolist() == pytest.approx([1.25**0.5 - 1])


def test_small_buildings_stand_on_the_ladder_only_with_a_chance(draws_of: Callable) -> None:
    yuan = np.full((20, 2, 1), 1e6)
    yuan[0, 1] = 8e6  # one of twenty: 5 %
    draws, history = draws_of(yuan, [[1e6], [1e6]])
    assert tier_ladder(draws, history)["building_id"].tolist() == ["L001"]


def test_contributions_add_up_at_every_level(draws_of: Callable) -> None:
    rng = np.random.default_rng(4)
    now = rng.lognormal(17, 1, (40, 1))
    draws, _ = draws_of(now[:, 0][None, :, None] * rng.lognormal(0.05, 0.3, (300, 40, 3)), now)
    one_off = pd.Series([1e6], index=["L003"])
    table = growth_contributions(draws, "某区", one_off)
    sums = table.groupby(["level", "year"])[["base_yuan", "change_yuan", "one_off_change_yuan"]].sum()
    for level in ("street", "building"):
        # 元 of sums near 1e9: 1e-6 元 is asked of the project, rounding of doubles is below it.
        np.testing.assert_allclose(sums.loc[level], sums.loc["district"], rtol=0, atol=1e-5)
    # The district's change is the mean of the draws less what is paid now.
    expected = draws.paths.yuan.sum(axis=1).mean(axis=0) - now.sum()
    np.testing.assert_allclose(table.loc[table["level"] == "district", "change_yuan"], expected, rtol=1e-9)
    assert table.loc[table["level"] == "district", "one_off_change_yuan"].tolist() == [-1e6] * 3
    shares = table[table["level"] == "street"].groupby("year")["share_growth"].sum()
    np.testing.assert_allclose(shares, 1.0, rtol=1e-9)
    assert table["level"].drop_duplicates().tolist() == ["district", "street", "building"]
    assert len(table) == 3 * (1 + 2 + 40)


def test_contributions_by_hand(draws_of: Callable) -> None:
    # Eleven draws of one building that pays 1亿: −5000万, −4000万 … 5000万 more. 80 % from −4000万 to 4000万. The
    # mean is no change, so that no shares are told.
    yuan = 1e8 + 1e7 * (np.arange(11) - 5.0)
    draws, _ = draws_of(yuan[:, None, None], [[1e8]])
    row = growth_contributions(draws, "某区").iloc[-1]
    assert (row["name"], row["level"]) == ("0号楼", "building")
    assert row[["base_yuan", "change_yuan", "lo80_yuan", "hi80_yuan"]].tolist() == [1e8, 0.0, -4e7, 4e7]
    assert pd.isna(row["share_growth"])


def test_a_growth_that_just_suffices_counts(draws_of: Callable) -> None:
    # Ten buildings went from 6400万 to 8000万: 25 %, just what leads from 8000万 to 1亿.
    draws, history = draws_of(np.full((2, 10, 1), 8e7), np.tile([6.4e7, 8e7], (10, 1)))
    assert tier_ladder(draws, history)["past_rate"].tolist() == [1.0] * 10
