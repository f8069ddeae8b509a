"""Every lever does what it says: each on a district in which nothing else happens."""

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.baseline.state import Estimate
from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.analysis.scenarios.engine.noise import noise_of, places_to_let
from louyu_lab.analysis.scenarios.engine.world import world_of
from louyu_lab.analysis.scenarios.levers.setting import Clause
from tests.analysis.scenarios.engine.conftest import scenario


@pytest.fixture
def empty(baseline):
    """Nobody moves; there is room for whoever comes, and exits are few."""
    rows = baseline.buildings.assign(rentable_area_sqm=[40000.0, 30000.0, 30000.0, 30000.0])
    return replace(baseline, buildings=rows, move_rate=0.0)


def test_the_market_lets_what_is_expected_on_average(empty):
    let = make_tape(empty, 4000, 1).run().let_sqm.sum(axis=1)
    # Shocks of 15 % over 4,000 draws: standard error 0.24 %; four of them.
    np.testing.assert_allclose(let.mean(axis=0), 2300, rtol=0.01)


def test_a_factor_on_demand_changes_what_the_district_lets(empty):
    tape = make_tape(empty, 300, 1)
    usual, half = tape.run(), tape.run(scenario(entry_factor=0.5))
    np.testing.assert_allclose(half.let_sqm.sum(axis=1), usual.let_sqm.sum(axis=1) / 2)


def test_a_factor_on_one_street_shifts_demand_there(empty):
    tape = make_tape(empty, 300, 1)
    clause = Clause(0.0, scope={"streets": ("东街",)})
    usual, made = tape.run(), tape.run(scenario(entry_factor=(clause,)))
    assert not made.let_sqm[:, :2].any()
    np.testing.assert_allclose(made.let_sqm[:, 2:4, 0], usual.let_sqm[:, 2:4, 0])


def test_buildings_that_are_taken_up_twice_as_readily_let_twice_as_much(empty):
    rows = empty.buildings.assign(
        occupied_area_sqm=[9000.0, 8000.0, 4000.0, 2000.0], unmarketable_area_sqm=0.0
    )
    rows = rows.assign(rentable_area_sqm=rows["occupied_area_sqm"] + 20000, take_up=[1.0, 2.0, 1.0, 1.0])
    units = empty.units.assign(exit_rate=0.0)
    let = make_tape(replace(empty, buildings=rows, units=units), 50, 1).run().let_sqm[:, :4, 0]
    np.testing.assert_allclose(let[:, 1] / let[:, 0], 2)


def test_movers_go_by_take_up_too(empty):
    rows = empty.buildings.assign(take_up=[1.0, 1.0, 1.0, 0.0])
    units = empty.units.assign(exit_rate=0.0)
    quiet = replace(empty, buildings=rows, units=units, move_rate=0.2,
                    demand=replace(empty.demand, lettings_sqm=0.0))  # fmt: skip
    gained = make_tape(quiet, 50, 1).run().occupied_sqm[:, 3, 0] - 2000
    np.testing.assert_allclose(gained, -400, atol=0.01)  # a fifth leaves, nobody comes


def test_newcomers_leave_more_where_tenants_do(empty):
    absorb = {"absorption_sqm": (Clause(5000.0, years=(2021,), scope={"buildings": ("甲楼",)}),)}
    quiet = replace(empty, demand=replace(empty.demand, lettings_sqm=0.0))
    tape = make_tape(quiet, 100, 1)
    clause = Clause(2.0, years=(2022,))
    plain, more = tape.run(scenario(**absorb)), tape.run(scenario(**absorb, exit_factor=(clause,)))
    both = [tape.run(scenario(exit_factor=(clause,))), tape.run()]
    left = (
        (more.occupied_sqm - both[0].occupied_sqm)[:, 0, 1],
        (plain.occupied_sqm - both[1].occupied_sqm)[:, 0, 1],
    )
    np.testing.assert_allclose(left[0], 5000 * (1 - 0.2), atol=0.01)
    np.testing.assert_allclose(left[1], 5000 * (1 - 0.1), atol=0.01)
    # And their tax goes with them.
    paid = [made.entrants_tax_yuan[:, 0, 1] for made in (more, plain)]
    np.testing.assert_allclose(paid[0] / paid[1], 0.8 / 0.9)


