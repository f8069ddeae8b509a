from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.answers.lever_ends import baseline_level, ends_of, prior_ends
from louyu_lab.analysis.scenarios.answers.tornado import INTERACTION, tornado
from louyu_lab.analysis.scenarios.baseline.state import Estimate
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Clause


def scenario_of(**changes) -> Scenario:
    return Scenario("a.yaml", "情景", "", "", "", changes)


@pytest.fixture
def run(district, courses_of):
    """A tiny engine: tax × factor, 1000 元 a ㎡ absorbed, half of that again for swapped × yield ratio."""
    still = courses_of(district)

    def simulate(scenario):
        value = {
            name: setting[0].value if isinstance(setting[0], Clause) else len(setting)
            for name, setting in scenario.changes.items()
        }
        factor = value.get("tax_factor", 1.0)
        added = 1000 * value.get("absorption_sqm", 0.0)
        added += 1000 * value.get("swap_sqm", 0.0) * (value.get("swap_yield_ratio", 1.0) - 0.5)
        added -= 1e6 * value.get("leaving_enterprises", 0)
        tax = still.tax_yuan.copy()
        tax[:, 1] += added
        simulate.calls += 1
        return replace(still, tax_yuan=tax * factor)

    simulate.calls = 0
    return simulate


def test_each_lever_alone_and_at_its_ends(run, district) -> None:
    scenario = scenario_of(
        absorption_sqm=(Clause(10_000),),
        tax_factor=(Clause(1.1, low=0.9, high=1.2),),
        leaving_enterprises=("某公司",),
    )
    table = tornado(run, district, scenario, indicators=("tax_yuan",)).set_index("lever")
    # 2.2亿 × (1.1 − 1); at the ends × (0.9 − 1) and × (1.2 − 1).
    row = table.loc["tax_factor"]
    assert row[["alone", "low", "high", "swing"]].tolist() == pytest.approx([2.2e7, -2.2e7, 4.4e7, 6.6e7])
    # 10000 ㎡ × 1000 元; a fifth less and more.
    assert table.loc["absorption_sqm", ["alone", "low", "high"]].tolist() == pytest.approx([1e7, 8e6, 1.2e7])
    row = table.loc["leaving_enterprises"]
    assert (
        row["alone"] == pytest.approx(-1e6)
        and row[["low", "high"]].isna().all()
        and row["swing"] == pytest.approx(1e6)
    )
    # All at once: (2.2亿 + 1000万 − 100万) × 1.1 − 2.2亿 = 3190万; alone they make 3100万.
    assert table.loc["", "title"] == INTERACTION and table.loc["", "alone"] == pytest.approx(9e5)
    assert table.index.tolist() == ["tax_factor", "absorption_sqm", "leaving_enterprises", ""]


def test_a_lever_that_refines_is_measured_on_top_of_what_it_refines(run, district) -> None:
    scenario = scenario_of(swap_sqm=(Clause(10_000),), swap_yield_ratio=(Clause(2.0),))
    table = tornado(run, district, scenario, indicators=("tax_yuan",)).set_index("lever")
    assert table.loc["swap_sqm", "alone"] == pytest.approx(5e6)
    assert table.loc["swap_yield_ratio", "alone"] == pytest.approx(1e7)
    assert table.loc["", "alone"] == pytest.approx(0, abs=1)


def test_an_uncertain_default_of_a_lever_that_is_set_has_a_bar_too(run, district) -> None:
    table = tornado(run, district, scenario_of(supply_rate=(Clause(1.0),)), indicators=("tax_yuan",))
    # Left at its default and uncertain: an assumption of this scenario, without effect in this stand-in.
    row = table.set_index("lever").loc["supply_prelet_rate", ["alone", "low", "high"]]
    assert row.tolist() == [0, 0, 0]


def test_all_indicators_share_their_runs(run, district) -> None:
    scenario = scenario_of(absorption_sqm=(Clause(20_000),))
    table = tornado(run, district, scenario)
    assert run.calls == 4  # nothing, alone, low, high
    # 2000万 ㎡-tax make 乙 (9000万) reach 1亿; with a fifth less (1600万) too.
    row = table[(table["indicator"] == "yi_buildings") & (table["lever"] == "absorption_sqm")].iloc[0]
    assert row[["alone", "low", "high"]].tolist() == [1, 1, 1]


def test_nothing_changed_has_no_bars(run, district) -> None:
    assert len(tornado(run, district, scenario_of())) == 0


def test_ends_keep_to_the_range_and_to_whole_numbers(district) -> None:
    value = {name: lever for name, lever in levers().items()}
    low, high = ends_of(value["registration_rate"], (Clause(0.98),), replace(district, registration_rate=0.9))
    # A fifth of the way from 90 % to 98 %.
    assert (low[0].value, high[0].value) == pytest.approx((0.964, 0.996))
    assert ends_of(value["supply_rate"], (Clause(1.0),), district)[1] is None  # cannot be more than all
    low, high = ends_of(value["largest_payers_leaving"], (Clause(3, (2021,)),), district)
    assert (low[0].value, high[0].value, high[0].years) == (2, 4, (2021,))
    # A fifth of one is less than one: one less and one more.
    low, high = ends_of(value["largest_payers_leaving"], (Clause(1),), district)
    assert (low[0].value, high[0].value) == (0, 2)
    assert ends_of(value["refit_buildings"], ("甲",), district) == (None, None)
    low, high = ends_of(value["tax_factor"], (Clause(0.8),), district)
    assert (low[0].value, high[0].value) == pytest.approx((0.76, 0.84))  # the lower value, stronger as it is


def test_a_district_s_own_estimate_takes_the_place_of_the_prior(district) -> None:
    lever = levers()["refit_vacancy_cut_rate"]
    assert [end[0].value for end in prior_ends(lever, district)] == [lever.value_low, lever.value_high]
    own = replace(district, estimates={lever.name: Estimate(0.05, 0.02, 0.09, "第三章")})
    assert [end[0].value for end in prior_ends(lever, own)] == [0.02, 0.09]


def test_a_year_before_the_last_can_be_asked_for(run, district) -> None:
    table = tornado(
        run, district, scenario_of(tax_factor=(Clause(1.1),)), indicators=("tax_yuan",), year=2021
    )
    assert table["year"].unique().tolist() == [2021]
    assert np.isfinite(table["swing"]).all()


def test_growth_does_nothing_at_the_growth_of_the_baseline_s_tenants(district) -> None:
    # 甲 (1.2亿) grows by 10 %, 乙 (9000万) and 丙 (1000万) by nothing of their own: 12 ÷ 22 × 10 %.
    own = district.units["growth"].to_numpy().copy()
    own[0] = np.log(1.1)
    grown = replace(district, units=district.units.assign(growth=own))
    lever = levers()["incumbent_growth_rate"]
    assert baseline_level(lever, grown) == pytest.approx(0.1 * 12 / 22)
