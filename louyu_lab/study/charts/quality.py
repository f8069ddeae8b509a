"""Figures of the data check: what is wrong with the ledgers, and what they leave empty."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from louyu_lab.study.charts.parts import rows_height, stacked_rows
from louyu_lab.study.charts.style import (
    OTHER,
    SEQUENCE,
    SMALL,
    TAX,
    WARM,
    chart,
    new_figure,
    no_data,
    text_colour,
)
from louyu_lab.study.charts.text import balance

SEVERITIES = {"fatal": "致命（未读入）", "error": "错误（该行搁置）", "warning": "提醒（仍使用）"}
_COLOURS = {"致命（未读入）": "#222222", "错误（该行搁置）": WARM, "提醒（仍使用）": TAX}
TILES, TILE = 5, 0.62


@chart
def fault_bars(faults: pd.DataFrame, most: int = 15) -> Figure:
    """Draw the number of faults by rule and severity, most first, from table ``faults``."""
    if not len(faults):
        return no_data("台账问题", "没有发现问题")
    rule = faults["rule"].fillna("未写明").astype(str)
    severity = faults["severity"].map(SEVERITIES).fillna(faults["severity"].astype(str))
    counts = pd.crosstab(rule, severity)
    known = [name for name in SEVERITIES.values() if name in counts]
    counts = counts[known + [name for name in counts if name not in known]]
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    note = f"共{len(faults):,}处。"
    if len(counts) > most:
        note += (
            f"另有{len(counts) - most}种问题、{counts.iloc[most:].to_numpy().sum():,}处未画出，见问题清单。"
        )
        counts = counts.head(most)
    figure, ax = new_figure("台账问题按种类（处）", rows_height(counts.index, 14) + 0.5, note)
    colours = {name: _COLOURS.get(name, OTHER) for name in counts}
    stacked_rows(ax, counts, colours, [f"{total:,}" for total in counts.sum(axis=1)], width=14)
    return figure


@chart
def completeness_map(completeness: pd.DataFrame, note: str = "") -> Figure:
    """Draw how complete each ledger's columns are, as tiles, from table ``column_completeness``.

    Columns without a gap are only counted in the ledger's heading; the emptier a column, the darker
    its tile.
    """
    known = completeness.dropna(subset=["completeness_rate"])
    if not len(known):
        return no_data("台账各列完整率")
    ledgers = [(name, rows) for name, rows in known.groupby("ledger", sort=False)]
    gaps = {name: rows[rows["completeness_rate"] < 1] for name, rows in ledgers}
    tall = [max(0.0, TILE * -(-len(gaps[name]) // TILES)) + 0.36 for name, _ in ledgers]
    key = "颜色越深，缺得越多。" if any(map(len, gaps.values())) else ""
    figure, ax = new_figure("台账各列完整率（%，只列有缺的列）", sum(tall) + 0.15, key + note)
    ax.set(xlim=(0, TILES), ylim=(sum(tall), 0))
    ax.set_axis_off()
    top = 0.0
    for (name, rows), height in zip(ledgers, tall, strict=True):
        whole = len(rows) - len(gaps[name])
        text = f"{name}：{len(rows)}列，{whole}列完整" if len(gaps[name]) else f"{name}：{whole}列，全部完整"
        ax.text(0.02, top + 0.2, text, va="center")
        _tiles(ax, gaps[name], top + 0.36)
        top += height
    return figure


def _tiles(ax: Axes, gaps: pd.DataFrame, top: float) -> None:
    for at, (column, rate) in enumerate(
        zip(gaps["column"], gaps["completeness_rate"].astype(float), strict=True)
    ):
        left, upper = at % TILES, top + TILE * (at // TILES)
        colour = colormaps[SEQUENCE](0.08 + 0.8 * float(np.clip(1 - rate, 0, 1)))
        ax.add_patch(
            Rectangle((left + 0.02, upper + 0.02), 0.96, TILE - 0.04, facecolor=colour, edgecolor="none")
        )
        # A column with a few gaps must not read as complete.
        percent = min(rate * 100, 99.9)
        text = f"{balance(column, 8.5, 2)}\n{percent:.1f}"
        middle = (left + 0.5, upper + TILE / 2)
        ax.text(
            *middle, text, ha="center", va="center", size=SMALL, color=text_colour(colour), linespacing=1.1
        )
