"""Figures of what lies behind a result: the parts of a gap in tax, and the levers that matter most."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.scenarios.answers.gap_causes import (
    BASELINE_TO_SCENARIO,
    NOW_TO_PATH,
    NOW_TO_TARGET,
    PATH_TO_TARGET,
)
from louyu_lab.analysis.scenarios.answers.tornado import INTERACTION
from louyu_lab.study.charts.dots import difference_axis, name_rows
from louyu_lab.study.charts.scenario_paths import indicator_scale
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    SMALL,
    WARM,
    chart,
    new_figure,
    no_data,
)
from louyu_lab.study.charts.text import RATE, Scale, balance, money_scale, shorten

#: Inches a bar takes.
_ROW = 0.42

#: What is set against what -> title of the figure, with the year.
_TITLES = {
    NOW_TO_TARGET: "从基年到{year}年税收目标，差距在哪里",
    PATH_TO_TARGET: "从推演结果到{year}年税收目标，差距在哪里",
    NOW_TO_PATH: "从基年到{year}年，税收增减来自哪里",
    BASELINE_TO_SCENARIO: "{year}年税收比基准增减，来自哪里",
}


@chart
def gap_waterfall(gap: pd.DataFrame, scenario: str = "", note: str = "") -> Figure:
    """Draw the parts of one gap in tax one after another, the last bar their sum, with 80 % intervals.

    ``gap`` are the rows of one ``comparison`` and year of table ``scenario_gap``; parts of zero are left out.
    """
    beside = f"{shorten(scenario, 14)}：" if scenario else ""
    if not len(gap):
        return no_data(f"{beside}税收差距在哪里", "没有税收，或没有税收目标")
    title = beside + _TITLES[gap["comparison"].iloc[0]].format(year=int(gap["year"].iloc[0]))
    whole = float(gap["to_yuan"].iloc[0] - gap["from_yuan"].iloc[0])
    least = 1e-6 * max(gap["effect_yuan"].abs().max(), 1.0)
    rows = gap[gap["effect_yuan"].abs() > least]
    if not len(rows):
        return no_data(title, "两边的税收相同")
    scale = money_scale([whole, *rows["effect_yuan"]])
    heights = np.append(rows["effect_yuan"].to_numpy("float64"), whole)
    starts = np.append(np.cumsum(heights[:-1]) - heights[:-1], 0.0)
    has_interval = bool(rows["lo80_yuan"].notna().any())
    scope = "口径：经常性税收；红为增、蓝为减，黑为合计。"
    scope += "细线为各部分自己的80%区间，不能相加。" if has_interval else ""
    figure, ax = new_figure(f"{title}（{scale.unit}）", 0.5 + _ROW * len(heights), scope + note)
    _bars(ax, heights, starts, scale)
    if has_interval:
        _intervals(ax, rows, starts, scale)
    name_rows(ax, list(range(len(heights))), [*rows["part"], "合计"])
    difference_axis(ax)
    return figure


def _bars(ax: Axes, heights: np.ndarray, starts: np.ndarray, scale: Scale) -> None:
    """Draw the bars, each beginning where the one above ends, with their amounts at the right edge."""
    at = np.arange(len(heights))
    colours = np.where(heights > 0, WARM, MAIN)
    colours[-1] = INK
    ax.barh(at, heights / scale.divisor, 0.6, starts / scale.divisor, color=colours)
    ends = (starts + heights) / scale.divisor
    for row in at[:-1]:
        # The last part ends where the sum ends too.
        ax.plot([ends[row]] * 2, [row + 0.3, row + 0.7], color=MUTED, linewidth=0.8)
    for row, height in enumerate(heights):
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
        ax.annotate(scale.number(height, signed=True), (1.0, row), (8, 0), size=SMALL, **place)


def _intervals(ax: Axes, rows: pd.DataFrame, starts: np.ndarray, scale: Scale) -> None:
    low, high = (
        (starts[:-1] + rows[f"{side}80_yuan"].to_numpy("float64")) / scale.divisor for side in ("lo", "hi")
    )
    ax.hlines(np.arange(len(rows)), low, high, color=INK, linewidth=1.2)


@chart
def tornado_bars(
    effects: pd.DataFrame, indicator: str = "tax_yuan", most: int = 12, note: str = ""
) -> Figure:
    """Draw what each lever does alone to one indicator, at lower and higher values, the widest on top.

    ``effects`` are the rows of one scenario of table ``scenario_tornado``. The stroke is the lever as it is
    set, the bar reaches from what its low value does to what its high one does.
    """
    rows = effects[effects["indicator"] == indicator]
    if not len(rows):
        return no_data("哪些杠杆最要紧", "情景没有改变杠杆，或没有这个指标")
    name, year = rows["name_zh"].iloc[0], int(rows["year"].iloc[0])
    rows = rows[rows["swing"] > 1e-6 * rows["swing"].max()]
    if not len(rows):
        return no_data("哪些杠杆最要紧", f"没有杠杆影响{name}")
    levers, rest = rows[rows["title"] != INTERACTION], rows[rows["title"] == INTERACTION]
    left = max(len(levers) - most, 0)
    rows = pd.concat([levers.head(most), rest])
    scale = indicator_scale(indicator, rows[["alone", "low", "high"]].abs().max(axis=1).tolist())
    unit = "个百分点" if scale is RATE else scale.unit
    scope = "口径：各杠杆单独改变、其余照基准时的平均影响。竖线为所设的值，空心为取低值，实心为取高值："
    scope += "有区间的取80%区间两端，没有的减、加五分之一，整数至少减、加1。"
    scope += f"另有{left}个影响较小的杠杆未画出。" if left else ""
    title = f"{shorten(rows['scenario'].iloc[0], 14)}：哪些杠杆左右{year}年{name}"
    figure, ax = new_figure(f"{title}（{unit}）", 0.5 + _ROW * len(rows), scope + note)
    at = np.arange(len(rows))
    alone, low, high = (rows[each].to_numpy("float64") / scale.divisor for each in ("alone", "low", "high"))
    colours = np.where(alone + np.nan_to_num(high) >= 0, WARM, MAIN)
    ax.hlines(at, low, high, color=colours, linewidth=7, alpha=0.45)
    ax.scatter(low, at, 34, facecolor="white", edgecolor=colours, linewidth=1.5, zorder=3)
    ax.scatter(high, at, 34, color=colours, zorder=3)
    ax.scatter(alone, at, 150, color=INK, marker="|", linewidth=2.2, zorder=4)
    for row, value in enumerate(rows["alone"]):
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
        ax.annotate(scale.number(value, signed=True), (1.0, row), (8, 0), size=SMALL, **place)
    name_rows(ax, list(at), [balance(title, 11, 2) for title in rows["title"]])
    difference_axis(ax)
    return figure
