"""Figures of the stock: size and occupancy bands, places side by side, occupancy over the years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.study.charts.parts import row_bars, rows_height
from louyu_lab.study.charts.placing import spread
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    OTHER,
    SMALL,
    TAX,
    category_colours,
    chart,
    new_figure,
    no_data,
    percent_ticks,
    settle,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import RATE, Scale, area_scale, plain_scale, shorten

LEVEL_ZH = {"district": "全区", "street": "街道", "zone": "片区", "area": "地区", "building": "楼宇"}


@chart
def occupancy_band_bars(bands: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw 入驻率分档: buildings and rentable area by band, from table ``occupancy_bands``."""
    title = f"{year}年楼宇入驻率分档：楼宇数与可租售面积"
    scope = "口径：入驻率 = 入驻面积 ÷ 可租售面积；每档含下限。"
    return _bands(bands, title, "rentable_area_sqm", "可租售面积", scope + note)


@chart
def size_band_bars(bands: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw 楼宇规模分档: buildings and gross area by band, from table ``size_bands``."""
    title = f"{year}年楼宇规模分档：楼宇数与建筑面积"
    return _bands(bands, title, "gross_area_sqm", "建筑面积", "口径：按单幢建筑面积分档，每档含下限。" + note)


def _bands(bands: pd.DataFrame, title: str, area: str, area_zh: str, note: str) -> Figure:
    """Draw buildings at the left, area at the right, one row a band in the table's order."""
    if not len(bands) or not bands["buildings"].fillna(0).any():
        return no_data(title)
    labels = bands["band"].astype(str).tolist()
    figure, (left, right) = new_figure(title, rows_height(labels) + 0.3, note, columns=2, sharey=True)
    counts = bands["buildings"].astype("float64")
    row_bars(left, labels, counts, with_share(counts, Scale(1, "幢", 0), bands["share_buildings"]))
    scale = area_scale(bands[area])
    row_bars(right, labels, bands[area], with_share(bands[area], scale, bands["share_area"]), OTHER)
    left.set_title("楼宇数（幢，占比）")
    right.set_title(f"{area_zh}（{scale.unit}，占比）")
    return figure


def with_share(values: pd.Series, scale: Scale, shares: pd.Series) -> list[str]:
    """Return "56（62.9%）" for each value and its share; no share beside a missing value or a zero."""
    texts = []
    for value, share in zip(values.astype("float64"), shares.astype("float64"), strict=True):
        told = np.isfinite(share) and np.isfinite(value) and value != 0
        texts.append(scale.number(value) + (f"（{RATE.text(share)}）" if told else ""))
    return texts


@chart
def place_comparison(places: pd.DataFrame, year: int, level: str = "street", most: int = 12) -> Figure:
    """Compare places by gross area, occupancy and tax per ㎡, from table ``places``.

    ``level`` is one of the table's levels (street, zone, area); the ``most`` largest are drawn.
    """
    title = f"{year}年各{LEVEL_ZH.get(level, level)}的楼宇面积、入驻率与单位面积税收"
    rows = places[places["level"] == level].sort_values(["gross_area_sqm", "id"], ascending=[False, True])
    if not len(rows):
        return no_data(title, f"楼宇台账没有{LEVEL_ZH.get(level, level)}")
    note = "口径：入驻率 = 入驻面积 ÷ 可租售面积；单位面积税收按全口径税收计。按面积从大到小排列。"
    if len(rows) > most:
        note += f"另有{len(rows) - most}个面积较小，未画出。"
    rows = rows.head(most)
    labels = rows["id"].tolist()
    figure, panels = new_figure(title, rows_height(labels, 7) + 0.3, note, columns=3, sharey=True)
    measures = (
        ("建筑面积", rows["gross_area_sqm"], area_scale(rows["gross_area_sqm"]), MAIN),
        ("入驻率", rows["occupancy_rate"], RATE, OTHER),
        ("税收/面积", rows["tax_per_sqm_yuan"], plain_scale(rows["tax_per_sqm_yuan"], "元/㎡"), TAX),
    )
    for ax, (name, values, scale, colour) in zip(panels, measures, strict=True):
        row_bars(ax, labels, values, [scale.number(value) for value in values], colour, width=7)
        ax.set_title(f"{name}（{scale.unit}）")
    return figure


@chart
def occupancy_over_years(rollup: pd.DataFrame, most: int = 7, note: str = "") -> Figure:
    """Draw the occupancy rate by year, the district and its largest streets.

    Takes table ``rollup`` of several years, one below the other, with a column ``year`` in front.
    """
    drawn = rollup[rollup["level"].isin(["district", "street"])].dropna(subset=["occupancy_rate"])
    if not len(drawn):
        return no_data("历年入驻率", "没有入驻数据")
    years = drawn["year"].astype(int)
    title = f"{years.min()}—{years.max()}年入驻率" if years.min() < years.max() else f"{years.max()}年入驻率"
    streets = _largest_streets(drawn)
    scope = "口径：入驻率 = 入驻面积 ÷ 可租售面积，年末。"
    if len(streets) > most:
        scope += f"只画面积最大的{most}个街道。"
    figure, ax = new_figure(title, 3.9, scope + note)
    ends = [_occupancy_line(ax, drawn[drawn["level"] == "district"], "全区", INK)]
    colours = category_colours(streets[:most])
    for street in streets[:most]:
        lines = drawn[(drawn["level"] == "street") & (drawn["id"] == street)]
        ends.append(_occupancy_line(ax, lines, street, colours[street]))
    year_ticks(ax, years.unique())
    edge = 0.04 * max(1, years.max() - years.min())
    ax.set_xlim(years.min() - edge, years.max() + edge)
    _at_least(ax, 0.1)
    percent_ticks(ax, "y")
    value_grid(ax, "y")
    _end_labels(ax, [end for end in ends if end])
    return figure


def _at_least(ax: Axes, span: float) -> None:
    """Widen the y axis to ``span``, so that a tenth of a point does not look like a slump."""
    low, high = ax.get_ylim()
    if high - low < span:
        middle = (low + high) / 2
        ax.set_ylim(middle - span / 2, middle + span / 2)


def _largest_streets(drawn: pd.DataFrame) -> list[str]:
    streets = drawn[drawn["level"] == "street"].sort_values(["year", "rentable_area_sqm", "id"])
    return (
        streets.drop_duplicates("id", keep="last")
        .sort_values("rentable_area_sqm", ascending=False)["id"]
        .tolist()
    )


def _occupancy_line(ax: Axes, rows: pd.DataFrame, name: str, colour: str) -> tuple[str, float, str] | None:
    """Draw one line; return its label, height at the end and colour."""
    if not len(rows):
        return None
    rows = rows.sort_values("year")
    weight = 2.6 if name == "全区" else 1.5
    ax.plot(
        rows["year"].astype(int), rows["occupancy_rate"], color=colour, linewidth=weight, marker="o", ms=4
    )
    last = float(rows["occupancy_rate"].iloc[-1])
    return f"{shorten(name, 7)} {RATE.text(last)}", last, colour


def _end_labels(ax: Axes, ends: list[tuple[str, float, str]]) -> None:
    """Name the lines at the right edge, moved apart where they end close together."""
    labels = [
        ax.annotate(text, (1.06, at), xycoords=("axes fraction", "data"), va="center", size=SMALL)
        for text, at, _ in ends
    ]
    settle(ax.figure)
    low, high = ax.set_ylim(ax.get_ylim())
    inches = ax.get_position().height * ax.figure.get_figheight()
    gap = (SMALL * 1.5 / 72) / inches * (high - low)
    heights = spread([at for _, at, _ in ends], gap, low, high)
    for label, (_, at, colour), moved in zip(labels, ends, heights, strict=True):
        label.set_y(moved)
        lead = {"color": colour, "linewidth": 1.2, "clip_on": False, "transform": ax.get_yaxis_transform()}
        ax.plot([1.0, 1.05], [at, moved], **lead)
