"""Figure of the targets: how far each indicator has come against the time gone by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.targets import ACHIEVED, BEHIND, LEADING, ON_TRACK
from louyu_lab.study.charts.parts import rows_height
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
    percent_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import RATE, balance

#: Completion is drawn within these rates; what lies beyond stands at the edge with its true number.
DRAWN = (-0.25, 1.25)


OTHER_STATUS = "其他"

#: Status -> colour and shape of its mark; shapes differ so that colour is not needed.
MARKS = {
    ACHIEVED: (GOOD, "*"),
    LEADING: (MAIN, "^"),
    ON_TRACK: (MAIN, "o"),
    BEHIND: (WARM, "D"),
    OTHER_STATUS: (MUTED, "s"),
}


@chart
def target_progress(core: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw each indicator's completion against the time elapsed, from rows of table ``core_indicators``.

    Every row given is drawn: which target year counts for an indicator is the caller's choice (see
    ``targets.nearest_target``); where they differ each label carries its own. The mark is 增量完成率,
    its colour and shape the table's status; the upright stroke is the time elapsed. Targets without a
    completion rate are counted in the footnote.
    """
    rows = core.dropna(subset=["target_year", "completion_rate"])
    if not len(rows):
        return no_data(f"{year}年目标进度", "没有设定目标，或缺基期值")
    aims = sorted({int(aim) for aim in rows["target_year"]})
    labels = rows["name_zh"].tolist()
    if len(aims) > 1:
        labels = [f"{name}（{aim:.0f}）" for name, aim in zip(labels, rows["target_year"], strict=True)]
    scope = "口径：增量完成率 =（现值－基期）÷（目标－基期）；竖线为时间进度，即已过年数 ÷ 总年数。"
    scope += "括号内为目标年。" if len(aims) > 1 else ""
    missing = int(core["target_year"].notna().sum()) - len(rows)
    scope += f"另有{missing}项算不出完成率，未画出。" if missing else ""
    beyond = bool((rows["completion_rate"].clip(*DRAWN) != rows["completion_rate"]).any())
    scope += "超出图幅的标在边缘，数值见右。" if beyond else ""
    title = f"{year}年各指标{f'对{aims[0]}年目标' if len(aims) == 1 else ''}的增量完成率"
    figure, ax = new_figure(title, rows_height(labels, 10) + 0.7, scope + note)
    _progress(ax, rows)
    ax.set_yticks(range(len(rows)), [balance(label, 10, 2) for label in labels], linespacing=1.2)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    percent_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    return figure


def _progress(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw one row an indicator: time elapsed, completion and the way between, and its number."""
    done = rows["completion_rate"].to_numpy(dtype="float64")
    elapsed = rows["elapsed_rate"].to_numpy(dtype="float64")
    at, shown = np.arange(len(rows)), np.clip(done, *DRAWN)
    ax.hlines(at, np.where(np.isfinite(elapsed), elapsed, 0.0), shown, color=OTHER, linewidth=4)
    stroke = ax.scatter(elapsed, at, 190, marker="|", color=INK, linewidth=2)
    keys, names = _status_marks(ax, shown, at, rows["status"].to_numpy())
    for row, rate in enumerate(done):
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
        ax.annotate(RATE.text(rate), (1.0, row), (8, 0), size=SMALL, **place)
    ax.set_xlim(DRAWN[0] - 0.04 if (done < 0).any() else -0.04, DRAWN[1] + 0.04 if (done > 1).any() else 1.04)
    legend_above(ax, [*keys, stroke], [*names, "时间进度"])


def _status_marks(ax: Axes, x: np.ndarray, y: np.ndarray, status: np.ndarray) -> tuple[list[Any], list[str]]:
    """Draw the marks status by status; return legend keys and names of those that occur."""
    keys, names = [], []
    for name, (colour, marker) in MARKS.items():
        own = status == name if name != OTHER_STATUS else ~np.isin(status, list(MARKS))
        if own.any():
            keys.append(ax.scatter(x[own], y[own], 80, color=colour, marker=marker, zorder=3))
            names.append(name)
    return keys, names
