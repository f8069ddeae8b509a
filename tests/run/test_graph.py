"""The chapters name ledgers that exist, and say in Chinese which one is missing."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.run.graph import NOTEBOOKS, Stage


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
