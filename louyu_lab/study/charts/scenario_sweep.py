"""Figure of a swept lever: what each value of it brings, and how likely the target is with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.charts.scenario_paths import indicator_scale
from louyu_lab.study.charts.style import MAIN, SMALL, WARM, chart, new_figure, no_data, value_grid
from louyu_lab.study.charts.text import plain_number, shorten

#: Indicators drawn at most, one above the other.
MOST_PANELS = 4


@chart
def sweep_lines(sweep: pd.DataFrame, note: str = "") -> Figure:
    """Draw median and 80 % interval of each indicator along the swept lever, the chance of its target above.

    ``sweep`` are the rows of one scenario of table ``scenario_sweep``. Of an indicator's years the last is
    drawn; indicators that the lever does not move are left out, those it moves most come first.
    """
    if not len(sweep):
        return no_data("杠杆扫描", "没有情景写了 sweep（扫描）")
    title = f"{shorten(sweep['scenario'].iloc[0], 14)}：扫描“{sweep['title'].iloc[0]}”"
    last = sweep[sweep["year"] == sweep.groupby("indicator")["year"].transform("max")]
    codes = moved(last)
    if not codes:
        return no_data(title, "这个杠杆不改变有目标的指标")
    drawn, left = codes[:MOST_PANELS], max(len(codes) - MOST_PANELS, 0)
    has_target = last.loc[last["indicator"].isin(drawn), "target"].notna().any()
    scope = "口径：点为中位数，竖线为80%区间"
    scope += "；红虚线为目标，上方为达到目标的可能性。" if has_target else "。"
    scope += f"另有{left}个指标未画出，见表。" if left else ""
    figure, axes = new_figure(
        title, 1.75 * len(drawn) + 0.4, scope + note, rows=len(drawn), sharex=True, squeeze=False
    )
    for ax, code in zip(axes[:, 0], drawn, strict=True):
        _panel(ax, last[last["indicator"] == code].sort_values("lever_value"), code)
    own = last[last["indicator"] == drawn[0]].sort_values("lever_value")
    most = 9
    step = -(-len(own) // most)
    axes[-1, 0].set_xticks(range(0, len(own), step), [shorten(text, 6) for text in own["setting"]][::step])
    axes[-1, 0].set_xlim(-0.6, len(own) - 0.4)
    return figure


def moved(last: pd.DataFrame) -> list[str]:
    """Return the indicators that the lever moves, those whose chance it moves most first."""
    by = last.groupby("indicator", sort=False)
    reach = by["median"].max() - by["median"].min()
    size = last["median"].abs().groupby(last["indicator"], sort=False).max()
    chances = (by["p_reached"].max() - by["p_reached"].min()).fillna(-1.0)
    is_moved = (reach > 1e-9 * size) | (chances > 0)
    return chances[is_moved].sort_values(ascending=False, kind="stable").index.tolist()


def _panel(ax: Axes, rows: pd.DataFrame, code: str) -> None:
    scale = indicator_scale(code, rows["hi80"].tolist())
    at = np.arange(len(rows))
    low, middle, high = (
        rows[name].to_numpy("float64") / scale.divisor for name in ("lo80", "median", "hi80")
    )
    ax.vlines(at, low, high, color=MAIN, linewidth=5, alpha=0.35)
    ax.plot(at, middle, "o-", color=MAIN, linewidth=1.4, markersize=6)
    target = float(rows["target"].iloc[0])
    if np.isfinite(target):
        ax.axhline(target / scale.divisor, color=WARM, linewidth=1.4, linestyle="--", zorder=1)
        step = -(-len(rows) // 9)
        for place, p in zip(at[::step], rows["p_reached"].to_numpy("float64")[::step], strict=True):
            xy = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "top"}
            ax.annotate(_short(p), (place, 1.0), size=SMALL, **xy)
    ax.set_title(f"{int(rows['year'].iloc[0])}年{rows['name_zh'].iloc[0]}（{scale.unit}）", size=SMALL)
    ax.margins(y=0.1)
    low_edge, high_edge = ax.get_ylim()
    # Chances stand above everything that is drawn.
    ax.set_ylim(low_edge, high_edge + 0.24 * (high_edge - low_edge))
    ax.locator_params(axis="y", nbins=4)
    ax.yaxis.set_major_formatter(lambda value, _: plain_number(round(value, 6)))
    value_grid(ax, "y")


def _short(p: float) -> str:
    """Return a chance as it fits above a point."""
    return chance_text(p, 0).replace("不足", "<").replace("超过", ">") if np.isfinite(p) else ""
