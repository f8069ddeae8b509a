"""The indicators of single buildings, worked out by hand and against the district's own indicators."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.indicators import evaluate, populations
from louyu_lab.analysis.industry.scorecards.catalogue import building_indicators
from louyu_lab.analysis.industry.scorecards.measures import building_measures, by_building
from louyu_lab.analysis.study_year import StudyYear

from .conftest import NO, buildings_frame, district


@pytest.fixture(scope="module")
def measures(study: StudyYear) -> pd.DataFrame:
    return building_measures(study)


def test_worked_by_hand(measures: pd.DataFrame) -> None:
    assert list(measures.index) == ["A", "B", "C", "D"]
    a = measures.loc["A"]
    # 7000 of 10000 ㎡; 2 of 3 registered; 3 of 3 taxed here; 2 of 3 in finance; 200 of 400 ㎡ (tie: 商贸 stands
    # first); all tax from finance; 1000 against 600 万元; 1 HQ of 3; 1000万 ÷ 20000 ㎡.
    expected = {
        "occupancy_rate": 0.7,
        "registration_rate": 2 / 3,
        "tax_landing_rate": 1.0,
        "taxpayer_rate": 2 / 3,
        "concentration_firms": 2 / 3,
        "concentration_area": 0.5,
        "concentration_tax": 1.0,
        "tax_yuan": 1e7,
        "tax_growth_rate": 1000 / 600 - 1,
        "top1_rate": 0.6,
        "hq_firms": 1.0,
        "hq_rate": 1 / 3,
        "tax_per_sqm_yuan": 500.0,
        "parking_per_100sqm": 0.5,
        "sqm_per_lift": 4000.0,
        "age_years": 20.0,
    }
    for code, value in expected.items():
        assert a[code] == pytest.approx(value), code
    assert (a["dominant_industry"], a["grade"], a["has_party_org"]) == ("金融", "甲级", "是")
    # Another spelling of the grade is the same grade.
    assert measures.loc["B", "grade"] == "甲级"
    assert measures.loc["B", "has_party_org"] == "否"


def test_what_nobody_told_is_missing_and_not_zero(measures: pd.DataFrame) -> None:
    c, d = measures.loc["C"], measures.loc["D"]
    for code in ("registration_rate", "tax_landing_rate", "hq_firms", "grade", "has_party_org"):
        assert pd.isna(c[code]), code
    # No occupancy is reported of C: the 80 ㎡ of its tenant stand in.
    assert c["occupancy_rate"] == pytest.approx(80 / 4000)
    # Nobody is listed in D: its firms are unknown, not none.
    for code in ("firms", "tax_yuan", "concentration_firms", "gross_area_sqm", "parking_per_100sqm"):
        assert pd.isna(d[code]), code
    assert d["age_years"] == 30


def test_one_definition_of_every_indicator(study: StudyYear, measures: pd.DataFrame) -> None:
    """A single building's value is what the district's indicator gives for that building alone."""
    found = populations(study.ledgers, [2020], study.mixes)
    checked = 0
    for code, indicator in building_indicators().items():
        if not indicator.catalogue or indicator_catalogue()[indicator.catalogue].requires:
            continue
        spec = indicator_catalogue()[indicator.catalogue]
        population = found[spec.of]
        for building in measures.index:
            row = evaluate(spec, population[population["building_id"] == building], 2020)
            value = row["value"] if row else math.nan
            assert measures.loc[building, code] == pytest.approx(value, nan_ok=True), (code, building)
            checked += 1
    assert checked >= 40


def test_by_building_keeps_to_rows_that_know_both() -> None:
    spec = indicator_catalogue()["occupancy_rate"]
    rows = pd.DataFrame(
        {
            "building_id": ["A", "A", "B"],
            "occupied_area_sqm": [50.0, 30.0, None],
            "rentable_area_sqm": [100.0, None, 9],
        }
    )
    assert by_building(spec, rows).to_dict() == {"A": 0.5}


def test_poor_data() -> None:
    nobody = building_measures(StudyYear(district(), 2020))
    assert nobody.empty
    assert list(nobody.columns) == list(building_indicators())
    alone = building_measures(StudyYear(district(buildings=buildings_frame().iloc[:1]), 2020))
    assert alone.loc["A", "gross_area_sqm"] == 20000
    assert alone[["tax_yuan", "firms", "occupancy_rate", "concentration_firms"]].isna().all(axis=None)


def crowd(**industries: tuple[str, int]) -> StudyYear:
    """A district of the buildings named, each with so many firms of an industry code."""
    stays = [
        {"enterprise_id": f"{building}{code}{at}", "building_id": building, "industry_code": code}
        for building, parts in industries.items()
        for code, count in zip(parts[::2], parts[1::2], strict=True)
        for at in range(count)
    ]
    stays = pd.DataFrame(stays).assign(move_in_date=pd.Timestamp("2010-01-01"))
    return StudyYear(district(buildings=buildings_frame().iloc[: len(industries)], tenancies=stays), 2020)


@pytest.mark.parametrize(
    ("industries", "answers"),
    [
        # Two buildings of one industry each: as far from chance as can be. C is too small to tell.
        (
            {"A": ("6600", 30), "B": ("5100", 30), "C": ("5100", 3)},
            ["是", "是", None],
        ),
        # Equal halves of both: chance can vary, and does no worse.
        ({"A": ("6600", 10, "5100", 10), "B": ("6600", 10, "5100", 10)}, ["否", "否"]),
        # One building, or one industry: every random table is this one.
        ({"A": ("6600", 30, "5100", 10)}, [None]),
        ({"A": ("6600", 30), "B": ("6600", 20)}, [None, None]),
    ],
)
def test_above_chance_where_it_can_be_judged(industries: dict, answers: list[str | None]) -> None:
    found = building_measures(crowd(**industries))["is_above_chance"]
    assert [None if pd.isna(one) else one for one in found] == answers


def test_every_indicator_says_what_it_is() -> None:
    for code, indicator in building_indicators().items():
        assert bool(indicator.unmet) == (indicator.unit == "是/否"), code
        assert indicator.definition, code
        assert indicator.lacking, code
    assert len({indicator.zh for indicator in building_indicators().values()}) == len(building_indicators())
    assert isinstance(NO, pd.DataFrame)
