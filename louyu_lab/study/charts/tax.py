"""Figures of tax: where it stands, how concentrated it is, what a square metre yields."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.study.charts.parts import row_bars, rows_height, year_bars
from louyu_lab.study.charts.placing import label_points
from louyu_lab.study.charts.stock import with_share
from louyu_lab.study.charts.style import (
    MAIN,
    OTHER,
    TAX,
    WARM,
    category_colours,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    plain_ticks,
    settle,
    year_ticks,
)
from louyu_lab.study.charts.text import (
    RATE,
    Scale,
    area_scale,
    balance,
    money_scale,
    plain_number,
    plain_scale,
    shorten,
)

#: A span above this ratio is drawn on a logarithmic scale.
WIDE_SPAN = 100.0


@chart
def building_bubbles(unit_tax: pd.DataFrame, year: int, streets: int = 7, labels: int = 8) -> Figure:
    """Draw every building by gross area and tax, coloured by street, from table ``unit_tax``.

    Scales are logarithmic where the tax spans more than a factor of 100; buildings without a
    positive tax cannot stand there and are counted in the footnote. A larger bubble yields more tax
    per occupied ㎡. The ``labels`` largest taxpayers are named where there is room.
    """
    title = f"{year}年楼宇建筑面积与税收（每点一幢）"
    known = unit_tax.dropna(subset=["gross_area_sqm", "tax_yuan"])
    positive = known[known["tax_yuan"] > 0]
    is_log = len(positive) > 1 and positive["tax_yuan"].max() > WIDE_SPAN * positive["tax_yuan"].min()
    drawn = (positive if is_log else known).sort_values(["tax_yuan", "building_id"], ascending=[False, True])
    if not len(drawn):
        return no_data(title, "没有同时有面积和税收的楼宇")
    note = "口径：全口径税收。圆点越大，每㎡入驻面积税收越高。" + ("两轴为对数刻度。" if is_log else "")
    if len(drawn) < len(unit_tax):
        note += f"另有{len(unit_tax) - len(drawn)}幢税收为零、为负或缺数据，未画出。"
    figure, ax = new_figure(title, 5.2, note)
    # On a logarithmic axis most buildings are far below the largest: 万元 then reads without zeros.
    area = area_scale(drawn["gross_area_sqm"])
    tax = money_scale([drawn["tax_yuan"].median()] if is_log else drawn["tax_yuan"])
    x, y = drawn["gross_area_sqm"] / area.divisor, drawn["tax_yuan"] / tax.divisor
    _street_points(ax, x, y, _bubble_sizes(drawn["tax_per_occupied_yuan_sqm"]), _top_streets(drawn, streets))
    ax.set(xlabel=f"建筑面积（{area.unit}）", ylabel=f"税收（{tax.unit}）")
    if is_log:
        ax.set(xscale="log", yscale="log")
    _scatter_ticks(ax, is_log)
    settle(figure)
    label_points(ax, x.tolist(), y.tolist(), [balance(name, 9, 2) for name in drawn["building"].head(labels)])
    return figure


def _scatter_ticks(ax: Axes, is_log: bool) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter, NullLocator

    ax.margins(0.08)
    ax.grid(True)
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        if not is_log:
            plain_ticks(ax, name)
            continue
        low, high = axis.get_view_interval()
        per_decade = (1.0, 2.0, 5.0) if high / low < 200 else (1.0,)
        axis.set_major_locator(LogLocator(subs=per_decade))
        axis.set_major_formatter(lambda value, _: plain_number(value))
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())


def _top_streets(drawn: pd.DataFrame, most: int) -> pd.Series:
    """Return each building's street; those beyond the ``most`` with most tax become 其他."""
    street = drawn["street"].fillna("未填街道")
    order = drawn["tax_yuan"].groupby(street).sum().sort_values(ascending=False, kind="stable").index
    return street.where(street.isin(order[:most]), "其他") if len(order) > most else street


