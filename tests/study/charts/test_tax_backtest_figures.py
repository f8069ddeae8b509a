"""Figures of the back-test: readable in every size, and true to the tables."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import tax_backtest

METHODS = ["本章方法", "末年值", "线性漂移", "三年复合增长", "阻尼趋势"]
SIZES = ["全部", "1亿元以上", "1000万元—1亿元", "1000万元以下"]


#: Forecasts of each level: with as many of two, one would repeat the other.
SIZES_OF = {"district": 3, "street": 18, "building": 240}


def by_origin(levels: list[str], origins: int, wild: float = 1.0) -> pd.DataFrame:
    rows = [
        {"level": level, "method": method, "origin": 2020 - origins + at, "is_ours": method == METHODS[0],
         "n": SIZES_OF[level], "wape": (0.05 + 0.01 * at + 0.01 * place) * (wild if method == "三年复合增长" else 1.0)}
        for level in levels for place, method in enumerate(METHODS) for at in range(origins)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def coverage(sizes: list[str]) -> pd.DataFrame:
    rows = [("district", "全部"), ("street", "全部"), *[("building", size) for size in sizes]]
    table = pd.DataFrame(rows, columns=["level", "size_class"]).assign(horizon="全部", is_ours=True)
    table["n"] = table["level"].map(SIZES_OF)
    return table.assign(
        coverage80=np.linspace(0.6, 1.0, len(rows)), coverage95=np.linspace(0.9, 1.0, len(rows))
    )


@pytest.mark.parametrize(
    ("levels", "origins", "wild"),
    [
        (["building"], 1, 1.0),
        (["district", "street", "building"], 8, 30.0),
        (["district", "building"], 3, 1.0),
    ],
)
def test_errors_are_readable(readable, levels, origins, wild):
    readable(tax_backtest.error_by_origin(by_origin(levels, origins, wild)))


def test_lines_by_hand():
    figure = tax_backtest.error_by_origin(by_origin(["district", "building"], 3))
    assert len(figure.axes) == 2
    first = figure.axes[0].lines[0]
    assert first.get_ydata().tolist() == pytest.approx([0.05, 0.06, 0.07])
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == METHODS
    assert "超出图框" not in figure.get_supxlabel()


def test_a_method_far_off_is_cut_and_told():
    figure = tax_backtest.error_by_origin(by_origin(["building"], 3, wild=30.0))
    # Ours is 7 % at worst, the frame ends at twice that and 8 % of room.
    assert figure.axes[0].get_ylim()[1] == pytest.approx(0.07 * 2 * 1.08)
    assert "超出图框：各楼三年复合增长最高300.0%" in figure.get_supxlabel().replace("\n", "")


@pytest.mark.parametrize("sizes", [SIZES[:1], SIZES])
def test_coverage_is_readable(readable, sizes):
    readable(tax_backtest.interval_coverage(coverage(sizes)))


def test_dots_by_hand():
    figure = tax_backtest.interval_coverage(coverage(SIZES[:1]))
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert list(dots[0].get_xdata()) == pytest.approx([0.6, 0.8, 1.0])


def test_the_same_result_is_drawn_once():
    rows = by_origin(["district", "street", "building"], 3)
    rows["n"] = rows["n"].where(rows["level"] == "building", 3)
    assert [ax.get_ylabel() for ax in tax_backtest.error_by_origin(rows).axes] == ["全区", "各楼"]
    one = coverage(SIZES[:1]).assign(n=9)
    assert [text.get_text() for text in tax_backtest.interval_coverage(one).axes[0].get_yticklabels()] == [
        "全区（9次）"
    ]


def test_nothing_to_draw(readable):
    readable(tax_backtest.error_by_origin(by_origin(["building"], 1).assign(wape=np.nan)))
    readable(tax_backtest.error_by_origin(by_origin(["building"], 1).iloc[:0]))
    readable(tax_backtest.interval_coverage(coverage(SIZES).iloc[:0]))
