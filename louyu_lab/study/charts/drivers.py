"""Figures of the drivers of vacancy: a forest of effects, and how vacancy runs along each driver."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.vacancy.measures.declared import declared_drivers, without_years
from louyu_lab.study.charts.dots import difference_axis, name_rows, signed_dot
from louyu_lab.study.charts.style import (
    MAIN,
    chart,
    new_figure,
    no_data,
    percent_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import balance, plain_number

#: Inches a row of the forest takes, and curves drawn at most.
_ROW, MOST_CURVES = 0.36, 6


@chart
def effect_forest(effects: pd.DataFrame, level: float, note: str = "") -> Figure:
    """Draw each driver's average partial effect with its interval, from table ``vacancy_drivers``.

    Years are left to the table: they are common to all buildings. Dots whose interval leaves out zero are
    coloured. ``level`` is that of the intervals.
    """
    rows = without_years(effects)
    title = "各项因素与可招商空置率的关系（个百分点）"
    if not len(rows):
        return no_data(title, "没有可以分析的因素")
    scope = f"口径：其他因素相同时，左侧所列的一步对应空置率高（红）或低（蓝）多少；横线为{level:.0%}区间，"
    scope += "黑色的区间含零。是相关，不是因果。"
    rows = rows.assign(at=np.arange(len(rows)))
    figure, ax = new_figure(title, 0.5 + _ROW * len(rows), scope + note)
    for row in rows.itertuples():
        signed_dot(ax, row.at, row.effect_pp, row.lo_pp, row.hi_pp)
    name_rows(ax, rows["at"], [balance(text, 15, 2) for text in rows["contrast"]])
    difference_axis(ax)
    return figure


@chart
def driver_curves(curves: pd.DataFrame, level: float, note: str = "") -> Figure:
    """Draw the mean vacancy rate along each driver, from ``drivers.curves.effect_curves``, six at most."""
    names = list(dict.fromkeys(curves["driver"]))[:MOST_CURVES]
    title = "其他因素不变，各项因素取不同值时的可招商空置率"
    if not names:
        return no_data(title, "没有可以画的因素")
    scope = f"口径：把所有楼宇的这一项都设为横轴的值，模型推算的平均空置率；阴影为{level:.0%}区间。"
    scope += "横轴两端各略去5%的楼宇。是相关，不是因果。"
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure, axes = new_figure(title, 2.3 * rows, scope + note, rows, columns, squeeze=False, sharey=True)
    for ax, name in zip(axes.flat, names, strict=False):
        _curve(ax, name, curves[curves["driver"] == name])
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    for row in axes:
        percent_ticks(row[0], "y")
    return figure


def curve_order(effects: pd.DataFrame, drivers: Sequence[str]) -> list[str]:
    """Return the drivers worth a curve: traits of a building, the surest effects first."""
    known = declared_drivers()
    rows = effects[effects["driver"].isin(list(drivers)) & (effects["level"] == "")]
    # A passing influence has no range of values to move a building along.
    rows = rows[rows["driver"].map(lambda name: known[name].kind in ("between", "lagged")).astype(bool)]
    return rows.sort_values("p_value", kind="stable")["driver"].head(MOST_CURVES).tolist()


def _curve(ax: Axes, name: str, curve: pd.DataFrame) -> None:
    driver = declared_drivers()[name]
    values = [driver.shown(value) for value in curve["value"]]
    ax.fill_between(values, curve["lo"], curve["hi"], color=MAIN, alpha=0.18, linewidth=0)
    ax.plot(values, curve["rate"], color=MAIN, linewidth=2.0)
    ax.set_xlabel(balance(driver.axis, 9, 2))
    if driver.axis_base:
        ax.set_xscale("log", base=2)
        ax.minorticks_off()
        low, high = np.log2(values[0]), np.log2(values[-1])
        ticks = 2.0 ** np.arange(np.ceil(low), np.floor(high) + 1, max(1, round((high - low) / 3)))
        ax.set_xticks(ticks)
    else:
        ax.locator_params(axis="x", nbins=4)
    ax.xaxis.set_major_formatter(lambda v, _: plain_number(round(v, 2)))
    ax.set_ylim(0, None)
    value_grid(ax, "y")
