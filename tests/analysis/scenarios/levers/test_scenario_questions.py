"""Unit costs, sweeps and goals of a scenario file."""

from __future__ import annotations

import pytest

from louyu_lab.analysis.scenarios.levers.files import ScenarioError, load_scenario
from louyu_lab.analysis.scenarios.levers.scenario import Goal

GOAL = (
    "{indicator: 亿元楼数量, year: 2023, target: 15, probability: 80%, levers: {absorption_sqm: [0, 10万㎡]}}"
)


def test_a_sweep_is_one_line(written) -> None:
    path = written("甲.yaml", "title: 甲\nchanges: {}\nsweep: {incumbent_growth_rate: [0%, 3%, 5%]}\n")
    scenario = load_scenario(path)
    assert scenario.sweep == ("incumbent_growth_rate", (0.0, 0.03, 0.05))
    assert scenario.lines == {"sweep": 3}


def test_a_goal_with_its_costs(written) -> None:
    text = f"标题: 甲\n改变: {{}}\n单价: {{absorption_sqm: 300元/㎡}}\n目标倒推: {GOAL}\n"
    scenario = load_scenario(written("甲.yaml", text))
    assert scenario.goal == Goal("yi_buildings", 2023, 15.0, 0.8, {"absorption_sqm": (0.0, 1e5)})
    assert scenario.costs == {"absorption_sqm": 300.0}


@pytest.mark.parametrize(
    ("indicator", "target", "value"),
    [
        ("入驻率", "90%", 0.9),
        ("occupancy_rate", "0.9", 0.9),
        ("楼宇税收", "60亿元", 6e9),
        ("可租售面积", "350万㎡", 3.5e6),
        ("亿元楼数量", "15幢", 15.0),
        ("单位面积税收", "3500元/㎡", 3500.0),
    ],
)
def test_targets_are_read_in_the_unit_of_the_indicator(
    written, indicator: str, target: str, value: float
) -> None:
    goal = GOAL.replace("亿元楼数量", indicator).replace("target: 15", f"target: {target}")
    scenario = load_scenario(written("甲.yaml", f"title: 甲\nchanges: {{}}\ngoal: {goal}\n"))
    assert scenario.goal is not None
    assert scenario.goal.target == pytest.approx(value)


def test_what_only_the_goal_or_the_sweep_moves_counts_as_moved(written) -> None:
    # The lever refined is the one that is swept; its unit cost is of use.
    text = "title: 甲\nchanges: {supply_delay_years: 1}\nsweep: {supply_rate: [50%, 100%]}\n"
    assert load_scenario(written("甲.yaml", text)).sweep == ("supply_rate", (0.5, 1.0))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("sweep: {absorption_sqm: 1}", "第 3 行：每年多消化空置面积应写2 个以上的值"),
        ("sweep: {absorption_sqm: [1万㎡]}", "应写2 个以上的值"),
        ("sweep: {absorption_sqm: [1万㎡, 1万㎡]}", "扫描值有重复"),
        ("sweep: {absorption_sqm: [1万㎡, 多]}", "应为平方米数"),
        ("sweep: {absorption_sqm: [1, 2], exit_factor: [1, 2]}", "只能扫一个杠杆"),
        ("sweep: {refit_buildings: [甲楼, 乙楼]}", "不是一个数"),
        ("sweep: [1, 2]", "sweep（扫描）下应是“杠杆: [值, 值, …]”"),
        ("sweep: {absorbtion: [1, 2]}", "没有杠杆“absorbtion”"),
        ("costs: {exit_factor: 1}", "企业迁出倍数没有单价可言；可写单价的："),
        ("costs: {absorption_sqm: 800元}", "单价应为不小于 0 的元/㎡，如 800 或 800元/㎡，现为 800元"),
        ("costs: {absorption_sqm: -1}", "不小于 0"),
        ("costs: {absorption_sqm: 1}", "第 3 行：写了每年多消化空置面积的单价，但"),
        ("costs: {absorption_sqm: 1, 每年多消化空置面积: 1}", "写了两次"),
        ("costs: 800", "costs（单价）下应是"),
        ("goal: 15", "goal（目标倒推）下应写"),
        (
            "goal: {target: 15}",
            "goal（目标倒推）缺 indicator（指标）、year（年份）、probability（把握）、levers（杠杆）",
        ),
        (f"goal: {GOAL.replace('亿元楼数量', '亿元楼数')}", "没有指标“亿元楼数”（是否想写“亿元楼数量”？）"),
        (f"goal: {GOAL.replace('2023', '三年后')}", "year（年份）应为一个年份，现为 三年后"),
        (f"goal: {GOAL.replace('80%', '80')}", "probability（把握）应在 0 与 1 之间，如 80% 或 0.8，现为 80"),
        (f"goal: {GOAL.replace('80%', '100%')}", "应在 0 与 1 之间"),
        (f"goal: {GOAL.replace('15', '15亿元')}", "亿元楼数量的目标值应为数字，如 15 或 15幢，现为 15亿元"),
        (f"goal: {GOAL.replace('亿元楼数量', '入驻率').replace('15', '90')}", "若是 90%，写成 90%"),
        # 700 would be 700 元, which every course of events reaches.
        (
            f"goal: {GOAL.replace('亿元楼数量', '楼宇税收').replace('15', '700')}",
            "楼宇税收的目标值要写单位，如 15亿元，现为 700",
        ),
        (f"goal: {GOAL.replace('[0, 10万㎡]', '10万㎡')}", "应写低、高两个值"),
        (f"goal: {GOAL.replace('[0, 10万㎡]', '[10万㎡, 0]')}", "范围应从低到高"),
        (f"goal: {GOAL.replace('{absorption_sqm: [0, 10万㎡]}', '{}')}", "levers（杠杆）是空的"),
        (
            "goal: " + GOAL.replace("[0, 10万㎡]", "[0, 10万㎡], absorption_rate: [0, 1]"),
            "每年多消化空置占比与每年多消化空置面积不能同时写",
        ),
    ],
)
def test_faulty_questions(written, lines: str, said: str) -> None:
    path = written("甲.yaml", f"title: 甲\nchanges: {{}}\n{lines}\n")
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    assert said in str(refused.value)
    assert "第 3 行：" in str(refused.value)
