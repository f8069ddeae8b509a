"""What is said of district, streets and industries to come."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose.tax_levels import coherence_words, district_words, industry_words, street_words

COLUMNS = ["level", "id", "year", "mean_yuan", "lo80_yuan", "hi80_yuan"]


def forecast(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def past(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["level", "id", "year", "tax_yuan"])
    return table.assign(filled_yuan=0.0, buildings=3, filled=0, of_year=table["year"])


BASE = past(("district", "某区", 2019, 9e8), ("district", "某区", 2020, 1e9))


def test_the_district_by_hand():
    ahead = forecast(
        ("district", "某区", 2021, 1.1e9, 1.05e9, 1.2e9), ("district", "某区", 2022, 1.21e9, 1.1e9, 1.3e9)
    )
    # 12.1 ÷ 10 in two years: 10 % a year.
    assert district_words(ahead, BASE) == (
        "现有楼宇的经常性税收，2020 年为 10.00 亿元，预计 2021 年 11.00 亿元（80% 区间 10.50 亿元至 12.00 亿元），"
        "2022 年 12.10 亿元（80% 区间 11.00 亿元至 13.00 亿元）。年均增长 10.0%，增长有八成以上把握。"
    )


def test_a_fall_in_doubt_is_said_to_be():
    ahead = forecast(("district", "某区", 2021, 9e8, 8e8, 1.05e9))
    words = district_words(ahead, BASE)
    assert words.endswith("年均下降 10.0%，增减还不能肯定。")
    assert words.count("2021") == 1


def test_what_is_carried_from_former_years_is_told_apart():
    ahead = forecast(("district", "某区", 2022, 1.1e9 * 1.1, 1.1e9, 1.3e9))
    carried = BASE.assign(filled_yuan=[0.0, 4e8], filled=[0, 1], of_year=[2019.0, 2019.0])
    # 12.1 ÷ 10 in the three years from 2019 on: 1.21^(1/3) = 1.0656; from 2020 on it would be 10 %.
    assert district_words(ahead, carried) == (
        "现有楼宇的经常性税收，2020 年已有数据的 2 幢为 6.00 亿元，另 1 幢沿用各自最近一年，计 4.00 亿元，合计 10.00 亿元；"
        "预计 2022 年 12.10 亿元（80% 区间 11.00 亿元至 13.00 亿元）。"
        "年均增长 6.6%（沿用的从原年份算起），增长有八成以上把握。"
    )


def test_streets_with_carried_buildings_are_named():
    ahead = forecast(("street", "北街", 2021, 1e8, 0.9e8, 1.1e8), ("street", "", 2021, 1e8, 0.9e8, 1.1e8))
    base = past(("street", "北街", 2020, 1e8), ("street", "", 2020, 1e8)).assign(filled=[0, 2])
    assert street_words(ahead, base).endswith("未填街道有楼宇没有 2020 年的税收，比的是其最近一年。")


def test_no_growth_rate_from_nothing():
    ahead = forecast(("district", "某区", 2021, 1.0, 0.0, 2.0))
    assert "年均" not in district_words(ahead, BASE.assign(tax_yuan=0.0))


def test_streets_beyond_doubt_by_hand():
    ahead = forecast(
        ("street", "北街", 2021, 1.2e8, 1.1e8, 1.3e8),
        ("street", "", 2021, 1.1e8, 1.01e8, 1.3e8),
        ("street", "东街", 2021, 1.1e8, 0.9e8, 1.3e8),
        ("street", "南街", 2021, 0.8e8, 0.7e8, 0.9e8),
    )
    base = past(*(("street", name, 2020, 1e8) for name in ("北街", "", "东街", "南街")))
    assert street_words(ahead, base) == (
        "到 2021 年，有八成以上把握增长的街道：北街（+20.0%）、未填街道（+10.0%）；有八成以上把握下降的：南街（-20.0%）。"
    )
    assert street_words(ahead[2:3], base) == "到 2021 年，没有哪个街道的增减有八成以上把握。"


def test_industries_by_hand():
    ahead = forecast(
        ("industry", "金融", 2021, 3e8, 2.5e8, 3.5e8),
        ("industry", "商贸", 2021, 1e8, 0.5e8, 1.5e8),
        ("industry", "未列企业", 2021, 1e8, 0.5e8, 1.5e8),
    )
    base = past(
        *(("industry", name, 2020, yuan) for name, yuan in (("金融", 2e8), ("商贸", 1e8), ("未列企业", 1e8)))
    )
    assert industry_words(ahead, base.rename(columns={"id": "industry"})) == (
        "到 2021 年，税收最多的行业是金融 3.00 亿元、商贸 1.00 亿元。有八成以上把握增长的行业：金融（+50.0%）。"
        "20.0% 的税收没有列出企业，不分行业。"
    )


def test_small_industries_have_no_growth_worth_telling():
    ahead = forecast(("industry", "金融", 2021, 3e8, 1.5e8, 3.5e8), ("industry", "教育", 2021, 4e6, 3e6, 5e6))
    base = pd.DataFrame({"industry": ["金融", "教育"], "year": 2020, "tax_yuan": [2e8, 1e6]})
    assert industry_words(ahead, base) == (
        "到 2021 年，税收最多的行业是金融 3.00 亿元、教育 400 万元。没有哪个行业的增减有八成以上把握。"
        "另有 1 个行业税收不足全部的 1%，不算增减。"
    )


def test_no_industries_where_most_tax_is_not_told_by_enterprise():
    ahead = forecast(("industry", "金融", 2021, 2e8, 1e8, 3e8), ("industry", "未列企业", 2021, 3e8, 2e8, 4e8))
    base = pd.DataFrame({"industry": ["金融", "未列企业"], "year": 2020, "tax_yuan": [1e6, 3e8]})
    assert industry_words(ahead, base) == "60.0% 的税收没有列出企业，不分行业。"


def coherence(rate: float) -> pd.DataFrame:
    rows = [("district", "某区", 2021, 1e9 * (1 + rate), rate)]
    rows += [("street", "北街", 2021, 4e8, 0.03), ("street", "南街", 2021, 5e8, -0.05)]
    return pd.DataFrame(rows, columns=["level", "id", "year", "alone_yuan", "difference_rate"])


def test_coherence_by_hand():
    assert coherence_words(coherence(-0.01)) == (
        "各级预测都由各楼相加而成；把全区税收当一个序列单独预测，2021 年为 9.90 亿元，相差 1.0%，两者一致。"
        "各街道单独预测与相加相差至多 5.0%。"
    )
    assert "11.00 亿元，高 10.0%，本章用相加的数。" in coherence_words(coherence(0.1))
    assert "低 10.1%，本章用相加的数；差得较多，引用全区数时两个都报。" in coherence_words(coherence(-0.101))


def test_nothing_to_say():
    none, before = forecast(), past()
    assert district_words(none, before) == "没有楼宇税收，无从预测。"
    assert street_words(none, before) == "没有分街道的税收。"
    assert industry_words(none, before.rename(columns={"id": "industry"})) == (
        "没有能与楼宇税收对上的企业税收，不分行业和企业预测。"
    )
    assert coherence_words(coherence(0.0).iloc[:0]) == ""
    assert coherence_words(coherence(float("nan"))) == ""
