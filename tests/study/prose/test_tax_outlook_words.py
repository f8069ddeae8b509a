"""What is said of the tax a forecast rests on, and of what was set aside."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.history import RECURRING, TaxHistory
from louyu_lab.analysis.tax.usable import UsableTaxes
from louyu_lab.study.prose.tax_outlook import refusal_words, scope_words, usable_words


def taxes_of(
    yuan: list[float], base: int = 2020, parts: list[tuple] = (), errors: list[tuple] = ()
) -> UsableTaxes:
    """Return buildings with a tax each of the base year."""
    panel = pd.DataFrame(
        {"building_id": [f"L{at}" for at in range(len(yuan))], "year": base, RECURRING: yuan}
    )
    return UsableTaxes(
        panel.astype({RECURRING: "float64"}),
        pd.DataFrame(),
        2020,
        base,
        pd.DataFrame(parts, columns=["level", "year", "months"]),
        pd.DataFrame(errors, columns=["building_id", "building", "year", "tax_yuan"]),
    )


def test_nothing_to_say_of_whole_years():
    assert usable_words(taxes_of([1.0])) == ""
    assert refusal_words(taxes_of([0.0, 1.0])) == ""


def test_why_nothing_is_forecast():
    assert refusal_words(taxes_of([np.nan])) == "2020 年在册的楼宇都没有可用的税收数据，无从预测"
    assert refusal_words(taxes_of([0.0, 0.0])) == "在册楼宇历年的经常性税收都是零，无从预测"


def test_part_years_and_the_year_forecasts_start_from():
    parts = [("building", 2020, 9), ("band", 2019, 3), ("enterprise", 2017, 6)]
    assert usable_words(taxes_of([1.0], 2018, parts)) == (
        "2017 年的企业税收只有 6 个月，不能当作全年，按没有数据处理。2020 年的楼宇税收只有 9 个月，不能当作全年，按没有数据处理。"
        "在册楼宇都没有可用的 2020 年全年税收，所以从 2018 年推起，2019—2020 年也是预测；"
        "本章所说的最近一年、现有楼宇都指 2018 年。"
    )


def test_buildings_in_a_wrong_unit_are_named():
    errors = [("L1", "甲楼", 2020, 7e10), ("L2", None, 2019, 3e3)]
    assert usable_words(taxes_of([1.0], errors=errors)) == (
        "甲楼（2020 年 700.00 亿元）、L2（2019 年 3,000 元）的税收与其他年份差约万倍或亿倍，疑似换了单位，"
        "按没有数据处理，请核对台账。"
    )


def words_of(tax: list[list[float]]) -> str:
    """Return the scope of standing buildings with these taxes up to 2020."""
    yuan = np.array(tax, dtype="float64")
    ids = np.array([f"L{at}" for at in range(len(yuan))])
    history = TaxHistory(ids, ids, np.ones(len(ids), bool), np.arange(2021 - yuan.shape[1], 2021), yuan)
    carried = pd.DataFrame({"building": ["甲楼"], "year": [2019], "tax_yuan": [1e8]})
    is_carried = np.isnan(yuan[:, -1]).any()
    outlook = SimpleNamespace(recurring=history, carried=carried if is_carried else carried.head(0))
    return scope_words(outlook, pd.DataFrame({"building_id": ids, "building": ids, "year": 2020}))


def test_the_scope_by_hand():
    nan = np.nan
    assert words_of([[1, 2, nan, 4, nan], [nan, nan, nan, 4, 5]]) == (
        "依据 2016—2020 年的税收（不含一次性），预测在册 2 幢楼宇。"
        "各楼都只有 3 年以内的税收，看不出本区自己的增长，增速取自其他地区的短序列，只宜看量级。"
        "2018 年全区没有税收数据。1 幢没有 2020 年的税收数据，从最后有数据的一年推起：甲楼（2019 年 1.00 亿元）。"
    )
    assert "其中 1 幢只有 3 年以内的税收" in words_of([[1, 2, 3, 4, 5], [nan, nan, nan, 4, 5]])
    assert "各楼都只有一年的税收" in words_of([[1], [2]])
