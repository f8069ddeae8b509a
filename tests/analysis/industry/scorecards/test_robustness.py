"""Ranks under other weights: what is known in advance must come out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.scorecards.cards import Condition, Criterion, Requirement, Scorecard
from louyu_lab.analysis.industry.scorecards.robustness import ranks, scorecard_robustness

CRITERIA = tuple(
    Criterion(code, weight, linear=(0.0, 1.0))
    for code, weight in (("occupancy_rate", 2), ("registration_rate", 1), ("tax_landing_rate", 1))
)


def robust(rows: list[tuple[float, float, float]], requirements=(), grades=(), **kwargs) -> pd.DataFrame:
    columns = ["occupancy_rate", "registration_rate", "tax_landing_rate"]
    index = pd.Index([f"L{at}" for at in range(len(rows))], name="building_id")
    measures = pd.DataFrame(rows, columns=columns, index=index)
    card = Scorecard("甲.yaml", "甲", "星级", "办法", False, (), tuple(requirements), CRITERIA, tuple(grades))
    stock = pd.DataFrame({"building_id": index, "building": "楼"})
    table = scorecard_robustness([card], measures, stock, rng=np.random.default_rng(3), **kwargs)
    return table.set_index("building_id")


def test_who_is_better_in_everything_keeps_the_rank() -> None:
    table = robust([(0.9, 0.9, 0.9), (0.5, 0.5, 0.5), (0.1, 0.1, 0.1)])
    for column in ("rank", "lo90_rank", "hi90_rank", "best_rank", "worst_rank"):
        assert table[column].tolist() == [1, 2, 3]
    assert table["pivotal"].isna().all()


def test_rivals_of_opposite_strengths_change_places() -> None:
    # L0 leads by the first indicator only, L1 by the other two: 50 each at the given weights.
    table = robust([(1.0, 0.0, 0.0), (0.0, 1.0, 1.0), (0.0, 0.0, 0.0)])
    assert table["rank"].tolist() == [1, 1, 3]
    assert table.loc[["L0", "L1"], "lo90_rank"].tolist() == [1, 1]
    assert table.loc[["L0", "L1"], "hi90_rank"].tolist() == [2, 2]
    # Without the first indicator L0 has nothing at all.
    assert table.loc["L0", "worst_rank"] == 2
    assert table.loc["L0", "pivotal"] == "入驻率"


def test_the_chance_of_a_grade_is_that_of_the_beta_distribution() -> None:
    # L0 scores 100 × w₁, and w₁ of Dir(50·(.5, .25, .25)) is Beta(25, 25), symmetric about 0.5.
    table = robust(
        [(1.0, 0.0, 0.0), (0.9, 0.9, 0.9), (0.1, 0.1, 0.1)], grades=[("二星", 80.0), ("一星", 50.0)]
    )
    # 2000 draws: standard error 0.011; the tolerance is four of them.
    assert table.loc["L0", "p_grade"] == pytest.approx(0.5, abs=0.045)
    # P(Beta(25, 25) ≥ 0.8) < 1e-5.
    assert table.loc["L0", "p_next"] == 0
    assert table.loc["L1", "p_grade"] == 1
    assert pd.isna(table.loc["L1", "p_next"])
    assert (table.loc["L2", "grade"], table.loc["L2", "p_next"]) == ("未达等级", 0)


def test_a_failed_requirement_leaves_no_chance_of_a_grade() -> None:
    needs = Requirement((Condition("registration_rate", at_least=0.5),))
    table = robust([(1.0, 0.4, 1.0), (0.9, 0.9, 0.9), (0.1, 0.6, 0.1)], [needs], [("一星", 50.0)])
    assert table.loc["L0", "grade"] == "未达必备条件"
    assert table.loc["L0", ["p_grade", "p_next"]].isna().all()
    assert table.loc["L0", "rank"] == 2


def test_missing_values_and_too_few() -> None:
    table = robust([(0.9, np.nan, 0.9), (0.5, 0.5, np.nan), (0.3, 0.3, 0.3), (np.nan, 0.5, np.nan)])
    # Known of L3 is a quarter of the weights: it is not ranked.
    assert sorted(table.index) == ["L0", "L1", "L2"]
    assert (table["lo90_rank"] <= table["rank"]).all()
    assert (table["rank"] <= table["hi90_rank"]).all()
    assert robust([(0.9, 0.9, 0.9), (0.5, 0.5, 0.5)]).empty
    assert robust([]).empty


def test_all_equal_share_the_first_rank() -> None:
    table = robust([(0.5, 0.5, 0.5)] * 4)
    assert (table[["rank", "lo90_rank", "hi90_rank", "worst_rank"]] == 1).all(axis=None)


def test_same_seed_same_answer() -> None:
    rows = [tuple(row) for row in np.random.default_rng(0).uniform(size=(12, 3))]
    pd.testing.assert_frame_equal(robust(rows, draws=200), robust(rows, draws=200))


def test_ranks_leave_out_what_is_unknown() -> None:
    scores = np.array([[3.0, np.nan], [3.0, 1.0], [1.0, 2.0]])
    np.testing.assert_array_equal(ranks(scores), [[1, np.nan], [1, 2], [3, 1]])
