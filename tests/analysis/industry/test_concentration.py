"""行业集聚度 of buildings and district, beside chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.concentration import concentration as index_table
from louyu_lab.analysis.industry.concentration import industry_concentration

NAN = float("nan")


def mix(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    columns = ["id", "industry", "firms", "area_sqm", "tax_yuan"]
    return pd.DataFrame(rows, columns=columns).assign(level="building")


#: A: 商贸 2, 科技 1; B: 商贸 1, 金融 1; C: 金融 1; D: everyone left.
MIX = mix(
    ("A", "商贸", 2, 100, 10),
    ("A", "科技", 1, 200, 20),
    ("B", "商贸", 1, 50, -5),
    ("B", "金融", 1, 300, 500),
    ("C", "金融", 1, 40, NAN),
    ("D", "商贸", 0, NAN, 7),
)


#: A has a name; the others are known by their number only.
BUILDINGS = pd.DataFrame({"building_id": ["A"], "building": ["青禾大厦"]})


def tenants_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The enterprises of a mix, as of ``mix.tenants_by_industry``: all alike within a building and industry."""
    count = frame["firms"].clip(lower=1).astype("int64")
    each = frame.assign(area_sqm=frame["area_sqm"] / count, tax_yuan=frame["tax_yuan"] / count)
    each = each.assign(at_year_end=frame["firms"] > 0, street="南湖街道").rename(
        columns={"id": "building_id"}
    )
    return each.loc[each.index.repeat(count)].reset_index(drop=True)


def concentration(frame: pd.DataFrame, draws: int = 200) -> pd.DataFrame:
    indices = index_table(tenants_of(frame), BUILDINGS, rng=np.random.default_rng(7), draws=draws)
    return industry_concentration(frame, BUILDINGS, indices)


def test_buildings_worked_by_hand() -> None:
    found = concentration(MIX).set_index("building_id")
    # All are small; the most concentrated stands first.
    assert found.index.tolist() == ["C", "A", "B"]
    assert found.loc["A", "building"] == "青禾大厦"
    found = found.loc[["A", "B", "C"]]
    assert found["dominant_industry"].tolist() == ["商贸", "商贸", "金融"]
    assert found["dominant_industry_area"].tolist() == ["科技", "金融", "金融"]
    assert found["share_industry_firms"].tolist() == pytest.approx([2 / 3, 1 / 2, 1])
    assert found["share_industry_area"].tolist() == pytest.approx([200 / 300, 300 / 350, 1])
    # The refund of B counts as no tax; the tax of C is not known.
    assert found["share_industry_tax"].tolist() == pytest.approx([20 / 30, 1, NAN], nan_ok=True)


def test_the_unrecognised_never_dominate() -> None:
    found = concentration(mix(("A", "未识别", 3, 1, 1), ("A", "商贸", 1, 1, 1), ("B", "未识别", 2, 1, 1)))
    assert found["dominant_industry"].fillna("-").tolist() == ["商贸", "-"]
    assert found["share_industry_firms"].tolist() == pytest.approx([1 / 4, NAN], nan_ok=True)


def test_chance_expectation_of_small_buildings() -> None:
    found = concentration(MIX, draws=20_000).set_index("building_id")
    # One firm always makes 100 %. Two of the six firms (商贸 3, 金融 2, 科技 1) agree with probability
    # (3·2 + 2·1)/(6·5) = 8/30, so the largest share is 8/30·1 + 22/30·0.5 on average.
    assert found.loc["C", "expected_rate"] == 1
    # Standard error of 20,000 draws: 0.22/141 = 0.0016; the tolerance is six of them.
    assert found.loc["B", "expected_rate"] == pytest.approx(19 / 30, abs=0.01)
    assert not found["is_above_chance"].any()


def test_a_building_of_one_industry_is_above_chance() -> None:
    rows = [(f"b{number}", industry, 5, 1, 1) for number in range(9) for industry in ("商贸", "科技", "金融")]
    found = concentration(mix(*rows, ("hub", "金融", 40, 1, 1))).set_index("building_id")
    assert found.loc["hub", "is_above_chance"]
    assert not found.drop("hub")["is_above_chance"].any()


def test_a_few_of_many_buildings_beyond_the_percentile_are_chance() -> None:
    # Sixty buildings of twenty firms, dealt at random: about 5 % of them are above the 95th percentile.
    dealt = np.random.default_rng(1).multinomial(20, [0.4, 0.3, 0.2, 0.1], 60)
    names = ("商贸", "科技", "金融", "文化")
    rows = [
        (f"b{at:02}", name, firms, NAN, NAN)
        for at, row in enumerate(dealt)
        for name, firms in zip(names, row, strict=True)
    ]
    found = concentration(mix(*rows), draws=500)
    assert (found["share_industry_firms"] > found["expected_p95_rate"]).any()
    assert not found["is_above_chance"].any() and (found["q_value"] > 0.05).all()


def test_same_seed_same_answer() -> None:
    pd.testing.assert_frame_equal(concentration(MIX), concentration(MIX))


def test_no_buildings() -> None:
    empty = concentration(MIX.iloc[:0])
    assert len(empty) == 0
