"""The hazard of exit: tenant-years by hand, planted sectors recovered, too little refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.exits.hazard import ExitModel, fit_exits
from louyu_lab.analysis.vacancy.exits.hazard_table import exit_hazard
from louyu_lab.analysis.vacancy.exits.spells import SPELL_COLUMNS, Spells
from louyu_lab.analysis.vacancy.exits.tenant_years import tenant_years
from louyu_lab.ledgers.demo.planted.truth import Truth
from louyu_lab.ledgers.model import typed_frame


def spells(frame: pd.DataFrame) -> Spells:
    defaults = {"enterprise": "某公司", "moved_on": False, "entry_years": 0.0, "duration_years": 1.0}
    frame = frame.assign(**{name: value for name, value in defaults.items() if name not in frame})
    return Spells(frame[list(SPELL_COLUMNS)], 2016, 2020)


def made(n: int, rng: np.random.Generator, buildings: int = 30) -> tuple[Spells, pd.DataFrame]:
    """Five years from 2016; 商贸 leaves with 20 % a year, 金融 with 5 %, whatever the building."""
    sector = np.where(rng.random(n) < 0.5, "商贸", "金融")
    lasts = rng.geometric(np.where(sector == "商贸", 0.20, 0.05))
    ids = [f"B{at:02d}" for at in range(buildings)]
    frame = pd.DataFrame(
        {
            "enterprise_id": [f"e{at}" for at in range(n)],
            "building_id": rng.choice(ids, n),
            "sector": sector,
            "area_sqm": rng.choice([50.0, 200.0], n),
            "start": pd.Timestamp(2015, 12, 1) - pd.to_timedelta(rng.integers(0, 4000, n), unit="D"),
            "event": lasts <= 5,
            "first_year": 2016,
            "last_year": 2015 + np.minimum(lasts, 5),
        }
    )
    stock = pd.DataFrame({"building_id": ids, "grade": ["甲级", "乙级"] * (buildings // 2)})
    stock["owners"] = rng.integers(1, 200, buildings)
    return spells(frame), typed_frame("buildings", stock)


def test_tenant_years_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "enterprise_id": ["leaves", "stays", "passes"],
            "building_id": "A",
            "sector": "商贸",
            "area_sqm": 10.0,
            "start": pd.to_datetime(["2014-01-01", "2018-12-31", "2017-02-01"]),
            "event": [True, False, True],
            "first_year": [2016, 2019, 2018],
            "last_year": [2018, 2020, 2017],
        }
    )
    rows = tenant_years(spells(frame))
    # Who came and went within 2017 began no year.
    assert rows["enterprise_id"].tolist() == ["leaves"] * 3 + ["stays"] * 2
    assert rows["year"].tolist() == [2016, 2017, 2018, 2019, 2020]
    assert rows["is_exit"].tolist() == [0.0, 0.0, 1.0, 0.0, 0.0]
    # 1 January 2014 to 2016: 730 days; 31 December 2018 to 1 January 2019: one.
    assert rows["years_in"].iloc[[0, 3]].tolist() == pytest.approx([730 / 365.25, 1 / 365.25])


def test_a_planted_difference_of_sectors_is_found() -> None:
    model = fit_exits(*made(3000, np.random.default_rng(4)))
    table = exit_hazard(model).set_index(["driver", "level"])
    shop, finance = table.loc[("行业", "商贸")], table.loc[("行业", "金融")]
    # About 5,000 and 6,800 tenant-years: standard errors 0.57 and 0.26 points; of the difference 0.63.
    assert shop["exit_rate"] == pytest.approx(0.20, abs=0.02)
    assert finance["exit_rate"] == pytest.approx(0.05, abs=0.01)
    # 金融, with more tenant-years, is what the others are held against.
    assert finance["is_reference"]
    assert shop["effect_pp"] == pytest.approx(15.0, abs=2.0)
    assert shop["lo_pp"] > 10
    # What makes no difference: half the levels' 90 % intervals would have to miss for three of four to.
    other = table[table.index.get_level_values("driver") != "行业"].dropna(subset=["effect_pp"])
    assert ((other["lo_pp"] <= 0) & (other["hi_pp"] >= 0)).mean() > 0.5
    assert set(model.drivers) == {"sector", "size", "grade", "log2_owners", "tenure", "exit_year"}
    assert model.years == ["2016", "2017", "2018", "2019", "2020"]


def test_planted_district(district: tuple[StudyYear, Truth], known: tuple[ExitModel, pd.DataFrame]) -> None:
    truth, table = district[1], exit_hazard(known[0])
    sectors = table[table["driver"] == "行业"].set_index("level")
    rates = pd.Series(truth.summary["exits"]["expected_per_hundred_years_by_sector"]) / 100
    named = [name for name in sectors.index if name in rates]
    assert len(named) >= 8
    wanted = -np.expm1(-rates[named])
    se = np.sqrt(wanted * (1 - wanted) / sectors.loc[named, "tenant_years"])
    # Binomial standard errors a sector, half as much again for what buildings and years have in common.
    assert (np.abs(sectors.loc[named, "exit_rate"] - wanted) < 3 * 1.5 * se).all()
    effects = sectors.loc[named, "effect_pp"].dropna()
    reference = sectors.index[sectors["is_reference"]][0]
    assert np.corrcoef(effects, wanted[effects.index] - wanted[reference])[0, 1] > 0.8


def test_traits_of_too_few_buildings_are_left_out() -> None:
    told, stock = made(1500, np.random.default_rng(5))
    stock["owners"] = stock["owners"].mask(stock.index < 12)
    model = fit_exits(told, stock.assign(grade="甲级"))
    assert "log2_owners" not in model.drivers
    assert any("产权户数" in reason for reason in model.left_out)
    assert "sector" in model.drivers


def test_one_grade_in_several_spellings_is_one_level() -> None:
    told, stock = made(1500, np.random.default_rng(5))
    other = stock.assign(grade=stock["grade"].where(stock.index < 12, stock["grade"].replace("甲级", "Ａ级")))
    assert not other["grade"].equals(stock["grade"])
    one, same = (exit_hazard(fit_exits(told, buildings)) for buildings in (stock, other))
    pd.testing.assert_frame_equal(one, same)


def test_tenure_that_goes_with_the_year_is_left_out() -> None:
    told, stock = made(1500, np.random.default_rng(5))
    same = Spells(told.frame.assign(start=pd.Timestamp(2015, 6, 1)), told.since, told.until)
    model = fit_exits(same, stock)
    assert model.fit is not None
    assert set(model.drivers) == {"sector", "size", "grade", "log2_owners", "exit_year"}
    assert any("入驻年限没有用上" in reason for reason in model.left_out)


def test_too_little_is_refused() -> None:
    told, stock = made(40, np.random.default_rng(6), buildings=2)
    few = Spells(told.frame.assign(event=False), told.since, told.until)
    model = fit_exits(few, stock)
    assert model.fit is None
    assert "不足 10 户" in model.refused
    assert not len(exit_hazard(model))
    refused = fit_exits(Spells(told.frame.iloc[:0], refused="没有迁出日期"), stock)
    assert (refused.fit, refused.refused) == (None, "没有迁出日期")
    assert refused.years == []
    one_building = Spells(told.frame.assign(building_id="B00"), told.since, told.until)
    assert fit_exits(one_building, stock).refused


def test_nothing_fitted_prints_nothing() -> None:
    assert not len(exit_hazard(ExitModel(pd.DataFrame())))
