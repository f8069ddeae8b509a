"""Rules and what becomes of what they find."""

from __future__ import annotations

from louyu_lab.ledgers.faults import SEVERITIES, consequence, rules, sets_aside


def test_every_rule_is_whole():
    for rule in rules().values():
        assert rule.severity in SEVERITIES and rule.zh and rule.remedy


def test_a_correction_not_used_sets_no_row_aside():
    wrong, number = rules()["correction-invalid"].zh, rules()["number-unreadable"].zh
    assert consequence(wrong, "error") == "这一条没有使用" and not sets_aside(wrong, "error")
    assert "搁置" in consequence(number, "error") and sets_aside(number, "error")
    assert not sets_aside(number, "warning") and "照常使用" in consequence(number, "warning")
