"""The tables of corrections and accepted faults, and what is said of them."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.printing import display
from louyu_lab.analysis.review import accepted_faults, corrections_made
from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.model import CORRECTION_COLUMNS, DECISION_COLUMNS, FAULT_COLUMNS, Ledgers, listed
from louyu_lab.ledgers.review.outcomes import OUTCOME_ZH
from louyu_lab.study.prose.quality import fault_words, review_words


def _ledgers(outcomes=(), decisions=(), accepted=0) -> Ledgers:
    base = dict.fromkeys(CORRECTION_COLUMNS, "x") | {"row": 3, "ledger": "buildings"}
    named = dict.fromkeys(DECISION_COLUMNS, "") | {"row": 2, "sheet": "楼宇"}
    fault = dict.fromkeys((*FAULT_COLUMNS, "reason"), "x") | {"row": 3, "severity": "warning"}
    nothing = pd.DataFrame()
    return Ledgers(
        *("某区", {}, listed(FAULT_COLUMNS), nothing, nothing),
        corrections=listed(CORRECTION_COLUMNS, [base | {"outcome": outcome} for outcome in outcomes]),
        decisions=listed(
            DECISION_COLUMNS, [named | {"subject": name, "used": used} for name, used in decisions]
        ),
        accepted=listed((*FAULT_COLUMNS, "reason"), [fault for _ in range(accepted)]),
    )


def test_every_outcome_is_said_in_chinese():
    ledgers = _ledgers(outcomes=OUTCOME_ZH)
    table = corrections_made(ledgers)
    assert table["outcome"].tolist() == list(OUTCOME_ZH.values())
    assert set(table["ledger"]) == {"楼宇台账"}
    assert "原值不符（未用）" in display("corrections", table).to_html()


def test_nothing_is_said_where_there_is_nothing():
    assert review_words(_ledgers()) == ""
    assert corrections_made(_ledgers()).empty and accepted_faults(_ledgers()).empty


def test_counts_and_unused_decisions_are_told():
    ledgers = _ledgers(["applied", "applied", "stale"], [("望海阁", True), ("某楼", False)], 2)
    assert review_words(ledgers).splitlines() == [
        "- 更正 3 处：已更正 2 处，原值不符（未用） 1 处。",
        "- 接受了 2 处问题，不再列入问题清单。",
        "- 复核决定 2 项，用上 1 项；没有遇到的 1 项（某楼），可以留着明年用。",
    ]
    assert accepted_faults(ledgers).shape == (2, 9)


def test_errors_that_cost_no_row_are_told_apart():
    def faults(*keys):
        rows = [{"rule": rules()[key].zh, "severity": rules()[key].severity} for key in keys]
        return pd.DataFrame(rows, columns=["rule", "severity"])

    both = fault_words(faults("number-unreadable", "correction-invalid", "decision-unknown"))
    assert (
        both
        == "有 1 处错误，所在的行已搁置，不进入后面各章。另有 2 处错误不在台账的行里，所写的内容没有使用。"
    )
    assert "搁置" not in fault_words(faults("correction-invalid"))
    assert fault_words(faults("choice-unknown")).startswith("没有错误，没有一行被搁置。")
