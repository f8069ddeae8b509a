"""Figures of concentration: buildings and industries beside what chance gives, and who shares a building."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from louyu_lab.study.charts.dots import ROW, difference_axis, name_rows
from louyu_lab.study.charts.placing import label_points
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    OTHER,
    PALE,
    SEQUENCE,
    SMALL,
    WARM,
    WIDTH,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    settle,
)
from louyu_lab.study.charts.text import balance, em, shorten

#: Inches of the panel's width left for buildings, beside the names of industries.
_ROOM = WIDTH - 1.3

#: Inches a printed character takes.
_EM = 0.16


@chart
def building_mix_map(concentration: pd.DataFrame, year: int) -> Figure:
    """Draw the mix of every building as a heat map, from the 区位商 rows of table ``concentration``.

    Industries down, most firms first; buildings across, those of one dominant industry together and the
    purest first. The shade is the share of the building's firms; a dot marks an industry that is there
    more often than chance allows for.
    """
    title = f"{year}年各楼宇的行业构成（按企业数）"
    rows = concentration[(concentration["level"] == "building") & (concentration["index"] == "区位商")]
    if not len(rows):
        return no_data(title, "没有可比的楼宇")
    firms = rows.pivot(index="industry", columns="id", values="n").astype("float64")
    firms = firms.loc[firms.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    shares = firms / firms.sum()
    dominant, purity = shares.to_numpy().argmax(axis=0), shares.max()
    order = pd.DataFrame({"dominant": dominant, "purity": -purity.to_numpy()}, index=shares.columns)
    order["buildings"] = -order.groupby("dominant")["dominant"].transform("size")
    order = order.sort_values(["buildings", "dominant", "purity"], kind="stable")
    shares = shares[order.index]
    marked = rows.pivot(index="industry", columns="id", values="is_above_chance")
    marked = marked.reindex(index=shares.index, columns=shares.columns).fillna(False).astype(bool)
    note = (
        "口径：每列一幢楼，颜色越深，该行业占本楼企业数越多（最深为100%）；圆点为明显多于随机（多重比较校正后5%）。"
        "同一首位行业的楼宇排在一起，未识别行业的企业不计。"
    )
    groups = _groups([str(shares.index[place]) for place in order["dominant"]])
    narrow = [f"{g[0]}{g[2] - g[1]}幢" for g in groups if not _has_room(*g, len(order))]
    note += f"未标名的各段从左到右为{'、'.join(narrow)}。" if narrow else ""
    figure, ax = new_figure(title, 0.9 + 0.29 * len(shares), note)
    ax.imshow(colormaps[SEQUENCE](0.03 + 0.92 * shares.to_numpy()), aspect="auto")
    down, across = np.nonzero(marked.to_numpy())
    tones = np.where(shares.to_numpy()[down, across] > 0.5, "white", INK)
    ax.scatter(across, down, s=min(16.0, 900 / len(shares.columns)), c=tones, linewidths=0)
    _name_groups(ax, groups, len(order))
    ax.set_yticks(range(len(shares)), [shorten(str(name), 6) for name in shares.index])
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    return figure


def _groups(names: list[str]) -> list[tuple[str, int, int]]:
    """Return runs of equal neighbours: name, first place, place after the last."""
    starts = [at for at in range(len(names)) if at == 0 or names[at] != names[at - 1]]
    return [(names[a], a, b) for a, b in zip(starts, [*starts[1:], len(names)], strict=True)]


def _has_room(name: str, start: int, end: int, columns: int) -> bool:
    """Whether a group's name fits over its columns."""
    return max(em(shorten(name, 5)), 3.0) * _EM < (end - start) * _ROOM / columns


def _name_groups(ax: Axes, groups: list[tuple[str, int, int]], columns: int) -> None:
    """Part groups of neighbouring columns by a line and name over each that has the room how many it is."""
    for name, start, end in groups:
        if start:
            ax.axvline(start - 0.5, color=MUTED, linewidth=0.9)
        if _has_room(name, start, end, columns):
            place = ((start + end - 1) / 2, 1.01)
            text = f"{shorten(name, 5)}\n{end - start}幢"
            ax.text(*place, text, transform=ax.get_xaxis_transform(), ha="center", va="bottom", size=SMALL)


