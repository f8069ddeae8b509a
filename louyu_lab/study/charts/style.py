"""The one look of every figure: sizes, colours, heading, footnote, and nothing left behind.

A figure is ``WIDTH`` inches wide. Text is at least ``SMALL`` points, so that it can still be read
when a phone shows the figure at 360 px.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from louyu_lab.study.charts.text import em, plain_number, wrap
from louyu_lab.study.fonts import use_chinese_font

WIDTH = 7.2
SMALL, BODY, HEADING = 10.5, 11.5, 14.0

INK, MUTED, GRID, PALE = "#222222", "#666666", "#DDDDDD", "#F2F2F2"
#: From Paul Tol's schemes, told apart with any of the common colour blindnesses. TAX marks money.
MAIN, WARM, GOOD, TAX, SOFT, OTHER = "#4477AA", "#EE6677", "#228833", "#DDAA33", "#88CCEE", "#BBBBBB"
CATEGORIES = ("#332288", "#88CCEE", "#117733", "#DDCC77", "#CC6677", "#AA4499", "#44AA99", "#999933")
#: Map for shares and counts; dark cells carry white text.
SEQUENCE = "Blues"

STYLE: dict[str, Any] = {
    "font.size": BODY,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": BODY,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "white",
    "axes.titlesize": BODY,
    "axes.titlelocation": "left",
    "axes.titlepad": 6.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "figure.facecolor": "white",
    "figure.titlesize": HEADING,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "savefig.dpi": 150,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
}

P = ParamSpec("P")


def chart(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Give a drawing function the house style; matplotlib's settings are as before afterwards.

    The layout is settled once and kept, so that the same table always gives the same picture.
    """

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with rc_context(STYLE):
            use_chinese_font()
            figure = draw(*args, **kwargs)
            settle(figure)
        return figure

    return drawn


def settle(figure: Figure) -> None:
    """Lay the figure out now and hold everything where it is."""
    if figure.get_layout_engine() is None:
        return
    # The second pass sees tick labels that only came about through the first.
    figure.draw_without_rendering()
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def new_figure(
    title: str, height: float, note: str = "", rows: int = 1, columns: int = 1, **grid: Any
) -> tuple[Figure, Any]:
    """Return ``(figure, axes)``: a titled, footnoted figure whose panels are ``height`` inches in all.

    ``axes`` is one Axes, or an array where there are several. ``grid`` goes to ``Figure.subplots``.
    """
    heading = wrap(title, 33)
    footnote = wrap(note, 46)
    room = 0.3 * len(heading.split("\n")) + (0.22 * len(footnote.split("\n")) if note else 0.0)
    figure = Figure(figsize=(WIDTH, height + room), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.06, wspace=0.03, hspace=0.04)
    axes = figure.subplots(rows, columns, **grid)
    figure.suptitle(heading, x=0.012, ha="left", linespacing=1.3)
    if note:
        figure.supxlabel(footnote, x=0.012, ha="left", fontsize=SMALL, color=MUTED, linespacing=1.3)
    return figure, axes


def no_data(title: str, reason: str = "没有可用的数据") -> Figure:
    """Return a small figure that says why there is nothing to draw."""
    figure, ax = new_figure(title, 1.2)
    ax.set_axis_off()
    ax.text(0.5, 0.5, wrap(f"暂无图：{reason}", 36), ha="center", va="center", color=MUTED)
    return figure


def value_grid(ax: Axes, axis: str) -> None:
    """Draw light grid lines across the value axis ("x" or "y") and no line along it."""
    ax.grid(True, axis=axis)
    ax.spines["bottom" if axis == "x" else "left"].set_visible(False)


def plain_ticks(ax: Axes, axis: str) -> None:
    """Print an axis's numbers with thousands separators, without powers of ten; at most six."""
    scale = ax.xaxis if axis == "x" else ax.yaxis
    ax.locator_params(axis=axis, nbins=6)
    scale.set_major_formatter(lambda value, _: plain_number(value))


def percent_ticks(ax: Axes, axis: str) -> None:
    """Print an axis of rates (0–1) as per cent."""
    scale = ax.xaxis if axis == "x" else ax.yaxis
    ax.locator_params(axis=axis, nbins=6)
    scale.set_major_formatter(lambda value, _: f"{plain_number(round(value * 100, 6))}%")


def year_ticks(ax: Axes, years: Sequence[int], most: int = 9) -> None:
    """Label the x axis with whole years; of many only every second, third … counted from the last."""
    years = sorted({int(year) for year in years})
    step = -(-len(years) // most)
    ax.set_xticks(years[::-1][::step][::-1])
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    # A single year would otherwise fill the whole panel.
    edge = 0.6 if len(years) > 1 else 1.5
    ax.set_xlim(years[0] - edge, years[-1] + edge)


def legend_above(ax: Axes, handles: Sequence[Any], labels: Sequence[str], room: float = 36.0) -> None:
    """Put a legend over the panel, in as many columns as fit into ``room`` characters."""
    columns = max(1, min(len(labels), int(room // (max(map(em, labels)) + 3.2))))
    place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "borderaxespad": 0.3}
    look = {"handlelength": 1.2, "handletextpad": 0.5, "columnspacing": 1.4}
    ax.legend(handles, labels, ncols=columns, **place, **look)


def category_colours(names: Sequence[str], rest: str = "其他") -> dict[str, str]:
    """Return a colour for each name in order; ``rest`` is always grey."""
    named = [name for name in names if name != rest]
    colours = {name: CATEGORIES[at % len(CATEGORIES)] for at, name in enumerate(named)}
    return colours | {rest: OTHER}


def text_colour(colour: Sequence[float]) -> str:
    """Return ink or white, whichever reads better on ``colour`` (RGB in 0–1, WCAG luminance)."""
    rgb = np.asarray(colour[:3], dtype="float64")
    linear = np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return INK if luminance > 0.22 else "white"
