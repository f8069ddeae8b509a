"""The text beside the sliders is a scenario file: read again it says what the sliders said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios.levers.files import load_scenario
from louyu_lab.analysis.scenarios.levers.scenario import ScenarioError
from louyu_lab.run.panel.drafts import Drafts, draft_text


@pytest.fixture(scope="module")
def drafts(data: Path) -> Drafts:
    return Drafts(data)


def test_the_text_names_its_base_and_what_was_moved(drafts: Drafts) -> None:
    start = drafts.held[0][0]
    text = draft_text("多消化", start, {"exit_factor": 0.8, "absorption_sqm": 3e4})
    assert text == (
        "title: 多消化\nreason: 由滑杆得到\nbase: 消化\nchanges:\n"
        "  absorption_sqm: 3 万㎡  # 每年多消化空置面积\n  exit_factor: 0.8 倍  # 企业迁出倍数\n"
    )
    changes = drafts.read(text).changes
    assert {name: setting[0].value for name, setting in changes.items()} == {
        "absorption_sqm": 3e4,
        "exit_factor": 0.8,
    }


def test_nothing_moved_is_a_scenario_that_changes_nothing(drafts: Drafts) -> None:
    assert drafts.read(draft_text("", None, {})).changes == {}


@given(title=st.text(max_size=30), factor=st.integers(0, 30), points=st.integers(-20, 20))
def test_any_name_and_any_step_can_be_read_again(
    drafts: Drafts, title: str, factor: int, points: int
) -> None:
    moved = {"entry_factor": factor / 10, "growth_change_rate": points * 0.005}
    read = drafts.read(draft_text(title, None, moved))
    assert {name: setting[0].value for name, setting in read.changes.items()} == pytest.approx(moved)
    assert read.title


def test_what_is_saved_is_what_was_computed(drafts: Drafts, data: Path, tmp_path: Path) -> None:
    """In a copy of the data folder, as the user would have it."""
    copy = tmp_path / "示例区"
    shutil.copytree(data, copy)
    text = draft_text("新的", drafts.held[0][1], {"tax_factor": 1.1})
    saved = copy / "scenarios" / "新的.yaml"
    saved.write_text(text, encoding="utf-8")
    assert load_scenario(saved).changes == drafts.read(text).changes


def test_the_data_folder_is_left_alone(drafts: Drafts, data: Path) -> None:
    before = sorted(data.rglob("*"))
    drafts.read(draft_text("某", None, {"tax_factor": 1.1}))
    assert sorted(data.rglob("*")) == before
    assert [error.file for error in drafts.held[1]] == ["坏的.yaml"]


def test_what_contradicts_its_base_is_refused(drafts: Drafts) -> None:
    with pytest.raises(ScenarioError, match="没有基础情景"):
        drafts.read("title: 某\nbase: 没有的\nchanges: {}\n")


def test_a_district_without_a_folder_has_no_files_to_start_from() -> None:
    nowhere = Drafts(None)
    assert nowhere.held == ([], [])
    assert nowhere.read("title: 某\nchanges: {tax_factor: 1.1}").title == "某"
