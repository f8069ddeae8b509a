"""Expected vacancy against closed forms and against the random process itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from louyu_lab.ledgers.demo.planted.chain import STILL_THERE, Spells, simulate
from louyu_lab.ledgers.demo.planted.drivers import DRIVERS
from louyu_lab.ledgers.demo.planted.effects import driver_shifts
from louyu_lab.ledgers.demo.planted.expected import (
    expected_exits,
    expected_vacancy,
    expected_vacancy_same_year,
    months_open,
    resting_state,
)
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.rates import Circumstances, Rates, monthly, process_rates


def constant_rates(
    letting: float, leaving: list[float], mix: list[float], opening: int, years: int = 4
) -> Rates:
    """One building whose yearly rates never change."""
    halves = 2 * years
    return Rates(
        log_letting=np.full((1, halves), np.log(letting)),
        log_leaving=np.zeros((1, halves)),
        leaving_factor=np.tile(leaving, (halves, 1)),
        entry_mix=np.array([mix]),
        opening_month=np.array([opening]),
    )


def test_at_rest_vacancy_is_leaving_over_leaving_and_letting() -> None:
    # Monthly: leaving p = 1 − e^(−0.12/12) = 0.0099502, letting q = 1 − e^(−0.48/12) = 0.0392106;
    # p / (p + q) = 0.2024007, month after month.
    rates = constant_rates(0.48, [0.12], [1.0], opening=-1200)
    assert expected_vacancy(rates)[0, 0] == pytest.approx([0.2024007] * 4, abs=1e-7)


def test_sectors_that_stay_longer_hold_more() -> None:
    # Shares of suites are as mix / exit: 0.5 / 0.01 to 0.5 / 0.02, vacant 1 / (1 + 0.04 × 75) = 0.25.
    held = resting_state(np.array([[0.01, 0.02]]), np.array([0.04]), np.array([[0.5, 0.5]]))
    assert held[0] == pytest.approx([0.5, 0.25])


def test_a_new_building_fills_geometrically() -> None:
    # Opened in month 4; vacancy − rest shrinks by (1 − p − q) a month: from month 5 to December 7 steps.
    rates = constant_rates(0.48, [0.12], [1.0], opening=4)
    p, q = -np.expm1(-0.01), -np.expm1(-0.04)
    rest = p / (p + q)
    steps = 7 + 12 * np.arange(4)
    assert expected_vacancy(rates)[0, 0] == pytest.approx(rest + (1 - rest) * (1 - p - q) ** steps)


def test_a_building_opened_before_the_start_is_as_far_as_its_months_allow() -> None:
    # Opened in month −5: let from −4 to −1, four months, and twelve more until the first December.
    rates = constant_rates(0.48, [0.12], [1.0], opening=-5)
    p, q = -np.expm1(-0.01), -np.expm1(-0.04)
    rest = p / (p + q)
    steps = 4 + 12 * np.arange(1, 5)
    assert expected_vacancy(rates)[0, 0] == pytest.approx(rest + (1 - rest) * (1 - p - q) ** steps)


def test_there_is_no_cliff_at_the_start() -> None:
    """Opened a month earlier or later, a building differs by a month's letting, around the start too."""
    assert months_open(np.array([-3, -2, -1, 0, 1])).tolist() == [2, 1, 0, 0, 0]
    ends = [
        expected_vacancy(constant_rates(0.48, [0.12, 0.2], [0.4, 0.6], opening))[0, 0, 0]
        for opening in range(-40, 6)
    ]
    steps = np.diff(ends)
    assert (steps > 0).all()
    # One month lets 1 − e^(−0.04) = 3.9 % of what is vacant.
    assert steps.max() < 0.04


def test_years_of_tenancy_and_exits_add_up() -> None:
    # At rest 1 − 0.2024007 of 50 suites are let, month by month; a month's exit probability is 0.0099502.
    rates = constant_rates(0.48, [0.12], [1.0], opening=-1200)
    exits, tenant_years = expected_exits(rates, np.array([50]), first_year=1)
    assert tenant_years == pytest.approx([3 * 50 * 0.7975993], abs=1e-4)
    assert exits == pytest.approx(12 * tenant_years * 0.0099502, abs=1e-4)


