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


def test_tenants_areas_beyond_the_rentable_area_measure_nothing() -> None:
    # 9000 ㎡ let in a building of 8000: one of the two is wrong, so the occupancy is not known.
    rows = [snapshot("甲", "A", 2020, area_sqm=9000), snapshot("乙", "B", 2020, area_sqm=8000)]
    panel = building_years(ledgers_of(tenancies=rows), [2020]).set_index("building_id")
    assert np.isnan(panel.loc["A", "occupied_area_sqm"])
    assert panel.loc["B", ["occupancy_rate", "vacant_area_sqm"]].tolist() == [1, 0]


def test_nobody_listed_is_nobody_there_only_where_the_list_speaks() -> None:
    streets = {"A": "东", "B": "东", "C": "东", "D": "西", "E": "东"}
    rows = [
        *(snapshot("甲", "A", year, area_sqm=80) for year in (2019, 2020)),
        *(snapshot(f"户{place}", place, 2019, area_sqm=90) for place in "BCD"),
    ]
    report = {"building_id": "C", "year": 2020, "period": "2020", "occupied_area_sqm": 500}
    ledgers = ledgers_of(
        buildings=[building(place, street=street) for place, street in streets.items()],
        tenancies=rows,
        occupancy=[report],
    )
    panel = building_years(ledgers, [2018, 2020]).set_index(["building_id", "year"])
    firms = panel["firms"].xs(2020, level="year")
    # B emptied: its street's list of 2020 leaves it out. C is reported in use, street 西 handed in
    # nothing, and E is in no list of any year: none of them is known to be empty.
    assert firms.drop(["C", "D", "E"]).to_dict() == {"A": 1, "B": 0}
    assert firms[["C", "D", "E"]].isna().all()
    assert panel.loc[("B", 2020), "occupied_area_sqm"] == 0
    # A year without any list says nothing of anybody.
    assert panel["firms"].xs(2018, level="year").isna().all()


def test_stays_speak_of_every_year() -> None:
    rows = [spell("甲", "A", "2018-01-01", "2018-12-31", area_sqm=100)]
    panel = building_years(ledgers_of(tenancies=rows), [2019]).set_index("building_id")
    assert panel.loc["A", ["firms", "occupied_area_sqm"]].tolist() == [0, 0]
    assert panel.loc["B", ["firms", "occupied_area_sqm"]].isna().all()


def test_the_tax_ledgers_own_buildings_count_for_firms_no_tenant_list_places() -> None:
    taxes = [
        tax(2020, 10, "甲", "A"),
        tax(2020, 5, "甲", "B"),
        tax(2020, 4, "乙", "A"),
        tax(2020, 2, "丙", "A"),
    ]
    tenancies = [snapshot("乙", "B", 2020), snapshot("丙", None, 2020)]
    panel = enterprise_years(ledgers_of(tenancies=tenancies, taxes=taxes), [2020])
    # 甲 pays where the tax ledger says, 乙 where it stands, 丙 is listed without a place and gets the tax's.
    assert tax_by_place(panel, 2020) == {"A": 12, "B": 9}


def test_a_tax_ledgers_building_adds_no_second_row_to_a_firm_half_outside() -> None:
    tenancies = [snapshot("甲", place, 2020, area_sqm=100) for place in ("A", None)]
    panel = enterprise_years(ledgers_of(tenancies=tenancies, taxes=[tax(2020, 6, "甲", "A")]), [2020])
    assert tax_by_place(panel, 2020) == {"A": 3, "楼外": 3}
    assert len(panel) == 2


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


levels = st.tuples(
    st.sampled_from(["enterprise", "building", "band"]), st.integers(0, 3), places, st.integers(-9, 99)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(levels, max_size=12), st.lists(stays, max_size=6))
def test_tax_is_never_added_twice_across_levels(drawn: list, housed: list) -> None:
    # A building's tax is its reported total or its firms' taxes, never both, and never a band's.
    rows = [
        tax(2019, amount, f"企{firm}" if level == "enterprise" else None, place, level=level)
        for level, firm, place, amount in drawn
        if level != "building" or place
    ]
    tenancies = [spell(f"企{firm}", place, "2018-01-01", area_sqm=area) for firm, place, _, _, area in housed]
    ledgers = ledgers_of(taxes=rows, tenancies=tenancies)
    firms = enterprise_years(ledgers, [2019])
    assert firms["tax_yuan"].sum() == pytest.approx(
        sum(row["tax_yuan"] for row in rows if row["level"] == "enterprise")
    )
    for place, taxed in building_years(ledgers, [2019]).set_index("building_id")["tax_yuan"].items():
        told = [row["tax_yuan"] for row in rows if row["level"] == "building" and row["building_id"] == place]
        own = firms[(firms["building_id"] == place) & firms["tax_yuan"].notna()]["tax_yuan"]
        if told or len(own):
            assert taxed == pytest.approx(sum(told) if told else own.sum())
        else:
            assert np.isnan(taxed)


def test_the_years_own_report_beats_a_quarters() -> None:
    # The whole year ends in December, 2020Q3 in September and 2020-10 in October, whatever their texts.
    def occupied(*reports: tuple[str, float]) -> float:
        rows = [
            {"building_id": "A", "year": 2020, "period": period, "occupied_area_sqm": area}
            for period, area in reports
        ]
        panel = building_years(ledgers_of(occupancy=rows), [2020])
        return panel.set_index("building_id").loc["A", "occupied_area_sqm"]

    assert occupied(("2020", 900.0), ("2020Q3", 700.0)) == 900.0
    assert occupied(("2020Q3", 700.0), ("2020-10", 720.0)) == 720.0
    assert occupied(("2020", 900.0), ("2020-12", 880.0)) == 900.0
    assert occupied(("2020H1", 600.0), ("2020-05", 590.0)) == 600.0
