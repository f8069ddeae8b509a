"""Figure of the tenant model: what moves the district's tax, part by part and year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.analysis.tax.tenants.simulation import BASE, ENTERED, GROWN, LEFT, UNLISTED
from louyu_lab.study.charts.style import (
    GOOD,
    INK,
    MAIN,
    MUTED,
    OTHER,
    SMALL,
    WARM,
    chart,
    legend_above,
    new_figure,
    no_data,
    plain_ticks,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import money_scale

#: Part -> its colour; moves inside the district cancel out there.
_COLOURS = {GROWN: MAIN, ENTERED: GOOD, LEFT: WARM, UNLISTED: OTHER}

#: Width of a bar (years), and the most bars that have room for a number beside them.
_WIDTH, _MOST_NUMBERS = 0.5, 5

_TITLE = "全区楼宇税收比基年增减的构成"


@chart
def tax_part_bars(parts: pd.DataFrame, note: str = "") -> Figure:
    """Draw the district's change against the base year by part, stacked, from table ``tax_parts``.

    Parts that add stand above the line, parts that take below it; the dot is their sum.
    """
    rows = parts[(parts["level"] == "district") & parts["part"].isin(list(_COLOURS))]
    if not len(rows):
        return no_data(_TITLE, "没有分企业的税收")
    table = rows.pivot(index="year", columns="part", values="mean_yuan").sort_index()
    base = parts.loc[(parts["level"] == "district") & (parts["part"] == BASE), "mean_yuan"].iloc[0]
    scale = money_scale([*table.to_numpy().ravel(), base])
    first, last = int(table.index[0]), int(table.index[-1])
    span = f"{first}—{last}年" if last > first else f"{first}年"
    against = f"比{first - 1}年（{scale.text(base)}）增减"
    scope = f"口径：经常性税收的平均预测（加权后，与全区预测一致），{against}；黑点为合计。"
    figure, ax = new_figure(f"{span}{_TITLE}（{scale.unit}）", 3.9, scope + note)
    above, below = np.zeros(len(table)), np.zeros(len(table))
    bars = []
    for name in (part for part in _COLOURS if part in table):
        values = table[name].to_numpy(dtype="float64") / scale.divisor
        start = np.where(values >= 0, above, below)
        colour = _COLOURS[name]
        bars.append(
            (name, ax.bar(table.index, values, _WIDTH, start, color=colour, edgecolor="white", linewidth=0.6))
        )
        above, below = above + np.maximum(values, 0.0), below + np.minimum(values, 0.0)
    total = table.sum(axis=1).to_numpy() / scale.divisor
    dots = ax.plot(table.index, total, "o", color=INK, markersize=6)
    for year, value in zip(table.index, total, strict=True) if len(table) <= _MOST_NUMBERS else ():
        text = scale.number(value * scale.divisor, signed=True)
        ax.annotate(
            text, (year + _WIDTH / 2, value), (3, 0), textcoords="offset points", va="center", size=SMALL
        )
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.set_xlim(first - 0.6, last + 0.6)
    year_ticks(ax, list(table.index))
    plain_ticks(ax, "y")
    value_grid(ax, "y")
    ax.spines["bottom"].set_visible(False)
    legend_above(ax, [*(bar for _, bar in bars), *dots], [*(name for name, _ in bars), "合计"])
    return figure
