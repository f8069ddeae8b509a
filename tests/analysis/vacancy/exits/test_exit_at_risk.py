"""Next year's exits: probabilities × amounts by hand, sums over levels, and what happened a year later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.stays import stays_in_years
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.exits.at_risk import exit_at_risk, exit_by_building
from louyu_lab.analysis.vacancy.exits.hazard import ExitModel
from louyu_lab.ledgers.demo.planted.truth import Truth


def test_probabilities_times_amounts(known: tuple[ExitModel, pd.DataFrame]) -> None:
    model, present = known
    table = exit_at_risk(model, present)
    assert len(table) == len(present)
    assert table["exit_rate"].between(0.01, 0.6).all()
    assert (table["expected_area_sqm"] == table["exit_rate"] * table["area_sqm"]).all()
    taxed = table.dropna(subset=["tax_yuan"])
    assert taxed["expected_tax_yuan"].to_numpy() == pytest.approx(taxed["exit_rate"] * taxed["tax_yuan"])
    assert table["expected_tax_yuan"].isna().sum() == present["tax_yuan"].isna().sum() > 0
    assert taxed["expected_tax_yuan"].is_monotonic_decreasing
    # The mean over the years observed, by the model's own prediction for a tenant all of whose traits are known.
    whole = present.dropna(subset=[*model.drivers])
    some = whole[whole["sector"].isin(model.rows["sector"].dropna().unique())].head(50)
    by_year = [model.fit.predict(some.assign(exit_year=year)) for year in model.years]
    rates = table.set_index(["building_id", "enterprise_id"])["exit_rate"]
    wanted = rates.loc[pd.MultiIndex.from_frame(some[["building_id", "enterprise_id"]])]
    assert wanted.to_numpy() == pytest.approx(np.mean(by_year, axis=0), rel=1e-9)


def test_levels_add_up(known: tuple[ExitModel, pd.DataFrame]) -> None:
    model, present = known
    table = exit_by_building(model, present, np.random.default_rng(1), "某区")
    amounts = ["tenants", "expected_exits", "expected_area_sqm", "expected_tax_yuan", "past_exits"]
    sums = table.groupby("level")[amounts].sum()
    for level in ("street", "building"):
        assert sums.loc[level].to_numpy() == pytest.approx(sums.loc["district"].to_numpy(), rel=1e-9)
    risk = exit_at_risk(model, present)
    assert sums.loc["district", "expected_exits"] == pytest.approx(risk["exit_rate"].sum(), rel=1e-9)
    assert (table["lo_exits"] <= table["hi_exits"]).all()
    # The fit reproduces its own total: exits seen equal exits modelled (the score of the intercept).
    whole = table.iloc[0]
    assert whole["past_rate"] == pytest.approx(whole["modelled_rate"], rel=1e-6)
    assert table.loc[table["level"] != "building", "building"].isna().all()
    again = exit_by_building(model, present.iloc[::-1], np.random.default_rng(1), "某区")
    pd.testing.assert_frame_equal(table, again)


def test_the_year_after(district: tuple[StudyYear, Truth], known: tuple[ExitModel, pd.DataFrame]) -> None:
    model, present = known
    table = exit_by_building(model, present, np.random.default_rng(1), "某区")
    after = stays_in_years(district[0].ledgers["tenancies"], [2019])
    key = ["enterprise_id", "building_id"]
    there = pd.MultiIndex.from_frame(after.loc[after["at_year_end"], key])
    left = present[~pd.MultiIndex.from_frame(present[key]).isin(there)]
    whole = table.iloc[0]
    # An 80 % interval: this seed's district lies within, and about four buildings in five do; of 40
    # buildings fewer than 25 has probability 0.4 %.
    assert whole["lo_exits"] <= len(left) <= whole["hi_exits"]
    buildings = table[table["level"] == "building"].set_index("id")
    gone = left.groupby("building_id").size().reindex(buildings.index, fill_value=0)
    assert ((buildings["lo_exits"] <= gone) & (gone <= buildings["hi_exits"])).mean() > 25 / 40


def test_what_the_hazard_does_not_know_stands_at_the_average(known: tuple[ExitModel, pd.DataFrame]) -> None:
    model, present = known
    strange = present.head(3).assign(
        sector="从未见过的行业", grade=pd.NA, log2_owners=np.nan, tenure="早于首份名单"
    )
    assert exit_at_risk(model, strange)["exit_rate"].between(0.01, 0.6).all()


def test_without_a_hazard_there_is_no_list(known: tuple[ExitModel, pd.DataFrame]) -> None:
    model, present = known
    none = ExitModel(model.rows.iloc[:0], refused="没有迁出")
    assert not len(exit_at_risk(none, present))
    assert not len(exit_by_building(none, present, np.random.default_rng(0)))
    assert not len(exit_at_risk(model, present.iloc[:0]))
    assert not len(exit_by_building(model, present.iloc[:0], np.random.default_rng(0)))
