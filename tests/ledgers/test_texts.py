"""Dates, periods, flags, codes and names as people write them; round trips of what was printed."""

from __future__ import annotations

import datetime as dt

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from louyu_lab.ledgers.texts import (
    folded,
    nearest,
    read_codes,
    read_dates,
    read_flags,
    read_periods,
    read_texts,
    read_years,
)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2020-06-30", (2020, 6, 30)),
        ("2020.6.30", (2020, 6, 30)),
        ("2020/6/30 ", (2020, 6, 30)),
        ("2020年6月30日", (2020, 6, 30)),
        ("２０２０年６月", (2020, 6, 1)),
        ("2020 年 6 月 3 日", (2020, 6, 3)),
        # A day and a time of day must not run together: 3 12:00 is not the 31st.
        ("2020-1-3 12:00", (2020, 1, 3)),
        ("2020-06-30T08:15:00", (2020, 6, 30)),
        ("2020年6月3日12时", (2020, 6, 3)),
        ("20200630", (2020, 6, 30)),
        (20200630.0, (2020, 6, 30)),
        (202006, (2020, 6, 1)),
        (2020.0, (2020, 1, 1)),
        # Excel's serial number of 2020-06-30, as DATE(2020,6,30) gives it.
        (44012, (2020, 6, 30)),
        ("44012", (2020, 6, 30)),
        (44012.75, (2020, 6, 30)),
        (dt.date(2020, 6, 30), (2020, 6, 30)),
        (dt.datetime(2020, 6, 30, 8), (2020, 6, 30)),
    ],
)
def test_dates(cell, day):
    assert read_dates([cell]).values[0] == dt.datetime(*day)


@pytest.mark.parametrize(
    "cell", ["2020-02-30", "2020年13月", "去年", 2020.1, -5, True, "6月30日", dt.time(8), "2020-6-311"]
)
def test_unreadable_dates(cell):
    read = read_dates([cell])
    assert read.unreadable.tolist() == [True]
    assert read.values[0] is None


@pytest.mark.parametrize("cell", [None, "", "至今", "—", "9999-12-31", dt.date(9999, 12, 31), float("nan")])
def test_open_ends_are_blank(cell):
    read = read_dates([cell])
    assert (read.values[0], read.unreadable[0]) == (None, False)


@given(
    st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]),
)
def test_printed_dates_are_read_back(day, form):
    assert read_dates([day.strftime(form)]).values[0].date() == day


@given(st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31)))
def test_serial_numbers_are_read_back(day):
    serial = (day - dt.date(1899, 12, 30)).days
    assert read_dates([float(serial)]).values[0].date() == day


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        (2020.0, "2020"),
        ("2020年", "2020"),
        ("2020年末", "2020"),
        ("2020年9月", "2020-09"),
        ("2020-09", "2020-09"),
        ("202009", "2020-09"),
        ("2020Q3", "2020Q3"),
        ("2020年第三季度", "2020Q3"),
        ("2020年上半年", "2020H1"),
        (dt.date(2020, 9, 30), "2020-09"),
    ],
)
def test_periods(cell, period):
    assert read_periods([cell]).values[0] == period


@pytest.mark.parametrize("cell", ["去年", 2020.1, "九月", 20])
def test_unreadable_periods(cell):
    assert read_periods([cell]).unreadable.tolist() == [True]


def test_flags_years_and_codes():
    assert read_flags(["是", "√", "否", "无", "已建立", "3个", None, "待定", True]).values.tolist() == [
        True, True, False, False, True, True, None, None, True,
    ]  # fmt: skip
    assert read_flags(["大概"]).unreadable.tolist() == [True]
    assert read_years(["2008年", "2008-05", dt.date(2008, 1, 1), 39448.0]).values.tolist() == [2008] * 4
    assert read_years(["八十年代"]).unreadable.tolist() == [True]
    # Eighteen digits lose their last ones as a number; shorter whole numbers do not.
    codes = read_codes(["９１２１0102117776048g ", 9.12101021177760e17, "9.12E+17", 210102.0])
    assert codes.values.tolist() == ["91210102117776048G", None, None, "210102"]
    assert codes.unreadable.tolist() == [False, True, True, False]


@given(
    st.lists(
        st.one_of(st.text(max_size=12), st.floats(), st.none(), st.booleans(), st.integers()), max_size=8
    )
)
def test_no_cell_breaks_a_reader(cells):
    for read in (read_dates, read_periods, read_flags, read_years, read_codes, read_texts):
        result = read(cells)
        assert len(result.values) == len(result.unreadable) == len(cells)
        # What cannot be read is never also a value.
        assert all(value is None for value in np.asarray(result.values, dtype=object)[result.unreadable])


@given(st.text(alphabet="青禾大厦ＡＢab１２12（）() 　㎡·—", max_size=20))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


def test_ticked_answers_and_codes_behind_an_apostrophe():
    flags = read_flags(["■是 □否", "□是 ■否", "□是 √否", "☑是 ☑否", "□是 □否"])
    assert flags.values.tolist() == [True, False, False, None, None]
    assert flags.unreadable.tolist() == [False, False, False, True, True]
    assert read_codes(["'91110105MA00000012"]).values.tolist() == ["91110105MA00000012"]


def test_a_name_not_known_is_met_with_the_nearest_one() -> None:
    assert nearest("亿元楼数", ["楼宇数", "亿元楼数量", "入驻率"]) == "（是否想写“亿元楼数量”？）"
    assert nearest("xyz", ["楼宇数"]) == nearest("楼宇数", []) == ""
