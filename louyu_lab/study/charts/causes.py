"""Figures of vacant area by cause: causes by street, and the account of one building."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.vacancy.attribution.cases import Case
from louyu_lab.analysis.vacancy.attribution.levels import moving_causes
from louyu_lab.analysis.vacancy.attribution.parts import REFERENCE, UNEXPLAINED
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    OTHER,
    SMALL,
    WARM,
    chart,
    new_figure,
    no_data,
    text_colour,
)
from louyu_lab.study.charts.text import Scale, area_scale, balance

#: Red above the reference, blue below, as everywhere else in the chapter.
_SIGNED = "RdBu_r"

#: How far a cell whose interval holds zero is mixed with white.
_FADED = 0.6

_ROW = 0.4


@chart
def causes_by_street(causes: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw each street's signed ㎡ by cause as coloured cells, from table ``vacancy_causes``.

    Streets fall by marketable vacant area, which stands beside their names; cells whose interval holds
    zero are pale. 未解释 has no interval and is never pale.
    """
    rows = moving_causes(causes[causes["level"] == "street"])
    title = f"{year}年各街道可招商空置面积：比参照多或少"
    if not len(rows):
        return no_data(title, "没有可以按成因划分的空置面积")
    vacant = rows.groupby("id")["area_sqm"].sum().sort_index().sort_values(ascending=False, kind="stable")
    rows = rows[rows["cause"] != REFERENCE]
    order = list(dict.fromkeys(rows["cause"]))
    shown, low, high = (
        rows.pivot(index="id", columns="cause", values=name).loc[vacant.index, order]
        for name in ("area_sqm", "lo_sqm", "hi_sqm")
    )
    scale = area_scale(np.abs(shown.to_numpy()).ravel())
    total = area_scale(vacant)
    scope = "口径：红为高于参照，蓝为低于参照，浅色的区间含零；街道名下为可招商空置面积。"
    scope += "数字是与各项成因相关的面积，不是因果；未解释是模型没有说明的部分，没有区间。"
    height = 0.7 + _ROW * len(vacant)
    figure, ax = new_figure(f"{title}（{scale.unit}）", height, scope + note)
    labels = [f"{balance(str(street), 9, 2)}\n{total.text(area)}" for street, area in vacant.items()]
    # Where there is no interval both comparisons are false.
    is_unsure = ((low <= 0) & (high >= 0)).to_numpy()
    _signed_cells(ax, shown, is_unsure, labels, scale)
    # Two lines of a name and its area need more than a cell of one number.
    figure.set_figheight(figure.get_figheight() + 0.17 * sum(label.count("\n") for label in labels))
    return figure


@chart
def case_waterfall(case: Case, year: int, note: str = "") -> Figure:
    """Draw one building's account from 参照水平 over its causes and 未解释 to what is vacant.

    A line over a cause's bar is its interval.
    """
    names = [REFERENCE, *case.causes["cause"], UNEXPLAINED, "可招商空置"]
    steps = [case.reference_sqm, *case.causes["area_sqm"], case.unexplained_sqm]
    sizes = np.array([*steps, case.vacant_sqm])
    starts = np.append(np.cumsum(steps) - steps, 0.0)
    scale = area_scale(np.append(starts + sizes, sizes))
    colours = [OTHER, *[WARM if size > 0 else MAIN for size in case.causes["area_sqm"]], "white", INK]
    scope = "口径：从参照水平起，红为高于参照，蓝为低于参照，细线为区间，空心为模型没有说明的部分。"
    title = f"{year}年{case.building}可招商空置面积（{scale.unit}）"
    figure, ax = new_figure(title, 0.4 + _ROW * len(names), scope + note)
    edges = [*[colour for colour in colours[:-2]], MUTED, INK]
    ax.barh(range(len(names)), sizes / scale.divisor, 0.6, starts / scale.divisor, color=colours, ec=edges)
    for at, end in enumerate((starts + sizes)[:-1]):
        ax.plot([end / scale.divisor] * 2, [at + 0.3, at + 0.7], color=MUTED, linewidth=0.8)
    bounds = case.causes[["lo_sqm", "hi_sqm"]].to_numpy(dtype="float64") + starts[1:-2, None]
    for at, bound in enumerate(bounds, start=1):
        ax.plot(bound / scale.divisor, [at] * 2, color=INK, linewidth=1.3)
    reach = np.fmax(
        np.maximum(starts, starts + sizes), np.concatenate([[np.nan], bounds[:, 1], [np.nan] * 2])
    )
    _end_texts(ax, sizes, reach / scale.divisor, scale)
    ax.set_yticks(range(len(names)), [balance(name, 8, 2) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    return figure


def _signed_cells(
    ax: Axes, values: pd.DataFrame, is_unsure: np.ndarray, labels: list[str], scale: Scale
) -> None:
    """Colour cells by sign and size, print their values, name rows at the left and columns on top."""
    amounts = values.to_numpy(dtype="float64")
    largest = float(np.abs(amounts).max(initial=0.0)) or 1.0
    # The middle 80 % of the map: its ends are too dark for numbers.
    colours = colormaps[_SIGNED](0.5 + 0.4 * amounts / largest)
    colours[is_unsure] = _FADED + (1 - _FADED) * colours[is_unsure]
    ax.imshow(colours, aspect="auto")
    for (row, column), amount in np.ndenumerate(amounts):
        tone = text_colour(colours[row, column])
        text = scale.number(amount, signed=True)
        ax.text(column, row, text, ha="center", va="center", size=SMALL, color=tone)
    ax.set_xticks(np.arange(1, amounts.shape[1]) - 0.5, minor=True)
    ax.set_yticks(np.arange(1, amounts.shape[0]) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="minor", length=0)
    ax.spines[:].set_visible(False)
    ax.xaxis.tick_top()
    per_column = max(2.0, 33.0 / amounts.shape[1] - 0.4)
    ax.set_xticks(range(amounts.shape[1]), [balance(str(name), per_column, 3) for name in values.columns])
    ax.set_yticks(range(amounts.shape[0]), labels, linespacing=1.15)


def _end_texts(ax: Axes, sizes: np.ndarray, reach: np.ndarray, scale: Scale) -> None:
    """Print each bar's area right of everything in its row; the first and last are amounts, not steps."""
    for at, (size, end) in enumerate(zip(sizes, reach, strict=True)):
        text = scale.number(size, signed=0 < at < len(sizes) - 1)
        ax.annotate(text, (end, at), (5, 0), textcoords="offset points", va="center", size=SMALL)
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, 0.0), high + 0.12 * (high - min(low, 0.0)))
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.xaxis.set_visible(False)
    ax.spines[["left", "bottom"]].set_visible(False)
