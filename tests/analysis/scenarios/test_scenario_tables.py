"""The tables of the scenarios."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.printing import printed
from louyu_lab.analysis.scenarios import project, scenario_changes, scenario_table


def test_targets_stand_beside_their_own_year(baseline, scenario_of) -> None:
    targets = pd.DataFrame({"indicator": ["入驻率", "入驻率", "没有的指标"], "year": [2021, 2030, 2021]})
    targets = targets.assign(target=[0.9, 0.95, 1.0], base_year=2020, base=0.8)
    outcomes = [
        project(baseline, scenario_of("甲", absorption_sqm=5000.0)),
        project(baseline, scenario_of("乙")),
    ]
    table = scenario_table(baseline, outcomes, targets)
    rows = table[table["indicator"] == "occupancy_rate"].set_index(["scenario", "year"])
    # 8.5 of 10 万㎡ against 90 %
    assert rows.loc[("甲", 2021), "gap"] == pytest.approx(-0.05)
    assert rows.loc[("乙", 2021), "gap"] == pytest.approx(-0.10)
    assert rows.loc[("甲", 2021), "change"] == pytest.approx(0.05)
    assert rows["target"].notna().sum() == 2
    assert table["scenario"].unique().tolist() == ["甲", "乙"]
    shown = printed("scenarios", table)
    assert shown.loc[shown["指标"] == "入驻率", "比目标"].dropna().tolist() == [-5.0, -10.0]


def test_no_scenario_gives_empty_tables(baseline) -> None:
    assert len(scenario_table(baseline, [], pd.DataFrame())) == 0
    assert len(scenario_changes([])) == 0


def test_changes_are_told_lever_by_lever(scenario_of) -> None:
    table = scenario_changes([scenario_of("甲", absorption_sqm={2021: 5e4, 2022: 1e3}, supply_rate=0.5)])
    assert table["setting"].tolist() == ["2021 年 5 万㎡；2022 年 1,000 ㎡", "50%"]
