"""Given codes that the words contradict, or that the standard does not hold."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.industry import classify_enterprises, code_doubts
from louyu_lab.analysis.industry.classification import by_ledger, enterprise_industries, yearly_classes
from louyu_lab.analysis.industry.classification.by_words import read_words
from louyu_lab.analysis.industry.sections import IndustryMap

FIRMS = pd.DataFrame(
    {
        "enterprise": [
            "甲银行支行",
            "乙餐饮有限公司",
            "丙软件有限公司",
            "丁商贸有限公司",
            "戊",
            "己物业有限公司",
        ],
        "business_scope": ["存款、贷款", "餐饮服务", "软件开发", "五金销售", "其他", "物业管理"],
        "industry_code": ["6621", "5211", "7320", "9988", "6513", None],
    },
    index=list("abcdef"),
)


def test_only_codes_that_sure_words_contradict_are_doubted() -> None:
    doubts = code_doubts(FIRMS)
    # 5211 is retail, the words say a restaurant; 9988 is no code. 7320 is M where the words say I, but both
    # are 科技 here; 戊 says nothing; 己 has no code.
    assert set(doubts.index) == {"b", "d"}
    assert doubts.loc["b", ["section_by_code", "section_by_words", "reason"]].tolist() == [
        "F",
        "H",
        "与名称、经营范围不符",
    ]
    assert doubts.loc["d", "reason"] == "2017 版国标里没有这个代码"
    assert pd.isna(doubts.loc["d", "section_by_code"])
    assert doubts["confidence"].is_monotonic_decreasing


def test_words_of_two_minds_contradict_no_code() -> None:
    firm = pd.DataFrame(
        {"enterprise": ["甲有限公司"], "business_scope": ["餐饮服务；软件开发"], "industry_code": ["5211"]}
    )
    read = classify_enterprises(firm.drop(columns="industry_code")).iloc[0]
    assert read["section"] != "F" and 0.5 < read["confidence"] < 0.9
    assert code_doubts(firm).empty


def test_a_class_that_does_not_exist_is_told_though_its_division_does() -> None:
    # 6510 was software in the edition of 2011; in 2017 it is 6511, 6512, 6513 and 6519.
    firm = FIRMS.loc[["c"]].assign(industry_code="6510")
    assert code_doubts(firm)["reason"].tolist() == ["2017 版国标里没有这个代码"]
    # The section is known all the same and the code still counts.
    assert classify_enterprises(firm)["source"].tolist() == ["行业代码"]
    # Where the words contradict even the section, that is what there is to ask.
    other = FIRMS.loc[["b"]].assign(industry_code="6510")
    assert code_doubts(other)["reason"].tolist() == ["与名称、经营范围不符"]


def test_a_code_with_its_name_behind_is_that_code() -> None:
    written = FIRMS.loc[["c"] * 4].assign(
        industry_code=["6513应用软件开发", "I65 软件业", "6513－软件", "I6513.0"]
    )
    assert classify_enterprises(written)["division"].tolist() == ["65"] * 4
    assert code_doubts(written).empty
    assert code_doubts(FIRMS.loc[["c"]].assign(industry_code="T恤")).shape[0] == 1


def test_without_codes_nothing_is_doubted() -> None:
    assert code_doubts(FIRMS.drop(columns="industry_code")).empty
    assert code_doubts(FIRMS.iloc[:0]).empty


def test_an_enterprise_has_one_industry_told_by_its_latest_words() -> None:
    rows = pd.DataFrame(
        {
            "enterprise_id": ["A", "A", "B", "B", "C"],
            "year": [2019, 2020, 2019, 2020, 2020],
            "enterprise": ["甲餐饮有限公司", "甲软件有限公司", "乙物业有限公司", "乙", None],
            "industry": [None] * 5,
            "industry_code": [None, None, "K", None, None],
            "business_scope": [None] * 5,
        }
    ).astype({"industry": "str", "industry_code": "str", "business_scope": "str"})
    # B's latest row leaves the code open: the year before tells it.
    assert enterprise_industries(rows).to_dict() == {"A": "科技", "B": "房地产", "C": "未识别"}
    shuffled = rows.sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(enterprise_industries(shuffled), enterprise_industries(rows))


def test_in_a_year_its_own_words_tell_then_earlier_then_later_ones() -> None:
    rows = pd.DataFrame(
        {
            "enterprise_id": ["A"] * 5 + ["B", None],
            "year": [2016, 2017, 2018, 2019, 2019, 2019, 2019],
            "industry_code": [None, "7010", None, "6513", None, None, "6513"],
        }
    )
    # 2016 has only what comes after, 2018 takes what was before; both rows of 2019 are one enterprise.
    wanted = ["房地产", "房地产", "房地产", "科技", "科技", "未识别", "未识别"]
    rows["wanted"] = wanted
    full = rows.reindex(columns=[*rows.columns, "industry", "business_scope", "enterprise"])
    full = full.astype(
        {"industry_code": "str", "industry": "str", "business_scope": "str", "enterprise": "str"}
    )
    shuffled = full.sample(frac=1, random_state=1)
    assert yearly_classes(shuffled)["industry"].tolist() == shuffled["wanted"].tolist()
    assert len(yearly_classes(full.iloc[:0])) == 0


def test_the_same_words_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def counted(firms: pd.DataFrame, industries: IndustryMap) -> pd.DataFrame:
        seen.append(len(firms))
        return read_words(firms, industries)

    monkeypatch.setattr(by_ledger, "read_words", counted)
    rows = pd.DataFrame({"enterprise": ["甲软件有限公司", "乙餐饮有限公司"] * 50}, index=range(100, 200))
    found = classify_enterprises(rows)
    assert seen == [2]
    assert found["industry"].tolist() == ["科技", "住宿餐饮"] * 50
    assert found.index.equals(rows.index)
