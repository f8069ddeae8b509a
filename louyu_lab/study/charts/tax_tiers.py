"""Figures of coming tiers: the number of 亿元楼, the chances, the ladder, and who brings the growth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.tax.tiers.chances import CERTAIN, CERTAIN_FROM, HOPEFUL, HOPEFUL_FROM, PRESSED
from louyu_lab.analysis.tax.tiers.ladder import SURE
from louyu_lab.analysis.tax.tiers.reliability import EVERY
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.charts.dots import ROW, difference_axis, name_rows, signed_dot
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    SMALL,
    TAX,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    plain_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import money_scale, shorten

#: A number of buildings rarer than this has no bar.
_RARE = 0.005

#: Width of the names of rows, in characters.
_NAME = 11


@chart
def yi_count_bars(count: pd.DataFrame, chances: pd.DataFrame, note: str = "") -> Figure:
    """Draw the chance of every number of 亿元楼, a panel a year, from ``yi_count`` and ``yi_count_chances``.

    The number of today is dark, the upright stroke the target due. Numbers rarer than ``_RARE`` are left out.
    """
    if not len(count):
        return no_data("亿元楼数量的可能性", "没有楼宇税收")
    rows = chances[chances["share"] >= _RARE]
    years = count["year"].tolist()
    aims = count.dropna(subset=["target"])
    every = [*rows["yi_buildings"], *count["now"], *aims["target"]]
    low, high = int(min(every)), int(max(every))
    scope = f"口径：税收1亿元及以上，预测不含一次性税收；深色为现有的{count['now'].iloc[0]}幢。"
    scope += "竖线为下一个目标。" if len(aims) else ""
    span = f"{years[0]}—{years[-1]}年" if len(years) > 1 else f"{years[0]}年"
    figure, axes = new_figure(
        f"{span}亿元楼数量的可能性", 1.35 * len(years) + 0.3, scope + note, rows=len(years), sharex=True
    )
    for ax, row in zip(np.atleast_1d(axes), count.itertuples(), strict=True):
        own = rows[rows["year"] == row.year]
        colours = [INK if number == row.now else TAX for number in own["yi_buildings"]]
        bars = ax.bar(own["yi_buildings"], own["share"], width=0.7, color=colours)
        if high - low <= 12:
            texts = ax.bar_label(bars, [chance_text(p, 0) for p in own["share"]], padding=2, fontsize=SMALL)
            # The stroke of the target passes behind the figures.
            for text in texts:
                text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0})
        if pd.notna(row.target):
            ax.axvline(row.target, color=MAIN, linewidth=1.6, linestyle="--", zorder=0)
            # Seen above the tallest bar too, which hides the stroke.
            ax.scatter(row.target, 0.97, 30, color=MAIN, marker="v", transform=ax.get_xaxis_transform())
        ax.set_ylim(0, max(0.1, float(own["share"].max())) * 1.35)
        ax.yaxis.set_visible(False)
        ax.spines["left"].set_visible(False)
        ax.set_title(f"{row.year}年", size=SMALL)
    step = max(1, -(-(high - low + 1) // 12))
    ax.set_xticks(range(low, high + 1, step))
    ax.set_xlim(low - 0.7, high + 0.7)
    ax.set_xlabel("亿元楼数量（幢）")
    return figure


@chart
def yi_chance_dots(chances: pd.DataFrame, most: int = 15, note: str = "") -> Figure:
    """Draw the chance of paying 1亿元 or more in the first and the last year, from table ``tier_chances``.

    Buildings that are all but sure (``SURE``) or without hope in every year are left out; of the others the
    ``most`` open ones are drawn, whose last chance is nearest to one half. Grey lines are the cut-offs of the
    words.
    """
    title = "达到或保持1亿元的可能性"
    if not len(chances):
        return no_data(title, "没有楼宇税收")
    wide = chances.pivot(index="building_id", columns="year", values="p_yi")
    is_open = (wide.min(axis=1) < SURE) & (wide.max(axis=1) > 1 - SURE)
    first, last = int(wide.columns[0]), int(wide.columns[-1])
    sure = int((wide.min(axis=1) >= SURE).sum())
    if not is_open.any():
        return no_data(title, f"{sure}幢几乎确定，其余几乎没有可能")
    names = chances.drop_duplicates("building_id").set_index("building_id")
    left = max(int(is_open.sum()) - most, 0)
    wide = wide[is_open].loc[_most_open(wide.loc[is_open, last], most)]
    wide = wide.sort_values([last, first], ascending=False, kind="stable")
    labels = [
        f"{shorten(name, _NAME)}（{tax / 1e8:.2f}）"
        for name, tax in names.loc[wide.index, ["building", "tax_yuan"]].itertuples(index=False)
    ]
    scope = "口径：括号内为最近一年税收（亿元），预测不含一次性税收。"
    scope += f"灰线为{HOPEFUL_FROM:.0%}和{CERTAIN_FROM:.0%}：{PRESSED}、{HOPEFUL}、{CERTAIN}的分界。"
    scope += f"另有{sure}幢各年都在{SURE:.0%}以上，未画出。" if sure else ""
    scope += _left_out(left)
    figure, ax = new_figure(title, 0.75 + ROW * (len(wide) + 1), scope + note)
    at = np.arange(len(wide))
    for cut in (HOPEFUL_FROM, CERTAIN_FROM):
        ax.axvline(cut, color=MUTED, linewidth=1.1, zorder=1)
    ax.hlines(at, wide[first], wide[last], color=TAX, linewidth=2)
    late = ax.scatter(wide[last], at, 46, color=TAX, zorder=3)
    keys, told = [late], [f"{last}年"]
    if last > first:
        early = ax.scatter(wide[first], at, 46, facecolor="white", edgecolor=TAX, linewidth=1.6, zorder=3)
        keys, told = [early, late], [f"{first}年", f"{last}年"]
    legend_above(ax, keys, told)
    name_rows(ax, at, labels)
    ax.set_xlim(-0.03, 1.03)
    percent_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    return figure


def _most_open(chances: pd.Series, most: int) -> pd.Index:
    """Return the index of the ``most`` chances nearest to one half."""
    return (chances - 0.5).abs().sort_values(kind="stable").index[:most]


def _left_out(count: int) -> str:
    return f"只画最难料的，其余{count}幢从略。" if count else ""


@chart
def ladder_rungs(outlook: pd.DataFrame, most: int = 15, note: str = "") -> Figure:
    """Draw tax today and the 80 % interval of the last year about 7000万 and 1亿元, from ``yi_outlook``.

    Buildings whose staying is all but sure (``SURE``) are left out; of the others the ``most`` open ones are
    drawn, whose chance is nearest to one half.
    """
    title = "离亿元门槛有多远（亿元）"
    rows = outlook[outlook["p_yi"] < SURE]
    sure = len(outlook) - len(rows)
    if not len(rows):
        return no_data(title, "没有接近门槛的楼宇")
    year = int(rows["year"].iloc[0])
    left = max(len(rows) - most, 0)
    rows = rows.loc[_most_open(rows["p_yi"], most)]
    rows = rows.sort_values(["tax_yuan", "building_id"], ascending=[False, True])
    scope = (
        f"口径：预测不含一次性税收；虚线为7000万元和1亿元，横线为{year}年的80%区间。"
        f"右侧为{year}年达到1亿元的可能性。"
    )
    scope += f"另有{sure}幢在{SURE:.0%}以上，未画出。" if sure else ""
    scope += _left_out(left)
    figure, ax = new_figure(title, 0.75 + ROW * (len(rows) + 1), scope + note)
    at = np.arange(len(rows))
    for bound in (0.7, 1.0):
        ax.axvline(bound, color=INK, linewidth=1.1, linestyle="--", zorder=1)
    span = ax.hlines(at, rows["lo80_yuan"] / 1e8, rows["hi80_yuan"] / 1e8, color=TAX, linewidth=5, alpha=0.6)
    now = ax.scatter(rows["tax_yuan"] / 1e8, at, 40, color=INK, zorder=3)
    mean = ax.scatter(rows["mean_yuan"] / 1e8, at, 90, color=TAX, marker="|", linewidth=2.4, zorder=3)
    for row, p in enumerate(rows["p_yi"]):
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
        ax.annotate(chance_text(p), (1.0, row), (8, 0), size=SMALL, **place)
    legend_above(ax, [now, mean, span], ["最近税收", f"{year}年预测", "80%区间"])
    name_rows(ax, at, [shorten(name, _NAME) for name in rows["building"]])
    plain_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    return figure


@chart
def contribution_dots(
    contributions: pd.DataFrame, level: str = "building", most: int = 12, note: str = ""
) -> Figure:
    """Draw the expected change of the last year by building or street, from table ``growth_contributions``.

    The ``most`` largest changes of either sign with their 80 % interval, the gains on top; the rest is said
    in the footnote.
    """
    what = "各楼" if level == "building" else "各街道"
    if not len(contributions):
        return no_data(f"{what}带来的税收增减", "没有楼宇税收")
    year = int(contributions["year"].max())
    rows = contributions[(contributions["level"] == level) & (contributions["year"] == year)]
    shown = rows.loc[rows["change_yuan"].abs().sort_values(ascending=False, kind="stable").index[:most]]
    shown = shown.sort_values(["change_yuan", "id"], ascending=[False, True])
    scale = money_scale([*shown["lo80_yuan"], *shown["hi80_yuan"]])
    rest = rows["change_yuan"].sum() - shown["change_yuan"].sum()
    scope = "口径：与最近一年税收相比的预计增减；横线为80%区间，整段在零以上为红，以下为蓝，拿不准为黑。"
    left = len(rows) - len(shown)
    unit = "幢" if level == "building" else "个"
    scope += f"其余{left}{unit}合计{scale.text(rest, signed=True)}。" if left else ""
    title = f"到{year}年{what}带来的税收增减（{scale.unit}）"
    figure, ax = new_figure(title, 0.6 + ROW * (len(shown) + 1), scope + note)
    for at, row in enumerate(shown.itertuples()):
        signed_dot(
            ax, at, *(value / scale.divisor for value in (row.change_yuan, row.lo80_yuan, row.hi80_yuan))
        )
    name_rows(
        ax, list(range(len(shown))), [shorten(str(name) or "未填街道", _NAME) for name in shown["name"]]
    )
    difference_axis(ax)
    return figure


@chart
def reliability_line(table: pd.DataFrame, event: str = EVERY, note: str = "") -> Figure:
    """Draw what came against what was said, from table ``tier_reliability``: on the diagonal chances hold."""
    title = "说过的可能性，后来兑现了多少"
    rows = table[table["event"] == event]
    if not len(rows):
        return no_data(title, "历史太短，无从检验")
    scope = (
        "口径：站在以往各年预测各梯次的可能性，再与实际比；点在斜线上即名副其实。竖线为95%区间，数字为次数。"
    )
    figure, ax = new_figure(title, 3.9, scope + note)
    _reliability(ax, rows)
    ax.set_xlabel("预测的可能性")
    ax.set_ylabel("实际发生的比例")
    percent_ticks(ax, "x")
    percent_ticks(ax, "y")
    value_grid(ax, "y")
    return figure


def _reliability(ax: Axes, rows: pd.DataFrame) -> None:
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1.0, linestyle="--", zorder=0)
    ax.vlines(rows["mean_chance"], rows["lo_rate"], rows["hi_rate"], color=MAIN, linewidth=2, alpha=0.6)
    ax.plot(rows["mean_chance"], rows["observed_rate"], "o", color=MAIN, markersize=6)
    for row in rows.itertuples():
        # Counts stand beside the dot towards the middle of the figure, clear of the axes.
        left = row.mean_chance > 0.5
        look = {
            "textcoords": "offset points",
            "va": "center",
            "ha": "right" if left else "left",
            "size": SMALL,
        }
        ax.annotate(f"{row.n:,}", (row.mean_chance, row.observed_rate), (-9 if left else 9, 0), **look)
    ax.set_xlim(-0.03, 1.03)
    ax.set_ylim(-0.05, 1.08)
