"""Rows of dots: where they stand, what they are called, and what colour says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.study.charts import dots, style


def test_a_group_takes_a_line_for_its_name():
    groups = pd.Series(["等级", "等级", "街道"], index=[7, 8, 9])
    places = dots.headed_places(groups)
    # Line 0 and line 3 are the names of the groups.
    assert places.to_dict() == {7: 1, 8: 2, 9: 4}
    _, ax = style.new_figure("图", 3.0)
    dots.name_rows(ax, places, ["甲级", "乙级", "南街"], groups)
    labels = ax.get_yticklabels()
    assert [label.get_text() for label in labels] == ["等级：", "甲级", "乙级", "街道：", "南街"]
    assert [label.get_color() for label in labels] == [
        style.MUTED,
        style.INK,
        style.INK,
        style.MUTED,
        style.INK,
    ]
    # First on top, all inside.
    assert ax.get_ylim() == (4.6, -0.6)


def test_rows_without_groups():
    _, ax = style.new_figure("图", 3.0)
    dots.name_rows(ax, range(2), ["甲级", "乙级"])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["甲级", "乙级"]


def test_colour_tells_the_side_and_a_hollow_dot_that_there_is_no_interval():
    _, ax = style.new_figure("图", 3.0)
    for at, (low, high) in enumerate([(1.0, 3.0), (-3.0, -1.0), (-1.0, 1.0), (np.nan, np.nan)]):
        dots.signed_dot(ax, at, 2.0, low, high)
    drawn = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_color() for dot in drawn] == [style.WARM, style.MAIN, style.INK, style.INK]
    assert [dot.get_markerfacecolor() for dot in drawn] == [style.WARM, style.MAIN, style.INK, "white"]
    assert len(ax.lines) == 4 + 3


def test_numbers_carry_their_sign():
    _, ax = style.new_figure("图", 3.0)
    dots.difference_axis(ax)
    printed = ax.xaxis.get_major_formatter()
    assert [printed(value) for value in (-1500.0, 0.0, 0.1 + 0.2)] == ["-1,500", "0", "+0.3"]
