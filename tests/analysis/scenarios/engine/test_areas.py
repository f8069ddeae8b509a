"""Areas are conserved, capped and asked for exactly; moves gain nothing."""

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.analysis.scenarios.levers.setting import Clause
from tests.analysis.scenarios.engine.conftest import scenario

SCENARIOS = {
    "none": {},
    "absorb": {"absorption_sqm": 1500},
    "absorb too much": {"absorption_sqm": 1e6},
    "shock": {"exit_factor": 2, "entry_factor": 0.3},
    "supply": {"supply_rate": 1, "supply_moved_rate": 0.5, "new_supply_sqm": 3000},
    "all": {
        "absorption_rate": 0.5,
        "unlock_rate": 0.5,
        "swap_sqm": 800,
        "supply_rate": 1,
        "exit_factor": 1.5,
        "vacancy_cut_rate": 0.05,
        "largest_payers_leaving": 1,
        "rent_subsidy_yuan_sqm_month": 20,
        "subsidy_months": 12,
    },
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_building_holds_more_than_can_be_let(baseline, name):
    made = make_tape(baseline, 300, 1).run(scenario(**SCENARIOS[name]))
    limit = np.broadcast_to(made.rentable_sqm - made.unmarketable_sqm, made.occupied_sqm.shape)
    assert (made.occupied_sqm <= limit + 1e-6).all() and (made.occupied_sqm >= -1e-9).all()
    assert (made.taken_sqm <= made.asked_sqm + 1e-6).all()


@pytest.mark.parametrize("name", ["none", "absorb", "absorb too much", "shock", "supply"])
def test_area_is_conserved_at_every_step(baseline, name):
    made = make_tape(baseline, 300, 1).run(scenario(**SCENARIOS[name]))
    held = np.concatenate([np.full((300, 1), 23000.0), made.occupied_sqm.sum(axis=1)], axis=1)
    change = made.let_sqm.sum(axis=1) - made.exits_sqm.sum(axis=1)
    # Moves do not appear: they neither add nor take. float32 shares of 6,000 ㎡: below 0.01 ㎡.
    np.testing.assert_allclose(np.diff(held, axis=1), change, atol=0.05)


def test_absorption_is_exact_where_there_is_room(baseline):
    tape = make_tape(baseline, 300, 1)
    before, after = tape.run(), tape.run(scenario(absorption_sqm=(Clause(700.0, years=(2021,)),)))
    np.testing.assert_allclose(after.taken_sqm, np.broadcast_to([700.0, 0, 0], (300, 3)), atol=1e-6)
    added = (after.occupied_sqm - before.occupied_sqm).sum(axis=1)[:, 0]
    np.testing.assert_allclose(added, 700.0, atol=1e-6)


def test_absorption_takes_no_more_than_there_is_and_says_what_was_asked(baseline):
    made = make_tape(baseline, 300, 1).run(scenario(absorption_sqm=1e6))
    assert (made.asked_sqm == 1e6).all()
    free = (made.rentable_sqm - made.unmarketable_sqm - made.occupied_sqm)[:, :4].sum(axis=1)
    np.testing.assert_allclose(free, 0, atol=0.01)


def test_absorption_in_one_street_stays_there(baseline):
    tape = make_tape(baseline, 300, 1)
    clause = Clause(500.0, years=(2021,), scope={"streets": ("西街",)})
    added = tape.run(scenario(absorption_sqm=(clause,))).occupied_sqm - tape.run().occupied_sqm
    np.testing.assert_allclose(added[:, :2, 0], 0, atol=1e-9)
    np.testing.assert_allclose(added[:, 2:4, 0].sum(axis=1), 500, atol=1e-6)


def test_target_occupancy_is_reached_or_everything_let(baseline):
    made = make_tape(baseline, 300, 1).run(scenario(target_occupancy_rate=(Clause(0.9, years=(2022,)),)))
    rate = made.occupied_sqm[:, :4].sum(axis=1) / 33000
    assert (rate[:, 1] >= 0.9 - 1e-9).all()
    assert rate[:, 0].mean() < 0.85


def test_target_occupancy_counts_new_buildings(baseline):
    levers = {"target_occupancy_rate": 0.75, "new_supply_sqm": (Clause(5000.0, years=(2022,)),)}
    made = make_tape(baseline, 300, 1).run(scenario(**levers))
    rate = made.occupied_sqm.sum(axis=1) / made.rentable_sqm.sum(axis=0)
    assert made.rentable_sqm.sum(axis=0).tolist() == [33000.0, 38000.0, 38000.0]
    assert (rate >= 0.75 - 1e-9).all() and (rate[:, 1] < 0.7501).mean() > 0.5


def test_unlocked_space_can_be_let(baseline):
    tape = make_tape(baseline, 300, 1)
    ask = {"absorption_sqm": 1e6}
    without, with_it = tape.run(scenario(**ask)), tape.run(scenario(**ask, unlock_rate=0.5))
    gained = (with_it.occupied_sqm - without.occupied_sqm)[:, :, 2].sum(axis=1)
    np.testing.assert_allclose(gained, 750.0, atol=0.01)  # half of 500 + 1000
    assert with_it.unlocked_sqm.tolist() == [750.0, 0.0, 0.0]


def test_new_buildings_let_by_prelet_and_half_life(baseline):
    plain = {"supply_rate": 1, "supply_prelet_rate": 0.2, "supply_half_life_years": 2}
    made = make_tape(baseline, 300, 1).run(scenario(**plain, supply_moved_rate=0))
    # 10,000 × 0.5 × 0.8 = 4,000 ㎡ from 2022; half a year after opening 0.2 + 0.8 × (1 − 2^(−¼)) = 0.3273.
    at = made.places["building_id"].tolist().index("X1")
    assert made.rentable_sqm[at].tolist() == [0.0, 4000.0, 4000.0]
    np.testing.assert_allclose(made.occupied_sqm[:, at, 1], 4000 * (1 - 0.8 * 2**-0.25))


def test_what_new_buildings_take_from_old_ones_the_district_does_not_gain(baseline):
    tape = make_tape(baseline, 300, 1)
    plain = {"supply_rate": 1, "supply_prelet_rate": 0.2, "supply_half_life_years": 2}
    attracted = tape.run(scenario(**plain, supply_moved_rate=0))
    drawn = tape.run(scenario(**plain, supply_moved_rate=1))
    at = attracted.places["building_id"].tolist().index("X1")
    np.testing.assert_allclose(drawn.let_sqm[:, at], 0, atol=1e-9)
    np.testing.assert_allclose(drawn.occupied_sqm[:, at, 1], attracted.occupied_sqm[:, at, 1])
    # The old buildings lose as much as the new one wins before the market fills them again.
    assert drawn.occupied_sqm[:, :4, 1].sum() < attracted.occupied_sqm[:, :4, 1].sum()


def test_subsidies_bring_more_in_proportion_to_the_cut_of_rent(baseline):
    tape = make_tape(baseline, 300, 1)
    levers = {"subsidy_months": 12, "rent_elasticity": 0.5, "subsidy_take_up_rate": 1}
    one = tape.run(scenario(rent_subsidy_yuan_sqm_month=(Clause(10.0, years=(2021,)),), **levers))
    base = tape.run().let_sqm[:, :4, 0]
    rent = np.array([60.0, 50.0, 30.0, 50.0])  # unknown: the median
    extra = base * 0.5 * 10 * 12 / (36 * rent)
    np.testing.assert_allclose(one.additional_sqm[:, 0], extra.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(one.supported_sqm[:, 0], (base + extra).sum(axis=1), rtol=1e-6)


def test_deadweight_is_the_share_that_would_have_come(baseline):
    tape = make_tape(baseline, 300, 1)
    made = tape.run(
        scenario(
            rent_subsidy_yuan_sqm_month=10, subsidy_months=12, deadweight_rate=0.8, subsidy_take_up_rate=1
        )
    )
    np.testing.assert_allclose(made.additional_sqm[:, 0] / made.supported_sqm[:, 0], 0.2, rtol=1e-6)


def test_unknown_occupancy_is_unknown_and_nothing_is_let_there(baseline):
    baseline.buildings.loc[2, "occupied_area_sqm"] = np.nan
    made = make_tape(baseline, 50, 1).run(scenario(absorption_sqm=1e6))
    assert np.isnan(made.occupied_sqm[:, 2]).all()
    assert (made.let_sqm[:, 2] == 0).all()
    assert np.isfinite(made.tax_yuan).all()


#: Levers that let, empty or open space, with the values they are drawn from.
_SPACE = {
    "absorption_sqm": (0, 500, 1e5),
    "vacancy_cut_rate": (0, 0.02, 0.3),
    "exit_factor": (0, 1, 4),
    "entry_factor": (0, 1, 5),
    "unlock_rate": (0, 0.5, 1),
    "swap_sqm": (0, 500, 8000),
    "supply_rate": (0, 0.5, 1),
    "supply_prelet_rate": (0.1, 0.9),
    "supply_half_life_years": (0.2, 3),
    "supply_moved_rate": (0, 0.5, 1),
    "new_supply_sqm": (0, 4000),
    "largest_payers_leaving": (0, 1),
    "rent_subsidy_yuan_sqm_month": (0, 60),
}


def test_no_mixture_of_levers_fills_a_place_beyond_what_can_be_let(baseline):
    rng = np.random.default_rng(17)
    tape = make_tape(replace(baseline, move_rate=0.1), 60, 1)
    for _ in range(60):
        chosen = rng.choice(list(_SPACE), 6, replace=False)
        levers = {name: float(rng.choice(_SPACE[name])) for name in chosen}
        made = tape.run(scenario(**levers, swap_void_months=float(rng.choice([0, 6, 18])), subsidy_months=12))
        limit = np.broadcast_to(made.rentable_sqm - made.unmarketable_sqm, made.occupied_sqm.shape)
        assert (made.occupied_sqm <= limit + 1e-6).all(), levers
        assert (made.occupied_sqm >= -1e-9).all(), levers
        assert np.isfinite(made.tax_yuan).all() and (made.tax_yuan >= 0).all(), levers
        assert (made.entrants_tax_yuan <= made.tax_yuan + 1e-6).all(), levers


def test_space_being_swapped_is_nobody_elses(baseline):
    units = baseline.units.assign(exit_rate=0.0)
    quiet = replace(baseline, units=units, move_rate=0.0, demand=replace(baseline.demand, lettings_sqm=1e6))
    made = make_tape(quiet, 50, 1).run(scenario(swap_sqm=4000, swap_void_months=12))
    # The market takes all there is to let: 33,000 − 1,500 ㎡, but for the 4,000 of the year that are void.
    np.testing.assert_allclose(made.occupied_sqm[:, :4].sum(axis=1), 31500 - 4000, atol=0.01)


@pytest.mark.parametrize(("names", "rate"), [("refit_buildings", "refit_vacancy_cut_rate"),
                                             ("merged_buildings", "merge_vacancy_cut_rate")])  # fmt: skip
def test_a_refit_keeps_what_it_has_let(baseline, names, rate):
    quiet = replace(baseline, demand=replace(baseline.demand, lettings_sqm=0.0), move_rate=0.0)
    tape = make_tape(quiet, 200, 1)
    added = tape.run(scenario(**{names: ("甲楼",), rate: 0.05})).occupied_sqm - tape.run().occupied_sqm
    # 5 points of 12,000 ㎡, in every year though a tenth of newcomers leaves again.
    np.testing.assert_allclose(added[:, 0], 600.0, atol=1e-6)


def test_a_cap_on_the_subsidy_caps_what_it_brings(baseline):
    tape = make_tape(baseline, 300, 1)
    levers = {"rent_subsidy_yuan_sqm_month": 10, "subsidy_months": 12, "subsidy_take_up_rate": 0.5}
    free = tape.run(scenario(**levers))
    recipients = free.additional_sqm + 0.5 * (free.supported_sqm - free.additional_sqm)
    cap = float(recipients[:, 0].min() * 120 / 2)
    capped = tape.run(scenario(**levers, subsidy_cap_yuan=cap))
    recipients = capped.additional_sqm + 0.5 * (capped.supported_sqm - capped.additional_sqm)
    np.testing.assert_allclose(recipients[:, 0] * 120, cap, rtol=1e-9)
    assert (capped.additional_sqm[:, 0] <= 0.501 * free.additional_sqm[:, 0]).all()
    assert capped.additional_sqm[:, 0].mean() > 1
