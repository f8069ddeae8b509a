"""Tax against hand calculation where chance is switched off, and the district's sums where it is not."""

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.baseline.state import Growth
from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.analysis.scenarios.levers.setting import Clause
from tests.analysis.scenarios.engine.conftest import scenario


@pytest.fixture
def still(baseline):
    """Nobody leaves, comes or moves; everybody's tax grows by 4 % a year."""
    units = baseline.units.assign(exit_rate=0.0, growth_sd=0.0)
    demand = replace(baseline.demand, lettings_sqm=0.0)
    growth = Growth(np.log(1.04) * np.arange(1, 4), 0.0)
    entrants = replace(baseline.entrants, exit_rate=0.0, multiples=np.ones(1))
    return replace(baseline, units=units, demand=demand, growth=growth, entrants=entrants, move_rate=0.0)


BASE = 1.86e8  # sum of units' tax
GROWN = 1.04 ** np.arange(1, 4)


def _total(courses):
    # Tax is kept in float32 on the tape: six digits.
    return courses.tax_yuan.sum(axis=1)[0]


def test_the_baseline_grows_by_its_drift(still):
    np.testing.assert_allclose(_total(make_tape(still, 10).run()), BASE * GROWN, rtol=1e-6)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tax_factor": 0.9}, BASE * GROWN * 0.9),
        ({"tax_factor": (Clause(0.5, years=(2022,)),)}, BASE * GROWN * [1, 0.5, 1]),
        ({"incumbent_growth_rate": 0.1}, BASE * 1.1 ** np.arange(1, 4)),
        ({"incumbent_growth_rate": (Clause(0.1, years=(2022,)),)}, BASE * np.array([1.04, 1.04 * 1.1, 1.04**2 * 1.1])),
        ({"growth_change_rate": 0.02}, BASE * (1.04 * 1.02) ** np.arange(1, 4)),
        ({"tax_type_factor": (Clause(0.5, scope={"tax_types": ("增值税",)}),)}, BASE * GROWN * 0.8),
        ({"tax_type_factor": 0.5}, BASE * GROWN * 0.8 * 0.85),
        ({"registration_rate": 0.99, "registration_recovery_rate": 0.5}, BASE * GROWN * 1.05),
        ({"registration_rate": 0.9}, BASE * GROWN),
        ({"largest_payers_leaving": (Clause(1.0, years=(2022,)),)}, GROWN * [BASE, BASE - 9e7, BASE - 9e7]),
        ({"leaving_enterprises": ("甲银行",)}, GROWN * (BASE - 6e7)),
        ({"fixed_total_tax_yuan": 2e8}, np.full(3, 2e8)),
        ({"refit_buildings": ("丙楼",), "refit_year": 2022, "refit_tax_factor": 2, "refit_vacancy_cut_rate": 0},
         GROWN * (BASE + np.array([0, 3e6, 3e6]))),
    ],
)  # fmt: skip
def test_levers_on_tax_are_exact(still, changes, expected):
    np.testing.assert_allclose(_total(make_tape(still, 10).run(scenario(**changes))), expected, rtol=1e-6)


def test_a_factor_for_one_industry_touches_only_it(still):
    clause = Clause(0.5, scope={"industries": ("金融",)})
    made = make_tape(still, 10).run(scenario(tax_factor=(clause,)))
    np.testing.assert_allclose(_total(made), (BASE - 3.1e7) * GROWN, rtol=1e-6)


def test_newcomers_pay_by_area_yield_and_ramp(still):
    made = make_tape(still, 10).run(scenario(absorption_sqm=(Clause(1000.0, years=(2021,)),)))
    added = made.entrants_tax_yuan.sum(axis=1)[0]
    # 1,000 ㎡ × 300 元, half of it in the first year, growing by 4 %.
    np.testing.assert_allclose(added, 3e5 * np.array([0.5, 1, 1]) * GROWN, rtol=1e-9)


def test_yield_and_registration_of_newcomers_are_ratios(still):
    levers = {"new_tenant_yield_ratio": 0.5, "new_tenant_registration_rate": 0.81}
    made = make_tape(still, 10).run(scenario(absorption_sqm=(Clause(1000.0, years=(2021,)),), **levers))
    mean = still.mean_yield_yuan_sqm
    expected = 1000 * mean * 0.5 * 0.81 / 0.9 * np.array([0.5, 1, 1]) * GROWN
    np.testing.assert_allclose(made.entrants_tax_yuan.sum(axis=1)[0], expected, rtol=1e-9)


def test_swaps_replace_the_lowest_yields(still):
    levers = {"swap_void_months": 0, "swap_yield_ratio": 1}
    made = make_tape(still, 10).run(scenario(swap_sqm=(Clause(1000.0, years=(2021,)),), **levers))
    # The unlisted 1,000 ㎡ of 丙楼 pay nothing and go first. Their successors pay the mean yield, half in the first year.
    added = _total(made) - BASE * GROWN
    np.testing.assert_allclose(
        added, 1000 * still.mean_yield_yuan_sqm * np.array([0.5, 1, 1]) * GROWN, rtol=1e-4
    )
    assert made.swapped_sqm[0].tolist() == [1000.0, 0.0, 0.0]
    np.testing.assert_allclose(made.occupied_sqm[0, :4, 0].sum(), 23000)


def test_void_months_empty_the_swapped_space(still):
    levers = {"swap_void_months": 6, "swap_yield_ratio": 1}
    made = make_tape(still, 10).run(scenario(swap_sqm=(Clause(1000.0, years=(2021,)),), **levers))
    # Swaps are spread over the year: half of the space is still void at its end, none a year later.
    np.testing.assert_allclose(made.occupied_sqm[0, :4].sum(axis=0), [22500, 23000, 23000])


