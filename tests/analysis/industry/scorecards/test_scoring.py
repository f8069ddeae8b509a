"""Conditions, points, scores with their bounds, and the tables made of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.industry.scorecards import conditions, scoring
from louyu_lab.analysis.industry.scorecards.cards import Condition, Criterion, Requirement, Scorecard
from louyu_lab.analysis.industry.scorecards.files import packaged_scorecards
from louyu_lab.analysis.industry.scorecards.measures import building_measures
from louyu_lab.analysis.industry.scorecards.tables import (
    scorecard_conditions,
    scorecard_results,
    scorecard_summary,
)

NAN = np.nan


def measures(**columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return frame.set_axis(pd.Index([f"L{at}" for at in range(len(frame))], name="building_id"))


def card(*requirements: Requirement, criteria=(), grades=(), scope=(), name="甲") -> Scorecard:
    return Scorecard(
        "甲.yaml", name, "特色", "办法", False, tuple(scope), requirements, tuple(criteria), grades
    )


def one(code: str, **bounds) -> Requirement:
    return Requirement((Condition(code, **bounds),))


OCCUPIED = one("occupancy_rate", at_least=0.7)


def test_three_answers() -> None:
    rows = measures(occupancy_rate=[0.7, 0.69, NAN, 7 * 0.1], grade=["甲级", None, "乙级", "甲级"])
    # 7 × 0.1 is 0.7000000000000001, and 0.1 + 0.6 less than 0.7: both are 70 %.
    rows.loc["L0", "occupancy_rate"] = 0.1 + 0.6
    assert conditions.requirement_met(OCCUPIED, rows).tolist() == [True, False, pd.NA, True]
    either = Requirement((OCCUPIED.any_of[0], Condition("grade", one_of=("甲级",))))
    # L1: 69 % and unknown grade may still pass; L2: unknown and 乙级 likewise.
    assert conditions.requirement_met(either, rows).tolist() == [True, pd.NA, pd.NA, True]
    both = conditions.all_met([OCCUPIED, one("grade", one_of=("甲级",))], rows)
    # L1 fails for sure whatever its grade; L2 fails by its grade.
    assert both.tolist() == [True, False, False, True]


def test_what_is_lacking() -> None:
    rows = measures(occupancy_rate=[0.63, NAN, 0.9], tax_yuan=[4.4e7, 6e7, 6e7], age_years=[31.0, 5, 5])
    assert conditions.lacking(OCCUPIED, rows).tolist() == ["入驻率差 7 个百分点（现 63%）", "入驻率待补", ""]
    assert conditions.lacking(one("tax_yuan", at_least=5e7), rows)["L0"] == "税收差 600 万元（现 4,400 万元）"
    assert conditions.lacking(one("age_years", at_most=30.0), rows)["L0"] == "楼龄超 1 年（现 31 年）"
    flags = measures(is_above_chance=["否", None, "是"])
    assert conditions.lacking(one("is_above_chance", one_of=("是",)), flags).tolist() == [
        "集聚度没有高过随机",
        "集聚高于随机待补",
        "",
    ]
    # 63 % lacks a tenth of its threshold, the tax 12 %: the nearer alternative is named.
    either = Requirement((Condition("tax_yuan", at_least=5e7), OCCUPIED.any_of[0]))
    assert conditions.lacking(either, rows)["L0"].startswith("入驻率差")
    assert conditions.attainment(either, rows).tolist() == pytest.approx([90, 100, 100])


def test_points() -> None:
    values = pd.Series([-1.0, 0.0, 9.99e6, 1e7, NAN])
    bands = Criterion("tax_yuan", 1, bands=((0.0, 20.0), (1e7, 60.0)))
    assert scoring.criterion_points(bands, values).tolist() == pytest.approx(
        [0, 20, 20, 60, NAN], nan_ok=True
    )
    # The fewer ㎡ a lift serves the better: 6000 earns nothing, 2000 full marks.
    lifts = Criterion("sqm_per_lift", 1, linear=(6000.0, 2000.0))
    served = pd.Series([7000.0, 5000, 1000, NAN])
    assert scoring.criterion_points(lifts, served).tolist() == pytest.approx([0, 25, 100, NAN], nan_ok=True)
    grades = Criterion("grade", 1, points=(("甲级", 80.0),))
    labels = pd.Series(["甲级", "乙级", None], dtype="str")
    assert scoring.criterion_points(grades, labels).tolist() == pytest.approx([80, 0, NAN], nan_ok=True)


RATED = (
    Criterion("occupancy_rate", 3, linear=(0.0, 1.0)),
    Criterion("registration_rate", 1, linear=(0.0, 1.0)),
)


def test_a_missing_indicator_is_neither_nothing_nor_full_marks() -> None:
    rows = measures(occupancy_rate=[0.8, 0.8, NAN], registration_rate=[0.4, NAN, 0.9])
    table = scoring.scores(card(criteria=RATED), rows)
    # L0: (3 × 80 + 40) ÷ 4 = 70. L1: 80 over what is known, between 60 and 85. L2 knows a quarter only.
    assert table["score"].tolist() == pytest.approx([70, 80, NAN], nan_ok=True)
    assert table["lo_score"].tolist() == pytest.approx([70, 60, 22.5])
    assert table["hi_score"].tolist() == pytest.approx([70, 85, 97.5])
    assert table["known_rate"].tolist() == pytest.approx([1, 0.75, 0.25])
    assert table["rank"].tolist() == [2, 1, pd.NA]


def test_equal_scores_share_the_better_rank() -> None:
    rows = measures(occupancy_rate=[0.5, 0.9, 0.1 + 0.4, 0.2], registration_rate=[0.5, 0.9, 0.5, 0.2])
    assert scoring.scores(card(criteria=RATED), rows)["rank"].tolist() == [2, 1, 2, 4]


@given(
    st.lists(st.tuples(*[st.one_of(st.none(), st.floats(0, 1))] * 2), min_size=1, max_size=8).map(
        lambda rows: np.array(rows, dtype="float64")
    )
)
def test_the_score_lies_within_its_bounds(values: np.ndarray) -> None:
    rows = measures(occupancy_rate=values[:, 0], registration_rate=values[:, 1])
    table = scoring.scores(card(criteria=RATED), rows).dropna()
    # Rounded to six decimals each.
    assert (table["lo_score"] <= table["score"] + 1e-6).all()
    assert (table["score"] <= table["hi_score"] + 1e-6).all()


def test_grades_and_what_stands_in_for_them() -> None:
    grades = (("五星", 85.0), ("三星", 65.0))
    rows = measures(
        occupancy_rate=[0.9, 0.85, 0.6, 0.9, 0.5, NAN], registration_rate=[0.9, 0.85, 0.6, NAN, 0.9, 0.9]
    )
    made = card(one("occupancy_rate", at_least=0.55), criteria=RATED, grades=grades)
    stock = pd.DataFrame({"building_id": rows.index, "building": "楼", "street": "街"})
    ledger = stock.assign(feature_year=pd.NA, star=pd.NA)
    table = scorecard_results([made], rows, stock, ledger).set_index("building_id")
    # L3: 90 over what is known, between 67.5 and 92.5. L4 fails the requirement. L5 knows too little.
    assert table["grade"].to_dict() == {
        "L0": "五星", "L1": "五星", "L2": "未达等级", "L3": "三星至五星", "L4": "未达必备条件", "L5": "数据不足",
    }  # fmt: skip
    assert table["passes"].to_dict() == {
        **dict.fromkeys(("L0", "L1", "L2", "L3"), "是"),
        "L4": "否",
        "L5": "待补",
    }


def test_a_district_by_the_published_thresholds(study) -> None:
    cards = packaged_scorecards().cards
    values = building_measures(study)
    stock = study.panel[study.panel["year"] == 2020]
    results = scorecard_results(cards, values, stock, study.ledgers["buildings"])
    first = results[results["scorecard"] == cards[0].name].set_index("building_id")
    # A: occupancy 70 %, taxed here 100 %, concentration by tax 100 %; registered 2 of 3, tax 1000万.
    a = first.loc["A"]
    assert (a["passes"], a["unmet"], a["unknown"]) == ("否", 2, 0)
    assert a["shortfall"] == "注册率差 3.3 个百分点（现 66.7%）；税收差 4,000 万元（现 1,000 万元）"
    assert a["worst_gap_rate"] == pytest.approx(0.8)
    assert (a["feature_year"], a["star"]) == (2018, 4)
    # The score of a card without weights: the mean attainment, (100 + 95.238 + 100 + 100 + 20) ÷ 5.
    assert a["score"] == pytest.approx((300 + 100 * (2 / 3) / 0.7 + 20) / 5, abs=1e-6)
    # C pays too little for sure, whatever else is unknown of it; of D nothing is known.
    assert first.loc["C", "passes"] == "否"
    assert first.loc["D", "passes"] == "待补"
    assert pd.isna(first.loc["D", "score"])
    # The second card is for 1万㎡ and more: C is outside, D of unknown area stays in as 待补.
    second = results[results["scorecard"] == cards[1].name].set_index("building_id")
    assert sorted(second.index) == ["A", "B", "D"]
    assert second.loc["A", "passes"] == "是"
    assert "建筑面积待补" in second.loc["D", "shortfall"]
    summary = scorecard_summary(cards, values, results).set_index("scorecard")
    assert summary.loc[cards[1].name, ["buildings", "outside", "passing", "failing", "unknown"]].tolist() == [
        3,
        1,
        1,
        1,
        1,
    ]
    assert (summary["buildings"] == summary[["passing", "failing", "unknown"]].sum(axis=1)).all()
    each = scorecard_conditions(cards, values, stock)
    own = each[(each["scorecard"] == cards[0].name) & (each["building_id"] == "A")]
    assert own["met"].tolist() == ["是", "否", "是", "是", "否"]
    assert own["gap_rate"].tolist() == pytest.approx([0, 1 - (2 / 3) / 0.7, 0, 0, 0.8])


def test_no_building_and_no_card() -> None:
    nobody = measures(occupancy_rate=[], registration_rate=[])
    stock = pd.DataFrame({"building_id": [], "building": [], "street": []})
    ledger = stock.assign(feature_year=[], star=[])
    for cards in ([], [card(OCCUPIED)], [card(OCCUPIED, criteria=RATED)]):
        results = scorecard_results(cards, nobody, stock, ledger)
        assert results.empty
        assert scorecard_conditions(cards, nobody, stock).empty
        assert scorecard_summary(cards, nobody, results)["buildings"].sum() == 0
