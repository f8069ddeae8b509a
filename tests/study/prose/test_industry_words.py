"""The sentences of chapter 05 agree with the tables beside them."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose import industry as prose


def test_what_could_not_be_told_is_no_industry() -> None:
    summary = pd.DataFrame(
        {"industry": ["科技", "金融", "未识别"], "firms": [60, 10, 30], "share_firms": [0.6, 0.1, 0.3]}
    )
    assert prose.mix_words(summary, "楼宇内企业") == (
        "楼宇内企业共 100 家，分属 2 个行业，30 家未识别。企业最多的是科技 60 家（60.0%）、金融 10 家（10.0%）。"
    )


def test_nobody_listed_is_no_mix() -> None:
    summary = pd.DataFrame({"industry": ["科技"], "firms": [0.0], "share_firms": [float("nan")]})
    assert prose.mix_words(summary, "楼宇内企业") == "" == prose.mix_words(summary.iloc[:0], "楼宇内企业")


def test_points_of_share_stand_beside_the_growth_of_firms() -> None:
    # 科技 from 20 to 24 of 100 firms: 4 points more, 20 % growth; 商贸 the other way.
    summary = pd.DataFrame(
        {"industry": ["科技", "商贸"], "share_change": [0.04, -0.04], "firms_change_rate": [0.2, -0.05]}
    )
    assert prose.change_words(summary) == (
        "科技占比提高 4.0 个百分点（企业数比上年增长 20.0%），商贸占比降低 4.0 个百分点（企业数比上年下降 5.0%）。"
    )
    assert prose.change_words(summary.assign(share_change=[0.0, 0.0])) == ""


def test_whose_industries_they_are() -> None:
    own = pd.DataFrame({"industry": ["软件", "软件", "其他"]})
    assert prose.map_words(own, is_given=True) == "行业按台账文件夹里的行业对照.yaml 归并，共 2 类。"
    assert prose.map_words(own.iloc[:0], is_given=True) == (
        "台账文件夹里的行业对照.yaml 有误，没有使用，行业按默认的 15 类；错在哪里见第一章。"
    )
    assert prose.map_words(own.iloc[:0], is_given=False) == ""
