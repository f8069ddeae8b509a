"""Spells by hand: what is one stay, when observation begins, what ends it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.exits.dated import dated_spells, recorded_years
from louyu_lab.analysis.vacancy.exits.spells import tenancy_spells
from louyu_lab.analysis.vacancy.exits.survival import exit_survival
from louyu_lab.analysis.vacancy.exits.tenant_years import tenant_years
from louyu_lab.analysis.vacancy.exits.yearly import yearly_spells
from louyu_lab.ledgers.demo.planted.truth import Truth
from louyu_lab.ledgers.model import typed_frame


def of(ledger: Callable[..., pd.DataFrame], *stays: tuple) -> pd.DataFrame:
    """Spells 2016–2020 of (enterprise, building, area, in, out), by enterprise and building."""
    firm, building, area, begin, end = map(list, zip(*stays, strict=True))
    rows = ledger(
        enterprise_id=firm, building_id=building, area_sqm=area, move_in_date=begin, move_out_date=end
    )
    return dated_spells(rows, 2016, 2020)[0].set_index(["enterprise_id", "building_id"])


def test_observation_begins_late_for_who_came_before(ledger: Callable[..., pd.DataFrame]) -> None:
    # 2014-01-01 to 2016-01-01 are 730 days, to 2018-07-01 another 912 (366 + 365 + 181).
    row = of(ledger, ("old", "A", 100.0, "2014-01-01", "2018-07-01")).loc["old", "A"]
    assert row["entry_years"] == pytest.approx(730 / 365.25)
    assert row["duration_years"] == pytest.approx(1642 / 365.25)
    assert row["event"]
    assert (row["first_year"], row["last_year"]) == (2016, 2018)


def test_the_end_of_observation_censors(ledger: Callable[..., pd.DataFrame]) -> None:
    rows = of(
        ledger,
        ("stays", "A", 100.0, "2019-12-31", None),
        ("later", "A", 100.0, "2019-12-31", "2021-01-01"),
        ("gone", "A", 100.0, "2019-12-31", "2020-12-31"),
    ).droplevel("building_id")
    # From 31 December 2019 to 31 December 2020: 366 days for each; only one left.
    assert (rows["duration_years"] == 366 / 365.25).all()
    assert rows["event"].to_dict() == {"stays": False, "later": False, "gone": True}
    assert (rows["first_year"] == 2020).all()
    assert (rows["last_year"] == 2020).all()


def test_what_ended_before_or_began_after_was_never_observed(ledger: Callable[..., pd.DataFrame]) -> None:
    rows = of(
        ledger,
        ("before", "A", 1.0, "2014-01-01", "2015-12-31"),
        ("after", "A", 1.0, "2021-01-01", None),
        ("first day", "A", 1.0, "2014-01-01", "2016-01-01"),
    )
    assert rows.index.get_level_values(0).tolist() == ["first day"]


def test_floors_renewals_and_short_absences_are_one_stay(ledger: Callable[..., pd.DataFrame]) -> None:
    rows = of(
        ledger,
        ("floors", "A", 100.0, "2017-01-01", "2018-06-30"),
        ("floors", "A", 50.0, "2017-01-01", "2019-06-30"),
        ("floors", "A", 30.0, "2018-01-01", "2018-03-31"),
        ("renews", "A", 80.0, "2014-01-01", "2015-12-31"),
        ("renews", "A", 90.0, "2016-01-01", None),
        # 92 days from 31 March to 1 July, 93 to 2 July.
        ("back", "A", 10.0, "2017-01-01", "2018-03-31"),
        ("back", "A", 10.0, "2018-07-01", None),
        ("returns", "A", 10.0, "2017-01-01", "2018-03-31"),
        ("returns", "A", 10.0, "2018-07-02", None),
    )
    floors = rows.loc["floors"].iloc[0]
    # The area held on the day of moving in, 100 + 50; it has left when the last floor is given up.
    assert floors["area_sqm"] == 150.0
    assert floors["last_year"] == 2019
    renews = rows.loc["renews"].iloc[0]
    assert (renews["start"], renews["area_sqm"], renews["event"]) == (pd.Timestamp(2014, 1, 1), 90.0, False)
    assert len(rows.loc["back"]) == 1
    assert rows.loc["returns", "event"].tolist() == [True, False]


def test_a_move_within_the_district_is_an_exit_that_is_marked(ledger: Callable[..., pd.DataFrame]) -> None:
    rows = of(
        ledger,
        ("moves", "A", 1.0, "2015-01-01", "2017-05-05"),
        ("moves", "B", 1.0, "2017-05-06", None),
        ("leaves", "A", 1.0, "2015-01-01", "2017-05-05"),
    )
    assert rows["event"].tolist() == [True, True, False]
    assert rows["moved_on"].to_dict() == {("leaves", "A"): False, ("moves", "A"): True, ("moves", "B"): False}


def test_years_without_a_record_of_leaving_do_not_count() -> None:
    def out(**counts: int) -> pd.Series:
        return pd.to_datetime(
            pd.Series([f"{year[1:]}-06-01" for year, n in counts.items() for _ in range(n)])
        )

    assert recorded_years(out(y2016=5, y2017=6, y2018=4), [2018]) == (2016, 2018)
    # One old exit noted by chance, then none for years.
    assert recorded_years(out(y1999=1, y2016=5, y2017=6, y2018=4), [2018]) == (2016, 2018)
    # 8 a year in the middle: one exit is less than a quarter, two are not.
    assert recorded_years(out(y2015=1, y2016=8, y2017=8, y2018=9), [2018]) == (2016, 2018)
    assert recorded_years(out(y2015=2, y2016=8, y2017=8, y2018=9), [2018]) == (2015, 2018)
    assert recorded_years(out(y2016=8, y2017=8, y2018=8, y2019=1), [2018, 2019]) == (2018, 2018)
    # Not before the first year reported on, nor after the study's.
    assert recorded_years(out(y2016=5, y2017=6, y2018=4), [2017, 2018]) == (2017, 2018)
    assert recorded_years(out(y2016=5, y2017=6, y2018=4), [2017]) == (2016, 2017)
    assert recorded_years(pd.Series([None], dtype="datetime64[us]"), [2018]) == (0, 0)


def test_yearly_lists(ledger: Callable[..., pd.DataFrame], panel_of: Callable[..., pd.DataFrame]) -> None:
    listed = {
        "there": [2016, 2017, 2018, 2019],
        "leaves": [2016, 2017],
        "comes": [2018, 2019],
        "returns": [2016, 2018, 2019],
    }
    rows = [(firm, "A", year) for firm, years in listed.items() for year in years]
    # B hands in nothing for 2018.
    rows += [("hole", "B", year) for year in (2016, 2017, 2019)]
    frame = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "year"])
    lists = ledger(**{name: frame[name].tolist() for name in frame}, area_sqm=[10.0] * len(frame))
    panel = panel_of(building_id=["A", "B"] * 4, year=[y for y in range(2016, 2020) for _ in "AB"])
    spells = yearly_spells(lists, panel, [2016, 2017, 2018, 2019])
    told = ["enterprise_id", "first_year", "last_year", "event", "entry_years", "duration_years"]
    spells = spells.sort_values(["enterprise_id", "first_year"])[told].fillna(-1.0)
    assert spells.to_numpy().tolist() == [
        # Came in 2018, so it is 0 years in at the end of 2018 and still there a year later.
        ["comes", 2019, 2019, False, 0.0, 1.0],
        # Before the hole, and after it: the year of coming is known of neither, and nobody saw it leave.
        ["hole", 2017, 2017, False, -1.0, -1.0],
        ["hole", 2020, 2019, False, -1.0, -1.0],
        ["leaves", 2017, 2018, True, -1.0, -1.0],
        ["returns", 2017, 2017, True, -1.0, -1.0],
        ["returns", 2019, 2019, False, 0.0, 1.0],
        ["there", 2017, 2019, False, -1.0, -1.0],
    ]


def test_todays_tenants_alone_are_refused(
    ledger: Callable[..., pd.DataFrame], panel_of: Callable[..., pd.DataFrame]
) -> None:
    panel = panel_of(building_id=["A"])
    today = ledger(enterprise_id=["x", "y"], building_id=["A", "A"], move_in_date=["2015-01-01", None])
    assert "没有一家写明迁出日期" in tenancy_spells(today, panel, [2020]).refused
    one_list = ledger(enterprise_id=["x", "y"], building_id=["A", "A"], year=[2020, 2020])
    assert "没有一家写明迁出日期" in tenancy_spells(one_list, panel, [2020]).refused
    nowhere = ledger(enterprise_id=["x"], building_id=[None])
    assert "没有写明企业在哪幢在册楼宇" in tenancy_spells(nowhere, panel, [2020]).refused
    assert "没有企业台账" in tenancy_spells(nowhere.iloc[:0], panel, [2020]).refused
    few = ledger(
        enterprise_id=["x", "y", "z"], building_id=["A"] * 3,
        move_in_date=["2015-01-01", "2015-01-01", None], move_out_date=["2020-02-01", None, "2020-03-01"],
    )  # fmt: skip
    spells = tenancy_spells(few, panel, [2020])
    assert spells.refused == "2020—2020 年只见 1 户迁出（另有 1 段没有迁入日期，未计），不足 10 户，不作估计"
    assert not len(spells.frame)


def test_a_building_that_reports_no_leaving_is_set_aside(
    ledger: Callable[..., pd.DataFrame], panel_of: Callable[..., pd.DataFrame]
) -> None:
    # A: 40 tenants from 2016 on, 8 leave in each of 2016–2020: 40+32+24+16+8 = 120 tenant-years, 40 exits.
    # B and C: 10 and 4 tenants for five years, none leaves; at a third of a year 16.7 and 6.7 expected.
    out = [f"{2016 + i // 8}-07-01" for i in range(40)] + [None] * 14
    rows = ledger(
        enterprise_id=[f"e{i}" for i in range(54)],
        building_id=["A"] * 40 + ["B"] * 10 + ["C"] * 4,
        move_in_date=["2015-06-01"] * 54,
        move_out_date=out,
    )
    spells = tenancy_spells(rows, panel_of(building_id=["A", "B", "C"]), [2020])
    assert spells.silent == ("B",)
    assert spells.frame["building_id"].value_counts().to_dict() == {"A": 40, "C": 4}
    assert (spells.since, spells.until, spells.exits) == (2016, 2020, 40)


def test_lists_and_dates_tell_the_same(district: tuple[StudyYear, Truth]) -> None:
    study = district[0]
    stays = study.ledgers["tenancies"]
    dated = tenancy_spells(stays, study.panel, study.years)
    ends = [pd.Timestamp(year, 12, 31) for year in study.years]
    lists = [
        stays[(stays["move_in_date"] <= end) & ~(stays["move_out_date"] <= end)].assign(
            year=end.year, period=str(end.year), move_in_date=pd.NaT, move_out_date=pd.NaT
        )
        for end in ends
    ]
    listed = typed_frame("tenancies", pd.concat(lists))
    yearly = tenancy_spells(listed, study.panel, study.years)
    assert (dated.is_yearly, yearly.is_yearly) == (False, True)
    # The first list is where observation begins: the years after 2012 have the same tenants and exits.
    rows = [tenant_years(spells) for spells in (dated, yearly)]
    counts = [part[part["year"] > 2012].groupby("year")["is_exit"].agg(["size", "sum"]) for part in rows]
    pd.testing.assert_frame_equal(counts[0], counts[1], rtol=2e-3)
    # Years since the end of the year of coming: the planted hazard does not depend on tenure.
    curves = [exit_survival(spells).iloc[0] for spells in (dated, yearly)]
    assert curves[0]["rate_5"] == pytest.approx(curves[1]["rate_5"], abs=0.03)
    assert yearly.frame["start"].isna().any()
