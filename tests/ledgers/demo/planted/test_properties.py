"""What must hold of every planted district, over a hundred seeds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.planted.plan import DIFFICULTIES, PlantedPlan
from louyu_lab.ledgers.demo.planted.truth import Truth
from louyu_lab.ledgers.demo.planted.writing import make_planted

#: Small districts of every difficulty, and a few of the size a real district has.
PLANS = [
    PlantedPlan(12, 3, seed, difficulty)
    for seed, difficulty in zip(range(94), [*DIFFICULTIES] * 32, strict=False)
] + [PlantedPlan(89, 8, seed, difficulty) for seed in (101, 102) for difficulty in DIFFICULTIES]


@pytest.fixture(
    scope="module", params=range(len(PLANS)), ids=lambda i: f"{PLANS[i].difficulty}-{PLANS[i].seed}"
)
def district(request: pytest.FixtureRequest) -> tuple[PlantedPlan, District, Truth]:
    plan = PLANS[request.param]
    return plan, *make_planted(plan)


Made = tuple[PlantedPlan, District, Truth]


def present_on(tenancies: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    return tenancies[(tenancies["move_in_date"] <= day) & ~(tenancies["move_out_date"] <= day)]


def test_a_hundred_seeds() -> None:
    assert len(PLANS) == len(set(PLANS)) == 100


def test_areas_conserve(district: Made) -> None:
    """Occupied area is the tenants', and never, on any day, do they hold more than can be let."""
    plan, made, _ = district
    buildings, tenancies = made.frames["buildings"].set_index("building_id"), made.frames["tenancies"]
    occupancy = made.frames["occupancy"].set_index(["building_id", "year"])
    let = pd.concat(
        {
            year: present_on(tenancies, pd.Timestamp(year, 12, 31)).groupby("building_id")["area_sqm"].sum()
            for year in plan.ledger_years.tolist()
        },
        names=["year"],
    ).swaplevel()
    assert let.index.isin(occupancy.index).all()
    assert (let.reindex(occupancy.index, fill_value=0.0) == occupancy["occupied_area_sqm"]).all()
    sealed = occupancy["unmarketable_area_sqm"].groupby("building_id").max()
    marketable = buildings["rentable_area_sqm"] - sealed.reindex(buildings.index, fill_value=0.0)
    # Who leaves on a day makes room before who comes that day.
    came = tenancies[["building_id", "move_in_date", "area_sqm"]].set_axis(["building", "day", "sqm"], axis=1)
    left = tenancies[["building_id", "move_out_date", "area_sqm"]].set_axis(
        ["building", "day", "sqm"], axis=1
    )
    changes = pd.concat([came, left.dropna().assign(sqm=lambda rows: -rows["sqm"])])
    held = changes.sort_values(["building", "day", "sqm"]).groupby("building")["sqm"].cumsum()
    most = held.groupby(changes.sort_values(["building", "day", "sqm"])["building"]).max()
    assert (most <= marketable[most.index]).all()
    assert (buildings["rentable_area_sqm"] <= buildings["gross_area_sqm"]).all()
    assert (occupancy["unmarketable_area_sqm"] >= 0).all()


def test_no_tenant_is_in_two_places(district: Made) -> None:
    stays = district[1].frames["tenancies"].sort_values(["credit_code", "move_in_date"])
    again = stays["credit_code"].eq(stays["credit_code"].shift())
    gap = (stays["move_in_date"] - stays["move_out_date"].shift())[again]
    assert (gap == pd.Timedelta(days=1)).all()
    assert (stays["building_id"] != stays["building_id"].shift())[again].all()
    assert stays.groupby("credit_code")["enterprise"].nunique().max() == 1
    assert stays.groupby("enterprise")["credit_code"].nunique().max() == 1


def test_taxes_add_up_from_tenant_to_district(district: Made) -> None:
    plan, made, _ = district
    taxes, tenancies = made.frames["taxes"], made.frames["tenancies"]
    paid = taxes.groupby(["credit_code", "year"], as_index=False)["tax_yuan"].sum()
    by_building = {}
    for year in plan.ledger_years.tolist():
        first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        there = tenancies[(tenancies["move_in_date"] <= last) & ~(tenancies["move_out_date"] < first)]
        where = there.sort_values("move_in_date").drop_duplicates("credit_code", keep="last")
        house = where.set_index("credit_code")["building_id"]
        payers = paid[paid["year"] == year]
        # Nobody pays who was not there.
        assert payers["credit_code"].isin(house.index).all()
        by_building[year] = payers["tax_yuan"].groupby(payers["credit_code"].map(house)).sum()
    buildings = made.frames["buildings"].set_index("building_id")
    table = pd.DataFrame(by_building).reindex(buildings.index).fillna(0.0)
    by_street = table.groupby(buildings["street"]).sum()
    assert by_street.sum().to_numpy() == pytest.approx(paid.groupby("year")["tax_yuan"].sum().to_numpy())
    totals = (
        made.frames["district"]
        .query("indicator == '全区税收' and scope == '全口径'")
        .set_index("year")["value"]
    )
    # The district's total is 2.4 times its buildings', printed to 10⁻⁴ 亿元.
    assert (totals * 1e8 / 2.4).to_numpy() == pytest.approx(by_street.sum().to_numpy(), abs=5e3)


