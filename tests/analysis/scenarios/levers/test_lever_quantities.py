"""Numbers with their units, read strictly and printed so that they can be read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios.levers import levers
from louyu_lab.analysis.scenarios.levers.quantities import (
    UNITS,
    WRITTEN,
    number_of,
    printed_cost,
    printed_number,
    unit_cost_of,
)

KINDS = sorted(set(UNITS) - {"names", "year"})

#: Ten digits are printed.
TOLERANCE = 1e-9


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("area", "50000", 5e4),
        ("area", "5万㎡", 5e4),
        ("area", "５万 平方米", 5e4),
        ("area", "50,000 m²", 5e4),
        ("area", "2.5公顷", 2.5e4),
        ("rate", "0.2", 0.2),
        ("rate", "20%", 0.2),
        ("rate", "−5％", -0.05),
        ("points", "3个百分点", 0.03),
        ("points", "-3 百分点", -0.03),
        ("points", "3%", 0.03),
        ("ratio", "0.5倍", 0.5),
        ("ratio", "1e-1", 0.1),
        ("money", "3亿元", 3e8),
        ("money", "5000万元", 5e7),
        ("rent", "30元/㎡·月", 30.0),
        # A rent a day over a year of 365 days and twelve months.
        ("rent", "1.2元/㎡·天", 36.5),
        ("years", "1年", 1.0),
        ("months", "18个月", 18.0),
        ("count", "3家", 3.0),
        ("year", "2022年", 2022.0),
    ],
)
def test_a_number_is_read_in_the_stored_unit(kind: str, text: str, value: float) -> None:
    assert number_of(kind, text) == pytest.approx(value, rel=TOLERANCE)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("area", "5万元"),
        ("area", "5亩地"),
        ("area", "约5万㎡"),
        ("area", "1,00"),
        ("area", "5万㎡ 6万㎡"),
        ("rate", "3个百分点"),
        ("rate", "20倍"),
        ("points", "3倍"),
        ("ratio", "50%"),
        ("money", "3万㎡"),
        # Not for how long.
        ("rent", "30元/㎡"),
        ("rent", "30元"),
        ("years", "1个月"),
        ("months", "1年"),
        ("area", ""),
        ("area", "多"),
        ("ratio", "1e999"),
    ],
)
def test_a_wrong_unit_is_no_number(kind: str, text: str) -> None:
    assert number_of(kind, text) is None


@given(st.sampled_from(KINDS), st.floats(-1e12, 1e12, allow_subnormal=False))
def test_what_is_printed_can_be_read_again(kind: str, value: float) -> None:
    # Ten digits of a share are printed in percent: below 1e-300 nothing is left of them.
    value = 0.0 if abs(value) < 1e-300 else value
    assert number_of(kind, printed_number(kind, value)) == pytest.approx(value, rel=TOLERANCE)


@given(st.sampled_from(KINDS), st.integers(0, 10**9))
def test_every_kind_takes_its_own_unit_and_a_bare_number(kind: str, value: int) -> None:
    factor = 0.01 if kind in ("rate", "points") else 1.0
    assert number_of(kind, f"{value}{UNITS[kind]}") == pytest.approx(value * factor, rel=TOLERANCE)
    assert number_of(kind, str(value)) == value


@given(st.text(max_size=12), st.sampled_from(KINDS))
def test_no_text_breaks_the_reading(text: str, kind: str) -> None:
    value = number_of(kind, text)
    assert value is None or isinstance(value, float)
    cost = unit_cost_of("元/㎡", text)
    assert cost is None or isinstance(cost, float)


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("元/㎡", "800", 800.0),
        ("元/㎡", "800元/㎡", 800.0),
        ("元/㎡", "0.08万元/平方米", 800.0),
        ("元/㎡", "800万元/万㎡", 800.0),
        ("元/百分点", "300万元/个百分点", 3e6),
        ("元/户", "5000元/家", 5e3),
    ],
)
def test_unit_costs(unit: str, text: str, value: float) -> None:
    assert unit_cost_of(unit, text) == pytest.approx(value, rel=TOLERANCE)
    assert unit_cost_of(unit, printed_cost(unit, value)) == pytest.approx(value, rel=TOLERANCE)


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("元/㎡", "800元"),
        ("元/㎡", "800元/户"),
        ("元/㎡", "800元/月"),
        ("元/百分点", "300万元"),
        ("元/户", "5000元/㎡"),
        ("元/户", "五千"),
    ],
)
def test_a_cost_of_something_else_is_none(unit: str, text: str) -> None:
    assert unit_cost_of(unit, text) is None


def test_every_kind_says_how_it_is_written_and_every_cost_unit_can_be_read() -> None:
    assert set(WRITTEN) == set(UNITS)
    for lever in levers().values():
        if lever.cost_unit:
            assert unit_cost_of(lever.cost_unit, f"1{lever.cost_unit}") == 1.0
