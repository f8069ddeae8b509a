"""A district's own industries reach every place where an industry is told."""

from __future__ import annotations

import dataclasses

import pandas as pd

from louyu_lab.analysis.industry.decisions import industry_code
from louyu_lab.analysis.industry.sections import industry_map_of
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.exits.spells import sectors_of
from louyu_lab.ledgers.model import Ledgers, industry_frame, typed_frame
from louyu_lab.run.returns.doubtful_industries import doubtful_industries

OWN = industry_frame(
    [
        {"industry": "数字经济", "kind": "name", "value": ""},
        {"industry": "数字经济", "kind": "code", "value": "65"},
        {"industry": "数字经济", "kind": "alias", "value": "数字产业"},
        {"industry": "其余", "kind": "name", "value": ""},
        {"industry": "其余", "kind": "other", "value": ""},
    ]
)


def district() -> Ledgers:
    stays = pd.DataFrame(
        {
            "enterprise": ["甲", "乙", "丙"],
            "enterprise_id": ["A", "B", "C"],
            "building_id": ["L1"] * 3,
            "industry_code": ["6513", None, None],
            "industry": [None, "数字产业", None],
            "business_scope": [None, None, "基础电信业务"],
            "area_sqm": [100.0] * 3,
            "year": [2020] * 3,
        }
    )
    buildings = pd.DataFrame({"building_id": ["L1"], "building": ["甲楼"], "gross_area_sqm": [1e4]})
    none = pd.DataFrame()
    frames = {"tenancies": typed_frame("tenancies", stays), "buildings": typed_frame("buildings", buildings)}
    return Ledgers("某区", frames, none, none, none, industries=OWN)


def test_mix_and_sectors_are_told_in_the_districts_industries() -> None:
    study = StudyYear(district(), 2020)
    mix = study.mixes[2020]
    firms = mix[mix["level"] == "district"].set_index("industry")["firms"]
    # A by its code, B by the district's own wording; C is telecommunications, which the district lists nowhere.
    assert firms.to_dict() == {"数字经济": 2.0, "其余": 1.0}
    assert sectors_of(study.tenants).to_dict() == {"A": "数字经济", "B": "数字经济", "C": "其余"}


def test_without_an_own_map_the_same_firms_are_told_by_the_15() -> None:
    plain = dataclasses.replace(district(), industries=industry_frame())
    assert sectors_of(StudyYear(plain, 2020).tenants).to_dict() == {"A": "科技", "B": "未识别", "C": "科技"}


def test_questions_and_decisions_speak_the_districts_language() -> None:
    ledgers = district()
    frame = ledgers["tenancies"].assign(industry_code=[None, "9988", None])
    asked = doubtful_industries(dataclasses.replace(ledgers, frames={"tenancies": frame}))
    assert set(asked["industry"]) <= {"数字经济", "其余", "未识别"}
    assert industry_code("数字产业", industry_map_of(ledgers)) == "65"
