"""The growth of groups: medians drawn towards that of all, and all towards none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting.growth import group_growth
from louyu_lab.analysis.tax.forecasting.series import ready

ROOT, LASTING, LEVEL, LOG = range(4)


def grown(values: list[list[float]], groups: list[int] | None = None) -> np.ndarray:
    y = pd.DataFrame(values).to_numpy(dtype="float64")
    return group_growth(ready(y), np.array(groups or [0] * len(y)))


def test_all_are_drawn_towards_none():
    # Steps in units of the last value: 1/2, 1/4 and 3/4, the middle ½; three series beside the 4 of none.
    made = grown([[1, 2], [3, 4], [1, 4]])
    assert made[:, LEVEL] == pytest.approx([0.5 * 3 / 7] * 3)
    # On roots 2 − 2√½ is the middle one, on logarithms ln 2.
    assert made[:, ROOT] == pytest.approx([(2 - np.sqrt(2)) * 3 / 7] * 3)
    assert made[:, LASTING] == pytest.approx(made[:, ROOT])
    assert made[:, LOG] == pytest.approx([np.log(2) * 3 / 7] * 3)


def test_groups_are_drawn_towards_all():
    # All: ½·3/7. Group 7 has ½ and ¼, their median ⅜; it counts 2 beside 20 of all. Group 9 has ¾ alone.
    made = grown([[1, 2], [3, 4], [1, 4]], [7, 7, 9])[:, LEVEL]
    every = 0.5 * 3 / 7
    assert made == pytest.approx([(2 * 0.375 + 20 * every) / 22] * 2 + [(0.75 + 20 * every) / 21])


def test_one_group_is_no_group():
    values = [[1, 2], [3, 4], [1, 4]]
    np.testing.assert_array_equal(grown(values, [7, 7, 7]), grown(values))


def test_a_group_without_steps_grows_as_all():
    nan = np.nan
    made = grown([[1, 2], [3, 4], [1, 4], [nan, 5]], [1, 1, 1, 2])[:, LEVEL]
    assert made[3] == pytest.approx(0.5 * 3 / 7)
    assert made[0] != pytest.approx(made[3])


def test_the_mean_step_runs_from_the_first_to_the_last_value():
    # (8 − 2)/8 over three steps; a median over one series, of 1 + 4.
    assert grown([[2, 11, 3, 8]])[0, LEVEL] == pytest.approx(0.25 / 5)


def test_no_steps_no_growth():
    assert not grown([[5.0], [6.0]]).any()
    assert not grown([[0.0, 0.0]], [3]).any()


def test_a_wild_series_does_not_move_the_group():
    calm = [[10, 10.5]] * 9
    assert grown([*calm, [1, 1e9]])[0] == pytest.approx(grown([*calm, [10, 10.5]])[0])


def test_series_that_have_no_logarithm_are_left_out_of_it():
    made = grown([[1, 2], [-1, 4]])
    assert made[:, LOG] == pytest.approx([np.log(2) / 5] * 2)
