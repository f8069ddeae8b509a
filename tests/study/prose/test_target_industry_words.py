"""The sentences of whom to invite agree with the tables beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.targets.opportunities import Opportunities
from louyu_lab.analysis.industry.targets.prospects import Prospects
from louyu_lab.study.prose import target_industries as prose

NAMES = ["相近楼宇", "本楼构成", "全区构成", "产业关联"]


def record(*recalls: float) -> pd.DataFrame:
    rows = pd.DataFrame({"recommender": NAMES, "recall": recalls, "n": 1200, "lo": 0.7, "hi": 0.9})
    new = rows.assign(entrants="新行业入驻（只荐新行业）", n=30, recall=0.5)
    return pd.concat([rows.assign(entrants="全部新入驻"), new]).assign(year="合计")


def test_record_names_the_winner_even_where_it_is_another() -> None:
    said = prose.record_words(record(0.8, 0.75, 0.7, 0.2))
    assert "1,200 家次新入驻企业中，“相近楼宇”猜中 80.0%（95%区间 70.0%—90.0%），“本楼构成” 75.0%" in said
    assert "30 家次的行业是楼里原来没有的；只从没有的行业里荐三个，能猜中 50.0%" in said
    assert "最准，但仍采用" not in said
    assert "80.0%（楼宇太少，不作区间）" in prose.record_words(record(0.8, 0.75, 0.7, 0.2).assign(lo=np.nan))
    assert "本区历年以“全区构成”最准，但仍采用“相近楼宇”" in prose.record_words(record(0.8, 0.75, 0.85, 0.2))
    assert "无从回测" in prose.record_words(record(0.8, 0.75, 0.7, 0.2).iloc[:0])


def targets() -> pd.DataFrame:
    frame = pd.DataFrame({"building_id": ["A", "A", "B", "B"], "rank": [1, 2, 1, 2]})
    return frame.assign(
        industry=["商贸", "科技", "商贸", "金融"],
        kind=["强链", "补链", "强链", "强链"],
        expected_tax_yuan=[2e6, 9e6, 1e6, 9e6],
    )


def test_targets_and_who_is_left_out() -> None:
    said = prose.target_words(targets(), {"full": 3, "unknown": 1})
    assert said == (
        "列出目标行业的楼宇 2 幢，首选行业为商贸（2 幢）。1 幢的三个目标中有楼里还没有的行业。"
        "其中 1 幢不知空置多少，排在最后。3 幢没有可招商的空置面积，不列。"
    )
    assert prose.target_words(targets().iloc[:0], {"full": 0, "unknown": 0}).startswith("没有可列的目标行业")


def test_expected_tax_adds_first_choices_only_or_says_what_is_lacking() -> None:
    known = Prospects(pd.Series({"商贸": 20.0}), 0.14, 0.96)
    # 2 + 1 million; the second choices are alternatives.
    assert "一年合计约 300 万元" in prose.expected_tax_words(targets(), known)
    unknown = Prospects(pd.Series(dtype="float64"), np.nan, np.nan)
    assert prose.expected_tax_words(targets(), unknown) == (
        "预期税收从略：没有一个行业有 10 户以上同时知道面积和税收的企业；缺连续两年的入驻面积，算不出消化率；企业台账没有填区内注册。"
    )


def test_directions() -> None:
    rows = pd.DataFrame({"building_id": ["A", "A", "B"], "building": ["甲楼", "甲楼", None]})
    rows = rows.assign(kind=["强链", "补链", "强链"], industry=["金融", "教育", "文化"], lift=[3.0, 1.0, 5.0])
    assert prose.direction_words(rows) == (
        "特色最明显的是B的文化（约为全区的 5.0 倍）、甲楼的金融（约为全区的 3.0 倍）。补链方向：教育（1 幢）。"
    )
    assert "看不出" in prose.direction_words(rows.iloc[:0])


def spaces() -> pd.DataFrame:
    return pd.DataFrame(
        {"space_id": ["X", "Y", "Z"], "area_sqm": [500.0, 20000.0, 300.0], "blocked": ["", "", "司法查封"]}
    )


def test_opportunities_count_both_sides() -> None:
    table = pd.DataFrame({"project_id": ["甲"], "space_id": ["X"], "is_assigned": [True]})
    table = table.assign(needed_area_sqm=450.0, area_sqm=500.0)
    unmatched = pd.DataFrame({"reason": ["没有面积相当的空间"]})
    said = prose.opportunity_words(Opportunities(table, unmatched, 2, 1, 0, spaces()))
    assert said == (
        "项目库在谈 2 个项目，可用空间 2 处；1 个项目有合适的空间。一处只给一个项目，可同时落位 1 个，用去 450㎡。"
        "1 个项目没有：没有面积相当的空间 1 个。1 处空间没有进入任何项目的备选（2.0 万㎡）。不列入的空间：司法查封 1 处（300㎡）。"
        "项目库中另有 1 个已落地，不再匹配。"
    )
    none = Opportunities(table.iloc[:0], unmatched.iloc[:0], 0, 4, 0, spaces())
    assert prose.opportunity_words(none) == "项目库没有在谈的项目（4 个都已落地），机会清单从略。"


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
