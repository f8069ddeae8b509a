"""One lever over several values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.answers.sweep import sweep_table, swept
from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario
from louyu_lab.analysis.scenarios.levers.setting import Clause

from .conftest import targets_of


def scenario_of(sweep, **changes) -> Scenario:
    return Scenario("扫描.yaml", "扫描", "", "", "", changes, sweep=sweep)


@pytest.fixture
def run(district, courses_of):
    """甲 and 乙 pay the factor of the year; ten draws, 乙's differ by 0 … 9 %."""

    def simulated(scenario):
        courses = courses_of(district, draws=10)
        factor = scenario.changes["tax_factor"][0].value
        tax = courses.tax_yuan * factor
        tax[:, 1, :] *= 1 + 0.01 * np.arange(10)[:, None]
        return replace(courses, tax_yuan=tax)

    return simulated


def test_a_row_a_value_with_chances_and_medians(district, run):
    aims = targets_of(("yi_buildings", 2021, 2.0), ("yi_buildings", 2022, 1.0), ("yi_buildings", 2025, 3.0))
    baseline = replace(district, targets=aims)
    table = sweep_table(run, scenario_of(("tax_factor", (1.0, 1.05, 1.2))), baseline)
    first = table[(table["year"] == 2021) & (table["indicator"] == "yi_buildings")]
    # 乙 at 9000 万: ×1.05 reaches 1 亿 from +6 % on (94.5 × 1.06 = 100.17), 4 draws of ten; ×1.2 always; ×1 never.
    assert list(first["p_reached"]) == [0.0, 0.4, 1.0]
    assert list(first["median"]) == [1, 1, 2]
    assert list(first["setting"]) == ["1 倍", "1.05 倍", "1.2 倍"]
    # Only target years that are simulated.
    assert sorted(table["year"].unique()) == [2021, 2022]


def test_indicators_without_a_target_have_no_chance(district, run):
    table = sweep_table(
        run, scenario_of(("tax_factor", (1.0, 2.0))), district, ["tax_yuan", "star_buildings"]
    )
    assert list(table["indicator"].unique()) == ["tax_yuan"]
    assert list(table["year"].unique()) == [2022]
    assert table["p_reached"].isna().all()
    assert table["median"].iloc[1] == pytest.approx(2 * table["median"].iloc[0])


def test_what_the_lever_does_not_move_is_left_out(district, run):
    aims = targets_of(("gross_area_sqm", 2021, 1.0), ("yi_buildings", 2021, 2.0))
    table = sweep_table(run, scenario_of(("tax_factor", (1.0, 1.2))), replace(district, targets=aims))
    assert set(table["indicator"]) == {"tax_yuan", "yi_buildings"}
    # The last year beside that of the target.
    assert set(table.loc[table["indicator"] == "yi_buildings", "year"]) == {2021, 2022}


def test_without_a_sweep_the_table_is_empty(district, run):
    assert sweep_table(run, scenario_of(None), district).empty


def test_the_swept_lever_takes_the_place_of_itself_and_its_rivals():
    scenario = scenario_of(
        ("absorption_sqm", (1e4,)), absorption_rate=(Clause(0.2),), exit_factor=(Clause(2.0),)
    )
    changes = swept(scenario, "absorption_sqm", 1e4).changes
    assert set(changes) == {"absorption_sqm", "exit_factor"}
    assert changes["absorption_sqm"] == (Clause(1e4),)


def test_a_goal_of_the_file_is_a_target_of_the_sweep(district, run):
    goal = Goal("yi_buildings", 2022, 2.0, 0.8, {})
    scenario = replace(scenario_of(("tax_factor", (1.0, 1.05, 1.2))), goal=goal)
    table = sweep_table(run, scenario, district)
    of_goal = table[table["indicator"] == "yi_buildings"]
    assert of_goal["target"].tolist() == [2.0] * 3 and of_goal["p_reached"].tolist() == [0.0, 0.4, 1.0]
