"""Figures of tenant moves: from where to where, and who won and lost by them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.industry.moves.flows import inside_flows
from louyu_lab.study.charts.dots import signed_ticks
from louyu_lab.study.charts.parts import heat_cells, rows_height
from louyu_lab.study.charts.stock import LEVEL_ZH
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    SMALL,
    WARM,
    chart,
    legend_above,
    new_figure,
    no_data,
    value_grid,
)
from louyu_lab.study.charts.text import Scale, money_scale, shorten, wrap

#: Places beyond these have no room in the map of flows.
_MOST_PLACES = 10


@chart
def move_flow_map(flows: pd.DataFrame, note: str = "") -> Figure:
    """Draw firms that changed building, from where (down) to where (across), from table ``move_flows``.

    By street; in a district of one street by building. The places with most moves are drawn, the others
    counted in the footnote.
    """
    level = "street" if inside_flows(flows, "street")["from_id"].nunique() > 1 else "building"
    rows = inside_flows(flows, level)
    if not len(rows):
        return no_data("企业换楼流向", "没有企业在区内楼宇之间换楼")
    unit = LEVEL_ZH[level]
    moved = pd.concat([rows.groupby("from_id")["firms"].sum(), rows.groupby("to_id")["firms"].sum()])
    busiest = moved.groupby(level=0).sum().sort_index().sort_values(ascending=False, kind="stable").index
    kept = sorted(busiest[:_MOST_PLACES])
    names = pd.concat([rows.set_index(f"{way}_id")[f"{way}_place"] for way in ("from", "to")])
    names = names.groupby(level=0).last()
    table = rows.pivot(index="from_id", columns="to_id", values="firms").reindex(index=kept, columns=kept)
    table = table.set_axis([names[at] for at in kept], axis=0).set_axis([names[at] for at in kept], axis=1)
    first, last = _span(rows)
    scope = f"口径：{first}年末至{last}年末；行为原{unit}，列为现{unit}" + (
        "，对角线为街道内换楼。" if level == "street" else "。"
    )
    hidden = int(rows["firms"].sum() - np.nansum(table.to_numpy(dtype="float64")))
    scope += f"另有{hidden}家次涉及其他{unit}，未画出。" if hidden else ""
    figure, ax = new_figure(
        f"{first + 1}—{last}年企业换楼流向（家次）", 1.1 + 0.42 * len(table), scope + note
    )
    heat_cells(ax, table.astype("float64"), lambda firms: f"{firms:.0f}")
    return figure


@chart
def move_tax_bars(balance: pd.DataFrame, level: str = "building", most: int = 12) -> Figure:
    """Draw the tax that firms changing building brought and took along, from table ``move_balance``.

    The places with the largest net amounts either way, the largest gain on top; firms are drawn where no
    tax is known.
    """
    unit = LEVEL_ZH.get(level, level)
    counted = f"幢{unit}" if level == "building" else f"个{unit}"
    rows = balance[(balance["level"] == level) & (balance["moved_in"] + balance["moved_out"] > 0)]
    if not len(rows):
        return no_data(f"各{unit}企业换楼得失", "没有企业在区内楼宇之间换楼")
    in_money = rows["net_moved_yuan"].notna().any() and (rows["moved_in_yuan"].fillna(0) != 0).any()
    into, out = (f"moved_{way}_yuan" if in_money else f"moved_{way}" for way in ("in", "out"))
    first, last = _span(rows)
    known = rows.dropna(subset=[into, out])
    note = "口径：只计区内换楼；税收为迁前最近一年的经常性税收，黑点为净得，全区相抵为零。"
    title = (
        f"{first + 1}—{last}年企业换楼带来和带走的税收"
        if in_money
        else f"{first + 1}—{last}年企业换楼进出户数"
    )
    if not in_money:
        note = "口径：只计区内换楼，按家次；税收不详。黑点为净迁入，全区相抵为零。"
    return _in_out_bars(known, into, out, title, note, most, counted, in_money)


def _in_out_bars(
    rows: pd.DataFrame,
    into: str,
    out: str,
    title: str,
    note: str,
    most: int,
    counted: str,
    in_money: bool,
) -> Figure:
    """Draw bars to the right for ``into`` and to the left for ``out``, a dot for the difference."""
    net = rows[into].astype("float64") - rows[out].astype("float64")
    rows = rows.assign(net=net, size=-net.abs()).sort_values(["size", "id"])
    if len(rows) > most:
        note += f"另有{len(rows) - most}{counted}差额较小，未画出。"
    rows = rows.head(most).sort_values(["net", "id"], ascending=[False, True])
    scale = money_scale([*rows[into], *rows[out]]) if in_money else Scale(1, "", 0)
    labels = [shorten(str(name), 10) for name in rows["name"]]
    title += f"（{scale.unit}）" if in_money else ""
    figure, ax = new_figure(title, rows_height(labels) + 0.6, note)
    at = np.arange(len(rows))
    gained, lost = (rows[name].to_numpy(dtype="float64") / scale.divisor for name in (into, out))
    bars = [ax.barh(at, gained, 0.62, color=MAIN), ax.barh(at, -lost, 0.62, color=WARM)]
    dots = ax.plot(gained - lost, at, "o", color=INK, markersize=5)
    _print_nets(ax, gained, lost, scale)
    ax.set_yticks(at, [wrap(label, 9, 2) for label in labels], linespacing=1.2)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.margins(x=0.16)
    ax.locator_params(axis="x", nbins=6)
    signed_ticks(ax, "x")
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    legend_above(ax, [*bars, *dots], ["带来", "带走", "净额"])
    return figure


def _print_nets(ax: Axes, gained: np.ndarray, lost: np.ndarray, scale: Scale) -> None:
    """Print each difference at the end of its row, right of the longer bar."""
    for row, (more, less) in enumerate(zip(gained, lost, strict=True)):
        text = scale.number((more - less) * scale.divisor, signed=True)
        ax.annotate(text, (max(more, 0.0), row), (6, 0), textcoords="offset points", va="center", size=SMALL)


def _span(rows: pd.DataFrame) -> tuple[int, int]:
    return int(rows["from_year"].iloc[0]), int(rows["to_year"].iloc[0])
