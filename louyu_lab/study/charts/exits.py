"""Figures of tenant exit: how long tenants stay, and which of them leave sooner."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.exits.hazard import DRIVERS_ZH
from louyu_lab.analysis.vacancy.exits.survival import BY_SECTOR, EVERYBODY
from louyu_lab.study.charts.dots import ROW, difference_axis, headed_places, name_rows, signed_dot
from louyu_lab.study.charts.placing import spread
from louyu_lab.study.charts.style import (
    CATEGORIES,
    INK,
    SMALL,
    chart,
    new_figure,
    no_data,
    percent_ticks,
    settle,
    value_grid,
)
from louyu_lab.study.charts.text import shorten

#: Years of tenancy drawn, and groups beside 全部: half of them those who stay longest.
_MOST_YEARS, _MOST_GROUPS = 10.0, 4

#: Years of tenancy a group's curve must reach to be drawn, where any does.
_LEAST_YEARS = 3.0


@chart
def stay_curves(curves: pd.DataFrame, grouping: str = BY_SECTOR, note: str = "") -> Figure:
    """Draw the share still in the building by years since moving in, from ``survival_curves``.

    全部 with its interval, and the groups that stay longest and shortest, named at their ends.
    """
    title = f"企业入驻后仍在楼内的比例（按{grouping}）"
    everybody = curves[curves["group"] == EVERYBODY]
    if not len(everybody):
        return no_data(title, "看得到迁入和迁出的企业太少")
    shown = _extremes(curves[curves["grouping"] == grouping])
    scope = "口径：入驻早于台账的企业，从台账起始日才开始计数；"
    scope += f"台账末仍在的，只计到台账末。阴影为全部企业的{LEVEL:.0%}区间。"
    scope += f"只画停留最长、最短的各{len(shown) // 2}组。" if len(shown) >= 2 else ""
    figure, ax = new_figure(title, 3.9, scope + note)
    end = min(_MOST_YEARS, float(everybody["years"].max()))
    whole = _until(everybody, end)
    ax.fill_between(whole["years"], whole["lo"], whole["hi"], step="post", color=INK, alpha=0.12, linewidth=0)
    names, ends = [EVERYBODY], [_line(ax, whole, INK, 2.4)]
    for name, colour in zip(shown, CATEGORIES[2:], strict=False):
        names.append(name)
        ends.append(_line(ax, _until(curves[curves["group"] == name], end), colour, 1.8))
    # The names of the lines stand to the right of where they end.
    ax.set_xlim(0, end * 1.22)
    ax.set_xticks(np.arange(0, np.floor(end) + 1, max(1, round(end / 10))))
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("入驻年数")
    percent_ticks(ax, "y")
    value_grid(ax, "y")
    settle(figure)
    _name_ends(ax, names, ends)
    return figure


@chart
def exit_effects(hazard: pd.DataFrame, note: str = "") -> Figure:
    """Draw each level's yearly exit rate against the reference's, in points, from table ``exit_hazard``.

    Years are left to the table. Dots whose interval leaves out zero are coloured.
    """
    title = "各类企业的年退租率与对照组相差（个百分点）"
    rows = hazard[(hazard["driver"] != DRIVERS_ZH["exit_year"]) & hazard["effect_pp"].notna()]
    if not len(rows):
        return no_data(title, "没有可以比较的企业")
    chosen = hazard[hazard["is_reference"] & hazard["driver"].isin(rows["driver"])]
    against = "、".join(f"{row.driver}{row.level}" for row in chosen.itertuples())
    scope = f"口径：年初在驻、当年迁出该楼的比例，扣除其他特征；横线为{LEVEL:.0%}区间。"
    scope += f"对照组：{against}。" if against else ""
    scope += "括号内为迁出户数。是相关，不是原因。"
    rows = rows.assign(at=headed_places(rows["driver"]))
    figure, ax = new_figure(title, 0.6 + ROW * (rows["at"].max() + 1), scope + note)
    for row in rows.itertuples():
        signed_dot(ax, row.at, row.effect_pp, row.lo_pp, row.hi_pp)
    labels = [f"{shorten(row.level or '翻一番', 9)}（{row.exits}户）" for row in rows.itertuples()]
    name_rows(ax, rows["at"], labels, [name.split("（")[0] for name in rows["driver"]])
    difference_axis(ax)
    return figure


def _extremes(curves: pd.DataFrame) -> list[str]:
    """Return the groups drawn: those with the highest and the lowest share left at the last common time.

    A curve that ends early, for want of tenants watched that long, is not compared.
    """
    reach = curves.groupby("group")["years"].max()
    enough = reach[reach >= min(_LEAST_YEARS, reach.max())].index if len(reach) else reach.index
    curves = curves[curves["group"].isin(enough)]
    names = list(dict.fromkeys(curves["group"]))
    if not names:
        return []
    end = min(_MOST_YEARS, curves.groupby("group")["years"].max().min())
    left = curves[curves["years"] <= end].groupby("group")["survival"].last()
    ranked = sorted(names, key=lambda name: (-left[name], names.index(name)))
    if len(ranked) <= _MOST_GROUPS:
        return ranked
    half = _MOST_GROUPS // 2
    return ranked[:half] + ranked[-half:]


def _until(curve: pd.DataFrame, end: float) -> pd.DataFrame:
    """Cut a curve at ``end``, its last value carried there."""
    kept = curve[curve["years"] <= end]
    reach = min(end, float(curve["years"].max()))
    return pd.concat([kept, kept.iloc[[-1]].assign(years=reach)])


def _line(ax: Axes, curve: pd.DataFrame, colour: str, width: float) -> tuple[float, float, str]:
    ax.step(curve["years"], curve["survival"], where="post", color=colour, linewidth=width)
    return float(curve["years"].iloc[-1]), float(curve["survival"].iloc[-1]), colour


def _name_ends(ax: Axes, names: list[str], ends: list[tuple[float, float, str]]) -> None:
    """Name each line right of where the longest ends, moved apart where they would meet."""
    line = 1.45 * SMALL / 72 * ax.figure.dpi
    pixels = [ax.transData.transform((years, share))[1] for years, share, _ in ends]
    places = spread(pixels, line, ax.bbox.y0 + line / 2, ax.bbox.y1 - line / 2)
    right = max(years for years, _, _ in ends) * 1.015
    for name, (_, _, colour), at in zip(names, ends, places, strict=True):
        height = ax.transData.inverted().transform((0.0, at))[1]
        ax.text(right, height, shorten(name, 6.5), va="center", size=SMALL, color=colour)
