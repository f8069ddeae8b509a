"""One scenario answered: console, report, tables and parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.scenarios import load_scenario
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.scenario import ScenarioError
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.answering import QUICK_DRAWS, Answer, answer
from louyu_lab.run.what_if.folder import AFTER, BEFORE, PAGE, TABLE_NAMES
from louyu_lab.run.what_if.goal_words import checked_words
from louyu_lab.run.what_if.listing import lever_list
from louyu_lab.run.what_if.parameters import parameter_text
from louyu_lab.run.what_if.report import write_answer
from louyu_lab.run.what_if.summary import moved_text, summary

GROWTH = "title: 增长\nreason: 测试\nchanges:\n  growth_change_rate: 5个百分点\ncosts:\n  growth_change_rate: 1000万元/百分点\n"


@pytest.fixture
def ask(baseline: Baseline, write_scenario: Callable[..., Path]) -> Callable[..., Answer]:
    def ask(text: str, against: str = "", draws: int = 60) -> Answer:
        scenario = load_scenario(write_scenario("甲", text))
        other = load_scenario(write_scenario("乙", against)) if against else None
        return answer(baseline, scenario, other, draws=draws)

    return ask


def test_the_answer_is_short_and_says_what_it_is_about(ask: Callable[..., Answer]) -> None:
    lines = summary(ask("title: 消化空置\nchanges:\n  absorption_sqm: 4000㎡\n"), "和安区-2020-00000000")
    assert len("\n".join(lines).splitlines()) < 10
    assert lines[0] == "消化空置（对比基准，和安区，运行 和安区-2020-00000000）"
    # 96,000 of 120,000㎡ are let and stay. Newcomers leave at 6.2 % a year: 4,000 × (1 + 0.938 + 0.938²) =
    # 11,271㎡ are added by 2023, and (96,000 + 11,271) ÷ 120,000 = 89.4 %.
    # It is the same in all draws, so that there is no interval to tell.
    assert lines[1] == "2023 年（中位数）：入驻率 80.0% → 89.4%；" + lines[1].partition("；")[2]
    # In 2022 it is (96,000 + 4,000 × 1.938) ÷ 120,000 = 86.5 %, above the target of 85 %.
    assert any("2022 年入驻率 85.0%：不足1% → 超过99%" in line for line in lines)


def test_the_numbers_are_those_of_the_outcomes(ask: Callable[..., Answer]) -> None:
    asked = ask(GROWTH)
    told = "\n".join(summary(asked, "x"))
    last = asked.after.paths[asked.after.paths["year"] == 2023].set_index("indicator")
    assert f"{last.loc['tax_yuan', 'median'] / 1e8:,.2f} 亿元（80% 区间" in told
    # The number of 亿元楼 by its median, as everything else, and its mean called so.
    tall, was = last.loc["yi_buildings"], asked.base.paths.set_index(["indicator", "year"])
    assert f"亿元楼数量 {was.loc[('yi_buildings', 2023), 'median']:.0f} → {tall['median']:.0f} 幢" in told
    assert f"平均 {was.loc[('yi_buildings', 2023), 'mean']:.1f} → {tall['mean']:.1f} 幢" in told
    cost = asked.monies[0].cost_yuan.sum(axis=1).mean()
    # Five points at 1,000万元 each, in each of three years.
    assert cost == pytest.approx(1.5e8) and "花费 1.50 亿元" in told


def test_the_price_stands_with_its_interval(ask: Callable[..., Answer]) -> None:
    asked = ask(GROWTH)
    price = asked.monies[0].price
    said = f"每新增 1 元地方税收花 {price.value:.2f} 元（80% 区间 {price.low:.2f}–{price.high:.2f} 元）"
    assert said in "\n".join(summary(asked, "x"))


def test_a_building_that_is_not_there_has_no_chance() -> None:
    assert moved_text(0.12, 0.14) == " 12% → 14%"
    assert moved_text(float("nan"), 0.44) == "（新建）44%"
    assert moved_text(0.44, float("nan")) == " 44% → 没有这幢"


def test_a_scenario_beside_another(ask: Callable[..., Answer]) -> None:
    asked = ask(GROWTH, against="title: 小增长\nchanges:\n  growth_change_rate: 2个百分点\n")
    assert asked.before.title == "小增长" and asked.compared.before is asked.against
    assert [each.title for each in asked.monies] == ["小增长", "增长"]
    with pytest.raises(ScenarioError, match=r"标题与 乙\.yaml 相同"):
        ask(GROWTH, against=GROWTH)


def test_a_sweep_is_a_small_table_and_a_goal_a_mix(ask: Callable[..., Answer]) -> None:
    lines = summary(
        ask("title: 扫描\nchanges: {}\nsweep: {growth_change_rate: [0个百分点, 10个百分点]}\n"), "x"
    )
    table = next(line for line in lines if line.startswith("扫描税收年增长加减（2023 年，中位数）"))
    assert len(table.splitlines()) == 3
    # What the swept lever does not move is not told at every value; nor is a comparison with the baseline.
    assert "入驻率" not in table and "亿元楼数量" in table
    assert lines[0] == "扫描（和安区，运行 x）" and "基准 2023 年" in lines[1] and "不变" not in lines[1]


GOAL = (
    "title: 倒推\nchanges: {}\ncosts: {growth_change_rate: 100万元/百分点}\n"
    "goal: {indicator: 亿元楼数量, year: 2023, target: 6, probability: 60%,"
    " levers: {growth_change_rate: [0个百分点, 20个百分点]}}\n"
)


def test_a_goal_is_named_and_answered_by_a_mix(ask: Callable[..., Answer]) -> None:
    asked = ask(GOAL)
    assert asked.goal is not None and asked.goal.is_reached
    aim = "目标倒推（2023 年亿元楼数量达到 {} 幢，把握 60%）："
    assert any(line.startswith(f"{aim.format(6)}最省的组合是税收年增长加减") for line in summary(asked, "x"))
    far = ask(GOAL.replace("target: 6", "target: 12"))
    assert any(line.startswith(f"{aim.format(12)}全部用足也达不到，可能性最高") for line in summary(far, "x"))
    near = ask(GOAL.replace("target: 6", "target: 1"))
    assert any(line.startswith(f"{aim.format(1)}不用这些杠杆，可能性已有") for line in summary(near, "x"))


def test_a_mix_sought_with_few_draws_is_tried_on_all(ask: Callable[..., Answer]) -> None:
    asked = ask(GOAL, draws=QUICK_DRAWS + 50)
    assert asked.goal is not None
    # Told by the mix itself, simulated as a scenario of its own on all draws.
    value = asked.goal.mix["growth_change_rate"]
    text = f"title: 同\nchanges: {{growth_change_rate: {value!r}}}\n"
    tall = ask(text, draws=QUICK_DRAWS + 50).after.draws["yi_buildings"][:, -1]
    assert asked.goal_chance == np.mean(tall >= 6) and 0 < asked.goal_chance < 1
    said = f"用 250 次模拟求得，全部 300 次核对为 {asked.goal_chance:.1%}"
    assert said in "\n".join(summary(asked, "x")) and said in checked_words(asked)
    # With no more draws than these there is nothing to try.
    assert checked_words(ask(GOAL, draws=QUICK_DRAWS)) == ""


def test_levers_without_a_cost_are_named_beside_the_price(ask: Callable[..., Answer]) -> None:
    told = "\n".join(summary(ask(f"{GROWTH}".replace("changes:\n", "changes:\n  entry_factor: 2\n")), "x"))
    # Once: the remark beside the price names it.
    assert told.count("未计") == 1 and f"未计{levers()['entry_factor'].title}" in told
    assert "未计" not in "\n".join(summary(ask(GROWTH), "x"))


def test_only_targets_whose_chance_changes_are_told(ask: Callable[..., Answer]) -> None:
    told = "\n".join(summary(ask("title: 减税\nchanges: {tax_factor: 0.9}\n"), "x"))
    assert "2023 年亿元楼数量 7 幢：" in told and "入驻率 85.0%：" not in told
    still = "\n".join(summary(ask("title: 留存\nchanges: {local_share_rate: 50%}\n"), "x"))
    assert "达到目标的可能性：2 项都没有明显改变，见报告" in still
    assert "比基准税收没有增减" in still


def test_the_legal_warning_is_on_screen_and_in_the_report(ask: Callable[..., Answer], tmp_path: Path) -> None:
    asked = ask("title: 返还\nchanges:\n  tax_rebate_rate: 50%\n")
    assert any("公平竞争审查条例" in line for line in summary(asked, "x"))
    page = write_answer(asked, tmp_path / "报告", "x")
    assert "公平竞争审查条例" in page.read_text(encoding="utf-8")


def test_what_lies_beyond_the_record_is_marked(ask: Callable[..., Answer]) -> None:
    told = summary(ask("title: 大增\nchanges:\n  growth_change_rate: 40个百分点\n"), "x")
    assert any("外推" in line for line in told)
    assert not any(
        "外推" in line
        for line in summary(ask("title: 小增\nchanges: {growth_change_rate: 1个百分点}\n"), "x")
    )


def test_the_report_holds_the_tables_as_they_are_declared(ask: Callable[..., Answer], tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    write_answer(ask("title: 扫描\nchanges: {}\nsweep: {exit_factor: [1, 2]}\n"), folder, "x")
    assert (folder / "scenario_sweep.csv").is_file()
    page = write_answer(ask(GROWTH), folder, "和安区-2020-00000000")
    written = {path.name for path in folder.iterdir()}
    assert {PAGE, BEFORE, AFTER, "scenarios.csv", "targets_probability.csv"} <= written
    # What the earlier answer left is gone.
    assert "scenario_sweep.csv" not in written
    assert {name.removesuffix(".csv") for name in written} <= {PAGE, BEFORE, AFTER, *TABLE_NAMES}
    for path in folder.glob("*.csv"):
        columns = pd.read_csv(path, encoding="utf-8-sig", nrows=0).columns
        assert list(columns) == list(TABLES[path.stem].columns)
    text = page.read_text(encoding="utf-8")
    assert "情景推演：增长" in text and "和安区-2020-00000000" in text
    # The parts of the gap are not left to be taken for effects.
    assert "对数平均迪氏分解" in text and "不是各项措施的效果" in text
    # Nothing is loaded, and no place of this machine is named.
    assert (
        str(tmp_path) not in text and "<script" not in text and "http" not in text.replace("http-equiv", "")
    )


def test_an_answer_is_not_written_among_other_files(
    ask: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("louyu_lab.run.what_if.report._sections", lambda *_: [])
    (tmp_path / "我的").mkdir()
    (tmp_path / "我的" / "scenarios.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"里有别的文件（如“scenarios\.csv”）"):
        write_answer(ask(GROWTH), tmp_path / "我的", "x")
    assert (tmp_path / "我的" / "scenarios.csv").read_text(encoding="utf-8") == "mine"


def test_a_page_answers_a_sweep_or_a_goal_first(ask: Callable[..., Answer], tmp_path: Path) -> None:
    text = write_answer(ask(GOAL), tmp_path / "倒推", "x").read_text(encoding="utf-8")
    assert text.index("<h2>目标倒推</h2>") < text.index("<h2>逐年的结果</h2>")
    assert "情景本身不作改变" in text and "亿元楼数量与基准相同" not in text


def test_the_page_shows_what_the_scenario_moves_and_the_file_all(
    ask: Callable[..., Answer], tmp_path: Path
) -> None:
    text = write_answer(ask(GROWTH), tmp_path / "增长", "x").read_text(encoding="utf-8")
    chances = text[text.index("<h2>目标能否达到</h2>") : text.index("<h2>差距在哪里</h2>")]
    # The targets of the baseline stand beside the scenario's, not above them.
    assert ">增长</td>" in chances and ">基准</td>" not in chances
    assert set(pd.read_csv(tmp_path / "增长" / "targets_probability.csv")["scenario"]) == {"基准", "增长"}


def test_the_same_question_gives_the_same_bytes(ask: Callable[..., Answer], tmp_path: Path) -> None:
    def digests(name: str) -> dict[str, str]:
        write_answer(ask(GROWTH), tmp_path / name, "x")
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / name).iterdir()
        }

    assert digests("一") == digests("二")


def test_parameters_of_the_two_sides_differ_where_the_scenario_does(
    baseline: Baseline, write_scenario: Callable[..., Path]
) -> None:
    scenario = load_scenario(write_scenario("甲", GROWTH))
    before = parameter_text(baseline, None, 60, 0)
    after = parameter_text(baseline, scenario, 60, 0)
    assert list(yaml.safe_load(before)) == [*levers(), "costs"] == list(yaml.safe_load(after))
    differing = [new for old, new in zip(before.splitlines(), after.splitlines(), strict=False) if old != new]
    assert differing[0] == "growth_change_rate: 5 个百分点  # 税收年增长加减"
    assert differing[1:] == ["costs:"]
    assert yaml.safe_load(after)["costs"] == {"growth_change_rate": 1e7}
    # What differs only in names differs in nothing.
    assert parameter_text(baseline, replace(scenario, title="别名", changes={}, costs={}), 60, 0) == before


def test_every_lever_is_explained(baseline: Baseline) -> None:
    text = lever_list()
    for lever in levers().values():
        assert f"{lever.title}　{lever.name}" in text and lever.meaning in text
    assert text.endswith("的几条。") and f"共 {len(levers())} 个杠杆" in text
    few = lever_list("租金")
    assert "rent_subsidy_yuan_sqm_month" in few and "supply_delay_years" not in few
    with pytest.raises(InputError, match="没有哪个杠杆提到“租斤”"):
        lever_list("租斤")
