"""One definition of an enterprise's industry in a year: mixes, targets, yields, spells and nodes agree."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.industry.mix import tenants_by_industry
from louyu_lab.analysis.industry.scorecards.tenant_yields import tenant_yields
from louyu_lab.analysis.industry.targets.record import entrants
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.exits import tenancy_spells
from louyu_lab.analysis.vacancy.exits.spells import sectors_of
from louyu_lab.ledgers.model import Ledgers, typed_frame

YEARS = (2018, 2019, 2020, 2021)


def ledgers() -> Ledgers:
    """Ten shops from 2018 on, and 30 firms that come as finance in 2019.

    Of the 30, twelve leave within the year and the others are shops in 2020. All are listed as hotels in 2021.
    """
    rows = []
    for at in range(40):
        old, left = at < 10, at >= 28
        for year in YEARS[0 if old else 1 : 2 if left else 4]:
            code = "6110" if year == 2021 else "6620" if year == 2019 and not old else "5199"
            rows.append({"enterprise_id": f"E{at:02}", "enterprise": f"甲{at}公司", "industry_code": code,
                         "building_id": "A", "area_sqm": 10.0, "year": year})  # fmt: skip
    stock = pd.DataFrame({"building_id": ["A"], "building": ["甲楼"], "street": "南街", "since_year": 2000})
    stock = stock.assign(gross_area_sqm=9000.0, rentable_area_sqm=8000.0)
    none = pd.DataFrame()
    frames = {"buildings": stock, "tenancies": pd.DataFrame(rows)}
    return Ledgers(
        "某区", {name: typed_frame(name, frame) for name, frame in frames.items()}, none, none, none
    )


@pytest.fixture(scope="module")
def study() -> StudyYear:
    return StudyYear(ledgers(), 2020)


def test_the_mix_of_a_year_holds_its_entrants_as_what_they_came_as(study: StudyYear) -> None:
    mix = study.mixes[2019]
    firms = mix[mix["level"] == "building"].set_index("industry")["firms"]
    assert firms.to_dict() == {"金融": 30.0, "商贸": 10.0}
    assert entrants(study.tenants, 2019)["industry"].value_counts().to_dict() == {"金融": 30}
    assert tenant_yields(study, 2019)["industry"].value_counts().to_dict() == firms.to_dict()


def test_the_mix_reads_the_column_and_classifies_nothing(
    study: StudyYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = study.tenants
    alone = tenants_by_industry(rows.drop(columns="sector"), study.panel, 2019)
    monkeypatch.setattr("louyu_lab.analysis.industry.mix.yearly_classes", None)
    pd.testing.assert_series_equal(
        tenants_by_industry(rows, study.panel, 2019)["industry"], alone["industry"]
    )


def test_over_the_years_the_latest_counts_and_none_after_the_study(study: StudyYear) -> None:
    wanted = {"商贸": 28, "金融": 12}
    assert sectors_of(study.tenants).value_counts().to_dict() == wanted
    # The order of rows tells nothing.
    assert sectors_of(study.tenants.iloc[::-1]).value_counts().to_dict() == wanted
    spells = tenancy_spells(study.ledgers["tenancies"], study.panel, study.years)
    assert spells.frame["sector"].value_counts().to_dict() == wanted
