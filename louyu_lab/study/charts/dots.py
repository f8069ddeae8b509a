"""Rows of dots with their intervals, and the axis of signed differences that they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from louyu_lab.study.charts.style import INK, MAIN, MUTED, WARM, value_grid
from louyu_lab.study.charts.text import plain_number

#: Inches a row takes.
ROW = 0.3


def headed_places(groups: pd.Series) -> pd.Series:
    """Return each row's place from the top, a line left free above every group for its name."""
    order = {name: at for at, name in enumerate(dict.fromkeys(groups), start=1)}
    return groups.map(order).astype("int64") + np.arange(len(groups))


def signed_dot(ax: Axes, at: float, value: float, low: float, high: float) -> None:
    """Draw one difference with its interval: red above zero beyond doubt, blue below, black where unsure.

    Without an interval (NaN) the dot is hollow.
    """
    colour, fill = (WARM if low > 0 else MAIN if high < 0 else INK), "white"
    if np.isfinite([low, high]).all():
        ax.plot([low, high], [at] * 2, color=colour, linewidth=2.0, solid_capstyle="butt")
        fill = colour
    ax.plot([value], [at], "o", color=colour, markerfacecolor=fill, markersize=6)


def name_rows(
    ax: Axes, places: Sequence[float], labels: Sequence[str], groups: Sequence[str] | None = None
) -> None:
    """Name the rows at the left, first on top, and in grey the ``groups`` (one a row) above their first."""
    named, heads = dict(zip(places, labels, strict=True)), {}
    if groups is not None:
        firsts = pd.Series(list(places)).groupby(list(groups), sort=False).min()
        heads = {at - 1: f"{group}：" for group, at in firsts.items()}
    every = sorted(named | heads)
    ax.set_yticks(every, [(named | heads)[at] for at in every])
    for at, tick in zip(every, ax.get_yticklabels(), strict=True):
        tick.set_color(MUTED if at in heads else INK)
    ax.set_ylim(max(every) + 0.6, min(every) - 0.6)


def difference_axis(ax: Axes) -> None:
    """Make the x axis one of signed differences, with a line at zero."""
    ax.axvline(0, color=MUTED, linewidth=0.9, zorder=0)
    ax.margins(x=0.06)
    ax.locator_params(axis="x", nbins=6)
    signed_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)


def signed_ticks(ax: Axes, axis: Literal["x", "y"]) -> None:
    """Print an axis's numbers with their sign."""
    scale = ax.xaxis if axis == "x" else ax.yaxis
    scale.set_major_formatter(lambda value, _: f"{'+' if value > 0 else ''}{plain_number(round(value, 6))}")