def _street_points(ax: Axes, x: pd.Series, y: pd.Series, sizes: np.ndarray, street: pd.Series) -> None:
    names = [name for name in street.unique() if name != "其他"]
    names += ["其他"] if (street == "其他").any() else []
    colours = category_colours(names)
    for name in names:
        of_street = (street == name).to_numpy()
        look = {"color": colours[name], "alpha": 0.75, "edgecolor": "white", "linewidth": 0.6}
        ax.scatter(x[of_street], y[of_street], sizes[of_street], **look)
    keys = [ax.scatter([], [], 50, color=colours[name]) for name in names]
    legend_above(ax, keys, [shorten(name, 9) for name in names], room=42.0)


def _bubble_sizes(yields: pd.Series) -> np.ndarray:
    """Return marker areas from 20 to 160 points² that grow with the yield; unknown ones are small."""
    top = float(np.nanmax(yields, initial=0.0)) or 1.0
    return 20.0 + 140.0 * (yields.clip(lower=0) / top).fillna(0.0).to_numpy(dtype="float64")


@chart
def tax_lorenz(rollup: pd.DataFrame, year: int) -> Figure:
    """Draw 税收累计曲线, buildings from the largest tax down, from table ``rollup`` (level building).

    Marks what the top tenth of the buildings (rounded up) contributes. Refunds pull the curve down
    at its end; buildings without tax data are left out and counted in the footnote.
    """
    title = f"{year}年楼宇税收累计曲线"
    buildings = rollup[rollup["level"] == "building"]
    tax = buildings["tax_yuan"].dropna().sort_values(ascending=False).to_numpy(dtype="float64")
    if not len(tax) or tax.sum() <= 0:
        return no_data(title, "没有楼宇税收，或合计不为正")
    note = f"口径：全口径税收，{len(tax)}幢有税收数据。"
    if len(tax) < len(buildings):
        note += f"另有{len(buildings) - len(tax)}幢缺税收数据，未计入。"
    figure, ax = new_figure(title, 4.2, note)
    x, y = np.arange(len(tax) + 1) / len(tax), np.concatenate([[0.0], np.cumsum(tax)]) / tax.sum()
    ax.plot([0, 1], [0, 1], color=OTHER, linestyle="--", linewidth=1.2)
    ax.plot(x, y, color=MAIN, linewidth=2.2)
    top = -(-len(tax) // 10)
    mark = ax.plot([x[top]], [y[top]], "o", color=WARM)
    text = f"税收最多的{top}幢（{RATE.text(x[top])}）贡献{RATE.text(y[top])}"
    # The curve is concave, so this corner is always free.
    ax.legend(mark, [text], loc="lower right", handlelength=0.8)
    ax.set(
        xlabel="楼宇数累计占比（按税收从高到低）",
        ylabel="税收累计占比",
        xlim=(0, 1.02),
        ylim=(min(0, y.min()), None),
    )
    percent_ticks(ax, "x")
    percent_ticks(ax, "y")
    # The corner has one 0 %, on the upright axis.
    ax.set_xticks(np.arange(0.2, 1.01, 0.2))
    ax.grid(True)
    return figure


@chart
def tax_band_bars(bands: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw 税收分档: buildings and tax by band, from table ``tax_bands``."""
    title = f"{year}年楼宇税收分档：楼宇数与税收"
    if not len(bands) or not bands["buildings"].fillna(0).any():
        return no_data(title, "没有楼宇税收")
    labels = bands["band"].astype(str).tolist()
    scope = "口径：全口径税收，占比为占楼宇税收。" + note
    figure, (left, right) = new_figure(title, rows_height(labels) + 0.3, scope, columns=2, sharey=True)
    counts, scale = bands["buildings"].astype("float64"), money_scale(bands["tax_yuan"])
    row_bars(left, labels, counts, with_share(counts, Scale(1, "幢", 0), bands["share_buildings"]))
    row_bars(right, labels, bands["tax_yuan"], with_share(bands["tax_yuan"], scale, bands["share_tax"]), TAX)
    left.set_title("楼宇数（幢，占比）")
    right.set_title(f"税收（{scale.unit}，占比）")
    return figure


@chart
def unit_tax_ranking(
    unit_tax: pd.DataFrame, year: int, measure: str = "tax_per_gross_yuan_sqm", ends: int = 10
) -> Figure:
    """Draw the ``ends`` highest and lowest buildings by tax per ㎡, from table ``unit_tax``.

    ``measure`` is one of its ``tax_per_…_yuan_sqm`` columns. With no more than twice ``ends``
    buildings all are drawn in one ranking.
    """
    basis = {"gross": "建筑面积", "rentable": "可租售面积", "occupied": "入驻面积"}[measure.split("_")[2]]
    title = f"{year}年单位面积税收排名（元/㎡，按{basis}）"
    rows = unit_tax.dropna(subset=[measure]).sort_values([measure, "building_id"], ascending=[False, True])
    if not len(rows):
        return no_data(title, "没有同时有面积和税收的楼宇")
    note = f"口径：全口径税收 ÷ {basis}，{len(rows)}幢有数据。"
    parts = [("", rows)]
    if len(rows) > 2 * ends:
        parts = [(f"最高的{ends}幢", rows.head(ends)), (f"最低的{ends}幢", rows.tail(ends))]
        note += "上下两部分刻度不同。"
    heights = [rows_height(part["building"].tolist(), 12) for _, part in parts]
    grid = {"rows": len(parts), "squeeze": False, "height_ratios": heights}
    figure, panels = new_figure(title, sum(heights) + 0.3 * len(parts), note, **grid)
    for ax, (heading, part) in zip(panels[:, 0], parts, strict=True):
        values = part[measure]
        scale = plain_scale(values, "元/㎡")
        texts = [scale.number(value) for value in values]
        row_bars(
            ax,
            part["building"].tolist(),
            values,
            texts,
            [WARM if value < 0 else TAX for value in values],
            width=12,
        )
        ax.set_title(heading)
    return figure


@chart
def tax_by_year(
    indicators: pd.DataFrame, tax: str = "tax_yuan", buildings: str = "yi_buildings", note: str = ""
) -> Figure:
    """Draw the buildings' tax and the number of 亿元楼 by year, from table ``indicators``.

    ``tax`` and ``buildings`` are the codes of the two indicators (any 口径 of either).
    """
    by_year = indicators.pivot_table(index="year", columns="indicator", values="value").sort_index()
    by_year = by_year.reindex(columns=[tax, buildings]).dropna(subset=[tax]).astype("float64")
    if not len(by_year):
        return no_data("历年楼宇税收与亿元楼", "没有楼宇税收")
    years, scale = by_year.index.astype(int), money_scale(by_year[tax])
    span = f"{years[0]}—{years[-1]}年" if len(years) > 1 else f"{years[0]}年"
    grid = {"rows": 2, "sharex": True, "height_ratios": (2.4, 1.0)}
    scope = "口径：全口径税收；亿元楼为年税收1亿元及以上的楼宇。"
    figure, (upper, lower) = new_figure(f"{span}楼宇税收与亿元楼", 4.4, scope + note, **grid)
    year_bars(upper, years, by_year[tax] / scale.divisor, TAX, Scale(1, "", scale.decimals))
    year_bars(lower, years, by_year[buildings], MAIN, Scale(1, "", 0))
    upper.set_title(f"楼宇税收（{scale.unit}）")
    lower.set_title("亿元楼（幢）")
    plain_ticks(upper, "y")
    plain_ticks(lower, "y")
    lower.locator_params(axis="y", nbins=3, integer=True)
    year_ticks(lower, years)
    return figure
