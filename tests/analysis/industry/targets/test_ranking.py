"""Target industries: what is named, in which order, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from louyu_lab.analysis.industry.targets import DEFAULT, RECOMMENDERS, target_industries
from louyu_lab.analysis.industry.targets.recommenders import (
    ALIKE,
    LIKENESS_PRIOR,
    LIKENESS_WIDTH,
    OWN,
    OWN_PRIOR,
    POPULAR,
    alike_mix,
)

COUNTS = pd.DataFrame(
    {"商贸": [6.0, 30.0, 0.0], "科技": [3.0, 10.0, 0.0], "金融": [1.0, 0.0, 50.0]}, index=["A", "B", "C"]
)

some_counts = arrays("int64", (7, 5), elements=st.integers(0, 30)).map(
    lambda values: pd.DataFrame(values.astype("float64"), columns=list("abcde"))
)


def test_evidence_beside_every_target() -> None:
    found = target_industries(COUNTS, 2, recommender=OWN)
    assert found[["building_id", "rank", "industry"]].to_numpy().tolist() == [
        ["A", 1, "商贸"], ["A", 2, "金融"], ["B", 1, "商贸"], ["B", 2, "科技"], ["C", 1, "金融"], ["C", 2, "商贸"],
    ]  # fmt: skip
    # 100 firms: 36, 13, 51. A: (6 + 16 × .36) ÷ 26 = .4523; 金融 (1 + 16 × .51) ÷ 26 = .3523 before 科技 .1954.
    row = found.iloc[1]
    assert row["score"] == pytest.approx((1 + OWN_PRIOR * 0.51) / (10 + OWN_PRIOR))
    assert (row["firms"], row["share_building"], row["share_district"]) == pytest.approx((1, 0.1, 0.51))
    assert found["is_present"].tolist() == [True, True, True, True, True, False]
    # A is strong in 科技 (.3 over .13) and 商贸 (.6 over .36), B too: 商贸 and 科技 are close.
    assert found["related_to"].fillna("-").tolist() == ["科技", "-", "科技", "商贸", "-", "-"]


def test_default_worked_out_for_two_buildings() -> None:
    counts = np.array([[4.0, 0.0], [0.0, 4.0]])
    # Smoothed with s of the mix (½, ½): q = (4 + s/2) ÷ (4 + s) and its rest; H² = 2 − 4 √(q (1 − q)).
    q = (4 + LIKENESS_PRIOR / 2) / (4 + LIKENESS_PRIOR)
    weight = np.exp(-(2 - 4 * np.sqrt(q * (1 - q))) / LIKENESS_WIDTH)
    own = (4 + 0.5) / (4 + 4 * weight + 1)
    assert alike_mix(counts)[0] == pytest.approx([own, 1 - own])


def test_who_is_alike_depends_on_how_many_firms_say_so() -> None:
    def from_the_other(firms: float) -> float:
        return alike_mix(np.array([[firms, 0.0], [0.0, firms]]))[0, 1]

    # Nothing in common. Of thirty firms each it is meant: what is left is the district's part, ½ ÷ 31. Of one
    # firm each it may be an accident: H² = .028, weight .67, share (.67 + ½) ÷ (1 + .67 + 1) = .44.
    assert from_the_other(30.0) < 0.02
    assert from_the_other(1.0) > 0.4


def test_a_building_learns_from_those_like_it() -> None:
    # Nine twins have 金融 beside 商务; the tenth, alike but for it, has none. The other kind is far larger.
    twins = [[20, 12, 8, 0]] * 9 + [[20, 12, 0, 0]]
    counts = pd.DataFrame(
        twins + [[0, 0, 1, 60]] * 12, columns=["商务", "法律", "金融", "商贸"], dtype="float64"
    )
    last = target_industries(counts, 3).query("building_id == 9")
    assert last["industry"].tolist() == ["商务", "法律", "金融"]
    popular = target_industries(counts, 3, recommender=POPULAR).query("building_id == 9")
    assert "商贸" in popular["industry"].tolist()
    assert DEFAULT == ALIKE


def test_ties_go_to_the_larger_industry_then_the_first_column() -> None:
    counts = pd.DataFrame({"丙": [2.0, 2.0], "甲": [2.0, 2.0], "乙": [2.0, 2.0]}, index=["A", "B"])
    assert target_industries(counts, 3)["industry"].tolist() == ["丙", "甲", "乙"] * 2


def test_fewer_industries_than_asked_for_and_nobody() -> None:
    assert target_industries(COUNTS[["商贸"]], 3)["rank"].tolist() == [1, 1, 1]
    empty = pd.concat([COUNTS, pd.DataFrame(0.0, index=["D"], columns=COUNTS.columns)])
    last = target_industries(empty, 3).query("building_id == 'D'")
    # Nobody there: the district's mix, 51, 36, 13.
    assert last["industry"].tolist() == ["金融", "商贸", "科技"]
    assert last["share_building"].isna().all() and not last["is_present"].any()
    for nothing in (COUNTS * 0, COUNTS.iloc[:0], COUNTS[[]]):
        found = target_industries(nothing, 3)
        assert len(found) == 0 and found.columns.tolist() == target_industries(COUNTS, 1).columns.tolist()


def test_unknown_recommender_and_no_target_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1, not 0"):
        target_industries(COUNTS, 0)
    for k in (2.5, "2", True, None):
        with pytest.raises(TypeError, match=f"k must be a whole number, not {k!r}"):
            target_industries(COUNTS, k)
    assert len(target_industries(COUNTS, np.int64(2))) == 6
    with pytest.raises(ValueError, match="全区构成"):
        target_industries(COUNTS, 3, recommender="星座")


@given(some_counts, st.sampled_from(sorted(RECOMMENDERS)))
@settings(max_examples=60, deadline=None)
def test_k_rows_a_building_best_first_whatever_the_order(counts: pd.DataFrame, recommender: str) -> None:
    found = target_industries(counts, 3, recommender=recommender)
    if counts.to_numpy().sum() == 0:
        assert len(found) == 0
        return
    assert (found.groupby("building_id").size() == 3).all() and len(found) == 21
    assert (found.groupby("building_id")["score"].diff().dropna() <= 0).all()
    shuffled = target_industries(counts.iloc[::-1], 3, recommender=recommender)
    pd.testing.assert_frame_equal(
        found, shuffled.sort_values(["building_id", "rank"], ignore_index=True), check_exact=False, atol=1e-11
    )