@chart
def agglomeration_dots(concentration: pd.DataFrame, year: int, measure: str = "企业数") -> Figure:
    """Draw Ellison–Glaeser's γ of every industry beside chance's 5–95 %, from table ``concentration``.

    Most gathered first. Blue is more than chance (adjusted), grey is not, hollow are industries of few
    enterprises.
    """
    title = f"{year}年各行业在楼宇间的集聚程度（EG指数，按{measure}）"
    rows = concentration[(concentration["index"] == "EG指数") & (concentration["measure"] == measure)]
    rows = rows.dropna(subset=["value"]).sort_values(["value", "industry"], ascending=[False, True])
    if not len(rows):
        return no_data(title, "没有可比的行业")
    note = (
        "口径：EG指数扣除了楼宇大小和企业大小的影响，0为随机分布，越大越扎堆；灰条为随机范围（5%—95%）。"
        "空心为企业不足10家。"
    )
    figure, ax = new_figure(title, 0.8 + ROW * len(rows), note)
    at = np.arange(len(rows))
    low, high = (rows[name].to_numpy(dtype="float64") for name in ("lo", "hi"))
    band = ax.hlines(at, low, high, color=OTHER, linewidth=7, alpha=0.6)
    value, small = rows["value"].to_numpy(dtype="float64"), rows["is_small"].to_numpy(dtype=bool)
    above = rows["is_above_chance"].to_numpy(dtype=bool)
    kinds = (("明显高于随机", above, MAIN), ("未明显高于随机", ~above, INK))
    keys, names = [], []
    for name, own, colour in kinds:
        if own.any():
            fills = ["white" if hollow else colour for hollow in small[own]]
            keys.append(ax.scatter(value[own], at[own], 40, c=fills, edgecolors=colour, zorder=3))
            names.append(name)
    legend_above(ax, [*keys, band], [*names, "随机范围"])
    name_rows(ax, at.tolist(), [shorten(name, 9) for name in rows["industry"]])
    difference_axis(ax)
    return figure


@chart
def coagglomeration_map(pairs: pd.DataFrame, year: int) -> Figure:
    """Draw which industries share buildings more or less often than by chance, from ``coagglomeration``.

    Industries that sit together stand together. Shaded are only pairs beyond chance, by their γᶜ.
    """
    title = f"{year}年哪些行业同楼、哪些行业分楼（按企业数）"
    known = pairs.dropna(subset=["value", "expected"])
    if not len(known):
        return no_data(title, "不足两个行业或两幢楼")
    excess = (known["value"] - known["expected"]).astype("float64")
    first, second = known["industry"], known["other_industry"]
    names = list(dict.fromkeys([*first, *second]))
    table = pd.Series(excess.to_numpy(), index=pd.MultiIndex.from_arrays([first, second])).unstack()
    table = table.reindex(index=names, columns=names)
    table = table.fillna(table.T)
    names = _neighbours(table)
    finding = pd.Series(known["finding"].to_numpy(), index=pd.MultiIndex.from_arrays([first, second]))
    finding = finding.unstack().reindex(index=table.index, columns=table.columns)
    finding = finding.fillna(finding.T).reindex(index=names, columns=names)
    size = np.abs(table.reindex(index=names, columns=names).to_numpy())
    # Square roots keep the weaker pairs visible beside the strongest.
    shade = 0.25 + 0.7 * np.sqrt(size / max(float(np.nanmax(size)), 1e-12))
    note = "口径：同楼指数 γ 与随机期望之差，颜色越深差得越多；多重比较校正后5%以内才着色。"
    figure, ax = new_figure(title, 1.5 + 0.3 * len(names), note)
    colours = np.tile(np.array(to_rgba(PALE)), (*size.shape, 1))
    for what, colour in (("多于随机", WARM), ("少于随机", MAIN)):
        own = (finding == what).to_numpy()
        tint, depth = np.array(to_rgba(colour)), shade[own][:, None]
        colours[own] = np.hstack([1 - depth * (1 - tint[:3]), np.ones((len(depth), 1))])
    colours[np.eye(len(names), dtype=bool)] = 1.0
    ax.imshow(colours, aspect="auto")
    ax.set_xticks(np.arange(1, len(names)) - 0.5, minor=True)
    ax.set_yticks(np.arange(1, len(names)) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=1.2)
    ax.tick_params(which="minor", length=0)
    ax.set_xticks(range(len(names)), [balance(name, 2.2, 3) for name in names])
    ax.set_yticks(range(len(names)), [shorten(name, 6) for name in names])
    ax.spines[:].set_visible(False)
    tones = {"同楼多于随机": WARM, "同楼少于随机": MAIN, "与随机无异": PALE}
    legend_above(ax, [Patch(color=tone) for tone in tones.values()], list(tones))
    return figure


