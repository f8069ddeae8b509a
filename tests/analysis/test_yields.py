"""Tax per ㎡: hand-worked yields, ranks and classes."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.yields import unit_tax


def _panel(taxes: list[float], areas: list[float]) -> pd.DataFrame:
    n = len(taxes)
    return pd.DataFrame(
        {
            "building_id": [f"B{i}" for i in range(n)],
            "building": [f"楼{i}" for i in range(n)],
            "street": "东街道",
            "grade": None,
            "year": 2020,
            "tax_yuan": taxes,
            "gross_area_sqm": areas,
            "rentable_area_sqm": [area * 0.8 for area in areas],
            "occupied_area_sqm": [area * 0.4 for area in areas],
        }
    )


def test_yields_by_each_area() -> None:
    # 5,000,000 元 on 10,000 ㎡ is 500 元/㎡; on 8,000 rentable 625; on 4,000 occupied 1,250.
    row = unit_tax(_panel([5e6], [1e4]), 2020).iloc[0]
    assert row["tax_per_gross_yuan_sqm"] == 500
    assert row["tax_per_rentable_yuan_sqm"] == pytest.approx(625)
    assert row["tax_per_occupied_yuan_sqm"] == pytest.approx(1250)


def test_rank_ties_classes_and_unknown() -> None:
    nan = float("nan")
    table = unit_tax(_panel([4e6, 8e6, 4e6, 1e6, nan], [1e4] * 5), 2020)
    assert table["building_id"].tolist() == ["B1", "B0", "B2", "B3", "B4"]
    assert table["rank"].tolist()[:4] == [1, 2, 2, 4]
    assert table["class"].tolist()[:4] == ["A", "B", "B", "D"]
    assert pd.isna(table["rank"].iloc[4]) and pd.isna(table["class"].iloc[4])


def test_no_area_is_no_yield() -> None:
    assert unit_tax(_panel([1e6], [0.0]), 2020)["tax_per_gross_yuan_sqm"].isna().all()
