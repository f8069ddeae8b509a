"""The baseline learned from ledgers: what it must agree with, and what it does without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.learning import baseline_of
from louyu_lab.analysis.scenarios.baseline.priors import EXIT_RATE
from louyu_lab.analysis.scenarios.baseline.state import BUILDING_COLUMNS, UNIT_COLUMNS
from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.setting import Clause
from louyu_lab.ledgers.model import typed_frame
from louyu_lab.ledgers.reading import read_ledgers


def _value(baseline, code):
    return float(baseline.indicators.set_index("indicator")["value"][code])


def test_areas_of_the_units_are_the_occupied_area(learned) -> None:
    baseline = learned()
    occupied = np.bincount(baseline.units["building"], baseline.units["area_sqm"], len(baseline.buildings))
    # Sums of the same areas in another order: rounding only.
    np.testing.assert_allclose(occupied, baseline.buildings["occupied_area_sqm"], rtol=1e-9)


def test_it_agrees_with_the_indicators(learned) -> None:
    baseline = learned()
    units = baseline.units
    assert units["firms"].sum() == _value(baseline, "firms")
    assert units["registered"].sum() / units["firms"].sum() == pytest.approx(
        _value(baseline, "registration_rate")
    )
    assert units["paying"].sum() / units["firms"].sum() == pytest.approx(_value(baseline, "taxpayer_rate"))
    assert baseline.buildings["tax_yuan"].sum() == pytest.approx(_value(baseline, "tax_yuan_recurring"))
    assert baseline.registration_rate == _value(baseline, "registration_rate")
    # Who has left or begun in the year, and the smoothing of one year's chance, keep them from being equal.
    assert units["tax_yuan"].sum() == pytest.approx(baseline.buildings["tax_yuan"].sum(), rel=0.15)


def test_its_shape_is_that_of_the_state(learned, base_year) -> None:
    baseline = learned()
    assert tuple(baseline.buildings.columns) == BUILDING_COLUMNS
    assert tuple(baseline.units.columns) == UNIT_COLUMNS
    assert baseline.buildings["building_id"].is_monotonic_increasing
    assert baseline.units["building"].is_monotonic_increasing
    assert baseline.years == (base_year + 1, base_year + 2, base_year + 3)
    assert len(baseline.growth.drift) == len(baseline.entrants.ramp) == baseline.horizon
    assert baseline.units["exit_rate"].between(0, 1).all()
    assert baseline.units["growth_sd"].between(0, 0.8).all()
    assert baseline.entrants.multiples.mean() == pytest.approx(1.0)
    assert (np.diff(baseline.entrants.multiples) >= 0).all()
    assert baseline.demand.lettings_sqm > 0
    assert not baseline.units.drop(columns=["registered", "paying"]).isna().any().any()


def test_later_years_do_not_change_it(ledgers, base_year) -> None:
    past = {
        name: frame[frame["year"].fillna(0) < base_year].reset_index(drop=True) if "year" in frame else frame
        for name, frame in ledgers.frames.items()
    }
    stays = past["tenancies"]
    day = pd.Timestamp(base_year, 1, 1)
    stays = stays[~(stays["move_in_date"] >= day)]
    past["tenancies"] = stays.assign(move_out_date=stays["move_out_date"].mask(stays["move_out_date"] >= day))
    then, now = (baseline_of(held, base_year - 1, 2) for held in (replace(ledgers, frames=past), ledgers))
    pd.testing.assert_frame_equal(then.units, now.units)
    pd.testing.assert_frame_equal(then.buildings, now.buildings)
    assert then.demand.lettings_sqm == now.demand.lettings_sqm


def test_without_tenants_each_building_is_two_units(learned) -> None:
    baseline = learned("tenancies", "taxes")
    units = baseline.units
    assert len(units) == len(baseline.buildings) == units["building"].nunique()
    assert (units["firms"] == 0).all()
    assert units["registered"].isna().all()
    np.testing.assert_allclose(units["area_sqm"], baseline.buildings["occupied_area_sqm"])
    assert (units["exit_rate"] == EXIT_RATE).all()
    assert baseline.buildings["tax_yuan"].isna().all()
    assert np.isnan(baseline.entrants.yield_yuan_sqm)
    assert baseline.demand.lettings_sqm > 0


def test_tax_by_building_alone_is_a_unit_a_building(ledgers, learned, base_year) -> None:
    whole = learned().buildings
    taxes = pd.DataFrame({"building_id": whole["building_id"], "tax_yuan": whole["tax_yuan"]})
    taxes = taxes.assign(year=base_year, period=str(base_year), level="building", is_one_off=False)
    frames = {name: ledgers[name] for name in ("buildings", "occupancy")}
    frames["taxes"] = typed_frame("taxes", taxes)
    baseline = baseline_of(replace(ledgers, frames=frames), base_year, 2)
    paying = baseline.units[baseline.units["tax_yuan"] > 0]
    np.testing.assert_allclose(paying["tax_yuan"], whole["tax_yuan"])
    assert (paying["exit_rate"] == 0).all()
    assert (paying["growth_sd"] == 0.15).all()
    # Without newcomers' own tax: 0.45 of what a ㎡ pays on average.
    assert baseline.entrants.yield_yuan_sqm == pytest.approx(0.45 * baseline.mean_yield_yuan_sqm)


@pytest.mark.parametrize("lacking", [("occupancy", "tenancies"), ("taxes",), ("occupancy",)])
def test_it_works_without_a_ledger(learned, lacking) -> None:
    baseline = learned(*lacking)
    assert len(baseline.buildings) > 0
    if "occupancy" in lacking and "tenancies" in lacking:
        assert (baseline.units["area_sqm"] == 0).all()
        assert baseline.demand.lettings_sqm == 0
    # The planted tax ledger names enterprises alone: without their list nobody knows where they are.
    assert (baseline.units["tax_yuan"].sum() > 0) == (not {"taxes", "tenancies"} & set(lacking))


def test_taxpayers_of_the_tax_ledger_alone_are_known_by_name(ledgers, base_year) -> None:
    stays = ledgers["tenancies"].drop_duplicates("enterprise_id").set_index("enterprise_id")["building_id"]
    taxes = ledgers["taxes"]
    taxes = taxes.assign(building_id=taxes["enterprise_id"].map(stays).astype("str"))
    frames = {name: ledgers[name] for name in ("buildings", "occupancy")} | {"taxes": taxes}
    baseline = baseline_of(replace(ledgers, frames=frames), base_year, 2)
    named = baseline.units[baseline.units["enterprise_id"] != ""]
    assert len(named) > 0
    assert (named["tax_yuan"] > 0).all()
    # Not counted as tenants, but those who pay leave like others do.
    assert (baseline.units["firms"] == 0).all()
    assert named["exit_rate"].between(0, 0.95, inclusive="right").all()
    assert baseline.units["tax_yuan"].sum() == pytest.approx(baseline.buildings["tax_yuan"].sum(), rel=0.2)


def test_a_year_without_stock_is_refused(ledgers) -> None:
    with pytest.raises(ValueError, match="没有在册楼宇"):
        baseline_of(ledgers, 1900, 3)


def test_draws_of_chapter_04_are_taken_in(learned) -> None:
    made = learned().tax_draws
    assert made.shape == (3, len(learned().buildings), 3)
    # Ascending; the third year keeps the second's draws; the other buildings have none.
    np.testing.assert_array_equal(made[:, :2], np.array([1.0, 2.0, 3.0])[:, None, None] * np.ones((1, 2, 3)))
    assert np.isnan(made[:, 2:]).all()


def test_one_year_of_ledgers_is_enough(ledgers, base_year) -> None:
    frames = dict(ledgers.frames)
    for name in ("occupancy", "taxes"):
        frames[name] = frames[name][frames[name]["year"] == base_year].reset_index(drop=True)
    baseline = baseline_of(replace(ledgers, frames=frames), base_year, 3)
    assert baseline.demand.history.empty
    assert "没有历年净吸纳" in baseline.demand.source
    assert (baseline.buildings["take_up"] == 1).all()
    assert baseline.growth.drift.tolist() == [0, 0, 0]
    # Who leaves is made good, so the district stays about as full as it is.
    occupied = make_tape(baseline, 250).baseline_courses.occupied_sqm.sum(axis=1).mean(axis=0)
    np.testing.assert_allclose(occupied, baseline.buildings["occupied_area_sqm"].sum(), rtol=0.03)


def test_the_seven_columns_of_the_readme_are_enough(tmp_path) -> None:
    head = "楼宇名称,街道,建筑面积,可租售面积,入驻率,企业户数,税收\n"
    rows = "甲大厦,南街,20000,15000,80%,40,12000000\n乙大厦,北街,10000,8000,90%,20,3000000\n"
    (tmp_path / "楼宇台账.csv").write_text(head + rows, encoding="utf-8")
    baseline = baseline_of(read_ledgers(tmp_path, 2020), 2020, 3)
    assert baseline.buildings["occupied_area_sqm"].tolist() == pytest.approx([7_200, 12_000])
    assert baseline.demand.lettings_sqm == pytest.approx(19_200 * EXIT_RATE)
    courses = make_tape(baseline, 250).baseline_courses
    assert (courses.occupied_sqm <= courses.rentable_sqm + 1e-6).all()
    # Nothing tells of growth: who pays goes on paying, newcomers bring a little.
    np.testing.assert_allclose(courses.tax_yuan.sum(axis=1).mean(axis=0), 1.5e7, rtol=0.1)


def test_new_space_in_a_district_of_one_young_building_pays_what_newcomers_pay(ledgers, base_year) -> None:
    one = sorted(ledgers["buildings"]["building_id"])[0]
    frames = {
        name: frame[frame["building_id"] == one] for name, frame in ledgers.frames.items() if name != "taxes"
    }
    homes = frames["tenancies"]["enterprise_id"]
    taxes = ledgers["taxes"][ledgers["taxes"]["enterprise_id"].isin(homes)]
    # Its tenants pay four times as much every year.
    factor = 4.0 ** (taxes["year"].astype("int64") - base_year)
    frames["taxes"] = taxes.assign(tax_yuan=taxes["tax_yuan"] * factor)
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    baseline = baseline_of(replace(ledgers, frames=frames), base_year, 3)
    assert len(baseline.buildings) == 1
    opened = Scenario("", "", "", "", "", {"new_supply_sqm": (Clause(5e4, (base_year + 1,)),)})
    made = make_tape(baseline, 500).run(opened)
    new = made.tax_yuan[:, 1:].sum(axis=1).mean(axis=0) / made.occupied_sqm[:, 1:].sum(axis=1).mean(axis=0)
    # Newcomers' ㎡ by the district's growth of at most 0.15 a year, its mean lifted by chance of the common
    # shock (0.2 a year, drift unsure by 0.1: e^0.12), movers of the old building in the mean of both.
    most = max(baseline.entrants.yield_yuan_sqm, baseline.mean_yield_yuan_sqm) * np.exp(0.45 + 0.12)
    assert new[-1] < most