def test_a_share_of_vacancy_is_of_the_vacancy_at_the_years_start(empty):
    made = make_tape(empty, 50, 1).run(scenario(absorption_rate=(Clause(0.1, years=(2021,)),)))
    free = empty.buildings["rentable_area_sqm"].sum() - 1500 - 23000
    np.testing.assert_allclose(made.taken_sqm[:, 0], 0.1 * free)


def test_a_vacancy_cut_is_in_points_of_rentable_area(empty):
    clause = Clause(0.03, years=(2022,), scope={"buildings": ("乙楼",)})
    tape = make_tape(empty, 50, 1)
    added = (tape.run(scenario(vacancy_cut_rate=(clause,))).occupied_sqm - tape.run().occupied_sqm)[:, 1]
    np.testing.assert_allclose(added[:, :2], np.tile([0.0, 900.0], (50, 1)), atol=1e-6)


def test_one_hand_cuts_vacancy_in_the_buildings_named(empty):
    tape = make_tape(empty, 50, 1)
    made = tape.run(scenario(merged_buildings=("丙楼",), merge_vacancy_cut_rate=0.04))
    added = (made.occupied_sqm - tape.run().occupied_sqm)[:, :, 0]
    np.testing.assert_allclose(added[0, :4], [0, 0, 1200, 0], atol=1e-6)
    assert made.merged_sqm.tolist() == [8000.0, 0.0, 0.0]


def test_a_named_enterprise_leaves_in_its_year(empty):
    made = make_tape(empty, 50, 1).run(scenario(leaving_enterprises=("乙贸易",), leaving_year=2022))
    before = make_tape(empty, 50, 1).run()
    change = (made.tax_yuan - before.tax_yuan).sum(axis=1).mean(axis=0)
    assert abs(change[0]) < 1 and change[1] < -7e7 and change[2] < -6e7  # float32 on the tape


def test_projects_open_later_and_with_another_share_of_offices(empty):
    tape = make_tape(empty, 20, 1)
    late = tape.run(scenario(supply_rate=1, supply_delay_years=1)).rentable_sqm[4]
    assert late.tolist() == [0.0, 0.0, 4000.0]
    half = tape.run(scenario(supply_rate=0.5)).rentable_sqm[4]
    assert half.tolist() == [0.0, 2000.0, 2000.0]
    offices = tape.run(scenario(supply_rate=1, supply_office_rate=0.25)).rentable_sqm[4]
    assert offices.tolist() == [0.0, 2000.0, 2000.0]


def test_new_places_draw_at_most_half_of_the_tenants(empty):
    units = empty.units.assign(exit_rate=0.0)
    quiet = replace(empty, units=units, demand=replace(empty.demand, lettings_sqm=0.0))
    levers = {
        "new_supply_sqm": (Clause(1e5, years=(2021,)),),
        "supply_prelet_rate": 1.0,
        "supply_moved_rate": 1,
    }
    old = make_tape(quiet, 20, 1).run(scenario(**levers)).occupied_sqm[:, :4, 0].sum(axis=1)
    np.testing.assert_allclose(old, 11500, atol=0.01)


def test_an_estimate_of_the_district_stands_in_for_the_prior(empty):
    known = replace(empty, estimates={"refit_vacancy_cut_rate": Estimate(0.1, 0.1, 0.1, "示例")})
    tape = make_tape(known, 20, 1)
    added = (tape.run(scenario(refit_buildings=("甲楼",))).occupied_sqm - tape.run().occupied_sqm)[:, 0, 0]
    np.testing.assert_allclose(added, 4000, atol=1e-6)


