"""How far series err together: the intraclass correlation and the design effect."""

from __future__ import annotations

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting.dependence import USUAL_SHARE, dependence


def of(errors: list[list[float]], date: list[int], row: list[int] | None = None):
    made = np.array(errors, dtype="float64")
    return dependence(made, np.array(date), np.arange(len(made)) if row is None else np.array(row))


def test_by_hand():
    # ÷ the median |error| 2: ½, 1, 1½ and the same below 0. Within (¼·4)/(6 − 2) = ¼; between (3 + 3)/2 = 3;
    # (3 − ¼)/3 = 11/12 of 11/12 + ¼: ρ = 11/14.
    made = of([[1], [2], [3], [-1], [-2], [-3]], [0, 0, 0, 1, 1, 1])
    rho = 11 / 14
    # Drawn to 0.1 as by two dates; the odds × 1 + 2 ÷ (2 + 1).
    drawn = (2 * rho + 2 * 0.1) / 4
    odds = drawn / (1 - drawn) * 5 / 3
    assert made.shared == pytest.approx(odds / (1 + odds))
    assert made.inflation == pytest.approx(1 + 2 * rho)
    # The mean error 2 of a date, drawn to 0 by 3ρ/(1 + 2ρ) = 11/12.
    assert made.common == pytest.approx(np.array([1, 1, 1, -1, -1, -1]) * 2 * 11 / 12)
    assert made.series == 6


def test_a_series_counts_by_its_mean_over_the_steps_seen():
    nan = np.nan
    whole = of([[1], [2], [3], [-1], [-2], [-3]], [0, 0, 0, 1, 1, 1])
    made = of([[0, 2], [2, nan], [nan, 3], [-1, -1], [-2, -2], [-3, nan]], [0, 0, 0, 1, 1, 1])
    assert made.shared == pytest.approx(whole.shared)
    assert made.common == pytest.approx(whole.common)


def test_one_date_tells_how_far_its_mean_is_from_none():
    assert of([[1], [1.1], [0.9], [1]], [5] * 4).shared > 0.3
    assert of([[1], [-1], [1], [-1]], [5] * 4).shared == pytest.approx(
        1 / 8
    )  # 2·0.1/3 = 1/15, odds 1/14, × 2


def test_dates_with_one_series_tell_nothing():
    # Every series at a date of its own: nothing is known of what they share.
    made = of([[1], [-2], [3], [5]], [1, 2, 3, 4])
    assert made.shared == pytest.approx(USUAL_SHARE)
    assert made.inflation == 1
    assert not made.common.any()


def test_a_wild_error_does_not_decide():
    calm = [[1], [2], [3], [-1], [-2], [-3]]
    wild = of([*calm, [1e9]], [0, 0, 0, 1, 1, 1, 1])
    assert np.abs(wild.common).max() < 10


def test_series_are_counted_once_however_often_they_forecast():
    assert of([[1], [2], [-1], [-3]], [0, 0, 1, 1], [8, 9, 8, 9]).series == 2


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_a_planted_share_is_found(share):
    rng = np.random.default_rng(4)
    dates = np.repeat(np.arange(300), 12)
    common = rng.normal(0, np.sqrt(share), 300)[dates]
    errors = common + rng.normal(0, np.sqrt(1 - share), len(dates))
    made = dependence(errors[:, None], dates, np.arange(len(dates)))
    # Standard error of ρ from 300 dates of 12 is at most 0.03; errors beyond 4 usual ones are few.
    assert made.shared == pytest.approx(share, abs=0.07)
    assert made.inflation == pytest.approx(1 + 11 * share, abs=0.8)
    if share:
        assert np.corrcoef(made.common, common)[0, 1] > 0.85
