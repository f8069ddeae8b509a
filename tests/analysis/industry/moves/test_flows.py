"""Flows and balances by hand, and the sums that must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.moves import move_balance, move_flows, move_tax_parts, tenant_moves
from louyu_lab.analysis.industry.moves.flows import inside_flows


@pytest.fixture(scope="module")
def district(district_of, stays_of):
    stays = stays_of(
        ("big", "A", 400.0, "2010-01-01", "2019-06-30"),
        ("big", "C", 500.0, "2019-07-01", None),
        ("near", "A", 40.0, "2010-01-01", "2020-06-30"),
        ("near", "B", 50.0, "2020-07-01", None),
        ("leaves", "A", 30.0, "2010-01-01", "2019-03-01"),
        ("comes", "B", 60.0, "2019-03-01", None),
        ("grows", "A", 10.0, "2010-01-01", None),
        ("grows", "B", 20.0, "2020-05-01", None),
        ("stays", "B", 10.0, "2010-01-01", None),
    )  # fmt: skip
    taxes = pd.DataFrame(
        [
            ("big", 2018, 100.0), ("big", 2019, 90.0), ("big", 2020, 120.0), ("near", 2019, 7.0),
            ("near", 2020, 9.0), ("leaves", 2018, 30.0), ("leaves", 2019, 5.0), ("comes", 2019, 2.0),
            ("comes", 2020, 8.0), ("stays", 2019, 50.0), ("stays", 2020, 55.0), ("grows", 2019, 6.0),
            ("grows", 2020, 9.0),
        ],
        columns=["enterprise_id", "year", "tax_yuan"],
    )  # fmt: skip
    made = district_of(stays, taxes)
    made.moves = tenant_moves(made.ledgers, made.panel, made.tenants)
    return made


def test_flows_by_hand(district) -> None:
    table = move_flows(district.moves, "和安区")
    street = table[table["level"] == "street"].set_index(["from_id", "to_id"])
    assert street.loc[("东街道", "西街道"), ["firms", "area_sqm", "tax_before_yuan", "tax_after_yuan"]].tolist() == [
        1, 400.0, 100.0, 120.0,
    ]  # fmt: skip
    assert street.loc[("东街道", "东街道"), "firms"] == 1
    whole = table[table["level"] == "district"].set_index(["from_id", "to_id"])
    assert whole["firms"].to_dict() == {
        ("和安区", "和安区"): 2, ("和安区", "迁出（去向不明）"): 1, ("迁入（来源不明）", "和安区"): 1,
    }  # fmt: skip
    assert set(inside_flows(table, "building")["from_place"]) == {"楼A"}
    # Every level adds up to the same firms, areas and taxes.
    sums = table.groupby("level")[["firms", "area_sqm", "tax_before_yuan", "tax_after_yuan"]].sum()
    assert (sums == sums.iloc[0]).all(axis=None)


def test_balance_by_hand(district) -> None:
    table = move_balance(district.moves, "和安区").set_index(["level", "id"])
    b = table.loc[("building", "A")]
    # big (100) and near (7) moved out of A; leaves (30) left.
    assert b[["moved_in", "moved_out", "net_moved", "left", "resized"]].tolist() == [0, 2, -2, 1, 0]
    assert b[["moved_in_yuan", "moved_out_yuan", "net_moved_yuan", "left_yuan"]].tolist() == [
        0.0,
        107.0,
        -107.0,
        30.0,
    ]
    assert b["net_area_sqm"] == -470.0
    assert table.loc[("building", "B"), ["moved_in", "came", "came_yuan", "resized"]].tolist() == [
        1,
        1,
        8.0,
        1,
    ]
    # near moved within the street.
    assert table.loc[("street", "东街道"), ["moved_in", "moved_out"]].tolist() == [0, 1]
    # New 500 + 50 + 60 + 20 less 400 + 40 + 30 given up.
    assert table.loc[("district", "和安区"), "net_area_sqm"] == 160.0


def test_moves_inside_the_district_cancel_out(district) -> None:
    table = move_balance(district.moves, "和安区")
    for level in ("district", "building", "street", "industry"):
        rows = table[table["level"] == level]
        assert rows["net_moved"].sum() == 0
        assert rows["net_moved_yuan"].sum() == 0.0
    counted = table.groupby("level")[["came", "left", "resized"]].sum()
    assert (counted == counted.iloc[0]).all(axis=None)


def test_only_the_latest_years_are_added_up(district) -> None:
    flows = move_flows(district.moves, "和安区", span_years=1)
    assert flows[["from_year", "to_year"]].drop_duplicates().to_numpy().tolist() == [[2019, 2020]]
    assert flows.loc[flows["level"] == "district", "firms"].sum() == 1


def test_unknown_taxes_are_no_zeros(district_of, lists_of) -> None:
    rows = lists_of(
        ("f", "A", np.nan, 2019),
        ("f", "C", np.nan, 2020),
        *[("x", b, 1.0, y) for b in "ABC" for y in (2019, 2020)],
    )
    made = district_of(rows)
    table = move_balance(tenant_moves(made.ledgers, made.panel, made.tenants), "和安区").set_index(
        ["level", "id"]
    )
    a = table.loc[("building", "A")]
    assert a["moved_out"] == 1 and np.isnan(a["moved_out_yuan"]) and np.isnan(a["net_area_sqm"])
    assert a["moved_in_yuan"] == 0.0  # nobody came: a true nothing


def test_tax_parts_by_hand_and_to_the_last_yuan(district) -> None:
    table = move_tax_parts(district.moves, district.panel, district.tenants, 2020).set_index("building_id")
    # A: near took its 7 along, grows now pays a third of 9 in A (10 of 30 ㎡) after 6.
    assert table.loc["A", ["base_yuan", "change_yuan", "moved_out_yuan", "stayed_yuan"]].tolist() == [
        18.0,
        -15.0,
        -7.0,
        -8.0,
    ]
    # B: near brought 9, grows' further space 6 (20 of 30 ㎡ of 9), comes (2 -> 8) and stays (50 -> 55) grew by 11.
    b = table.loc["B", ["change_yuan", "moved_in_yuan", "resized_yuan", "stayed_yuan", "unlisted_yuan"]]
    assert b.tolist() == [26.0, 9.0, 6.0, 11.0, 0.0]
    parts = [
        "moved_in_yuan",
        "moved_out_yuan",
        "came_yuan",
        "left_yuan",
        "resized_yuan",
        "stayed_yuan",
        "unlisted_yuan",
    ]
    np.testing.assert_allclose(table[parts].sum(axis=1), table["change_yuan"], rtol=1e-12)


def test_tax_parts_of_poor_data_are_empty(district, district_of, lists_of) -> None:
    assert len(move_tax_parts(district.moves, district.panel, district.tenants, 2018)) == 0
    made = district_of(
        lists_of(("f", "A", 1.0, 2019), ("f", "C", 1.0, 2020), ("x", "C", 1.0, 2019), ("x", "A", 1.0, 2020))
    )
    moves = tenant_moves(made.ledgers, made.panel, made.tenants)
    assert len(moves) == 2
    assert len(move_tax_parts(moves, made.panel, made.tenants, 2020)) == 0


def test_a_street_whose_moves_are_of_several_years_is_no_part_of_one_years_tax(district_of, lists_of) -> None:
    """C in 西街道 has no list for 2019: what came since 2018 is not the growth since 2019."""
    rows = lists_of(
        *[("a", "A", 1.0, year) for year in (2018, 2019)],
        *[("a", "B", 1.0, 2020), ("c", "C", 1.0, 2018), ("c", "C", 1.0, 2020), ("d", "C", 1.0, 2020)],
    )
    taxes = pd.DataFrame(
        [
            (firm, building, year, 5.0)
            for firm, building in (("a", "A"), ("a", "B"), ("c", "C"))
            for year in (2019, 2020)
        ],
        columns=["enterprise_id", "building_id", "year", "tax_yuan"],
    )
    made = district_of(rows, taxes)
    panel = made.panel.assign(recurring_tax_yuan=5.0)
    moves = tenant_moves(made.ledgers, panel, made.tenants)
    now = moves[moves["year"] == 2020].set_index("enterprise_id")
    assert now["from_year"].to_dict() == {"a": 2019, "d": 2018}
    parts = move_tax_parts(moves, panel, made.tenants, 2020)
    assert sorted(parts["building_id"]) == ["A", "B"] and set(parts["from_year"]) == {2019}
