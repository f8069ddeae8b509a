"""The idle ledger by group: every cell closes, every grouping adds up, completeness by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis import idle_accounts as accounts
from louyu_lab.analysis.idle_groups import ELEMENTS, GROUPINGS, filled_elements, idle_elements, idle_groups
from louyu_lab.ledgers.model import typed_frame

BUILDINGS = typed_frame(
    "buildings", pd.DataFrame({"building_id": ["L1"], "street": ["东街"], "area": [None]})
)
FLOWS = ("added_area_sqm", "let_area_sqm", "written_off_area_sqm", "gone_area_sqm", "revised_area_sqm")
SIGNS = [1.0, -1.0, -1.0, -1.0, 1.0]


def census(*rows: dict, year: int = 2020) -> pd.DataFrame:
    return typed_frame("idle", pd.DataFrame([{"year": year, **row} for row in rows]))


def two(first: list[dict], last: list[dict]) -> pd.DataFrame:
    return pd.concat([census(*first, year=2019), census(*last)], ignore_index=True)


def cell(table: pd.DataFrame, grouping: str, **kind: str) -> pd.Series:
    rows = table[table["grouping"] == grouping]
    for column, name in kind.items():
        rows = rows[rows[column] == name]
    assert len(rows) == 1
    return rows.iloc[0]


def test_cells_by_hand() -> None:
    # a (办公楼, 国有) let in part: 1000 → 700. b (厂房) let. c new, in building L1 of 东街, no ownership.
    # d was 民营 and is 国有 now: it opens where it stands now, as no entry of either group.
    first = [
        {"idle_id": "a", "idle_area_sqm": 1000.0, "space_type": "办公楼", "ownership": "国有"},
        {"idle_id": "b", "idle_area_sqm": 400.0, "space_type": "厂房", "ownership": "民营"},
        {"idle_id": "d", "idle_area_sqm": 600.0, "space_type": "厂房", "ownership": "民营"},
    ]
    last = [
        {**first[0], "idle_area_sqm": 700.0, "disposal": "部分盘活"},
        {**first[1], "disposal": "盘活"},
        {"idle_id": "c", "idle_area_sqm": 50.0, "space_type": "办公楼", "building_id": "L1"},
        {**first[2], "ownership": "国有"},
    ]
    table = idle_groups(two(first, last), BUILDINGS, 2020)
    offices = cell(table, "类型", space_type="办公楼")
    assert offices[["opening_area_sqm", "let_area_sqm", "added_area_sqm", "closing_area_sqm"]].tolist() == [
        1000.0, 300.0, 50.0, 750.0,
    ]  # fmt: skip
    assert offices["let_rate"] == pytest.approx(0.3)
    assert offices["spaces"] == 2
    assert cell(table, "类型", space_type="厂房")["let_rate"] == pytest.approx(0.4)
    owned = cell(table, "产权", ownership="国有")
    assert owned[["opening_area_sqm", "closing_area_sqm"]].tolist() == [1600.0, 1300.0]
    crossed = cell(table, "类型×街道×产权", space_type="办公楼", street="东街", ownership="未填产权")
    assert crossed[["opening_area_sqm", "added_area_sqm", "spaces"]].tolist() == [0.0, 50.0, 1]
    assert np.isnan(crossed["let_rate"])
    assert cell(table, "全部")["let_rate"] == pytest.approx(700 / 2000)
    assert set(table["from_year"]) == {2019}
    # A group that has nothing left has no completeness.
    gone = cell(table, "产权", ownership="民营")
    assert gone["spaces"] == 0
    assert np.isnan(gone["completeness_rate"])


_AREAS = st.one_of(st.none(), st.floats(1, 9e4))
_KINDS = st.fixed_dictionaries(
    {
        "idle_area_sqm": _AREAS,
        "space_type": st.sampled_from(["办公楼", "厂房", None]),
        "street": st.sampled_from(["东街", "西街", None]),
        "ownership": st.sampled_from(["国有", None]),
        "building_id": st.sampled_from(["L1", "Z", None]),
        "disposal": st.sampled_from([None, "在闲", "盘活", "核销", "部分盘活"]),
    }
)
_CENSUS = st.dictionaries(st.sampled_from("abcdef"), _KINDS, min_size=1)


@settings(max_examples=20, deadline=None)
@given(_CENSUS, _CENSUS)
def test_every_cell_closes_and_every_grouping_adds_up(first: dict, last: dict) -> None:
    idle = two(*([{"idle_id": name, **kind} for name, kind in held.items()] for held in (first, last)))
    table = idle_groups(idle, BUILDINGS, 2020)
    moved = table[list(FLOWS)].mul(SIGNS).sum(axis=1)
    # Sums of a dozen floats up to 1e5: an error beyond 1e-6 ㎡ is no rounding.
    gap = table["opening_area_sqm"] + moved - table["closing_area_sqm"]
    assert (gap.abs() < 1e-6).all()
    assert (table[["opening_area_sqm", "closing_area_sqm", "added_area_sqm"]] >= 0).all(axis=None)
    assert (table[["let_area_sqm", "written_off_area_sqm", "gone_area_sqm"]] >= 0).all(axis=None)
    assert (table["let_rate"].dropna() <= 1 + 1e-9).all()
    # The district's own account, whatever it is divided by.
    whole = accounts.idle_changes(idle, 2020).set_index("entry")["area_sqm"]
    for grouping in GROUPINGS if len(whole) else ():
        rows = table[table["grouping"] == grouping]
        assert rows["opening_area_sqm"].sum() == pytest.approx(whole[accounts.OPENING], abs=1e-6)
        assert rows["let_area_sqm"].sum() == pytest.approx(-whole[accounts.LET], abs=1e-6)
        assert rows["closing_area_sqm"].sum() == pytest.approx(whole[accounts.CLOSING], abs=1e-6)


def test_one_census_has_a_closing_area_and_no_account() -> None:
    table = idle_groups(census({"idle_id": "a", "idle_area_sqm": 10.0, "street": "东街"}), BUILDINGS, 2020)
    row = cell(table, "街道", street="东街")
    assert row[["closing_area_sqm", "spaces", "to_year"]].tolist() == [10.0, 1, 2020]
    assert row[["opening_area_sqm", *FLOWS, "let_rate"]].isna().all()
    assert table["from_year"].isna().all()
    assert len(idle_groups(typed_frame("idle", pd.DataFrame()), BUILDINGS, 2020)) == 0


def test_an_element_is_filled_where_all_its_columns_are() -> None:
    full = {
        **dict.fromkeys(["idle_id", "idle_name", "address", "space_type", "structure", "ownership"], "x"),
        **dict.fromkeys(["idle_cause", "facilities", "lease_mode", "intended_industry"], "x"),
        **dict.fromkeys(["total_area_sqm", "idle_area_sqm", "asking_rent_yuan"], 1.0),
        **dict.fromkeys(["idle_since_date", "updated_date"], pd.Timestamp(2020, 1, 1)),
        "contact": True,
    }
    idle = census(full, {**full, "address": " ", "contact": False}, {"idle_id": "z"})
    filled = filled_elements(idle)
    assert filled.sum(axis=1).tolist() == [10, 8, 0]
    assert not filled.loc[1, ["编号、名称、地址", "联系人与更新日期"]].any()
    table = idle_elements(idle, 2020).set_index("element")
    assert table.index.tolist() == list(ELEMENTS)
    assert table.loc["类型", ["spaces", "filled"]].tolist() == [3, 2]
    assert table.loc["联系人与更新日期", "completeness_rate"] == pytest.approx(1 / 3)
    assert cell(idle_groups(idle, BUILDINGS, 2020), "全部")["completeness_rate"] == pytest.approx(18 / 30)
    assert len(idle_elements(idle, 2019)) == 0
