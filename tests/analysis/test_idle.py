from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.idle import idle_by_place, idle_by_type, idle_in, idle_key
from louyu_lab.ledgers.model import typed_frame

BUILDINGS = typed_frame(
    "buildings",
    pd.DataFrame({"building_id": ["L1", "L2"], "street": ["东街道", "西街道"], "area": ["南市场", None]}),
)


def _idle(**columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    frame["idle_since_date"] = pd.to_datetime(frame.get("idle_since_date"))
    frame["updated_date"] = pd.to_datetime(frame.get("updated_date"))
    return typed_frame("idle", frame)


def test_types_of_the_first_seed() -> None:
    # 125.4万㎡ idle: factories 21.3, offices 50.1, developers' shops 28.9, resettlement shops 16.15,
    # other 8.95.
    areas = {"工业厂房": 21.3, "办公楼": 50.1, "房地产商业": 28.9, "安置房商业": 16.15, "其他": 8.95}
    idle = _idle(
        space_type=[*areas, "办公楼"],
        idle_area_sqm=[area * 1e4 for area in (21.3, 40.1, 28.9, 16.15, 8.95)] + [10.0e4],
        year=[2020] * 6,
    )
    table = idle_by_type(idle, 2020).set_index("space_type")
    assert table.index.tolist() == ["办公楼", "房地产商业", "工业厂房", "安置房商业", "其他"]
    assert table["spaces"].tolist() == [2, 1, 1, 1, 1]
    assert table["idle_area_sqm"].sum() == pytest.approx(125.4e4)
    assert round(table.loc["办公楼", "share_idle"], 3) == 0.400
    assert table["share_idle"].sum() == pytest.approx(1)


def test_the_latest_census_up_to_the_year_counts() -> None:
    idle = _idle(
        idle_id=["a", "b", "a", "c", "d"],
        idle_area_sqm=[1e3, 2e3, 3e3, 4e3, 5e3],
        year=[2018, 2018, 2020, 2021, None],
        period=["2018", "2018", "2020", "2021", None],
        updated_date=[None, None, None, None, "2020-06-01"],
    )
    assert idle_in(idle, 2019)["idle_id"].tolist() == ["a", "b"]
    # d is dated by its update.
    assert idle_in(idle, 2020)["idle_area_sqm"].tolist() == [3e3, 5e3]
    assert idle_in(idle, 2021)["idle_id"].tolist() == ["c"]
    assert len(idle_in(idle, 2017)) == 0


def test_of_two_censuses_in_a_year_the_last_counts_and_undated_rows_are_current() -> None:
    idle = _idle(
        idle_id=["a", "a", "b"],
        year=[2020, 2020, None],
        period=["2020Q2", "2020Q4", None],
        idle_area_sqm=[1, 2, 3],
    )
    assert idle_in(idle, 2020)["idle_area_sqm"].tolist() == [2.0, 3.0]


def test_what_has_been_let_is_no_longer_idle() -> None:
    disposal = ["盘活", "已核销", "全部盘活完毕", "在闲", "部分盘活", "拟盘活", None]
    idle = _idle(idle_id=list("abcdefg"), disposal=disposal, idle_area_sqm=[1e3] * 7, year=[2020] * 7)
    assert idle_in(idle, 2020)["idle_id"].tolist() == ["d", "e", "f", "g"]


def test_places_come_from_the_building_where_the_census_is_silent() -> None:
    idle = _idle(
        building_id=["L1", "L2", None, "L1"],
        area=[None, None, "长白", "长白"],
        idle_cause=["退租", None, "退租", "退租"],
        idle_area_sqm=[1e3, np.nan, 3e3, 4e3],
    )
    table = idle_by_place(idle, BUILDINGS, 2020)
    assert table[["area", "idle_cause", "spaces"]].values.tolist() == [
        ["长白", "退租", 2],
        ["南市场", "退租", 1],
        ["未填地区", "未填原因", 1],
    ]
    assert table["idle_area_sqm"].tolist()[:2] == [7e3, 1e3]
    assert table.loc[2, ["idle_area_sqm", "share_idle"]].isna().all()


def test_key_list_starts_at_3000_sqm_and_counts_whole_months_to_the_year_end() -> None:
    idle = _idle(
        idle_id=["a", "b", "c", "d", "e"],
        building_id=["L1", "L9", None, None, None],
        idle_area_sqm=[3_000.0, 8_000.0, 5_000.0, 2_999.0, 4_000.0],
        idle_since_date=["2019-03-15", "2020-12-31", "2021-02-01", "2019-01-01", None],
    )
    table = idle_key(idle, BUILDINGS, 2020).set_index("idle_id")
    assert table.index.tolist() == ["b", "c", "e", "a"]
    # 15 March 2019 to 31 December 2020: 21 whole months.
    assert table.loc["a", "idle_months"] == 21
    assert table.loc["b", "idle_months"] == 0
    assert table.loc[["c", "e"], "idle_months"].isna().all()
    assert table["in_stock"].to_dict() == {"b": False, "c": False, "e": False, "a": True}
    assert table.loc["a", "street"] == "东街道"


def test_spaces_without_a_number_are_kept_apart() -> None:
    idle = _idle(
        idle_name=["一号仓库", "一号仓库", None],
        building_id=[None, None, "L1"],
        idle_area_sqm=[9e3, 8e3, 7e3],
    )
    assert idle_key(idle, BUILDINGS, 2020)["idle_id"].tolist() == ["一号仓库", "一号仓库-2", "L1"]


def test_an_empty_census_gives_empty_tables() -> None:
    idle = _idle(idle_id=[])
    assert len(idle_by_type(idle, 2020)) == 0
    assert len(idle_by_place(idle, BUILDINGS, 2020)) == 0
    assert len(idle_key(idle, BUILDINGS, 2020)) == 0


def test_a_yearly_census_stands_after_a_quarterly_one() -> None:
    idle = _idle(idle_id=["a", "a"], year=[2020, 2020], period=["2020Q3", "2020"], idle_area_sqm=[1, 2])
    assert idle_in(idle, 2020)["idle_area_sqm"].tolist() == [2.0]
