"""Figures of the forecast by level: the district's fan, the streets' fans, the industries' growth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.study.charts.dots import ROW, difference_axis, name_rows, signed_dot
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    SMALL,
    chart,
    legend_above,
    new_figure,
    no_data,
    plain_ticks,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import Scale, money_scale, plain_number, shorten

#: Streets drawn at most, the largest, three a row; width of names in characters.
MOST_STREETS, _COLUMNS, _NAME = 12, 3, 10

#: Levels of the intervals with the paleness of their bands.
_BANDS = ((95, 0.18), (80, 0.32))

_SCOPE = "口径：经常性税收（不含一次性），现有楼宇，不含今后新投用的楼宇。"


@chart
def district_fan(past: pd.DataFrame, forecast: pd.DataFrame, note: str = "") -> Figure:
    """Draw the district's tax so far and its forecast with both intervals.

    ``past`` comes from ``outlook.sums.past_sums``, ``forecast`` is table ``tax_forecast``.
    """
    before, ahead = (rows[rows["level"] == "district"].sort_values("year") for rows in (past, forecast))
    if not len(ahead) or not len(before):
        return no_data("全区楼宇税收预测", "没有楼宇税收")
    scale = money_scale([*before["tax_yuan"], *ahead["hi95_yuan"]])
    figure, ax = new_figure(f"{_span(ahead)}全区楼宇税收预测（{scale.unit}）", 3.9, _SCOPE + note)
    handles, labels = _fan(ax, before, ahead, scale)
    legend_above(ax, handles, labels)
    _print_ends(ax, before, ahead, scale)
    year_ticks(ax, [*before["year"], *ahead["year"]], most=12)
    ax.margins(y=0.14)
    plain_ticks(ax, "y")
    value_grid(ax, "y")
    return figure


@chart
def street_fans(past: pd.DataFrame, forecast: pd.DataFrame, note: str = "") -> Figure:
    """Draw the same for every street in a panel of its own, from 0 on, each on its own scale.

    The largest of the last year forecast come first; of more than ``MOST_STREETS`` the rest is left out.
    """
    title = "各街道楼宇税收预测"
    ahead = forecast[forecast["level"] == "street"].sort_values("year")
    before = past[past["level"] == "street"].sort_values("year")
    if not len(ahead) or not len(before):
        return no_data(title, "没有楼宇税收")
    last = ahead[ahead["year"] == ahead["year"].max()].sort_values(
        ["mean_yuan", "id"], ascending=[False, True]
    )
    names = last["id"].tolist()[:MOST_STREETS]
    left = len(last) - len(names)
    scope = f"{_SCOPE}纵轴各不相同，都从零起。" + (f"另有{left}个税收较少的街道未画出。" if left else "")
    scale = money_scale(ahead["mean_yuan"])
    columns = min(_COLUMNS, len(names))
    rows = -(-len(names) // columns)
    figure, axes = new_figure(
        f"{_span(ahead)}{title}（{scale.unit}）",
        1.75 * rows + 0.4,
        scope + note,
        rows,
        columns,
        squeeze=False,
    )
    for ax, name in zip(axes.flat, names, strict=False):
        own, coming = before[before["id"] == name], ahead[ahead["id"] == name]
        _fan(ax, own, coming, scale, marker=0)
        ax.set_title(shorten(name or "未填街道", _NAME), size=SMALL)
        years = [*own["year"], *coming["year"]]
        ax.set_xticks(sorted({int(min(years)), int(max(years))}))
        ax.set_xlim(min(years) - 0.6, max(years) + 0.6)
        ax.set_ylim(min(0.0, coming["lo95_yuan"].min() / scale.divisor), None)
        ax.locator_params(axis="y", nbins=4)
        ax.yaxis.set_major_formatter(lambda value, _: plain_number(round(value, 6)))
        value_grid(ax, "y")
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    return figure


@chart
def industry_growth(past: pd.DataFrame, forecast: pd.DataFrame, most: int = 15, note: str = "") -> Figure:
    """Draw by how much each industry's tax grows to the last year forecast, with its 80 % interval.

    ``past`` is ``TaxDetail.industry_past``. The ``most`` largest by today's tax; industries that pay nothing
    today have no rate and are left out.
    """
    title = "各行业楼宇税收增减"
    ahead = forecast[(forecast["level"] == "industry") & (forecast["year"] == forecast["year"].max())]
    if not len(ahead):
        return no_data(title, "没有分企业的税收")
    year, base_year = int(ahead["year"].max()), int(past["year"].max())
    base = past[past["year"] == base_year].set_index("industry")["tax_yuan"]
    rows = ahead.assign(base_yuan=ahead["id"].map(base))
    rows = rows[rows["base_yuan"] > 0].sort_values(["base_yuan", "id"], ascending=[False, True])
    if not len(rows):
        return no_data(title, "各行业都没有税收")
    left, rows = len(ahead) - len(rows.head(most)), rows.head(most)
    scope = f"{_SCOPE}括号内为{base_year}年税收；横线为80%区间，整段在零以上为红，以下为蓝，"
    scope += "拿不准为黑。" + (f"另有{left}个税收较少的行业未画出。" if left else "")
    figure, ax = new_figure(
        f"到{year}年{title}（比{base_year}年，%）", 0.6 + ROW * (len(rows) + 1), scope + note
    )
    for at, row in enumerate(rows.itertuples()):
        values = (row.mean_yuan, row.lo80_yuan, row.hi80_yuan)
        signed_dot(ax, at, *((value / row.base_yuan - 1) * 100 for value in values))
    names = [
        f"{shorten(name, _NAME)}（{money_scale([tax]).text(tax)}）"
        for name, tax in zip(rows["id"], rows["base_yuan"], strict=True)
    ]
    name_rows(ax, list(range(len(rows))), names)
    difference_axis(ax)
    return figure


def _fan(
    ax: Axes, before: pd.DataFrame, ahead: pd.DataFrame, scale: Scale, marker: float = 4
) -> tuple[list, list[str]]:
    """Draw past and forecast, joined at the last year known, the wider interval paler; handles and labels."""
    start = before.iloc[-1]
    years = np.append(start["year"], ahead["year"]).astype(int)
    handles, labels = [], []
    for level, alpha in _BANDS:
        lo, hi = (
            np.append(start["tax_yuan"], ahead[f"{side}{level}_yuan"]).astype(float) / scale.divisor
            for side in ("lo", "hi")
        )
        handles.append(ax.fill_between(years, lo, hi, color=MAIN, alpha=alpha, linewidth=0))
        labels.append(f"{level}%区间")
    middle = np.append(start["tax_yuan"], ahead["mean_yuan"]).astype(float) / scale.divisor
    look = {"linewidth": 2.0, "marker": "o", "markersize": marker}
    line = ax.plot(years, middle, color=MAIN, linestyle="--", **look)
    past = ax.plot(before["year"], before["tax_yuan"] / scale.divisor, color=INK, **look)
    return [*past, *line, *handles[::-1]], ["实际", "预测", *labels[::-1]]


def _print_ends(ax: Axes, before: pd.DataFrame, ahead: pd.DataFrame, scale: Scale) -> None:
    """Print the last known tax and the last forecast above their points, clear of the line."""
    ends = ((before.iloc[-1], "tax_yuan"), (ahead.iloc[-1], "mean_yuan"))
    for row, name in ends:
        place = (int(row["year"]), row[name] / scale.divisor)
        look = {"textcoords": "offset points", "size": SMALL, "ha": "center", "color": INK}
        ax.annotate(scale.number(row[name]), place, (0, 9), **look)


def _span(ahead: pd.DataFrame) -> str:
    first, last = int(ahead["year"].min()), int(ahead["year"].max())
    return f"{first}—{last}年" if last > first else f"{first}年"
