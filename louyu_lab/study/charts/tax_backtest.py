"""Figures of the back-test: the error by origin and method, and how often the intervals held."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.tax.record.tables import told_rows
from louyu_lab.study.charts.dots import ROW, name_rows
from louyu_lab.study.charts.style import (
    GOOD,
    INK,
    MAIN,
    MUTED,
    OTHER,
    SMALL,
    TAX,
    WARM,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import RATE

LEVELS_ZH = {"district": "全区", "street": "各街道", "building": "各楼"}

#: Colours and marks of the simple methods, in order.
_LOOKS = (
    {"color": OTHER, "marker": "s"},
    {"color": TAX, "marker": "^"},
    {"color": WARM, "marker": "v"},
    {"color": GOOD, "marker": "D"},
)

#: A method that errs more than this many times our worst is cut off at the frame.
_CUT = 2.0


@chart
def error_by_origin(origins: pd.DataFrame, note: str = "") -> Figure:
    """Draw the WAPE of every method by origin year, a panel a level, from table ``tax_backtest_origins``.

    An error far beyond ours is cut off at the frame and told in the footnote.
    """
    title = "各方法在历史上每个起点的加权误差"
    known = told_rows(origins.dropna(subset=["wape"]))
    levels = [level for level in LEVELS_ZH if (known["level"] == level).any()]
    if not levels:
        return no_data(title, "历年税收都是零，无从比较" if len(origins) else "税收不足3年，无法回测")
    tops = {level: _top(known[known["level"] == level]) for level in levels}
    scope = (
        "口径：误差绝对值之和÷实际税收之和，各提前年数合计；越低越准，越靠后的起点可比的年数越少。"
        + _cut_note(known, tops)
    )
    figure, axes = new_figure(title, 0.5 + 1.75 * len(levels), scope + note, rows=len(levels), sharex=True)
    for at, (ax, level) in enumerate(zip(np.atleast_1d(axes), levels, strict=True)):
        lines = _lines(ax, known[known["level"] == level])
        ax.set_ylim(0, tops[level] * 1.08)
        ax.set_ylabel(LEVELS_ZH[level])
        percent_ticks(ax, "y")
        ax.locator_params(axis="y", nbins=4)
        value_grid(ax, "y")
        if at == 0:
            legend_above(ax, list(lines.values()), list(lines))
    year_ticks(np.atleast_1d(axes)[-1], known["origin"].tolist())
    return figure


def _top(rows: pd.DataFrame) -> float:
    """Return the upper end of the axis: all methods, but no more than ``_CUT`` times our worst error."""
    ours = rows.loc[rows["is_ours"], "wape"].max()
    top = rows["wape"].max()
    return float(min(top, _CUT * ours) if ours > 0 else top) or 0.01


def _lines(ax: Axes, rows: pd.DataFrame) -> dict[str, object]:
    """Draw a line a method, ours on top; returns method → line, ours first."""
    ours = rows.loc[rows["is_ours"], "method"].unique().tolist()
    simple = [name for name in rows["method"].unique() if name not in ours]
    lines = {}
    for name in [*ours, *simple]:
        own = rows[rows["method"] == name].sort_values("origin")
        look = {"color": MAIN, "marker": "o", "linewidth": 2.4, "zorder": 3}
        if name not in ours:
            look = {**_LOOKS[simple.index(name) % len(_LOOKS)], "linewidth": 1.3, "zorder": 2}
        lines[name] = ax.plot(own["origin"], own["wape"], ms=4.5, **look)[0]
    return lines


def _cut_note(known: pd.DataFrame, tops: dict[str, float]) -> str:
    parts = []
    for level, top in tops.items():
        beyond = known[(known["level"] == level) & (known["wape"] > top * 1.0001)]
        for name, own in beyond.groupby("method", sort=False):
            parts.append(f"{LEVELS_ZH[level]}{name}最高{RATE.text(own['wape'].max())}")
    return f"超出图框：{'，'.join(parts)}。" if parts else ""


@chart
def interval_coverage(table: pd.DataFrame, note: str = "") -> Figure:
    """Draw how often the intervals held, by level and size class, from table ``tax_backtest``."""
    title = "区间实际包住了多少"
    rows = table[table["is_ours"] & (table["horizon"] == "全部")].dropna(subset=["coverage80", "coverage95"])
    rows = told_rows(rows)
    if not len(rows):
        return no_data(title, "税收不足3年，无法回测")
    scope = "口径：回测中实际税收落在预测区间内的比例，各提前年数合计；竖线为应有的80%和95%。"
    figure, ax = new_figure(title, 0.7 + ROW * 1.25 * len(rows), scope + note)
    handles = []
    for level, colour, mark in ((80, MAIN, "o"), (95, WARM, "D")):
        ax.axvline(level / 100, color=colour, linewidth=1.0, linestyle="--", zorder=1)
        dots = ax.plot(
            rows[f"coverage{level}"], range(len(rows)), mark, color=colour, ms=7, zorder=3, clip_on=False
        )
        handles.append(dots[0])
    for at, (low, high) in enumerate(zip(rows["coverage80"], rows["coverage95"], strict=True)):
        text = f"{RATE.text(low)}，{RATE.text(high)}"
        ax.annotate(text, (1.0, at), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                    va="center", size=SMALL, color=INK, annotation_clip=False)  # fmt: skip
    name_rows(ax, range(len(rows)), [_row_name(row) for row in rows.itertuples()])
    least = float(rows[["coverage80", "coverage95"]].min().min())
    ax.set_xlim(max(0.0, min(0.6, least - 0.05)), 1.005)
    percent_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_color(MUTED)
    legend_above(ax, handles, ["80%区间", "95%区间"])
    return figure


def _row_name(row: object) -> str:
    name = LEVELS_ZH[row.level] if row.size_class == "全部" else f"其中{row.size_class}"
    return f"{name}（{row.n:,}次）"
