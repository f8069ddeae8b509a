from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.answers.deciding import deciding_buildings
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario

from .conftest import targets_of


def test_the_building_that_decides_is_found(district, courses_of) -> None:
    base = replace(district, targets=targets_of(("yi_buildings", 2022, 2)))
    still = courses_of(base, draws=100)
    tax = still.tax_yuan.copy()
    tax[:40, 1, 1] = 1.5e8  # 乙 in 40 draws of 100
    tax[40:50, 2, 1] = 1.5e8  # 丙 in 10 others: too few to tell
    table = deciding_buildings(Outcome("情景", None, base, replace(still, tax_yuan=tax)))
    assert table["building"].tolist() == ["乙"]
    row = table.iloc[0]
    # Two with 甲, which always is one: reached in 50 of 100; always with 乙, in 10 of the other 60.
    assert (row["p_reached"], row["p_yi"], row["p_if"]) == (0.5, 0.4, 1)
    assert row["p_if_not"] == pytest.approx(1 / 6)
    assert row["weight"] == pytest.approx(np.cov(tax[:, 1, 1] >= 1e8, np.arange(100) < 50, bias=True)[0, 1])


@pytest.mark.parametrize("target", [1, 4])
def test_nothing_decides_what_is_certain(district, courses_of, target) -> None:
    base = replace(district, targets=targets_of(("yi_buildings", 2022, target), ("tax_yuan", 2022, 1)))
    still = courses_of(base, draws=100)
    tax = still.tax_yuan.copy()
    tax[:50, 1] = 1.5e8
    assert len(deciding_buildings(Outcome("情景", None, base, replace(still, tax_yuan=tax)))) == 0


def test_unknown_tax_never_counts(district, courses_of) -> None:
    base = replace(district, targets=targets_of(("yi_buildings", 2022, 2)))
    still = courses_of(base, draws=100)
    tax = still.tax_yuan.copy()
    tax[:50, 3] = 1.5e8
    assert len(deciding_buildings(Outcome("情景", None, base, replace(still, tax_yuan=tax)))) == 0


def test_a_scenario_s_own_goal_is_a_target(district, courses_of) -> None:
    goal = Goal("yi_buildings", 2022, 2, 0.8, {})
    scenario = Scenario("a.yaml", "情景", "", "", "", {}, goal=goal)
    still = courses_of(district, draws=100)
    tax = still.tax_yuan.copy()
    tax[:50, 1] = 1.5e8
    table = deciding_buildings(Outcome("情景", scenario, district, replace(still, tax_yuan=tax)))
    # With 乙 there are always two, without it never.
    assert table[["building", "p_if", "p_if_not", "weight"]].iloc[0].tolist() == ["乙", 1, 0, 0.25]