def test_no_date_is_impossible(district: Made) -> None:
    plan, made, _ = district
    last = pd.Timestamp(plan.last_year, 12, 31)
    buildings, stays = made.frames["buildings"].set_index("building_id"), made.frames["tenancies"]
    assert (stays["registered_date"] < stays["move_in_date"]).all()
    assert stays["registered_date"].min() >= pd.Timestamp(1980, 1, 1)
    assert not (stays["move_out_date"] <= stays["move_in_date"]).any()
    assert stays["move_in_date"].max() <= last
    assert stays["move_out_date"].max() <= last
    assert (stays["move_in_date"] > stays["building_id"].map(buildings["opened_date"])).all()
    assert not (stays["move_out_date"] < pd.Timestamp(plan.first_year, 1, 1)).any()
    opened = buildings["opened_date"].dt.year
    assert opened.max() <= plan.last_year
    assert not (buildings["completion_year"] > opened).any()
    assert not (buildings["refit_year"] <= buildings["completion_year"]).any()
    rows = made.frames["occupancy"]
    assert (rows["building_id"].map(opened) <= rows["year"]).all()
    start = made.frames["policies"]["start_date"]
    assert (start <= last).all()
    assert (made.frames["policies"]["building_id"].map(buildings["opened_date"]) < start).all()


def test_blanks_only_where_they_are_planned(district: Made) -> None:
    plan, made, truth = district
    buildings, told = made.frames["buildings"], truth.summary["missing"]
    assert not buildings["grade"].isna().any()
    for column in ("owners", "lifts", "completion_year"):
        assert told["columns"][column] == {"blank": buildings[column].isna().sum(), "cells": plan.buildings}
    rents = made.frames["occupancy"]["asking_rent_yuan"]
    assert told["columns"]["asking_rent_yuan"] == {"blank": rents.isna().sum(), "cells": len(rents)}
    known = [column for column in told["columns"] if column in buildings]
    losing = buildings[known].isna().any(axis=1).mean()
    assert told["buildings_losing_a_driver"] == pytest.approx(losing, abs=1e-6)
    if plan.difficulty == "plain":
        assert not losing
    elif plan.buildings > 50:
        assert losing


def test_floors_hold_what_is_on_them(district: Made) -> None:
    """Nobody larger than a floor is on one, and no floor holds much more than its area at a time."""
    plan, made, _ = district
    buildings, stays = made.frames["buildings"].set_index("building_id"), made.frames["tenancies"]
    assert stays["floor"].str.fullmatch(r"\d+(-\d+)?层").all()
    bounds = stays["floor"].str.removesuffix("层").str.split("-", expand=True).astype(float)
    low, high = bounds[0], bounds[bounds.columns[-1]].fillna(bounds[0])
    # A floor for every 2,000 ㎡ of gross area, 4 to 60.
    floors = (buildings["gross_area_sqm"] / 2_000).round().clip(4, 60)
    plate = stays["building_id"].map(buildings["rentable_area_sqm"] / floors)
    assert ((low >= 1) & (high <= stays["building_id"].map(floors))).all()
    assert (stays["area_sqm"] <= plate * (high - low + 1) * 1.001).all()
    there = present_on(stays, pd.Timestamp(plan.last_year, 12, 31)).index
    single = stays.loc[there][(low == high)[there]]
    held = single.groupby(["building_id", "floor"])["area_sqm"].sum()
    room = plate.groupby(stays["building_id"]).first().reindex(held.index.get_level_values(0)).to_numpy()
    # The fullest floors take in one suite too many.
    assert (held <= 1.7 * room).all()
    assert (held <= 1.1 * room).mean() > 0.9


def test_the_truth_is_of_this_district(district: Made) -> None:
    plan, made, truth = district
    assert truth.buildings["building_id"].tolist() == made.frames["buildings"]["building_id"].tolist()
    treated = truth.summary["policy"]["treated_buildings"]
    assert sorted(treated) == sorted(made.frames["policies"]["building_id"])
    assert truth.summary["size"]["tenancies"] == len(made.frames["tenancies"])
    assert truth.summary["policy"]["att_points"] < 0
    assert 0 < truth.summary["vacancy"]["expected"] < 0.6
    quality = truth.buildings["quality"]
    assert (quality != 0).all() if plan.difficulty == "confounded" else (quality == 0).all()
    assert np.isfinite([driver["ape_points"] for driver in truth.summary["drivers"]]).all()
