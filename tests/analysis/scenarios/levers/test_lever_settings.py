"""Values of levers as people write them: one, by year, clauses, names; and what is refused."""

from __future__ import annotations

import pytest

from louyu_lab.analysis.scenarios.levers import levers
from louyu_lab.analysis.scenarios.levers.reading import read_setting
from louyu_lab.analysis.scenarios.levers.setting import Clause


@pytest.mark.parametrize(
    ("name", "text", "setting"),
    [
        ("absorption_sqm", "50000", (Clause(5e4),)),
        ("absorption_sqm", "10万㎡", (Clause(1e5),)),
        ("absorption_sqm", "{2022: 0, 2021: 5万㎡}", (Clause(5e4, (2021,)), Clause(0.0, (2022,)))),
        ("absorption_sqm", "{2021年: 5万㎡}", (Clause(5e4, (2021,)),)),
        ("absorption_sqm", "[{value: 5万㎡, years: 2021}]", (Clause(5e4, (2021,)),)),
        ("absorption_sqm", "{值: 5万㎡, 年份: 2021–2023}", (Clause(5e4, (2021, 2022, 2023)),)),
        (
            "exit_factor",
            "[{值: 2, 年份: [2022, 2021], 行业: [金融], 等级: 乙级, 区间: [1.5, 2.5]}, {值: 1.5倍}]",
            (
                Clause(2.0, (2021, 2022), {"grades": ("乙级",), "industries": ("金融",)}, 1.5, 2.5),
                Clause(1.5),
            ),
        ),
        ("supply_delay_years", "1.0", (Clause(1.0),)),
        ("refit_year", "2022年", (Clause(2022.0),)),
        ("new_tenant_yield_ratio", "[{值: 0.5, 区间: [0.3, 0.6]}]", (Clause(0.5, low=0.3, high=0.6),)),
        ("refit_buildings", "南楼", ("南楼",)),
        ("refit_buildings", "[南楼, ' 北楼', 南楼]", ("南楼", "北楼")),
        # A building's number may look like a number.
        ("refit_buildings", "[0012]", ("0012",)),
    ],
)
def test_every_form_becomes_clauses_in_stored_units(entry, name: str, text: str, setting: tuple) -> None:
    problems: list[str] = []
    assert read_setting(levers()[name], entry(text), problems) == setting
    assert problems == []


@pytest.mark.parametrize("text", ["150%", "150％"])
def test_a_percentage_too_large_is_not_taken_for_a_forgotten_sign(entry, text: str) -> None:
    problems: list[str] = []
    read_setting(levers()["absorption_rate"], entry(text), problems)
    assert problems == [f"第 1 行：每年多消化空置占比应在0%至100%之间，现为 {text}"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("absorption_sqm", "10亿元", "应为平方米数，如 50000 或 5万㎡，现为 10亿元"),
        ("absorption_sqm", "5万元", "应为平方米数"),
        ("absorption_sqm", "yes", "应为平方米数"),
        ("absorption_sqm", ".nan", "应为平方米数"),
        ("absorption_sqm", "", "现为 空"),
        ("absorption_sqm", "-1", "应在0 ㎡至500 万㎡之间"),
        ("absorption_sqm", "{}", "没有写年份"),
        ("absorption_sqm", "[]", "空的列表"),
        ("absorption_sqm", "[5万㎡]", "列表里应是“值: …, 年份: …”"),
        ("absorption_sqm", "{明年: 1}", "“明年”不是年份"),
        ("absorption_sqm", "{2021：5万㎡，2022：10万㎡}", "不是年份；：， 要用半角，后面空一格"),
        (
            "absorption_sqm",
            "{2021-2023: 1万㎡}",
            "“2021-2023”不是年份；几年一样的写成 {值: …, 年份: 2021-2023}",
        ),
        ("absorption_sqm", "{2021: 多}", "（2021 年）应为平方米数"),
        ("absorption_sqm", "{2021: 1, 2021: 2}", "“2021”写了两次"),
        ("absorption_sqm", "[{年份: 2021}]", "缺 value（值）"),
        ("absorption_sqm", "[{值: 1, 年: 2021}]", "没有“年”这一项（是否想写“年份”？）"),
        ("absorption_sqm", "[{值: 1, 年份: 2023-2021}]", "“2023-2021”不是年份"),
        ("absorption_sqm", "[{值: 1, 年份: []}]", "没有写年份"),
        ("absorption_sqm", "[{值: 1, 行业: 金融}]", "不能按行业写；可限街道、等级、楼宇"),
        ("target_occupancy_rate", "[{值: 90%, 街道: 南街}]", "不能按街道写；不能限定范围"),
        ("absorption_sqm", "[{值: 1, 街道: []}]", "的街道应为名称"),
        # 20 is not taken for 20 %: it would be twenty times all there is.
        ("absorption_rate", "20", "应在0%至100%之间，现为 20；若是 20%，写成 20% 或 0.2"),
        ("absorption_rate", "3个百分点", "应为0–1 的小数或百分数"),
        ("growth_change_rate", "3", "若是 3%，写成 3个百分点 或 0.03"),
        ("rent_subsidy_yuan_sqm_month", "30元/㎡", "应为每平方米每月多少元"),
        ("supply_delay_years", "1.5", "应为整年数"),
        ("largest_payers_leaving", "0.5", "应为整户数"),
        ("supply_delay_years", "{2021: 1}", "不能分年写"),
        ("supply_rate", "[{值: 1, 年份: 2021}]", "不能分年写"),
        ("refit_year", "22", "应为年份"),
        ("exit_factor", "[{值: 2, 区间: [2.5, 3]}]", "并包住所写的值"),
        ("exit_factor", "[{值: 2, 区间: [2.5, 1.5]}]", "应从低到高"),
        ("exit_factor", "[{值: 2, 区间: 1.5}]", "区间应是两个值"),
        ("exit_factor", "[{值: 2, 区间: [1, 2, 3]}]", "区间应是两个值"),
        ("exit_factor", "[{值: 2, 区间: [少, 3]}]", "的区间应为倍数"),
        ("refit_buildings", "{南楼: 2022}", "应为名称"),
        ("refit_buildings", "[]", "应为名称"),
        ("refit_buildings", "[南楼, [北楼]]", "应为名称"),
        ("refit_buildings", "yes", "应为名称"),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_is_allowed(entry, name: str, text: str, said: str) -> None:
    problems: list[str] = []
    assert read_setting(levers()[name], entry(text or "''"), problems) is None
    assert len(problems) == 1, problems
    assert said in problems[0]
    assert problems[0].startswith("第 1 行：")


def test_every_fault_of_a_list_is_said_with_its_own_line(entry) -> None:
    problems: list[str] = []
    text = "- {值: 2}\n- {值: 多}\n- {值: 99}\n"
    assert read_setting(levers()["exit_factor"], entry(text), problems) is None
    assert [problem[:6] for problem in problems] == ["第 2 行：", "第 3 行："]
