"""Figure of the targets: how far each indicator has come against the time gone by."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.study.charts.parts import rows_height
from louyu_lab.study.charts.style import (
    GOOD,
    INK,
    MUTED,
    OTHER,
    SMALL,
    WARM,
    chart,
    legend_above,
    new_figure,
    no_data,
    percent_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import RATE, wrap

#: Completion is drawn within these rates; what lies beyond stands at the edge with its true number.
DRAWN = (-0.25, 1.25)


@chart
def target_progress(core: pd.DataFrame, year: int, target_year: int | None = None, note: str = "") -> Figure:
    """Draw each indicator's completion against the time elapsed, from table ``core_indicators``.

    The dot is 增量完成率, the upright stroke the time elapsed; orange where completion lags behind.
    ``target_year`` chooses the target; by default the nearest not yet past, else the latest.
    """
    known = core.dropna(subset=["target_year", "completion_rate"])
    if not len(known):
        return no_data(f"{year}年目标进度", "没有设定目标，或缺基期值")
    aim = target_year if target_year is not None else _nearest(known["target_year"], year)
    rows = known[known["target_year"] == aim]
    if not len(rows):
        return no_data(f"{year}年目标进度", f"没有{aim}年的目标")
    labels = rows["name_zh"].tolist()
    scope = (
        "口径：增量完成率 =（现值－基期）÷（目标－基期）；竖线为时间进度 =（本年－基年）÷（目标年－基年）。"
    )
    figure, ax = new_figure(
        f"{year}年各指标对{aim}年目标的增量完成率", rows_height(labels, 10) + 0.7, scope + note
    )
    done = rows["completion_rate"].to_numpy(dtype="float64")
    elapsed = rows["elapsed_rate"].to_numpy(dtype="float64")
    at, shown = np.arange(len(rows)), np.clip(done, *DRAWN)
    late = done < np.where(np.isfinite(elapsed), elapsed, -np.inf)
    ax.hlines(
        at, np.clip(np.where(np.isfinite(elapsed), elapsed, 0.0), *DRAWN), shown, color=OTHER, linewidth=4
    )
    mark = ax.scatter(np.clip(elapsed, *DRAWN), at, 190, marker="|", color=INK, linewidth=2)
    good = ax.scatter(shown[~late], at[~late], 80, color=GOOD, zorder=3)
    bad = ax.scatter(shown[late], at[late], 80, color=WARM, marker="D", zorder=3)
    for row, rate in enumerate(done):
        ax.annotate(
            RATE.text(rate),
            (1.0, row),
            (8, 0),
            ("axes fraction", "data"),
            "offset points",
            va="center",
            size=SMALL,
        )
    legend_above(ax, [good, bad, mark], ["不慢于时间进度", "慢于时间进度", "时间进度"])
    ax.set_yticks(at, [wrap(label, 10, 2) for label in labels], linespacing=1.05)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(DRAWN[0] if (done < 0).any() else -0.04, DRAWN[1] + 0.04 if (done > 1).any() else 1.04)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    percent_ticks(ax, "x")
    value_grid(ax, "x")
    return figure


def _nearest(target_years: pd.Series, year: int) -> int:
    years = sorted({int(value) for value in target_years})
    return next((value for value in years if value >= year), years[-1])
