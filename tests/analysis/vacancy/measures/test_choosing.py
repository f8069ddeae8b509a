"""Which drivers enter: known, varying, with room, and the reasons told for the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.measures import declared_drivers, usable_drivers

FIXED = ("owners_log2", "grade_steps", "property_grade_steps", "age_decades", "parking_fifths")


def district(buildings: int = 60, years: tuple[str, ...] = ("2019", "2020"), seed: int = 1) -> pd.DataFrame:
    """A frame of the declared columns with five fixed traits and nothing else known."""
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame(
        {
            "building_id": [f"B{i:03d}" for i in range(buildings)],
            **{name: rng.normal(size=buildings) for name in FIXED},
        }
    )
    frame = traits.merge(pd.DataFrame({"year": list(years)}), how="cross")
    blank = [name for name, driver in declared_drivers().items() if name not in frame and driver.columns]
    frame = frame.assign(
        vacancy_rate=rng.uniform(0, 0.4, len(frame)), is_lease_up=False, **dict.fromkeys(blank, np.nan)
    )
    return frame


def reason(frame: pd.DataFrame, driver: str) -> str:
    return usable_drivers(frame).status.set_index("driver")["reason"][driver]


def test_all_that_is_known_is_used_in_the_declared_order() -> None:
    choice = usable_drivers(district())
    assert choice.used == ("year", *FIXED)
    assert choice.status["driver"].tolist() == list(declared_drivers())
    assert (choice.status["used"] == (choice.status["reason"] == "")).all()


def test_room_is_one_for_ten_buildings_and_goes_by_priority() -> None:
    # 39 buildings have room for three: the last two of the five wait outside.
    choice = usable_drivers(district(39))
    assert choice.used == ("year", *FIXED[:3])
    assert "39 幢楼宇最多容纳 3 项" in choice.status.set_index("driver")["reason"]["age_decades"]


def test_lease_up_rows_make_no_room() -> None:
    frame = district(40)
    frame.loc[frame["building_id"] == "B000", "is_lease_up"] = True
    assert len(usable_drivers(frame).used) == 1 + 3


def test_drivers_of_the_years_need_no_room_unless_there_is_one_year() -> None:
    rng = np.random.default_rng(0)
    frame = district(30)
    frame["nearby_supply_tenths"] = rng.uniform(size=len(frame))
    assert "nearby_supply_tenths" in usable_drivers(frame).used
    one = frame[frame["year"] == "2020"]
    assert usable_drivers(one).used == FIXED[:3]
    assert reason(one, "year") == "只有一年数据"
    assert "上一年" in reason(one, "rent_premium_tenths")


def test_missing_columns_are_named_as_the_user_knows_them() -> None:
    assert reason(district(), "metro_log2") == "没有可用的数据（需要楼宇台账的距地铁）"
    assert "台账都没有" in reason(district(), "amenities")


def test_labels_nobody_recognises_are_named_with_what_is_allowed() -> None:
    frame = district().assign(property_grade_steps=np.nan, property_grade="好")
    said = reason(frame, "property_grade_steps")
    assert said.startswith("有 60 幢填写，但“好”认不出，可写作三级、二级、一级；或一星、")
    assert "没有可用的数据" not in said
    # Nobody filled it in.
    blank = frame.assign(property_grade=pd.Series(np.nan, frame.index, dtype="str"))
    assert reason(blank, "property_grade_steps") == "没有可用的数据（需要楼宇台账的物业等级）"


def test_labels_on_two_scales_are_told_beside_how_few_are_known() -> None:
    frame = district()
    is_other = frame["building_id"] >= "B036"
    frame["property_grade"] = pd.Series(np.where(is_other, "三星", "一级"), dtype="str")
    frame["property_grade_steps"] = frame["property_grade_steps"].mask(is_other)
    assert reason(frame, "property_grade_steps") == (
        "60 幢楼宇中只有 36 幢有数据，不到七成；有 60 幢填写，但“三星”认不出，可写作三级、二级、一级"
    )


def test_the_commonest_unknown_labels_are_named() -> None:
    written = ["差", "好", "好", "中", "特级", "特级"] * 10
    frame = district().sort_values(["year", "building_id"], ignore_index=True)
    frame = frame.assign(grade=written * 2, grade_steps=np.nan)
    assert "但“好”、“特级”、“" in reason(frame, "grade_steps")
    assert "等认不出，可写作丙级、乙级、甲级、超甲级" in reason(frame, "grade_steps")


def test_known_in_too_few_buildings() -> None:
    frame = district()
    frame.loc[frame["building_id"] < "B020", "age_decades"] = np.nan
    assert reason(frame, "age_decades") == "60 幢楼宇中只有 40 幢有数据，不到七成"
    frame = district()
    frame.loc[frame["building_id"] < "B018", "age_decades"] = np.nan
    assert reason(frame, "age_decades") == ""


@pytest.mark.parametrize(("others", "said"), [(0, "各楼宇都相同"), (4, "只有 4 幢与其余不同"), (5, "")])
def test_alike(others: int, said: str) -> None:
    frame = district()
    frame["grade_steps"] = (frame["building_id"] < f"B{others:03d}").astype("float64")
    assert said in reason(frame, "grade_steps")
    assert (reason(frame, "grade_steps") == "") == (said == "")


def test_a_stand_in_enters_only_for_what_is_missing() -> None:
    frame = district().assign(sold_tenths=lambda f: f["owners_log2"] ** 2)
    assert reason(frame, "sold_tenths") == "已用“产权户数”"
    assert "sold_tenths" in usable_drivers(frame.assign(owners_log2=np.nan)).used


def test_nothing_at_all() -> None:
    choice = usable_drivers(district().iloc[:0])
    assert choice.used == () and (choice.status["reason"] != "").all()
