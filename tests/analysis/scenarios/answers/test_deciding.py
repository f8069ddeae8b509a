from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.answers.deciding import deciding_buildings
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario

from .conftest import targets_of, with_projects


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


def test_nothing_decides_a_target_that_is_as_good_as_settled(district, courses_of) -> None:
    base = replace(district, targets=targets_of(("yi_buildings", 2022, 2)))
    still = courses_of(base, draws=1000)
    tax = still.tax_yuan.copy()
    # 乙 reaches it beside 甲 in 995 of 1000 draws; 丙 in 500 of these: 100 % with it, 99 % without.
    tax[:995, 1, 1] = tax[:500, 2, 1] = 1.5e8
    outcome = Outcome("情景", None, base, replace(still, tax_yuan=tax))
    assert len(deciding_buildings(outcome)) == 0
    tax[900:, 1, 1] = 9e7  # now in 900: 丙 makes 100 % of 80 %
    outcome = Outcome("情景", None, base, replace(still, tax_yuan=tax))
    assert deciding_buildings(outcome)["building"].tolist() == ["乙", "丙"]


def test_new_supply_that_is_no_building_decides_nothing(district, courses_of) -> None:
    base = replace(district, targets=targets_of(("yi_buildings", 2022, 2)))
    still = courses_of(base, draws=100, new=1)
    tax = still.tax_yuan.copy()
    tax[:50, 4] = 2e8
    outcome = Outcome("情景", None, base, replace(still, tax_yuan=tax))
    assert len(deciding_buildings(outcome)) == 0
    outcome = replace(outcome, baseline=with_projects(base))
    assert deciding_buildings(outcome)["building"].tolist() == ["新0"]
