"""Traits of buildings in the reader's units, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.measures.traits import age_decades, steps, trait_drivers
from louyu_lab.ledgers.model import typed_frame


def of(**columns: object) -> pd.Series:
    """The drivers of one building."""
    row = pd.DataFrame({"building_id": ["A"], **{name: [value] for name, value in columns.items()}})
    return trait_drivers(typed_frame("buildings", row)).loc["A"]


def test_units_by_hand() -> None:
    # 8 owners: log2 = 3. 60 spaces on 10 000 ㎡: 0.6 per 100 ㎡ = 3 fifths. 4 lifts: 2.5 thousand ㎡ each.
    found = of(
        owners=8, top_owner_rate=0.7, self_held_rate=0.55, gross_area_sqm=10_000.0, parking_spaces=60,
        lifts=4, metro_distance_m=512.0, grade="甲级", property_grade="二级", carrier_type="商业综合体",
    )  # fmt: skip
    expected = {
        "owners_log2": 3.0,
        "non_top_owner_tenths": 3.0,
        "sold_tenths": 4.5,
        "parking_fifths": 3.0,
        "thousand_sqm_per_lift": 2.5,
        "metro_log2": 9.0,
        "gross_area_log2": np.log2(10_000),
        "grade_steps": 2.0,
        "property_grade_steps": 1.0,
        "is_not_office": 1.0,
    }
    assert found[list(expected)].to_dict() == pytest.approx(expected)


def test_nothing_is_measured_from_zero_or_blank() -> None:
    found = of(gross_area_sqm=9_000.0, lifts=0, metro_distance_m=0.0, grade="特级")
    blank = [
        "owners_log2",
        "thousand_sqm_per_lift",
        "metro_log2",
        "grade_steps",
        "is_not_office",
    ]
    assert found[blank].isna().all()
    # No space at all is a number, and a bad one; not told is not.
    assert of(gross_area_sqm=9_000.0, parking_spaces=0)["parking_fifths"] == 0.0
    assert np.isnan(found["parking_fifths"])


def test_age_is_the_cohort_and_a_refit_moves_it_bit_by_bit() -> None:
    columns = {"building_id": list("ABCD"), "completion_year": [2000, 2000, 2000, None]}
    listed = pd.DataFrame(columns | {"refit_year": [None, 2019, 2021, 2019]})
    panel = pd.DataFrame({"building_id": np.repeat(list("ABCD"), 3), "year": [2018, 2019, 2020] * 4})
    found = age_decades(typed_frame("buildings", listed), panel).to_numpy().reshape(4, 3)
    # Completed 2000, seen from the middle of the panel, 2019: 19 years in each of its years.
    assert found[0] == pytest.approx(1.9)
    # Refit in the middle of 2019: 1 − 0.5^½ of the way from 2000 to 2019 at its end, 1 − 0.5^1.5 a year later.
    assert found[1] == pytest.approx([1.9, 1.9 * 0.5**0.5, 1.9 * 0.5**1.5])
    # A refit after the panel is not there yet; without a completion there is nothing to move.
    assert found[2] == pytest.approx(1.9)
    assert np.isnan(found[3]).all()


def test_stars_are_a_scale_of_their_own() -> None:
    labels = pd.Series(["五星", " 三星", "一星", "二级"], dtype="str")
    assert steps(labels, "property_grade").tolist() == pytest.approx([4.0, 2.0, 0.0, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("trait", "labels", "places"),
    [
        ("grade", ["5A", "超甲", "Ａ", "a级", "甲", " B级", "乙", "C", "丙级", "国际级"], [3, 3, 2, 2, 2, 1, 1, 0, 0, None]),
        ("property_grade", ["国家一级资质", "一级资质", "壹级", "贰级", "3级", "好", None, ""], [2, 2, 2, 1, 0, None, None, None]),
        ("property_grade", ["3星", "三星级", "５ 星级", "一星"], [2, 2, 4, 0]),
        ("property_grade", ["优", "良", "未评级"], [3, 2, 0]),
    ],
)  # fmt: skip
def test_labels_are_known_however_they_are_written(trait: str, labels: list, places: list) -> None:
    expected = [np.nan if place is None else float(place) for place in places]
    assert steps(pd.Series(labels, dtype="str"), trait).tolist() == pytest.approx(expected, nan_ok=True)
