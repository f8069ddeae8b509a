from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.moves import moves
from louyu_lab.analysis.panel import building_years
from louyu_lab.ledgers.model import FAULT_COLUMNS, Ledgers, typed_frame

YEARS = [2018, 2019, 2020]
STREETS = {"A": "东街道", "B": "东街道", "C": "西街道"}


def _ledgers(tenancies: pd.DataFrame, occupancy: pd.DataFrame | None = None, **buildings: list) -> Ledgers:
    stock = pd.DataFrame({"building_id": list(STREETS), "street": list(STREETS.values()), **buildings})
    stock["rentable_area_sqm"] = 10_000.0
    for date in ("move_in_date", "move_out_date"):
        tenancies = tenancies.assign(**{date: pd.to_datetime(tenancies.get(date))})
    frames = {"buildings": typed_frame("buildings", stock), "tenancies": typed_frame("tenancies", tenancies)}
    if occupancy is not None:
        frames["occupancy"] = typed_frame(
            "occupancy", occupancy.assign(period=occupancy["year"].astype("str"))
        )
    empty = pd.DataFrame(columns=list(FAULT_COLUMNS))
    return Ledgers("和安区", frames, empty, empty, empty)


def _moves(ledgers: Ledgers) -> pd.DataFrame:
    table = moves(ledgers["tenancies"], building_years(ledgers, YEARS), "和安区")
    return table.set_index(["year", "level", "id"]).sort_index()


SPELLS = pd.DataFrame(
    [
        ("stays", "A", 100.0, "2015-01-01", None),
        ("leaves", "A", 200.0, "2015-01-01", "2019-06-30"),
        ("comes", "C", 300.0, "2020-03-01", None),
        ("moves", "A", 400.0, "2015-01-01", "2019-12-31"),
        ("moves", "C", 500.0, "2020-01-01", None),
        ("passes", "B", 600.0, "2020-02-01", "2020-05-01"),
        ("outside", None, 700.0, "2020-02-01", None),
    ],
    columns=["enterprise_id", "building_id", "area_sqm", "move_in_date", "move_out_date"],
)


def _as_snapshots(spells: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    parts = []
    for year in years:
        day = pd.Timestamp(year, 12, 31)
        begun = pd.to_datetime(spells["move_in_date"]) <= day
        ended = pd.to_datetime(spells["move_out_date"]) <= day
        parts.append(spells[begun & ~ended].assign(year=year, move_in_date=None, move_out_date=None))
    return pd.concat(parts, ignore_index=True)


def test_a_move_inside_the_district_counts_for_buildings_and_streets_only() -> None:
    occupancy = pd.DataFrame({"building_id": list("ABC") * 3, "year": np.repeat(YEARS, 3)})
    occupancy["occupied_area_sqm"] = [700.0, 0.0, 0.0, 500.0, 0.0, 0.0, 100.0, 0.0, 800.0]
    table = _moves(_ledgers(SPELLS, occupancy))
    assert sorted(set(table.index.get_level_values("year"))) == [2019, 2020]
    # A stay that ends on 31 December 2019 is gone at that year's end; its successor starts the day after.
    district = table.loc[(2020, "district", "和安区")]
    assert district[["entries", "exits"]].tolist() == [2, 0]
    assert district["area_in_sqm"] == 800.0
    assert district["net_absorption_sqm"] == 400.0
    # 800 in, 0 out, mean occupied (500 + 900) / 2 = 700 -> 800 / 1400.
    assert district["churn_rate"] == pytest.approx(800 / 1400)
    assert table.loc[(2019, "building", "A"), "exits"] == 2
    assert table.loc[(2020, "building", "B"), ["entries", "exits"]].tolist() == [0, 0]
    assert table.loc[(2020, "building", "C"), "area_in_sqm"] == 800.0


def test_a_direct_move_is_no_entry_to_the_district() -> None:
    spells = SPELLS[SPELLS["enterprise_id"].isin(["stays", "moves"])].copy()
    spells.loc[spells["building_id"] == "C", "move_in_date"] = "2019-12-31"
    table = _moves(_ledgers(spells))
    counts = table.loc[2019, ["entries", "exits"]].astype("int64")
    assert counts.loc[("district", "和安区")].tolist() == [0, 0]
    assert table.loc[(2019, "district", "和安区"), "area_in_sqm"] == 0.0
    assert counts.loc[("street", "东街道")].tolist() == [0, 1]
    assert counts.loc[("street", "西街道")].tolist() == [1, 0]
    assert counts.loc[("building", "A")].tolist() == [0, 1]


def test_a_street_heard_of_late_brings_entries_only_if_it_had_no_building_before() -> None:
    snapshots = _as_snapshots(SPELLS, YEARS)
    unknown = _moves(_ledgers(snapshots))
    assert unknown.loc[(2020, "district", "和安区"), "entries"] == 0
    opened = _moves(_ledgers(snapshots, since_year=[None, None, 2020]))
    assert opened.loc[(2020, "district", "和安区"), "entries"] == 2
    assert opened.loc[(2020, "street", "西街道"), "area_in_sqm"] == 800.0


def test_spells_and_snapshots_of_the_same_firms_agree() -> None:
    # Firms that stay in B and C, so that the snapshots name these buildings as well.
    settled = pd.DataFrame(
        {
            "enterprise_id": ["old", "older"],
            "building_id": ["C", "B"],
            "area_sqm": [50.0, 50.0],
            "move_in_date": ["2010-01-01"] * 2,
        }
    )
    spells = pd.concat([SPELLS, settled], ignore_index=True)
    from_spells, from_snapshots = _moves(_ledgers(spells)), _moves(_ledgers(_as_snapshots(spells, YEARS)))
    pd.testing.assert_frame_equal(from_spells, from_snapshots)
    assert from_spells.loc[(2020, "building", "C"), "entries"] == 2


def test_a_missing_snapshot_is_compared_across_the_gap_under_the_later_year() -> None:
    table = _moves(_ledgers(_as_snapshots(SPELLS, [2018, 2020]), since_year=[None, None, 2019]))
    assert set(table.index.get_level_values("year")) == {2020}
    # "comes" entered, "leaves" left, "moves" changed buildings.
    assert table.loc[(2020, "district", "和安区"), ["entries", "exits"]].tolist() == [1, 1]


def test_a_street_that_did_not_report_neither_loses_nor_gains_its_firms() -> None:
    rows = [
        (firm, building, year) for year in YEARS for firm, building in (("a", "A"), ("c", "C"), ("d", "C"))
    ]
    snapshots = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "year"])
    snapshots = snapshots[(snapshots["year"] != 2019) | (snapshots["building_id"] == "A")]
    snapshots = snapshots[~((snapshots["year"] == 2020) & (snapshots["enterprise_id"] == "d"))]
    table = _moves(_ledgers(snapshots))
    assert table.loc[(2019, "district", "和安区"), ["entries", "exits"]].tolist() == [0, 0]
    assert (2019, "street", "西街道") not in table.index
    assert table.loc[(2020, "street", "西街道"), ["entries", "exits"]].tolist() == [0, 1]
    assert table.loc[(2020, "district", "和安区"), "exits"] == 1
    # No areas in the ledger: the area that left is unknown, that which came is nothing.
    assert np.isnan(table.loc[(2020, "district", "和安区"), "area_out_sqm"])
    assert table.loc[(2020, "district", "和安区"), "area_in_sqm"] == 0.0


