"""Conditions on rows, in YAML and in a cell."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers.published.conditions import Condition, from_text, read_conditions, to_text


def test_a_mapping_and_a_text_say_the_same() -> None:
    nested = {"分档": ["亿元楼", "准亿元楼"], "税收": "≥5000万元", "行业": "!=未识别"}
    text = "分档=亿元楼|准亿元楼；税收>=5000万元; 行业≠未识别"
    wanted = (
        Condition("分档", "=", ("亿元楼", "准亿元楼")),
        Condition("税收", "≥", ("5000万元",)),
        Condition("行业", "≠", ("未识别",)),
    )
    full_width = "分档＝亿元楼｜准亿元楼；税收≧5000万元；行业！＝未识别"
    assert read_conditions(nested) == read_conditions(text) == read_conditions(full_width) == wanted
    assert from_text(to_text(wanted)) == wanted
    assert to_text(()) == "" and from_text("") == ()


@pytest.mark.parametrize("raw", ["层级=楼宇，对象=L1", {"税收": ">"}, {"税收": "≥5≤9"}])
def test_two_conditions_run_together_are_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="几个条件之间用“；”隔开"):
        read_conditions(raw)


@pytest.mark.parametrize(
    "raw", ["亿元楼", "=亿元楼", {"分档": ""}, {"分档": []}, {"分档": {"a": "b"}}, ["分档"]]
)
def test_what_is_no_condition_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=r"应写成|没有写值"):
        read_conditions(raw)


def test_an_ordering_takes_one_value() -> None:
    with pytest.raises(ValueError, match="只能写一个值"):
        read_conditions({"税收": "≥5000|7000"})
