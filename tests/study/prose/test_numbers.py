"""Numbers as the study prints them."""

from __future__ import annotations

import pytest

from louyu_lab.study.prose import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.39e9, "43.90 亿元"),
        (1e8, "1.00 亿元"),
        (9.999e7, "9,999 万元"),
        (-1.864e6, "-186 万元"),
        (0.0, "0 万元"),
    ],
)
def test_money_changes_unit_at_one_yi(value: float, text: str) -> None:
    assert numbers.yuan(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(4_227_000, "422.7 万㎡"), (900, "900㎡"), (-16_700, "-1.7 万㎡")]
)
def test_areas(value: float, text: str) -> None:
    assert numbers.sqm(value) == text


def test_points_are_not_growth() -> None:
    # From 25.0 % to 27.5 %: 2.5 points more, but 10 % growth.
    assert numbers.points(0.275 - 0.25) == "比上年升 2.5 个百分点"
    assert numbers.grown(0.275 / 0.25 - 1) == "比上年增长 10.0%"
    assert numbers.points(0.0001) == numbers.grown(-0.0001) == "与上年持平"


def test_lists_say_how_many_there_are() -> None:
    assert numbers.listed("甲乙丙", most=3) == "甲、乙、丙"
    assert numbers.listed("甲乙丙丁", most=2) == "甲、乙等 4 个"
    assert numbers.listed("甲乙丙", most=1, unit="项") == "甲等 3 项"


def test_sentences_that_say_nothing_vanish() -> None:
    assert numbers.paragraph("", "一句。", "两句") == "一句。两句。"
    assert numbers.paragraph("", "") == ""


def test_unknown_numbers_are_known_as_such() -> None:
    assert numbers.is_known(1, 2.5)
    assert not numbers.is_known(float("nan"))
    assert not numbers.is_known(None)
