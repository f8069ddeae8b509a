"""The sentences on scenarios."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios import Baseline, Outcome, Scenario, ScenarioError
from louyu_lab.study.prose import scenarios as prose


def baseline(**other: object) -> Baseline:
    given = {
        "year": 2020,
        "sums": {"tax_yuan": (2e8, 1.0), "gross_area_sqm": (4.0, 1.0), "rentable_area_sqm": (3.0, 1.0)},
        "space": pd.DataFrame({"marketable_sqm": [6e4, 4e4]}),
        "tax_growth": pd.Series([1.0]),
        "is_forecast": False,
        "carried": pd.DataFrame({"building": [], "year": [], "tax_yuan": []}),
        "mean_yield_yuan_sqm": 2000.0,
        "median_yield_yuan_sqm": 500.0,
        "registration_rate": 0.9,
        "supply": pd.DataFrame({"office_area_sqm": [1.0]}),
    }
    return Baseline(**given | other)


def rows(indicator: str, values: list[float], base: float, target: float = np.nan) -> pd.DataFrame:
    name = {"occupancy_rate": "入驻率", "tax_yuan": "楼宇税收"}[indicator]
    frame = pd.DataFrame({"year": [2020, 2021, 2022], "value": values, "baseline": base})
    frame = frame.assign(scenario="甲", indicator=indicator, name_zh=name, target=[target, target, np.nan])
    return frame.assign(change=frame["value"] - base, gap=frame["value"] - frame["target"])


def test_the_baseline_is_told_with_and_without_a_forecast() -> None:
    said = prose.baseline_words(baseline())
    assert "税收从 2.00 亿元起，一直不变（第四章没有给出全区预测）" in said
    assert "可招商空置 10.0 万㎡" in said
    assert "按第四章全区预测均值的增幅变化。可招商" in prose.baseline_words(baseline(is_forecast=True))
    assert "税收" not in prose.baseline_words(baseline(sums={}))


def test_buildings_that_the_forecast_carries_are_named_with_their_tax() -> None:
    carried = pd.DataFrame({"building": ["乙楼", "丙楼"], "year": [2019, 2018], "tax_yuan": [1.2e8, 3e6]})
    assert (
        "第四章的预测另含 2 幢没有 2020 年税收的楼宇，从最后有数据的一年推起："
        "乙楼（2019 年 1.20 亿元）、丙楼（2018 年 300 万元），合计 1.23 亿元；"
        "增幅两边都含它们，本章的税收额不含，因此比第四章少"
    ) in prose.baseline_words(baseline(is_forecast=True, carried=carried))
    one = prose.baseline_words(baseline(is_forecast=True, carried=carried.head(1)))
    assert "另含 1 幢" in one and "合计" not in one


def test_the_method_names_the_districts_own_yields() -> None:
    said = prose.method_words(baseline())
    assert (
        "全区平均单产 2,000 元/㎡" in said
        and "中位数 500 元/㎡" in said
        and "少数大税源" in said
        and "0.25" in said
    )
    assert "推算" in said and "75.0%" in said
    assert "少数大税源" not in prose.method_words(baseline(median_yield_yuan_sqm=1900.0))
    assert "单产" not in prose.method_words(baseline(mean_yield_yuan_sqm=np.nan)).split("新增税收")[0]


def test_a_scenario_is_told_against_baseline_target_and_what_there_was() -> None:
    table = pd.concat(
        [rows("occupancy_rate", [0.8, 0.85, 0.9], 0.8, 0.88), rows("tax_yuan", [1e8, 9e7, 8e7], 1e8, 9e7)]
    )
    capped = {"year": [2020, 2021, 2022], "asked_sqm": [0.0, 5e4, 5e4], "taken_sqm": [0.0, 5e4, 1e4]}
    scenario = Scenario("甲.yaml", "甲", "张三", "试一试。", "", {})
    said = prose.outcome_words(scenario, Outcome("甲", pd.DataFrame(capped), pd.Series()), table)
    assert said == (
        "**甲**：试一试。2022 年入驻率 90.0%（基准 80.0%，高 10.0 个百分点）。"
        "2022 年楼宇税收 8,000 万元，比基准少 2,000 万元。"
        "2021 年入驻率目标 88.0%，还差 3.0 个百分点；2021 年楼宇税收目标 9,000 万元，达到。"
        "各年合计要消化 10.0 万㎡，范围内可招商的只有 6.0 万㎡，多出的没有计入。"
    )
    # Whoever wrote the file stands in no result.
    assert "张三" not in said


def test_no_change_and_no_data_are_said_plainly() -> None:
    table = pd.concat([rows("occupancy_rate", [0.8] * 3, 0.8), rows("tax_yuan", [1e8] * 3, 1e8)])
    paths = pd.DataFrame({"year": [2020], "asked_sqm": [0.0], "taken_sqm": [0.0]})
    said = prose.outcome_words(Scenario("", "甲", "", "", "", {}), Outcome("甲", paths, pd.Series()), table)
    assert said == "**甲**。2022 年入驻率 80.0%（与基准相同）。2022 年楼宇税收 1.00 亿元，与基准相同。"


def test_refused_files_are_listed_and_no_file_is_explained() -> None:
    assert prose.refused_words([]) == ""
    said = prose.refused_words([ScenarioError("甲.yaml", ["缺 title", "缺 changes"])])
    assert said.endswith("- 甲.yaml：缺 title；缺 changes")
    assert "scenarios/" in prose.no_scenario_words(0, 0)
    assert prose.no_scenario_words(0, 1) == prose.no_scenario_words(1, 0) == ""
