"""Natural vacancy: found where it was planted, refused where rents cannot tell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy import natural
from louyu_lab.analysis.vacancy.natural import fieller, natural_vacancy, rent_response


def response(vacancy: np.ndarray, change: np.ndarray, first: int = 2001) -> pd.DataFrame:
    years = np.arange(first, first + len(vacancy))
    return pd.DataFrame(
        {"year": years, "buildings": 50, "rent_change": change, "vacancy_rate_before": vacancy}
    )


def planted(rng: np.random.Generator, periods: int, noise: float = 0.01) -> pd.DataFrame:
    """Rents that rise by 2 points for each point of vacancy below 12 %."""
    vacancy = rng.uniform(0.05, 0.20, periods - 1)
    return response(vacancy, 2.0 * (0.12 - vacancy) + rng.normal(0, noise, periods - 1))


def test_an_exact_line_gives_its_rate() -> None:
    vacancy = np.array([0.05, 0.08, 0.11, 0.14, 0.17, 0.10, 0.12])
    found = natural_vacancy(response(vacancy, 0.24 - 2.0 * vacancy))
    assert (found.periods, found.refusal, found.is_extrapolated) == (8, "", False)
    # Exact but for the rounding of a least-squares line.
    assert [found.rate, found.slope, found.lo, found.hi] == pytest.approx([0.12, 2.0, 0.12, 0.12], abs=1e-9)


def test_the_interval_covers_as_often_as_it_says() -> None:
    # Fieller is exact for normal errors where b is clearly there. 400 draws at 90 %: standard error 1.5
    # points, so 85–95 % is 3.3 standard errors either side.
    rng = np.random.default_rng(11)
    found = [natural_vacancy(planted(rng, 15)) for _ in range(400)]
    told = [one for one in found if not one.refusal]
    assert len(told) > 390
    share = np.mean([one.lo <= 0.12 <= one.hi for one in told])
    assert 0.85 <= share <= 0.95


def test_coefficients_equal_statsmodels() -> None:
    import statsmodels.api as sm

    table = planted(np.random.default_rng(2), 12)
    fit = sm.OLS(table["rent_change"], sm.add_constant(-table["vacancy_rate_before"])).fit()
    found = natural_vacancy(table)
    # Two least-squares programs of the same eleven points: rounding only.
    assert [found.slope, found.slope_se] == pytest.approx([fit.params.iloc[1], fit.bse.iloc[1]], rel=1e-9)
    assert found.rate == pytest.approx(fit.params.iloc[0] / fit.params.iloc[1], rel=1e-9)
    reach = float(fit.params.iloc[1] * 0 + __import__("scipy.stats").stats.t.ppf(0.95, 9))
    cov = fit.cov_params().to_numpy()
    ends = fieller(*fit.params, cov[0, 0], cov[1, 1], cov[0, 1], reach)
    assert [found.lo, found.hi] == pytest.approx(ends, rel=1e-9)


def test_fieller_solves_its_own_equation() -> None:
    # top 3 ± 0.5, below 2 ± 0.3, covariance 0.05, quantile 2: at each end (3 − 2r)² = 4·Var(top − r·below).
    for end in fieller(3.0, 2.0, 0.25, 0.09, 0.05, 2.0):
        assert (3 - 2 * end) ** 2 == pytest.approx(4 * (0.25 - 2 * end * 0.05 + end**2 * 0.09))
    with pytest.raises(ValueError, match="有界"):
        fieller(3.0, 0.5, 0.25, 0.09, 0.05, 2.0)


@pytest.mark.parametrize(
    ("periods", "is_refused"), [(0, True), (2, True), (7, True), (8, False), (15, False)]
)
def test_too_few_periods_are_refused_with_their_number(periods: int, is_refused: bool) -> None:
    table = planted(np.random.default_rng(1), max(periods, 1), noise=0.001)
    found = natural_vacancy(table)
    assert found.periods == periods
    assert (found.refusal == natural.TOO_SHORT) == is_refused
    assert np.isnan(found.rate) == is_refused


def test_years_on_both_sides_of_a_gap_count_once_each() -> None:
    # Changes of 2002–2004 and 2008–2010: eight years of rents, six changes.
    table = planted(np.random.default_rng(1), 7, noise=0.001).assign(
        year=[2002, 2003, 2004, 2008, 2009, 2010]
    )
    assert natural_vacancy(table).periods == 8
    assert natural_vacancy(table).rate == pytest.approx(0.12, abs=0.01)


def test_rents_that_do_not_answer_are_refused() -> None:
    # A null at 90 % (one-sided 5 %): of 300 about 15 pass; more than 30 has probability 2e-4.
    rng = np.random.default_rng(3)
    passed = 0
    for _ in range(300):
        table = response(rng.uniform(0.05, 0.2, 14), rng.normal(0.02, 0.02, 14))
        passed += natural_vacancy(table).refusal != natural.NO_RESPONSE
    assert passed <= 30
    same = response(np.full(10, 0.1), rng.normal(0, 0.01, 10))
    assert natural_vacancy(same).refusal == natural.NO_RESPONSE


@pytest.mark.parametrize("change", [0.0, 0.02, -0.013])
@pytest.mark.parametrize("rounding", [0.0, 1e-17])
def test_rents_that_change_alike_every_year_are_refused(change: float, rounding: float) -> None:
    vacancy = np.array([0.05, 0.08, 0.11, 0.14, 0.17, 0.10, 0.12])
    found = natural_vacancy(response(vacancy, change + rounding * vacancy))
    assert found.refusal == natural.NO_RESPONSE
    assert np.isnan([found.rate, found.slope, found.slope_se]).all()
    assert (found.low_seen, found.high_seen) == (0.05, 0.17)


def test_rents_that_never_change(panel_of: Callable[..., pd.DataFrame]) -> None:
    years = list(range(2011, 2021))
    panel = panel_of(
        years,
        building_id=["A"] * 10,
        rentable_area_sqm=[1000.0] * 10,
        occupied_area_sqm=[900.0 - 20 * at for at in range(10)],
        asking_rent_yuan=[55.3] * 10,
    )
    assert natural_vacancy(rent_response(panel)).refusal == natural.NO_RESPONSE


def test_the_wrong_sign_and_an_impossible_rate_are_refused() -> None:
    vacancy = np.linspace(0.05, 0.2, 12) + 0.001 * (-1.0) ** np.arange(12)
    wiggle = 0.0005 * (-1.0) ** (np.arange(12) // 2)
    assert natural_vacancy(response(vacancy, vacancy + wiggle)).refusal == natural.NO_RESPONSE
    # Rents fall whatever the vacancy: a ÷ b is below zero.
    assert natural_vacancy(response(vacancy, -0.1 - vacancy + wiggle)).refusal == natural.OUT_OF_RANGE
    beyond = natural_vacancy(response(vacancy, 0.3 - vacancy + wiggle))
    assert beyond.is_extrapolated
    assert beyond.rate == pytest.approx(0.3, abs=0.01)


def test_rents_are_compared_over_the_same_buildings(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A (1000 ㎡) 10 → 11, B (3000 ㎡) 20 → 20; C is new and dear, D lost its rent: neither counts.
    # ln((11·1000 + 20·3000) ÷ (10·1000 + 20·3000)). Vacancy 2019: A 100 of 1000, B 600 less 200 sealed of
    # 2800, D 0 of 1000: 500 ÷ 4800.
    panel = panel_of(
        [2019, 2020] * 2 + [2020, 2019, 2020],
        building_id=["A", "A", "B", "B", "C", "D", "D"],
        rentable_area_sqm=[1000.0, 1000.0, 3000.0, 3000.0, 1000.0, 1000.0, 1000.0],
        occupied_area_sqm=[900.0, 900.0, 2400.0, 2400.0, 0.0, 1000.0, 1000.0],
        unmarketable_area_sqm=[0.0, 0.0, 200.0, 0.0, 0.0, np.nan, 0.0],
        asking_rent_yuan=[10.0, 11.0, 20.0, 20.0, 90.0, 30.0, np.nan],
    )
    row = rent_response(panel).iloc[0]
    assert (row["year"], row["buildings"]) == (2020, 2)
    assert row["rent_change"] == pytest.approx(np.log(71 / 70))
    assert row["vacancy_rate_before"] == pytest.approx(500 / 4800)


def test_no_rents_give_no_rows_and_a_refusal(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of([2019, 2020], building_id=["A", "A"], rentable_area_sqm=[1.0, 1.0])
    table = rent_response(panel)
    assert len(table) == 0
    assert natural_vacancy(table).refusal == natural.TOO_SHORT
    assert len(rent_response(panel.iloc[:0])) == 0
