"""The earlier year as the later study has it, against cases worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from louyu_lab.analysis.changes import (
    TenantChanges,
    listed_streets,
    restated_buildings,
    restated_tenants,
    tenant_changes,
    told_apart,
    with_struck,
)

#: Two streets of two buildings each.
PLACES = {"building_id": list("ABCD"), "building": ["甲楼", "乙楼", "丙楼", "丁楼"]}
STREETS = ["东街道", "东街道", "西街道", "西街道"]


@pytest.fixture
def stock(panel_of: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    def make(tax: list, occupied: list) -> pd.DataFrame:
        return panel_of(
            2019,
            **PLACES,
            street=STREETS,
            rentable_area_sqm=[1_000.0] * 4,
            occupied_area_sqm=occupied,
            tax_yuan=tax,
        )

    return make


def test_the_later_word_counts_street_by_street(stock: Callable[..., pd.DataFrame]) -> None:
    before = stock([1e6, 2e6, 3e6, 4e6], [500.0, 600.0, 700.0, 800.0])
    # The east was corrected (B) and lost a row (A, one of two: still held); the west handed in nothing.
    found = restated_buildings(before, stock([None, 5e6, None, None], [500.0, 600.0, 700.0, 900.0]))
    base = found.base.set_index("building_id")
    assert base["tax_yuan"].fillna(-1).to_dict() == {"A": -1, "B": 5e6, "C": 3e6, "D": 4e6}
    assert base["occupied_area_sqm"].to_dict() == {"A": 500, "B": 600, "C": 700, "D": 900}
    assert found.lacking == {"入驻": (), "税收": ("西街道",)}
    changed = found.revised.set_index(["building_id", "measure"])[["before", "after"]].fillna(-1)
    assert changed.T.to_dict("list") == {
        ("A", "tax_yuan"): [1e6, -1],
        ("B", "tax_yuan"): [2e6, 5e6],
        ("D", "occupied_area_sqm"): [800, 900],
        ("D", "occupancy_rate"): [0.8, 0.9],
    }
    assert set(found.revised["kind"]) == {"改动"}


def test_the_same_word_twice_revises_nothing(stock: Callable[..., pd.DataFrame]) -> None:
    before = stock([1e6, None, 3e6, 4e6], [500.0, 600.0, 700.0, None])
    found = restated_buildings(before, before)
    assert found.revised.empty
    assert not any(found.lacking.values())
    pd.testing.assert_frame_equal(found.base, before[found.base.columns])


def test_buildings_of_one_word_only(stock: Callable[..., pd.DataFrame]) -> None:
    whole = stock([1e6, 2e6, 3e6, 4e6], [500.0, 600.0, 700.0, 800.0])
    # C was left out of the earlier register; B stands in the later one without a figure of the year.
    found = restated_buildings(whole[whole["building_id"].isin(["A", "D"])], whole.iloc[[0, 2]])
    assert set(found.base["building_id"]) == {"A", "C", "D"}
    assert dict(zip(found.revised["building_id"], found.revised["kind"], strict=True)) == {
        "C": "补登",
        "D": "不再列",
    }
    bare = whole.assign(tax_yuan=float("nan"), occupied_area_sqm=float("nan"), occupancy_rate=float("nan"))
    assert set(restated_buildings(whole.iloc[:1], bare).base["building_id"]) == {"A"}


def test_a_building_that_got_its_number_is_the_same(panel_of: Callable[..., pd.DataFrame]) -> None:
    before = panel_of(2019, building_id=["甲楼"], building=["甲楼"], tax_yuan=[1e7])
    found = restated_buildings(before, panel_of(2019, building_id=["L1"], building=["甲楼"], tax_yuan=[1e7]))
    assert list(found.base["building_id"]) == ["L1"]
    assert found.revised.empty


def standing(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "street"], dtype="str")
    frame = frame.assign(enterprise=frame["enterprise_id"] + "公司", building=frame["building_id"] + "楼")
    return frame.assign(area_sqm=100.0, tax_yuan=1e6)


BEFORE = standing(("stays", "A", "东"), ("dated", "A", "东"), ("erased", "A", "东"), ("far", "W", "西"))
AGAIN = standing(("stays", "B", "东"), ("placed", "A", "东"))


def test_the_lists_of_the_later_study_count_where_it_has_them() -> None:
    base, revised = restated_tenants(BEFORE, AGAIN, {"东"})
    assert set(zip(base["enterprise_id"], base["building_id"], strict=True)) == {
        ("stays", "B"),
        ("placed", "A"),
        ("far", "W"),
    }
    assert revised.set_index("enterprise_id")["kind"].to_dict() == {
        "placed": "新入驻",
        "dated": "迁出",
        "erased": "迁出",
        "stays": "换楼",
    }


def test_a_firm_that_no_row_names_any_more_stays_among_the_changes() -> None:
    base, revised = restated_tenants(BEFORE, AGAIN, {"东"})
    news = tenant_changes(base, base)
    # "dated" is still in the ledger, under another date or place; "erased" is not.
    changes, revised = with_struck(news, revised, {"stays", "dated公司", "placed", "far"})
    assert changes.firms[["enterprise_id", "kind"]].to_numpy().tolist() == [["erased", "名单已删"]]
    assert set(revised["enterprise_id"]) == {"placed", "dated", "stays"}
    assert isinstance(changes, TenantChanges)


def test_stays_that_never_ended_say_nothing_of_the_past(panel_of: Callable[..., pd.DataFrame]) -> None:
    buildings = panel_of(2019, building_id=["A"], building=["甲楼"], street=["东"])
    stays = pd.DataFrame(
        {
            "building_id": pd.Series(["A"], dtype="str"),
            "year": pd.array([None], dtype="Int64"),
            "move_out_date": pd.Series([None], dtype="datetime64[us]"),
        }
    )
    assert listed_streets(stays, buildings, 2019) == {"东"}
    assert listed_streets(stays, buildings, 2019, looking_back=True) == set()
    ended = stays.assign(move_out_date=pd.Timestamp("2018-06-30"))
    assert listed_streets(ended, buildings, 2019, looking_back=True) == {"东"}


def test_only_shared_names_take_the_number() -> None:
    ids = pd.Series(["L1", "L2", "L3", "乙楼", "L1", "L5"])
    names = pd.Series(["甲楼", "甲楼", "乙楼", "乙楼", "甲楼", None])
    assert told_apart(ids, names) == {
        "L1": "甲楼 L1",
        "L2": "甲楼 L2",
        "L3": "乙楼 L3",
        "乙楼": "乙楼",
        "L5": "L5",
    }
