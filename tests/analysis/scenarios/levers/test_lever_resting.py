"""Where levers rest, and that the simulation moves nothing where one is set to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.baseline.state import Estimate, Growth
from louyu_lab.analysis.scenarios.engine.tape import make_tape
from louyu_lab.analysis.scenarios.levers.resting import growth_rates, resting_interval, resting_value
from louyu_lab.analysis.scenarios.levers.schema import levers
from tests.analysis.scenarios.engine.conftest import made_baseline, scenario

#: Lever -> where it rests in the district of the engine's tests.
RESTING = {
    "absorption_sqm": 0.0,
    "exit_factor": 1.0,
    "swap_void_months": 6.0,
    # 23 000 of 33 000 ㎡.
    "target_occupancy_rate": 23 / 33,
    # Drift of 4 % a year, nothing of their own.
    "incumbent_growth_rate": 0.04,
    "fixed_total_tax_yuan": 1.86e8,
    # 300 元/㎡ of newcomers against 1.86亿 ÷ 23 000 ㎡.
    "new_tenant_yield_ratio": 300 / (1.86e8 / 23_000),
    "new_tenant_registration_rate": 0.9,
    "registration_rate": 0.9,
    "local_share_rate": 0.4,
}


@pytest.mark.parametrize("name", RESTING)
def test_where_a_lever_rests(name) -> None:
    assert resting_value(levers()[name], made_baseline()) == pytest.approx(RESTING[name], rel=1e-12)


@pytest.mark.parametrize("name", ["refit_buildings", "leaving_year", "subsidy_cap_yuan"])
def test_what_rests_at_no_number(name) -> None:
    assert np.isnan(resting_value(levers()[name], made_baseline()))


def test_what_nobody_knows_is_not_known() -> None:
    bare = made_baseline()
    blank = replace(
        bare,
        registration_rate=np.nan,
        buildings=bare.buildings.assign(tax_yuan=np.nan, occupied_area_sqm=np.nan),
    )
    unknown = ("registration_rate", "fixed_total_tax_yuan", "target_occupancy_rate", "new_tenant_yield_ratio")
    assert all(np.isnan(resting_value(levers()[name], blank)) for name in unknown)


def test_a_district_s_own_estimate_comes_first() -> None:
    lever = levers()["refit_vacancy_cut_rate"]
    own = replace(made_baseline(), estimates={lever.name: Estimate(0.05, 0.02, 0.09, "第三章")})
    assert (resting_value(lever, own), resting_interval(lever, own)) == (0.05, (0.02, 0.09))
    assert resting_interval(lever, made_baseline()) == (lever.value_low, lever.value_high)
    assert resting_interval(levers()["registration_rate"], own) is None


def test_growth_by_year_is_the_mean_by_tax_of_tenants_own_on_top_of_the_drift() -> None:
    # 甲银行 (6000万 of 1.86亿 in units) grows by 10 % of its own; drift 2 %, then 5 %.
    base = made_baseline()
    growth = base.units["growth"].to_numpy().copy()
    growth[0] = np.log(1.1)
    units, drift = base.units.assign(growth=growth), np.log([1.02, 1.02 * 1.05])
    base = replace(base, units=units, growth=Growth(drift, 0.05))
    own = 1 + 0.1 * 6e7 / base.units["tax_yuan"].sum()
    assert growth_rates(base) == pytest.approx([own * 1.02 - 1, own * 1.05 - 1], rel=1e-12)


@pytest.mark.parametrize(
    "name",
    [
        *("registration_rate", "new_tenant_registration_rate", "new_tenant_yield_ratio"),
        *("exit_factor", "entry_factor", "incumbent_growth_rate", "absorption_rate"),
    ],
)
def test_set_to_where_it_rests_a_lever_moves_nothing(name) -> None:
    base = made_baseline()
    tape = make_tape(base, 40, seed=3)
    still = tape.run(scenario(**{name: resting_value(levers()[name], base)}))
    # Rounding of a ratio of a number to itself, over sums of 元.
    assert still.tax_yuan == pytest.approx(tape.baseline_courses.tax_yuan, rel=1e-9)
    assert still.registered == pytest.approx(tape.baseline_courses.registered, rel=1e-9)
    assert np.allclose(still.occupied_sqm, tape.baseline_courses.occupied_sqm)
