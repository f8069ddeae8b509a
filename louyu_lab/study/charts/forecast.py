"""Figures of the tax forecast: the district's fan, and the chances of becoming 亿元楼."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.study.charts.parts import row_bars, rows_height
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    SMALL,
    TAX,
    chart,
    legend_above,
    new_figure,
    no_data,
    plain_ticks,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import RATE, Scale, money_scale

#: A chance this close to certainty needs no bar.
_SURE = 0.995


@chart
def tax_fan(history: pd.DataFrame, forecast: pd.DataFrame, note: str = "") -> Figure:
    """Draw the district's tax so far and its forecast with both intervals.

    ``history`` has ``year, tax_yuan`` (元), ``forecast`` is table ``tax_forecast``, of which level
    district is drawn. An interval that is not known is left out.
    """
    ahead = forecast[forecast["level"] == "district"].sort_values("year")
    past = history.dropna(subset=["tax_yuan"])
    if not len(ahead) or not len(past):
        return no_data("楼宇税收预测", "没有楼宇税收")
    first, last = int(ahead["year"].iloc[0]), int(ahead["year"].iloc[-1])
    span = f"{first}—{last}年" if last > first else f"{first}年"
    ends = pd.concat([past["tax_yuan"], ahead["mean_yuan"], ahead["hi95_yuan"]])
    scale = money_scale(ends.dropna())
    scope = "口径：全口径税收，现有楼宇，不含今后新投用的楼宇。"
    if ahead["lo80_yuan"].isna().all():
        scope += "历史太短，不给区间。"
    figure, ax = new_figure(f"{span}全区楼宇税收预测（{scale.unit}）", 3.9, scope + note)
    _fan(ax, past.iloc[-1], ahead, scale)
    ax.plot(past["year"], past["tax_yuan"] / scale.divisor, color=INK, linewidth=2.0, marker="o", ms=4)
    _print_ends(ax, past, ahead, scale)
    year_ticks(ax, [*past["year"], *ahead["year"]], most=12)
    ax.margins(y=0.14)
    plain_ticks(ax, "y")
    value_grid(ax, "y")
    return figure


def _fan(ax: Axes, start: pd.Series, ahead: pd.DataFrame, scale: Scale) -> None:
    """Draw the forecast from the last known year on, the wider interval paler."""
    years = np.append(start["year"], ahead["year"])
    handles, labels = [], []
    for level, alpha in ((95, 0.18), (80, 0.32)):
        if ahead[f"lo{level}_yuan"].isna().all():
            continue
        lo, hi = (
            np.append(start["tax_yuan"], ahead[f"{side}{level}_yuan"]) / scale.divisor
            for side in ("lo", "hi")
        )
        handles.append(ax.fill_between(years.astype(int), lo, hi, color=MAIN, alpha=alpha, linewidth=0))
        labels.append(f"{level}%区间")
    middle = np.append(start["tax_yuan"], ahead["mean_yuan"]) / scale.divisor
    line = ax.plot(years.astype(int), middle, color=MAIN, linewidth=2.0, linestyle="--", marker="o", ms=4)
    legend_above(ax, [*line, *handles[::-1]], ["预测", *labels[::-1]])


def _print_ends(ax: Axes, past: pd.DataFrame, ahead: pd.DataFrame, scale: Scale) -> None:
    """Print the last known tax and the last forecast above their points, clear of the line."""
    now, then = past.iloc[-1], ahead.iloc[-1]
    look = {"textcoords": "offset points", "size": SMALL, "ha": "center"}
    text = scale.number(now["tax_yuan"])
    ax.annotate(text, (int(now["year"]), now["tax_yuan"] / scale.divisor), (0, 9), **look)
    text = scale.number(then["mean_yuan"])
    ax.annotate(text, (int(then["year"]), then["mean_yuan"] / scale.divisor), (0, 9), **look)


@chart
def yi_chances(yi: pd.DataFrame, most: int = 15, note: str = "") -> Figure:
    """Draw the chance of paying 1亿元 or more in the last year forecast, from table ``yi_outlook``.

    Buildings that are all but certain are counted in the footnote; of the others the ``most`` likely
    are drawn.
    """
    known = yi.dropna(subset=["p_yi"])
    title = "接近亿元的楼宇达到1亿元的可能性"
    if not len(known):
        return no_data(title, "历史太短，可能性无从得知")
    year = int(known["year"].iloc[0])
    title = f"{year}年{title}"
    rows = known[known["p_yi"] < _SURE]
    sure = len(known) - len(rows)
    if not len(rows):
        return no_data(title, f"{sure}幢都几乎确定")
    scope = "口径：全口径税收；括号内为最近一年税收。" + (f"另有{sure}幢几乎确定，未画出。" if sure else "")
    rows = rows.head(most)
    names = rows["building"].fillna(rows["building_id"]).tolist()
    figure, ax = new_figure(title, rows_height(names, 12), scope + note)
    money = Scale(1e8, "亿元", 2)
    texts = [f"{RATE.text(row.p_yi)}（{money.text(row.tax_yuan)}）" for row in rows.itertuples()]
    row_bars(ax, names, rows["p_yi"], texts, TAX, width=12)
    ax.set_xlim(0, 1.0)
    return figure
