"""Figures of industry: the mix, where it sits, how it changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.study.charts.idle import lump
from louyu_lab.study.charts.parts import heat_cells, row_bars, rows_height
from louyu_lab.study.charts.stock import LEVEL_ZH
from louyu_lab.study.charts.style import (
    MAIN,
    OTHER,
    TAX,
    category_colours,
    chart,
    new_figure,
    no_data,
    percent_ticks,
    value_grid,
    year_ticks,
)
from louyu_lab.study.charts.text import RATE, shorten

#: Rows that are no industry of their own, kept behind the others.
LAST = ("其他", UNRECOGNISED)

#: Whose firms are counted, unless the chapter says otherwise.
IN_BUILDINGS = "年末在驻企业"


@chart
def industry_mix_bars(
    summary: pd.DataFrame, year: int, most: int = 16, note: str = "", scope: str = IN_BUILDINGS
) -> Figure:
    """Draw each industry's share of firms, area and tax, from table ``industry_summary``.

    ``scope`` says whose firms they are (口径).

    One row an industry, most firms first, 其他 and 未识别 last. A measure that is missing throughout
    is left out; industries beyond the ``most`` largest are only counted in the footnote.
    """
    rows = summary.set_index("industry", drop=False).loc[_by_firms(summary, "industry")]
    measures = {
        "share_firms": ("企业数", MAIN),
        "share_area": ("租用面积", OTHER),
        "share_tax": ("税收", TAX),
    }
    known = [column for column in measures if rows[column].notna().any()]
    if not known:
        return no_data(f"{year}年企业行业构成")
    if len(rows) > most:
        note += f"另有{len(rows) - most}个企业较少的行业未画出。"
    rows = rows.head(most)
    labels = rows["industry"].tolist()
    title = f"{year}年企业行业构成（占比）"
    note = f"口径：{scope}" + ("；面积、税收只计有数据的企业。" if len(known) > 1 else "。") + note
    figure, panels = new_figure(
        title, rows_height(labels, 8) + 0.3, note, columns=len(known), sharey=True, squeeze=False
    )
    for ax, column in zip(panels[0], known, strict=True):
        name, colour = measures[column]
        row_bars(ax, labels, rows[column], [RATE.text(share) for share in rows[column]], colour, width=8)
        ax.set_title(name)
    return figure


@chart
def industry_place_map(
    mix: pd.DataFrame, year: int, level: str = "street", places: int = 8, most: int = 16
) -> Figure:
    """Draw each place's industry shares by firms as a heat map, from table ``industry_mix``.

    Industries down, places across, both by number of firms; the smaller ones beyond ``most`` and
    ``places`` are left out and counted in the footnote.
    """
    place = LEVEL_ZH.get(level, level)
    title = f"{year}年各{place}入驻企业的行业构成（企业数占比，%）"
    rows = mix[(mix["level"] == level) & mix["share_firms"].notna()]
    if not len(rows):
        return no_data(title, f"企业没有对应到{place}")
    columns = _by_firms(rows, "id")
    industries = _by_firms(rows, "industry")
    shares = rows.pivot(index="industry", columns="id", values="share_firms")
    shares = shares.reindex(index=industries[:most], columns=columns[:places])
    note = f"口径：年末在驻企业，每列为一个{place}，列内占比合计100%。"
    hidden = [f"{len(columns) - places}个{place}"] if len(columns) > places else []
    hidden += [f"{len(industries) - most}个行业"] if len(industries) > most else []
    note += f"另有{'、'.join(hidden)}企业较少，未画出。" if hidden else ""
    figure, ax = new_figure(title, 1.1 + 0.4 * len(shares), note)
    heat_cells(ax, shares.astype("float64"), lambda share: f"{share * 100:.0f}")
    return figure


def _by_firms(rows: pd.DataFrame, column: str) -> list[str]:
    """Return a column's names, most firms first, with what is no industry of its own at the end."""
    firms = rows["firms"].astype("float64").groupby(rows[column]).sum()
    order = firms.sort_index().sort_values(ascending=False, kind="stable").index
    return [name for name in order if name not in LAST] + [name for name in LAST if name in order]


@chart
def industry_over_years(
    mix: pd.DataFrame, most: int = 7, note: str = "", scope: str = IN_BUILDINGS
) -> Figure:
    """Draw the industry mix by firms of each year as stacked bars.

    Takes the district rows of table ``industry_mix`` of several years, one below the other, with a
    column ``year`` in front; ``scope`` says whose firms they are (口径). Industries beyond the ``most``
    largest are added up as 其他.
    """
    rows = mix[(mix["level"] == "district") & mix["share_firms"].notna()]
    if not len(rows):
        return no_data("历年企业行业构成")
    industry = lump(rows["industry"], rows["firms"].astype("float64"), most, rest="其他")
    shares = rows["share_firms"].groupby([rows["year"].astype(int), industry], observed=False).sum().unstack()
    years = shares.index.to_numpy()
    span = f"{years[0]}—{years[-1]}年" if len(years) > 1 else f"{years[0]}年"
    figure, ax = new_figure(f"{span}企业行业构成（企业数占比）", 4.2, f"口径：{scope}。{note}")
    colours, below, bars = category_colours(list(shares)), np.zeros(len(years)), []
    for name in shares:
        bars.append(
            ax.bar(years, shares[name], 0.7, below, color=colours[name], edgecolor="white", linewidth=0.6)
        )
        below = below + shares[name].to_numpy()
    # Read from the top like the bars.
    names = [shorten(name, 8) for name in shares][::-1]
    ax.legend(bars[::-1], names, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.2)
    year_ticks(ax, years)
    ax.set_ylim(0, 1)
    percent_ticks(ax, "y")
    value_grid(ax, "y")
    return figure
