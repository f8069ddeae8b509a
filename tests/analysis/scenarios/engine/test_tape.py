from dataclasses import fields, replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.engine import Courses, make_tape
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Clause
from tests.analysis.scenarios.engine.conftest import scenario

CHANGES = {
    "absorption_sqm": 500,
    "exit_factor": 1.2,
    "supply_rate": 1,
    "rent_subsidy_yuan_sqm_month": 10,
    "subsidy_months": 6,
}


def _same(one, other):
    for each in fields(Courses):
        if each.name not in ("places", "years"):
            np.testing.assert_array_equal(
                getattr(one, each.name), getattr(other, each.name), err_msg=each.name
            )


def test_no_change_is_the_baseline_bit_for_bit(baseline):
    tape = make_tape(baseline, 600, 3)
    _same(tape.run(scenario()), tape.run())


@pytest.mark.parametrize(
    "changes",
    [{"absorption_sqm": 0}, {"exit_factor": 1}, {"entry_factor": 1}, {"tax_factor": 1}, {"supply_rate": 0},
     {"growth_change_rate": 0}, {"registration_rate": 0.9}, {"swap_sqm": 0}, {"unlock_rate": 0}],
)  # fmt: skip
def test_a_lever_at_its_baseline_value_changes_nothing(baseline, changes):
    forecast = np.sort(np.random.default_rng(0).lognormal(17, 1, (100, 4, 3)), axis=0)
    tape = make_tape(replace(baseline, tax_draws=forecast), 300, 3)
    _same(tape.run(scenario(**changes)), tape.run())


def test_any_number_of_jobs_gives_the_same(baseline):
    _same(
        make_tape(baseline, 600, 3, jobs=2).run(scenario(**CHANGES)),
        make_tape(baseline, 600, 3).run(scenario(**CHANGES)),
    )


def test_the_first_draws_do_not_depend_on_how_many_follow(baseline):
    few, many = (make_tape(baseline, draws, 3).run(scenario(**CHANGES)) for draws in (300, 700))
    np.testing.assert_array_equal(few.occupied_sqm, many.occupied_sqm[:300])
    np.testing.assert_array_equal(few.tax_yuan, many.tax_yuan[:300])


def test_tapes_too_long_to_keep_are_drawn_anew(baseline, monkeypatch):
    kept = make_tape(baseline, 600, 3).run(scenario(**CHANGES))
    monkeypatch.setattr("louyu_lab.analysis.scenarios.engine.tape._KEPT_BYTES", 0)
    _same(make_tape(baseline, 600, 3).run(scenario(**CHANGES)), kept)


def test_the_baseline_has_the_chances_of_chapter_04(baseline):
    rng = np.random.default_rng(5)
    forecast = np.sort(rng.lognormal(np.log([[7e7], [1.1e8], [3e6], [9e7]]), 0.4, (1000, 4, 3)), axis=0)
    made = make_tape(replace(baseline, tax_draws=forecast), 2000, 3).run()
    chance = (made.tax_yuan[:, :4] >= 1e8).mean(axis=0)
    np.testing.assert_allclose(chance, (forecast >= 1e8).mean(axis=0), atol=0.0011)


def test_a_scenario_moves_a_forecast_as_it_moves_the_engine(baseline):
    rng = np.random.default_rng(5)
    forecast = np.sort(rng.lognormal(np.log([[7e7], [1.1e8], [3e6], [3e6]]), 0.4, (1000, 4, 3)), axis=0)
    quiet = replace(baseline, tax_draws=forecast, demand=replace(baseline.demand, lettings_sqm=0.0))
    tape = make_tape(quiet, 500, 3)
    before, after = tape.run(), tape.run(scenario(tax_factor=0.8))
    factor = after.tax_yuan[:, :4].sum(axis=(1, 2)) / before.tax_yuan[:, :4].sum(axis=(1, 2))
    np.testing.assert_allclose(factor, 0.8, rtol=1e-5)


def test_more_exits_never_mean_more_tax_or_area(baseline):
    tape = make_tape(replace(baseline, demand=replace(baseline.demand, lettings_sqm=0.0)), 500, 3)
    before, after = tape.run(), tape.run(scenario(exit_factor=1.5))
    assert (after.occupied_sqm.sum(axis=1) <= before.occupied_sqm.sum(axis=1) + 0.01).all()
    assert (after.tax_yuan.sum(axis=1) <= before.tax_yuan.sum(axis=1) * (1 + 1e-6)).all()


def test_uncertain_levers_widen_but_do_not_shift(baseline):
    tape = make_tape(baseline, 2000, 3)
    sure = tape.run(scenario(tax_factor=0.9)).tax_yuan.sum(axis=1)[:, 2]
    clause = Clause(0.9, low=0.8, high=1.0)
    unsure = tape.run(scenario(tax_factor=(clause,))).tax_yuan.sum(axis=1)[:, 2]
    assert unsure.std() > 1.02 * sure.std()
    assert np.median(unsure / sure) == pytest.approx(1, abs=0.01)


def test_doubling_the_draws_halves_the_squared_error(baseline):
    def squared_error(draws):
        means = [
            make_tape(baseline, draws, seed).run().occupied_sqm[:, :4, 2].sum(axis=1).mean()
            for seed in range(60)
        ]
        return np.var(means, ddof=1)

    ratio = squared_error(125) / squared_error(250)
    # The ratio of two variances of 60 means: F(59, 59), 99 % between 0.51 and 1.97, times 2.
    assert 1.02 < ratio < 3.95


#: Levers that make an uncertain one count, with a value and an interval for it.
UNCERTAIN = {
    "exit_factor": (1.5, {}),
    "entry_factor": (0.5, {}),
    "incumbent_growth_rate": (0.05, {}),
    "growth_change_rate": (0.02, {}),
    "tax_factor": (0.9, {}),
    "vacancy_cut_rate": (0.02, {}),
    "refit_vacancy_cut_rate": (0.05, {"refit_buildings": ("甲楼",)}),
    "refit_tax_factor": (1.2, {"refit_buildings": ("甲楼",)}),
    "merge_vacancy_cut_rate": (0.05, {"merged_buildings": ("甲楼",)}),
    "supply_prelet_rate": (0.3, {"supply_rate": 1}),
    "supply_half_life_years": (2.0, {"supply_rate": 1}),
    "supply_moved_rate": (0.5, {"supply_rate": 1}),
    "rent_elasticity": (0.5, {"rent_subsidy_yuan_sqm_month": 10, "subsidy_months": 12}),
    "registration_recovery_rate": (0.5, {"registration_rate": 0.99}),
    "swap_void_months": (6.0, {"swap_sqm": 1000}),
    "swap_yield_ratio": (1.0, {"swap_sqm": 1000}),
    "new_tenant_yield_ratio": (0.5, {"absorption_sqm": 1000}),
}


def test_every_lever_that_may_vary_is_drawn_and_no_other(baseline):
    assert {name for name, lever in levers().items() if lever.may_vary} == set(UNCERTAIN)
    assert {name for name, lever in levers().items() if lever.value_low is not None} <= set(UNCERTAIN)
    tape = make_tape(baseline, 250, 3)
    for name, (value, others) in UNCERTAIN.items():
        sure = tape.run(scenario(**others, **{name: (Clause(value),)}))
        unsure = tape.run(scenario(**others, **{name: (Clause(value, low=value / 2, high=value * 2),)}))
        differs = [
            not np.array_equal(getattr(sure, one), getattr(unsure, one))
            for one in ("tax_yuan", "occupied_sqm")
        ]
        assert any(differs), name
