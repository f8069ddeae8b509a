"""The sentences on targets, gaps, levers, buildings that decide, money, goals and sweeps."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.answers.outcome import BEYOND
from louyu_lab.analysis.scenarios.levers.scenario import Goal, ScenarioError
from louyu_lab.study.prose import (
    scenario_money as money,
)
from louyu_lab.study.prose import (
    scenario_reasons as reasons,
)
from louyu_lab.study.prose import (
    scenario_targets as targets,
)


def aimed(rows: list[tuple]) -> pd.DataFrame:
    columns = ["indicator", "year", "target", "p_reached", "shortfall", "note"]
    return pd.DataFrame(rows, columns=columns)


def test_targets_are_judged_and_silence_is_explained() -> None:
    said = targets.baseline_target_words(
        aimed([
            ("occupancy_rate", 2021, 0.9, 0.1, 0.034, ""),
            ("yi_buildings", 2021, 10.0, 0.85, 0.2, ""),
            ("tax_yuan", 2021, 6e9, 0.5, 1e8, ""),
            ("party_org_rate", 2021, 0.8, np.nan, np.nan, "情景不改变，现值 30.0%"),
            ("tax_yuan", 2030, 9e9, np.nan, np.nan, BEYOND),
        ])
    )  # fmt: skip
    assert said == (
        "什么都不改变，推演能说的 2021 年目标有 3 项：把握大的 1 项，亿元楼数量 10 幢（85%）；"
        "有望的 1 项，楼宇税收 60.00 亿元（50%）；有压力的 1 项，入驻率 90.0%（10%）。"
        "有压力的平均还差：入驻率 3.4 个百分点。"
        "情景不改变或缺数据、不推演的 1 项：党组织覆盖率；另有 1 项目标超出推演年份。"
    )
    assert "没有推演年份内的目标" in targets.baseline_target_words(aimed([]))
    silent = targets.baseline_target_words(aimed([("不认识", 2021, 1.0, np.nan, np.nan, "")]))
    assert silent.startswith("没有情景能改变的目标。") and "不认识" in silent


def test_the_best_and_the_worst_scenario_of_a_target_are_told() -> None:
    rows = [("甲", 0.2, 0.5), ("乙", 0.2, 0.9), ("丙", 0.2, 0.0), ("丁", np.nan, np.nan)]
    table = pd.DataFrame(rows, columns=["scenario", "p_baseline", "p_reached"])
    table = table.assign(indicator="occupancy_rate", year=2021)
    assert targets.target_words(table) == (
        "可能性提高最多的：“乙”使 2021 年入驻率达标的可能性从 20% 变为 90%。"
        "降低最多的：“丙”使 2021 年入驻率达标的可能性从 20% 变为不足1%。"
    )
    assert "没有一个情景明显提高" in targets.target_words(table[table["scenario"] == "丙"])
    assert targets.target_words(table[table["scenario"] == "丁"]) == ""


def gap(comparison: str, effects: dict[str, float], rate: float = np.nan) -> pd.DataFrame:
    frame = pd.DataFrame({"part": list(effects), "effect_yuan": list(effects.values())})
    whole = sum(effects.values())
    return frame.assign(
        comparison=comparison, year=2023, change_rate=rate, from_yuan=1e9, to_yuan=1e9 + whole
    )


def test_gaps_name_their_parts_largest_first() -> None:
    said = reasons.gap_words(gap("基准到情景", {"入驻率": 3e8, "单位税收": -1e8, "注册率": 1e6}), "甲")
    assert (
        said
        == "“甲”：2023 年税收平均比基准增加 2.01 亿元，按算术拆开是入驻率增 3.00 亿元、单位税收减 1.00 亿元。"
    )
    # NOTES' plan: stock and occupancy reached, unit tax still has to grow by 32.9 %.
    plan = reasons.gap_words(gap("基年到目标", {"可租售面积": 2e8, "单位税收": 4e8}, 0.329))
    assert plan.startswith("从基年到 2023 年的税收目标，还差 6.00 亿元：单位税收增 4.00 亿元")
    assert plan.endswith("；面积、入驻等目标都做到，单位税收还须提高 32.9%。")
    assert "已超过 1.00 亿元" in reasons.gap_words(gap("推演到目标", {"单位税收": -1e8}))
    assert "没有增减" in reasons.gap_words(gap("基年到推演", {"单位税收": 0.0}))
    assert "减少 1.00 亿元" in reasons.gap_words(gap("基年到推演", {"单位税收": -1e8}))
    assert reasons.gap_words(gap("基年到推演", {})) == ""
    assert reasons.gap_words(gap("基准到情景", {"入驻率": 0.0}), "甲") == ""


def tornado(rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["title", "alone", "low", "high", "swing"])
    return table.assign(scenario="甲", indicator="tax_yuan", name_zh="楼宇税收", year=2023)


def test_levers_are_told_by_their_swing() -> None:
    table = tornado([("消化", 2e8, 1e8, 3e8, 3e8), ("改造", -1e8, np.nan, np.nan, 1e8), ("小", 1e6, 0, 2e6, 2e6),
                     ("各杠杆的交互", 5e7, np.nan, np.nan, 5e7)])  # fmt: skip
    assert reasons.tornado_words(table) == (
        "“甲”里，对 2023 年楼宇税收最要紧的是消化（多 2.00 亿元，取低值时多 1.00 亿元，取高值时多 3.00 亿元）、"
        "改造（少 1.00 亿元）；一起用比分别用之和多 5,000 万元。"
    )
    assert reasons.tornado_words(tornado([("消化", 0.0, 0.0, 0.0, 0.0)])) == (
        "“甲”里没有哪个杠杆明显影响楼宇税收。"
    )
    assert reasons.tornado_words(table.iloc[:0]) == ""


def test_deciding_buildings_are_named() -> None:
    rows = [(f"{name}楼", 0.8, 0.2) for name in "乙丙丁戊"]
    table = pd.DataFrame(rows, columns=["building", "p_if", "p_if_not"]).assign(
        scenario="基准", year=2021, target=12.0, p_reached=0.4
    )
    said = reasons.deciding_words(table)
    assert said.startswith(
        "2021 年 12 幢亿元楼的可能性 40%，最取决于能否做到 1 亿元的乙楼（做到时 80%，做不到时 20%）"
    )
    assert said.endswith("丁楼（做到时 80%，做不到时 20%）。")
    assert reasons.deciding_words(table.iloc[:0]) == ""
    goal = pd.concat([table, table.assign(scenario="甲", year=2023, target=15.0)])
    assert "。“甲”下，2023 年 15 幢亿元楼的可能性" in reasons.deciding_words(goal)


def priced(**other: object) -> pd.DataFrame:
    row = {
        "scenario": "甲", "cost_yuan": 3e7, "local_tax_yuan": 6e7, "price_ratio": 0.5, "price_lo80_ratio": 0.4,
        "price_hi80_ratio": 0.75, "idle_rate": 0.6, "present_yuan": 2e7, "p_present": 0.9, "payback_year": 2022,
        "additional_rate": 0.4, "break_even_rate": 0.2, "note": "",
    }  # fmt: skip
    return pd.DataFrame([row | other]).astype({"payback_year": "Int64"})


def test_money_is_told_with_deadweight_payback_and_break_even() -> None:
    said = money.money_words(priced())
    assert said.split("\n\n")[0] == (
        "**甲**：累计花费 3,000 万元，新增地方税收平均 6,000 万元。每新增 1 元地方税收花 0.50 元（80% 区间 0.40—0.75 元）。"
        "支出中 60.0% 给了本来就会来的（无谓支出）。净现值平均 2,000 万元，为正的可能性 90%。预计 2022 年收回花费。"
        "要收支相抵，受支持的须有 20.0% 是真正新增的，推演里是 40.0%。"
    )
    assert "此增彼减" in said


def test_money_that_does_not_come_back_or_is_not_known() -> None:
    unknown = {"local_tax_yuan": np.nan, "price_ratio": np.nan, "present_yuan": np.nan, "p_present": np.nan}
    said = money.money_words(
        priced(
            **unknown, payback_year=pd.NA, break_even_rate=np.nan, idle_rate=np.nan, note="区级留存比例不明"
        )
    )
    assert said.split("\n\n")[0] == "**甲**：累计花费 3,000 万元。区级留存比例不明。"
    open_ended = money.money_words(
        priced(price_hi80_ratio=np.nan, additional_rate=np.nan, break_even_rate=0.5)
    )
    assert "（80% 区间 0.40 元以上）" in open_ended and "增收兑现 50.0% 就收支相抵" in open_ended
    assert "相抵" not in money.money_words(priced(break_even_rate=1.5))
    both = pd.concat([priced(), priced(scenario="乙", cost_yuan=0.0)])
    assert "其余 1 个情景没有写花费" in money.money_words(both)
    # Of files that were refused nothing is claimed, and without a scenario nothing said.
    assert money.money_words(priced(cost_yuan=0.0)) == "算出的情景都没有写补贴或单价，不算花费。"
    assert money.money_words(priced().iloc[:0]) == ""


def answer(reached: bool, mix: dict[str, float], p: float = 0.81) -> SimpleNamespace:
    goal = Goal("yi_buildings", 2023, 15.0, 0.8, {"absorption_sqm": (0.0, 1e5)})
    return SimpleNamespace(
        title="甲",
        goal=goal,
        is_reached=reached,
        mix=mix,
        cost_yuan=9e6,
        p_reached=p,
        binding=("absorption_sqm",),
    )


def test_goals_are_told_reached_or_not() -> None:
    said = money.goal_words(answer(True, {"absorption_sqm": 1e5}))
    assert said.startswith("“甲”要 2023 年亿元楼数量达到 15 幢、把握 80%：最省的组合是每年多消化空置面积 10")
    assert "共花 900 万元，可能性 81%。每年多消化空置面积已用到上限。" in said
    assert "在给定范围内做不到，全部用足可能性也只有 30%" in money.goal_words(answer(False, {}, 0.3))
    assert "不用这些杠杆就已做到，可能性 81%" in money.goal_words(answer(True, {}))
    assert money.no_goal_words(0, 2) == "算出的情景都没有写 goal（目标倒推）。"
    assert money.no_goal_words(1, 2) == money.no_goal_words(0, 0) == ""
    refused = money.refused_goal_words([ScenarioError("甲.yaml", ["缺单价"])])
    assert refused == "甲.yaml 的目标倒推没有算：缺单价。"
    assert money.refused_goal_words([]) == ""


def swept(chances: list[float], medians: list[float]) -> pd.DataFrame:
    values = np.arange(len(chances), dtype="float64")
    frame = pd.DataFrame({"lever_value": values, "setting": [f"{value:.0f}%" for value in values]})
    frame = frame.assign(p_reached=chances, median=medians, scenario="甲", title="年增长", year=2023)
    return frame.assign(indicator="yi_buildings", name_zh="亿元楼数量")


def test_sweeps_tell_the_way_of_the_chance() -> None:
    assert money.sweep_words(swept([0.1, 0.45, 0.7], [11, 13, 15])) == (
        "“甲”把年增长从 0% 扫到 2%：2023 年亿元楼数量达标的可能性从 10%到 70%（中位数从 11 幢到 15 幢），"
        "到 2% 才有一半可能。"
    )
    same = money.sweep_words(swept([1.0, 1.0], [11, 13]))
    assert "可能性都是超过99%" in same and "才有一半" not in same
    assert "都没有变化" in money.sweep_words(swept([0.5, 0.5], [11, 11]))
    assert "亿元楼数量中位数从 11 幢到 13 幢" in money.sweep_words(swept([np.nan, np.nan], [11, 13]))
    assert money.sweep_words(swept([], [])) == ""
