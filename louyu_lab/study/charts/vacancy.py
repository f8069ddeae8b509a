"""Figures of vacancy: what the vacant area consists of, and which buildings stand emptier than others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.idle_ages import AGE_BANDS, LONG_BANDS
from louyu_lab.analysis.vacancy.accounting import (
    FRICTIONAL,
    LEASE_UP,
    PARTS,
    REST,
    STRUCTURAL,
    STRUCTURAL_BOUND,
    UNMARKETABLE,
)
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.study.charts.dots import ROW, difference_axis, headed_places, name_rows, signed_dot
from louyu_lab.study.charts.style import (
    CATEGORIES,
    INK,
    MAIN,
    MUTED,
    OTHER,
    SMALL,
    SOFT,
    WARM,
    chart,
    legend_above,
    new_figure,
    no_data,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import RATE, area_scale, balance, shorten

_PART_COLOURS = {
    UNMARKETABLE: OTHER,
    LEASE_UP: SOFT,
    STRUCTURAL: WARM,
    # A bound is no measurement: the paler sister of the part it bounds.
    STRUCTURAL_BOUND: "#F7B8BF",
    FRICTIONAL: CATEGORIES[3],
    REST: MAIN,
}

#: How the parts are told apart, below both figures of the account.
_PARTS_SCOPE = (
    "口径：年末，逐幢依次扣除，各部分相加等于空置面积。爬坡为投用不满两年；结构为闲置满三年，"
    "没有起始日期的面积以四个年末空置的最小值为上限；摩擦为换租率×换租空置时间。"
)


@chart
def vacancy_over_years(accounting: pd.DataFrame, note: str = "") -> Figure:
    """Draw the district's vacant area by year, its parts stacked, from table ``vacancy_accounting``."""
    rows = accounting[accounting["level"] == "district"]
    if not len(rows):
        return no_data("历年空置面积构成", "没有空置面积")
    by_year = rows.pivot(index="year", columns="part", values="area_sqm").reindex(columns=list(PARTS))
    by_year = by_year.loc[:, by_year.fillna(0.0).any() | (by_year.columns == REST)].fillna(0.0)
    years, totals = by_year.index.astype(int), by_year.sum(axis=1).to_numpy()
    scale = area_scale(totals)
    span = f"{years[0]}—{years[-1]}年" if len(years) > 1 else f"{years[0]}年"
    figure, ax = new_figure(f"{span}空置面积构成（{scale.unit}）", 3.9, _PARTS_SCOPE + note)
    base, bars = np.zeros(len(years)), []
    for part in by_year:
        values = by_year[part].to_numpy() / scale.divisor
        bars.append(
            ax.bar(years, values, 0.62, base, color=_PART_COLOURS[part], edgecolor="white", linewidth=0.6)
        )
        base = base + values
    if len(years) <= 9:
        ax.bar_label(bars[-1], [scale.number(total) for total in totals], padding=2, fontsize=SMALL)
        ax.yaxis.set_visible(False)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_ylim(0, (base.max() or 1.0) * 1.1)
    value_grid(ax, "y")
    year_ticks(ax, years)
    legend_above(ax, bars, list(by_year))
    return figure


