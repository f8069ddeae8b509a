"""The findings of a run: cells of its tables, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis import outputs
from louyu_lab.analysis.summary import chapter_status, findings, sources

NAN = float("nan")


def found(year: int = 2020, **tables: pd.DataFrame) -> dict[str, float]:
    table = findings(tables, year)
    return dict(zip(table["finding"], table["value"], strict=True))


def test_every_source_is_a_declared_table() -> None:
    assert set(sources()) <= set(outputs.TABLES)


def test_headlines_are_those_of_the_year() -> None:
    rows = {"indicator": ["tax_yuan", "tax_yuan", "buildings"], "name_zh": ["楼宇税收", "楼宇税收", "楼宇数"]}
    table = pd.DataFrame(
        {**rows, "value": [1.0, 2.0, 3.0], "unit": ["元", "元", "幢"], "year": [2019, 2020, 2020]}
    )
    assert found(indicators=table) == {"楼宇数": 3.0, "楼宇税收": 2.0}
    assert findings({"indicators": table}, 2020)["table"].tolist() == ["indicators", "indicators"]


def test_tiers_count_rises_and_falls_of_the_year_alone() -> None:
    tiers = ["亿元楼", "千万元楼"]
    rows = [(2019, 2020, tiers[1], tiers[0], 3), (2019, 2020, tiers[0], tiers[1], 2)]
    rows += [(2019, 2020, tiers[0], tiers[0], 9), (2018, 2019, tiers[1], tiers[0], 50)]
    rows += [(2019, 2020, "新纳入", tiers[0], 4)]
    table = pd.DataFrame(rows, columns=["from_year", "to_year", "from_tier", "to_tier", "buildings"])
    assert found(tier_transitions=table) == {"梯次晋级": 3.0, "梯次降级": 2.0}


def test_forecast_gives_the_last_year_and_leaves_out_what_is_not_known() -> None:
    table = pd.DataFrame({"level": ["district", "district", "building", "building"], "id": list("区区AB")})
    table = table.assign(
        year=[2021, 2022, 2022, 2022], mean_yuan=[1.0, 2.0, 1.5, 0.5], p_yi=[NAN, NAN, 0.5, 0.75]
    )
    table = table.assign(lo80_yuan=NAN, hi80_yuan=NAN)
    assert found(tax_forecast=table) == {"2022 年税收预测": 2.0, "2022 年亿元楼期望数": 1.25}


def test_the_other_chapters() -> None:
    vacancy = pd.DataFrame(
        {"level": ["district", "street"], "id": ["区", "街"], "year": 2020, "part": "其他"}
    )
    scenarios = pd.DataFrame({"scenario": "甲", "indicator": ["occupancy_rate", "tax_yuan", "tax_yuan"]})
    scenarios = scenarios.assign(year=[2023, 2022, 2023], median=[0.9, 5.0, 6.0], change=[0.1, 1.0, 2.0])
    industry = pd.DataFrame(
        {"industry": ["金融", "商贸"], "share_firms": [0.2, 0.5], "share_tax": [0.6, 0.1]}
    )
    core = pd.DataFrame({"indicator": ["a", "a", "b"], "target_year": [2020, 2023, 2019]})
    assert found(
        data_quality=pd.DataFrame({"errors": [1, 2], "warnings": [5, 0]}),
        published_check=pd.DataFrame({"status": ["equal", "differs", "equal", "out-of-scope"]}),
        core_indicators=core.assign(status=["滞后", "领先", "已达成"]),
        street_scorecard=pd.DataFrame({"rank": [2, 1], "street": ["北街", "南街"], "score": [40.0, 61.0]}),
        vacancy_accounting=vacancy.assign(area_sqm=[7.0, 9.0]),
        industry_summary=industry.assign(share_area=NAN),
        scenarios=scenarios,
    ) == pytest.approx(
        {
            "台账问题：错误": 3,
            "台账问题：提醒": 5,
            "已公布数字：核对": 4,
            "其中一致": 2,
            "其中不一致": 1,
            # Of indicator a only the nearest target counts.
            "目标滞后": 1,
            "目标已达成": 1,
            "街道考核第一：南街": 61.0,
            "空置：其他": 7.0,
            "企业数首位行业：商贸": 0.5,
            "税收首位行业：金融": 0.6,
            "“甲”2023 年入驻率（中位数）": 0.9,
            "“甲”2023 年税收比基准（中位数）": 2.0,
        }
    )


def test_chapter_05_in_numbers() -> None:
    gathered = pd.DataFrame({"is_small": [False, False, True], "is_above_chance": [True, False, True]})
    types = pd.DataFrame({"measure": ["税收", "企业数"], "types": [2, 3]})
    targets = pd.DataFrame({"rank": [1, 1, 1, 2], "industry": ["科技", "金融", "科技", "金融"]})
    matched = pd.DataFrame({"project_id": ["a", "a", "b"], "is_assigned": [True, False, False]})
    moved = pd.DataFrame({"enterprise_id": list("abcdx"), "kind": [*["换楼"] * 4, "新设"]})
    moved = moved.assign(year=[2020, 2020, 2020, 2019, 2020], tax_before_yuan=[1.0, 2.0, 4.0, 8.0, 16.0])
    tables = {
        "industry_concentration": gathered,
        "type_measures": types,
        "target_industries": targets,
        "opportunities": matched,
        "tenant_moves": moved,
        "low_yield": pd.DataFrame({"area_sqm": [100.0, 50.0]}),
    }
    assert found(**tables) == {
        "行业集聚高于随机的楼宇": 1,
        "楼宇类型": 3,
        "首选最多的目标行业：科技": 2,
        "有合适空间的在谈项目": 2,
        "其中可同时落位": 1,
        "区内换楼企业": 3,
        "换楼企业迁前税收": 7.0,
        "腾笼换鸟核查面积": 150.0,
    }
    # Two enterprises: their sum would tell each what the other pays.
    few = found(tenant_moves=moved.iloc[1:], type_measures=types.assign(types=0))
    assert few == {"区内换楼企业": 2, "楼宇类型（未见稳定类型）": 0}


def test_nothing_gives_an_empty_table_and_endings_are_told_in_chinese() -> None:
    assert len(findings({"indicators": pd.DataFrame()}, 2020)) == 0
    table = chapter_status(
        [("楼宇现状", "done", ""), ("产业集聚", "skipped", "缺企业台账"), ("情景", "failed", "错")]
    )
    assert table["status"].tolist() == ["完成", "未运行", "没有完成"]
