"""The arithmetic of the scenarios, against numbers worked out by hand, and what always holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios import Scenario, ScenarioError, baseline_of, project, scenario_table
from louyu_lab.analysis.vacancy.accounting import UNMARKETABLE, vacant_parts
from louyu_lab.ledgers.model import no_targets

#: Sums and products of a dozen doubles: far more room than rounding needs.
RTOL = 1e-12


def values(baseline, outcome) -> pd.DataFrame:
    table = scenario_table(baseline, [outcome], no_targets())
    return table.pivot(index="year", columns="indicator", values="value")


def test_absorbing_five_thousand_a_year_by_hand(baseline, scenario_of) -> None:
    outcome = project(baseline, scenario_of(absorption_sqm=5000.0))
    # 5,000 a year for three years of the 16,000 ㎡ there are, at 1,250 × 0.2 = 250 元/㎡.
    assert outcome.paths["absorbed_sqm"].tolist() == pytest.approx([0, 5e3, 1e4, 1.5e4], rel=RTOL)
    assert outcome.paths["new_tax_yuan"].tolist() == pytest.approx([0, 1.25e6, 2.5e6, 3.75e6], rel=RTOL)
    # Shared out by what each can let: 10,000 to 6,000.
    assert outcome.absorbed.to_dict() == pytest.approx({"A": 9375.0, "B": 5625.0}, rel=RTOL)
    result = values(baseline, outcome).loc[2023]
    assert result["occupancy_rate"] == pytest.approx(0.95, rel=RTOL)
    assert result["vacancy_rate"] == pytest.approx(0.05, rel=RTOL)
    assert result["tax_yuan"] == pytest.approx(1.0375e8, rel=RTOL)
    assert result["tax_per_sqm_yuan"] == pytest.approx(518.75, rel=RTOL)
    assert result["tax_per_occupied_yuan_sqm"] == pytest.approx(1.0375e8 / 9.5e4, rel=RTOL)


def test_no_more_is_let_than_there_is_and_only_where_it_is_meant(baseline, scenario_of) -> None:
    outcome = project(baseline, scenario_of(absorption_sqm=5000.0, absorption_streets=("北街",)))
    assert outcome.paths["taken_sqm"].tolist() == pytest.approx([0, 5000, 1000, 0])
    assert outcome.paths["asked_sqm"].tolist() == pytest.approx([0, 5000, 5000, 5000])
    assert outcome.absorbed.to_dict() == pytest.approx({"B": 6000.0})
    # A share is of what is left at the year's beginning: 16,000 → 8,000 → 4,000 → 2,000.
    outcome = project(baseline, scenario_of(absorption_rate=0.5))
    assert outcome.paths["taken_sqm"].tolist() == pytest.approx([0, 8000, 4000, 2000])
    outcome = project(baseline, scenario_of(absorption_rate={2022: 0.25}, absorption_grades=("甲级",)))
    assert outcome.paths["taken_sqm"].tolist() == pytest.approx([0, 0, 2500, 0])


def test_yield_and_registration_work_on_new_area_alone(baseline, scenario_of) -> None:
    changes = {"absorption_sqm": {2021: 1000.0}, "new_tenant_yield_ratio": 0.5}
    outcome = project(baseline, scenario_of(**changes, new_tenant_registration_rate=1.0))
    # 1,000 ㎡ × 1,250 × 0.5 × (1 ÷ 0.8)
    assert outcome.paths["new_tax_yuan"].tolist() == pytest.approx([0, 781250, 781250, 781250], rel=RTOL)


def test_new_supply_opens_on_plan_or_later(baseline, scenario_of) -> None:
    # 1 万㎡ was due in 2019 and opens in 2021; half of office area is rentable; 46 % of it is let.
    on_plan = project(baseline, scenario_of(supply_rate=1.0)).paths
    assert on_plan["gross_added_sqm"].tolist() == pytest.approx([0, 1e4, 4e4, 4e4])
    assert on_plan["rentable_added_sqm"].tolist() == pytest.approx([0, 5e3, 2e4, 2e4])
    assert on_plan["let_added_sqm"].tolist() == pytest.approx([0, 2300, 9200, 9200])
    later = project(baseline, scenario_of(supply_rate=0.5, supply_delay_years=1.0, supply_let_rate=0.0))
    assert later.paths["gross_added_sqm"].tolist() == pytest.approx([0, 0, 5e3, 2e4])
    # 8 万㎡ of 10 + 1 万㎡ rentable
    assert values(baseline, later).at[2023, "occupancy_rate"] == pytest.approx(8 / 11, rel=RTOL)


def test_incumbents_follow_the_forecast_unless_a_scenario_says_otherwise(baseline, scenario_of) -> None:
    years = pd.RangeIndex(2021, 2024, name="year")
    rising = replace(baseline, tax_growth=pd.Series([1.1, 1.21, 1.21], index=years))
    assert project(rising).paths["growth"].tolist() == pytest.approx([1, 1.1, 1.21, 1.21])
    halted = project(rising, scenario_of(incumbent_growth_rate={2021: 0.0}))
    assert halted.paths["growth"].tolist() == pytest.approx([1, 1.0, 1.1, 1.1])


def test_no_change_is_the_baseline_bit_for_bit(baseline, scenario_of) -> None:
    plain, empty = project(baseline), project(baseline, scenario_of())
    pd.testing.assert_frame_equal(plain.paths, empty.paths, check_exact=True)
    table = scenario_table(baseline, [empty], no_targets())
    assert (table["change"] == 0).all()


def test_what_the_baseline_does_not_allow_is_refused_all_at_once(baseline, unknown, scenario_of) -> None:
    bad = scenario_of(absorption_sqm={2020: 1.0, 2025: 1.0}, absorption_streets=("南大街",))
    with pytest.raises(ScenarioError) as refused:
        project(baseline, bad)
    assert "每年多消化空置面积写到 2020、2025 年，只能写 2021—2023 年" in str(refused.value)
    assert "没有“南大街”（是否想写“南街”？）；有北街、南街" in str(refused.value)
    changes = {"absorption_rate": 0.1, "new_tenant_registration_rate": 1.0, "supply_rate": 1.0}
    with pytest.raises(ScenarioError) as refused:
        project(unknown, scenario_of(**changes, incumbent_growth_rate=0.1))
    # occupancy; tax for two levers; registration; supply; rentable area
    assert len(refused.value.problems) == 6
    assert project(unknown).paths["new_tax_yuan"].tolist() == [0.0, 0.0]


@settings(max_examples=60, deadline=None)
@given(
    marketable=st.lists(st.floats(0, 1e6), min_size=1, max_size=6),
    asked=st.lists(st.floats(0, 5e6), min_size=3, max_size=3),
)
def test_area_is_conserved_and_no_building_lets_more_than_it_has(marketable, asked) -> None:
    count, vacant = len(marketable), float(np.sum(marketable)) + 1000.0
    space = pd.DataFrame(
        {"building_id": [f"B{at}" for at in range(count)], "street": "南街", "grade": "甲级"}
    )
    base = _indicators(rentable=vacant * 2, occupied=vacant)
    panel = space.assign(year=2020, vacant_area_sqm=marketable, unmarketable_area_sqm=np.nan)
    start = baseline_of(base, _full(panel), 2020, 3, _no_supply())
    changes = {"absorption_sqm": dict(zip((2021, 2022, 2023), asked, strict=True))}
    outcome = project(start, Scenario("x.yaml", "x", "", "", "", changes))
    result = values(start, outcome)
    # occupied + vacant = rentable, each a rate of it; 1e-9 of an area of millions is far below a ㎡.
    assert (result["occupancy_rate"] + result["vacancy_rate"]).to_numpy() == pytest.approx(
        np.ones(4), abs=1e-9
    )
    assert (outcome.paths["absorbed_sqm"] <= np.sum(marketable) * (1 + 1e-9)).all()
    absorbed = outcome.absorbed.to_numpy()
    assert (absorbed >= -1e-6).all() and (absorbed <= np.asarray(marketable) * (1 + 1e-9) + 1e-6).all()
    assert absorbed.sum() == pytest.approx(outcome.paths["absorbed_sqm"].iloc[-1], rel=1e-9, abs=1e-6)


def test_the_baseline_is_read_from_the_indicators_and_the_forecast() -> None:
    space = pd.DataFrame({"building_id": ["A", "B", "C"], "street": ["南街"] * 3, "grade": ["甲级"] * 3})
    panel = _full(
        space.assign(
            year=2020,
            vacant_area_sqm=[100.0, 50.0, np.nan],
            unmarketable_area_sqm=[30.0, 80.0, np.nan],
            tax_yuan=[1e6, 2e6, 9e6],
            recurring_tax_yuan=[1e6, 2e6, 9e6],
            occupied_area_sqm=[1000.0, 1000.0, 1000.0],
        )
    )
    # 12 million of the three buildings become 13.2 and 15.6.
    forecast = _forecast({2021: [1.1e6, 2.2e6, 9.9e6], 2022: [1.3e6, 2.6e6, 11.7e6]})
    start = baseline_of(_indicators(1000.0, 850.0, tax=1e6), panel, 2020, 3, _no_supply(), forecast)
    # 100 − 30; 不可招商 beyond the vacancy leaves nothing; unknown vacancy is no row.
    assert start.space["marketable_sqm"].tolist() == [70.0, 0.0]
    assert start.median_yield_yuan_sqm == 2000.0
    # The forecast ends in 2022; its level is kept.
    assert start.tax_growth.tolist() == pytest.approx([1.1, 1.3, 1.3])
    assert start.is_forecast
    assert len(start.carried) == 0
    without = baseline_of(_indicators(1000.0, 850.0, tax=1e6), panel, 2020, 3, _no_supply())
    assert without.tax_growth.tolist() == [1.0, 1.0, 1.0]
    assert not without.is_forecast
    assert without.sums["occupancy_rate"] == (850.0, 1000.0)
    assert without.sums["tax_yuan"] == (1e6, 1.0)


def test_a_building_without_tax_in_the_base_year_makes_no_jump() -> None:
    # B paid 4 million in 2019 and is not known in 2020; the forecast carries it. Nothing grows: 1 + 4 = 5.
    panel = pd.DataFrame(
        {"building_id": ["A", "A", "B", "B"], "building": ["甲楼", "甲楼", "乙楼", "乙楼"], "street": "南街"}
    ).assign(year=[2019, 2020] * 2, tax_yuan=[1e6, 1e6, 4e6, np.nan])
    panel["recurring_tax_yuan"] = panel["tax_yuan"]
    panel = _full(panel.assign(vacant_area_sqm=10.0, unmarketable_area_sqm=0.0, grade="甲级"))
    forecast = _forecast({2021: [1e6, 4e6], 2022: [1e6, 4e6]})
    start = baseline_of(_indicators(1000.0, 850.0, tax=1e6), panel, 2020, 2, _no_supply(), forecast)
    assert start.tax_growth.tolist() == [1.0, 1.0]
    assert start.sums["tax_yuan"] == (1e6, 1.0)  # what chapter 02 prints
    held = start.carried[["building", "year", "tax_yuan"]]
    assert held.to_dict("records") == [{"building": "乙楼", "year": 2019, "tax_yuan": 4e6}]
    without = baseline_of(_indicators(1000.0, 850.0, tax=1e6), panel, 2020, 2, _no_supply())
    assert len(without.carried) == 0


def test_marketable_vacancy_is_that_of_the_vacancy_account() -> None:
    space = pd.DataFrame({"building_id": list("ABC"), "street": "南街", "grade": "甲级"})
    # Nobody can report less than nothing 不可招商, nor let less than nothing.
    sealed = [-5.0, 30.0, np.nan]
    panel = _full(space.assign(year=2020, vacant_area_sqm=[10.0, 20.0, -4.0], unmarketable_area_sqm=sealed))
    start = baseline_of(_indicators(1000.0, 850.0), panel, 2020, 1, _no_supply())
    parts = vacant_parts(panel, pd.Series(dtype="float64"))
    assert start.space["marketable_sqm"].tolist() == [10.0, 0.0, 0.0]
    assert (parts["vacant_area_sqm"] - parts[UNMARKETABLE]).tolist() == [10.0, 0.0, 0.0]


def _forecast(tax: dict[int, list[float]]) -> pd.DataFrame:
    """Table ``tax_forecast`` of buildings A, B, C … and the district."""
    rows = [
        {"level": "building", "id": "ABC"[at], "year": year, "mean_yuan": own}
        for year, every in tax.items()
        for at, own in enumerate(every)
    ]
    rows += [{"level": "district", "id": "某区", "year": year, "mean_yuan": sum(tax[year])} for year in tax]
    return pd.DataFrame(rows)


def _indicators(rentable: float, occupied: float, tax: float | None = None) -> pd.DataFrame:
    rows = [
        ("rentable_area_sqm", rentable, np.nan),
        ("occupancy_rate", occupied, rentable),
        ("vacancy_rate", rentable - occupied, rentable),
    ]
    rows += [("tax_yuan", tax, np.nan)] if tax else []
    table = pd.DataFrame(rows, columns=["indicator", "numerator", "denominator"]).assign(year=2020)
    return table.assign(value=table["numerator"] / table["denominator"].fillna(1.0))


def _full(panel: pd.DataFrame) -> pd.DataFrame:
    needed = [
        "building",
        "zone",
        "area",
        "tax_yuan",
        "gross_area_sqm",
        "rentable_area_sqm",
        "occupied_area_sqm",
    ]
    panel = panel.reindex(columns=[*panel.columns, *(name for name in needed if name not in panel)])
    return panel.astype({"zone": "str", "area": "str"})


def _no_supply() -> pd.DataFrame:
    return pd.DataFrame({"planned_completion_year": [], "office_area_sqm": []})
