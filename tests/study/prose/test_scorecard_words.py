"""The sentences on scorecards, thresholds and low-yield tenants agree with the tables beside them."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.scorecards.files import ScorecardError, Scorecards, packaged_scorecards
from louyu_lab.study.prose import scorecards as prose

CARDS = packaged_scorecards()


def test_whose_scorecards_they_are() -> None:
    assert prose.source_words(CARDS) == (
        "台账文件夹里没有 scorecards，用随程序附带的 5 份示例；示例只作参照，不是本区的办法。"
    )
    refused = (ScorecardError("乙.yaml", ["缺 name（名称）"]),)
    own = Scorecards(CARDS.cards[:1], refused)
    assert prose.source_words(own) == (
        "用台账文件夹 scorecards 里的 1 份评价办法，其中 1 份标明是示例。评价办法 乙.yaml 没有使用：缺 name（名称）。"
    )


def test_no_scorecard_that_can_be_used() -> None:
    refused = (ScorecardError("乙.yaml", ["缺 name（名称）"]),)
    assert prose.source_words(Scorecards((), refused)).startswith(
        "台账文件夹 scorecards 里的 1 份评价办法都有误，评价从略。评价办法 乙.yaml 没有使用："
    )


def test_results_of_each_card() -> None:
    row = {"scorecard": "甲", "buildings": 10, "passing": 3, "near": 2, "unknown": 1}
    assert prose.result_words(pd.DataFrame([row])) == (
        "甲：适用 10 幢，达到必备条件 3 幢，2 幢只差一条且差距不到一成，1 幢有数据待补、还不能判定。"
    )
    assert prose.result_words(pd.DataFrame([{**row, "buildings": 0}])) == "没有适用的楼宇，评价从略。"
    assert prose.result_words(pd.DataFrame(columns=list(row))) == "没有可用的评价办法。"


def test_who_is_nearest() -> None:
    results = pd.DataFrame({
        "scorecard": "甲", "building_id": list("abcd"), "building": ["甲楼", None, "丙楼", "丁楼"],
        "passes": ["否", "否", "是", "否"], "unmet": [1, 1, 0, 2], "unknown": 0,
        "worst_gap_rate": [0.2, 0.1, None, 0.05], "shortfall": ["税收差 9 万元", "入驻率差 7 个百分点", "", "x"],
    })  # fmt: skip
    assert prose.near_words(results) == [
        "甲只差一条、差得最少的：b，入驻率差 7 个百分点；甲楼，税收差 9 万元。"
    ]
    assert prose.near_words(results.iloc[2:]) == []


def test_concentration_that_chance_would_give() -> None:
    results = pd.DataFrame({"scorecard": "甲", "building_id": ["a", "b", "c"], "passes": "是"})
    conditions = pd.DataFrame({"scorecard": ["甲"], "requirement": ["集聚度（按户数）不低于 70%"]})
    measures = pd.DataFrame({"is_above_chance": ["是", "否", None]}, index=["a", "b", "c"], dtype="str")
    assert prose.chance_words(results, conditions, measures) == (
        "凭集聚度达标的 3 幢中，1 幢按户数并不明显高于随机，1 幢看不出是否高于随机。认定时宜再看面积和主业。"
    )
    assert prose.chance_words(results.iloc[:1], conditions, measures) == ""
    assert prose.chance_words(results, conditions.assign(requirement="税收"), measures) == ""


def test_how_firm_the_ranks_are() -> None:
    table = pd.DataFrame(
        {"scorecard": "甲", "lo90_rank": [1, 1, 2], "hi90_rank": [1, 4, 8], "p_grade": [0.9, 0.6, None]}
    )
    assert prose.robustness_words(table) == (
        "甲参评 3 幢：权重上下浮动，一半楼宇的名次范围不宽于 3 位；"
        "满足必备条件的 2 幢中，1 幢换组相近的权重，等级有两成以上的可能会降。"
    )


def test_lines_of_entry() -> None:
    table = pd.DataFrame({
        "industry": ["商贸", "金融", "教育", "建筑", "商贸"], "grade": [*["全部等级"] * 4, "甲级"],
        "status": ["可用", "可用", "公益类不设", "样本不足", "可用"], "tenants": [1200, 20, 5, 4, 600],
        "p50_yuan_sqm": [50.0, 1384.4, None, None, 999.0], "pass_p50_rate": [0.281, 0.5, None, None, 0.2],
    })  # fmt: skip
    assert prose.threshold_words(table) == (
        "2 个行业有 10 家以上可比的纳税企业，1 个样本不足，不给数，1 个以公益为主，不设门槛。"
        "单位面积税收的中位数最高的是金融（1,384 元/㎡），最低的是商贸（50 元/㎡）。"
        "以中位数为线，商贸在驻 1,200 家中 28.1% 达得到（没有税收的和新入驻的都算在分母里）。"
    )
    assert prose.threshold_words(table.iloc[2:4]).startswith("没有一个行业有 10 家以上")


def test_low_yield() -> None:
    table = pd.DataFrame({
        "finding": ["无经常性税收", "低于分位线"], "area_sqm": [600.0, 900.0], "gain_yuan": [2e5, 1e5],
        "is_repeated": pd.array([True, pd.NA], dtype="boolean"),
    })  # fmt: skip
    left_out = pd.DataFrame({"outcome": ["税收不明"], "firms": [30]})
    said = prose.low_yield_words(table, left_out)
    assert said.startswith(
        "2 家企业的单位面积税收低于同行业、同等级楼宇纳税企业的 25% 分位，占用 0.1 万㎡，其中 1 家没有经常性税收。"
        "上年也低的 1 家，宜先核查。若这些面积都按同组中位数纳税，一年最多可增 30 万元；这是上限"
    )
    assert prose.low_yield_words(table.iloc[:0], left_out) == (
        "没有企业列入腾笼换鸟清单；最多的情形是“税收不明”（30 家）。"
    )
    assert "从略" in prose.low_yield_words(table.iloc[:0], left_out.iloc[:0])