def test_net_absorption_needs_both_ends_and_counts_new_buildings_from_nothing() -> None:
    occupancy = pd.DataFrame(
        {
            "building_id": ["A", "B", "A", "C"],
            "year": [2019, 2019, 2020, 2020],
            "occupied_area_sqm": [1e3, 2e3, 5e2, 4e3],
        }
    )
    stays = pd.DataFrame(
        {
            "enterprise_id": ["x", "y", "z"],
            "building_id": ["A", "B", "A"],
            "move_in_date": ["2010-01-01"] * 3,
            "move_out_date": [None, None, "2015-01-01"],
        }
    )
    table = _moves(_ledgers(stays, occupancy, since_year=[None, None, 2020]))
    absorbed = table.loc[2020, "net_absorption_sqm"]
    assert absorbed[("building", "A")] == -500.0
    assert np.isnan(absorbed[("building", "B")])
    # C opened in 2020: 0 -> 4000; B is left out of the district's change.
    assert absorbed[("district", "和安区")] == 3_500.0
    # Nobody reported 2018, so nothing can be said of 2019; nor of 2018 to a building of 2019.
    assert table.loc[2019, "net_absorption_sqm"].isna().all()
    later = _moves(_ledgers(stays, occupancy[occupancy["year"] == 2020], since_year=[None, None, 2020]))
    assert later["net_absorption_sqm"].isna().all()


def test_a_list_of_todays_tenants_tells_of_no_exits_and_so_of_no_moves() -> None:
    # Without a single end of a stay, 0 exits would be an unknown printed as nothing.
    assert len(_moves(_ledgers(SPELLS.assign(move_out_date=None)))) == 0


def test_tenants_of_a_building_outside_the_stock_do_not_move() -> None:
    building = pd.DataFrame([("site", "Z", 90.0, "2020-05-01", None)], columns=SPELLS.columns)
    with_site = _moves(_ledgers(pd.concat([SPELLS, building], ignore_index=True)))
    pd.testing.assert_frame_equal(with_site, _moves(_ledgers(SPELLS)))


def test_one_year_of_tenants_yields_no_moves() -> None:
    assert len(_moves(_ledgers(_as_snapshots(SPELLS, [2020])))) == 0


_stays = st.lists(
    st.tuples(st.integers(1, 8), st.sampled_from("ABC"), st.sampled_from(YEARS), st.floats(1, 1e4)),
    min_size=1,
    max_size=40,
)


# Two panels a case take some 50 ms; no deadline, as the machine may be busy.
@settings(max_examples=12, deadline=None)
@given(_stays)
def test_firms_at_the_end_are_those_before_plus_entries_less_exits(rows) -> None:
    snapshots = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "year", "area_sqm"])
    snapshots["enterprise_id"] = "F" + snapshots["enterprise_id"].astype("str")
    # One firm in every building and year, so that each street reports every year.
    base = pd.DataFrame([("base", b, y, 1.0) for b in STREETS for y in YEARS], columns=snapshots.columns)
    table = _moves(_ledgers(pd.concat([snapshots, base], ignore_index=True)))
    firms = pd.concat([snapshots, base]).groupby(["year", "building_id"])["enterprise_id"].nunique()
    whole = pd.concat([snapshots, base]).groupby("year")["enterprise_id"].nunique()
    net = table["entries"] - table["exits"]
    for year in (2019, 2020):
        assert net[(year, "district", "和安区")] == whole[year] - whole[year - 1]
        for building in STREETS:
            assert net[(year, "building", building)] == firms[year, building] - firms[year - 1, building]
    assert (table[["entries", "exits", "area_in_sqm", "area_out_sqm"]] >= 0).all(axis=None)
