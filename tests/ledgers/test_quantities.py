"""Numbers with units: reference factors, and what was printed is read back."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.quantities import FACTORS, factor_of, read_quantities

AREA = catalogue()["buildings"]["gross_area_sqm"]
MONEY = catalogue()["taxes"]["tax_yuan"]
RATE = catalogue()["occupancy"]["occupancy_rate"]


@pytest.mark.parametrize(
    ("kind", "unit", "factor"),
    [
        ("area", "㎡", 1),
        ("area", "m²", 1),
        ("area", "万平方米", 10_000),
        ("area", "公顷", 10_000),  # 1 hm² = 10⁴ m² (GB 3100)
        ("area", "亩", 2000 / 3),  # 15 亩 = 1 hm²
        ("money", "万元", 1e4),
        ("money", "亿元", 1e8),
        ("money", "百万元", 1e6),
        ("rate", "%", 0.01),
        ("rate", "成", 0.1),
        ("rent", "元/㎡·天", 365 / 12),
        ("rent", "元/㎡/年", 1 / 12),
        ("length", "公里", 1000),
    ],
)
def test_factors(kind, unit, factor):
    assert factor_of(kind, unit) == pytest.approx(factor, rel=1e-12)
    assert factor_of(kind, f"（{unit}）") == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize("unit", ["", "万美元", "英尺", "吨"])
def test_unknown_units_have_no_factor(unit):
    assert all(factor_of(kind, unit) is None for kind in FACTORS)


def _one(cell, column=AREA, unit=""):
    read = read_quantities([cell], column, unit)
    return read.values[0], bool(read.unreadable[0])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("约3.2万㎡", 32_000),
        ("近 5 万平方米", 50_000),
        ("1,234.5", 1234.5),
        ("－12", -12),
        ("(12)", -12),
        ("１２０", 120),
        (".5", 0.5),
        ("1.2e3", 1200),
        ("3万多", 30_000),
    ],
)
def test_spellings(cell, value):
    assert _one(cell) == (pytest.approx(value), False)


@pytest.mark.parametrize(
    "cell", ["三万", "3-5万", "1_000", "12,34", "3.2.1", "inf", "12吨", "见附表", "9" * 400, True]
)
def test_what_is_no_number(cell):
    value, unreadable = _one(cell)
    assert np.isnan(value)
    assert unreadable


@given(
    st.floats(0.01, 1e7).map(lambda number: round(number, 2)),
    st.sampled_from(sorted(FACTORS["money"])),
    st.sampled_from(["{:,.2f}{}", "约{:.2f}{}", "{:.2f} {}", "￥{:.2f}{}左右"]),
)
def test_printed_money_is_read_back(number, unit, form):
    value, unreadable = _one(form.format(number, unit), MONEY)
    assert not unreadable
    # Both sides are the same two floats multiplied; only the order of rounding may differ.
    assert value == pytest.approx(number * FACTORS["money"][unit], rel=1e-12)


@given(st.lists(st.floats(0.02, 1.0).map(lambda rate: round(rate, 4)), min_size=1, max_size=20))
def test_rates_mean_the_same_as_fractions_percentages_and_texts(rates):
    fractions = read_quantities(rates, RATE, "").values
    texts = read_quantities([f"{rate * 100:.2f}%" for rate in rates], RATE, "").values
    percentages = read_quantities([rate * 100 for rate in rates], RATE, "%").values
    np.testing.assert_allclose(texts, rates, atol=1e-12)
    np.testing.assert_allclose(fractions, rates, atol=1e-12)
    np.testing.assert_allclose(percentages, rates, atol=1e-12)


@given(
    st.lists(
        st.one_of(st.text(max_size=10), st.floats(), st.none(), st.integers(-(10**12), 10**12)), max_size=10
    )
)
def test_no_cell_breaks_the_reader(cells):
    for column in (AREA, MONEY, RATE):
        read = read_quantities(cells, column, "")
        assert len(read.values) == len(cells)
        assert np.isnan(read.values[read.unreadable]).all()


@given(
    st.lists(
        st.one_of(st.floats(0, 1e6), st.sampled_from(["3万", "待定", "x", "5%"])), min_size=2, max_size=10
    ),
    st.randoms(),
)
def test_the_order_of_cells_does_not_matter(cells, random):
    order = list(range(len(cells)))
    random.shuffle(order)
    straight = read_quantities(cells, AREA, "").values
    shuffled = read_quantities([cells[i] for i in order], AREA, "").values
    np.testing.assert_array_equal(straight[order], shuffled)
