"""Figure of policies: treated buildings against their controls, by years since the start."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.study.charts.dots import signed_ticks
from louyu_lab.study.charts.style import (
    MAIN,
    MUTED,
    PALE,
    SMALL,
    chart,
    new_figure,
    no_data,
    value_grid,
)
from louyu_lab.study.charts.text import shorten

#: More events than this would not fit on a page.
_MOST = 4


@chart
def policy_event_study(effects: pd.DataFrame, note: str = "") -> Figure:
    """Draw the effect of each event by lag, from table ``policy_effects``; the years before are shaded.

    A dot is the difference from the controls in points against the year-end before the start, which is 0
    by definition (hollow); the line is its interval.
    """
    title = "开始前后处理楼宇与对照楼宇的可招商空置率之差（个百分点）"
    policies = list(dict.fromkeys(effects["policy"]))[:_MOST]
    if not policies:
        return no_data(title, "没有可以估计的政策或改造")
    left = effects["policy"].nunique() - len(policies)
    scope = f"口径：各楼等权，以开始前一年末为零；竖线为{LEVEL:.0%}区间；底色部分在开始之前，应在零线上下。"
    more = f"另有 {left} 项见表。" if left else ""
    figure, axes = new_figure(
        title, 2.5 * len(policies), scope + more + note, rows=len(policies), squeeze=False
    )
    for policy, ax in zip(policies, axes[:, 0], strict=True):
        _panel(ax, policy, effects[effects["policy"] == policy])
    axes[-1, 0].set_xlabel("距开始的年末数（0 为开始当年末）", fontsize=SMALL)
    return figure


def _panel(ax: Axes, policy: str, rows: pd.DataFrame) -> None:
    lags = rows["lag"].to_numpy(dtype="float64")
    effect = rows["effect_pp"].to_numpy(dtype="float64")
    edge = lags.min() - 0.5, lags.max() + 0.5
    ax.axvspan(edge[0], -0.5, color=PALE, zorder=0, linewidth=0)
    ax.axhline(0, color=MUTED, linewidth=0.9, zorder=1)
    for lag, value, low, high in zip(lags, effect, rows["lo_pp"], rows["hi_pp"], strict=True):
        has_interval = np.isfinite(low)
        colour = MUTED if lag < 0 else MAIN
        if has_interval:
            ax.plot([lag, lag], [low, high], color=colour, linewidth=2.0, solid_capstyle="butt")
        fill = colour if has_interval else "white"
        ax.plot([lag], [value], "o", color=colour, markerfacecolor=fill, markersize=6)
    base = rows[rows["lag"] == -1].iloc[0]
    ax.set_title(f"{shorten(policy, 20)}（处理 {base.n_treated} 幢，对照 {base.n_control} 幢）")
    ax.set_xlim(*edge)
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    ax.locator_params(axis="y", nbins=5)
    signed_ticks(ax, "y")
    value_grid(ax, "y")
    ax.spines["bottom"].set_visible(False)
