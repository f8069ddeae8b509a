import pytest

from louyu_lab.analysis.scenarios import simulate
from louyu_lab.analysis.scenarios.answers.newcomers import yield_bounds
from tests.analysis.scenarios.engine.conftest import made_baseline, scenario


def test_the_bounds_are_the_two_yields():
    base = made_baseline()
    before, after = (simulate(base, each, draws=250) for each in (None, scenario(absorption_sqm=1000)))
    made = yield_bounds(before, after)
    more = (after.courses.entrants_tax_yuan - before.courses.entrants_tax_yuan)[:, :, -1].sum(axis=1).mean()
    assert made.year == 2023 and made.own_yuan == pytest.approx(more)
    # 300 元/㎡ by past newcomers; 1.86亿 of tax on 23,000 ㎡ in all.
    assert made.mean_yuan / made.own_yuan == pytest.approx(base.mean_yield_yuan_sqm / 300)
    assert made.mean_yield_yuan_sqm == pytest.approx(1.86e8 / 23000)


def test_no_bounds_where_nobody_more_comes_or_the_user_says_what_they_pay():
    base = made_baseline()
    before = simulate(base, draws=250)
    for changes in (
        {"tax_factor": 0.9},
        {"entry_factor": 0.5},
        {"absorption_sqm": 1000, "new_tenant_yield_ratio": 0.5},
        {"absorption_sqm": 1000, "swap_sqm": 500},
    ):
        assert yield_bounds(before, simulate(base, scenario(**changes), draws=250)) is None
