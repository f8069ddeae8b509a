"""Reliability: scores and intervals by hand, the rival by hand, chances that are true, and no look ahead."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tiers.reliability import (
    EVERY,
    MATRIX,
    OURS,
    REACH,
    binned,
    brier,
    joined,
    tier_reliability,
    tier_scores,
)
from louyu_lab.analysis.tax.tiers.transitions import matrix_chances, transition_matrix

SIGMA = 0.35


def walks(rng: np.random.Generator, buildings: int = 40, years: int = 7) -> np.ndarray:
    """Log taxes that walk with steps of ``SIGMA`` from about 5000万."""
    start = 17.7 + 0.8 * rng.standard_normal((buildings, 1))
    steps = SIGMA * rng.standard_normal((buildings, years - 1))
    return np.exp(start + np.cumsum(np.hstack([np.zeros((buildings, 1)), steps]), axis=1))


def truthful(history: TaxHistory, horizon: int, sigma: float = SIGMA) -> TaxPaths:
    """Simulate the law that ``walks`` has, or one with steps of another size."""
    rng = np.random.default_rng(1)
    standing = history.is_standing
    last = history.tax_yuan[standing, -1]
    steps = sigma * rng.standard_normal((800, len(last), horizon))
    years = history.years[-1] + np.arange(1, horizon + 1)
    yuan = last[:, None] * np.exp(np.cumsum(steps, axis=2))
    return TaxPaths(history.building_id[standing], history.street[standing], years, yuan)


def test_brier_by_hand() -> None:
    # One event: (0.8 − 1)² = 0.04 and (0.3 − 0)² = 0.09, mean 0.065. Three tiers: (0.5, 0.3, 0.2) with the
    # first come: 0.25 + 0.09 + 0.04 = 0.38.
    assert brier(np.array([0.8, 0.3]), np.array([1.0, 0.0])) == pytest.approx(0.065)
    assert brier(np.array([[0.5, 0.3, 0.2]]), np.array([[1.0, 0, 0]])) == pytest.approx(0.38)
    assert np.isnan(brier(np.empty(0), np.empty(0)))


def test_classes_and_wilson_by_hand() -> None:
    # Ten said 0.7, eight came: Wilson with z = 1.96 is (0.8 + 0.19208 ± 1.96·√(0.016 + 0.009604)) ÷ 1.38416,
    # 0.4902 to 0.9433. One said 1.0 stands in the last class.
    table = binned(np.array([0.7] * 10 + [1.0]), np.array([1.0] * 8 + [0.0] * 2 + [1.0]))
    assert table["chance_class"].tolist() == ["60%–80%", "95%–100%"]
    row = table.iloc[0]
    assert (row["n"], row["observed_rate"]) == (10, 0.8)
    assert row[["lo_rate", "hi_rate"]].tolist() == pytest.approx([0.4902, 0.9433], abs=1e-4)


def test_the_matrix_by_hand() -> None:
    # 亿元楼 stays, stays, falls to 准亿元楼; 准亿元楼 rises once. With one move spread over six tiers: from 亿元楼
    # (2 + 1/6) ÷ 4 stay, (1 + 1/6) ÷ 4 fall; a tier nobody was in stays.
    tax = np.array([[1e8, 2e8, 1e8, 8e7], [np.nan, np.nan, 8e7, 1e8]])
    matrix = transition_matrix(tax)
    assert matrix[0, :3].tolist() == pytest.approx([2.1666667 / 4, 1.1666667 / 4, 1 / 24], abs=1e-6)
    assert matrix[1, 0] == pytest.approx((1 + 1 / 6) / 2)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, rtol=1e-12)
    assert matrix[5].tolist() == [0, 0, 0, 0, 0, 1]
    two = matrix_chances(tax, np.array([0]), 2)
    assert two.shape == (1, 2, 6)
    np.testing.assert_allclose(two[0, 1], matrix[0] @ matrix, rtol=1e-12)


def test_true_chances_are_found_reliable_and_beat_the_matrix(
    history_of: Callable, trials_of: Callable
) -> None:
    parts = [
        trials_of(history_of(walks(np.random.default_rng(seed)), 2014), 3, truthful) for seed in range(8)
    ]
    trials = joined(parts)
    assert len(trials.actual) == 8 * 40 * (3 + 3 + 2 + 1)  # origins 2016 to 2019 see 3, 3, 2 and 1 years
    scores = tier_scores(trials).pivot(index="horizon", columns="method", values="brier_tiers")
    assert (scores[OURS] < scores[MATRIX]).all()
    table = tier_reliability(trials)
    own = table[table["event"] == EVERY]
    # Overlapping years of one building count several times: 4 points beyond chance are allowed.
    assert (
        (own["mean_chance"] - own["observed_rate"]).abs() < 0.04 + 2 * (own["hi_rate"] - own["lo_rate"])
    ).all()
    assert (own["mean_chance"].diff().dropna() > 0).all()
    # Steps three times too small: what was said to be certain comes too rarely, and the score is worse.
    parts = [
        trials_of(
            history_of(walks(np.random.default_rng(seed)), 2014),
            3,
            lambda *at: truthful(*at, sigma=SIGMA / 3),
        )
        for seed in range(8)
    ]
    sure = joined(parts)
    surest = tier_reliability(sure)
    surest = surest[(surest["event"] == EVERY) & (surest["chance_class"] == "95%–100%")].iloc[0]
    assert surest["hi_rate"] < surest["mean_chance"]
    worse = tier_scores(sure).pivot(index="horizon", columns="method", values="brier_tiers")
    assert (worse[OURS] > scores[OURS]).all()


def test_what_comes_later_is_not_looked_at(history_of: Callable, trials_of: Callable) -> None:
    tax = walks(np.random.default_rng(2), 10, 5)
    changed = tax.copy()
    changed[:, -1] *= 10
    one, two = (trials_of(history_of(values, 2016), 1) for values in (tax, changed))
    early = one.origin < 2019
    assert early.any()
    for name in (OURS, MATRIX):
        np.testing.assert_array_equal(one.chances[name], two.chances[name])
    np.testing.assert_array_equal(one.actual[early], two.actual[early])
    assert (one.actual[~early] != two.actual[~early]).any()


def test_trials_leave_out_who_is_not_known(history_of: Callable, trials_of: Callable) -> None:
    tax = np.full((2, 5), 1.5e8)
    tax[1, 3:] = np.nan
    trials = trials_of(history_of(tax, 2016), 1, truthful)
    # L000 at 2018 and 2019; L001 at 2018 has no outcome, at 2019 no tax.
    assert trials.origin.tolist() == [2018, 2019]
    assert set(tier_reliability(trials)["event"]) >= {REACH, EVERY}
