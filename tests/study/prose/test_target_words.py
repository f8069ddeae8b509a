"""The sentences on targets and on indicators that cannot be computed."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose import targets as prose

NAN = float("nan")


def test_target_words_on_day_zero_and_later() -> None:
    core = pd.DataFrame(
        {
            "name_zh": ["入驻率", "亿元楼数量"],
            "target_year": [2023, 2023],
            "base_year": [2020, 2020],
            "status": ["滞后", "已达成"],
        }
    )
    assert "从 0 起算" in prose.target_words(core, 2020)
    assert prose.target_words(core, 2022) == "2023 年目标 2 项：已达成 1 项，滞后 1 项。滞后的是入驻率。"
    assert "没有目标文件" in prose.target_words(core.assign(target_year=NAN), 2022)


def test_target_words_name_what_nobody_knows_and_count_the_rest() -> None:
    core = pd.DataFrame(
        {
            "name_zh": ["入驻律", "亿元楼数量", "楼宇税收", "空置率"],
            "target_year": [2023, 2023, 2023, 2023],
            "base_year": [2020, 2020, 2020, 2020],
            "status": ["指标名不认识", "已达成", "无数据", "无基期"],
        }
    )
    unknown = "targets.yaml 里认不出的指标：入驻律（是否想写“入驻率”？）。"
    assert prose.target_words(core, 2022) == f"2023 年目标 2 项：已达成 1 项，无基期 1 项。{unknown}"
    # Where no target has a value, there still is a file of targets.
    assert prose.target_words(core.iloc[[0]], 2022) == f"各项目标都没有现值可比。{unknown}"


def test_indicators_that_cannot_be_computed_are_named_by_what_is_missing() -> None:
    lacking = pd.DataFrame(
        {
            "name_zh": ["注册率", "入驻率", "空置率"],
            "reason": ["缺少企业台账", "缺少入驻面积", "缺少入驻面积"],
        }
    )
    said = prose.missing_words(lacking)
    assert said == "另有 3 项指标算不出：缺少企业台账的有注册率；缺少入驻面积的有入驻率、空置率。"
    assert prose.missing_words(lacking.iloc[:0]) == ""
