"""Figures of simulated courses: a fan for every scenario, and where many of them end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.scenarios.simulation import BASELINE_ZH as BASELINE
from louyu_lab.study.charts.dots import ROW, name_rows
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    OTHER,
    SMALL,
    chart,
    legend_above,
    new_figure,
    no_data,
    plain_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import (
    RATE,
    Scale,
    area_scale,
    balance,
    money_scale,
    plain_number,
    plain_scale,
)

#: Scenarios that get a panel of their own, two a row; of more only the last year is drawn.
MOST_PANELS, _COLUMNS = 4, 2

#: Levels of the intervals with the paleness of their bands.
_BANDS = ((95, 0.18), (80, 0.32))

#: Inches that a legend over several panels takes.
_LEGEND = 0.26

_ENDS = ("median", "lo80", "hi80", "lo95", "hi95")

#: What is meant where the catalogue's definition is not enough.
_SCOPES = {"tax_yuan": "以后各年为经常性税收，不含一次性。"}


def indicator_scale(code: str, values: Sequence[float]) -> Scale:
    """Return the print unit of an indicator's values, large enough for all of them."""
    unit = indicator_catalogue()[code].unit
    if unit == "比例":
        return RATE
    kinds = {"元": money_scale, "㎡": area_scale}
    return kinds[unit](values) if unit in kinds else plain_scale(values, unit)


def names_of(paths: pd.DataFrame) -> list[str]:
    """Return the scenarios of a long table in its order, without the baseline."""
    return [name for name in dict.fromkeys(paths["scenario"]) if name != BASELINE]


@chart
def scenario_fans(
    paths: pd.DataFrame, history: pd.DataFrame, indicator: str = "tax_yuan", note: str = ""
) -> Figure:
    """Draw the fan of one indicator, a panel a scenario with the baseline behind it in grey.

    ``paths`` has ``scenario, indicator, year, median, lo80, hi80, lo95, hi95``, the rows of ``BASELINE``
    among them; without any other scenario the baseline is drawn alone. ``history`` is table ``indicators``:
    years before the base year are drawn as they were. Of more than ``MOST_PANELS`` scenarios those are drawn
    that end furthest from the baseline.
    """
    name = indicator_catalogue()[indicator].zh
    rows = paths[(paths["indicator"] == indicator) & paths["median"].notna()]
    if not len(rows):
        return no_data(f"各情景的{name}", f"没有{name}数据")
    names, first = names_of(rows), int(rows["year"].min())
    drawn = _furthest(rows, names) or [BASELINE]
    shown = rows[rows["scenario"].isin([BASELINE, *drawn])]
    is_past = (history["indicator"] == indicator) & (history["year"] < first) & history["value"].notna()
    past = history[is_past].sort_values("year")
    scale = indicator_scale(indicator, [*shown["hi95"], *past["value"]])
    years = sorted({*past["year"].astype(int), *shown["year"].astype(int)})
    columns = min(_COLUMNS, len(drawn))
    height = 3.4 if len(drawn) == 1 else 2.15 * -(-len(drawn) // columns) + 0.5
    scope = f"口径：{_SCOPES.get(indicator, '')}线为各次模拟的中位数，灰色为基准及其80%区间。"
    left = len(names) - len(drawn)
    scope += f"只画与基准相差最大的{MOST_PANELS}个，另有{left}个情景未画出。" if left > 0 else ""
    figure, axes = new_figure(
        f"到{years[-1]}年的{name}（{scale.unit}）",
        height,
        scope + note,
        -(-len(drawn) // columns),
        columns,
        sharey=True,
        squeeze=False,
    )
    base = _course(rows, BASELINE)
    for ax, scenario in zip(axes.flat, drawn, strict=False):
        keys, labels = _panel(ax, past, base, _course(rows, scenario), scale)
        _few_years(ax, years, 9 if columns == 1 else 5)
        plain_ticks(ax, "y")
        ax.yaxis.set_major_formatter(lambda value, _: plain_number(round(value, 6)))
        value_grid(ax, "y")
    for ax in axes.flat[len(drawn) :]:
        ax.set_axis_off()
    if len(drawn) > 1:
        _name_panels(axes.flat[: len(drawn)], columns, drawn, keys, labels)
    else:
        legend_above(axes[0, 0], keys, labels)
    return figure


def _furthest(rows: pd.DataFrame, names: list[str]) -> list[str]:
    """Return the scenarios to draw in the order given: where there are too many, the furthest ones."""
    last = rows[rows["year"] == rows["year"].max()].set_index("scenario")["median"]
    apart = (last.reindex(names) - last.get(BASELINE, 0.0)).abs().sort_values(ascending=False, kind="stable")
    chosen = set(apart.index[:MOST_PANELS])
    return [name for name in names if name in chosen]


def _course(rows: pd.DataFrame, scenario: str) -> pd.DataFrame:
    return rows[rows["scenario"] == scenario].sort_values("year")


def _panel(
    ax: Axes, past: pd.DataFrame, base: pd.DataFrame, own: pd.DataFrame, scale: Scale
) -> tuple[list, list[str]]:
    """Draw what was, the baseline behind and the scenario's own fan before it; legend keys and labels."""
    keys, labels = [], []
    is_other = bool(len(own)) and own["scenario"].iloc[0] != BASELINE
    before = [*zip(past["year"], past["value"], strict=True)]
    before += [(row.year, row.median) for row in own.head(1).itertuples()]
    years, values = zip(*before, strict=True)
    look = {"linewidth": 2.0, "marker": "o", "markersize": 4}
    keys += ax.plot(years, np.asarray(values, dtype="float64") / scale.divisor, color=INK, zorder=4, **look)
    labels.append("实际")
    if is_other and len(base):
        lo, hi, middle = (base[name].astype("float64") / scale.divisor for name in ("lo80", "hi80", "median"))
        ax.fill_between(base["year"], lo, hi, color=OTHER, alpha=0.45, linewidth=0)
        # The scenario's own band covers the grey; its edges stay seen.
        for edge in (lo, hi):
            ax.plot(base["year"], edge, color=MUTED, linewidth=0.9, zorder=3)
        keys += ax.plot(base["year"], middle, color=MUTED, linewidth=1.8, linestyle=":", zorder=3)
        labels.append(BASELINE)
    for level, alpha in _BANDS:
        lo, hi = (own[f"{side}{level}"].astype("float64") / scale.divisor for side in ("lo", "hi"))
        band = ax.fill_between(own["year"], lo, hi, color=MAIN, alpha=alpha, linewidth=0)
        keys.append(band)
        labels.append(f"{level}%区间")
    middle = own["median"].astype("float64") / scale.divisor
    line = ax.plot(own["year"], middle, color=MAIN, linestyle="--", zorder=3, **look)
    ends = own.iloc[-1]
    place = (int(ends["year"]), ends["median"] / scale.divisor)
    ax.annotate(
        scale.number(ends["median"]), place, (0, 8), textcoords="offset points", ha="center", size=SMALL
    )
    keys[1:1], labels[1:1] = line, ["情景" if is_other else BASELINE]
    ax.margins(y=0.14)
    return keys, labels


def _name_panels(axes: Sequence[Axes], columns: int, names: Sequence[str], keys: list, labels: list) -> None:
    """Put each scenario's name over its panel, and one legend over the names of the first row."""
    titles = [balance(name, 15, 2) for name in names]
    lines = 1 + max(title.count("\n") for title in titles[:columns])
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, size=SMALL)
    look = {"handlelength": 1.2, "handletextpad": 0.5, "columnspacing": 1.4, "borderpad": 0.0}
    above = ScaledTranslation(0.0, (8 + 1.35 * SMALL * lines) / 72, axes[0].figure.dpi_scale_trans)
    place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "borderaxespad": 0.0}
    transform = axes[0].transAxes + above
    legend = axes[0].legend(keys, labels, ncols=len(labels), bbox_transform=transform, **place, **look)
    # It reaches over several panels, so that the layout must not fit it into one; its room is kept instead.
    legend.set_in_layout(False)
    figure = axes[0].figure
    figure.get_layout_engine().set(rect=(0.0, 0.0, 1.0, 1.0 - _LEGEND / figure.get_figheight()))


