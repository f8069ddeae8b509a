"""The chapters name ledgers that exist, and say in Chinese which one is missing."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.run.graph import NOTEBOOKS, Stage, in_order
from louyu_lab.run.making.staging import is_declared
from louyu_lab.run.project import notebooks_folder


def test_every_need_is_a_ledger_and_every_name_stands_once() -> None:
    choices = [(need,) if isinstance(need, str) else need for stage in NOTEBOOKS for need in stage.needs]
    assert {ledger for choice in choices for ledger in choice} <= set(catalogue())
    assert len({stage.name for stage in NOTEBOOKS}) == len(NOTEBOOKS)


def test_a_missing_ledger_is_named(ledgers: Ledgers) -> None:
    assert Stage("x", "某章", needs=("buildings",)).reason_to_skip(ledgers) == ""
    both = Stage("x", "某章", needs=("buildings", "tenancies", "taxes"))
    assert both.reason_to_skip(ledgers) == "缺企业台账、税收台账，未运行"


def test_any_one_of_several_will_do_and_all_are_named_where_none_is_there(ledgers: Ledgers) -> None:
    either = Stage("x", "某章", needs=(("buildings", "idle"), "occupancy"))
    assert either.reason_to_skip(ledgers) == ""
    neither = Stage("x", "某章", needs=(("tenancies", "idle"), "taxes"))
    assert neither.reason_to_skip(ledgers) == "缺企业台账或闲置资源台账、税收台账，未运行"


def test_the_baseline_runs_on_buildings_or_on_an_idle_ledger() -> None:
    stage = next(stage for stage in NOTEBOOKS if stage.name == "02_baseline")

    def held(name: str) -> Ledgers:
        frames = {name: typed_frame(name, pd.DataFrame([{}]))}
        nothing = pd.DataFrame()
        return Ledgers("某区", frames, nothing, nothing, nothing)

    assert stage.reason_to_skip(held("buildings")) == ""
    assert stage.reason_to_skip(held("idle")) == ""
    assert stage.reason_to_skip(held("tenancies")) == "缺楼宇台账或闲置资源台账，未运行"


def test_every_published_table_has_one_chapter_that_makes_it() -> None:
    made = [name for stage in NOTEBOOKS for name in (*stage.makes, *(stage.may_make or ()))]
    assert sorted(made) == sorted(TABLES)


def test_what_is_handed_on_is_no_published_table() -> None:
    hands = [pattern for stage in NOTEBOOKS for pattern in stage.hands]
    assert {"tax_draws", "scenario_baseline_*"} <= set(hands)
    assert not [name for name in TABLES if is_declared(name, hands)]


def test_what_a_chapter_reads_holds_what_it_needs_and_exists() -> None:
    side = {f"_{part.name}" for part in fields(Ledgers)} - {"_district", "_frames"}
    for stage in NOTEBOOKS:
        assert stage.reads is not None
        assert set(stage.reads) <= set(catalogue()) | side, stage.name
        needed = {name for need in stage.needs for name in ((need,) if isinstance(need, str) else need)}
        assert needed <= set(stage.reads), stage.name


def test_the_chapters_stand_in_an_order_in_which_they_can_run() -> None:
    assert in_order(NOTEBOOKS) == NOTEBOOKS
    assert all((notebooks_folder() / f"{stage.name}.ipynb").is_file() for stage in NOTEBOOKS)


def test_a_stage_stands_behind_those_it_comes_after() -> None:
    stages = (Stage("c", "丙", after=("b",)), Stage("a", "甲"), Stage("b", "乙", after=("a",)))
    assert [stage.name for stage in in_order(stages)] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="circle"):
        in_order((Stage("a", "甲", after=("b",)), Stage("b", "乙", after=("a",))))
    with pytest.raises(ValueError, match="no stage"):
        in_order((Stage("a", "甲", after=("z",)),))
