"""Growth of few years and few payers stays plausible, and agrees with chapter 04 where that has spoken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.growth import agreeing, learned_growth, money_index, own_growth
from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.tenants.growth import Growth as TenantGrowth
from louyu_lab.analysis.tax.tenants.growth import Pool
from louyu_lab.analysis.tax.tenants.shocks import Shocks


def _history(tax: list[list[float]]) -> TaxHistory:
    rows = np.array(tax)
    years = np.arange(2021 - rows.shape[1], 2021)
    ids = np.array([f"L{place}" for place in range(len(rows))])
    return TaxHistory(ids, np.full(len(rows), ""), np.full(len(rows), True), years, rows)


def _model(growth: list[float], left_out: tuple[int, ...] = (), chance: float = 0.0) -> TenantGrowth:
    """Return chapter 04's model of a few years of common growth; ``chance`` all that its payers' pool holds."""
    values = np.array(growth)
    years = np.arange(2021 - len(growth), 2021)
    told = values[~np.isin(years, left_out)]
    sd = float(told.std())
    shocks = Shocks(
        years, values, float(told.mean()), sd / np.sqrt(len(told)), sd, left_out, owed=0.0, returns=0.0
    )
    pool = Pool(np.full(80, chance), np.ones(80))
    return TenantGrowth(shocks, np.zeros(1), np.zeros(1), {}, 1.0, np.zeros(1), (pool,) * 4, (pool,) * 4)


def test_a_few_years_of_the_payers_are_drawn_to_nothing() -> None:
    found = learned_growth(_model([0.04, 0.05, 0.06]), _history([[1.0, 1.0]]), lag=0, horizon=3)
    # 5 % of three years and two years at 0: 3 %.
    np.testing.assert_allclose(found.drift, [0.03, 0.06, 0.09])
    # The scatter of the three, 0.0082, is less than any district's: 0.02, and of the drift 0.02 ÷ √5.
    assert (found.common_sd, found.drift_sd) == pytest.approx((0.02, 0.02 / np.sqrt(5)))


def test_years_that_are_left_out_count_for_nothing() -> None:
    found = learned_growth(_model([0.05, 0.05, -0.3], left_out=(2020,)), _history([[1.0]]), 0, 1)
    np.testing.assert_allclose(found.drift, [0.05 * 2 / 4])


def test_a_young_building_does_not_grow_for_ever() -> None:
    # Filled within two years: tax × 3.9, then × 0.96; the mean, 65 % a year, is no district's growth.
    tenants = learned_growth(_model([1.35, -0.04]), _history([[1.0, 1.0]]), lag=0, horizon=3)
    sums = learned_growth(None, _history([[100.0, 390.0, 370.0]]), lag=0, horizon=3)
    for found in (tenants, sums):
        np.testing.assert_allclose(found.drift, [0.15, 0.30, 0.45])
        assert (found.common_sd, found.drift_sd) == pytest.approx((0.2, 0.1))


def test_old_tax_is_not_blown_up_by_one_year_of_few_payers() -> None:
    index = money_index(_model([1.35, -0.04]), np.arange(2018, 2021))
    # At most 0.3 a year: 2018 is worth e^(0.3 − 0.04) of 2020.
    np.testing.assert_allclose(index, np.exp([0.26, -0.04, 0.0]))


def test_chance_of_a_small_pool_is_no_growth() -> None:
    # All pairs of the pool grew by e^0.24: of that 5 % a year is believed.
    growth, sd = own_growth(
        _model([0.0, 0.0], chance=0.24), pd.Series(["金融", "金融"]), np.array([1e6, 0.0]), 3
    )
    np.testing.assert_allclose(growth, [0.05, 0.0])
    np.testing.assert_allclose(sd, 0.0)


def _with_forecast(mean_yuan: list[float], tax: float = 1e8):
    """One building of ``tax``; chapter 04 is sure of ``mean_yuan``."""
    baseline = standalone([tax], year=2020, horizon=3)
    return replace(baseline, tax_draws=np.tile(np.array(mean_yuan), (10, 1, 1)))


def test_growth_agrees_with_chapter_04() -> None:
    baseline = _with_forecast([1.05e8, 1.08e8, 1.15e8])
    made = agreeing(baseline)
    # Log tax is a random walk of variance (0.06² + 0.2²) a year; half of it lifts the mean.
    lifted = (0.06**2 + 0.2**2) / 2 * np.arange(1, 4)
    np.testing.assert_allclose(made.growth.drift, np.log([1.05, 1.08, 1.15]) - lifted)
    pd.testing.assert_frame_equal(made.units, baseline.units)
    raw = make_tape(replace(made, tax_draws=None), 4000).baseline_courses.tax_yuan.sum(axis=1).mean(axis=0)
    # Scatter of the mean of 4,000 draws: 0.36 ÷ √4000 = 0.6 % in the third year.
    np.testing.assert_allclose(raw, [1.05e8, 1.08e8, 1.15e8], rtol=0.02)


def test_growth_beyond_the_plausible_is_the_payers_own() -> None:
    # × 1.5 a year is 0.405: 0.15 of it is the district's, the rest, with the lift of the mean, the payers'.
    made = agreeing(_with_forecast([1.5e8, 2.25e8, 3.375e8]))
    np.testing.assert_allclose(made.growth.drift, [0.15, 0.30, 0.45])
    np.testing.assert_allclose(made.units["growth"], np.log(1.5) - (0.06**2 + 0.2**2) / 2 - 0.15)


@pytest.mark.parametrize(("forecast", "way"), [(1e8, 1), (1.0, -1)])
def test_next_to_no_tax_does_not_explode(forecast: float, way: int) -> None:
    made = agreeing(_with_forecast([forecast] * 3, tax=1.0 if way > 0 else 1e8))
    np.testing.assert_allclose(made.growth.drift, [0.15 * way, 0.30 * way, 0.45 * way])
    np.testing.assert_allclose(made.units["growth"], 0.5 * way)


def test_tax_that_ends_before_the_base_year_has_grown_meanwhile() -> None:
    # × 1.25 within two years is within 0.15 a year.
    made = agreeing(_with_forecast([1.25e8] * 3), lag=1)
    assert made.growth.drift[0] == pytest.approx(np.log(1.25) - (0.06**2 + 0.2**2) / 2)


def test_without_a_forecast_nothing_is_changed() -> None:
    baseline = standalone([1e8], year=2020, horizon=3)
    assert agreeing(baseline) is baseline
    silent = replace(baseline, tax_draws=np.full((4, 1, 3), np.nan))
    np.testing.assert_array_equal(agreeing(silent).growth.drift, np.zeros(3))
