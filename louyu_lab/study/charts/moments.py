"""Figure of the district's distributions: how its buildings and firms spread, references marked in each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from louyu_lab.analysis.moments_reference import STATISTICS_ZH, measures
from louyu_lab.study.charts.style import (
    MAIN,
    MUTED,
    SMALL,
    WARM,
    chart,
    new_figure,
    no_data,
    percent_ticks,
    plain_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import plain_number

#: Measure -> (divisor and unit it is drawn in, logarithmic axis, what is counted).
PANELS = {
    "gross_area_sqm": (1e4, "万㎡", True, "幢"),
    "occupancy_rate": (1.0, "", False, "幢"),
    "tax_yuan": (1e4, "万元", True, "幢"),
    "firms": (1.0, "户", True, "幢"),
    "area_per_firm_sqm": (1.0, "㎡", True, "幢"),
    "tenure_years": (1.0, "年", False, "户"),
}

#: Fewest and most bars of a histogram.
_BINS = (6, 16)


@chart
def moment_histograms(members: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw a histogram of each measure known, the first reference as a line, one from elsewhere dashed.

    ``members`` comes from ``moments.member_values``. Money, areas and counts stand on logarithmic axes,
    where 0 and less cannot be drawn and are counted in the panel's heading.
    """
    known = [name for name in PANELS if (members["measure"] == name).any()]
    title = f"{year}年楼宇与企业的分布（竖线为参照，虚线为别处参照）"
    if not known:
        return no_data(title)
    rows = -(-len(known) // 2)
    scope = f"参照：{'；'.join(map(_reference_text, known))}。"
    figure, axes = new_figure(title, 2.15 * rows, scope + note, rows, 2, squeeze=False)
    for ax, name in zip(axes.flat, known, strict=False):
        values = members.loc[members["measure"] == name, "value"].to_numpy(dtype="float64")
        _panel(ax, name, values)
    for ax in axes.flat[len(known) :]:
        ax.set_axis_off()
    return figure


def _panel(ax: Axes, name: str, values: np.ndarray) -> None:
    """Draw one histogram with its heading, axis in plain numbers, and the reference."""
    divisor, unit, is_log, counted = PANELS[name]
    drawn = values[values > 0] / divisor if is_log else values / divisor
    references = measures()[name].references
    marked = references[0].value / divisor if references else np.nan
    other = measures()[name].elsewhere
    beside = other.value / divisor if other else np.nan
    heading = f"{measures()[name].zh}{f'（{unit}）' if unit else ''}"
    left_out = len(values) - len(drawn)
    heading += f" 另{left_out}{counted}为0或负" if left_out else ""
    ax.set_title(heading)
    spanned = np.append(drawn, [marked, beside])
    spanned = spanned[np.isfinite(spanned)]
    bins = int(np.clip(2 * np.sqrt(len(drawn)), *_BINS))
    edges = _edges(spanned, bins, is_log, 1.0 if name == "occupancy_rate" else None)
    ax.hist(drawn, edges, color=MAIN, edgecolor="white", linewidth=0.6)
    _scale(ax, name, edges, is_log)
    ax.set_ylabel(counted, rotation=0, ha="right", va="center")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    value_grid(ax, "y")
    # The two labels stand outside of their lines and one lower than the other: no line crosses a label.
    ax.set_ylim(0, ax.get_ylim()[1] * 1.5)
    for at, word, colour, dashes, row in ((marked, "参照", WARM, "-", 0), (beside, "别处", MUTED, "--", 1)):
        if np.isfinite(at):
            text = f"{at * 100:g}%" if name == "occupancy_rate" else plain_number(round(at, 2))
            is_lower = at < (beside if row == 0 else marked) if np.isfinite(beside) else None
            _mark(ax, at, f"{word} {text}", is_log, is_lower, (colour, dashes, row))


def _edges(values: np.ndarray, bins: int, is_log: bool, highest: float | None) -> np.ndarray:
    """Return bin edges that hold every value and the reference; a single value gets room on both sides."""
    low, high = float(values.min()), float(values.max())
    if is_log:
        room = 1.5 if high < 4 * low else 1.1
        return np.geomspace(low / room, high * room, bins + 1)
    # Rates and years begin at a round number.
    low = np.floor(low * 10) / 10 if highest else 0.0
    high = highest if highest and high <= highest else high * 1.001
    return np.linspace(low, max(high, low + 0.1), bins + 1)


def _scale(ax: Axes, name: str, edges: np.ndarray, is_log: bool) -> None:
    if is_log:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(FixedLocator(_decade_ticks(edges[0], edges[-1])))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_major_formatter(lambda value, _: plain_number(value))
    elif name == "occupancy_rate":
        percent_ticks(ax, "x")
    else:
        plain_ticks(ax, "x")
    ax.set_xlim(edges[0], edges[-1])
    # Keeps the first label of the axis clear of the 0 in its corner.
    ax.tick_params(axis="x", pad=6)


def _decade_ticks(low: float, high: float) -> list[float]:
    """Return round numbers between the ends: 1, 2, 5 of each decade, or the decades alone where many."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{step}e{decade}") for decade in decades for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= 5:
            return ticks
    return ticks[:: -(-len(ticks) // 5)]


def _mark(
    ax: Axes, at: float, text: str, is_log: bool, is_lower: bool | None, look: tuple[str, str, int]
) -> None:
    """Draw a reference as a thin line, its number beside it above the bars.

    ``look`` is colour, dashes and how many lines down the number stands; it stands left of the lower
    of two references (``is_lower``), right of the other, and always inside the panel.
    """
    colour, dashes, row = look
    ax.axvline(at, color=colour, linewidth=1.4, linestyle=dashes)
    low, high, place = np.log([*ax.get_xlim(), at]) if is_log else (*ax.get_xlim(), at)
    along = (place - low) / (high - low)
    is_right = along > 0.55 if is_lower is None else along > 0.75 or (is_lower and along > 0.25)
    ax.annotate(
        text,
        (at, 1.0),
        (-4 if is_right else 4, -2 - 14 * row),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="right" if is_right else "left",
        va="top",
        size=SMALL,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )


def _reference_text(name: str) -> str:
    reference = measures()[name].references[0]
    kind = "" if reference.statistic == "pooled" else STATISTICS_ZH[reference.statistic]
    return f"{measures()[name].zh}，{reference.place}{kind}"
