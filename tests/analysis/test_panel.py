"""The two panels: who stands where at each year's end, and whose tax goes to which building."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.ledgers.model import Ledgers, empty_frame, no_targets, typed_frame

NOTHING = pd.DataFrame()


def ledgers_of(**frames: list[dict]) -> Ledgers:
    """Ledgers of typed frames made from rows; the building ledger holds A and B unless given."""
    frames = {"buildings": [building("A"), building("B")], **frames}
    typed = {name: typed_frame(name, pd.DataFrame(rows)) for name, rows in frames.items()}
    return Ledgers("某区", typed, NOTHING, NOTHING, NOTHING, no_targets())


def building(building_id: str, **columns: object) -> dict:
    return {"building_id": building_id, "gross_area_sqm": 1e4, "rentable_area_sqm": 8e3, **columns}


def spell(firm: str, place: str | None, begun: str, ended: str | None = None, **columns: object) -> dict:
    dates = {"move_in_date": pd.Timestamp(begun), "move_out_date": pd.Timestamp(ended) if ended else pd.NaT}
    return {"enterprise_id": firm, "enterprise": firm, "building_id": place, **dates, **columns}


def snapshot(firm: str, place: str | None, year: int, period: str = "", **columns: object) -> dict:
    period = period or str(year)
    return {
        "enterprise_id": firm,
        "enterprise": firm,
        "building_id": place,
        "year": year,
        "period": period,
        **columns,
    }


def tax(
    year: int, tax_yuan: float | None, firm: str | None = None, place: str | None = None, **columns: object
) -> dict:
    level = "enterprise" if firm else "building"
    row = {"year": year, "period": str(year), "tax_yuan": tax_yuan, "level": level}
    return {**row, "enterprise_id": firm, "enterprise": firm, "building_id": place, **columns}


def present(panel: pd.DataFrame, year: int) -> set[tuple[str, str]]:
    rows = panel[panel["at_year_end"] & (panel["year"] == year)]
    return set(zip(rows["enterprise_id"], rows["building_id"], strict=True))


def tax_by_place(panel: pd.DataFrame, year: int) -> dict[str, float]:
    rows = panel[panel["year"] == year].assign(building_id=lambda rows: rows["building_id"].fillna("楼外"))
    return rows.groupby("building_id")["tax_yuan"].sum(min_count=1).dropna().to_dict()


def test_spells_and_snapshots_of_the_same_facts_agree() -> None:
    # One firm in A throughout, one that moved from A to B in 2020.
    spells = ledgers_of(
        tenancies=[
            spell("甲", "A", "2018-05-01"),
            spell("乙", "A", "2018-01-01", "2020-06-30"),
            spell("乙", "B", "2020-07-01"),
        ]
    )
    snapshots = ledgers_of(
        tenancies=[
            *(snapshot("甲", "A", year) for year in (2019, 2020)),
            snapshot("乙", "A", 2019),
            snapshot("乙", "B", 2020),
        ]
    )
    for year in (2019, 2020):
        by_spell = present(enterprise_years(spells, [2019, 2020]), year)
        assert by_spell == present(enterprise_years(snapshots, [2019, 2020]), year)
    assert by_spell == {("甲", "A"), ("乙", "B")}


def test_a_spell_without_move_in_starts_on_registration() -> None:
    rows = [
        spell("甲", "A", "2019-01-01")
        | {"move_in_date": pd.NaT, "registered_date": pd.Timestamp("2020-03-01")}
    ]
    panel = enterprise_years(ledgers_of(tenancies=rows), [2019, 2020])
    assert present(panel, 2019) == set()
    assert present(panel, 2020) == {("甲", "A")}


def test_only_the_last_snapshot_of_a_year_stands_at_its_end() -> None:
    # 甲 is in both quarterly lists and must not be doubled; 乙 left after the first.
    rows = [
        snapshot("甲", "A", 2020, "2020Q1", area_sqm=100),
        snapshot("甲", "A", 2020, "2020Q4", area_sqm=120),
        snapshot("乙", "A", 2020, "2020Q1", area_sqm=50),
    ]
    panel = enterprise_years(ledgers_of(tenancies=rows), [2020])
    assert present(panel, 2020) == {("甲", "A")}
    assert panel.set_index("enterprise_id")["area_sqm"].to_dict() == {"甲": 120, "乙": 50}


def test_floors_of_one_firm_in_one_building_add_up_to_one_row() -> None:
    rows = [
        snapshot("甲", "A", 2020, area_sqm=100, floor="3"),
        snapshot("甲", "A", 2020, area_sqm=50, floor="4"),
    ]
    panel = enterprise_years(ledgers_of(tenancies=rows), [2020])
    assert len(panel) == 1
    assert panel["area_sqm"].item() == 150


def test_a_renewed_lease_counts_its_current_area_only() -> None:
    rows = [
        spell("甲", "A", "2018-01-01", "2020-06-30", area_sqm=100),
        spell("甲", "A", "2020-07-01", area_sqm=80),
    ]
    panel = enterprise_years(ledgers_of(tenancies=rows), [2020])
    assert panel["area_sqm"].tolist() == [80]


def test_tax_follows_the_firm_to_where_it_stands_at_the_years_end() -> None:
    rows = [spell("甲", "A", "2018-01-01", "2020-06-30"), spell("甲", "B", "2020-07-01")]
    panel = enterprise_years(
        ledgers_of(tenancies=rows, taxes=[tax(2019, 10, "甲"), tax(2020, 12, "甲")]), [2019, 2020]
    )
    assert tax_by_place(panel, 2019) == {"A": 10}
    assert tax_by_place(panel, 2020) == {"A": 0, "B": 12}


def test_a_firm_gone_by_the_years_end_leaves_its_tax_where_it_stood_last() -> None:
    # Written in the ledger out of order: the later stay comes first.
    rows = [spell("甲", "B", "2020-04-01", "2020-10-31"), spell("甲", "A", "2018-01-01", "2020-03-31")]
    panel = enterprise_years(ledgers_of(tenancies=rows, taxes=[tax(2020, 12, "甲")]), [2020])
    assert present(panel, 2020) == set()
    assert tax_by_place(panel, 2020) == {"A": 0, "B": 12}


@pytest.mark.parametrize(
    ("areas", "shares"),
    [((300, 100), {"A": 9, "B": 3}), ((300, None), {"A": 6, "B": 6})],
    ids=["by area", "equally where an area is unknown"],
)
def test_tax_of_a_firm_in_two_buildings_is_split(areas: tuple, shares: dict) -> None:
    rows = [snapshot("甲", place, 2020, area_sqm=area) for place, area in zip("AB", areas, strict=True)]
    panel = enterprise_years(ledgers_of(tenancies=rows, taxes=[tax(2020, 12, "甲")]), [2020])
    assert tax_by_place(panel, 2020) == shares


def test_a_reported_building_total_is_taken_instead_of_its_firms_never_on_top() -> None:
    ledgers = ledgers_of(
        tenancies=[snapshot("甲", "A", 2020), snapshot("乙", "B", 2020)],
        taxes=[tax(2020, 10, "甲"), tax(2020, 5, "乙"), tax(2020, 14, place="A")],
    )
    taxes = building_years(ledgers, [2020]).set_index("building_id")["tax_yuan"]
    assert taxes.to_dict() == {"A": 14, "B": 5}


def test_one_off_taxes_stay_in_the_total_and_out_of_the_recurring_tax() -> None:
    ledgers = ledgers_of(
        tenancies=[snapshot("甲", "A", 2020)],
        taxes=[tax(2020, 10, "甲", is_one_off=False), tax(2020, 7, "甲", is_one_off=True)],
    )
    row = building_years(ledgers, [2020]).set_index("building_id").loc["A"]
    assert (row["tax_yuan"], row["recurring_tax_yuan"]) == (17, 10)


def test_a_one_off_tax_of_unknown_amount_does_not_turn_into_a_recurring_zero() -> None:
    ledgers = ledgers_of(taxes=[tax(2020, None, place="A", is_one_off=True, retained_yuan=3)])
    row = building_years(ledgers, [2020]).set_index("building_id").loc["A"]
    assert np.isnan(row["tax_yuan"]) and np.isnan(row["recurring_tax_yuan"])


def test_a_building_row_without_a_total_leaves_the_total_to_its_firms() -> None:
    # The building row reports what the district keeps, not the full tax.
    ledgers = ledgers_of(
        tenancies=[snapshot("甲", "A", 2020)],
        taxes=[tax(2020, 10, "甲"), tax(2020, None, place="A", retained_yuan=3)],
    )
    row = building_years(ledgers, [2020]).set_index("building_id").loc["A"]
    assert (row["tax_yuan"], row["retained_yuan"]) == (10, 3)


def test_firms_outside_buildings_keep_their_tax_and_raise_no_building() -> None:
    ledgers = ledgers_of(
        tenancies=[snapshot("甲", "A", 2020), snapshot("乙", None, 2020)],
        taxes=[tax(2020, 10, "甲"), tax(2020, 5, "乙"), tax(2020, 3, "丙")],
    )
    panel = enterprise_years(ledgers, [2020])
    # 丙 is in the tax ledger only: a taxpayer, not a tenant.
    assert tax_by_place(panel, 2020) == {"A": 10, "楼外": 8}
    assert not panel.set_index("enterprise_id").loc["丙", "at_year_end"]
    assert building_years(ledgers, [2020])["tax_yuan"].sum() == 10


def test_what_no_ledger_says_is_missing_not_zero() -> None:
    row = building_years(ledgers_of(), [2020]).iloc[0]
    unknown = ["occupied_area_sqm", "occupancy_rate", "vacant_area_sqm", "firms", "tax_yuan", "retained_yuan"]
    assert row[unknown].isna().all()


def test_the_last_report_of_a_year_is_its_year_end() -> None:
    reports = [
        {"building_id": "A", "year": 2020, "period": f"2020Q{quarter}", "occupied_area_sqm": occupied}
        for quarter, occupied in ((4, 6e3), (1, 4e3))
    ]
    panel = building_years(ledgers_of(occupancy=reports), [2020]).set_index("building_id")
    assert panel.loc["A", "occupancy_rate"] == pytest.approx(0.75)  # 6000 of 8000 ㎡


def test_tenants_areas_stand_in_for_occupancy_only_when_nearly_all_are_known() -> None:
    measured = [snapshot(f"甲{i}", "A", 2020, area_sqm=100) for i in range(10)]
    partly = [snapshot("乙", "B", 2020, area_sqm=500), snapshot("丙", "B", 2020)]
    panel = building_years(ledgers_of(tenancies=measured + partly), [2020]).set_index("building_id")
    assert panel.loc["A", "occupied_area_sqm"] == 1000
    assert np.isnan(panel.loc["B", "occupied_area_sqm"])
    assert panel["firms"].to_dict() == {"A": 10, "B": 2}


def test_the_stock_of_a_year_holds_what_operates_in_it() -> None:
    rows = [
        building("A", since_year=2019),
        building("B", until_year=2018),
        building("C", status="在建"),
        building("D"),
    ]
    panel = building_years(ledgers_of(buildings=rows), [2018, 2019])
    held = panel.groupby("year")["building_id"].apply(set).to_dict()
    assert held == {2018: {"B", "D"}, 2019: {"A", "D"}}


def test_areas_reported_year_by_year_overrule_the_building_ledger() -> None:
    stock = [{"building_id": "A", "year": 2019, "rentable_area_sqm": 7e3}]
    panel = building_years(ledgers_of(stock=stock), [2019, 2020]).set_index(["building_id", "year"])
    assert panel["rentable_area_sqm"].loc["A"].to_dict() == {2019: 7e3, 2020: 8e3}


def test_empty_ledgers_give_empty_panels() -> None:
    ledgers = Ledgers("某区", {"buildings": empty_frame("buildings")}, NOTHING, NOTHING, NOTHING)
    assert len(building_years(ledgers, [2020])) == 0
    assert len(enterprise_years(ledgers, [2020])) == 0


places = st.sampled_from(["A", "B", None])
stays = st.tuples(
    st.integers(0, 4), places, st.integers(0, 40), st.integers(1, 40), st.sampled_from([None, 50, 200])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(stays, min_size=1, max_size=12), st.lists(st.integers(-5, 100), min_size=5, max_size=5))
# Forty drawn ledgers keep the file within seconds; the panel is the same code for each.
def test_no_tax_is_lost_or_added_whatever_the_stays(drawn: list, amounts: list) -> None:
    rows = []
    for firm, place, begun, months, area in drawn:
        start = pd.Timestamp(2018, 1, 15) + pd.DateOffset(months=begun)
        end = start + pd.DateOffset(months=months)
        rows.append(spell(f"企{firm}", place, str(start), str(end), area_sqm=area))
    taxes = [tax(2019, amount, f"企{firm}") for firm, amount in enumerate(amounts)]
    panel = enterprise_years(ledgers_of(tenancies=rows, taxes=taxes), [2019])
    assert panel["tax_yuan"].sum() == pytest.approx(sum(amounts))
    assert not panel.duplicated(["enterprise_id", "building_id", "year"]).any()