@chart
def vacancy_waterfall(accounting: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw how the district's vacant area of one year runs down to 其他, from table ``vacancy_accounting``.

    The first bar is the whole, each further one a part, hanging where the one before ended; parts of
    zero are left out.
    """
    rows = accounting[(accounting["level"] == "district") & (accounting["year"] == year)]
    areas = rows.set_index("part")["area_sqm"].reindex(list(PARTS)).fillna(0.0)
    areas = areas[areas > 0]
    title = f"{year}年末空置面积逐项分解"
    if not len(areas):
        return no_data(title, "没有空置面积")
    whole = areas.sum()
    scale = area_scale([whole])
    heights = np.append(whole, areas.to_numpy()) / scale.divisor
    feet = np.append(0.0, (whole - areas.cumsum()).clip(lower=0.0).to_numpy()) / scale.divisor
    figure, ax = new_figure(f"{title}（{scale.unit}，占比）", 3.9, _PARTS_SCOPE + note)
    at, labels = np.arange(len(heights)), ["空置面积", *areas.index]
    ax.bar(at, heights, 0.62, feet, color=[INK, *(_PART_COLOURS[part] for part in areas.index)])
    for row, (height, foot) in enumerate(zip(heights, feet, strict=True)):
        printed = scale.number(height * scale.divisor)
        if row:
            ax.plot([row - 0.69, row + 0.31], [foot + height] * 2, color=MUTED, linewidth=0.8)
            printed += f"\n{RATE.text(height / heights[0])}"
        place = {"ha": "center", "va": "bottom", "size": SMALL, "linespacing": 1.2}
        ax.annotate(printed, (row, foot + height), (0, 3), textcoords="offset points", **place)
    ax.set_xticks(at, [balance(label, max(2.5, 44 / len(labels) - 0.8), 3) for label in labels])
    ax.set_xlim(-0.7, max(len(labels), 4) - 0.3)
    ax.set_ylim(0, heights[0] * 1.16)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    return figure


@chart
def vacancy_age_bars(ages: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw 闲置年限 of the idle space inside the buildings, by area, from table ``vacancy_ages``."""
    title = f"{year}年末楼内闲置的闲置年限"
    rows = ages[ages["band"].isin(AGE_BANDS.labels)]
    if not rows["spaces"].any():
        return no_data(title, "没有闲置起始日期")
    scale = area_scale(rows["idle_area_sqm"])
    scope = "口径：最近一次普查中在册楼宇内仍在闲的资源，按起始日期算到年末，每档含下限；红色为满三年。"
    unknown = ages.loc[ages["band"] == NO_DATA, "spaces"].sum()
    scope += f"另有{unknown}处没有起始日期，未画出。" if unknown else ""
    figure, ax = new_figure(f"{title}（闲置面积，{scale.unit}）", 3.4, scope + note)
    areas = rows["idle_area_sqm"].fillna(0.0)
    colours = np.where(rows["band"].isin(LONG_BANDS), WARM, MAIN)
    bars = ax.bar(range(len(rows)), areas / scale.divisor, 0.72, color=colours)
    texts = [
        f"{scale.number(area)}\n{spaces}处" if spaces else ""
        for area, spaces in zip(areas, rows["spaces"], strict=True)
    ]
    ax.bar_label(bars, texts, padding=2, fontsize=SMALL, linespacing=1.2)
    ax.set_xticks(range(len(rows)), rows["band"])
    ax.margins(y=0.2)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    return figure


@chart
def trait_differences(by_trait: pd.DataFrame, year: int, what: str = "各类楼宇", note: str = "") -> Figure:
    """Draw how far each kind of building's vacancy lies from the others', from table ``vacancy_by_trait``.

    A dot is the difference in points, the line its interval; a hollow dot has too few buildings for one.
    Dots whose interval leaves out zero are coloured.
    """
    rows = by_trait.dropna(subset=["difference"])
    title = f"{year}年{what}的空置率与其他楼宇相差（个百分点）"
    if not len(rows):
        return no_data(title, "没有可以比较的特征")
    scope = f"口径：可招商空置率，按面积加权；横线为楼宇重抽样的{LEVEL:.0%}区间，空心点样本少。"
    scope += "逐项比较，没有扣除其他特征，是相关，不是成因。"
    traits = rows["trait"] if rows["trait"].nunique() > 1 else None
    places = np.arange(len(rows)) if traits is None else headed_places(traits).to_numpy()
    figure, ax = new_figure(title, 0.6 + ROW * (places.max() + 1), scope + note)
    points = rows[["difference", "lo", "hi"]].to_numpy(dtype="float64") * 100
    for at, point in zip(places, points, strict=True):
        signed_dot(ax, at, *point)
    labels = [f"{shorten(row.trait_level, 9)}（{row.buildings}幢）" for row in rows.itertuples()]
    name_rows(ax, places, labels, traits)
    difference_axis(ax)
    return figure
