"""Is the simple method as good? Planted answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting.backtesting.verdict import (
    AS_GOOD,
    BETTER,
    NEAR,
    UNKNOWN,
    UNSURE,
    WORSE,
    verdict,
)


def errors(ours: np.ndarray, simple: np.ndarray, third: float = 5.0) -> pd.DataFrame:
    """Return errors of (origins, series) one year ahead of an actual value of 10."""
    parts = []
    for name, miss in (("ours", ours), ("simple", simple), ("third", np.full(ours.shape, third))):
        origin, series = np.indices(miss.shape).reshape(2, -1)
        parts.append(pd.DataFrame({"method": name, "origin": origin, "unique_id": series.astype("str")}).assign(
            horizon=1, forecast=10.0 + miss.ravel(), actual=10.0))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def noise(seed: int, size: float) -> np.ndarray:
    return np.abs(np.random.default_rng(seed).normal(size, 0.2, (6, 40)))


def test_clearly_better_and_clearly_worse() -> None:
    better = verdict(errors(noise(1, 1.0), noise(2, 1.5)), "ours")
    assert (better.word, better.rival, better.origins) == (BETTER, "simple", 6)
    # Pooled: about 1.0 and 1.5 of 10, a third spared; 240 values put ± 0.002 on it.
    assert better.gain == pytest.approx(1 / 3, abs=0.02)
    assert better.low < better.wape - better.rival_wape < better.high < 0
    assert verdict(errors(noise(1, 1.5), noise(2, 1.0)), "ours").word == WORSE


def test_the_same_is_as_good() -> None:
    same = noise(1, 1.0)
    assert verdict(errors(same, same), "ours").word == AS_GOOD


def test_a_small_gain_is_none_however_sure() -> None:
    same = noise(1, 1.0)
    found = verdict(errors(same * 0.985, same), "ours")  # 1.5 % of the error spared at every origin alike
    assert found.high < 0
    assert found.word == AS_GOOD


def test_one_lucky_origin_decides_nothing() -> None:
    ours = noise(1, 1.0)
    ours[0] = 0.0  # WAPE a sixth lower, all of it from one origin
    found = verdict(errors(ours, noise(1, 1.0)), "ours")
    assert found.gain > 0.1
    assert found.word == UNSURE


def test_one_lucky_series_decides_nothing() -> None:
    ours, simple = noise(1, 1.0), noise(1, 1.0)
    simple[:, 0] = 30.0  # one large building on which the simple method always fails
    found = verdict(errors(ours, simple, third=50.0), "ours")
    assert found.gain > 0.3
    assert found.word == UNSURE


def test_a_large_loss_that_may_be_chance_is_not_called_equal() -> None:
    # Ours errs twice as much at two of six origins, and as much at the others: a third more in all.
    ours = noise(1, 1.0)
    ours[:2] *= 2
    found = verdict(errors(ours, noise(1, 1.0)), "ours")
    assert found.low < 0 < found.high
    assert (found.word, found.is_behind) == (UNSURE, True)
    # A fifth more at one origin, the same at the others: a thirtieth in all.
    ours = noise(1, 1.0)
    ours[0] *= 1.2
    near = verdict(errors(ours, noise(1, 1.0)), "ours")
    assert -0.1 < near.gain < -0.02
    assert (near.word, near.is_behind) == (NEAR, False)


def test_two_origins_decide_nothing() -> None:
    found = verdict(errors(noise(1, 1.0)[:2], noise(2, 1.5)[:2]), "ours")
    assert (found.word, found.rival) == (UNKNOWN, "simple")
    assert np.isnan([found.low, found.high]).all()
    assert found.wape < found.rival_wape  # the figures are there all the same


def test_without_errors_or_another_method() -> None:
    rows = errors(noise(1, 1.0), noise(2, 1.0))
    assert verdict(rows[rows["method"] == "ours"], "ours").word == UNKNOWN
    assert verdict(rows.iloc[:0], "ours").word == UNKNOWN


def test_two_equally_good_methods_are_seldom_told_apart() -> None:
    # Random walks with shocks common to all series; one method is always 4 % above, the other 4 % below.
    rng = np.random.default_rng(0)
    told = 0
    for _ in range(30):
        walk = (
            np.cumsum(0.05 * rng.standard_normal((1, 11)) + 0.15 * rng.standard_normal((30, 11)), axis=1) + 17
        )
        parts = []
        for at in range(2, 8):
            for step in (1, 2, 3):
                for name, drift in (("ours", 0.04), ("simple", -0.04)):
                    part = {
                        "method": name,
                        "origin": at,
                        "horizon": step,
                        "unique_id": np.arange(30).astype("str"),
                    }
                    parts.append(pd.DataFrame(part).assign(
                        forecast=walk[:, at] + drift * step, actual=walk[:, at + step]))  # fmt: skip
        told += verdict(pd.concat(parts), "ours").word in (BETTER, WORSE)
    # Nominally 5 % of 30; overlapping origins make it up to 10 % (300 runs), and chance adds 3 standard errors.
    assert told <= 8
