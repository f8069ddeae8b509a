"""Parts of the baseline against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios.baseline.demand import learned_demand, steady_changes, take_up
from louyu_lab.analysis.scenarios.baseline.entrants import _settled, _with_taxes
from louyu_lab.analysis.scenarios.baseline.growth import _yearly, learned_growth, money_index
from louyu_lab.analysis.scenarios.baseline.priors import prior_entrants, prior_multiples
from louyu_lab.analysis.scenarios.baseline.shares import (
    coming_projects,
    refit_estimate,
    retained_rate,
    tax_type_shares,
)
from louyu_lab.analysis.scenarios.baseline.tenants import exit_rates, followed_exits, newcomers, turnover
from louyu_lab.analysis.scenarios.baseline.units import fitted_areas, grouped, is_single
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.tenants.growth import Pool
from louyu_lab.analysis.vacancy.policy.exposure import REFIT
from louyu_lab.ledgers.model import typed_frame


# --- areas of units -----------------------------------------------------------------------------------
def _firms(**columns) -> pd.DataFrame:
    usual = dict.fromkeys(("tax_yuan", "area_sqm", "growth", "growth_sd"), 0.0)
    usual |= {"firms": 1.0, "registered": 1.0, "paying": 1.0, "exit_rate": 0.1, "sector": "商贸"}
    return pd.DataFrame(usual | columns)


def test_areas_are_fitted_to_the_occupied_area() -> None:
    # Building 0 lists 150 of 100 ㎡: × 2/3. 1 lists 30 of 100: 70 are nobody's. 2: two firms without
    # an area share what the third leaves of 100. 3: occupancy unknown, nothing counts.
    firms = _firms(building=[0, 0, 1, 2, 2, 2, 3], area_sqm=[100.0, 50.0, 30.0, 40.0, np.nan, np.nan, 60.0])
    area, rest = fitted_areas(firms, np.array([100.0, 100.0, 100.0, np.nan]))
    np.testing.assert_allclose(area, [200 / 3, 100 / 3, 30, 40, 30, 30, 0])
    np.testing.assert_allclose(rest, [0, 70, 0, 0])


@given(
    st.lists(st.tuples(st.integers(0, 3), st.none() | st.floats(0, 5e4)), min_size=1, max_size=30),
    st.lists(st.floats(0, 1e5), min_size=4, max_size=4),
)
def test_fitted_areas_always_add_up(listed, occupied) -> None:
    building, area = zip(*listed, strict=True)
    firms = _firms(building=list(building), area_sqm=[np.nan if a is None else a for a in area])
    own, rest = fitted_areas(firms, np.array(occupied))
    total = np.bincount(building, own, minlength=4) + rest
    np.testing.assert_allclose(total, occupied, rtol=1e-9, atol=1e-9)
    assert (own >= 0).all()
    assert (rest >= 0).all()


def test_large_payers_and_large_tenants_stand_alone() -> None:
    many = _firms(building=[0] * 500, tax_yuan=np.linspace(1e5, 5e4, 500), area_sqm=10.0)
    # The 400 largest of the district; 2 pays 20 % of its building, 3 holds 10 % of it, 4 neither.
    more = _firms(building=[1, 2, 3], tax_yuan=[20.0, 0.0, 5.0], area_sqm=[1.0, 100.0, 1.0])
    firms = pd.concat([many, more], ignore_index=True)
    rentable, tax = np.array([1e6, 1e6, 1e3, 1e6]), np.array([1e9, 100.0, 100.0, 100.0])
    single = is_single(firms, rentable, tax)
    assert single[:400].all()
    assert not single[400:500].any()
    assert single[500:].tolist() == [True, True, False]


def test_groups_add_up_and_scatter_less() -> None:
    firms = _firms(
        building=[0, 0, 0, 1],
        tax_yuan=[3.0, 1.0, 0.0, 5.0],
        area_sqm=[10.0, 30.0, 20.0, 5.0],
        exit_rate=[0.1, 0.2, 0.3, 0.4],
        growth_sd=[0.5, 0.5, 0.0, 0.5],
    )
    made = grouped(firms)
    first, second = made.iloc[0], made.iloc[1]
    assert (first["firms"], first["area_sqm"], first["tax_yuan"]) == (3, 60, 4)
    assert first["exit_rate"] == pytest.approx(0.2)
    # (10 + 30 + 20)² ÷ (100 + 900 + 400) and (3 + 1)² ÷ (9 + 1).
    assert first["area_firms"] == pytest.approx(3600 / 1400)
    assert first["tax_firms"] == pytest.approx(1.6)
    # Two lognormals of σ 0.5: variance (9 + 1) × (e^0.25 − 1) around a mean of 4 × e^0.125.
    assert first["growth_sd"] == pytest.approx(np.sqrt(np.log1p(np.expm1(0.25) / 1.6)))
    mean = np.exp(first["growth"] + first["growth_sd"] ** 2 / 2)
    assert mean == pytest.approx(np.exp(0.125))
    assert (second["tax_firms"], second["growth_sd"]) == (1.0, pytest.approx(0.5))


# --- who leaves and who comes -------------------------------------------------------------------------
def _tenants(rows) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "year", "area_sqm", "tax"])
    tenants = frame.assign(at_year_end=True, sector="科技", recurring_tax_yuan=frame["tax"])
    grid = pd.MultiIndex.from_product([["A", "B"], [2018, 2019, 2020]], names=["building_id", "year"])
    return tenants, grid.to_frame(index=False).assign(firms=np.nan)


def test_tenants_are_followed_from_year_to_year() -> None:
    tenants, panel = _tenants(
        [
            *(("stays", "A", year, 100.0, 1.0) for year in (2018, 2019, 2020)),
            ("goes", "A", 2018, 50.0, 0.0),
            ("moves", "A", 2018, 20.0, 1.0), ("moves", "B", 2019, 20.0, 1.0), ("moves", "B", 2020, 20.0, 1.0),
            ("comes", "B", 2020, 70.0, 1.0),
            # B's tenants of 2018 are in no list: who is there in 2019 may have been before.
        ]
    )  # fmt: skip
    seen = turnover(tenants, panel)
    last = seen.ends[seen.ends["year"] == 2018].set_index("enterprise_id")
    assert last["is_gone"].to_dict() == {"goes": True, "moves": False, "stays": False}
    assert last["is_moved"].to_dict() == {"goes": False, "moves": True, "stays": False}
    assert not seen.ends[seen.ends["year"] == 2020]["is_followed"].any()
    assert newcomers(seen, panel).to_dict("records") == [
        {"enterprise_id": "comes", "year": 2020, "area_sqm": 70.0}
    ]
    freed = followed_exits(seen).set_index(["building_id", "year"])["freed_sqm"]
    assert freed["A", 2019] == 70
    assert freed["A", 2020] == 0
    # One exit of five followed firm-years (three in 2018, two in 2019): (1 + 0.062 × 30) ÷ 35.
    everybody = pd.Series(True, index=seen.ends.index)
    by_sector, overall = exit_rates(seen, everybody)
    assert overall == pytest.approx(2.86 / 35)
    assert by_sector["科技"] == pytest.approx(overall * 4 / (5 * overall + 3))


def test_a_list_of_todays_tenants_tells_nothing_of_leaving() -> None:
    tenants, panel = _tenants([(f"F{at}", "A", year, 10.0, 0.0) for at in range(99) for year in (2019, 2020)])
    seen = turnover(tenants, panel)
    assert not seen.told
    assert exit_rates(seen, pd.Series(True, index=seen.ends.index))[1] == pytest.approx(0.062)
    assert seen.move_rate == 0.0


# --- demand -------------------------------------------------------------------------------------------
def _changes(rates: dict[int, float], before: float = 1000.0) -> pd.DataFrame:
    rows = [("A", year, rate * before, before) for year, rate in rates.items()]
    return pd.DataFrame(rows, columns=["building_id", "year", "net_absorption_sqm", "occupied_before_sqm"])


def test_lettings_are_expected_net_absorption_and_exits() -> None:
    demand = learned_demand(_changes({2018: 0.01, 2019: 0.03, 2020: 0.02}), 2000.0, 180.0)
    # Mean 2 % × 3 ÷ (3 + 2) of 2000 ㎡ = 24, and 180 that leave. Two years are off by 1 % = 20 of 204 ㎡:
    # (2 × 0.09 + 2 × 0.00961) ÷ 4 × 4/3.
    assert demand.lettings_sqm == pytest.approx(204)
    assert demand.spread == pytest.approx(np.sqrt((0.18 + 2 * (20 / 204) ** 2) / 3))
    # 9 % of those there leave: of 1000 ㎡ 90, made good besides the 10, 30 and 20.
    assert demand.history["lettings_sqm"].to_list() == pytest.approx([100, 120, 110])
    assert "2018—2020" in demand.source


def test_few_years_leave_the_prior() -> None:
    demand = learned_demand(_changes({2020: -0.9}), 2000.0, 180.0)
    # −0.9 ÷ 3 × 2000 = −600 and 180 exits: nobody lets less than nothing.
    assert demand.lettings_sqm == 0
    assert demand.spread == 0.3
    nothing = learned_demand(_changes({}), 2000.0, 180.0)
    assert nothing.lettings_sqm == 180
    assert "没有历年净吸纳" in nothing.source


def test_only_the_same_stock_counts(panel_of) -> None:
    years = {"L1": [2018, 2019], "new": [2019], "gone": [2018], "old": [2018, 2019]}
    occupied = {("L1", 2018): 50.0, ("L1", 2019): 60.0, ("new", 2019): 40.0, ("gone", 2018): 30.0}
    occupied |= {("old", 2018): 10.0, ("old", 2019): 8.0}
    rows = [(name, year) for name, held in years.items() for year in held]
    panel = panel_of(
        year=[year for _, year in rows],
        building_id=[name for name, _ in rows],
        occupied_area_sqm=[occupied[row] for row in rows],
        rentable_area_sqm=[100.0] * len(rows),
    )
    opening = pd.Series({"L1": 2018.0, "new": 2019.0, "gone": 2000.0, "old": 2000.0})
    found = steady_changes(panel, opening)
    # L1 opened in 2018: 2019 is its second year of filling.
    assert found[["building_id", "net_absorption_sqm"]].to_numpy().tolist() == [["old", -2.0]]


def test_take_up_follows_past_lettings_by_grade(panel_of) -> None:
    names = [f"{grade}{at:02d}" for grade in "甲乙" for at in range(20)]
    grades = [name[0] + "级" for name in names]
    panel = panel_of(
        year=[2019] * 40 + [2020] * 40,
        building_id=names * 2,
        grade=grades * 2,
        zone=["片区"] * 80,
        rentable_area_sqm=[1000.0] * 80,
        occupied_area_sqm=[800.0] * 40 + [830.0 if grade == "甲级" else 810.0 for grade in grades],
    )
    stock = panel[panel["year"] == 2020].reset_index(drop=True)
    freed = pd.DataFrame({"building_id": names, "year": 2020, "freed_sqm": 0.0})
    found = take_up(stock, steady_changes(panel, pd.Series(dtype="float64")), panel, freed, 0.1)
    by_grade = pd.Series(found).groupby(stock["grade"]).mean()
    assert by_grade["甲级"] > 1 > by_grade["乙级"]
    # 600 of 400 and 200 of 400 ㎡ awaited, each with 30 lettings of 20 ㎡ at the mean: 1200 and 800 of 1000.
    # One zone tells nothing beside the grade.
    assert by_grade["甲级"] / by_grade["乙级"] == pytest.approx(1.5)
    free = 1000 - stock["occupied_area_sqm"]
    assert np.average(found, weights=free) == pytest.approx(1)


# --- newcomers ----------------------------------------------------------------------------------------
def test_the_prior_sample_is_half_nothing_and_of_mean_one() -> None:
    values = prior_multiples()
    assert values.mean() == pytest.approx(1)
    assert (values == 0).mean() == 0.5
    assert (np.diff(values) >= 0).all()


def test_newcomers_mature_in_the_second_year_after_coming() -> None:
    rows = [("a", "A", year, 100.0, 0.0) for year in (2018, 2019, 2020)]
    rows += [("b", "A", year, 300.0, 0.0) for year in (2019, 2020)]
    rows += [("left", "A", 2018, 80.0, 0.0)]
    seen = turnover(*_tenants(rows))
    came = pd.DataFrame(
        {"enterprise_id": ["a", "b", "left"], "year": [2018, 2019, 2018], "area_sqm": [100.0, 300.0, 80.0]}
    )
    taxes = pd.Series({("a", 2018): 10.0, ("a", 2019): 30.0, ("a", 2020): 40.0, ("b", 2020): 20.0})
    index = pd.Series({2018: 1.2, 2019: 1.1, 2020: 1.0})
    settled = _settled(seen, came, taxes, index)
    # a: 10 × 1.2, 30 × 1.1, 40; b came in 2019, its second year is the last known one; the third has left.
    np.testing.assert_allclose(settled["first"], [12, 0])
    np.testing.assert_allclose(settled["second"], [33, np.nan])
    np.testing.assert_allclose(settled["mature"], [40, 20])
    found = _with_taxes(prior_entrants(1000.0, 3), settled, 3)
    # 2 of 50: 4 % of their own. Own yield 60 ÷ 400, prior 450; first year 12 ÷ 60, second 33 ÷ 40.
    assert found.yield_yuan_sqm == pytest.approx(0.04 * 0.15 + 0.96 * 450)
    np.testing.assert_allclose(found.ramp, [0.04 * 0.2 + 0.96 * 0.5, 0.04 * 0.825 + 0.96, 1])
    assert len(found.multiples) == 50
    assert found.multiples.mean() == pytest.approx(1)
    assert "不足 50 家" in found.source


def test_enough_newcomers_stand_for_themselves() -> None:
    settled = pd.DataFrame(
        {
            "area_sqm": 50.0,
            "first": 10.0,
            "second": 20.0,
            "mature": np.append(np.zeros(30), np.full(30, 40.0)),
        }
    )
    found = _with_taxes(prior_entrants(1000.0, 2), settled, 2)
    # 1200 元 of 3000 ㎡; half pay twice the mean, the first year 600 ÷ 1200.
    assert found.yield_yuan_sqm == pytest.approx(0.4)
    np.testing.assert_allclose(np.unique(found.multiples), [0, 2])
    np.testing.assert_allclose(found.ramp, [0.5, 1.0])
    assert "60 家企业（其中纳税 50%）" in found.source


# --- growth -------------------------------------------------------------------------------------------
def test_growth_without_tenants_is_that_of_the_same_buildings() -> None:
    tax = np.array([[100.0, 110.0, 121.0], [np.nan, 50.0, 55.0]])
    history = TaxHistory(
        np.array(["A", "B"]), np.array(["", ""]), np.array([True, True]), np.arange(2018, 2021), tax
    )
    found = learned_growth(None, history, lag=1, horizon=2)
    # log 1.1 in both years, drawn to 0 by 2 ÷ (2 + 2); one year has passed since.
    np.testing.assert_allclose(found.drift, np.log(1.1) / 2 * np.array([2, 3]))
    assert found.common_sd >= 0.02
    assert money_index(None, history.years).to_list() == [1, 1, 1]


def test_the_walk_has_the_mean_and_scatter_of_chance() -> None:
    rng = np.random.default_rng(5)
    pool = Pool(0.3 * rng.standard_normal(20_000), np.ones(20_000))
    # All of a year's chance stays: 0.3 a year, mean e^(0.3² ÷ 2). Of 20,000 draws the quantiles are
    # within 2 %, the log mean within 0.005.
    mean, sd = _yearly(pool, 1.0, 3)
    assert sd == pytest.approx(0.3, rel=0.02)
    assert mean == pytest.approx(0.045, abs=0.005)
    # Nothing stays: after three years the level is off by one year's chance.
    assert _yearly(pool, 0.0, 3)[1] == pytest.approx(0.3 / np.sqrt(3), rel=0.02)


# --- shares and plans ---------------------------------------------------------------------------------
def test_only_real_kinds_of_tax_count() -> None:
    rows = [
        ("增值税", 60.0, False), ("企业所得税", 30.0, False), ("经常性税收", 10.0, False),
        ("增值税", 500.0, True), ("土地增值税清算", 70.0, True),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["tax_type", "tax_yuan", "is_one_off"]).assign(
        year=2020, level="enterprise"
    )
    taxes = typed_frame("taxes", frame)
    assert tax_type_shares(taxes, 2020) == {"增值税": pytest.approx(0.6), "企业所得税": pytest.approx(0.3)}
    assert tax_type_shares(taxes[taxes["tax_type"] == "经常性税收"], 2020) == {}
    assert tax_type_shares(taxes, 2019) == {}


def test_retained_rate_counts_where_both_are_known() -> None:
    stock = pd.DataFrame({"retained_yuan": [20.0, np.nan, 10.0], "tax_yuan": [80.0, 500.0, 40.0]})
    assert retained_rate(stock) == pytest.approx(0.25)
    assert np.isnan(retained_rate(stock.iloc[[1]]))


def test_open_projects_of_known_size_are_supply() -> None:
    rows = {
        "project_id": ["P1", "P2", "P3", "P4", None],
        "gross_area_sqm": [1e4, 2e4, 3e4, np.nan, 5e4],
        "office_rate": [0.5, 0.5, 0.5, 0.5, 0.8],
        "planned_completion_year": [2019, 2022, 2021, 2021, 2023],
        "stage": ["封顶", "主体施工", "竣工", "主体施工", None],
    }
    stock = pd.DataFrame({"gross_area_sqm": [100.0, 50.0], "rentable_area_sqm": [80.0, np.nan]})
    found = coming_projects(typed_frame("pipeline", pd.DataFrame(rows)), stock, 2020)
    # P3 is finished, of P4 nobody knows how large; P1 is late: next year at the earliest.
    assert found["project_id"].to_list() == ["P1", "P2", "ZJ003"]
    assert found["planned_completion_year"].to_list() == [2021, 2022, 2023]
    assert (found["rentable_rate"] == 0.8).all()


def test_only_a_cause_is_a_levers_default() -> None:
    row = {"policy": REFIT, "effect_pp": -4.0, "lo_pp": -7.0, "hi_pp": -1.0}
    assert refit_estimate(None) == {}
    assert refit_estimate(pd.DataFrame([row | {"verdict": "相关"}])) == {}
    found = refit_estimate(pd.DataFrame([row | {"verdict": "因果"}]))["refit_vacancy_cut_rate"]
    # 3 points × 1.2816 ÷ 1.6449.
    assert found.value == pytest.approx(0.04)
    assert (found.low, found.high) == pytest.approx((0.04 - 0.02337, 0.04 + 0.02337), abs=1e-5)
