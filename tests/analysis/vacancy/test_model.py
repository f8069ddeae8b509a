"""The one model of a study: what enters, what is said where it cannot be fitted, and that both fits agree."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy import model
from louyu_lab.analysis.vacancy.drivers.problems import DriverError
from louyu_lab.analysis.vacancy.measures import declared_drivers
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame


@pytest.fixture(scope="module")
def planted() -> tuple[Ledgers, int]:
    """A planted district of 60 buildings without tenants: ledgers and last year."""
    plan = PlantedPlan(buildings=60, seed=5)
    district, _ = make_planted(plan)
    buildings = district.frames["buildings"]
    buildings = buildings.assign(since_year=buildings["opened_date"].dt.year)
    frames = {"buildings": typed_frame("buildings", buildings)}
    frames |= {name: typed_frame(name, district.frames[name]) for name in ("occupancy", "policies")}
    return Ledgers(district.name, frames, *[pd.DataFrame()] * 3), plan.last_year


@pytest.fixture(scope="module")
def study(planted: tuple[Ledgers, int]) -> StudyYear:
    return StudyYear(*planted)


@pytest.fixture(scope="module")
def fitted(study: StudyYear) -> model.VacancyModel:
    return model.fit_study(study)


def test_rows_are_the_stable_ones_and_buildings_the_clusters(fitted: model.VacancyModel) -> None:
    stable = fitted.frame[~fitted.frame["is_lease_up"]]
    assert fitted.frame["is_lease_up"].any()
    found = fitted.fit.diagnostics
    assert (found.rows, found.clusters) == (len(stable), stable["building_id"].nunique())
    assert fitted.fit.level == fitted.by_area.level == model.LEVEL
    assert fitted.problems == ()


def test_blanks_are_filled_in_the_frame_and_kept_in_the_raw(fitted: model.VacancyModel) -> None:
    drivers = [name for name in fitted.fit.design.drivers if name != "year"]
    assert fitted.raw[drivers].isna().any(axis=None)
    assert not fitted.frame[drivers].isna().any(axis=None)
    pd.testing.assert_frame_equal(
        fitted.raw[["building_id", "year", "vacancy_rate"]],
        fitted.frame[["building_id", "year", "vacancy_rate"]],
    )
    blank = fitted.blanks.set_index("driver")["blank_buildings"]
    by_building = fitted.raw.groupby("building_id")["owners_log2"].apply(lambda cells: cells.isna().any())
    assert blank["owners_log2"] == by_building.sum() > 0


def test_by_area_weighs_and_the_plain_fit_does_not(fitted: model.VacancyModel) -> None:
    assert fitted.fit.design.drivers == fitted.by_area.design.drivers
    rows = fitted.frame[~fitted.frame["is_lease_up"]]
    # The score of the intercept: means met, each in its own weighting.
    area = rows["marketable_area_sqm"]
    assert fitted.fit.predict(rows).mean() == pytest.approx(rows["vacancy_rate"].mean(), abs=1e-9)
    weighted = np.average(fitted.by_area.predict(rows), weights=area)
    assert weighted == pytest.approx(np.average(rows["vacancy_rate"], weights=area), abs=1e-9)


def test_groups_hold_every_driver_once_and_no_years(fitted: model.VacancyModel) -> None:
    grouped = [name for names in fitted.groups.values() for name in names]
    assert sorted(grouped) == sorted(set(fitted.fit.design.drivers) - {"year"})


def test_effects_carry_the_declared_words(fitted: model.VacancyModel) -> None:
    table = model.driver_effects(fitted)
    numbers = fitted.fit.effects
    assert table["effect_pp"].to_numpy() == pytest.approx(numbers["effect_pp"].to_numpy())
    row = table[table["driver"] == "owners_log2"].iloc[0]
    declared = declared_drivers()["owners_log2"]
    assert (row["name_zh"], row["contrast"], row["group"]) == (declared.zh, declared.contrast, declared.group)
    assert model.driver_effects(replace(fitted, fit=None)).empty


def test_rows_of_a_year(fitted: model.VacancyModel) -> None:
    rows = model.year_rows(fitted.frame, 2019)
    assert set(rows["year"]) == {"2019"} and not rows["is_lease_up"].any()
    assert rows.index.tolist() == list(range(len(rows)))
    assert model.year_rows(fitted.frame, 1990).empty


def test_too_few_buildings_are_no_model(planted: tuple[Ledgers, int]) -> None:
    ledgers, year = planted
    kept = ledgers["buildings"]["building_id"].head(model.FEWEST_BUILDINGS - 1)
    frames = {
        name: ledgers[name][ledgers[name]["building_id"].isin(kept)] for name in ("buildings", "occupancy")
    }
    few = model.fit_study(StudyYear(replace(ledgers, frames=ledgers.frames | frames), year))
    assert few.fit is None and few.by_area is None and few.groups == {}
    assert len(few.problems) == 1 and f"至少要 {model.FEWEST_BUILDINGS} 幢" in few.problems[0]
    assert not few.raw.empty


def test_what_the_fit_cannot_do_is_told_not_raised(study: StudyYear, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **options: object) -> None:
        raise DriverError(["“owners_log2”共线。", "“grade_steps”共线。"])

    monkeypatch.setattr(model, "fit_drivers", refuse)
    found = model.fit_study(study)
    assert found.fit is None and found.problems == ("“产权户数”共线。", "“楼宇等级”共线。")
    assert not found.status["used"].any()
    assert "模型没有估计" in set(found.status["reason"])


def test_what_the_fit_refuses_is_told_in_the_status(
    fitted: model.VacancyModel, study: StudyYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = pd.DataFrame({"driver": ["grade_steps"], "reason": ["“grade_steps”几乎把空置与在用分开。"]})
    aside = replace(fitted.fit, diagnostics=SimpleNamespace(refused=refused, vif=fitted.fit.diagnostics.vif))
    monkeypatch.setattr(model, "fit_drivers", lambda *given, **options: aside)
    status = model.fit_study(study).status.set_index("driver")
    assert not status.loc["grade_steps", "used"]
    assert status.loc["grade_steps", "reason"] == "“楼宇等级”几乎把空置与在用分开。"
    assert status.loc["owners_log2", "used"] and status.loc["owners_log2", "reason"] == ""


def test_a_driver_blank_where_buildings_are_empty_is_refused(
    planted: tuple[Ledgers, int], fitted: model.VacancyModel
) -> None:
    ledgers, year = planted
    rate = fitted.raw.groupby("building_id")["vacancy_rate"].mean()
    emptiest = rate.nlargest(16).index
    buildings = ledgers["buildings"]
    parking = buildings["parking_spaces"].mask(buildings["building_id"].isin(emptiest))
    frames = ledgers.frames | {"buildings": buildings.assign(parking_spaces=parking)}
    status = model.fit_study(StudyYear(replace(ledgers, frames=frames), year)).status
    row = status.set_index("driver").loc["parking_fifths"]
    assert not row["used"] and "空白" in row["reason"]


def test_of_two_drivers_that_overlap_the_later_steps_aside(planted: tuple[Ledgers, int]) -> None:
    """Property grade follows from grade in all but a few buildings, as it does in the demonstration district."""
    ledgers, year = planted
    buildings = ledgers["buildings"].copy()
    best = buildings.index[buildings["grade"] == "超甲级"]
    buildings.loc[best[1:], "grade"] = "甲级"
    steps = {"丙级": "三级", "乙级": "二级", "甲级": "一级", "超甲级": "一级"}
    buildings["property_grade"] = buildings["grade"].map(steps)
    frames = {name: ledgers[name] for name in ("occupancy", "policies")}
    district = Ledgers(ledgers.district, {"buildings": buildings, **frames}, *[pd.DataFrame()] * 3)
    found = model.fit_study(StudyYear(district, year))
    status = found.status.set_index("driver")
    assert status.loc["grade_steps", "used"]
    assert not status.loc["property_grade_steps", "used"]
    assert "与“楼宇等级”重叠严重" in status.loc["property_grade_steps", "reason"]
    assert found.fit.diagnostics.vif["vif"].max() < 10
