"""What is said of the tenants agrees with the tables, and poor data are named."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.tenants import tax_breaks
from louyu_lab.study.prose import tax_tenants as prose


def test_parts_are_named_with_their_amounts() -> None:
    values = {"基年税收": 5e8, "存量企业同企增长": 1e8, "退出": -4e7, "区内迁移": 0.0, "新入驻": 2e7}
    parts = pd.DataFrame(
        {"level": "district", "year": 2021, "part": list(values), "mean_yuan": values.values()}
    )
    units = SimpleNamespace(
        tax_yuan=np.array([[3.0], [1.0], [5.0]]),
        is_here=np.array([[True], [True], [False]]),
        home=np.zeros((3, 1), dtype=int),
    )
    leaving = SimpleNamespace(exit_rate=np.array([0.02, 0.10, 0.5]), move_rate=0.01)
    model = SimpleNamespace(
        units=units,
        leaving=leaving,
        entering=SimpleNamespace(payers=12.4),
        growth=SimpleNamespace(persistence=0.5),
    )
    # By number (2 % + 10 %) ÷ 2, by tax (3 × 2 % + 1 × 10 %) ÷ 4; who has left is not counted.
    assert prose.parts_words(parts, SimpleNamespace(model=model, refused="")) == (
        "到 2021 年，全区经常性税收平均比 2020 年（5.00 亿元）增加 8,000 万元：存量企业增 1.00 亿元，退出减 4,000 万元，"
        "新入驻增 2,000 万元。合计就是全区的预测；退出、换楼照逐户推算，加权后与逐户推算的差额按税收分摊给其余各项。近年每年约有 12 户企业开始纳税；纳税企业每年约 6.0% 迁出，按税收加权为 4.0%；"
        "另有 1.0% 在区内换楼，税收随之转移。企业一年里多缴或少缴的部分，约 50.0% 留到以后各年，其余次年消失。"
    )


def test_building_totals_alone_are_said() -> None:
    none = SimpleNamespace(model=None, refused="2020 年没有分企业的税收")
    words = prose.parts_words(pd.DataFrame(columns=["level", "year", "part", "mean_yuan"]), none)
    assert words == "2020 年没有分企业的税收，分不出存量、退出和新入驻；预测只按楼宇总额推算。"


def test_breaks() -> None:
    years = np.arange(2015, 2021)
    words = prose.breaks_words(tax_breaks(years, np.array([0.04, 0.05, 0.06, 0.05, 0.05, -0.05])))
    assert words.startswith(
        "2020 年（新冠疫情）同一企业税收下降 4.9%，其他年份平均增长 5.1%，p 小于 0.01，差别明显，不计入"
    )
    assert "2016 年全面推开营改增、2018 年增值税税率下调" in words
    few = prose.breaks_words(tax_breaks(years[-2:], np.array([0.05, -0.05])))
    assert few == "2019 年更大规模减税降费、2020 年新冠疫情：可比年份太少，检验不出影响，照常计入趋势。"
    assert "没有登记在册的政策变动" in prose.breaks_words(tax_breaks(years[:1], np.array([0.1])))


def test_one_off_taxes() -> None:
    rows = pd.DataFrame(
        {
            "year": [2019, 2020],
            "building_id": ["甲", "乙"],
            "building": ["甲楼", None],
            "one_off_yuan": [3e7, 1e7],
        }
    )
    assert prose.one_off_words(rows, 2020) == (
        "预测以经常性税收为基数。历年剔除一次性税收共 4,000 万元，最大一笔是 2019 年甲楼的 3,000 万元。"
        "2020 年剔除 1,000 万元，涉及乙。"
    )
    assert prose.one_off_words(rows.iloc[:0], 2020).startswith("台账没有标明一次性税收")
    assert prose.one_off_words(rows, 2018).endswith("2018 年没有一次性税收。")
    # Of three buildings without data of that year nothing can be said.
    assert prose.one_off_words(rows, 2018, 3).endswith("2018 年已有数据的楼宇没有一次性税收。")


def test_the_largest_taxpayers() -> None:
    loss = pd.DataFrame(
        {
            "building_id": ["甲", "乙"], "building": ["甲楼", "乙楼"], "top1_enterprise": ["子公司", "丑公司"],
            "top1_rate": [0.9, 0.2], "tier": ["亿元楼", "亿元楼"], "tier_without": ["千万元楼", "亿元楼"],
            "to_year": 2023, "p_leaves": [0.1, 0.2], "expected_loss_yuan": [1e7, 4e6],
        }
    )  # fmt: skip
    assert prose.top_loss_words(loss) == (
        "2 幢楼宇中，首位税源一旦迁出，1 幢会降低梯次，损失最大的是甲楼（子公司占 90.0%，亿元楼降为千万元楼）。"
        "到 2023 年，首位税源迁出的可能性中位数为 15.0%，各楼可能性乘以损失之和为 1,400 万元。"
    )
    unknown = loss.assign(p_leaves=np.nan, expected_loss_yuan=np.nan)
    assert "迁出的可能性无从估计" in prose.top_loss_words(unknown)
    assert prose.top_loss_words(loss.iloc[:0]) == "没有分企业的税收，看不出首位税源迁出的影响。"
