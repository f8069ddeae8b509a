"""The tree as a check: it wins on a bend, not on straight lines, and says nothing of too little."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from louyu_lab.analysis.vacancy.drivers import tree_check as checking
from louyu_lab.analysis.vacancy.drivers.tree_check import LOGIT, MEAN, TREE, _paired, deviance, tree_check


def panel(shape: str, clusters: int = 80, years: int = 6, seed: int = 0) -> pd.DataFrame:
    """Rates by building and year: ``straight`` in two drivers, ``bent`` in one, or ``none``."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "楼宇": np.repeat([f"B{i:03d}" for i in range(clusters)], years),
            "年份": np.tile([str(2020 - i) for i in range(years)], clusters),
            "楼龄": np.repeat(rng.uniform(-2, 2, clusters), years),
            "车位": np.repeat(rng.uniform(-2, 2, clusters), years),
        }
    )
    line = {
        "straight": 0.5 * frame["楼龄"] - 0.5 * frame["车位"],
        "bent": frame["楼龄"] ** 2 - 1.3,
        "none": 0.0,
    }
    noise = np.repeat(rng.normal(0, 0.2, clusters), years) + rng.normal(0, 0.2, len(frame))
    return frame.assign(空置率=expit(-1.5 + line[shape] + noise))


@pytest.fixture
def short_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten trees at most, where it does not matter how well they do."""
    monkeypatch.setattr(checking, "_MOST_ITERATIONS", 10)


def check(frame: pd.DataFrame, **how: object):
    return tree_check(frame, "空置率", ["年份", "楼龄", "车位"], cluster="楼宇", **how)


def test_the_tree_wins_on_a_bend() -> None:
    # A parabola around 0 has no slope: the logit knows little more than the mean.
    found = check(panel("bent"))
    assert found.wins == TREE and found.lo > 0
    scores = found.scores.set_index("model")["deviance"]
    assert scores[TREE] < 0.5 * scores[LOGIT]
    assert scores[LOGIT] == pytest.approx(scores[MEAN], rel=0.15)


def test_the_logit_wins_on_straight_lines() -> None:
    found = check(panel("straight"))
    assert found.wins == LOGIT and found.hi < 0
    scores = found.scores.set_index("model")
    assert scores["deviance"][LOGIT] < scores["deviance"][TREE] < scores["deviance"][MEAN]
    # What the drivers leave open: noise of sd √0.08 on the logit, times μ(1 − μ) ≈ 0.15: 0.04.
    assert scores["rmse"][LOGIT] == pytest.approx(0.042, abs=0.015)


def test_buildings_seen_in_training_are_not_predicted() -> None:
    # Nothing but the building's own level is left: whoever saw the building would find it in its traits.
    found = check(panel("none"))
    scores = found.scores.set_index("model")["deviance"]
    # Chosen by inner folds, the tree stays small: worse than the mean by no more than a fifth.
    assert 0.95 * scores[MEAN] < scores[TREE] < 1.2 * scores[MEAN]
    assert found.wins != TREE


@pytest.mark.usefixtures("short_trees")
def test_equal_seeds_equal_results() -> None:
    frame = panel("straight", 60, 5)
    one, other = check(frame, seed=3), check(frame, seed=3)
    pd.testing.assert_frame_equal(one.scores, other.scores)
    assert (one.gain, one.lo, one.hi) == (other.gain, other.lo, other.hi)


@pytest.mark.usefixtures("short_trees")
def test_too_few_clusters_or_rows_are_refused_with_the_numbers() -> None:
    few = check(panel("straight", 19, 20))
    assert "只有 19 组" in few.refused and "20 组" in few.refused and few.wins == "" and few.scores.empty
    short = check(panel("straight", 40, 2))
    assert "只有 80 行" in short.refused and "300 行" in short.refused


@pytest.mark.usefixtures("short_trees")
def test_what_the_logit_cannot_fit_is_told_not_raised() -> None:
    assert "无法拟合" in check(panel("straight").assign(楼龄=1.0)).refused


@pytest.mark.usefixtures("short_trees")
def test_rows_missing_a_driver_are_left_out() -> None:
    frame = panel("straight")
    frame.loc[frame["楼宇"] < "B010", "楼龄"] = np.nan
    found = check(frame)
    assert (found.rows, found.clusters) == (420, 70)


def test_deviance_by_hand() -> None:
    # A rate met exactly costs nothing; 1 predicted at 0.5 costs 2 ln 2; 0.5 at 0.25: ln(0.5/0.25) + ln(0.5/0.75).
    found = deviance(np.array([0.3, 1.0, 0.5]), np.array([0.3, 0.5, 0.25]))
    assert found == pytest.approx([0.0, 2 * np.log(2), np.log(2) + np.log(2 / 3)])


def test_interval_of_equal_clusters_is_that_of_a_mean() -> None:
    # Four clusters of two rows, means 1, 2, 3, 4: mean 2.5, sd √(5/3), se √(5/12), t(3) at 97.5 % = 3.182446.
    difference = np.repeat([1.0, 2, 3, 4], 2)
    mean, lo, hi = _paired(difference, pd.Series(np.repeat(list("abcd"), 2)), 0.95)
    half = 3.182446 * np.sqrt(5 / 12)
    assert (mean, lo, hi) == pytest.approx((2.5, 2.5 - half, 2.5 + half), rel=1e-6)