@pytest.mark.parametrize("changes", [{}, {"supply_rate": 1, "supply_moved_rate": 1}])
def test_moves_are_zero_sum(baseline, changes):
    units, entrants = baseline.units.assign(exit_rate=0.0), replace(baseline.entrants, exit_rate=0.0)
    quiet = replace(
        baseline, units=units, entrants=entrants, demand=replace(baseline.demand, lettings_sqm=0.0)
    )
    still, moving = replace(quiet, move_rate=0.0), replace(quiet, move_rate=0.2)
    without = make_tape(still, 300, 2).run()
    made = make_tape(moving, 300, 2).run(scenario(**changes))
    np.testing.assert_allclose(made.tax_yuan.sum(axis=1), without.tax_yuan.sum(axis=1), rtol=1e-6)
    assert (np.abs(made.tax_yuan - without.tax_yuan).max(axis=(0, 2)) > 1e5).any()
    np.testing.assert_allclose(made.occupied_sqm.sum(axis=1), 23000, atol=0.01)


def test_a_large_payer_moves_as_a_whole_with_its_chance(baseline):
    units = baseline.units.assign(exit_rate=0.0, growth_sd=0.0)
    quiet = replace(baseline, units=units, demand=replace(baseline.demand, lettings_sqm=0.0), move_rate=0.2,
                    growth=Growth(np.zeros(3), 0.0))  # fmt: skip
    tax = make_tape(quiet, 4000, 2).run().tax_yuan[:, 1, 0]
    # E2 pays 9e7 of 乙楼's 1.1e8: it is there or not. It leaves with 20 % and may come back to the same building.
    is_there = tax > 9e7
    assert set(np.round(tax[is_there] - tax[~is_there].min(), -7)) <= {9e7, 1.5e8}
    world_share = 2000 / (2500 * 1 + 2000 + 1000 + 3000)
    assert is_there.mean() == pytest.approx(0.8 + 0.2 * world_share, abs=0.03)  # four standard errors


def test_who_leaves_in_a_year_pays_half_of_it(still):
    leaving = replace(still, units=still.units.assign(exit_rate=0.2, firms=0))
    made = make_tape(leaving, 4000, 2).run().tax_yuan.sum(axis=1).mean(axis=0)
    # Means over 4,000 draws of sums dominated by a few payers: standard error 0.4 %.
    np.testing.assert_allclose(made, BASE * GROWN * [0.9, 0.72, 0.576], rtol=0.02)


def test_growth_in_place_of_the_baselines_is_every_tenants(still):
    uneven = replace(still, units=still.units.assign(growth=np.linspace(-0.1, 0.2, 8)))
    made = make_tape(uneven, 10).run(scenario(incumbent_growth_rate=0.05))
    np.testing.assert_allclose(_total(made), BASE * 1.05 ** np.arange(1, 4), rtol=1e-6)


def test_who_comes_by_swaps_is_drawn_like_any_newcomer(still):
    tailed = replace(still, entrants=replace(still.entrants, multiples=np.array([0.0] * 9 + [10.0])))
    levers = {"swap_void_months": 0, "swap_yield_ratio": 1}
    made = make_tape(tailed, 2000).run(scenario(swap_sqm=(Clause(1000.0, years=(2021,)),), **levers))
    paid = made.entrants_tax_yuan[:, 2, 2] / (1000 * still.mean_yield_yuan_sqm * GROWN[2])
    # Five newcomers of 200 ㎡, each paying nothing or ten times the mean: nobody pays in 0.9^5 = 59 % of draws.
    assert paid.mean() == pytest.approx(1, abs=0.12)  # four standard errors of 3 ÷ √5 ÷ √2000
    assert (paid == 0).mean() == pytest.approx(0.59, abs=0.05)


def test_what_new_places_draw_counts_there_as_it_did_at_home(baseline):
    """With chapter 04 behind it, a 元 of a building counts more or less than one: so it does where it moves."""
    units = baseline.units.assign(exit_rate=0.0)
    entrants = replace(baseline.entrants, exit_rate=0.0)
    quiet = replace(baseline, units=units, entrants=entrants, move_rate=0.0,
                    demand=replace(baseline.demand, lettings_sqm=0.0))  # fmt: skip
    raw = make_tape(quiet, 1000, 3).run().tax_yuan[:, :4]
    forecast = np.sort(raw, axis=0) * np.array([0.7, 1.4, 1.0, 2.0])[:, None]
    tape = make_tape(replace(quiet, tax_draws=forecast), 400, 3)
    before, after = tape.run(), tape.run(scenario(supply_rate=1, supply_moved_rate=1, new_supply_sqm=3000))
    assert after.tax_yuan[:, 4:, 2].sum(axis=1).mean() > 1e6
    np.testing.assert_allclose(after.tax_yuan.sum(axis=1), before.tax_yuan.sum(axis=1), rtol=1e-6)


def test_nobody_moves_where_there_is_no_room(baseline):
    units = baseline.units.assign(exit_rate=0.0)
    quiet = replace(baseline, units=units, demand=replace(baseline.demand, lettings_sqm=0.0), move_rate=0.0)
    levers = {
        "new_supply_sqm": (Clause(3000.0, years=(2021,)),),
        "supply_moved_rate": 1,
        "supply_prelet_rate": 0.5,
        "supply_half_life_years": 1.8,
    }
    made = make_tape(quiet, 2000, 3).run(scenario(**levers))
    # 1,763 ㎡ let in the first year: E3 (500 ㎡) fits, E1 and E2 (4,000 and 2,000 ㎡) do not and stay.
    there = made.tax_yuan[:, 5, 0]
    assert made.occupied_sqm[:, 5, 0].max() < 2000
    assert there.max() < 1.5e7 and there.max() > 2e6