def _neighbours(excess: pd.DataFrame) -> list[str]:
    """Return the industries so that those with like company are next to each other."""
    if len(excess) < 3:
        return excess.index.tolist()
    rank = excess.stack().rank().unstack().reindex_like(excess)
    apart = (rank.max().max() - rank).to_numpy(copy=True)
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(np.nan_to_num(apart), checks=False), "average", optimal_ordering=True)
    return [excess.index[place] for place in leaves_list(tree)]


@chart
def concentration_scatter(concentration: pd.DataFrame, year: int, labels: int = 8) -> Figure:
    """Draw each building's 行业集聚度 against what chance gives, from table ``industry_concentration``.

    Above the dashed line a building is more specialised than chance gives on average; coloured ones
    are more than chance (adjusted), small samples are hollow. Those furthest above the line are named.
    """
    title = f"{year}年楼宇行业集聚度与随机期望（按企业数）"
    rows = _by_excess(concentration)
    if not len(rows):
        return no_data(title, "没有可比的楼宇")
    scope = (
        "口径：集聚度 = 首位行业企业数占比；随机期望为企业随机入驻时的首位占比，虚线以上更集聚；"
        "“明显”为多重比较校正后5%以内。"
    )
    figure, ax = new_figure(title, 4.9, scope)
    x, y = rows["expected_rate"].to_numpy(), rows["share_industry_firms"].to_numpy()
    reach = [min(0.2, x.min(), y.min()), 1.0]
    ax.plot(reach, reach, color=MUTED, linestyle="--", linewidth=1.2)
    _concentration_marks(ax, x, y, rows)
    ax.set(xlabel="随机期望", ylabel="集聚度", ylim=(None, 1.04), xlim=(x.min() - 0.03, x.max() + 0.03))
    percent_ticks(ax, "x")
    percent_ticks(ax, "y")
    ax.grid(True)
    settle(figure)
    above = rows[~rows["is_small"] & (rows["excess"] > 0)].head(labels)
    names = above["building"].fillna(above["building_id"])
    label_points(ax, x, y, [shorten(name, 9) for name in names])
    return figure


def _concentration_marks(ax: Axes, x: np.ndarray, y: np.ndarray, rows: pd.DataFrame) -> None:
    """Draw the buildings by what can be said of them; only kinds that occur are in the legend."""
    small, above = rows["is_small"].to_numpy(), rows["is_above_chance"].to_numpy()
    kinds = (
        ("明显高于随机", above & ~small, {"color": MAIN, "alpha": 0.8}),
        ("未明显高于随机", ~above & ~small, {"color": OTHER}),
        ("样本不足", small, {"facecolors": "none", "edgecolors": MUTED}),
    )
    kept = [(name, own, look) for name, own, look in kinds if own.any()]
    keys = [ax.scatter(x[own], y[own], 42, **look) for _, own, look in kept]
    legend_above(ax, keys, [name for name, _, _ in kept])


def _by_excess(concentration: pd.DataFrame) -> pd.DataFrame:
    """Return the buildings with both rates and their ``excess`` over chance, largest first, small last."""
    rows = concentration.dropna(subset=["expected_rate", "share_industry_firms"])
    rows = rows.astype({"expected_rate": "float64", "share_industry_firms": "float64"})
    rows = rows.assign(
        is_small=rows["is_small"].astype("boolean").fillna(False).astype(bool),
        is_above_chance=rows["is_above_chance"].astype("boolean").fillna(False).astype(bool),
        excess=rows["share_industry_firms"] - rows["expected_rate"],
    )
    return rows.sort_values(["is_small", "excess", "building_id"], ascending=[True, False, True])
