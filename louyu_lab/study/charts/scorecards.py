"""Figures of the scorecards: how firm the ranks are, what buildings lack, and the lines of entry."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.analysis.industry.scorecards.cards import OR
from louyu_lab.analysis.industry.scorecards.entry_thresholds import ALL_GRADES, ENOUGH
from louyu_lab.study.charts.dots import ROW, name_rows
from louyu_lab.study.charts.parts import heat_cells
from louyu_lab.study.charts.style import (
    GOOD,
    INK,
    MAIN,
    MUTED,
    SOFT,
    chart,
    legend_above,
    new_figure,
    no_data,
    value_grid,
)
from louyu_lab.study.charts.text import plain_number, shorten

#: Gap, as a part of the threshold, that has the darkest colour.
_FULL_GAP = 0.5


@chart
def score_ranks(robustness: pd.DataFrame, scorecard: str, most: int = 12) -> Figure:
    """Draw the ranks of one card with their intervals, from table ``scorecard_robustness``, best on top.

    The thick line holds 90 % of the ranks under drawn weights, the thin one the ranks with one indicator
    left out.
    """
    title = f"{scorecard}：名次有多稳"
    own = robustness[robustness["scorecard"] == scorecard]
    if not len(own):
        return no_data(title, "没有可排名的楼宇")
    rows = own.sort_values(["rank", "building_id"]).head(most)
    note = "口径：粗线为权重在给定值上下浮动时90%的名次范围，细线为去掉任一指标后的名次范围。"
    if len(own) > most:
        note += f"只画前{most}幢，共{len(own)}幢参评。"
    figure, ax = new_figure(title, 1.0 + ROW * len(rows), note)
    at = range(len(rows))
    thin = ax.hlines(at, rows["best_rank"], rows["worst_rank"], color=MUTED, linewidth=1.0)
    thick = ax.hlines(at, rows["lo90_rank"], rows["hi90_rank"], color=SOFT, linewidth=5.0)
    dots = ax.scatter(rows["rank"], at, 34, color=MAIN, zorder=3)
    names = rows["building"].fillna(rows["building_id"])
    name_rows(ax, list(at), [shorten(name, 9) for name in names])
    ax.set_xlim(0.4, float(rows[["worst_rank", "hi90_rank"]].max().max()) + 0.6)
    ax.locator_params(axis="x", integer=True, nbins=8)
    ax.set_xlabel("名次")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    legend_above(ax, [dots, thick, thin], ["名次", "权重浮动", "去掉一项"])
    return figure


@chart
def condition_map(conditions: pd.DataFrame, results: pd.DataFrame, scorecard: str, most: int = 8) -> Figure:
    """Draw what the buildings nearest to qualifying lack, from ``scorecard_conditions`` and ``scorecards``.

    Buildings down, requirements across; 达到, or the shortfall as a part of the threshold, empty where
    unknown. Those that qualify already are only counted.
    """
    title = f"{scorecard}：离达标还差什么"
    own = results[(results["scorecard"] == scorecard)]
    short = own[own["passes"] != "是"]
    if not len(short):
        return no_data(title, "没有未达标的楼宇" if len(own) else "没有适用的楼宇")
    order = short.assign(lacks=short["unmet"] + short["unknown"]).sort_values(
        ["lacks", "worst_gap_rate", "building_id"]
    )
    shown = order.head(most)
    cells = conditions[conditions["scorecard"] == scorecard]
    if not len(cells):
        return no_data(title, "这份办法没有必备条件")
    matrix = cells.pivot(index="building_id", columns="number", values="gap_rate").reindex(
        shown["building_id"]
    )
    texts = cells.drop_duplicates("number").set_index("number")["requirement"].map(_heading)
    names = shown["building"].fillna(shown["building_id"])
    matrix = matrix.set_axis([shorten(name, 8) for name in names])
    matrix = matrix.rename(columns=texts.to_dict()).astype("float64")
    note = "口径：格内为距门槛的差额占门槛的比例，文字类条件只分达到和未达，空格为待补；按差得最少的排。"
    note += f"已达到必备条件的{int((own['passes'] == '是').sum())}幢未列。"
    if len(short) > most:
        note += f"另有{len(short) - most}幢差得更多，未画出。"
    figure, ax = new_figure(title, 1.2 + 0.34 * len(matrix), note)
    heat_cells(ax, matrix, _gap_text, top=_FULL_GAP)
    return figure


@chart
def entry_lines(thresholds: pd.DataFrame, year: int, most: int = 15) -> Figure:
    """Draw the quantiles of tax per ㎡ by industry from table ``entry_thresholds``, all grades together.

    The bar spans the middle half of the paying tenants, the dark line is the 95 % interval of the median.
    Logarithmic axis; industries of too few tenants are counted in the footnote.
    """
    title = f"{year}年各行业单位面积税收（元/㎡）"
    whole = thresholds[thresholds["grade"] == ALL_GRADES]
    enough = whole[(whole["status"] == ENOUGH) & (whole["p25_yuan_sqm"] > 0)]
    if not len(enough):
        return no_data(title, "没有一个行业有足够的纳税企业")
    rows = enough.sort_values(["p50_yuan_sqm", "industry"], ascending=[False, True]).head(most)
    note = "口径：经常性税收 ÷ 租用面积，只计入驻满两年、在本区纳税且有税收的企业；横轴为对数。"
    if len(whole) > len(enough):
        note += f"另有{len(whole) - len(enough)}个行业样本不足或不设门槛，未画出。"
    figure, ax = new_figure(title, 1.0 + 0.34 * len(rows), note)
    at = list(range(len(rows)))
    bar = ax.hlines(at, rows["p25_yuan_sqm"], rows["p75_yuan_sqm"], color=SOFT, linewidth=8.0)
    line = ax.hlines(at, rows["lo_p50_yuan_sqm"], rows["hi_p50_yuan_sqm"], color=INK, linewidth=1.6, zorder=3)
    dots = ax.scatter(rows["p50_yuan_sqm"], at, 38, color=GOOD, zorder=4)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: plain_number(value))
    name_rows(ax, at, [f"{row.industry}（{row.n:.0f}家）" for row in rows.itertuples()])
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    legend_above(ax, [dots, line, bar], ["中位数", "中位数的95%区间", "25%—75%分位"])
    return figure


def _heading(requirement: str) -> str:
    """Return a requirement short enough to stand above a column: of alternatives the first."""
    first, *others = requirement.split(OR)
    first = first.replace("不低于 ", "≥").replace("不高于 ", "≤")
    return f"{first}或其他" if others else first


def _gap_text(gap: float) -> str:
    """Return a cell's words: 达到, or the shortfall, which never reads 0 %."""
    if gap <= 0 or gap >= 1:
        return "达到" if gap <= 0 else "未达"
    return f"差{gap * 100:.0f}%" if gap >= 0.01 else "差不到1%"
