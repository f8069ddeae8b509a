"""Proximity and density, worked out by hand, and their bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from louyu_lab.analysis.industry.targets.relatedness import closest_present, density, proximity

#: 100 firms, 20 of 甲, 30 of 乙, 50 of 丙. RCA = x_bj ÷ (x_b x_j ÷ 100).
#: A (20 firms): 8/4 = 2, 10/6, 2/10; B (40): 12/8 = 1.5, 8/12, 20/20 = 1, not above; C (40): 0, 12/12 = 1, 28/20.
#: Strong: A in 甲 and 乙, B in 甲, C in 丙.
COUNTS = pd.DataFrame(
    {"甲": [8.0, 12.0, 0.0], "乙": [10.0, 8.0, 12.0], "丙": [2.0, 20.0, 28.0]}, index=["A", "B", "C"]
)

some_counts = arrays("int64", (6, 5), elements=st.integers(0, 20)).map(
    lambda values: pd.DataFrame(values.astype("float64"), columns=list("abcde"))
)


def test_proximity_is_the_smaller_conditional_share() -> None:
    close = proximity(COUNTS)
    # 甲 strong in 2 buildings, 乙 in 1, both in A: min(1/1, 1/2) = 1/2. 丙 shares none.
    assert close.loc["甲", "乙"] == close.loc["乙", "甲"] == pytest.approx(0.5)
    assert close.loc["丙", ["甲", "乙"]].tolist() == [0, 0]
    assert np.diag(close).tolist() == [1, 1, 1]


def test_density_leaves_the_industry_itself_out() -> None:
    around = density(COUNTS)
    # 甲's only relative is 乙, which A alone is strong in; nothing is close to 丙.
    assert around["甲"].tolist() == [1, 0, 0]
    assert around["乙"].tolist() == [1, 1, 0]
    assert around["丙"].tolist() == [0, 0, 0]
    assert closest_present(COUNTS).loc["B"].fillna("-").tolist() == ["-", "甲", "-"]


@given(some_counts)
@settings(max_examples=60, deadline=None)
def test_bounds_and_symmetry(counts: pd.DataFrame) -> None:
    close, around = proximity(counts).to_numpy(), density(counts).to_numpy()
    assert ((close >= 0) & (close <= 1)).all() and (close == close.T).all()
    # A quotient of sums of the same terms may pass 1 by a rounding.
    assert ((around >= 0) & (around <= 1 + 1e-12)).all()


def test_nobody_anywhere() -> None:
    nothing = COUNTS * 0
    assert proximity(nothing).to_numpy().sum() == density(nothing).to_numpy().sum() == 0
    assert closest_present(nothing).isna().all(axis=None)
    assert proximity(COUNTS.iloc[:0]).shape == (3, 3)
