"""Figures of change: what made the tax grow, who climbed the ladder, who came and went."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.tiers import ENTERED, LEFT, TIERS
from louyu_lab.study.charts.parts import heat_cells, year_bars
from louyu_lab.study.charts.style import (
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
    plain_ticks,
    year_ticks,
)
from louyu_lab.study.charts.text import Scale, area_scale, balance, money_scale, plain_number

#: Rows and columns of the transition matrix that are no tiers, kept behind them.
NOT_TIERS = (NO_DATA, ENTERED, LEFT)


@chart
def growth_waterfall(parts: pd.DataFrame, note: str = "") -> Figure:
    """Draw where the change in the district's building tax came from, from table ``growth_parts``.

    Only rows of level district are drawn, those of the latest pair of years, and no parts of zero;
    the last bar is their sum.
    """
    rows = parts[(parts["level"] == "district") & (parts["amount_yuan"].fillna(0.0) != 0.0)]
    if not len(rows):
        return no_data("楼宇税收增减来源", "缺少两年可比的税收")
    rows = rows[rows["to_year"] == rows["to_year"].max()]
    rows = rows[rows["from_year"] == rows["from_year"].max()]
    first, last = int(rows["from_year"].iloc[0]), int(rows["to_year"].iloc[0])
    amounts = rows["amount_yuan"].to_numpy(dtype="float64")
    scale = money_scale([*amounts, amounts.sum()])
    title = f"{first}—{last}年楼宇税收增减来源（{scale.unit}）"
    scope = "口径：面积、入驻率、单产为两年都在册楼宇的对数均值分解，各项相加等于合计增减。"
    figure, ax = new_figure(title, 3.9, scope + note)
    labels = [*rows["part"].astype(str), "合计"]
    heights = np.append(amounts, amounts.sum())
    starts = np.append(np.cumsum(amounts) - amounts, 0.0)
    colours = [*[WARM if amount < 0 else MAIN for amount in amounts], INK]
    ax.bar(range(len(labels)), heights / scale.divisor, 0.62, starts / scale.divisor, color=colours)
    _steps(ax, heights, starts, scale)
    ax.set_xticks(
        range(len(labels)), [balance(label, max(2.5, 44 / len(labels) - 0.8), 3) for label in labels]
    )
    ax.yaxis.set_visible(False)
    ax.spines[["left", "bottom"]].set_visible(False)
    return figure


def _steps(ax: Axes, heights: np.ndarray, starts: np.ndarray, scale: Scale) -> None:
    """Join the bars of a waterfall and print each amount beyond its bar."""
    ends = starts + heights
    for at in range(len(heights) - 1):
        ax.plot([at + 0.31, at + 0.69], [ends[at] / scale.divisor] * 2, color=MUTED, linewidth=0.8)
    for at, (height, start, end) in enumerate(zip(heights, starts, ends, strict=True)):
        edge, below = (min(start, end), True) if height < 0 else (max(start, end), False)
        place = {"ha": "center", "va": "top" if below else "bottom", "size": SMALL}
        text = scale.number(height, signed=True)
        ax.annotate(
            text, (at, edge / scale.divisor), (0, -3 if below else 3), textcoords="offset points", **place
        )
    ax.axhline(0, color=MUTED, linewidth=0.8, clip_on=False)
    # Bars hold the axis to their own ends; the numbers beyond them need room as well.
    reach = np.concatenate([starts, ends, [0.0]]) / scale.divisor
    room = 0.14 * (np.ptp(reach) or 1.0)
    ax.set_ylim(reach.min() - room * (reach.min() < 0), reach.max() + room)


@chart
def tier_transition_map(
    transitions: pd.DataFrame, tiers: Sequence[str] = TIERS.labels, note: str = ""
) -> Figure:
    """Draw 梯次转移: last year's tiers down, this year's across, from table ``tier_transitions``.

    ``tiers`` gives the order, highest first; other names follow. The latest pair of years is
    drawn; the outlined diagonal holds the buildings that stayed.
    """
    rows = transitions[transitions["buildings"].fillna(0) > 0]
    if not len(rows):
        return no_data("楼宇税收梯次转移", "缺少两年的楼宇税收")
    rows = rows[rows["to_year"] == rows["to_year"].max()]
    rows = rows[rows["from_year"] == rows["from_year"].max()]
    first, last = int(rows["from_year"].iloc[0]), int(rows["to_year"].iloc[0])
    counts = rows.pivot_table(
        index="from_tier", columns="to_tier", values="buildings", aggfunc="sum", observed=True
    )
    order = _tier_order(rows, tiers)
    counts = counts.reindex(
        index=[t for t in order if t in counts.index], columns=[t for t in order if t in counts]
    )
    title = f"{first}年到{last}年楼宇税收梯次转移（幢）"
    scope = f"口径：全口径税收；行为{first}年梯次，列为{last}年梯次，描边格为梯次不变。"
    figure, ax = new_figure(title, 0.9 + 0.46 * len(counts), scope + note)
    heat_cells(ax, counts.astype("float64"), lambda count: f"{count:.0f}")
    for row, tier in enumerate(counts.index):
        if tier in counts:
            corner = (list(counts).index(tier) - 0.47, row - 0.46)
            ax.add_patch(Rectangle(corner, 0.94, 0.92, fill=False, edgecolor=INK, linewidth=1.4))
    return figure


def _tier_order(rows: pd.DataFrame, tiers: Sequence[str]) -> list[str]:
    met = [*tiers, *rows["from_tier"].astype(str), *rows["to_tier"].astype(str)]
    seen = list(dict.fromkeys(met))
    return [tier for tier in seen if tier not in NOT_TIERS] + [tier for tier in NOT_TIERS if tier in seen]


@chart
def moves_by_year(moves: pd.DataFrame, level: str = "district", note: str = "") -> Figure:
    """Draw firms coming and going and the net absorption by year, from table ``moves``.

    Rows of ``level`` are added up by year: entries above the line, exits below it.
    """
    rows = moves[moves["level"] == level].dropna(subset=["entries", "exits"], how="all")
    if not len(rows):
        return no_data("历年企业迁入迁出", "企业台账不足两年")
    measures = ["entries", "exits", "net_absorption_sqm"]
    rows = (
        rows.astype(dict.fromkeys(measures, "float64"))
        .groupby("year", as_index=False)[measures]
        .sum(min_count=1)
    )
    years = rows["year"].astype(int)
    span = f"{years.iloc[0]}—{years.iloc[-1]}年" if len(rows) > 1 else f"{years.iloc[0]}年"
    scope = "口径：按年末在驻企业的增减计；净吸纳面积 = 入驻面积的年增减。"
    has_area = rows["net_absorption_sqm"].notna().any()
    grid = {"rows": 2 if has_area else 1, "sharex": True, "squeeze": False}
    figure, panels = new_figure(
        f"{span}企业迁入迁出与净吸纳面积", 5.0 if has_area else 3.0, scope + note, **grid
    )
    upper = panels[0, 0]
    entered = year_bars(upper, years, rows["entries"], MAIN, Scale(1, "", 0))
    # Exits hang below the line, their number printed without a sign.
    left = year_bars(upper, years, -rows["exits"], WARM, Scale(-1, "", 0))
    legend_above(upper, [entered, left], ["迁入企业（家）", "迁出企业（家）"])
    upper.yaxis.set_major_formatter(lambda value, _: plain_number(abs(value)))
    if has_area:
        scale = area_scale(rows["net_absorption_sqm"])
        shown = rows["net_absorption_sqm"] / scale.divisor
        year_bars(panels[1, 0], years, shown, OTHER, Scale(1, "", scale.decimals), signed=True)
        panels[1, 0].set_title(f"净吸纳面积（{scale.unit}）")
        plain_ticks(panels[1, 0], "y")
    year_ticks(panels[-1, 0], years)
    return figure
