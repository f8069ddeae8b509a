"""The panel moved as a person would, without a browser."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pytest

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.run.panel.drafts import Drafts
from louyu_lab.run.panel.panel import Panel


@pytest.fixture
def panel(baseline: Baseline, data: Path) -> Panel:
    return Panel(make_tape(baseline, 60, 0), Drafts(data), "示例")


def words(panel: Panel) -> str:
    return re.sub("<[^>]*>", " ", panel.result.value)


def test_at_rest_it_shows_the_baseline_twice(panel: Panel) -> None:
    now, was = re.search(r"入驻率 <b>([^<]*)</b>（基准 ([^）]*)）", panel.brief.value).groups()
    assert now == was
    assert "不变" in words(panel)
    assert panel.moved == {}


def test_a_move_is_computed_drawn_and_written(panel: Panel) -> None:
    before = panel.result.value
    panel.handles["absorption_sqm"].value = 3.0
    now, was = re.search(r"入驻率 <b>([^<%]*)%</b>（基准 ([^%]*)%）", panel.brief.value).groups()
    assert float(now) > float(was)
    assert panel.moved == {"absorption_sqm": 3e4}
    assert "absorption_sqm: 3 万㎡" in panel.text.value
    pictures = [
        re.findall(r'src="data:image/png;base64,([^"]+)"', html) for html in (before, panel.result.value)
    ]
    assert [len(each) for each in pictures] == [2, 2]
    assert pictures[0] != pictures[1]
    assert all(b64decode(each).startswith(b"\x89PNG") for each in pictures[1])


def test_moving_back_undoes_it(panel: Panel) -> None:
    before = panel.result.value
    panel.handles["exit_factor"].value = 0.5
    assert panel.result.value != before
    panel.handles["exit_factor"].value = 1.0
    assert panel.result.value == before


def test_targets_have_their_chances_and_others_say_why_not(panel: Panel) -> None:
    said = words(panel)
    assert re.search(r"入驻率 86\.0%\s+2022 年\s+[<>]?\d+%\s+[<>]?\d+%", said)
    assert "情景不改变" in said


def test_the_money_of_a_subsidy_is_told(panel: Panel) -> None:
    assert "租金补贴" not in words(panel)
    panel.handles["rent_subsidy_yuan_sqm_month"].value = 20
    said = words(panel)
    assert re.search(r"租金补贴\s+[\d,.]+ [万亿]元", said)
    assert "每增加 1 元区级税收的花费" in said


def test_asking_for_more_space_than_there_is_is_said(panel: Panel) -> None:
    panel.handles["absorption_sqm"].value = panel.handles["absorption_sqm"].max
    assert "其余没有计入" in words(panel)


def test_a_lever_tied_to_tax_always_carries_its_warning(panel: Panel) -> None:
    panel.choice.value = "利税返点"
    assert "公平竞争审查条例" in words(panel)
    panel.handles["tax_factor"].value = 1.2
    assert "公平竞争审查条例" in words(panel)
    assert "base: 返还" in panel.text.value


def test_a_start_puts_its_sliders_and_reset_brings_them_back(panel: Panel) -> None:
    panel.choice.value = "多消化两万"
    assert panel.handles["absorption_sqm"].value == 2.0
    assert panel.moved == {}
    shown = panel.result.value
    panel.handles["absorption_sqm"].value = 4.0
    panel.handles["exit_factor"].value = 0.7
    assert panel.result.value != shown
    panel.reset()
    assert panel.handles["absorption_sqm"].value == 2.0
    assert panel.result.value == shown


def test_a_file_that_cannot_be_read_is_named_beside_the_sliders(panel: Panel) -> None:
    assert "坏的.yaml" in panel.notes.value
    assert list(panel.starts) == ["多消化两万", "利税返点"]


def test_the_file_to_save_holds_the_text(panel: Panel) -> None:
    panel.title.value = "甲/乙"
    panel.handles["tax_factor"].value = 1.1
    name, text = re.search(
        r'download="([^"]*)" href="data:text/yaml;base64,([^"]*)"', panel.save.value
    ).groups()
    assert name == "甲_乙.yaml"
    assert b64decode(text).decode() == panel.text.value


def test_what_breaks_is_said_and_the_next_move_works(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> str:
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr("louyu_lab.run.panel.panel.answer_html", broken)
        panel.handles["tax_factor"].value = 1.2
    assert "没有计算" in words(panel)
    panel.handles["tax_factor"].value = 1.1
    assert "主要指标" in words(panel)


def test_whoever_has_no_widgets_is_told_where_to_find_them(panel: Panel) -> None:
    assert "louyu what-if --page" in repr(panel)