def test_a_subsidy_counts_over_three_years_of_lease_and_never_more_than_the_rent(empty):
    tape = make_tape(empty, 50, 1)
    base = tape.run().let_sqm[:, :4, 0]

    def extra(**levers):
        made = tape.run(scenario(rent_elasticity=1, subsidy_take_up_rate=1, **levers))
        return (made.additional_sqm[:, 0] / base.sum(axis=1)).mean()

    three, five = (extra(rent_subsidy_yuan_sqm_month=6, subsidy_months=months) for months in (36, 60))
    assert three == pytest.approx(five)
    rents = np.array([60.0, 50.0, 30.0, 50.0])
    expected = (base * np.minimum(45 / rents, 1)).sum(axis=1) / base.sum(axis=1)
    assert extra(rent_subsidy_yuan_sqm_month=45, subsidy_months=36) == pytest.approx(expected.mean())


def test_numbers_of_enterprises_follow_registration_and_tax(empty):
    units = empty.units.assign(exit_rate=0.0)
    entrants = replace(empty.entrants, exit_rate=0.0)
    quiet = replace(empty, units=units, entrants=entrants, demand=replace(empty.demand, lettings_sqm=0.0))
    tape = make_tape(quiet, 20, 1)
    before = tape.run()
    assert before.firms[0].tolist() == [78.0] * 3
    assert before.registered[0].tolist() == [70.0] * 3 and before.paying[0].tolist() == [43.0] * 3
    made = tape.run(
        scenario(absorption_sqm=(Clause(2000.0, years=(2021,)),), new_tenant_registration_rate=0.5)
    )
    # Ten newcomers of 200 ㎡, half of them registered as set, half paying as past ones.
    assert made.firms[0, 0] == 88 and made.registered[0, 0] == 75 and made.paying[0, 0] == 48
    more = tape.run(scenario(registration_rate=1.0)).registered[0, 0]
    assert more == pytest.approx(70 / 0.9)
    assert tape.run(scenario(registration_rate=1.0)).registered[0, 0] <= 78


def test_a_factor_on_tax_is_on_newcomers_too(empty):
    absorb = {"absorption_sqm": (Clause(5000.0, years=(2021,)),)}
    tape = make_tape(empty, 50, 1)
    plain, cut = tape.run(scenario(**absorb)), tape.run(scenario(**absorb, tax_factor=0.8))
    np.testing.assert_allclose(cut.entrants_tax_yuan, 0.8 * plain.entrants_tax_yuan)


def test_who_comes_pays_what_it_pays_whatever_chapter_04_counts(empty):
    raw = make_tape(empty, 500, 1).run().tax_yuan[:, :4]
    halved = replace(empty, tax_draws=np.sort(raw, axis=0) / 2)
    absorb = scenario(absorption_sqm=(Clause(5000.0, years=(2021,)),))
    changes = []
    for base in (empty, halved):
        tape = make_tape(base, 500, 1)
        changes.append((tape.run(absorb).tax_yuan - tape.run().tax_yuan).sum(axis=1).mean(axis=0))
    np.testing.assert_allclose(changes[0], changes[1], rtol=1e-9)


def test_tax_never_falls_below_nothing(empty):
    raw = make_tape(empty, 500, 1).run().tax_yuan[:, :4]
    small = replace(empty, tax_draws=np.sort(raw, axis=0) * 0.01)
    made = make_tape(small, 500, 1).run(scenario(entry_factor=0, largest_payers_leaving=3))
    assert (made.tax_yuan >= 0).all()


def test_leaving_and_growing_are_independent(baseline):
    world = world_of(baseline)
    noise = noise_of(baseline, world, places_to_let(baseline, world), 0, 0)
    pays = np.flatnonzero(world.tax > 0)
    own = np.log(noise.grown[0][:, pays]) - np.log(noise.grown[0][:, pays]).mean(axis=1, keepdims=True)
    each = [abs(np.corrcoef(noise.staying[:, unit], own[:, at])[0, 1]) for at, unit in enumerate(pays)]
    assert max(each) < 0.25  # 250 draws: standard error 0.063


