"""The sentences of the summary chapter."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose import summary as prose


def test_every_number_is_printed_as_its_table_prints_it_with_where_it_stands() -> None:
    rows = [
        ("楼宇现状", "入驻率", 0.8521, "比例", "indicators"),
        ("楼宇现状", "楼宇税收", 5.77e9, "元", "indicators"),
    ]
    rows += [
        ("楼宇现状", "梯次晋级", 3.0, "幢", "tier_transitions"),
        ("数据核对", "错误", 2.0, "处", "data_quality"),
    ]
    table = pd.DataFrame(rows, columns=["chapter", "finding", "value", "unit", "table"])
    assert prose.chapter_words(table) == [
        "**楼宇现状** 入驻率 85.2%，楼宇税收 57.70 亿元（见“指标值”）。梯次晋级 3 幢（见“梯次转移矩阵”）。",
        "**数据核对** 错误 2 处（见“数据质量”）。",
    ]
    assert prose.chapter_words(table.iloc[:0]) == []


def test_status_is_counted_and_outside_a_run_explained() -> None:
    ended = [("楼宇现状", "done", ""), ("产业集聚", "skipped", "缺企业台账，未运行")]
    assert prose.status_words(ended) == "前面 2 章，完成 1 章。没有结果的：产业集聚（缺企业台账，未运行）。"
    assert "louyu run" in prose.status_words([])


def test_what_is_not_said_is_listed_with_the_reason() -> None:
    lacking = pd.DataFrame(
        {"name_zh": ["注册率", "入驻率"], "reason": ["缺少企业台账", "缺少入驻面积"], "year": [2020, 2019]}
    )
    ended = [("产业集聚", "failed", "第 3 格出错"), ("情景推演", "done", "")]
    held = pd.DataFrame({"table": ["scenarios", "tax_forecast"], "finding": ["甲", "2023 年税收预测"]})
    said = prose.unsaid_words(lacking, 2020, ended, held)
    assert said.splitlines() == [
        "- 产业集聚：第 3 格出错",
        "- 注册率：缺少企业台账",
        "- 税收预测：只含现有楼宇的经常性税收，不含新投用的楼宇和今后的政策",
        "- 情景：退租、新租和增长像以往一样才成立，杠杆的先验不是本区的因果估计",
        "- 税收预测的区间：历史太短，不给",
    ]
    assert (
        prose.unsaid_words(lacking.iloc[:0], 2020, [("甲", "failed", "")], held.iloc[:0]) == "- 甲：没有完成"
    )
    told = held.assign(finding=["甲", "2023 年税收 80% 区间下限"])
    assert "历史太短" not in prose.unsaid_words(lacking, 2020, ended, told)
    assert "手工运行" in prose.unsaid_words(lacking, 2020, [], held.iloc[:0])
