"""The number of 亿元楼: against the Poisson-binomial law, as sums that hold, and with targets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.tiers.counts import yi_count, yi_count_chances


def poisson_binomial(chances: list[float]) -> np.ndarray:
    """Return the law of the number of independent events, by convolution."""
    law = np.ones(1)
    for p in chances:
        law = np.convolve(law, [1 - p, p])
    return law


def independent(rng: np.random.Generator, chances: list[float], draws: int) -> np.ndarray:
    """Draw taxes of 2亿 or 5000万, each building by itself."""
    hit = rng.random((draws, len(chances), 1)) < np.array(chances)[:, None]
    return np.where(hit, 2e8, 5e7)


def test_independent_buildings_follow_the_poisson_binomial(draws_of: Callable) -> None:
    chances, size = [0.9, 0.8, 0.5, 0.3, 0.1, 0.05], 20_000
    yuan = independent(np.random.default_rng(5), chances, size)
    draws, _ = draws_of(yuan, np.full((6, 1), 5e7))
    law = poisson_binomial(chances)
    table = yi_count_chances(draws).set_index("yi_buildings")
    # A share of 20 000 draws has a deviation of at most √(0.25 ÷ 20000) = 0.35 points; four are allowed.
    for number, share in table["share"].items():
        assert share == pytest.approx(law[number], abs=0.0142)
        assert table.loc[number, "p_at_least"] == pytest.approx(law[number:].sum(), abs=0.0142)
    row = yi_count(draws).iloc[0]
    assert row["mean"] == pytest.approx(sum(chances), abs=4 * np.sqrt(0.8 / size))  # variance Σp(1−p) = 0.77
    assert row["lo80"] <= 2 <= row["hi80"]


def test_shared_luck_widens_the_number(draws_of: Callable) -> None:
    # The same chances of 0.5, all by one coin: 0 or 6 of them, where single coins leave 2 to 4 in 80 %.
    coin = np.random.default_rng(2).random((4000, 1, 1)) < 0.5
    draws, _ = draws_of(np.broadcast_to(np.where(coin, 2e8, 5e7), (4000, 6, 1)), np.full((6, 1), 5e7))
    row = yi_count(draws).iloc[0]
    assert (row["lo80"], row["hi80"]) == (0, 6)


def test_the_sums_hold(draws_of: Callable) -> None:
    rng = np.random.default_rng(8)
    now = rng.lognormal(18.2, 0.7, (30, 1))
    draws, _ = draws_of(now * np.exp(0.2 * rng.standard_normal((500, 30, 3))), now)
    count, chances = yi_count(draws), yi_count_chances(draws)
    # Means of whole numbers over 500 draws: exact but for rounding of the last digits.
    np.testing.assert_allclose(
        count["mean"], count["now"] + count["promotions"] - count["relegations"], rtol=1e-12
    )
    whole = chances.groupby("year")["share"].sum()
    np.testing.assert_allclose(whole, 1.0, rtol=1e-12)
    mean = (chances["share"] * chances["yi_buildings"]).groupby(chances["year"]).sum()
    np.testing.assert_allclose(mean.to_numpy(), count["mean"], rtol=1e-12)
    np.testing.assert_allclose(count["mean"], draws.is_yi.mean(axis=0).sum(axis=0), rtol=1e-12)


def test_targets_by_hand(draws_of: Callable) -> None:
    # Four draws of two buildings: 2, 1, 1, 0 亿元楼 in each of three years; one of them is one today.
    yuan = np.repeat(np.array([[2e8, 2e8], [2e8, 5e7], [5e7, 2e8], [5e7, 5e7]])[:, :, None], 3, axis=2)
    draws, _ = draws_of(yuan, [[1e8], [5e7]])
    targets = pd.DataFrame({"indicator": ["亿元楼数量", "入驻率", "亿元楼数量"], "year": [2022, 2021, 2025]})
    table = yi_count(draws, targets.assign(target=[1.0, 0.9, 2.0]))
    assert table["now"].tolist() == [1] * 3
    assert table["target_year"].tolist() == [2022, 2022, 2025]
    assert table["target"].tolist() == [1, 1, 2]
    assert table["p_target"].tolist() == [0.75, 0.75, 0.25]
    assert table["p_more"].tolist() == [0.25] * 3
    assert table["p_fewer"].tolist() == [0.25] * 3
    assert table["promotions"].tolist() == [0.5] * 3
    past = yi_count(draws, targets.assign(year=2019, target=1.0))
    assert past[["target", "p_target"]].isna().all(axis=None)
    sure = yi_count(draws, targets.assign(target=0.0))
    assert sure["p_target"].tolist() == [1.0] * 3


def test_what_cannot_be_has_no_chance(draws_of: Callable) -> None:
    none, _ = draws_of(np.full((4, 2, 1), 5e7), [[5e7], [5e7]])
    assert yi_count(none)["p_fewer"].isna().all() and yi_count(none)["p_more"].tolist() == [0.0]
    every, _ = draws_of(np.full((4, 2, 1), 2e8), [[2e8], [2e8]])
    assert yi_count(every)["p_more"].isna().all() and yi_count(every)["p_fewer"].tolist() == [0.0]


def test_intervals_are_of_numbers_drawn(draws_of: Callable) -> None:
    # Ten draws with 0, 1, …, 9 亿元楼 of nine: the least number that a tenth of draws does not exceed is 0, nine
    # tenths 8; 2.5 and 97.5 % take in all.
    yuan = np.where(np.arange(9) < np.arange(10)[:, None], 2e8, 5e7)[:, :, None]
    draws, _ = draws_of(yuan, np.full((9, 1), 5e7))
    row = yi_count(draws).iloc[0]
    assert row[["lo95", "lo80", "median", "hi80", "hi95"]].tolist() == [0, 0, 4, 8, 9]
