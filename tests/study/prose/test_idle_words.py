"""What is said of idle space: the tables' numbers, and why idle area ÷ stock is no vacancy rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis import idle_accounts as accounts
from louyu_lab.ledgers.model import typed_frame
from louyu_lab.study.prose import idle as prose


def bridge(vacant: float = 8_000.0) -> pd.DataFrame:
    idle = pd.DataFrame(
        {"building_id": ["A", None], "space_type": ["办公楼", "工业厂房"], "idle_area_sqm": [5e3, 2e4]}
    )
    buildings = pd.DataFrame({"building_id": ["A"], "building": ["甲"], "street": ["东"]})
    buildings = buildings.assign(vacant_area_sqm=vacant, rentable_area_sqm=5e4)
    return accounts.idle_bridge(typed_frame("idle", idle.assign(year=2020)), buildings, 2020)


def test_both_rates_are_told_apart() -> None:
    # 25,000 ÷ 50,000 = 50 % is no vacancy rate; 8,000 ÷ 50,000 = 16 % is.
    assert prose.bridge_words(bridge()) == (
        "在用楼宇空置 0.8 万㎡，其中 0.5 万㎡列入闲置台账，0.3 万㎡未列入。"
        "闲置台账合计 2.5 万㎡，其中楼宇以外 2.0 万㎡：合计相当于可租售面积的 50.0%，"
        "但分子含楼宇以外的空间、不含未列入台账的空置，不是空置率；空置率为 16.0%。"
    )


def test_what_exceeds_the_vacancy_is_said() -> None:
    assert "有 1 幢楼的闲置面积超过空置面积，共超出 0.3 万㎡" in prose.bridge_words(bridge(2_000.0))


def test_without_occupancy_or_ledger() -> None:
    assert "没有入驻数据" in prose.bridge_words(bridge(np.nan))
    assert prose.bridge_words(bridge().iloc[:0]) == ""
    assert prose.idle_words(pd.DataFrame(), pd.DataFrame()) == ""
    assert prose.idle_change_words(pd.DataFrame()) == ""


def test_changes_are_said_entry_by_entry() -> None:
    changes = pd.DataFrame(
        {
            "from_year": 2019,
            "to_year": 2020,
            "entry": [
                *(accounts.OPENING, accounts.ADDED, accounts.LET, accounts.WRITTEN_OFF),
                *(accounts.GONE, accounts.REVISED, accounts.CLOSING),
            ],
            "spaces": [6, 1, 2, 1, 0, 1, 4],
            "area_sqm": [1e5, 2e4, -3e4, -1.5e3, 0.0, 1e3, 8.95e4],
            "share_opening": [1.0, 0.2, -0.3, -0.015, 0.0, 0.01, 0.895],
        }
    )
    assert prose.idle_change_words(changes) == (
        "与 2019 年普查相比，闲置由 10.00 万㎡变为 8.95 万㎡："
        "新增 1 处、2.00 万㎡，盘活 2 处、3.00 万㎡，核销 1 处、0.15 万㎡。"
        "盘活率 30.0%（盘活面积 ÷ 期初闲置面积）。"
    )


def test_where_nobody_knows_the_stock_nothing_is_said_of_it() -> None:
    by_type = pd.DataFrame(
        {"space_type": ["办公楼"], "spaces": [1], "idle_area_sqm": [5e3], "share_idle": [1.0]}
    )
    key = pd.DataFrame({"idle_area_sqm": [5e3], "in_stock": pd.array([False], dtype="boolean")})
    assert prose.idle_words(by_type, key).endswith("重点闲置 1 处、0.5 万㎡，其中在册楼宇内 0 处、0㎡。")
    unknown = key.assign(in_stock=pd.Series(dtype="boolean"))
    assert prose.idle_words(by_type, unknown).endswith("重点闲置 1 处、0.5 万㎡。")
