"""The chapters name ledgers that exist, and say in Chinese which one is missing."""

from __future__ import annotations

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.graph import NOTEBOOKS, Stage


def test_every_need_is_a_ledger_and_every_name_stands_once() -> None:
    assert {ledger for stage in NOTEBOOKS for ledger in stage.needs} <= set(catalogue())
    assert len({stage.name for stage in NOTEBOOKS}) == len(NOTEBOOKS)


def test_a_missing_ledger_is_named(ledgers: Ledgers) -> None:
    assert Stage("x", "某章", needs=("buildings",)).reason_to_skip(ledgers) == ""
    both = Stage("x", "某章", needs=("buildings", "tenancies", "taxes"))
    assert both.reason_to_skip(ledgers) == "缺企业台账、税收台账，未运行"
