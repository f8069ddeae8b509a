"""The account of vacant area: worked by hand, and exact at every level whatever comes in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.vacancy.accounting import (
    LEASE_UP,
    PARTS,
    REST,
    UNMARKETABLE,
    opening_years,
    vacancy_accounting,
    vacant_parts,
)


def parts_of(table: pd.DataFrame, level: str, name: str) -> dict[str, float]:
    rows = table[(table["level"] == level) & (table["id"] == name)]
    return dict(zip(rows["part"], rows["area_sqm"], strict=True))


def test_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A: 400 vacant, 100 of it sealed; old. B: opened 2019, so new at the end of 2020: all 300 but 50.
    # C: 100 vacant, more reported sealed than vacant: capped. D: occupancy unknown: not counted.
    panel = panel_of(
        building_id=list("ABCD"),
        street=["南街", "南街", "北街", None],
        rentable_area_sqm=[1000.0, 1000.0, 500.0, 800.0],
        occupied_area_sqm=[600.0, 700.0, 400.0, np.nan],
        unmarketable_area_sqm=[100.0, 50.0, 250.0, np.nan],
    )
    opening = pd.Series({"A": 2001.0, "B": 2019.0, "C": np.nan})
    table = vacancy_accounting(panel, opening, "某区")
    assert parts_of(table, "building", "A") == {UNMARKETABLE: 100.0, LEASE_UP: 0.0, REST: 300.0}
    assert parts_of(table, "building", "B") == {UNMARKETABLE: 50.0, LEASE_UP: 250.0, REST: 0.0}
    assert parts_of(table, "building", "C") == {UNMARKETABLE: 100.0, LEASE_UP: 0.0, REST: 0.0}
    assert parts_of(table, "building", "D") == {}
    assert parts_of(table, "street", "南街") == {UNMARKETABLE: 150.0, LEASE_UP: 250.0, REST: 300.0}
    assert parts_of(table, "district", "某区") == {UNMARKETABLE: 250.0, LEASE_UP: 250.0, REST: 300.0}


@pytest.mark.parametrize(("year", "is_new"), [(2018, True), (2019, True), (2020, False)])
def test_new_for_two_year_ends(panel_of: Callable[..., pd.DataFrame], year: int, is_new: bool) -> None:
    panel = panel_of(year, building_id=["A"], rentable_area_sqm=[10.0], occupied_area_sqm=[4.0])
    row = vacant_parts(panel, pd.Series({"A": 2018.0})).iloc[0]
    assert (row[LEASE_UP], row[REST]) == ((6.0, 0.0) if is_new else (0.0, 6.0))


def test_completion_stands_in_for_the_opening() -> None:
    buildings = pd.DataFrame(
        {
            "building_id": ["A", "B", "C"],
            "since_year": [2019, None, None],
            "completion_year": [2017, 2018, None],
        }
    ).astype({"since_year": "Int64", "completion_year": "Int64"})
    opening = opening_years(buildings)
    assert opening["A"] == 2019
    assert opening["B"] == 2018
    assert np.isnan(opening["C"])


def test_more_occupied_than_rentable_is_nothing_vacant(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(building_id=["A"], rentable_area_sqm=[10.0], vacant_area_sqm=[-5.0], street=["南街"])
    assert set(vacancy_accounting(panel, pd.Series({"A": 2020.0}), "某区")["area_sqm"]) == {0.0}


AREAS = st.floats(0, 1e6) | st.just(np.nan)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(AREAS, AREAS, AREAS, st.sampled_from(["南街", "北街", None]), st.integers(2010, 2021)),
        min_size=1,
        max_size=12,
    )
)
def test_parts_add_up_at_every_level(panel_of: Callable[..., pd.DataFrame], rows: list[tuple]) -> None:
    rentable, occupied, sealed, street, opened = zip(*rows, strict=True)
    panel = panel_of(
        rentable_area_sqm=list(rentable),
        occupied_area_sqm=list(occupied),
        unmarketable_area_sqm=list(sealed),
        street=list(street),
    )
    opening = pd.Series(list(opened), index=panel["building_id"], dtype="float64")
    table = vacancy_accounting(panel, opening, "某区")
    assert (table["area_sqm"] >= 0).all()
    vacant = panel["vacant_area_sqm"].clip(lower=0)
    for level in ("district", "street", "building"):
        # 1e-6 ㎡, as promised; sums stay below 1e8 ㎡, where a double still resolves 1e-8.
        assert table.loc[table["level"] == level, "area_sqm"].sum() == pytest.approx(vacant.sum(), abs=1e-6)
    by_building = table[table["level"] == "building"].groupby("id")["area_sqm"].agg(["sum", "size"])
    known = panel[panel["vacant_area_sqm"].notna()].set_index("building_id")["vacant_area_sqm"]
    assert by_building["sum"].to_dict() == pytest.approx(known.to_dict(), abs=1e-6)
    assert set(by_building["size"]) <= {len(PARTS)}
