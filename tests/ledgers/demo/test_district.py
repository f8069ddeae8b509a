"""The generated district: it adds up, names and codes are sound, and the planned structure is there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.credit_codes import is_valid
from louyu_lab.ledgers.demo import DEMO
from louyu_lab.ledgers.demo.buildings import target_rates
from louyu_lab.ledgers.demo.district import District, make_district
from louyu_lab.ledgers.demo.plan import DistrictPlan, OccupancyEffects, TaxEffects
from louyu_lab.ledgers.demo.taxes import make_taxes, presence


@pytest.fixture(scope="module")
def demo() -> District:
    return make_district(DEMO)


def let_by_building(district: District, year: int) -> pd.Series:
    """Area (㎡) of the listed tenants at the year's end, by building."""
    day, rows = pd.Timestamp(year, 12, 31), district.tenancies
    here = rows[(rows["move_in_date"] <= day) & ~(rows["move_out_date"] <= day)]
    return here.groupby("building_id")["area_sqm"].sum()


@pytest.mark.parametrize("year", DEMO.years)
def test_tenants_fit_the_occupied_area_and_that_fits_the_building(demo: District, year: int) -> None:
    rows = demo.occupancy[demo.occupancy["year"] == year].set_index("building_id")
    rentable = demo.buildings.set_index("building_id")["rentable_area_sqm"].reindex(rows.index)
    let = let_by_building(demo, year).reindex(rows.index)
    assert (rows["occupied_area_sqm"] <= rentable).all()
    # The plan lists tenants of 92 to 99.5 % of the occupied area, which is rounded to whole ㎡.
    assert (let / rows["occupied_area_sqm"]).between(0.9199, 0.9951).all()
    assert (rows["unmarketable_area_sqm"] <= rentable - rows["occupied_area_sqm"]).all()
    assert ((rows["occupied_area_sqm"] / rentable - rows["occupancy_rate"]).abs() <= 5.1e-5).all()


def test_sizes_are_those_of_the_plan(demo: District) -> None:
    buildings, stays = demo.buildings, demo.tenancies
    assert len(buildings) == 40
    assert 2_000 <= len(stays) <= 2_500
    assert (buildings["street"].nunique(), buildings["zone"].nunique(), buildings["area"].nunique()) == (
        5,
        4,
        7,
    )
    # Areas, streets and zones cross: none is a mere refinement of the other.
    for inner, outer in (("area", "street"), ("street", "area"), ("area", "zone"), ("street", "zone")):
        assert buildings.groupby(inner)[outer].nunique().max() > 1, (inner, outer)
    firms = stays.drop_duplicates("credit_code", keep="last")
    assert firms["building_id"].isna().mean() == pytest.approx(DEMO.outside_share, abs=0.01)
    assert set(firms["industry"]) == set(range(15))
    # Binomial with n about 1,950: two standard errors are 0.011.
    assert firms["is_registered"].mean() == pytest.approx(DEMO.registered_share, abs=0.011)
    assert stays["is_hq"].sum() >= 5
    assert stays["group_name"].nunique() >= 8
    assert len(demo.pipeline) == 8


def test_names_and_codes_are_unique_and_valid(demo: District) -> None:
    for column in ("building_id", "building", "address"):
        assert demo.buildings[column].is_unique, column
    aliases = demo.buildings["alias"].dropna()
    assert not set(aliases) & set(demo.buildings["building"])
    firms = demo.tenancies.drop_duplicates("firm")
    assert firms["credit_code"].is_unique
    assert firms["enterprise"].is_unique
    assert is_valid(firms["credit_code"]).all()
    assert demo.registrations["credit_code"].is_unique


def test_every_taxpayer_was_there_in_the_year_it_paid(demo: District) -> None:
    there = presence(demo.tenancies, DEMO).set_index(["firm", "year"]).index
    assert demo.taxes.set_index(["firm", "year"]).index.isin(there).all()
    assert set(demo.taxes["credit_code"]) <= set(demo.tenancies["credit_code"])
    assert not demo.taxes.duplicated(["credit_code", "year", "tax_type"]).any()


