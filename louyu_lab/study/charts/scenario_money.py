"""Figure of a scenario's money: what it costs and what tax it brings, added up year after year."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.scenarios.answers.money import Money
from louyu_lab.analysis.scenarios.answers.spread import quantiles
from louyu_lab.study.charts.style import (
    INK,
    MUTED,
    SMALL,
    TAX,
    chart,
    legend_above,
    new_figure,
    no_data,
    plain_ticks,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import Scale, money_scale, plain_number, shorten


@chart
def money_courses(money: Money, note: str = "") -> Figure:
    """Draw cost and additional local tax, both added up from the first year on, with their 80 % intervals.

    Where the local share is unknown the whole additional tax is drawn and said so. The upright line is the
    year in which the money has come back.
    """
    title = f"{shorten(money.title, 18)}：花费与新增"
    is_local = bool(np.isfinite(money.local_yuan).all())
    gain = money.local_yuan if is_local else money.additional_yuan
    what = "地方税收" if is_local else "全口径税收"
    if not (money.cost_yuan.any() or gain.any()):
        return no_data(f"{title}{what}", "既不花钱，也没有新增税收")
    totals = {"cost": np.cumsum(money.cost_yuan, axis=1), "gain": np.cumsum(gain, axis=1)}
    spans = {name: quantiles(values) for name, values in totals.items()}
    reach = [*spans["cost"]["hi80"], *spans["gain"]["hi80"], *spans["gain"]["lo80"]]
    scale = money_scale(reach)
    scope = "口径：从推演第一年起逐年累计，未贴现；线为平均数，色带为80%区间。"
    scope += "" if is_local else "区级留存比例不明，画的是全口径税收，不能直接与花费相比。"
    paid = money.payback.year if is_local else None
    scope += f"竖线：{paid}年起收回花费。" if paid else ""
    figure, ax = new_figure(f"{title}{what}（累计，{scale.unit}）", 3.3, scope + note)
    looks = {"cost": (INK, "s", "--", "累计花费"), "gain": (TAX, "o", "-", f"累计新增{what}")}
    keys, labels = [], []
    ends = {}
    for name, (colour, marker, line, label) in looks.items():
        if not totals[name].any():
            continue
        lo, hi = (spans[name][side] / scale.divisor for side in ("lo80", "hi80"))
        if (hi > lo).any():
            # A single year has no band to fill: its interval is a bar.
            ax.vlines(money.years[-1], lo[-1], hi[-1], color=colour, linewidth=4, alpha=0.3)
            alpha = 0.15 if name == "cost" else 0.3
            ax.fill_between(money.years, lo, hi, color=colour, alpha=alpha, linewidth=0)
        middle = totals[name].mean(axis=0)
        look = {"color": colour, "marker": marker, "linestyle": line, "linewidth": 2.0, "markersize": 5}
        keys += ax.plot(money.years, middle / scale.divisor, **look)
        labels.append(label)
        ends[name] = float(middle[-1])
    _print_ends(ax, ends, money.years[-1], scale)
    if paid:
        ax.axvline(paid, color=MUTED, linewidth=1.1, linestyle=":")
    ax.axhline(0, color=MUTED, linewidth=0.8)
    legend_above(ax, keys, labels)
    year_ticks(ax, money.years)
    ax.margins(y=0.14)
    plain_ticks(ax, "y")
    ax.yaxis.set_major_formatter(lambda value, _: plain_number(round(value, 6)))
    value_grid(ax, "y")
    return figure


def _print_ends(ax: Axes, ends: dict[str, float], year: int, scale: Scale) -> None:
    """Print both last values right of their points, the higher one above."""
    higher = max(ends, key=lambda name: ends[name])
    for name, value in ends.items():
        place = {"textcoords": "offset points", "size": SMALL, "va": "bottom" if name == higher else "top"}
        ax.annotate(scale.number(value), (year, value / scale.divisor), (6, 0), **place)
