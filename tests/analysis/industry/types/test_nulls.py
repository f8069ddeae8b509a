"""Districts without types: one mix keeps both totals, one cloud is fitted and drawn as it was."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.industry.types.nulls import Cloud, fit_cloud, matched_cloud, one_cloud, one_mix


def test_one_mix_keeps_both_totals_and_deals_evenly() -> None:
    counts = np.array([[8, 2, 0], [1, 9, 10], [30, 0, 20]], dtype="float64")
    drawn = one_mix(counts, 2000, np.random.default_rng(0))
    assert (drawn.sum(axis=2) == counts.sum(axis=1)).all()
    assert (drawn.sum(axis=1) == counts.sum(axis=0)).all()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    # The largest cell's standard deviation is below 2.3; 5 standard errors of 2,000 draws are 0.26.
    np.testing.assert_allclose(drawn.mean(axis=0), expected, atol=0.26)


def test_one_mix_of_one_draw_keeps_its_shape() -> None:
    assert one_mix(np.ones((2, 3)), 1, np.random.default_rng(0)).shape == (1, 2, 3)


def test_a_cloud_is_found_as_wide_as_it_was() -> None:
    middle = np.log([0.4, 0.3, 0.2, 0.1])
    spread = 0.25 * np.eye(4) + 0.2 * np.outer([1, -1, 0, 0], [1, -1, 0, 0])
    # Shares tell only differences of their logs; their variance about the mean is trace − mean.
    width = np.trace(spread) - spread.sum() / 4
    found = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        counts = one_cloud(Cloud(middle, spread), np.full(90, 60), 1, rng)[0]
        own = matched_cloud(counts, rng).spread
        found.append(np.trace(own) - own.sum() / 4)
    # One district tells the width to about 15 %; the mean of six to 6 %, two standard errors are 12 %.
    np.testing.assert_allclose(np.mean(found), width, rtol=0.12)


def test_a_cloud_without_spread_stays_narrow() -> None:
    rng = np.random.default_rng(6)
    counts = rng.multinomial(200, [0.5, 0.3, 0.2], size=100).astype("float64")
    # The rarest industry's log share is told to 1 / (200 · 0.2) = 0.025; a cloud must be narrower.
    assert np.diag(fit_cloud(counts).spread).max() < 0.025
