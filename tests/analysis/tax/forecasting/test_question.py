"""Arguments are checked, and what is allowed is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting.panel import ForecastError
from louyu_lab.analysis.tax.forecasting.question import checked_levels, checked_whole, group_codes

IDS = np.array(["a", "b", "c", "d"])


@pytest.mark.parametrize("value", [1, np.int64(7)])
def test_whole_numbers_pass(value):
    assert checked_whole("horizon", value) == value
    assert type(checked_whole("horizon", value)) is int


@pytest.mark.parametrize("value", [0, -3, 2.0, True, "2", None, np.nan])
def test_others_are_refused_with_the_argument_and_its_value(value):
    with pytest.raises(ForecastError, match=r"模拟次数 draws 应为 1 以上的整数") as told:
        checked_whole("draws", value)
    assert repr(value) in str(told.value)


def test_a_seed_may_be_0():
    assert checked_whole("seed", np.int64(0), 0) == 0
    with pytest.raises(ForecastError, match="随机种子 seed 应为 0 以上的整数，现在是 -1"):
        checked_whole("seed", -1, 0)


def test_levels():
    assert checked_levels([80, 97.5]) == (80, 97.5)
    assert checked_levels(90) == (90,)
    assert checked_levels(()) == ()
    with pytest.raises(ForecastError, match=r"0 到 100.*\[0, 101, 'x', nan, True\]"):
        checked_levels((0, 80, 101, "x", np.nan, True))


def test_codes_of_groups():
    assert group_codes(IDS, None).tolist() == [0, 0, 0, 0]
    # b is named by nobody: a group of its own, 0.
    for groups in (
        {"a": "甲", "c": "乙", "d": "甲", "z": "丙"},
        pd.Series({"a": "甲", "c": "乙", "d": "甲"}),
    ):
        assert group_codes(IDS, groups).tolist() == [1, 0, 2, 1]
    assert group_codes(IDS, {}).tolist() == [0, 0, 0, 0]
    assert group_codes(IDS, {"a": np.nan, "b": 3, "c": "x", "d": 3}).tolist() == [0, 1, 2, 1]


def test_groups_that_are_no_map_are_refused():
    with pytest.raises(ForecastError, match="groups 应为"):
        group_codes(IDS, ["甲", "乙", "甲", "乙"])
    with pytest.raises(ForecastError, match=r"不止一行：b"):
        group_codes(IDS, pd.Series(["甲", "乙", "丙"], index=["a", "b", "b"]))
