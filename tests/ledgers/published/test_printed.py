"""Figures as printed: their digits and unit, and what each wording allows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.ledgers.published.printed import as_printed, read_printed


@pytest.mark.parametrize(
    ("text", "unit", "qualifier", "number", "step", "read_unit", "meant"),
    [
        ("89", "座", "", "89", "1", "座", ""),
        ("85%以上", "", "", "85", "1", "%", "以上"),
        ("约占62.9", "%", "", "62.9", "0.1", "%", "约"),
        ("62.90", "%", "", "62.90", "0.01", "%", ""),
        ("1.2万余家", "", "", "12000", "1000", "家", "余"),
        ("1.2万余", "家", "", "12000", "1000", "家", "余"),
        ("20多家", "", "", "20", "1", "家", "余"),
        ("近4.5", "万㎡", "", "4.5", "0.1", "万㎡", "近"),
        ("4.5", "万㎡", "近", "4.5", "0.1", "万㎡", "近"),
        ("4.5万平方米", "万㎡", "", "4.5", "0.1", "万㎡", ""),
        ("43.9亿", "亿元", "", "43.9", "0.1", "亿元", ""),
        ("43.9亿元", "", "", "43.9", "0.1", "亿元", ""),
        ("１２，３７３", "家", "", "12373", "1", "家", ""),
        ("不超过5", "户", "", "5", "1", "户", "以下"),
        ("超3000平方米", "", "", "3000", "1", "平方米", "超"),
        ("-2.3", "个百分点", "", "-2.3", "0.1", "个百分点", ""),
        ("15个行业", "", "", "15", "1", "个行业", ""),
        ("3个亿", "", "", "3", "1", "亿元", ""),
        ("3", "个亿元", "", "3", "1", "亿元", ""),
        ("1.2", "万家", "", "1.2", "0.1", "万家", ""),
        ("1.2万", "万户", "", "1.2", "0.1", "万户", ""),
        ("1765", "元/平米", "", "1765", "1", "元/平米", ""),
        ("多达15座", "", "", "15", "1", "座", ""),
        ("17万M²", "", "", "17", "1", "万㎡", ""),
        # Official wordings; 超过…以上 is said of …以上.
        ("85%（含）以上", "", "", "85", "1", "%", "以上"),
        ("85%及以上", "", "", "85", "1", "%", "以上"),
        ("85及以下", "%", "", "85", "1", "%", "以下"),
        ("≥85%", "", "", "85", "1", "%", "以上"),
        (">85%", "", "", "85", "1", "%", "超"),
        ("<=85", "%", "", "85", "1", "%", "以下"),
        ("85", "%", "≥", "85", "1", "%", "以上"),
        ("超过85%以上", "", "", "85", "1", "%", "以上"),
        ("增长9.1%", "", "", "9.1", "0.1", "%", ""),
        ("同比增长约9.1%", "", "", "9.1", "0.1", "%", "约"),
        ("上升1.4", "个百分点", "", "1.4", "0.1", "个百分点", ""),
        ("平均85.2%", "", "", "85.2", "0.1", "%", ""),
    ],
)
def test_digits_unit_and_wording_are_told_apart(text, unit, qualifier, number, step, read_unit, meant):
    figure = read_printed(text, unit, qualifier)
    assert (figure.number, figure.step) == (Decimal(number), Decimal(step))
    assert (figure.unit, figure.qualifier) == (read_unit, meant)


@pytest.mark.parametrize(
    ("text", "unit", "qualifier", "reason"),
    [
        ("很多", "座", "", "没有数字"),
        ("3-5万", "㎡", "", "不是一个数字"),
        ("14/17/20", "幢", "", "不是一个数字"),
        ("共计约摸5", "座", "", "不是一个数字"),
        ("近4.5万余", "㎡", "", "互相矛盾：余、近"),
        ("5", "光年", "", "单位“光年”不认识"),
        ("5美元", "", "", "“美元”不认识"),
        ("5%", "座", "", "与“座”不是一回事"),
        ("5", "座", "估计", "限定“估计”不认识"),
        ("1" * 16, "家", "", "位数太多"),
        ("0." + "1" * 10, "%", "", "位数太多"),
        # One of the two is a slip, and nobody knows which.
        ("2亿", "万元", "", "都带数量级"),
        ("3万", "亿元", "", "都带数量级"),
        ("3个亿", "座", "", "不是一回事"),
        ("3", "个%", "", "单位“个%”不认识"),
        ("3个%", "", "", "不认识"),
        # Folding would read 31, 17, 3.
        ("3①", "座", "", "注释号"),
        ("3", "座①", "", "注释号"),
        ("75.8%²", "", "", "注释号"),
        ("٣", "座", "", "注释号"),
        ("1 7", "座", "", "中间有空格"),
        ("3, 000", "座", "", "中间有空格"),
        ("余15", "座", "", "不是一个数字"),
        ("下降1.4", "个百分点", "", "请写负数，如 -1.4"),
        ("提高到85%", "", "", "不是一个数字"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text, unit, qualifier, reason):
    with pytest.raises(ValueError, match=reason):
        read_printed(text, unit, qualifier)


@pytest.mark.parametrize(
    ("text", "stored", "agrees"),
    [
        # Rounds to the printed digits, half away from zero: 12.35 % is 12.4 %, 12.349 % is not.
        ("12.4%", 0.1235, True),
        ("12.4%", 0.12349, False),
        ("12.4%", 0.1245, False),
        ("-12.4个百分点", -0.1235, True),
        # 56 of 89 buildings.
        ("62.9%", 56 / 89, True),
        # One tenth more digit printed, and 62.92 is asked for.
        ("62.90%", 56 / 89, False),
        ("89座", 89, True),
        ("89座", 90, False),
        ("43.9亿元", 4.394e9, True),
        ("43.9亿元", 4.395e9, False),
        # 0.285 is stored as 0.28499…: twelve digits say 28.5, which rounds to 29.
        ("29%", 0.285, True),
        ("约15%", 0.1399, False),
        # A rate is rounded to its last digit, even where that is 0.
        ("约80%", 0.81, True),
        ("约80%", 0.7899, False),
        ("近80%", 0.7899, False),
        ("70%多", 0.79, True),
        ("约15%", 0.14, True),
        ("约15%", 0.16, True),
        ("85%以上", 0.85, True),
        ("85%以上", 0.8499, False),
        ("85%以上", 0.99, True),
        ("超3000平方米", 3000, False),
        ("超3000平方米", 3000.1, True),
        ("1.2万余家", 12_000, False),
        ("1.2万余家", 12_373, True),
        ("1.2万余家", 13_000, False),
        ("近4.5万㎡", 44_870, True),
        ("近4.5万㎡", 45_000, True),
        ("近4.5万㎡", 45_010, False),
        ("近4.5万㎡", 43_990, False),
        ("50%以下", 0.5, True),
        ("不足50%", 0.5, False),
        ("不足50%", 0.4999, True),
    ],
)
def test_what_agrees_with_a_figure(text, stored, agrees):
    assert read_printed(text).agrees(stored) is agrees


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        # The least and greatest whole number that agree.
        ("1000余家", 1001, 1999),
        ("1200余家", 1201, 1299),
        ("20余家", 21, 29),
        ("12余家", None, None),
        ("近5000家", 4500, 5000),
        ("近20家", 18, 20),
        ("近12家", 11, 12),
        ("约12000家", 11_000, 13_000),
        ("约300家", 270, 330),
        ("约20家", 18, 22),
        ("约5家", 4, 6),
        # Decimals were printed: the last one is the unit, noughts and all.
        ("约1.0万家", 9_000, 11_000),
        ("1.20万余家", 12_001, 12_099),
        # A plain number is what it says.
        ("5000家", 5000, 5000),
    ],
)
def test_a_round_number_leaves_more_room_to_a_rough_word(text, least, most):
    figure = read_printed(text)
    agreeing = [count for count in range(20_000) if figure.agrees(float(count))]
    assert (agreeing[:1], agreeing[-1:]) == ([least] if least else [], [most] if most else [])
    low, high = figure.bounds()
    if agreeing:
        assert low <= least <= most <= high


@given(st.decimals(-10_000, 10_000, places=3), st.integers(0, 3))
def test_a_value_printed_by_the_rule_agrees_with_its_own_print(value, places):
    from decimal import ROUND_HALF_UP

    printed = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    figure = read_printed(f"{printed:f}", "家")
    assert figure.agrees(float(value))
    # A whole unit of the last digit away nothing agrees.
    assert not figure.agrees(float(value + Decimal(1).scaleb(-places)))
    assert read_printed(f"约{printed:f}", "家").agrees(float(value))


@given(
    st.integers(1, 99_999),
    st.integers(0, 3),
    st.sampled_from(["", "约", "以上", "超", "余", "近", "以下", "不足"]),
    st.sampled_from([-1, 1]),
)
def test_bounds_are_the_ends_of_what_agrees(number, noughts, qualifier, side):
    """The two tables of rules say the same: just inside a bound agrees, just outside does not."""
    figure = read_printed(str(number * 10**noughts), "万㎡", qualifier)
    bound = figure.bounds()[side > 0]
    if bound in (float("inf"), float("-inf")):
        assert figure.agrees(side * 1e12)
        return
    # A hundredth lies within every room there is (a tenth at least, for 近 and 约 of 1), and beyond rounding.
    assert figure.agrees((bound - side * 0.01) * 1e4)
    assert not figure.agrees((bound + side * 0.01) * 1e4)


@pytest.mark.parametrize(
    ("text", "unit", "qualifier", "said"),
    [
        ("89", "座", "", "89座"),
        ("85%以上", "", "", "85%以上"),
        ("62.9", "%", "约", "约62.9%"),
        ("85", "%", "以上", "85%以上"),
        ("1.2万余", "家", "", "1.2万余家"),
        ("43.9亿", "亿元", "", "43.9亿元"),
        ("同比增长约9.1", "%", "", "同比增长约9.1%"),
        ("不低于85", "%", "", "不低于85%"),
        ("85", "%", "≥", "≥85%"),
        ("85%（含）以上", "%", "", "85%（含）以上"),
    ],
)
def test_the_figure_is_said_as_it_was_printed(text, unit, qualifier, said):
    assert as_printed(text, unit, qualifier) == said
