from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.answers.outcome import BEYOND, Outcome

from .conftest import targets_of


def outcome_of(district, courses, *targets, title="情景"):
    return Outcome(title, None, replace(district, targets=targets_of(*targets)), courses)


def with_tax(courses, building: int, values) -> np.ndarray:
    tax = courses.tax_yuan.copy()
    tax[:, building, :] = values
    return tax


def test_paths_begin_with_the_base_year(district, courses_of) -> None:
    courses = courses_of(district)
    tax = with_tax(courses, 2, np.array([[1e7, 1e7], [1e7, 2e7], [1e7, 3e7], [1e7, 4e7]]))
    paths = outcome_of(district, replace(courses, tax_yuan=tax)).paths
    rows = paths[paths["indicator"] == "tax_yuan"].set_index("year")
    assert list(rows.index) == [2020, 2021, 2022]
    assert rows.loc[2020, ["mean", "median", "lo95", "hi80"]].tolist() == [2.2e8] * 4
    # 2.1亿 of 甲 and 乙 and 1000万 … 4000万 of 丙: median of four is the middle of the second and third.
    assert rows.loc[2022, "median"] == pytest.approx(2.35e8)
    assert rows.loc[2022, "lo80"] == pytest.approx(2.1e8 + 1.3e7)  # 0.1 × 3 steps above the lowest
    assert paths["year"].dtype == "int64" and not paths[["indicator", "year"]].duplicated().any()


def test_counts_have_whole_quantiles(district, courses_of) -> None:
    courses = courses_of(district)
    tax = with_tax(courses, 1, np.array([[9e7], [9e7], [1e8], [1e8]]))
    paths = outcome_of(district, replace(courses, tax_yuan=tax)).paths
    row = paths[(paths["indicator"] == "yi_buildings") & (paths["year"] == 2022)].iloc[0]
    assert row[["median", "lo80", "hi80"]].tolist() == [1, 1, 2]
    assert row["mean"] == 1.5


def test_chance_shortfall_and_median_of_a_target(district, courses_of) -> None:
    courses = courses_of(district)
    tax = with_tax(courses, 2, np.array([[6e7, 1e7], [1e7, 2e7], [1e7, 3e7], [1e7, 4e7]]))
    made = outcome_of(
        district, replace(courses, tax_yuan=tax), ("tax_yuan", 2022, 2.4e8), ("tax_yuan", 2021, 2.7e8)
    )
    first, second = made.targets.to_dict("records")
    assert (first["year"], first["p_reached"], first["p_any"]) == (2021, 0.25, 0.25)
    # In 2022 there are 2.2, 2.3, 2.4 and 2.5亿: two reach 2.4亿; the first draw was at 2.7亿 in 2021.
    assert (second["p_reached"], second["p_any"]) == (0.5, 0.75)
    assert second["shortfall"] == pytest.approx((0.2e8 + 0.1e8) / 4)
    assert second["median"] == pytest.approx(2.35e8) and second["note"] == ""
    assert second["name_zh"] == "楼宇税收" and second["unit"] == "元"


def test_a_falling_indicator_is_reached_from_above(district, courses_of) -> None:
    courses = courses_of(district)
    occupied = courses.occupied_sqm.copy()
    occupied[0, 0] = 16_000  # 甲 full: vacancy 2000 ÷ 28000
    made = outcome_of(district, replace(courses, occupied_sqm=occupied), ("vacancy_rate", 2021, 0.1))
    row = made.targets.iloc[0]
    assert row["p_reached"] == 0.25
    assert row["shortfall"] == pytest.approx(0.75 * (6 / 28 - 0.1))


def test_targets_that_say_nothing_say_why(district, courses_of) -> None:
    rows = (
        ("occupancy_rate", 2019, 0.5),
        ("occupancy_rate", 2030, 0.9),
        ("party_org_rate", 2021, 0.9),
        ("registration_rate", 2021, 0.9),
        ("没有的指标", 2021, 1.0),
    )
    covered = pd.DataFrame({"indicator": ["party_org_rate"], "value": [0.4], "year": [2020]})
    base = replace(district, indicators=pd.concat([district.indicators, covered], ignore_index=True))
    targets = outcome_of(base, courses_of(district), *rows).targets.set_index("indicator")
    assert targets["p_reached"].isna().all() and len(targets) == 4
    assert targets.loc["occupancy_rate", "note"] == BEYOND
    assert targets.loc["party_org_rate", "note"] == "情景不改变，现值 40.0%"
    assert targets.loc["registration_rate", "note"].startswith("缺少企业台账")
    assert targets.loc["没有的指标", "note"] == "指标名不认识"


def test_no_targets_no_rows(district, courses_of) -> None:
    targets = Outcome("空", None, district, courses_of(district)).targets
    assert len(targets) == 0 and targets["p_reached"].dtype == "float64"


def test_a_target_met_exactly_is_reached(district, courses_of) -> None:
    # 22000 ÷ 28000 differs from the sum of the buildings' shares by rounding only.
    made = outcome_of(
        district, courses_of(district), ("occupancy_rate", 2021, 22 / 28), ("yi_buildings", 2022, 1)
    )
    assert made.targets["p_reached"].tolist() == [1.0, 1.0]
    assert made.targets["shortfall"].tolist() == [0.0, 0.0]


def test_buildings_have_occupancy_tax_and_tiers(district, courses_of) -> None:
    courses = courses_of(district, new=1)
    tax = with_tax(courses, 1, np.array([[9e7], [9e7], [1e8], [6e7]]))
    table = outcome_of(district, replace(courses, tax_yuan=tax)).buildings
    assert len(table) == 5 * 2
    rows = table[table["year"] == 2022].set_index("building")
    assert rows["tier"].tolist() == ["亿元楼", "准亿元楼", "千万元楼", "无数据", "新项目"]
    second = rows.loc["乙"]
    assert (second["p_yi"], second["p_up"], second["p_down"]) == (0.25, 0.25, 0.25)
    assert second["mean_yuan"] == pytest.approx(8.5e7) and second["occupancy_rate"] == 0.75
    assert np.isnan(rows.loc["甲", "p_up"]) and rows.loc["甲", "p_down"] == 0
    assert rows.loc["丁", ["mean_yuan", "p_yi"]].isna().all()
    assert np.isnan(rows.loc["新0", "occupancy_rate"]) and np.isnan(rows.loc["新0", "p_up"])
    assert np.isnan(rows.loc["丙", "occupancy_rate"])
