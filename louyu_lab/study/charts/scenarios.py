"""Figure of the scenarios: tax and occupancy by year, the baseline and each scenario."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.study.charts.style import (
    INK,
    category_colours,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    plain_ticks,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import money_scale, shorten

BASELINE = "基准"

#: Marks of the scenarios in turn, so that colour is not needed to tell them apart.
_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")

_SHOWN = {"tax_yuan": "楼宇税收", "occupancy_rate": "入驻率"}


@chart
def scenario_paths(scenarios: pd.DataFrame, note: str = "") -> Figure:
    """Draw tax and occupancy by year from table ``scenarios``: the baseline dashed, each scenario a line.

    A panel whose indicator the table lacks is left out. At most as many scenarios are drawn as there
    are marks, in the table's order.
    """
    shown = [code for code in _SHOWN if (scenarios["indicator"] == code).any()]
    if not shown:
        return no_data("各情景的楼宇税收与入驻率", "没有税收和入驻数据")
    names = list(dict.fromkeys(scenarios["scenario"]))
    drawn, rest = names[: len(_MARKS)], len(names) - len(_MARKS)
    scope = "口径：入驻率 = 入驻面积 ÷ 可租售面积，年末；税收为全口径。基准只是比较的起点。"
    scope += f"另有{rest}个情景未画出，见表。" if rest > 0 else ""
    first, last = int(scenarios["year"].min()), int(scenarios["year"].max())
    title = f"{first}—{last}年各情景的{'与'.join(_SHOWN[code] for code in shown)}"
    height = 0.6 + 2.4 * len(shown) + 0.25 * len(drawn)
    figure, axes = new_figure(title, height, scope + note, rows=len(shown), sharex=True, squeeze=False)
    for ax, code in zip(axes[:, 0], shown, strict=True):
        keys = _panel(ax, scenarios[scenarios["indicator"] == code], code, drawn)
        year_ticks(ax, range(first, last + 1))
    # One name a line: titles of scenarios are whole phrases.
    legend_above(axes[0, 0], keys, [shorten(name, 30) for name in [BASELINE, *drawn]], room=1.0)
    return figure


def _panel(ax: Axes, rows: pd.DataFrame, code: str, drawn: list[str]) -> list[Any]:
    """Draw the lines of one indicator; return their keys, the baseline's first."""
    scale = money_scale(rows["value"]) if code == "tax_yuan" else None
    divisor = scale.divisor if scale else 1.0
    base = rows.drop_duplicates("year").sort_values("year")
    (key,) = ax.plot(
        base["year"], base["baseline"] / divisor, color=INK, linewidth=2.2, linestyle="--", zorder=2
    )
    keys, colours = [key], category_colours(drawn)
    for name, mark in zip(drawn, _MARKS, strict=False):
        own = rows[rows["scenario"] == name].sort_values("year")
        (line,) = ax.plot(
            own["year"],
            own["value"] / divisor,
            color=colours[name],
            marker=mark,
            ms=6,
            linewidth=1.6,
            zorder=3,
        )
        keys.append(line)
    ax.set_ylabel(f"{_SHOWN[code]}（{scale.unit}）" if scale else _SHOWN[code])
    (plain_ticks if scale else percent_ticks)(ax, "y")
    value_grid(ax, "y")
    return keys