def test_stays_follow_one_another(demo: District) -> None:
    stays = demo.tenancies.sort_values(["firm", "move_in_date"])
    assert not (stays["move_out_date"] < stays["move_in_date"]).any()
    assert (stays["registered_date"] < stays["move_in_date"]).all()
    same = stays["firm"].eq(stays["firm"].shift())
    # Who moves between buildings leaves one the day before entering the next.
    gap = (stays["move_in_date"] - stays["move_out_date"].shift())[same]
    assert len(gap) >= 30
    assert (gap == pd.Timedelta(days=1)).all()
    assert (stays["building_id"] != stays["building_id"].shift())[same].all()


def test_planned_events_happen(demo: District) -> None:
    buildings, stays = demo.buildings.set_index("building_id"), demo.tenancies
    tower = buildings.index[buildings["opened_date"].dt.year == 2020]
    assert len(tower) == 1
    assert stays["building_id"].eq(tower[0]).sum() == 6
    left = stays["move_out_date"].dt.year.value_counts()
    assert left[2020] > 1.25 * left[2019]
    moved = stays[stays["is_hq"].astype(bool) & stays["move_out_date"].dt.year.eq(2019)]
    again = stays[stays["firm"].isin(moved["firm"]) & stays["move_in_date"].dt.year.eq(2019)]
    assert (again["is_hq"].astype(bool)).any()


def test_tax_is_heavy_tailed_and_two_towers_have_one_payer(demo: District) -> None:
    taxes = demo.taxes[demo.taxes["year"] == 2020]
    paid = taxes.groupby("firm")["tax_yuan"].sum().sort_values(ascending=False)
    assert paid.head(40).sum() > 0.55 * paid.sum()
    where = demo.tenancies.sort_values("move_in_date").drop_duplicates("firm", keep="last")
    building = paid.index.map(where.set_index("firm")["building_id"])
    shares = paid.groupby(building).agg(["max", "sum"])
    yi = shares[shares["sum"] >= 1e8]
    # 4 to 9 of 40 buildings reach 1 亿元: the calibrating district has 11 of 89.
    assert 4 <= len(yi) <= 9
    assert (yi["max"] / yi["sum"] >= 0.8).sum() == 2
    # The calibrating district's building taxes have a log standard deviation of 1.85.
    assert np.log(shares["sum"].clip(lower=1e5)).std() == pytest.approx(1.85, abs=0.35)


def test_one_off_taxes_and_refunds_are_marked(demo: District) -> None:
    taxes = demo.taxes
    assert taxes["is_one_off"].sum() == 5
    assert (taxes["tax_yuan"] < 0).sum() == 3
    assert set(taxes.loc[taxes["tax_yuan"] < 0, "tax_type"]) == {"增值税留抵退税"}


def test_the_district_collects_more_than_its_buildings(demo: District) -> None:
    totals = demo.totals[demo.totals["indicator"] == "全区税收"].pivot(
        index="year", columns="scope", values="value"
    )
    inside = demo.tenancies.loc[demo.tenancies["building_id"].notna(), "firm"]
    paid = demo.taxes[demo.taxes["firm"].isin(inside)].groupby("year")["tax_yuan"].sum() / 1e8
    assert ((paid / totals["全口径"]).between(0.35, 0.55)).all()
    assert (totals["一般公共预算"] < totals["全口径"]).all()


def test_idle_space_lies_within_the_vacant_area(demo: District) -> None:
    idle = demo.idle[demo.idle["building_id"].notna() & (demo.idle["disposal"] == "在闲")]
    facts = demo.occupancy.merge(demo.buildings[["building_id", "rentable_area_sqm"]], on="building_id")
    facts["vacant"] = facts["rentable_area_sqm"] - facts["occupied_area_sqm"]
    joined = idle.merge(facts[["building_id", "year", "vacant"]], on=["building_id", "year"])
    assert len(joined) == len(idle) > 20
    assert (joined["idle_area_sqm"] <= joined["vacant"]).all()
    assert set(demo.idle["disposal"]) == {"在闲", "盘活", "核销"}
    assert (demo.idle["idle_since_date"] <= demo.idle["updated_date"]).all()
    assert set(demo.idle["year"]) == {2019, 2020}


