"""Widths, line breaks and units as printed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.study.charts.text import RATE, area_scale, balance, em, money_scale, plain_scale, shorten, wrap

TEXTS = st.text(alphabet="和安国际金融中心（）《》，。ABCabc 0123.%", min_size=1, max_size=60)


def test_a_latin_letter_is_narrower_than_a_chinese_one():
    assert em("楼宇") == 2.0
    assert em("楼A") == pytest.approx(1.58)  # 1 + HALF_WIDTH


def test_shorten_keeps_what_fits_and_marks_what_was_cut():
    assert shorten("和安国际金融中心", 8) == "和安国际金融中心"
    assert shorten("和安国际金融中心", 5) == "和安国际…"


def test_wrap_keeps_words_and_numbers_whole_and_marks_off_the_line_ends():
    assert wrap("税收12345万元", 4) == "税收\n12345万\n元"
    assert wrap("面积、税收", 2) == "面积、\n税收"  # 、 hangs over rather than start a line
    assert wrap("税收（全口径）", 3) == "税收\n（全口\n径）"  # （ goes down with what it opens


def test_wrap_cuts_the_last_line_allowed():
    assert wrap("和安国际金融中心", 3, lines=2) == "和安国\n际金…"


def test_balance_evens_the_lines():
    assert wrap("太原街街道", 4) == "太原街街\n道"
    assert balance("太原街街道", 4) == "太原街\n街道"
    assert balance("南湖街道", 4) == "南湖街道"


@given(TEXTS, st.floats(3, 20))
def test_wrap_loses_nothing_and_keeps_the_width(text: str, width: float):
    broken = wrap(text, width)
    assert broken.replace("\n", "").replace(" ", "") == "".join(text.split())
    # One hanging closing mark and one opening mark brought down are allowed over the width.
    assert all(em(line) <= width + 2.0 for line in broken.split("\n"))


@given(TEXTS, st.floats(3, 20), st.integers(1, 3))
def test_no_more_lines_than_allowed(text: str, width: float, lines: int):
    assert wrap(text, width, lines).count("\n") < lines
    assert balance(text, width, lines).count("\n") == wrap(text, width, lines).count("\n")


def test_units_follow_the_largest_value():
    assert money_scale([3.2e8, np.nan]).text(3.2e8) == "3.20亿元"
    assert money_scale([9.9e7]).text(9.9e7) == "9,900万元"
    assert money_scale([-3.2e9]).text(-3.2e9) == "-32.0亿元"
    assert area_scale([4.227e6]).text(4.227e6) == "422.7万㎡"
    assert area_scale([9999.0]).text(1200.4) == "1,200㎡"
    assert plain_scale([21383.0], "元/㎡").number(21383.2) == "21,383"


def test_missing_zero_and_signs():
    assert RATE.text(np.nan) == "无数据"
    assert RATE.text(0.0) == "0%"
    assert RATE.number(-0.0004) == "0.0"  # rounds to nothing: no minus sign
    assert money_scale([1e8]).number(5e7, signed=True) == "+0.50"


def test_scales_of_nothing_known():
    assert money_scale([]).text(np.nan) == "无数据"
    assert area_scale([np.nan]).number(0.0) == "0"
