"""Vacancy by trait: rates by hand, planted differences found, no difference not found too often."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.vacancy.traits import TRAITS, left_out_traits, vacancy_by_trait
from louyu_lab.ledgers.model import typed_frame


def district(
    panel_of: Callable[..., pd.DataFrame],
    vacant: np.ndarray,
    sealed: np.ndarray | None = None,
    **traits: list,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Buildings of 1000 ㎡ with these vacant (and sealed) areas and traits."""
    ids = [f"L{at:03d}" for at in range(len(vacant))]
    vacant = np.asarray(vacant, dtype="float64")
    panel = panel_of(
        building_id=ids,
        rentable_area_sqm=[1000.0] * len(ids),
        occupied_area_sqm=list(1000.0 - vacant),
        unmarketable_area_sqm=list(np.zeros(len(ids)) if sealed is None else sealed),
    )
    return panel, typed_frame("buildings", pd.DataFrame({"building_id": ids, **traits}))


def of(table: pd.DataFrame, trait: str) -> pd.DataFrame:
    return table[table["trait"] == trait].set_index("trait_level")


def test_rates_and_differences_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    # 甲级: (200 − 100) + 100 of 900 + 1000; 乙级: 400 of 1000. Difference: 200/1900 − 400/1000.
    made = district(panel_of, [200, 100, 400], [100, 0, 0], grade=["甲级", "甲级", "乙级"])
    table = of(vacancy_by_trait(*made, 2020, np.random.default_rng(0)), "等级")
    assert table.loc["甲级", ["marketable_area_sqm", "vacant_area_sqm"]].tolist() == [1900.0, 200.0]
    assert table.loc["甲级", "vacancy_rate"] == pytest.approx(200 / 1900)
    assert table.loc["甲级", "difference"] == pytest.approx(200 / 1900 - 0.4)
    assert table.loc["乙级", "difference"] == pytest.approx(0.4 - 200 / 1900)
    # Two against one building: too few for an interval.
    assert table["is_small"].all()
    assert table[["lo", "hi"]].isna().all(axis=None)


def test_a_planted_difference_is_inside_its_interval_and_zero_is_not(
    panel_of: Callable[..., pd.DataFrame],
) -> None:
    # 40 buildings a side, 10 % and 25 % vacant, spread 5 points: the standard error is 5·√(2/40) ≈ 1.1.
    rng = np.random.default_rng(3)
    vacant = 1000 * np.clip(np.repeat([0.10, 0.25], 40) + rng.normal(0, 0.05, 80), 0, 1)
    made = district(panel_of, vacant, grade=["甲级"] * 40 + ["丙级"] * 40)
    row = of(vacancy_by_trait(*made, 2020, np.random.default_rng(0)), "等级").loc["丙级"]
    assert row["lo"] > 0
    assert row["lo"] < 0.15 < row["hi"]
    # 90 % normal interval of this design: ± 1.64 × 1.1 = ± 1.8 points; the bootstrap within a third of it.
    assert row["hi"] - row["lo"] == pytest.approx(0.036, rel=0.33)


def test_no_difference_is_rarely_found(panel_of: Callable[..., pd.DataFrame]) -> None:
    # Nominal 90 %: of 40 districts about 4 intervals leave out zero; more than 11 has probability 4e-4.
    found = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        made = district(panel_of, 1000 * rng.uniform(0, 0.4, 40), grade=["甲级", "乙级"] * 20)
        row = of(vacancy_by_trait(*made, 2020, rng), "等级").loc["甲级"]
        found += not row["lo"] < 0 < row["hi"]
    assert found <= 11


def test_one_grade_in_several_spellings_is_one_level(panel_of: Callable[..., pd.DataFrame]) -> None:
    made = district(
        panel_of,
        [100, 200, 300, 400, 500, 600],
        grade=["甲级", "Ａ", " a级", "乙级", "B", "特级"],
        property_grade=["国家一级资质", "一级", "1级", "贰级", "二级", None],
    )
    table = vacancy_by_trait(*made, 2020, np.random.default_rng(0))
    # In printed order; what no scale knows stays as it is.
    assert of(table, "等级")["buildings"].to_dict() == {"甲级": 3, "乙级": 2, "特级": 1}
    assert of(table, "等级").loc["甲级", "vacancy_rate"] == pytest.approx(600 / 3000)
    assert of(table, "物业等级")["buildings"].to_dict() == {"一级": 3, "二级": 2, NO_DATA: 1}


def test_bands_and_missing_levels(panel_of: Callable[..., pd.DataFrame]) -> None:
    made = district(
        panel_of,
        np.arange(6) * 100,
        owners=[1, 2, 11, 60, None, 1],
        parking_spaces=[4, 5, 8, None, 9, 0],
        gross_area_sqm=[1000.0] * 6,
    )
    table = vacancy_by_trait(*made, 2020, np.random.default_rng(0))
    owners = of(table, "产权户数")
    assert owners["buildings"].to_dict() == {
        "单一产权": 2,
        "2—10户": 1,
        "11—50户": 1,
        "50户以上": 1,
        NO_DATA: 1,
    }
    # Unknown is counted, not compared, and not among the others: 100/1000 − (0 + 200 + 300 + 500)/4000.
    assert np.isnan(owners.loc[NO_DATA, "difference"])
    assert not owners.loc[NO_DATA, "is_small"]
    assert owners.loc["2—10户", "difference"] == pytest.approx(0.1 - 0.25)
    # 0.4, 0.5, 0.8, unknown, 0.9 and 0 spaces per 100 ㎡; a lower bound belongs to its band.
    parking = of(table, "每100㎡车位")["buildings"].to_dict()
    assert parking == {"0.5个以下": 2, "0.5—0.8个": 1, "0.8个及以上": 2, NO_DATA: 1}
    assert set(left_out_traits(*made, 2020)) == {trait.name for trait in TRAITS} - {"产权户数", "每100㎡车位"}


def test_no_occupancy_gives_no_rows(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel, buildings = district(panel_of, [100, 200], grade=["甲级", "乙级"])
    panel = panel.assign(vacant_area_sqm=np.nan)
    assert len(vacancy_by_trait(panel, buildings, 2020, np.random.default_rng(0))) == 0


def test_order_of_rows_does_not_matter(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel, buildings = district(panel_of, np.arange(20) * 20, grade=["甲级", "乙级"] * 10)
    straight = vacancy_by_trait(panel, buildings, 2020, np.random.default_rng(5))
    turned = vacancy_by_trait(panel.iloc[::-1], buildings.iloc[::-1], 2020, np.random.default_rng(5))
    pd.testing.assert_frame_equal(straight, turned)
