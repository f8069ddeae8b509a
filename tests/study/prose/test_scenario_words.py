"""The sentences on scenarios: the baseline, each scenario, the buildings it moves, what was not computed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.levers.scenario import ScenarioError
from louyu_lab.study.prose import scenario_baseline as base_prose
from louyu_lab.study.prose import scenario_outcomes as prose

UNITS = {
    "occupancy_rate": ("入驻率", "比例"),
    "tax_yuan": ("楼宇税收", "元"),
    "yi_buildings": ("亿元楼数量", "幢"),
}


def compared(
    changes: dict[str, tuple[float, float, float]],
    own: dict[str, tuple[float, float, float]] | None = None,
    asked: float = 0.0,
    taken: float = 0.0,
    moves: pd.DataFrame | None = None,
) -> SimpleNamespace:
    """Return a comparison of the last year; ``changes`` and ``own`` indicator → (median, lo80, hi80)."""
    rows = [
        {"indicator": code, "name_zh": UNITS[code][0], "unit": UNITS[code][1], "year": 2023, "mean": values[0],
         "median": values[0], "lo80": values[1], "hi80": values[2], "p_greater": 0.3 * (values[0] > 0),
         "p_smaller": 0.4 * (values[0] < 0)}
        for code, values in changes.items()
    ]  # fmt: skip
    ends = [
        {"indicator": code, "year": 2023, "mean": v[0], "median": v[0], "lo80": v[1], "hi80": v[2]}
        for code, v in (own or {}).items()
    ]
    courses = SimpleNamespace(asked_sqm=np.full((4, 2), asked / 2), taken_sqm=np.full((4, 2), taken / 2))
    unknown = SimpleNamespace(
        entrants=SimpleNamespace(yield_yuan_sqm=np.nan),
        mean_yield_yuan_sqm=np.nan,
        buildings=pd.DataFrame({"tax_yuan": [1e8]}),
    )
    scenario = SimpleNamespace(reason="试一试。", changes={})
    after = SimpleNamespace(
        title="甲", scenario=scenario, paths=pd.DataFrame(ends), courses=courses, baseline=unknown
    )
    before = SimpleNamespace(title="基准", scenario=None)
    return SimpleNamespace(before=before, after=after, paths=pd.DataFrame(rows), buildings=moves)


OWN = {"occupancy_rate": (0.9, 0.88, 0.92), "tax_yuan": (60e8, 55e8, 66e8), "yi_buildings": (12.2, 11, 14)}


def test_a_scenario_is_told_against_the_baseline() -> None:
    changes = {
        "occupancy_rate": (0.05, 0.05, 0.05),
        "tax_yuan": (2e8, -1e7, 3e8),
        "yi_buildings": (-0.5, -1, 0),
    }
    said = prose.outcome_words(compared(changes, OWN, asked=3e5, taken=1.5e5))
    assert said == (
        "**甲**：试一试。推演到 2023 年，入驻率 90.0%（80% 区间 88.0%—92.0%），比基准高 5.0 个百分点；"
        "楼宇税收 60.00 亿元（80% 区间 55.00—66.00 亿元），比基准多 2.00 亿元（80% 区间少 1,000 万元至多 3.00 亿元）；"
        "亿元楼平均 12.2 幢（80% 区间 11—14 幢），比基准平均少 0.5 幢（少的可能性 40%）。"
        "各年合计要多消化 30.0 万㎡，可招商空置平均只够 15.0 万㎡，其余没有计入。"
    )
    assert not {"会", "一定", "将"} & set(said.replace("机会", ""))


def test_an_interval_of_one_sign_has_its_unit_once() -> None:
    said = prose.outcome_words(compared({"tax_yuan": (-2e8, -3e8, -1e8)}, OWN))
    assert "比基准少 2.00 亿元（80% 区间 1.00—3.00 亿元）" in said
    assert prose.spanned("50 万元", "1.00 亿元") == "50 万元—1.00 亿元"
    assert prose.spanned("86.5%", "86.5%") == "86.5%"


def test_more_newcomers_are_told_at_both_yields() -> None:
    both = compared({"tax_yuan": (2e8, 2e8, 2e8)}, OWN)
    for outcome, paid in ((both.before, 1e7), (both.after, 3e7)):
        outcome.courses = SimpleNamespace(entrants_tax_yuan=np.full((4, 1, 2), paid), years=(2022, 2023),
                                          asked_sqm=np.zeros((4, 2)), taken_sqm=np.zeros((4, 2)))  # fmt: skip
    both.after.baseline = SimpleNamespace(
        entrants=SimpleNamespace(yield_yuan_sqm=200.0), mean_yield_yuan_sqm=2000.0
    )
    assert prose.bounds_words(both) == (
        "其中多租给新来企业的面积，按以往新来企业的单产（200 元/㎡），2023 年多交 2,000 万元；"
        "若都达到全区平均（2,000 元/㎡），是 2.00 亿元"
    )
    both.after.scenario.changes = {"new_tenant_yield_ratio": ()}
    assert prose.bounds_words(both) == ""


def test_another_scenario_stands_in_for_the_baseline_by_name() -> None:
    both = compared({"tax_yuan": (2e8, 2e8, 2e8), "yi_buildings": (0.0, 0, 0)}, OWN)
    both.before = SimpleNamespace(title="乙", scenario=SimpleNamespace(reason=""))
    said = prose.outcome_words(both)
    assert "比“乙”多 2.00 亿元" in said and "亿元楼数量与“乙”相同" in said and "基准" not in said


def test_no_change_and_no_data_are_said_plainly() -> None:
    none = dict.fromkeys(OWN, (0.0, 0.0, 0.0))
    assert prose.outcome_words(compared(none, OWN)) == (
        "**甲**：试一试。推演到 2023 年，入驻率、楼宇税收、亿元楼数量与基准相同。"
    )
    assert "没有入驻和税收数据" in prose.outcome_words(compared({}))
    only_rate = prose.outcome_words(compared({"occupancy_rate": (0.01, 0.01, 0.01)}, OWN))
    assert "税收" not in only_rate and "亿元楼" not in only_rate


def test_lacking_space_is_told_only_where_some_is_lacking() -> None:
    assert prose.shortfall_words(compared({}, asked=1e5, taken=99_500)) == ""
    assert "要多消化 10.0 万㎡，可招商空置平均只够 9.0 万㎡" in prose.shortfall_words(
        compared({}, asked=1e5, taken=9e4)
    )


def moves(before: list[float], after: list[float]) -> pd.DataFrame:
    frame = pd.DataFrame({"building": [f"{name}楼" for name in "乙丙丁戊"[: len(before)]], "year": 2023})
    frame = frame.assign(p_yi_before=before, p_yi_after=after, p_tier_up=0.6, p_tier_down=0.0)
    return frame.assign(p_yi_change=frame["p_yi_after"] - frame["p_yi_before"])


def test_movers_are_named_up_and_down() -> None:
    said = prose.movers_words(compared({}, moves=moves([0.1, 0.5, 0.2], [0.4, 0.3, 0.201])))
    assert said == (
        "“甲”下，2023 年达到 1 亿元的可能性，升得最多的是乙楼（10.0%→40.0%）；降得最多的是丙楼（50.0%→30.0%）。"
    )
    still = prose.movers_words(compared({}, moves=moves([0.1], [0.1])))
    assert still == "“甲”没有明显改变哪幢楼达到 1 亿元的可能性；1 幢在其他梯次间变动。"
    assert "没有明显改变" in prose.movers_words(compared({}, moves=moves([], [])))
    pairs = [compared({}, moves=moves([0.1], [0.4])), compared({}, moves=moves([0.1], [0.1]))]
    pairs[1].after.title = "乙"
    assert prose.all_movers_words(pairs)[1:] == ["没有明显改变哪幢楼达到 1 亿元的可能性的：“乙”。"]
    assert len(prose.all_movers_words(pairs[:1])) == 1 and prose.all_movers_words([]) == []


def test_a_building_that_only_one_side_has_is_a_new_one() -> None:
    rows = moves([np.nan, 0.4], [0.496, np.nan]).assign(p_yi_change=[0.496, -0.4])
    assert prose.movers_words(compared({}, moves=rows)) == (
        "“甲”下，2023 年达到 1 亿元的可能性，升得最多的是乙楼（新楼，49.6%）；降得最多的是丙楼（40.0%→没有此楼）。"
    )


def test_without_tax_no_building_is_spoken_of() -> None:
    both = compared({}, moves=moves([0.1], [0.1]))
    both.after.baseline.buildings = pd.DataFrame({"tax_yuan": [np.nan]})
    assert prose.movers_words(both) == prose.NO_TAX
    assert prose.all_movers_words([both, both]) == [prose.NO_TAX]


def test_a_mean_that_stays_is_not_told_as_fewer_by_nothing() -> None:
    both = compared({"yi_buildings": (-0.02, 0, 0)}, OWN)
    both.paths = both.paths.assign(p_greater=0.07, p_smaller=0.09)
    assert "，平均与基准相同（多的可能性 7%，少的可能性 9%）" in prose.outcome_words(both)


def test_an_interval_of_no_width_is_not_printed() -> None:
    own = {"occupancy_rate": (0.9, 0.89996, 0.90004)}
    said = prose.outcome_words(compared({"occupancy_rate": (0.05, 0.05, 0.05)}, own))
    assert "入驻率 90.0%，比基准高 5.0 个百分点" in said


def test_unlocking_that_brings_nothing_is_explained() -> None:
    both = compared(dict.fromkeys(OWN, (0.0, 0.0, 0.0)), OWN)
    let = np.full((4, 1, 2), 1e4)
    both.before.courses = SimpleNamespace(occupied_sqm=let)
    both.after.courses.occupied_sqm, both.after.courses.unlocked_sqm = let, np.array([1e3, 0.0])
    assert "需求" not in prose.outcome_words(both)
    both.after.scenario.changes = {"unlock_rate": ()}
    assert "租出多少看需求" in prose.outcome_words(both)
    both.after.courses.occupied_sqm = let + 500.0
    assert "租出多少看需求" not in prose.outcome_words(both)


def test_refused_files_are_listed_and_no_file_is_explained() -> None:
    assert prose.refused_words([]) == ""
    said = prose.refused_words([ScenarioError("甲.yaml", ["缺 title", "缺 changes"])])
    assert said.endswith("- 甲.yaml：缺 title；缺 changes")
    assert "scenarios/" in prose.no_scenario_words(0, 0)
    assert prose.no_scenario_words(0, 1) == prose.no_scenario_words(1, 0) == ""
    assert prose.extrapolation_words([]) == ""
    columns = ["scenario", "title", "setting", "provenance"]
    changes = pd.DataFrame(
        [
            ("甲", "消化", "30 万㎡；单价 300 元/㎡", "用户；外推：历年最多 5 万㎡"),
            ("甲", "增长", "3%", "用户"),
        ],
        columns=columns,
    )
    assert prose.extrapolated(changes) == ["“甲”的消化 30 万㎡（历年最多 5 万㎡）"]
    assert "外推" in prose.extrapolation_words(["每年多消化空置面积 30 万㎡，历年最多 5 万㎡"])


def test_the_baseline_says_what_it_assumes_and_what_it_lacks() -> None:
    lone = standalone(np.array([2e8, 5e7]), year=2020, horizon=3)
    said = base_prose.baseline_words(lone)
    assert "从 2020 年末的楼宇、企业和税收出发，逐年推演到 2023 年" in said
    assert "在用楼宇 2 幢" in said and "不计退租和新租" in said
    assert "没有第四章的预测，现有税收按年均增长 0.0% 推演" in said and "同涨同跌的幅度约 6.0%" in said
    assert "没有数据、不推演的：入驻和空置、地方财力" in said
    drawn = replace(lone, tax_draws=np.full((4, 2, 3), 1e8))
    assert "照第四章的预测" in base_prose.baseline_words(drawn)
    # The engine's own dependence between buildings makes another interval of the district.
    assert "全区的区间与第四章略有出入" in base_prose.baseline_words(drawn)
    untaxed = replace(lone, buildings=lone.buildings.assign(tax_yuan=np.nan))
    assert "税收和亿元楼" in base_prose.baseline_words(untaxed)
    assert "同涨同跌" not in base_prose.baseline_words(untaxed)
    one = standalone(np.array([2e8]), year=2020, horizon=1)
    assert "推演到 2021 年" in base_prose.baseline_words(one) and "逐年" not in base_prose.baseline_words(one)


def test_the_baseline_tells_stock_newcomers_and_projects() -> None:
    lone = standalone(np.array([2e8, 5e7]), year=2020, horizon=3)
    areas = {"rentable_area_sqm": [6e4, 5e4], "occupied_area_sqm": [5e4, np.nan]}
    demand = replace(lone.demand, lettings_sqm=2e4, source="净吸纳加补足退租。")
    entrants = replace(
        lone.entrants, yield_yuan_sqm=300.0, ramp=np.array([0.5, 1, 1]), multiples=np.array([0, 2.0])
    )
    columns = ["project_id", "planned_completion_year", "gross_area_sqm"]
    supply = pd.DataFrame([("P1", 2022, 1e5), ("P2", 2030, 2e5)], columns=columns)
    full = replace(
        lone,
        buildings=lone.buildings.assign(**areas, unmarketable_area_sqm=[2e3, np.nan]),
        demand=demand,
        entrants=entrants,
        supply=supply,
        retained_rate=0.28,
    )
    said = base_prose.baseline_words(full)
    assert "空置 1.0 万㎡，其中不可招商 0.2 万㎡（1 幢没有入驻数据，面积不变）" in said
    assert "每年新租出 2.0 万㎡左右，补上退租的也在内：净吸纳加补足退租。" in said
    # Known tax and occupied area of the first building only: 2亿 ÷ 5万㎡.
    assert (
        "每㎡年纳税 300 元，是全区平均（4,000 元/㎡）的 0.075 倍，第一年只有其中 50.0%；新来者有 50.0% 不纳税"
        in said
    )
    assert "低于通常约定的 0.3–0.6 倍" in said and "算得较小" in said
    usual = replace(full, entrants=replace(entrants, yield_yuan_sqm=1800.0))
    assert "的 0.45 倍" in base_prose.baseline_words(usual)
    assert "通常约定" not in base_prose.baseline_words(usual)
    assert "在建项目 1 个，建筑面积 10.0 万㎡；基准只看现有楼宇" in said
    assert "不推演的" not in said
    assert "2.50 亿元中的 7,000 万元" in base_prose.money_base_words(full)
    assert base_prose.money_base_words(lone) == ""
    assert "模拟 2,000 次" in base_prose.method_words(full, 2000)
