"""What more 亿元楼 take: counted by hand, growth that really makes it even odds, and every target."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.tiers.counts import yi_count
from louyu_lab.analysis.tax.tiers.goals import last_goals, yi_goals


def wanted(*pairs: tuple[int, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"indicator": "亿元楼数量", "year": [y for y, _ in pairs], "target": [t for _, t in pairs]}
    )


def test_goals_by_hand(draws_of: Callable) -> None:
    # One 亿元楼 of 2亿 today, below it 9000万 and 6000万. In 2021 five draws leave them at 8000万 and 5000万; the
    # second-largest tax of every draw is 8000万, so f = 1.25, the third-largest 5000万, so f = 2.
    yuan = np.tile(np.array([2e8, 8e7, 5e7])[None, :, None], (5, 1, 1))
    draws, history = draws_of(yuan, [[2e8], [9e7], [6e7]])
    table = yi_goals(draws, history).set_index("goal")
    assert table.index.tolist() == [2, 3]  # there are no more buildings
    assert table["next_building"].tolist() == ["1号楼", "2号楼"]
    assert table["building_gap_yuan"].tolist() == [1e7, 4e7]
    assert table["gap_yuan"].tolist() == [1e7, 5e7]
    assert table["p_reach"].tolist() == [0.0, 0.0]
    # The district goes from 3.5亿 to 3.3亿; times 1.25 and 2 that is 4.125 and 6.6亿.
    assert table["expected_rate"].tolist() == pytest.approx([3.3 / 3.5 - 1] * 2)
    assert table["needed_rate"].tolist() == pytest.approx([4.125 / 3.5 - 1, 6.6 / 3.5 - 1])


def test_the_growth_makes_it_even_odds(draws_of: Callable) -> None:
    rng = np.random.default_rng(4)
    now = rng.lognormal(18.2, 0.6, (30, 1))
    yuan = now * np.exp(np.cumsum(0.2 * rng.standard_normal((1001, 30, 3)), axis=2))
    draws, history = draws_of(yuan, now)
    goals = yi_goals(draws, history)
    for goal in goals["goal"].unique():
        row = last_goals(goals).set_index("goal").loc[goal]
        # All draws times the factor between the two rates, over three years; a little more makes the median reach.
        factor = ((1 + row["needed_rate"]) / (1 + row["expected_rate"])) ** 3
        share = ((yuan[:, :, -1] * factor * (1 + 1e-9) >= 1e8).sum(axis=1) >= goal).mean()
        # An odd number of draws: the middle one reaches it and 500 lie on either side (ties apart).
        assert share == pytest.approx(501 / 1001, abs=1e-12)


def test_every_target_is_there(draws_of: Callable) -> None:
    # Two 亿元楼 today; targets: 3 in 2019 (missed), 1 in 2018 (met, past), 1 in 2021 and 2 in 2022 (met), 9 in 2030.
    draws, history = draws_of(np.full((4, 10, 2), 1e8), [[1e8]] * 2 + [[5e7]] * 8)
    targets = wanted((2018, 1), (2019, 3), (2021, 1), (2022, 2), (2024, 2), (2030, 9))
    table = yi_goals(draws, history, targets)
    due = table.drop_duplicates("goal").set_index("goal")["due_years"]
    assert due.to_dict() == {
        1: "2021",
        2: "2022、2024",
        3: "2019",
        4: "",
        5: "",
        6: "",
        7: "",
        8: "",
        9: "2030",
    }
    assert table.loc[table["goal"] <= 2, ["building_gap_yuan", "gap_yuan"]].isna().all(axis=None)
    # The chance is that of the table of numbers: what both tell of 2021 agrees.
    count = yi_count(draws, targets).set_index("year")
    assert count.loc[2021, "p_target"] == table.set_index(["goal", "year"]).loc[(1, 2021), "p_reach"]
    far = yi_goals(draws, history, wanted((2030, 40)))
    assert far["goal"].unique().tolist() == [*range(3, 11), 40]
    assert far.loc[far["goal"] == 40, "needed_rate"].isna().all()
