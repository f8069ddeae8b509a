"""A district small enough to follow by hand: four buildings in two streets, nine units, one project."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.baseline.state import Baseline, Demand, Entrants, Growth
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.setting import Clause

YEARS = (2021, 2022, 2023)


def units_frame() -> pd.DataFrame:
    #        building, id, sector, firms, area, tax, exit, area_firms, tax_firms, registered, paying
    rows = [
        (0, "E1", "金融", 1, 4000.0, 6e7, 0.05, 1.0, 1.0, 1, 1),
        (0, "", "科技", 20, 5000.0, 1e7, 0.10, 12.0, 6.0, 18, 12),
        (1, "E2", "商贸", 1, 2000.0, 9e7, 0.05, 1.0, 1.0, 1, 1),
        (1, "", "商贸", 40, 6000.0, 2e7, 0.12, 30.0, 9.0, 36, 20),
        (2, "", "科技", 10, 3000.0, 3e6, 0.15, 8.0, 3.0, 9, 5),
        (2, "", "", 0, 1000.0, 0.0, 0.10, 5.0, 1.0, 0, 0),
        (3, "E3", "金融", 1, 500.0, 2e6, 0.08, 1.0, 1.0, 0, 1),
        (3, "", "商贸", 5, 1500.0, 1e6, 0.12, 4.0, 2.0, 5, 3),
    ]
    columns = ["building", "enterprise_id", "sector", "firms", "area_sqm", "tax_yuan", "exit_rate",
               "area_firms", "tax_firms", "registered", "paying"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    names = {"E1": "甲银行", "E2": "乙贸易", "E3": "丙基金"}
    return frame.assign(enterprise=frame["enterprise_id"].map(names).fillna(""), growth=0.0, growth_sd=0.1)


def made_baseline() -> Baseline:
    areas = {
        "gross_area_sqm": [15000.0, 12000.0, 8000.0, 6000.0],
        "rentable_area_sqm": [12000.0, 10000.0, 6000.0, 5000.0],
        "occupied_area_sqm": [9000.0, 8000.0, 4000.0, 2000.0],
        "unmarketable_area_sqm": [500.0, 0.0, 1000.0, 0.0],
        "asking_rent_yuan": [60.0, 50.0, 30.0, np.nan],
    }
    groups = {"building": ["甲楼", "乙楼", "丙楼", "丁楼"], "street": ["东街", "东街", "西街", "西街"],
              "grade": ["甲级", "乙级", "乙级", "其他"]}  # fmt: skip
    bare = standalone([7e7, 1.1e8, 3e6, 3e6], year=2020, horizon=3, groups=groups, areas=areas)
    multiples = np.sort(np.r_[np.zeros(50), np.linspace(0.1, 3.9, 50)])
    entrants = Entrants(
        200.0, multiples / multiples.mean(), np.array([0.5, 1.0, 1.0]), 300.0, 0.1, 0.9, 0.5, "示例"
    )
    history = pd.DataFrame({"year": [2019], "net_absorption_sqm": [100.0], "lettings_sqm": [2300.0]})
    supply = pd.DataFrame(
        {
            "project_id": ["X1"],
            "project": ["在建楼"],
            "street": ["西街"],
            "planned_completion_year": [2022],
            "gross_area_sqm": [10000.0],
            "office_rate": [0.5],
            "rentable_rate": [0.8],
        }
    )
    return replace(
        bare,
        units=units_frame(),
        demand=Demand(2300.0, 0.15, history, "示例"),
        entrants=entrants,
        growth=Growth(np.log(1.04) * np.arange(1, 4), 0.05, 0.01, 0.005),
        supply=supply,
        move_rate=0.02,
        registration_rate=0.9,
        retained_rate=0.4,
        tax_types={"增值税": 0.4, "企业所得税": 0.3},
    )


def scenario(**changes) -> Scenario:
    """A scenario of plain values, clauses or names."""
    made = {}
    for name, value in changes.items():
        is_setting = isinstance(value, tuple) and value and isinstance(value[0], Clause | str)
        made[name] = value if is_setting else (Clause(float(value)),)
    return Scenario("试.yaml", "试", "", "", "", made)


@pytest.fixture
def baseline() -> Baseline:
    return made_baseline()
