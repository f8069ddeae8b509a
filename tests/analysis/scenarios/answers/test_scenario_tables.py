from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.printing import printed
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.answers.tables import (
    building_table,
    gap_table,
    most_moving,
    path_table,
    scenario_table,
    target_table,
)
from louyu_lab.analysis.scenarios.levers.scenario import Scenario

from .conftest import targets_of

MADE = {
    "scenarios": scenario_table,
    "targets_probability": target_table,
    "scenario_paths": path_table,
    "scenario_buildings": building_table,
    "scenario_gap": gap_table,
}


@pytest.fixture
def outcomes(district, courses_of):
    base = replace(district, targets=targets_of(("tax_yuan", 2022, 2.3e8), ("star_buildings", 2021, 3)))
    still = courses_of(base, draws=10)
    tax = still.tax_yuan * np.linspace(0.9, 1.1, 10)[:, None, None]
    before = replace(still, tax_yuan=tax)
    after = replace(before, tax_yuan=tax * 1.2)
    return Outcome("基准", None, base, before), [Outcome("增长两成", None, base, after)]


@pytest.mark.parametrize("name", MADE)
def test_tables_are_as_declared_and_can_be_printed(name, outcomes) -> None:
    table = MADE[name](*outcomes)
    assert list(table.columns) == list(TABLES[name].columns) and len(table)
    assert len(printed(name, table)) == len(table)


@pytest.mark.parametrize("name", MADE)
def test_without_scenarios_there_is_at_most_the_baseline(name, outcomes) -> None:
    table = MADE[name](outcomes[0], [])
    assert set(table["scenario"]) <= {"基准"}


def test_baseline_scenario_and_difference_stand_in_a_row(outcomes) -> None:
    table = scenario_table(*outcomes).set_index(["indicator", "year"])
    row = table.loc[("tax_yuan", 2022)]
    assert (row["baseline"], row["median"]) == pytest.approx((2.2e8, 2.64e8))
    assert row["change"] == pytest.approx(4.4e7) and row["change_lo80"] < row["change"] < row["change_hi80"]
    # 2.64亿 × (0.9 … 1.1) reaches 2.3亿 in all draws but the first one (2.376 is above): all.
    assert row["target"] == 2.3e8 and row["p_reached"] == 1
    assert np.isnan(table.loc[("tax_yuan", 2021), "target"])


def test_chances_stand_beside_those_of_the_baseline(outcomes) -> None:
    table = target_table(*outcomes).set_index(["scenario", "indicator"])
    # Of the baseline's factors 0.9, 0.922 … 1.1 three put 2.2亿 to 2.3亿 or more: 1.0556, 1.0778, 1.1.
    assert table.loc[("基准", "tax_yuan"), "p_reached"] == 0.3
    assert table.loc[("增长两成", "tax_yuan"), ["p_baseline", "p_reached"]].tolist() == [0.3, 1]
    assert table.loc[("基准", "star_buildings"), "note"] == "情景不改变"


def test_a_loss_moves_as_much_as_a_gain(outcomes) -> None:
    base, (grown,) = outcomes
    sides = {"减三成": 0.7, "加一成": 1.1, "不变": 1.0, "加两成": 1.2}
    made = [
        replace(
            grown,
            title=title,
            scenario=Scenario(f"{title}.yaml", title, "", "", "", {}),
            courses=replace(base.courses, tax_yuan=base.courses.tax_yuan * factor),
        )
        for title, factor in sides.items()
    ]
    chosen = most_moving(scenario_table(base, made), made)
    assert [scenario.title for scenario in chosen] == ["减三成", "加两成", "加一成"]
    assert len(most_moving(scenario_table(base, made), made, number=1)) == 1
