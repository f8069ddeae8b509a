"""Figures of whom to invite: which industries go together, the record, the targets, the funnel."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from louyu_lab.analysis.industry.targets.funnel import STAGES
from louyu_lab.analysis.industry.targets.record import ALL_YEARS
from louyu_lab.study.charts.dots import headed_places, name_rows
from louyu_lab.study.charts.parts import heat_cells, row_bars, rows_height
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    OTHER,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import RATE, shorten


@chart
def proximity_map(proximity: pd.DataFrame, year: int) -> Figure:
    """Draw the proximities of the industries (``relatedness.proximity``), related ones side by side.

    Industries no building is strong in are left out and counted in the footnote.
    """
    title = f"{year}年行业之间的邻近度（同楼成群的比例，%）"
    present = np.diag(proximity.to_numpy()) > 0
    rows = proximity.loc[present, present]
    if len(rows) < 3:
        return no_data(title, "可比的行业不足三个")
    apart = 1.0 - rows.to_numpy(copy=True)
    np.fill_diagonal(apart, 0.0)
    order = leaves_list(linkage(squareform(apart, checks=False), "average", optimal_ordering=True))
    ordered = rows.iloc[order, order]
    lower = ordered.where(np.tri(len(ordered), k=-1, dtype=bool)).iloc[1:, :-1]
    note = "口径：两个行业在一幢楼里同时高于全区占比的楼宇数，除以两者中较多一个的楼宇数；相近的排在一起。"
    missing = len(proximity) - len(rows)
    note += f"另有{missing}个行业没有哪幢楼高于全区，未画出。" if missing else ""
    figure, ax = new_figure(title, 1.3 + 0.34 * len(lower), note)
    heat_cells(ax, lower, lambda share: f"{share * 100:.0f}")
    return figure


@chart
def target_record_dots(record: pd.DataFrame) -> Figure:
    """Draw how many entrants each recommender foresaw, all years together, from table ``target_record``."""
    title = "目标行业猜中了多少新入驻企业（历年合计）"
    rows = record[record["year"] == ALL_YEARS].reset_index(drop=True)
    if not len(rows):
        return no_data(title, "没有前后两年的企业名单，无从回测")
    heads = [f"{name}，{n:,} 家次" for name, n in zip(rows["entrants"], rows["n"], strict=True)]
    rows = rows.assign(group=heads)
    places = headed_places(rows["group"])
    note = "口径：用上年末名单给每幢楼定三个目标行业，看当年新入驻企业有多少属于它们；横线为95%区间。"
    figure, ax = new_figure(title, 0.6 + 0.27 * (len(rows) + rows["group"].nunique()), note)
    for at, row in zip(places, rows.itertuples(), strict=True):
        colour = MAIN if row.is_chosen else MUTED
        ax.plot([row.lo, row.hi], [at] * 2, color=colour, linewidth=2.0, solid_capstyle="butt")
        ax.plot([row.recall], [at], "o", color=colour, markersize=6)
    labels = [f"{row.recommender}（采用）" if row.is_chosen else row.recommender for row in rows.itertuples()]
    name_rows(ax, places, labels, rows["group"])
    ax.set_xlim(0, 1)
    percent_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    return figure


@chart
def target_map(targets: pd.DataFrame, year: int, most: int = 16, industries: int = 9) -> Figure:
    """Draw each building's target industries by the share of entrants expected, from ``target_industries``.

    Buildings with the largest vacant area; industries by how often they are a target. What is beyond
    ``most`` and ``industries`` is counted in the footnote.
    """
    title = f"{year}年各楼的目标行业（预期占新入驻，%）"
    if not len(targets):
        return no_data(title, "各楼已满，或企业的行业都不清楚")
    order = list(dict.fromkeys(targets["building_id"]))
    often = targets.groupby("industry")["score"].agg(["size", "sum"]).reset_index()
    often = often.sort_values(["size", "sum", "industry"], ascending=[False, False, True])[
        "industry"
    ].tolist()
    shares = targets.pivot(index="building_id", columns="industry", values="score")
    shares = shares.reindex(index=order[:most], columns=often[:industries])
    names = targets.drop_duplicates("building_id").set_index("building_id")["building"]
    names = names.fillna(names.index.to_series())
    shares.index = [shorten(str(names[home]), 9) for home in shares.index]
    note = "口径：每幢楼三个目标行业；楼宇按可招商空置面积由大到小。"
    hidden = [f"{len(order) - most}幢空置较少的楼宇"] if len(order) > most else []
    hidden += [f"{len(often) - industries}个行业"] if len(often) > industries else []
    note += f"另有{'、'.join(hidden)}未画出。" if hidden else ""
    figure, ax = new_figure(title, 1.0 + 0.36 * len(shares), note)
    heat_cells(ax, shares.astype("float64"), lambda share: f"{share * 100:.0f}")
    return figure


@chart
def project_funnel_bars(funnel: pd.DataFrame) -> Figure:
    """Draw how many projects reached each stage, and stand there now, from table ``project_funnel``."""
    title = "招商项目到达各阶段的数量"
    rows = funnel[funnel["stage"].isin(STAGES)]
    if not len(rows):
        return no_data(title, "项目库没有写明项目阶段")
    reached = rows["reached"].to_numpy("float64")
    texts = [
        f"{int(row.reached)} 个"
        + (f"（转入 {RATE.text(row.conversion_rate)}）" if row.conversion_rate >= 0 else "")
        for row in rows.itertuples()
    ]
    note = "口径：到达过本阶段的项目，含已走到后面阶段的；深色为停在本阶段的。"
    figure, ax = new_figure(title, rows_height(rows["stage"].tolist(), 6) + 0.3, note)
    row_bars(ax, rows["stage"].tolist(), reached, texts, OTHER, width=6)
    ax.barh(np.arange(len(rows)), rows["projects"].to_numpy("float64"), height=0.62, color=MAIN)
    ax.set_xlim(0, max(1.0, float(reached.max())) * 1.35)
    handles = [ax.containers[1], ax.containers[0]]
    legend_above(ax, handles, ["停在本阶段", "已走到后面"])
    ax.tick_params(axis="y", colors=INK)
    return figure
