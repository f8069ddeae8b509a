"""The idle ledger against the vacancy, and one census against the next: both accounts must close."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis import idle_accounts as accounts
from louyu_lab.ledgers.model import typed_frame


def census(*rows: dict, year: int | None = 2020) -> pd.DataFrame:
    frame = pd.DataFrame([{"year": year, **row} for row in rows])
    return typed_frame("idle", frame)


def stock(**vacant: float) -> pd.DataFrame:
    """Buildings of 10,000 ㎡ rentable each, by their vacancy."""
    frame = pd.DataFrame({"building_id": list(vacant), "vacant_area_sqm": list(vacant.values())})
    rentable = np.where(frame["vacant_area_sqm"].isna(), np.nan, 1e4)
    return frame.assign(building=frame["building_id"], street="东街道", rentable_area_sqm=rentable)


def items(table: pd.DataFrame, side: str) -> dict[str, float]:
    return table[table["side"] == side].set_index("item")["area_sqm"].to_dict()


def test_each_side_by_hand() -> None:
    # A: vacant 5000, listed 4000 (key) + 500: all of it meets, 500 left unlisted.
    # B: vacant 1000, listed 3500 (key): 1000 meets, 2500 beyond. C: vacant 800, nothing listed.
    # D: vacancy unknown, 700 listed. Outside: two factories 9000 and one shop of unknown area.
    idle = census(
        {"building_id": "A", "idle_area_sqm": 4000.0},
        {"building_id": "A", "idle_area_sqm": 500.0},
        {"building_id": "B", "idle_area_sqm": 3500.0},
        {"building_id": "D", "idle_area_sqm": 700.0},
        {"space_type": "工业厂房", "idle_area_sqm": 5000.0},
        {"building_id": "Z", "space_type": "工业厂房", "idle_area_sqm": 4000.0},
        {"space_type": "安置房商业"},
    )
    table = accounts.idle_bridge(idle, stock(A=5000.0, B=1000.0, C=800.0, D=np.nan), 2020)
    assert items(table, accounts.VACANCY) == {
        accounts.TOTAL: 6800.0,
        accounts.LISTED_KEY: 5000.0,
        accounts.LISTED_OTHER: 500.0,
        accounts.UNLISTED: 1300.0,
    }
    ledger = items(table, accounts.LEDGER)
    assert ledger.pop("楼宇以外：安置房商业") is not None
    assert ledger == {
        accounts.TOTAL: 17_700.0,
        accounts.MATCHED: 5500.0,
        accounts.BEYOND: 2500.0,
        accounts.UNKNOWN: 700.0,
        "楼宇以外：工业厂房": 9000.0,
    }
    by = table.set_index(["side", "item"])
    # 3 × 10,000 ㎡ rentable with a known vacancy: the vacancy rate is 6800 ÷ 30,000.
    assert by.loc[(accounts.VACANCY, accounts.TOTAL), "share_rentable"] == pytest.approx(0.68 / 3)
    assert by.loc[(accounts.LEDGER, accounts.TOTAL), "spaces"] == 7
    # Vacancy is no count of spaces; what of it the ledger lists is.
    assert by.loc[accounts.VACANCY, "spaces"].isna().tolist() == [True, False, False, True]
    assert by.loc[(accounts.VACANCY, accounts.LISTED_KEY), "spaces"] == 2
    assert by.loc[(accounts.LEDGER, "楼宇以外：安置房商业"), "spaces"] == 1
    assert by.loc[(accounts.LEDGER, accounts.BEYOND), "buildings"] == 1


def test_what_exceeds_the_vacancy_is_listed_building_by_building() -> None:
    idle = census({"building_id": "A", "idle_area_sqm": 900.0}, {"building_id": "B", "idle_area_sqm": 900.0})
    table = accounts.idle_excess(idle, stock(A=1000.0, B=200.0), 2020)
    assert table[["building_id", "idle_area_sqm", "vacant_area_sqm", "excess_area_sqm"]].values.tolist() == [
        ["B", 900.0, 200.0, 700.0]
    ]


def test_without_ledger_or_occupancy() -> None:
    assert len(accounts.idle_bridge(typed_frame("idle", pd.DataFrame()), stock(A=1.0), 2020)) == 0
    idle = census(
        {"building_id": "A", "idle_area_sqm": 900.0}, {"space_type": "其他", "idle_area_sqm": 100.0}
    )
    table = accounts.idle_bridge(idle, stock(A=np.nan), 2020)
    assert table["side"].unique().tolist() == [accounts.LEDGER]
    assert items(table, accounts.LEDGER) == {
        accounts.TOTAL: 1000.0,
        accounts.UNKNOWN: 900.0,
        "楼宇以外：其他": 100.0,
    }
    assert table["share_rentable"].isna().all()
    assert len(accounts.idle_excess(idle, stock(A=np.nan), 2020)) == 0


_AREAS = st.one_of(st.none(), st.floats(1, 9e4))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", "C", "Z", None]), _AREAS), min_size=1, max_size=8),
    st.lists(st.one_of(st.just(np.nan), st.floats(0, 9e4)), min_size=3, max_size=3),
)
def test_the_parts_of_each_side_always_add_up(rows: list, vacant: list) -> None:
    idle = census(*({"building_id": place, "idle_area_sqm": area} for place, area in rows))
    table = accounts.idle_bridge(idle, stock(**dict(zip("ABC", vacant, strict=True))), 2020)
    for _, side in table.groupby("side"):
        is_total = side["item"] == accounts.TOTAL
        # Sums of a dozen floats up to 1e5: an error beyond 1e-6 ㎡ is no rounding.
        total = side.loc[is_total, "area_sqm"].fillna(0).sum()
        assert side.loc[~is_total, "area_sqm"].sum() == pytest.approx(total, abs=1e-6)
        assert (side["area_sqm"].dropna() >= -1e-6).all()
        if side["side"].iloc[0] == accounts.LEDGER:
            assert side.loc[~is_total, "spaces"].sum() == side.loc[is_total, "spaces"].iloc[0]
    matched = table.loc[table["item"] == accounts.MATCHED, "area_sqm"].sum()
    listed = table.loc[table["item"].isin([accounts.LISTED_KEY, accounts.LISTED_OTHER]), "area_sqm"].sum()
    assert matched == pytest.approx(listed, abs=1e-6)


def two_censuses() -> pd.DataFrame:
    # a let in part, b let, c written off, d gone without a word, e measured anew, f unchanged, g new,
    # h first measured in the second census.
    first = {"a": 1000.0, "b": 2000.0, "c": 300.0, "d": 400.0, "e": 500.0, "f": 600.0, "h": None}
    last = {"a": 700.0, "b": 2000.0, "c": 300.0, "e": 520.0, "f": 600.0, "g": 900.0, "h": 50.0}
    says = {"a": "部分盘活", "b": "盘活", "c": "核销"}
    return pd.concat(
        [
            census(*({"idle_id": i, "idle_area_sqm": area} for i, area in first.items()), year=2019),
            census(
                *({"idle_id": i, "idle_area_sqm": area, "disposal": says.get(i)} for i, area in last.items())
            ),
        ],
        ignore_index=True,
    )


def test_the_census_identity_by_hand() -> None:
    # 4800 + 900 − (2000 + 300) − 300 − 400 + (20 + 50) = 2770 = 700 + 520 + 600 + 900 + 50
    table = accounts.idle_changes(two_censuses(), 2020).set_index("entry")
    assert table["area_sqm"].to_dict() == {
        accounts.OPENING: 4800.0,
        accounts.ADDED: 900.0,
        accounts.LET: -2300.0,
        accounts.WRITTEN_OFF: -300.0,
        accounts.GONE: -400.0,
        accounts.REVISED: 70.0,
        accounts.CLOSING: 2770.0,
    }
    assert table["spaces"].tolist() == [7, 1, 2, 1, 1, 2, 5]
    assert table.loc[accounts.LET, "share_opening"] == pytest.approx(-2300 / 4800)


def test_one_census_has_nothing_to_compare_with() -> None:
    assert len(accounts.idle_changes(two_censuses(), 2019)) == 0
    assert len(accounts.idle_changes(typed_frame("idle", pd.DataFrame()), 2020)) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdef"), _AREAS),
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(_AREAS, st.sampled_from([None, "在闲", "盘活", "核销", "部分盘活"])),
    ),
)
def test_the_census_identity_always_closes(first: dict, last: dict) -> None:
    idle = pd.concat(
        [
            census(*({"idle_id": i, "idle_area_sqm": area} for i, area in first.items()), year=2019),
            census(*({"idle_id": i, "idle_area_sqm": area, "disposal": d} for i, (area, d) in last.items())),
        ],
        ignore_index=True,
    )
    table = accounts.idle_changes(idle, 2020)
    if len(table):
        area = table.set_index("entry")["area_sqm"]
        # Sums of a dozen floats up to 1e5: an error beyond 1e-6 ㎡ is no rounding.
        assert area.drop(accounts.CLOSING).sum() == pytest.approx(area[accounts.CLOSING], abs=1e-6)