def test_exits_are_those_of_the_chain(few_years: PlantedPlan, state: Circumstances) -> None:
    rates = process_rates(few_years, state)
    spells = simulate(rates, np.repeat(np.arange(8), SUITES), np.random.default_rng(98))
    first = (few_years.first_year - few_years.start_year) * 12
    left = spells.sector[(spells.end_month >= first) & (spells.end_month != STILL_THERE)]
    realised = np.bincount(left, minlength=15)
    expected, _ = expected_exits(rates, np.full(8, SUITES), first // 12)
    # Counts are about Poisson; four standard errors in one of fifteen are passed once in a thousand times.
    assert (np.abs(realised - expected) < 4 * np.sqrt(expected)).all()


def test_before_it_opens_a_building_is_empty() -> None:
    rates = constant_rates(0.48, [0.12, 0.2], [0.4, 0.6], opening=20)
    assert expected_vacancy(rates)[0, 0, 0] == 1.0


def test_a_monthly_probability_compounds_to_the_yearly_one() -> None:
    assert 1 - (1 - monthly(np.log(0.3))) ** 12 == pytest.approx(1 - np.exp(-0.3))


#: Suites of each building in the simulations below.
SUITES = 50_000


def vacant_at_year_ends(plan: PlantedPlan, rates: Rates) -> np.ndarray:
    """Whether each suite is vacant in December, shape (suites, years), by simulation."""
    n = len(rates.opening_month)
    spells: Spells = simulate(rates, np.repeat(np.arange(n), SUITES), np.random.default_rng(99))
    vacant = np.ones((n * SUITES, len(plan.simulated_years)), dtype=bool)
    for step in range(len(plan.simulated_years)):
        december = 12 * step + 11
        here = (spells.start_month <= december) & (spells.end_month > december)
        vacant[spells.suite[here], step] = False
    return vacant


@pytest.fixture(scope="module")
def as_it_is(few_years: PlantedPlan, state: Circumstances) -> np.ndarray:
    return vacant_at_year_ends(few_years, process_rates(few_years, state))


def test_the_expected_state_is_the_mean_of_the_chain(
    few_years: PlantedPlan, state: Circumstances, as_it_is: np.ndarray
) -> None:
    simulated = as_it_is.reshape(8, SUITES, -1).mean(axis=1)
    expected = expected_vacancy(process_rates(few_years, state))[0]
    error = np.sqrt(expected * (1 - expected) / SUITES)
    # 72 building-years: four standard errors are passed by chance in 1 of 200 such tests.
    assert (np.abs(simulated - expected) <= 4 * error + 1e-12).all()
    assert expected.std() > 0.05


@pytest.mark.parametrize("name", ["ln_owners", "parking_per_100sqm", "ln_rent_premium"])
def test_a_drivers_contrast_is_what_simulating_both_worlds_gives(
    few_years: PlantedPlan, state: Circumstances, as_it_is: np.ndarray, name: str
) -> None:
    i = [driver.name for driver in DRIVERS].index(name)
    driver = DRIVERS[i]
    drivers = state.drivers.copy()
    drivers[i] += driver.step
    other_world = dataclasses.replace(state, drivers=drivers)
    # Both worlds share their random numbers, so the difference is much surer than either.
    change = vacant_at_year_ends(few_years, process_rates(few_years, other_world)).astype(float) - as_it_is
    shifted = expected_vacancy(process_rates(few_years, state), *driver_shifts())
    expected = (shifted[3 + 3 * i] - shifted[0]).mean()
    by_suite = change.mean(axis=1)
    error = by_suite.std() / np.sqrt(len(by_suite))
    assert by_suite.mean() == pytest.approx(expected, abs=4 * error)
    assert abs(expected) > 8 * error


@pytest.mark.parametrize("name", ["nearby_supply", "age_decades"])
def test_same_year_is_the_year_itself_with_the_driver_moved_in_it_alone(
    few_years: PlantedPlan, state: Circumstances, name: str
) -> None:
    i = [driver.name for driver in DRIVERS].index(name)
    rates = process_rates(few_years, state)
    same_year = expected_vacancy_same_year(rates, *driver_shifts())
    always = expected_vacancy(rates, *driver_shifts())
    assert same_year[0] == pytest.approx(always[0])
    for year in (0, 3, 5):
        drivers = state.drivers.copy()
        drivers[i, :, year] += DRIVERS[i].step
        moved = expected_vacancy(process_rates(few_years, dataclasses.replace(state, drivers=drivers)))[0]
        if year:
            assert moved[:, year] == pytest.approx(same_year[3 + 3 * i, :, year])
            # What has lasted for years has done more than what came this year.
            settled = state.opening_month < -60
            effects = [np.abs(world[3 + 3 * i] - world[0])[settled, year] for world in (same_year, always)]
            assert (effects[0] < effects[1]).all()


@pytest.mark.parametrize("part", ["is_treated", "has_pandemic"])
def test_what_an_event_did_is_what_simulating_without_it_gives(
    few_years: PlantedPlan, state: Circumstances, as_it_is: np.ndarray, part: str
) -> None:
    without = process_rates(few_years, state.without(part))
    last = few_years.last_year - few_years.start_year
    change = (as_it_is.astype(float) - vacant_at_year_ends(few_years, without))[:, last]
    expected = expected_vacancy(process_rates(few_years, state)) - expected_vacancy(without)
    error = change.std() / np.sqrt(len(change))
    assert change.mean() == pytest.approx(expected[0, :, last].mean(), abs=4 * error)
    assert (expected[0, :, last].mean() > 0) == (part == "has_pandemic")


def test_the_nudge_gives_the_derivative(few_years: PlantedPlan, state: Circumstances) -> None:
    rates = process_rates(few_years, state)
    letting, leaving = driver_shifts()
    nudged = expected_vacancy(rates, letting, leaving)
    for i, driver in enumerate(DRIVERS):
        slope = (nudged[1 + 3 * i] - nudged[2 + 3 * i]) / 2e-3
        for size in (1e-2, 1e-4):
            ends = expected_vacancy(
                rates, np.array([size, -size]) * driver.letting, np.array([size, -size]) * driver.leaving
            )
            # The central difference errs by the order of its step's square, here 1e-4 of the slope.
            assert (ends[0] - ends[1]) / (2 * size) == pytest.approx(slope, rel=1e-3, abs=1e-6)
