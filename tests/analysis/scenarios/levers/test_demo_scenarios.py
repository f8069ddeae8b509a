"""The scenario files of the demonstration district: all load, and name what is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers import levers
from louyu_lab.analysis.scenarios.levers.files import load_scenarios
from louyu_lab.analysis.scenarios.levers.places import unknown_places
from louyu_lab.analysis.scenarios.levers.scenario import Scenario

DEMO = Path(__file__).resolve().parents[4] / "data" / "demo"


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    held, refused = load_scenarios(DEMO)
    assert refused == []
    return {scenario.file: scenario for scenario in held}


@pytest.fixture(scope="module")
def demo() -> Baseline:
    """The demo's buildings by name, with areas, rents and rates made up: enough to check names against."""
    sheet = pd.read_excel(DEMO / "楼宇台账.xlsx", engine="calamine", header=1)
    count = len(sheet)
    sectors = ["金融", "科技", "住宿餐饮", "文化", "居民服务", "商贸"]
    baseline = standalone(
        np.full(count, 1e7),
        year=2020,
        horizon=3,
        groups={
            "building": sheet["楼宇名称"].tolist(),
            "street": sheet["街道"].tolist(),
            "grade": sheet["等级"].tolist(),
            "sector": [sectors[place % len(sectors)] for place in range(count)],
        },
        areas={
            "gross_area_sqm": sheet["建筑面积(㎡)"].tolist(),
            "rentable_area_sqm": sheet["可租售面积(㎡)"].tolist(),
            "occupied_area_sqm": (sheet["可租售面积(㎡)"] * 0.8).tolist(),
            "asking_rent_yuan": [60.0] * count,
        },
    )
    supply = pd.DataFrame([dict.fromkeys(baseline.supply.columns, 1.0)])
    entrants = replace(baseline.entrants, registration_rate=0.96)
    return replace(baseline, supply=supply, entrants=entrants, registration_rate=0.964)


def test_all_thirteen_scenarios_of_the_domain_are_there(scenarios) -> None:
    assert {file[:2] for file in scenarios} == {f"{number:02d}" for number in range(1, 14)}
    titles = [scenario.title for scenario in scenarios.values()]
    assert len(set(titles)) == len(titles)


def test_each_says_who_made_it_and_why_and_asks_something(scenarios) -> None:
    for scenario in scenarios.values():
        assert scenario.author == "示例"
        assert scenario.reason
        assert scenario.changes or scenario.sweep or scenario.goal


def test_together_they_show_every_way_of_writing(scenarios) -> None:
    held = scenarios.values()
    assert any(scenario.base for scenario in held)
    assert any(scenario.sweep for scenario in held)
    assert any(scenario.goal and set(scenario.goal.bounds) <= set(scenario.costs) for scenario in held)
    assert any(levers()[name].is_tied_to_tax for scenario in held for name in scenario.changes)


def test_they_name_only_what_the_district_has(scenarios, demo) -> None:
    assert {
        file: unknown_places(demo, one) for file, one in scenarios.items() if unknown_places(demo, one)
    } == {}
