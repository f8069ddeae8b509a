"""The sentences of whom to invite agree with the tables beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.targets.opportunities import Opportunities
from louyu_lab.analysis.industry.targets.prospects import Prospects
from louyu_lab.study.prose import target_industries as prose


def targets() -> pd.DataFrame:
    frame = pd.DataFrame({"building_id": ["A", "A", "B", "B"], "rank": [1, 2, 1, 2]})
    return frame.assign(
        industry=["商贸", "科技", "商贸", "金融"],
        kind=["强链", "补链", "强链", "强链"],
        vacant_area_sqm=[2e5, 2e5, 1e5, 1e5],
    )


def test_targets_and_who_is_left_out() -> None:
    said = prose.target_words(targets(), {"full": 3, "open": 2, "unknown": 1})
    assert said == (
        "列出目标行业的楼宇 2 幢，首选行业为商贸（2 幢）。1 幢的目标中有楼里还没有的行业。"
        "其中 1 幢不知空置多少，排在最后。3 幢没有可招商的空置面积，不列。"
    )
    for full, space, said in (
        (4, 0, "4 幢楼都没有可招商的空置面积"),
        (1, 2, "没有一家企业认得出行业"),
        (0, 0, "没有一幢楼可列"),
    ):
        assert prose.target_words(targets().iloc[:0], {"full": full, "open": space}).startswith(said)


def test_expected_tax_adds_first_choices_only_or_says_what_is_lacking() -> None:
    tax = pd.Series({"商贸": 20.0, "科技": 9e9})
    known = Prospects(tax, 0.5, 0.8, tax / 10, pd.DataFrame({"商贸": [10.0, 30.0]}), of_newcomers=True)
    said = prose.expected_tax_words(targets(), known)
    # 300,000 ㎡ × 0.5 × 20 元 × 0.8; the second choices are alternatives. 2.5 % of the way from 120 to 360 is 126.
    assert "一年合计约 240 万元（95%区间 126 万元—354 万元）；若来的都是中位企业，约 24 万元。" in said
    assert "（近 5 年新来、已满一年的企业税收合计 ÷ 面积合计，不含一次性）× 本区纳税面积占比 80.0%" in said
    everybody = prose.expected_tax_words(targets(), Prospects(tax, 0.5, 0.8))
    assert "（全部在驻企业税收合计" in everybody and "老户使估计偏高" in everybody
    assert "一年合计约 240 万元。" in everybody
    unknown = Prospects(pd.Series(dtype="float64"), np.nan, np.nan)
    assert prose.expected_tax_words(targets(), unknown) == (
        "预期税收从略：没有一个行业有 10 户以上同时知道面积和税收的企业；缺连续两年的入驻面积，算不出消化率；企业台账没有填纳税地或区内注册。"
    )


def test_directions() -> None:
    rows = pd.DataFrame({"building_id": ["A", "A", "B"], "building": ["甲楼", "甲楼", None]})
    rows = rows.assign(kind=["强链", "补链", "强链"], industry=["金融", "教育", "文化"], lift=[3.0, 1.0, 5.0])
    told = {"open": 3, "large": 2}
    assert prose.direction_words(rows, told) == (
        "特色最明显的是B的文化（约为全区的 5.0 倍）、甲楼的金融（约为全区的 3.0 倍）。补链方向（低于全区占比的行业中预期新入驻最多的）：教育（1 幢）。"
    )
    none = rows.iloc[:0]
    assert prose.direction_words(none, {"open": 0, "large": 0}) == ""
    assert prose.direction_words(none, {"open": 3, "large": 0}).startswith("没有一幢楼有 5 家以上")
    assert prose.direction_words(none, told).startswith("各楼的行业构成与全区相近")


def spaces() -> pd.DataFrame:
    return pd.DataFrame(
        {"space_id": ["X", "Y", "Z"], "area_sqm": [500.0, 20000.0, 300.0], "blocked": ["", "", "司法查封"]}
    )


def test_opportunities_count_both_sides() -> None:
    table = pd.DataFrame({"project_id": ["甲"], "space_id": ["X"], "is_assigned": [True]})
    table = table.assign(needed_area_sqm=450.0, area_sqm=500.0)
    unmatched = pd.DataFrame({"reason": ["没有面积相当的空间"]})
    said = prose.opportunity_words(Opportunities(table, unmatched, 2, 1, 3, 0, spaces()))
    assert said == (
        "项目库在谈 2 个项目，可用空间 2 处；1 个项目有合适的空间。一处只给一个项目，可同时落位 1 个，用去 450㎡。"
        "1 个项目没有：没有面积相当的空间 1 个。1 处空间没有进入任何项目的备选（2.0 万㎡）。不列入的空间：司法查封 1 处（300㎡）。"
        "项目库中另有 1 个已落地、3 个已终止，不再匹配。"
    )
    none = Opportunities(table.iloc[:0], unmatched.iloc[:0], 0, 4, 0, 0, spaces())
    assert prose.opportunity_words(none) == "项目库没有在谈的项目（4 个已落地），机会清单从略。"


def test_two_ledgers_that_disagree_are_told() -> None:
    rows = pd.DataFrame(
        {"building_id": ["A"], "building": ["甲楼"], "offered_sqm": [500.0], "marketable_sqm": [300.0]}
    )
    assert prose.over_listed_words(rows) == (
        "1 幢楼在闲置台账里列出的可用面积多于运营台账的可招商空置，共多 200㎡："
        "甲楼（列出 500㎡，可招商空置 300㎡）。两本台账不一致，清单照闲置台账列，请核对。"
    )
    assert prose.over_listed_words(rows.iloc[:0]) == ""


def test_funnel_and_incubators() -> None:
    funnel = pd.DataFrame({"stage": ["意向", "协议", "终止"], "projects": [5, 5, 2]})
    funnel = funnel.assign(conversion_rate=[np.nan, 0.5, np.nan], lo=0.2, hi=0.8)
    assert prose.funnel_words(funnel) == (
        "项目库 12 个项目（终止 2 个未计入漏斗）。转化率：意向到协议 50.0%（20.0%—80.0%）。流失的项目多半已不在库里，真实转化率只会更低。"
    )
    assert "漏斗从略" in prose.funnel_words(funnel.iloc[:0])
    table = pd.DataFrame(
        {"group": ["全部孵化载体", "众创空间", "其他楼宇"], "building_id": [None, "H", None]}
    )
    table = table.assign(
        spells=[20, 20, 50], exits=[10, 10, 5], graduates=[5, 5, 1], graduation_rate=[0.5, 0.5, 0.2]
    )
    table = table.assign(rate_12=[0.9, 0.9, 0.95], rate_24=np.nan, rate_36=np.nan)
    assert prose.incubator_words(table) == (
        "孵化载体 1 处，观察到 20 段入驻。仍在的比例：12 个月 90.0%（其他楼宇 95.0%）。"
        "迁出 10 家，其中 5 家迁往区内其他楼宇（毕业率 50.0%，其他楼宇 20.0%）。"
    )
    assert "孵化情况从略" in prose.incubator_words(table.iloc[:0])
