"""The legal warning: what calls it up, what it cites, and that nothing silences it."""

from __future__ import annotations

import inspect

import pytest

from louyu_lab.analysis.scenarios.answers import legal
from louyu_lab.analysis.scenarios.answers.legal import legal_table, legal_warning
from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Clause


def scenario_of(title="利税返点", reason="", **more) -> Scenario:
    return Scenario("a.yaml", title, "", reason, "", **{"changes": {}, **more})


TIED = [name for name, lever in levers().items() if lever.is_tied_to_tax]


def test_some_levers_are_tied_to_tax():
    assert {"tax_rebate_rate", "tax_award_rate"} <= set(TIED)


@pytest.mark.parametrize("name", TIED)
def test_every_lever_tied_to_tax_warns_wherever_a_file_names_it(name):
    goal = Goal("tax_yuan", 2023, 1e9, 0.8, {name: (0.0, 0.3)})
    plain = {"title": "甲"}
    for scenario in (
        scenario_of(**plain, changes={name: (Clause(0.3),)}),
        scenario_of(**plain, changes={name: (Clause(0.0),)}),
        scenario_of(**plain, sweep=(name, (0.0, 0.1))),
        scenario_of(**plain, goal=goal),
        scenario_of(**plain, costs={name: 1.0}),
    ):
        text = legal_warning([None, scenario])
        assert "【法律警告】" in text
        assert levers()[name].title in text


def test_it_cites_the_regulation():
    text = legal_warning([scenario_of(changes={"tax_rebate_rate": (Clause(0.3),)})])
    for part in ("公平竞争审查条例", "国务院令第783号", "2024年8月1日", "第十条", "给予特定经营者税收优惠",
                 "给予特定经营者选择性、差异化的财政奖励或者补贴", "没有法律、行政法规依据或者未经国务院批准"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize(
    "words",
    ["利税返点", "税收返还三成", "按地方贡献给予奖励", "对纳税大户奖励", "先征后返", "奖励与税收挂钩"],
)
def test_words_of_the_kind_bring_a_softer_note(words):
    for scenario in (scenario_of(title=words), scenario_of(title="甲", reason=words)):
        text = legal_warning([scenario])
        assert "【法律提示】" in text
        assert "警告" not in text


@pytest.mark.parametrize("words", ["减税降费", "消化闲置30万㎡", "腾笼换鸟", "亿元楼税收增长", "提高注册率"])
def test_other_scenarios_bring_none(words):
    assert legal_warning([scenario_of(title=words, reason=words), None]) == ""
    assert legal_warning([]) == ""


def test_a_subsidy_for_chosen_industries_brings_a_note_and_one_for_all_none():
    name = "rent_subsidy_yuan_sqm_month"
    chosen = (Clause(30.0, scope={"industries": ("金融",)}),)
    assert "限定了楼宇或行业" in legal_warning([scenario_of("补贴", changes={name: chosen})])
    assert legal_warning([scenario_of("补贴", changes={name: (Clause(30.0),)})]) == ""


def test_the_regulation_is_cited_once_for_many():
    rebate = {"tax_rebate_rate": (Clause(0.3),)}
    text = legal_warning(
        [scenario_of("甲", changes=rebate), scenario_of("乙", changes=rebate), scenario_of("返点")]
    )
    assert text.count("第783号") == 1
    assert all(f"情景“{title}”" in text for title in ("甲", "乙", "返点"))
    assert list(legal_table([scenario_of("甲", changes=rebate)])["severity"]) == ["警告"]


def test_nothing_silences_it(monkeypatch):
    """No argument but the scenarios, nothing read from the environment, no switch in the module."""
    assert list(inspect.signature(legal_warning).parameters) == ["scenarios"]
    assert list(inspect.signature(legal_table).parameters) == ["scenarios"]
    source = inspect.getsource(legal)
    assert not any(word in source for word in ("environ", "getenv", "import warnings", "logging", "quiet"))
    for name in ("LOUYU_QUIET", "LOUYU_NO_LEGAL", "PYTHONWARNINGS"):
        monkeypatch.setenv(name, "ignore")
    assert legal_warning([scenario_of(changes={"tax_award_rate": (Clause(0.3),)})])


def test_the_whole_phrase_is_quoted():
    # The words that call the notice up are 税返点奖, a torn piece of the title.
    assert legal_table([scenario_of("利税返点奖励")])["subject"].tolist() == ["写到“利税返点奖励”"]
    reason = "招商；拟对大户先征后返三成，其余照旧"
    assert legal_table([scenario_of("甲", reason)])["subject"].tolist() == ["写到“拟对大户先征后返三成”"]