def test_swapped_space_of_earlier_years_pays_less_while_it_is_void(empty):
    units = empty.units.assign(exit_rate=0.0, growth_sd=0.0)
    entrants = replace(empty.entrants, exit_rate=0.0, multiples=np.ones(1))
    growth = replace(empty.growth, drift=np.zeros(3), common_sd=0.0, drift_sd=0.0, building_sd=0.0)
    quiet = replace(
        empty, units=units, entrants=entrants, growth=growth, demand=replace(empty.demand, lettings_sqm=0.0)
    )
    levers = {"swap_sqm": (Clause(1000.0, years=(2021,)),), "swap_yield_ratio": 1, "swap_void_months": 6}
    paid = make_tape(quiet, 20).run(scenario(**levers)).entrants_tax_yuan.sum(axis=1)[0]
    full = 1000 * quiet.mean_yield_yuan_sqm
    # Void for half a year from a moment spread over the first: ½ × ½² of that year, 1 − ½ × ½² of the next.
    np.testing.assert_allclose(paid / full, [0.125, 0.875, 1.0], rtol=1e-3)


RENT = "rent_subsidy_yuan_sqm_month"


def test_a_subsidy_costs_what_it_promises_to_all_who_get_it(empty):
    levers = {RENT: 10, "subsidy_months": 12, "subsidy_take_up_rate": 0.5, "rent_elasticity": 1}
    made = make_tape(empty, 50, 1).run(scenario(**levers))
    anyway = 0.5 * (made.supported_sqm - made.additional_sqm)
    np.testing.assert_allclose(made.support_yuan, 120 * (made.additional_sqm + anyway))
    np.testing.assert_allclose(made.idle_support_yuan, 120 * anyway)
    cap = (Clause(1e5, years=(2021,)), Clause(1e9, years=(2022, 2023)))
    capped = make_tape(empty, 50, 1).run(scenario(**levers, subsidy_cap_yuan=cap))
    np.testing.assert_allclose(capped.support_yuan[:, 0], 1e5)
    assert (capped.support_yuan[:, 1] > 1e5).all()
    share = capped.idle_support_yuan / capped.support_yuan
    np.testing.assert_allclose(share, made.idle_support_yuan / made.support_yuan, rtol=0.02)


def test_buildings_are_paid_their_own_rates(empty):
    rates = (Clause(30.0), Clause(10.0, scope={"buildings": ("乙楼",)}))
    certain = {"subsidy_months": 12, "subsidy_take_up_rate": 1, "deadweight_rate": 1}
    made = make_tape(empty, 50, 1).run(scenario(**{RENT: rates}, **certain))
    let = made.let_sqm[:, :4]
    expected = 12 * (30 * let[:, [0, 2, 3]].sum(axis=1) + 10 * let[:, 1])
    np.testing.assert_allclose(made.support_yuan, expected)


def test_industries_are_paid_their_own_rates_in_whatever_order(empty):
    """甲楼 4,000 ㎡ 金融 and 5,000 科技; of a building's newcomers each has the share of its area."""
    two = [Clause(10.0, scope={"industries": ("金融",)}), Clause(30.0, scope={"industries": ("科技",)})]
    certain = {"subsidy_months": 12, "subsidy_take_up_rate": 1, "rent_elasticity": 1}
    here = [replace(clause, scope={**clause.scope, "buildings": ("甲楼",)}) for clause in two]
    tape = make_tape(empty, 50, 1)
    made, other = (tape.run(scenario(**{RENT: tuple(order)}, **certain)) for order in (here, here[::-1]))
    np.testing.assert_array_equal(made.support_yuan, other.support_yuan)
    come = tape.run().let_sqm[:, 0, 0]
    extra = come * (4 / 9 * 10 + 5 / 9 * 30) * 12 / (36 * 60)
    np.testing.assert_allclose(made.additional_sqm[:, 0], extra)
    np.testing.assert_allclose(made.supported_sqm[:, 0], come + extra)
    paid = come * 12 * (4 / 9 * (10 + 100 / 180) + 5 / 9 * (30 + 900 / 180))
    np.testing.assert_allclose(made.support_yuan[:, 0], paid)
