"""Figures of the forecast by level: the district's fan, the streets' fans, the industries' growth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.tax.levels import UNNAMED
from louyu_lab.analysis.tax.outlook.industries import LEAST_SHARE
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

#: Smaller parts of a sum that stand in for what is not known are not marked.
FILLED_RATE = 0.01

_HOLLOW = "空心点：有楼宇缺当年数据，取其相邻年份或最近一年。"

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
    figure, ax = new_figure(f"{_span(ahead)}全区楼宇税收预测（{scale.unit}）", 3.9, _scope(before) + note)
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
    scope = f"{_scope(before[before['id'].isin(names)])}纵轴各不相同，都从零起。" + (
        f"另有{left}个税收较少的街道未画出。" if left else ""
    )
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

    ``past`` is ``TaxDetail.industry_past``. The ``most`` largest by today's tax; industries below
    ``LEAST_SHARE`` of it are left out, for their rates tell of single enterprises. Nothing is drawn where
    more than half of the coming tax is not told by enterprise.
    """
    title = "各行业楼宇税收增减"
    ahead = forecast[(forecast["level"] == "industry") & (forecast["year"] == forecast["year"].max())]
    if not len(ahead):
        return no_data(title, "没有分企业的税收")
    if ahead.loc[ahead["id"] == UNNAMED, "mean_yuan"].sum() > ahead["mean_yuan"].sum() / 2:
        return no_data(title, "过半税收没有列出企业，不分行业")
    year, base_year = int(ahead["year"].max()), int(past["year"].max())
    base = past[past["year"] == base_year].set_index("industry")["tax_yuan"]
    rows = ahead.assign(base_yuan=ahead["id"].map(base))
    is_large = (rows["base_yuan"] > 0) & (rows["base_yuan"] >= LEAST_SHARE * base.sum())
    rows = rows[is_large].sort_values(["base_yuan", "id"], ascending=[False, True])
    if not len(rows):
        return no_data(title, "各行业都没有税收")
    small = len(set(ahead["id"]) - set(rows["id"]) - {UNNAMED})
    more, rows = max(len(rows) - most, 0), rows.head(most)
    scope = f"{_SCOPE}括号内为{base_year}年税收；横线为80%区间，整段在零以上为红，以下为蓝，"
    scope += "拿不准为黑。" + (f"税收不足全部{LEAST_SHARE:.0%}的{small}个行业未画出。" if small else "")
    scope += f"另有{more}个税收较少的行业未画出。" if more else ""
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
    """Draw past and forecast, joined at the last year, the wider interval paler; handles and labels.

    A year in which former or neighbouring years stand in for part of the tax (``sums.past_sums``) is a hollow
    point, and no part of the line of what was paid.
    """
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
    coming = ax.plot(years, middle, color=MAIN, linestyle="--", **look)
    paid = before["tax_yuan"] / scale.divisor
    is_filled = _is_filled(before)
    past = ax.plot(before["year"], paid.mask(is_filled), color=INK, **look)
    handles, labels = [*past, *coming, *handles[::-1]], ["实际", "预测", *labels[::-1]]
    if is_filled.any():
        ax.plot(before["year"], paid, color=INK, linewidth=1.2, linestyle=":")
        hollow = {"markerfacecolor": "white", "markeredgecolor": INK, "markersize": max(marker, 3) + 1}
        at = before["year"][is_filled], paid[is_filled]
        handles[1:1] = ax.plot(*at, linestyle="none", marker="o", zorder=3, **hollow)
        labels.insert(1, "部分缺数")
    return handles, labels


def _is_filled(before: pd.DataFrame) -> pd.Series:
    return before["filled_yuan"].abs() > FILLED_RATE * before["tax_yuan"].abs()


def _scope(before: pd.DataFrame) -> str:
    return _SCOPE + (_HOLLOW if _is_filled(before).any() else "")


def _print_ends(ax: Axes, before: pd.DataFrame, ahead: pd.DataFrame, scale: Scale) -> None:
    """Print the last tax and the last forecast above their points, the former below where the line falls."""
    falls = len(before) > 1 and before["tax_yuan"].iloc[-1] < before["tax_yuan"].iloc[-2]
    ends = ((before.iloc[-1], "tax_yuan"), (ahead.iloc[-1], "mean_yuan"))
    for row, name in ends:
        place = (int(row["year"]), row[name] / scale.divisor)
        look = {"textcoords": "offset points", "size": SMALL, "ha": "center", "color": INK}
        below = falls and name == "tax_yuan"
        ax.annotate(scale.number(row[name]), place, (0, -18 if below else 9), **look)


def _span(ahead: pd.DataFrame) -> str:
    first, last = int(ahead["year"].min()), int(ahead["year"].max())
    return f"{first}—{last}年" if last > first else f"{first}年"
