"""Faults of a scenario that only the district can tell, and what its past says of a value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.state import Baseline, Estimate
from louyu_lab.analysis.scenarios.levers import levers
from louyu_lab.analysis.scenarios.levers.files import load_scenario
from louyu_lab.analysis.scenarios.levers.past import known_range
from louyu_lab.analysis.scenarios.levers.places import unknown_places
from louyu_lab.analysis.scenarios.levers.ranges import (
    default_text,
    extrapolation,
    is_extrapolated,
    marks,
)
from louyu_lab.analysis.scenarios.levers.setting import Clause
from louyu_lab.analysis.scenarios.levers.tables import scenario_changes


@pytest.fixture
def faults(written, district):
    """Return what is unknown of a scenario of the changes given."""

    def find(changes: str, more: str = "", baseline: Baseline = district) -> list[str]:
        return unknown_places(
            baseline, load_scenario(written("甲.yaml", f"title: 甲\nchanges: {changes}\n{more}"))
        )

    return find


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("{absorption_sqm: {2024: 1}}", "2024 年不在推演年份之内（2021–2023）"),
        ("{exit_factor: [{值: 2, 年份: 2019-2021}]}", "2019、2020 年不在推演年份之内"),
        ("{refit_buildings: [甲大厦], refit_year: 2030}", "改造见效年份：2030 年不在推演年份之内"),
        ("{absorption_sqm: [{值: 1, 街道: 南家}]}", "没有街道“南家”（是否想写“南街”？）；可用的：北街、南街"),
        ("{absorption_sqm: [{值: 1, 等级: 甲}]}", "没有等级“甲”（是否想写“甲级”？）；可用的：乙级、甲级"),
        (
            "{exit_factor: [{值: 1, 行业: [金融, 金融业]}]}",
            "没有行业“金融业”（是否想写“金融”？）；可用的：商贸、金融",
        ),
        ("{refit_buildings: [甲大楼]}", "改造的楼宇：没有楼宇“甲大楼”（是否想写“甲大厦”？）"),
        ("{refit_buildings: [双子楼]}", "叫“双子楼”的楼有 2 幢（编号 L0002、L0003），请改写楼宇编号"),
        ("{leaving_enterprises: [甲公司]}", "没有企业“甲公司”"),
        ("{supply_rate: 1}", "在建项目投用比例推演不了：没有在建台账"),
        ("{unlock_rate: 50%}", "运营台账没有不可招商面积"),
        ("{registration_rate: 98%}", "企业台账没有区内注册"),
        ("{new_tenant_registration_rate: 98%}", "企业台账没有新入驻企业的区内注册"),
        ("{tax_type_factor: [{值: 0.8, 税种: 增值税}]}", "税收台账没有分税种"),
        ("{rent_subsidy_yuan_sqm_month: 20}", "没有报价租金"),
    ],
)
def test_what_the_district_does_not_know(faults, changes: str, said: str) -> None:
    found = faults(changes)
    assert len(found) == 1, found
    assert said in found[0]
    assert found[0].startswith("第 2 行：")


def test_all_unknown_names_of_a_lever_are_told_in_one_line(faults, district) -> None:
    found = faults("{refit_buildings: [甲大楼, 丙楼, L0009]}")
    assert found == [
        "第 2 行：改造的楼宇：没有楼宇“甲大楼”（是否想写“甲大厦”？）、“丙楼”（是否想写“双子楼”？）、“L0009”（是否想写“L0003”？）；"
        "可用的：双子楼、甲大厦"
    ]
    clauses = "[{值: 1, 年份: 2019, 街道: 南家}, {值: 2, 年份: 2025, 街道: 西街}]"
    found = faults(f"{{absorption_sqm: {clauses}}}")
    assert len(found) == 2
    assert "2019、2025 年不在推演年份之内" in found[0]
    assert "没有街道“南家”（是否想写“南街”？）、“西街”" in found[1]
    # Of more buildings than anybody reads through only the number.
    many = pd.concat([district.buildings.assign(building=[f"{n}楼{k}" for k in "甲乙丙"]) for n in range(7)])
    found = faults("{refit_buildings: [无此楼]}", baseline=replace(district, buildings=many))
    assert found[0].endswith("；可用的有 21 个")


@pytest.mark.parametrize(
    "changes",
    [
        "{}",
        "{absorption_sqm: {2021: 1, 2023: 1}}",
        "{refit_buildings: [甲大厦, L0002], refit_year: 2023}",
        "{leaving_enterprises: [L0001]}",
        "{exit_factor: [{值: 2, 街道: 南街, 行业: 金融}]}",
        # What would have come anyway is given: the rents are not needed.
        "{rent_subsidy_yuan_sqm_month: 20, deadweight_rate: 70%}",
    ],
)
def test_what_the_district_knows_passes(faults, changes: str) -> None:
    assert faults(changes) == []


def test_without_tax_or_areas_what_rests_on_them_is_refused(faults, district) -> None:
    units = district.units.assign(tax_yuan=0.0)
    bare = replace(district, units=units, buildings=district.buildings.assign(tax_yuan=np.nan))
    assert faults("{tax_factor: 0.9}", baseline=bare) == ["第 2 行：税收倍数推演不了：台账没有楼宇税收"]
    bare = replace(district, buildings=district.buildings.assign(occupied_area_sqm=np.nan))
    assert faults("{absorption_sqm: 1}", baseline=bare) == [
        "第 2 行：每年多消化空置面积推演不了：台账没有可租售面积或入驻面积"
    ]


def test_tax_types_of_the_ledgers_go_by_name(faults, district) -> None:
    known = replace(district, tax_types={"增值税": 0.4, "企业所得税": 0.3})
    assert faults("{tax_type_factor: [{值: 0.8, 税种: 增值税}]}", baseline=known) == []
    found = faults("{tax_type_factor: [{值: 0.8, 税种: 增值}]}", baseline=known)
    assert "没有税种“增值”（是否想写“增值税”？）；可用的：企业所得税、增值税" in found[0]


def test_goals_and_sweeps_are_held_against_the_district_too(faults) -> None:
    goal = (
        "{indicator: 入驻率, year: 2030, target: 90%, probability: 80%, levers: {registration_rate: [0, 1]}}"
    )
    found = faults("{}", f"goal: {goal}\n")
    assert found == [
        "第 3 行：现有企业注册率推演不了：企业台账没有区内注册",
        "第 3 行：目标倒推：2030 年不在推演年份之内（2021–2023）",
    ]
    assert faults("{}", "sweep: {supply_rate: [0, 1]}\n")[0].startswith("第 3 行：在建项目投用比例推演不了")


def test_what_the_base_sets_is_said_to_come_from_there(written, district) -> None:
    written("底.yaml", "title: 底\nchanges: {absorption_sqm: {2030: 1}}\n")
    path = written("上.yaml", "title: 上\nbase: 底\nchanges: {}\n")
    found = unknown_places(district, load_scenario(path))
    assert found == ["基础情景“底”里，每年多消化空置面积：2030 年不在推演年份之内（2021–2023）"]


def test_the_past_says_what_is_extrapolated(district) -> None:
    lever = levers()["absorption_sqm"]
    # The best year let 3,000 ㎡ net; 20,000 ㎡ stand free of 100,000.
    assert not is_extrapolated(lever, 3e3, district)
    assert is_extrapolated(lever, 3001.0, district)
    assert known_range("absorption_rate", district)[1] == pytest.approx(0.15)
    assert known_range("vacancy_cut_rate", district)[1] == pytest.approx(0.03)
    # 80 % let now, and three years of 3 points each.
    assert known_range("target_occupancy_rate", district)[1] == pytest.approx(0.89)
    # 6,000 to 8,000 ㎡ a year were let where 7,000 are expected.
    assert known_range("entry_factor", district)[:2] == pytest.approx((6 / 7, 8 / 7))
    # No drift, common shock 6 %: e^±0.12.
    assert known_range("incumbent_growth_rate", district)[:2] == pytest.approx(
        (np.expm1(-0.12), np.expm1(0.12))
    )
    assert known_range("tax_factor", district)[:2] == pytest.approx((np.exp(-0.12), np.exp(0.12)))
    assert known_range("swap_sqm", district) is None
    assert not is_extrapolated(levers()["swap_sqm"], 1e6, district)


def test_newcomers_far_from_those_on_record_are_extrapolated(district) -> None:
    ratio, swap = levers()["new_tenant_yield_ratio"], levers()["swap_yield_ratio"]
    # Nobody has come yet: the prior, 0.45.
    low, high, words = known_range(ratio.name, district)
    assert (low, high) == pytest.approx((0.225, 0.9))
    assert words == "本区没有记录，先验约为全区平均的 0.45 倍"
    entrants = replace(district.entrants, yield_yuan_sqm=125.0, source="近年新入驻的 300 家企业")
    seen = replace(district, entrants=entrants)
    # 125 of 1,250 元/㎡: half as much and twice as much are near.
    assert known_range(ratio.name, seen)[:2] == pytest.approx((0.05, 0.2))
    assert extrapolation(ratio, (Clause(0.6),), seen) == "外推：历年新入驻企业的单产约为全区平均的 0.1 倍"
    assert is_extrapolated(swap, 1.5, seen) and not is_extrapolated(swap, 0.15, seen)
    bare = replace(district, buildings=district.buildings.assign(tax_yuan=0.0))
    assert known_range(ratio.name, bare) is None


def test_leaving_is_held_against_the_turnover_on_record(district) -> None:
    # 10 % of 80,000 ㎡ leave in a year, 7,000 are let anew; had the best (+3,000) and the worst year
    # (−1,000) been due to leavers alone, 4,000 to 8,000 ㎡ would have left: 0.5 to 1 times as many.
    turned = replace(district, units=district.units.assign(exit_rate=0.1))
    assert known_range("exit_factor", turned)[:2] == pytest.approx((0.5, 1.0))
    assert is_extrapolated(levers()["exit_factor"], 10.0, turned)
    assert known_range("exit_factor", district) is None
    # Tax leaving in a year: 10 % of 1 亿元 and twice √(0.09 × (0.36 + 0.09 + 0.01)) 亿元 = 0.507 亿元; the
    # largest alone pays 0.6.
    _, most, words = known_range("largest_payers_leaving", turned)
    assert (most, words) == (0.0, "按各企业迁出的可能，一年迁走的税收一般不到 5,070 万元，最大的一家就不止")
    even = replace(turned, units=turned.units.assign(tax_yuan=[3e7, 3e7, 3e7]))
    # 0.09 + 2 √(0.09 × 0.27) = 0.402 亿元: one of 0.3, not two.
    assert known_range("largest_payers_leaving", even)[1] == 1.0
    assert extrapolation(levers()["largest_payers_leaving"], (Clause(2.0),), even).endswith(
        "最大的 2 家合计已超过"
    )


def test_the_total_is_held_against_growth_until_the_last_year(district) -> None:
    # 1 亿元, no drift, 6 % a year: e^(±2 × 0.06 × √3) of it in the third year.
    low, high, words = known_range("fixed_total_tax_yuan", district)
    assert (low, high) == pytest.approx((1e8 * np.exp(-0.12 * 3**0.5), 1e8 * np.exp(0.12 * 3**0.5)))
    assert words == "按历年增长，到 2023 年约在 8,120 万元至 1.23 亿元"
    assert is_extrapolated(levers()["fixed_total_tax_yuan"], 9999e8, district)


def test_registration_far_from_todays_is_extrapolated(district) -> None:
    known = replace(district, registration_rate=0.96)
    # 4 of 100 are not registered: 2 to 8 are near.
    assert known_range("registration_rate", known)[:2] == pytest.approx((0.92, 0.98))
    assert is_extrapolated(levers()["registration_rate"], 0.99, known)
    assert known_range("registration_rate", district) is None
    new = replace(district, entrants=replace(district.entrants, registration_rate=0.5))
    assert extrapolation(levers()["new_tenant_registration_rate"], (Clause(1.0),), new) == (
        "外推：新入驻企业的注册率为 50%"
    )


def test_growth_of_a_part_is_judged_too(district) -> None:
    lever = levers()["growth_change_rate"]
    south = {"streets": ("南街",)}
    # Twice the common shock of 6 %: 12.7 points.
    assert extrapolation(lever, (Clause(0.12, scope=south),), district) == ""
    assert extrapolation(lever, (Clause(0.15, scope=south),), district).startswith("外推：历年共同增长")


def test_no_past_no_mark(district) -> None:
    empty = replace(district, demand=replace(district.demand, history=district.demand.history.iloc[:0]))
    assert known_range("absorption_sqm", empty) is None
    assert known_range("entry_factor", empty) is None


def test_areas_of_one_year_are_added_up_and_parts_not_judged_by_rates(district) -> None:
    area, rate = levers()["absorption_sqm"], levers()["absorption_rate"]
    south, north = {"streets": ("南街",)}, {"streets": ("北街",)}
    assert extrapolation(area, (Clause(2e3, scope=south),), district) == ""
    both = (Clause(2e3, scope=south), Clause(2e3, scope=north))
    assert extrapolation(area, both, district) == "外推：历年净吸纳最多 3,000 ㎡"
    # In different years, or the later of the same scope: never more than 2,000 a year.
    assert extrapolation(area, (Clause(2e3, (2021,)), Clause(2e3, (2022,))), district) == ""
    assert extrapolation(area, (Clause(9e3, scope=south), Clause(2e3, scope=south)), district) == ""
    assert extrapolation(rate, (Clause(0.5, scope=south),), district) == ""
    assert extrapolation(rate, (Clause(0.5),), district) != ""
    assert marks({"absorption_rate": (Clause(0.5),), "exit_factor": (Clause(9.0),)}, district).keys() == {
        "absorption_rate"
    }


def test_defaults_stand_in_the_districts_own_figures(district) -> None:
    assert default_text(levers()["new_tenant_yield_ratio"], district).startswith("0.45 倍：")
    assert default_text(levers()["registration_rate"], district) == levers()["registration_rate"].default
    known = replace(district, registration_rate=0.96411, retained_rate=0.28)
    assert default_text(levers()["registration_rate"], known).startswith("96.4%：")
    assert default_text(levers()["local_share_rate"], known).startswith("28%：")
    own = replace(district, estimates={"refit_vacancy_cut_rate": Estimate(0.04, 0.01, 0.07, "前后对照")})
    said = default_text(levers()["refit_vacancy_cut_rate"], own)
    assert said == "4 个百分点（80% 区间 1 个百分点至7 个百分点；前后对照）"


def test_changes_are_told_lever_by_lever_from_baseline_to_scenario(written, district) -> None:
    text = "title: 甲\nchanges: {exit_factor: 2, absorption_sqm: 5000㎡}\ncosts: {absorption_sqm: 800}\n"
    scenario = load_scenario(written("甲.yaml", text))
    table = scenario_changes([scenario], district).set_index("lever")
    # In the order of the levers, not of the file.
    assert table.index.tolist() == ["absorption_sqm", "exit_factor"]
    assert table.loc["absorption_sqm", "setting"] == "5,000 ㎡；单价 800 元/㎡"
    assert table.loc["absorption_sqm", "provenance"] == "用户；外推：历年净吸纳最多 3,000 ㎡"
    assert table.loc["exit_factor", ["default", "setting", "provenance"]].tolist() == [
        "1 倍：与基准相同",
        "2 倍",
        "用户",
    ]
    assert scenario_changes([scenario])["provenance"].tolist() == ["用户", "用户"]
    text = "title: 乙\nchanges: {absorption_sqm: [{值: 1000㎡}, {值: 500㎡, 街道: 南街}]}\n"
    table = scenario_changes([load_scenario(written("乙.yaml", text))], district)
    assert table["setting"].tolist() == ["1,000 ㎡；南街 500 ㎡（各条相加）"]
    empty = scenario_changes([])
    assert empty.empty and isinstance(empty["setting"].dtype, pd.StringDtype)