def plain_building(**changes: object) -> pd.DataFrame:
    """A building on which every planted effect is at its zero point in the plan's first year but one."""
    row = {
        "building_id": "B1", "owners": 1, "parking_spaces": 70, "gross_area_sqm": 10_000.0, "grade": "乙级",
        "metro_distance_m": 500.0, "refit_year": np.nan, "completion_year": 2006, "opened_year": np.nan,
    }  # fmt: skip
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("changes", "logit"),
    [
        # 10 years old in 2016, one step of trend after 2015: 1.95 + 0.03
        ({}, 1.98),
        # 20 years old: one decade more, 1.98 − 0.32
        ({"completion_year": 1996}, 1.66),
        # refitted in 2006, so counted as ten years old again
        ({"completion_year": 1996, "refit_year": 2006.0}, 1.98),
        # 100 owners: 1.98 − 0.14 ln 100 = 1.98 − 0.644724
        ({"owners": 100}, 1.335276),
        # 1.2 spaces per 100 ㎡ instead of 0.7: 1.98 + 0.9 × 0.5
        ({"parking_spaces": 120}, 2.43),
        # 超甲级 is two steps above 乙级: 1.98 + 0.44
        ({"grade": "超甲级"}, 2.42),
        # 1,000 m from the metro: 1.98 − 0.18 ln 2 = 1.98 − 0.124766
        ({"metro_distance_m": 1000.0}, 1.855234),
    ],
)
def test_occupancy_follows_the_planted_effects(changes: dict[str, object], logit: float) -> None:
    effects = dataclasses.replace(OccupancyEffects(), building_sd=0.0, year_sd=0.0)
    plan = dataclasses.replace(DEMO, occupancy=effects)
    rates = target_rates(plain_building(**changes), plan, np.random.default_rng(0))
    assert np.log(rates.loc["B1", 2016] / (1 - rates.loc["B1", 2016])) == pytest.approx(logit, abs=1e-6)


def test_a_new_tower_fills_over_three_years() -> None:
    effects = dataclasses.replace(
        OccupancyEffects(), building_sd=0.0, year_sd=0.0, yearly_trend=0.0, age_decade=0.0
    )
    plan = dataclasses.replace(DEMO, occupancy=effects)
    rates = target_rates(plain_building(opened_year=2016.0), plan, np.random.default_rng(0)).loc["B1"]
    # 1 / (1 + e^−1.95) = 0.875447; shares 0, 25, 60, 85, 100 %
    expected = [0.0, 0.218862, 0.525268, 0.744130, 0.875447]
    assert rates.loc[2015:2019].tolist() == pytest.approx(expected, abs=1e-6)


def one_kind_of_firm(area_sqm: float, n: int = 30) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``n`` wholesalers of the same area in building B1 throughout, with their stays."""
    firms = pd.DataFrame(
        {
            "industry": 0, "industry_code": "5199", "area_sqm": area_sqm, "first_building": "B1",
            "anchor_tax_yuan": np.nan, "is_taxed_here": True, "credit_code": "", "enterprise": "",
        },
        index=pd.RangeIndex(n, name="firm"),
    )  # fmt: skip
    stays = pd.DataFrame({"firm": range(n), "building_id": "B1", "move_in_date": pd.Timestamp(2010, 1, 1)})
    return firms, stays.assign(move_out_date=pd.Series(pd.NaT, stays.index, dtype="datetime64[us]"))


def test_tax_follows_area_and_industry_as_planted() -> None:
    effects = TaxEffects(building_sd=0.0, firm_sd=0.0, year_sd=0.0)
    plan: DistrictPlan = dataclasses.replace(DEMO, tax=effects, payer_share=1.0)
    firms, stays = one_kind_of_firm(100.0)
    buildings = pd.DataFrame({"building_id": ["B1"], "single_source_tax": [np.nan]})
    taxes = make_taxes(plan, stays, firms, buildings, np.random.default_rng(0))
    recurring = taxes[taxes["tax_type"] == "经常性税收"].groupby("year")["tax_yuan"].unique()
    # 1,100 元 × 0.80 (wholesale) × 100^0.85 = 880 × 50.1187 = 44,104 -> 44,100 元 in the first year;
    # growth 3 % + 0 % a year: 44,104 × e^0.03 = 45,448 -> 45,400 元 in the second;
    # the fifth year with the pandemic's −0.12: 44,104 × e^(0.12 − 0.12) -> 44,100 元.
    assert recurring[2016].tolist() == [44_100.0]
    assert recurring[2017].tolist() == [45_400.0]
    assert recurring[2020].tolist() == [44_100.0]
    # 28 % is kept by the district: 12,348 -> 12,300 元.
    kept = taxes[(taxes["tax_type"] == "经常性税收") & (taxes["year"] == 2016)]["retained_yuan"]
    assert kept.unique().tolist() == [12_300.0]
