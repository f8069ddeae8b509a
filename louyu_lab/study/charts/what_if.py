"""The small fan beside the sliders: drawn anew at every move, so quick, and legible at a phone's width."""

from __future__ import annotations

from io import BytesIO

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.study.charts.scenario_paths import indicator_scale
from louyu_lab.study.charts.style import MAIN, MUTED, OTHER, STYLE, plain_ticks, value_grid
from louyu_lab.study.charts.text import plain_number
from louyu_lab.study.fonts import use_chinese_font

#: Inches, and dots per inch: as wide as a phone, sharp on its screen.
_SIZE, _DPI = (3.6, 2.5), 180

#: Where the panel lies, fixed so that nothing is laid out anew.
_PLACE = (0.14, 0.12, 0.83, 0.68)

#: Years before the base year that are drawn.
_PAST_YEARS = 5


def fan(code: str, past: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> bytes:
    """Return the PNG of an indicator's course: what was, the baseline in grey, what the sliders say on it.

    ``past`` is table ``indicators``; ``before`` and ``after`` are ``Outcome.paths`` of the two. Bands are
    80 % intervals.
    """
    base, own = (rows[rows["indicator"] == code] for rows in (before, after))
    first = int(base["year"].min())
    is_past = (past["indicator"] == code) & past["year"].between(first - _PAST_YEARS, first)
    history = past[is_past & past["value"].notna()].sort_values("year")
    scale = indicator_scale(code, [*base["hi80"], *own["hi80"], *history["value"]])
    with rc_context(STYLE):
        use_chinese_font()
        figure = Figure(figsize=_SIZE)
        FigureCanvasAgg(figure)
        ax = figure.add_axes(_PLACE)
        if len(history):
            ax.plot(history["year"], history["value"] / scale.divisor, color=MUTED, linewidth=1.4)
        _course(ax, base, scale.divisor, OTHER, "基准", style="--", paleness=0.45)
        _course(ax, own, scale.divisor, MAIN, "滑杆", style="-", paleness=0.3)
        years = [*history["year"].astype(int), *base["year"].astype(int)]
        ax.set_xticks([min(years), first, max(years)] if min(years) < first else [first, max(years)])
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        plain_ticks(ax, "y")
        ax.yaxis.set_major_formatter(lambda value, _: plain_number(round(value, 6)))
        ax.margins(x=0.04, y=0.08)
        value_grid(ax, "y")
        figure.text(0.02, 0.94, f"{indicator_catalogue()[code].zh}（{scale.unit}）", va="center")
        place = {"loc": "lower left", "bbox_to_anchor": (-0.02, 0.98), "borderaxespad": 0.0}
        ax.legend(**place, ncols=2, handlelength=1.4, handletextpad=0.5, columnspacing=1.2)
        png = BytesIO()
        figure.savefig(png, format="png", dpi=_DPI)
    return png.getvalue()


def _course(
    ax: Axes, rows: pd.DataFrame, divisor: float, colour: str, name: str, style: str, paleness: float
) -> None:
    years = rows["year"]
    ax.fill_between(years, rows["lo80"] / divisor, rows["hi80"] / divisor, color=colour, alpha=paleness, lw=0)
    ink = MUTED if style == "--" else colour
    ax.plot(years, rows["median"] / divisor, color=ink, linestyle=style, linewidth=2.0, label=name)
