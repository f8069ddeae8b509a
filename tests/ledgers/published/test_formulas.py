"""Arithmetic among published figures: what is read, and what rounding leaves open."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.ledgers.published.formulas import AT_LEAST, AT_MOST, EQUALS, holds, is_known, read_formula


def exact(value: float) -> tuple[float, float, float]:
    return value, value, value


def test_a_formula_is_computed_in_the_usual_order() -> None:
    formula = read_formula("（甲 ＋ b）× 2 ÷ 4 − -1e0")
    assert formula.names == {"甲", "b"}
    # (3 + 5) × 2 ÷ 4 + 1 = 5
    assert formula.value({"甲": exact(3), "b": exact(5)}) == exact(5)


@pytest.mark.parametrize(
    "text",
    [
        "a**2",
        "f(a)",
        "a.b",
        "'x'",
        "a if b else c",
        "(((",
        "a < b",
        "True",
        "1j",
        "",
        "a b",
        "1+" * 300 + "1",
        "9" * 400,
        "1e400",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"算式|加减乘除|数字"):
        read_formula(text)


def test_rounding_leaves_room_and_counts_do_not() -> None:
    # 62.9 + 20.2 + 11.2 + 5.6 = 99.9, each ±0.05: 99.7 to 100.1.
    parts = dict(zip("abcd", (62.9, 20.2, 11.2, 5.6), strict=True))
    spans = {name: (value - 0.05, value, value + 0.05) for name, value in parts.items()}
    whole = read_formula("a + b + c + d").value(spans)
    assert whole == pytest.approx((99.7, 99.9, 100.1))
    assert holds(whole, EQUALS, exact(100))
    assert not holds(whole, EQUALS, exact(100.2))
    assert not holds(exact(18), EQUALS, exact(10))
    assert holds(exact(18), AT_LEAST, exact(10))
    assert not holds(exact(18), AT_MOST, exact(10))


def test_a_stated_tolerance_compares_the_values_themselves() -> None:
    # 65.9 of 422.7 is 15.59 %, above 15 % by 0.59: 0.5 is too little, 0.6 enough, in either relation.
    share, rate = (15.0, 100 * 65.9 / 422.7, 16.0), (14.0, 15.0, 16.0)
    for relation in (EQUALS, AT_MOST):
        assert holds(share, relation, rate)
        assert not holds(share, relation, rate, tolerance=0.5)
        assert holds(share, relation, rate, tolerance=0.6)
    assert holds(share, AT_LEAST, rate, tolerance=0.0)


def test_what_cannot_be_known_holds() -> None:
    spans = {"a": exact(1), "nothing": exact(0), "open": (1.0, 2.0, math.inf), "around": (-1.0, 0.5, 1.0)}
    assert holds(read_formula("a / nothing").value(spans), EQUALS, exact(7), 0.0)
    assert not is_known(read_formula("a / nothing").value(spans))
    assert not is_known(read_formula("a * 1e308 * 1e308").value(spans))
    assert is_known(read_formula("a / around").value(spans))
    assert read_formula("a / around").value(spans) == (-math.inf, 2.0, math.inf)
    assert read_formula("nothing * open").value(spans) == exact(0)
    assert holds(read_formula("open").value(spans), EQUALS, exact(100))


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(0, 10), st.floats(0, 1), st.sampled_from("+-*/"))
def test_the_span_holds_every_value_its_parts_can_take(a, b, width, at, sign) -> None:
    spans = {"a": (a - width, a, a + width), "b": (b - width, b, b + width)}
    low, _, high = read_formula(f"a {sign} b").value(spans)
    inside = {"a": a - width + 2 * width * at, "b": b + width - 2 * width * at}
    # Nearer to nought the quotient leaves what a float can hold.
    if sign == "/" and abs(inside["b"]) < 1e-12:
        return
    value = {"+": lambda: inside["a"] + inside["b"], "-": lambda: inside["a"] - inside["b"]}
    value |= {"*": lambda: inside["a"] * inside["b"], "/": lambda: inside["a"] / inside["b"]}
    got = value[sign]()
    slack = 1e-9 * max(1.0, abs(got))
    assert low - slack <= got <= high + slack