def _few_years(ax: Axes, years: Sequence[int], most: int) -> None:
    step = -(-len(years) // most)
    ax.set_xticks(years[::-1][::step][::-1])
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)


@chart
def scenario_ends(paths: pd.DataFrame, indicator: str = "tax_yuan", most: int = 20, note: str = "") -> Figure:
    """Draw the last year's value of every scenario with its intervals, the highest on top.

    The upright line and grey band are the baseline's median and 80 % interval; of more than ``most``
    scenarios those in the middle are left out.
    """
    name = indicator_catalogue()[indicator].zh
    rows = paths[(paths["indicator"] == indicator) & paths["median"].notna()]
    if not len(rows):
        return no_data(f"各情景的{name}", f"没有{name}数据")
    year = int(rows["year"].max())
    last = rows[rows["year"] == year]
    own = last[last["scenario"] != BASELINE].sort_values("median", ascending=False, kind="stable")
    left = max(len(own) - most, 0)
    if left:
        own = pd.concat([own.head(most // 2), own.tail(most - most // 2)])
    shown = pd.concat([own, last[last["scenario"] == BASELINE]])
    shown = shown.sort_values("median", ascending=False, kind="stable").reset_index(drop=True)
    scale = indicator_scale(indicator, shown["hi95"].tolist())
    scope = f"口径：{_SCOPES.get(indicator, '')}点为中位数，粗线为80%区间，细线为95%区间；竖线和灰带为基准。"
    scope += f"居中的{left}个情景未画出。" if left else ""
    labels = [balance(scenario, 13, 2) for scenario in shown["scenario"]]
    height = 0.7 + sum(ROW + 0.2 * label.count("\n") for label in labels)
    figure, ax = new_figure(f"{year}年各情景的{name}（{scale.unit}）", height, scope + note)
    _ends(ax, shown, scale)
    name_rows(ax, list(range(len(shown))), labels)
    plain_ticks(ax, "x")
    ax.margins(x=0.06)
    value_grid(ax, "x")
    ax.spines["left"].set_visible(False)
    return figure


def _ends(ax: Axes, shown: pd.DataFrame, scale: Scale) -> None:
    """Draw a dot with two intervals and its number a row; the baseline's band behind all rows."""
    at = np.arange(len(shown))
    values = {name: shown[name].to_numpy("float64") / scale.divisor for name in _ENDS}
    is_base = (shown["scenario"] == BASELINE).to_numpy()
    colours = np.where(is_base, MUTED, MAIN)
    for row in np.flatnonzero(is_base):
        ax.axvspan(values["lo80"][row], values["hi80"][row], color=OTHER, alpha=0.3, linewidth=0, zorder=0)
        ax.axvline(values["median"][row], color=MUTED, linewidth=1.2, linestyle=":", zorder=1)
    ax.hlines(at, values["lo95"], values["hi95"], color=colours, linewidth=1.2)
    ax.hlines(at, values["lo80"], values["hi80"], color=colours, linewidth=4.5, alpha=0.55)
    ax.scatter(values["median"], at, 42, color=colours, zorder=3)
    for row, value in enumerate(shown["median"]):
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
        ax.annotate(scale.number(value), (1.0, row), (6, 0), size=SMALL, **place)
