"""Figure of the buildings that a scenario moves: the chance of 1亿元 before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.analysis.scenarios.simulation import BASELINE_ZH as BASELINE
from louyu_lab.study.charts.dots import ROW, name_rows
from louyu_lab.study.charts.style import (
    GOOD,
    MUTED,
    SMALL,
    WARM,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import shorten

#: Smaller changes of a chance are not drawn: they tell nothing beside the draws' own scatter.
LEAST_CHANGE = 0.005

#: Width of the names of rows, in characters.
_NAME = 11


@chart
def mover_dumbbells(
    moves: pd.DataFrame, scenario: str, against: str = BASELINE, most: int = 15, note: str = ""
) -> Figure:
    """Draw the chance of paying 1亿元 or more under the scenario and ``against`` it, the gains on top.

    ``moves`` is made by ``answers.tiers.tier_moves``. The ``most`` largest changes from ``LEAST_CHANGE`` on.
    """
    title = f"{shorten(scenario, 16)}：达到1亿元的可能性"
    rows = moves[moves["p_yi_change"].abs() >= LEAST_CHANGE]
    if not len(rows):
        return no_data(title, "没有楼宇的可能性有变化")
    year, left = int(rows["year"].iloc[0]), max(len(rows) - most, 0)
    rows = rows.loc[rows["p_yi_change"].abs().sort_values(ascending=False, kind="stable").index[:most]]
    rows = rows.sort_values(["p_yi_change", "building_id"], ascending=[False, True])
    scope = f"口径：{year}年，不含一次性税收；空心为{shorten(against, 12)}，"
    scope += "实心为情景，圆升方降，右侧为相差的百分点。"
    scope += "没有空心的为新楼。" if rows["p_yi_before"].isna().any() else ""
    scope += f"另有{left}幢变化较小，未画出。" if left else ""
    figure, ax = new_figure(title, 0.75 + ROW * (len(rows) + 1), scope + note)
    at = np.arange(len(rows))
    before, after, change = (
        rows[name].to_numpy("float64") for name in ("p_yi_before", "p_yi_after", "p_yi_change")
    )
    keys, labels = [], []
    for is_up, colour, marker, label in ((True, GOOD, "o", "情景（升）"), (False, WARM, "s", "情景（降）")):
        own = (change > 0) == is_up
        ax.hlines(at[own], before[own], after[own], color=colour, linewidth=2.4, alpha=0.7)
        if own.any():
            keys.append(ax.scatter(after[own], at[own], 48, color=colour, marker=marker, zorder=4))
            labels.append(label)
    base = ax.scatter(before, at, 44, facecolor="white", edgecolor=MUTED, linewidth=1.5, zorder=3)
    for row, points in enumerate(change * 100):
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
        ax.annotate(f"{points:+.1f}", (1.0, row), (8, 0), size=SMALL, **place)
    legend_above(ax, [base, *keys], [shorten(against, 12), *labels])
    name_rows(ax, list(at), [shorten(name, _NAME) for name in rows["building"]])
    ax.set_xlim(-0.03, 1.03)
    percent_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    return figure
