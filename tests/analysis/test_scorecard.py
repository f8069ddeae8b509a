"""The street scorecard: fair measures, plain scores, ties and refusals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.growth import comparable_tax
from louyu_lab.analysis.scorecard import ScorecardRefused, street_measures, street_scorecard

STREETS = ["东街", "南街", "西街"]


@pytest.fixture
def district(panel_of: Callable) -> Callable[..., pd.DataFrame]:
    """Return a maker of a panel with one building a street: occupancy, growth and tax per ㎡ as asked."""

    def make(occupancy: list, growth: list, tax_per_sqm: list, streets: list[str] = STREETS) -> pd.DataFrame:
        number = len(streets)
        common = {"building_id": [f"L{i}" for i in range(number)], "street": streets}
        tax = np.array(tax_per_sqm, dtype=float) * 1e4
        areas = {"gross_area_sqm": [1e4] * number, "rentable_area_sqm": [8e3] * number}
        before = panel_of(2019, **common, **areas, tax_yuan=(tax / (1 + np.array(growth))).tolist())
        occupied = (8e3 * np.array(occupancy, dtype=float)).tolist()
        after = panel_of(2020, **common, **areas, occupied_area_sqm=occupied, tax_yuan=tax.tolist())
        return pd.concat([before, after], ignore_index=True)

    return make


def test_scores_are_fifty_and_ten_a_deviation(district: Callable) -> None:
    # Each measure is 1, 2, 3 in some unit: z = −1.2247, 0, 1.2247 (spread √(2/3)).
    table = street_scorecard(district([0.7, 0.8, 0.9], [0.1, 0.2, 0.3], [1000, 2000, 3000]), 2020)
    assert table["street"].tolist() == ["西街", "南街", "东街"]
    assert table["rank"].tolist() == [1, 2, 3]
    step = 10 * np.sqrt(1.5)
    # Scores are rounded to six places.
    assert table["score"].tolist() == pytest.approx([50 + step, 50, 50 - step], abs=1e-6)


def test_size_alone_earns_nothing(district: Callable) -> None:
    panel = district([0.7, 0.8, 0.9], [0.1, 0.2, 0.3], [1000, 2000, 3000])
    amounts = ["gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "tax_yuan"]
    large = panel.copy()
    large[amounts] = large[amounts].mul(np.where(large["street"] == "东街", 50, 1), axis=0)
    pd.testing.assert_series_equal(
        street_scorecard(large, 2020)["score"], street_scorecard(panel, 2020)["score"]
    )


def test_growth_is_of_the_same_buildings(panel_of: Callable) -> None:
    before = panel_of(2019, building_id=["A"], street=["东街"], tax_yuan=[100])
    after = panel_of(2020, building_id=["A", "新"], street=["东街", "东街"], tax_yuan=[110, 900])
    panel = pd.concat([before, after])
    row = street_measures(panel, 2020).iloc[0]
    assert row["growth_rate"] == pytest.approx(0.1) == comparable_tax(panel, 2019, 2020).growth_rate
    assert row["tax_yuan"] == 1010


def test_equal_streets_share_a_rank(district: Callable) -> None:
    streets = ["东街", "南街", "西街", "北街"]
    panel = district([0.9, 0.8, 0.8, 0.7], [0.2] * 4, [2000] * 4, streets)
    table = street_scorecard(panel, 2020).set_index("street")
    assert table["rank"].to_dict() == {"东街": 1, "南街": 2, "西街": 2, "北街": 4}


def test_a_measure_without_spread_decides_nothing(district: Callable) -> None:
    panel = district([0.8] * 3, [0.1, 0.1, 0.1], [1500] * 3)
    table = street_scorecard(panel, 2020)
    assert table["score"].tolist() == [50, 50, 50]
    assert table["rank"].tolist() == [1, 1, 1]


def test_weights_choose_what_counts(district: Callable) -> None:
    panel = district([0.7, 0.8, 0.9], [0.3, 0.2, 0.1], [1000, 1000, 1000])
    by_growth = street_scorecard(panel, 2020, weights={"growth_rate": 2})
    assert by_growth["street"].tolist() == ["东街", "南街", "西街"]
    # Opposite orders with equal weights cancel out.
    assert street_scorecard(panel, 2020)["score"].tolist() == pytest.approx([50] * 3, abs=1e-6)


def test_too_few_streets_are_not_compared(district: Callable) -> None:
    panel = district([0.7, 0.8, np.nan], [0.1, 0.2, 0.3], [1000, 2000, 3000])
    with pytest.raises(ScorecardRefused, match="数据齐全的街道只有 2 个，不足 3 个"):
        street_scorecard(panel, 2020)
    # Without the measure that is missing there are three.
    assert len(street_scorecard(panel, 2020, weights={"tax_per_sqm_yuan": 1})) == 3


def test_targets_score_by_completion_and_are_capped(district: Callable) -> None:
    panel = district([0.45, 0.9], [0.1, 0.1], [1000, 9000], ["东街", "南街"])
    goals = {"occupancy_rate": 0.9, "growth_rate": 0.1, "tax_per_sqm_yuan": 2000}
    table = street_scorecard(panel, 2020, targets=goals).set_index("street")
    assert table.loc["东街", "score"] == pytest.approx(100 * (0.5 + 1 + 0.5) / 3, abs=1e-6)
    assert table.loc["南街", "score"] == pytest.approx(
        100 * (1 + 1 + 1.2) / 3, abs=1e-6
    )  # 4.5 × capped at 1.2


def test_a_street_without_data_is_listed_without_a_score(district: Callable) -> None:
    panel = district([0.7, 0.8, 0.9, np.nan], [0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4], [*STREETS, "北街"])
    last = street_scorecard(panel, 2020).iloc[-1]
    assert last["street"] == "北街"
    assert pd.isna(last["rank"]) and np.isnan(last["score"])


def test_buildings_without_a_street_are_nobodys_merit(district: Callable) -> None:
    panel = district([0.7, 0.8, 0.9, 0.1], [0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4], [*STREETS, None])
    assert sorted(street_scorecard(panel, 2020)["street"]) == sorted(STREETS)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"weights": {"occupancy": 1}}, "不认识的指标 occupancy；可用：occupancy_rate"),
        ({"weights": {"occupancy_rate": -1}}, "不小于 0"),
        ({"weights": {"occupancy_rate": 0}}, "不全为 0"),
        ({"targets": {"occupancy_rate": 0.9}}, "缺：growth_rate、tax_per_sqm_yuan"),
    ],
)
def test_options_that_do_not_fit_are_refused(district: Callable, options: dict, told: str) -> None:
    panel = district([0.7, 0.8, 0.9], [0.1, 0.2, 0.3], [1, 2, 3])
    with pytest.raises(ValueError, match=told):
        street_scorecard(panel, 2020, **options)


def test_a_single_year_has_no_growth_to_score(district: Callable) -> None:
    panel = district([0.7, 0.8, 0.9], [0.1, 0.2, 0.3], [1, 2, 3])
    only = panel[panel["year"] == 2020]
    assert street_measures(only, 2020)["growth_rate"].isna().all()
    with pytest.raises(ScorecardRefused):
        street_scorecard(only, 2020)
