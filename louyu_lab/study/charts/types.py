"""Figures of building types: the map of buildings, the portraits, the number of types against chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.industry.types.coordinates import hellinger_coordinates
from louyu_lab.study.charts.parts import heat_cells
from louyu_lab.study.charts.style import (
    HEADING,
    INK,
    MAIN,
    MUTED,
    OTHER,
    category_colours,
    chart,
    legend_above,
    new_figure,
    no_data,
    value_grid,
)
from louyu_lab.study.charts.text import shorten

#: Certainty below which a building is drawn hollow.
_SURE = 0.8

#: Part of the strongest pull from which an industry is written; weaker ones crowd in the middle.
_PULL = 0.3

#: Firms per point² of a building's mark, and the marks' bounds.
_FIRMS_PER_AREA, _LEAST, _LARGEST = 1.2, 18.0, 260.0


@chart
def type_map(counts: pd.DataFrame, building_types: pd.DataFrame, year: int) -> Figure:
    """Draw buildings on the two main directions of their mixes, from ``building_composition``.

    Colours are the types of table ``building_types``, grey without one; near means alike. Hollow marks are
    less certain. Industries are written where they pull.
    """
    title = f"{year}年楼宇按行业构成的分布"
    table = building_types.set_index("building_id").reindex(counts.index)
    shown = (counts.sum(axis=1) > 0).to_numpy()
    if shown.sum() < 3:
        return no_data(title, "有企业的楼宇不足 3 幢")
    held, table = counts[shown], table[shown]
    points = hellinger_coordinates(held.to_numpy(dtype="float64"))
    centred = points - points.mean(axis=0)
    if held.shape[1] < 2 or np.allclose(centred, 0.0):
        return no_data(title, "各楼行业构成完全相同，或只有一个行业")
    _, size, directions = np.linalg.svd(centred, full_matrices=False)
    # The sign of a direction means nothing; the largest pull is made positive.
    directions = directions[:2] * np.sign(directions[np.arange(2), np.abs(directions[:2]).argmax(1)])[:, None]
    places = centred @ directions.T
    told = size[:2] ** 2 / max((size**2).sum(), 1e-300)
    note = (
        f"两个方向共反映楼宇差异的 {told.sum():.0%}；越近构成越像，圆越大企业越多，空心为归类把握不足八成。"
    )
    figure, ax = new_figure(title, 5.2, note)
    names = table["type_name"].astype("object")
    order = [
        name for _, _, name in sorted({(t <= 0, t, n) for t, n in zip(table["type"], names, strict=True)})
    ]
    typed = [name for name in order if (table.loc[names == name, "type"] > 0).any()]
    colours = category_colours(typed) | {name: OTHER for name in order if name not in typed}
    marks = []
    for name in order:
        of = (names == name).to_numpy()
        firms = held[of].sum(axis=1).to_numpy()
        sure = (table.loc[of, "certainty"].fillna(1.0) >= _SURE).to_numpy()
        areas = np.clip(firms / _FIRMS_PER_AREA, _LEAST, _LARGEST)
        faces = [colours[name] if is_sure else "white" for is_sure in sure]
        ax.scatter(*places[of].T, s=areas, c=faces, edgecolors=colours[name], linewidths=1.2, alpha=0.85)
        marks.append(ax.scatter([], [], s=50, color=colours[name]))
    legend_above(ax, marks, [f"{shorten(name, 12)} {(names == name).sum()}幢" for name in order])
    _pulls(ax, held, directions, places)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    return figure


def _pulls(ax: Axes, counts: pd.DataFrame, directions: np.ndarray, places: np.ndarray) -> None:
    """Write the industries that pull most at the places they pull to."""
    strength = np.hypot(*directions)
    strongest = [
        at for at in np.argsort(-strength, kind="stable")[:5] if strength[at] >= strength.max() * _PULL
    ]
    reach = 0.92 * np.abs(places).max() / max(strength.max(), 1e-300)
    for at in strongest:
        x, y = directions[:, at] * reach
        ax.plot([0, x], [0, y], color=MUTED, linewidth=0.7, zorder=0)
        ax.text(x, y, counts.columns[at], color=INK, size=HEADING, ha="center", va="center")


@chart
def type_portraits(profiles: pd.DataFrame, summary: pd.DataFrame, year: int, most: int = 12) -> Figure:
    """Draw each type's shares of industries by firms as a heat map, from table ``type_profiles``.

    ``summary`` is table ``type_summary``; industries beyond the ``most`` largest are left out and counted.
    """
    title = f"{year}年各类型楼宇的行业构成（企业数占比，%）"
    if not len(profiles):
        return no_data(title, "没有分出稳定的类型")
    shares = profiles.pivot(index="industry", columns="type", values="share_firms").fillna(0.0)
    firms = profiles.groupby("industry")["firms"].sum()
    order = firms.sort_index().sort_values(ascending=False, kind="stable").index
    held = summary.set_index("type")
    columns = [f"{held.loc[label, 'type_name']} {held.loc[label, 'buildings']}幢" for label in shares]
    shares = shares.loc[order[:most]].set_axis(columns, axis=1)
    note = f"另有{len(order) - most}个企业较少的行业未画出。" if len(order) > most else ""
    figure, ax = new_figure(title, 1.1 + 0.36 * len(shares), f"每列为一个类型，列内合计100%。{note}")
    heat_cells(ax, shares, lambda share: f"{share * 100:.0f}")
    return figure


@chart
def type_numbers(choices: pd.DataFrame, year: int) -> Figure:
    """Draw stability and separation by number of types, each beside what districts without types reach.

    ``choices`` as ``BuildingTypes.choices``.
    """
    title = f"{year}年楼宇分成几类最稳"
    if not len(choices):
        return no_data(title, "企业数足够的楼宇太少，或各楼构成完全相同")
    note = "虚线：没有类型的城区也能达到的上限（95%），左为随机入驻，右为只有连续差异。实心点为选定的类型数。"
    figure, axes = new_figure(title, 2.9, note, columns=2)
    for ax, (column, name) in zip(axes, (("stability", "稳定性"), ("separation", "分离度")), strict=True):
        ax.plot(choices["types"], choices[f"null_{column}"], color=MUTED, linestyle="--", linewidth=1.0)
        ax.plot(choices["types"], choices[column], color=MAIN, linewidth=1.2, zorder=1)
        faces = [MAIN if chosen else "white" for chosen in choices["is_chosen"]]
        ax.scatter(choices["types"], choices[column], c=faces, edgecolors=MAIN, s=46, zorder=2)
        ax.set_title(name)
        ax.set_xticks(choices["types"])
        ax.set_xlabel("类型数")
        ax.set_ylim(0, float(choices[[column, f"null_{column}"]].max().max()) * 1.15)
        value_grid(ax, "y")
    return figure
