"""Parts that several figures share: labelled bars, stacked bars and heat maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.container import BarContainer

from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    PALE,
    SEQUENCE,
    SMALL,
    legend_above,
    text_colour,
    value_grid,
)
from louyu_lab.study.charts.text import Scale, balance, shorten, wrap

ROW = 0.42


def rows_height(labels: Sequence[str], width: float = 9.0) -> float:
    """Return the inches a column of labelled bars needs."""
    lines = [wrap(label, width, 2).count("\n") + 1 for label in labels]
    return 0.5 + sum(max(ROW, 0.23 * count + 0.1) for count in lines)


def row_bars(
    ax: Axes,
    labels: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    colour: str | Sequence[str] = MAIN,
    width: float = 9.0,
) -> None:
    """Draw one horizontal bar a row, first row on top, with its printed value at the end.

    A missing value has no bar, only its text. Below zero the text stands right of the zero line, so
    that it never meets the row's label. ``width`` is the room for row labels in characters.
    """
    values = np.asarray(values, dtype="float64")
    at = np.arange(len(values))
    ax.barh(at, values, height=0.62, color=colour)
    _row_labels(ax, labels, width)
    ends = np.nan_to_num(np.maximum(values, 0.0))
    for row, (end, text) in enumerate(zip(ends, texts, strict=True)):
        tone = INK if np.isfinite(values[row]) else MUTED
        ax.annotate(text, (end, row), (4, 0), textcoords="offset points", va="center", size=SMALL, color=tone)
    _from_zero(ax, values)


def _row_labels(ax: Axes, labels: Sequence[str], width: float) -> None:
    """Label rows from the top; the value axis goes, since every bar carries its value."""
    ax.set_yticks(range(len(labels)), [balance(label, width, 2) for label in labels], linespacing=1.2)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)


def _from_zero(ax: Axes, values: np.ndarray) -> None:
    """Start the value axis at zero, or at the lowest value below it; never an empty range."""
    known = values[np.isfinite(values)]
    low, high = min(0.0, np.min(known, initial=0.0)), max(0.0, np.max(known, initial=0.0))
    if low == high:
        high = 1.0
    ax.set_xlim(low * 1.02, high * 1.02)
    if low < 0:
        ax.axvline(0, color=MUTED, linewidth=0.8)
        ax.spines["left"].set_visible(False)


def year_bars(
    ax: Axes, years: Sequence[int], values: Sequence[float], colour: str, scale: Scale, signed: bool = False
) -> BarContainer:
    """Draw upright bars by year, their values printed by ``scale``; above nine an axis instead.

    Values are in print units already. Returns the bars; a missing value has none and no text.
    """
    values = np.asarray(values, dtype="float64")
    bars = ax.bar(years, values, width=0.6, color=colour)
    if len(values) <= 9:
        texts = [scale.number(value, signed) if np.isfinite(value) else "" for value in values]
        ax.bar_label(bars, texts, padding=2, fontsize=SMALL)
        ax.yaxis.set_visible(False)
    ax.margins(y=0.16)
    ax.axhline(0, color=MUTED, linewidth=0.8, clip_on=False)
    ax.spines["bottom"].set_visible(False)
    value_grid(ax, "y")
    return bars


def heat_cells(
    ax: Axes, matrix: pd.DataFrame, printed: Callable[[float], str], top: float | None = None
) -> None:
    """Draw a table as coloured cells with their values; a missing cell is pale and empty.

    Rows are labelled at the left, columns on top. ``top`` is the value of the darkest colour.
    """
    values = matrix.to_numpy(dtype="float64")
    highest = top if top is not None else float(np.max(values[np.isfinite(values)], initial=0.0))
    colours = colormaps[SEQUENCE](0.05 + 0.85 * np.clip(values / (highest or 1.0), 0.0, 1.0))
    colours[~np.isfinite(values)] = to_rgba(PALE)
    ax.imshow(colours, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            tone = text_colour(colours[row, column])
            ax.text(column, row, printed(value), ha="center", va="center", size=SMALL, color=tone)
    ax.set_xticks(np.arange(1, values.shape[1]) - 0.5, minor=True)
    ax.set_yticks(np.arange(1, values.shape[0]) - 0.5, minor=True)
    ax.tick_params(which="minor", length=0)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.spines[:].set_visible(False)
    ax.xaxis.tick_top()
    per_column = max(2.0, 32.0 / max(1, values.shape[1]) - 0.6)
    ax.set_xticks(range(values.shape[1]), [balance(str(name), per_column, 3) for name in matrix.columns])
    ax.set_yticks(range(values.shape[0]), [balance(str(name), 8, 2) for name in matrix.index])


def stacked_rows(
    ax: Axes, table: pd.DataFrame, colours: dict[str, str], totals: Sequence[str], width: float = 9.0
) -> None:
    """Draw one horizontal bar a row of ``table``, its columns stacked, with ``totals`` at the ends."""
    at, ends = np.arange(len(table)), np.zeros(len(table))
    bars = []
    for name in table:
        values = table[name].to_numpy(dtype="float64")
        bars.append(ax.barh(at, values, 0.62, ends, color=colours[name], edgecolor="white", linewidth=0.6))
        ends = ends + np.nan_to_num(values)
    for row, (end, text) in enumerate(zip(ends, totals, strict=True)):
        ax.annotate(text, (end, row), (4, 0), textcoords="offset points", va="center", size=SMALL)
    _row_labels(ax, [str(name) for name in table.index], width)
    ax.set_xlim(0, max(float(np.max(ends, initial=0.0)), 1e-9) * 1.02)
    legend_above(ax, bars, [shorten(str(name), 10) for name in table])
