"""Figures of tax: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import tax


def unit_tax(taxes: list[float]) -> pd.DataFrame:
    """Buildings of 2万㎡ each, half in one street, with these taxes."""
    count = len(taxes)
    names = [f"大厦{at}" for at in range(count)]
    frame = pd.DataFrame({"building_id": names, "building": names, "tax_yuan": taxes, "gross_area_sqm": 2e4})
    frame["street"] = ["南湖街道", "西塔街道"] * (count // 2) + ["南湖街道"] * (count % 2)
    frame["tax_per_gross_yuan_sqm"] = frame["tax_yuan"] / frame["gross_area_sqm"]
    return frame.assign(tax_per_occupied_yuan_sqm=frame["tax_per_gross_yuan_sqm"])


def points(ax) -> np.ndarray:
    return np.vstack([collection.get_offsets() for collection in ax.collections])


def test_readable(tables, readable):
    readable(tax.building_bubbles(tables.unit_tax, tables.year))
    readable(tax.tax_lorenz(tables.rollup, tables.year))
    readable(tax.tax_band_bars(tables.tax_bands, tables.year))
    readable(tax.tax_by_year(tables.indicators))


def test_rankings_are_readable(tables, readable):
    for basis in ("gross", "rentable", "occupied"):
        readable(tax.unit_tax_ranking(tables.unit_tax, tables.year, f"tax_per_{basis}_yuan_sqm"))


def test_a_wide_span_is_logarithmic_and_counts_what_it_cannot_show():
    figure = tax.building_bubbles(unit_tax([3e8, 2e5, 0.0, -1e6, np.nan]), 2020)
    ax = figure.axes[0]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert sorted(points(ax)[:, 1]) == pytest.approx([0.002, 3.0])  # 亿元
    assert "另有3幢税收为零、为负或缺数据" in figure.get_supxlabel().replace("\n", "")


def test_a_narrow_span_shows_refunds():
    ax = tax.building_bubbles(unit_tax([3e7, 2e7, -1e6]), 2020).axes[0]
    assert ax.get_yscale() == "linear"
    assert sorted(points(ax)[:, 1]) == pytest.approx([-100.0, 2000.0, 3000.0])  # 万元


def test_streets_beyond_the_most_are_one_colour():
    frame = unit_tax([9e7, 8e7, 7e7]).assign(street=["甲街道", "乙街道", None])
    legend = tax.building_bubbles(frame, 2020, streets=2).axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["甲街道", "乙街道", "其他"]


def test_cumulative_curve_by_hand():
    # 50, 30, 20 of 100 in order: 50, 80, 100 %; the top tenth of three buildings is one.
    rollup = pd.DataFrame({"level": "building", "id": list("abcd"), "tax_yuan": [3e7, 5e7, 2e7, np.nan]})
    figure = tax.tax_lorenz(rollup, 2020)
    _, curve, top = figure.axes[0].lines
    assert curve.get_xdata() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert curve.get_ydata() == pytest.approx([0, 0.5, 0.8, 1])
    assert (top.get_xdata()[0], top.get_ydata()[0]) == pytest.approx((1 / 3, 0.5))
    assert figure.axes[0].get_legend().get_texts()[0].get_text() == "税收最多的1幢（33.3%）贡献50.0%"
    assert "另有1幢缺税收数据" in figure.get_supxlabel()


def test_a_top_tenth_is_rounded_up():
    rollup = pd.DataFrame({"level": "building", "id": range(89), "tax_yuan": np.arange(1.0, 90.0)})
    legend = tax.tax_lorenz(rollup, 2020).axes[0].get_legend()
    assert "税收最多的9幢（10.1%）" in legend.get_texts()[0].get_text()


def test_band_bars_are_the_tables_amounts(usual):
    left, right = tax.tax_band_bars(usual.tax_bands, 2020).axes
    assert [bar.get_width() for bar in left.containers[0]] == usual.tax_bands["buildings"].tolist()
    assert [bar.get_width() for bar in right.containers[0]] == usual.tax_bands["tax_yuan"].tolist()


def test_ranking_takes_both_ends():
    frame = unit_tax([at * 1e6 for at in range(1, 31)])
    upper, lower = tax.unit_tax_ranking(frame, 2020, ends=10).axes
    # 30 × 100万元 over 2万㎡ is 1500 元/㎡, the smallest 50.
    assert [bar.get_width() for bar in upper.containers[0]] == [1500.0 - 50 * at for at in range(10)]
    assert [bar.get_width() for bar in lower.containers[0]] == [500.0 - 50 * at for at in range(10)]


def test_few_buildings_are_one_ranking():
    figure = tax.unit_tax_ranking(unit_tax([1e6, -2e6, np.nan]), 2020)
    assert [bar.get_width() for bar in figure.axes[0].containers[0]] == [50.0, -100.0]


def test_years_take_their_indicators():
    rows = [
        ("tax_yuan", 2019, 4.0e9),
        ("tax_yuan", 2020, 4.4e9),
        ("yi_buildings", 2020, 11.0),
        ("firms", 2020, 9.0),
    ]
    indicators = pd.DataFrame(rows, columns=["indicator", "year", "value"])
    upper, lower = tax.tax_by_year(indicators).axes
    assert [bar.get_height() for bar in upper.containers[0]] == pytest.approx([40.0, 44.0])
    assert [bar.get_height() for bar in lower.containers[0]][1] == 11.0
    assert [text.get_text() for text in lower.texts] == ["", "11"]  # 2019 unknown: no zero
