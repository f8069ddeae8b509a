"""Figures of idle space and of what is being built."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.analysis.idle_ages import AGE_BANDS
from louyu_lab.study.charts.parts import row_bars, rows_height, stacked_rows
from louyu_lab.study.charts.stock import with_share
from louyu_lab.study.charts.style import (
    MAIN,
    OTHER,
    SMALL,
    SOFT,
    category_colours,
    chart,
    new_figure,
    no_data,
    plain_ticks,
    value_grid,
)
from louyu_lab.study.charts.text import area_scale


@chart
def idle_by_type_bars(by_type: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw 闲置按类型, largest first, from table ``idle_by_type``."""
    rows = by_type.sort_values(["idle_area_sqm", "space_type"], ascending=[False, True])
    if not rows["idle_area_sqm"].notna().any():
        return no_data(f"{year}年闲置资源按类型")
    scale = area_scale(rows["idle_area_sqm"])
    labels = rows["space_type"].fillna("未填").tolist()
    spaces = rows["spaces"].astype("float64")
    texts = with_share(rows["idle_area_sqm"], scale, rows["share_idle"])
    texts = [f"{text} {n:.0f}处" if n == n else text for text, n in zip(texts, spaces, strict=True)]
    title = f"{year}年闲置资源按类型（闲置面积，{scale.unit}，占比）"
    figure, ax = new_figure(title, rows_height(labels), "口径：最近一次普查的闲置建筑面积。" + note)
    row_bars(ax, labels, rows["idle_area_sqm"], texts)
    return figure


@chart
def idle_cause_stack(
    by_place: pd.DataFrame, year: int, places: int = 12, causes: int = 6, note: str = ""
) -> Figure:
    """Draw 闲置按地区与原因 as stacked bars, one a place, from table ``idle_by_place``.

    Causes beyond the ``causes`` largest are added up as 其他; so are the places beyond ``places``.
    """
    known = by_place.dropna(subset=["idle_area_sqm"])
    if not len(known):
        return no_data(f"{year}年闲置资源按地区与原因")
    place = lump(known["area"].fillna("未填地区"), known["idle_area_sqm"], places, rest="其他地区")
    cause = lump(known["idle_cause"].fillna("未填"), known["idle_area_sqm"], causes, rest="其他")
    table = known["idle_area_sqm"].groupby([place, cause]).sum().unstack(fill_value=0.0)
    scale = area_scale(table.sum(axis=1))
    title = f"{year}年闲置资源按地区与原因（闲置面积，{scale.unit}）"
    labels = table.index.tolist()
    figure, ax = new_figure(title, rows_height(labels) + 0.7, "口径：最近一次普查的闲置建筑面积。" + note)
    stacked_rows(
        ax, table, category_colours(list(table)), [scale.number(total) for total in table.sum(axis=1)]
    )
    return figure


def lump(names: pd.Series, sizes: pd.Series, most: int, rest: str) -> pd.Categorical:
    """Return ``names`` as ordered categories, largest total first; those beyond ``most`` become ``rest``.

    A name that is ``rest`` already is joined with them, and ``rest`` always stands last.
    """
    totals = sizes.groupby(names).sum().sort_index().sort_values(ascending=False, kind="stable")
    kept = [name for name in totals.index if name != rest][:most]
    lumped = names.where(names.isin(kept), rest)
    has_rest = bool((lumped == rest).any())
    return pd.Series(pd.Categorical(lumped, [*kept, rest] if has_rest else kept, ordered=True), names.index)


@chart
def idle_age_histogram(key_spaces: pd.DataFrame, year: int, note: str = "") -> Figure:
    """Draw how long the key idle spaces have stood empty, by area, from table ``idle_key``."""
    title = f"{year}年末重点闲置资源的闲置年限"
    known = key_spaces.dropna(subset=["idle_months", "idle_area_sqm"])
    if not len(known):
        return no_data(title, "没有闲置起始日期")
    bands = AGE_BANDS.of(known["idle_months"].astype("float64").clip(lower=0))
    by_band = known["idle_area_sqm"].groupby(bands, observed=False)
    area, spaces = (of[list(AGE_BANDS.labels)] for of in (by_band.sum(), by_band.size()))
    scale = area_scale(area)
    scope = "口径：只含重点闲置清单所列、有闲置起始日期的资源；每档含下限。"
    if len(known) < len(key_spaces):
        scope += f"另有{len(key_spaces) - len(known)}处缺日期或面积，未画出。"
    figure, ax = new_figure(f"{title}（闲置面积，{scale.unit}）", 3.4, scope + note)
    bars = ax.bar(range(len(area)), area / scale.divisor, width=0.72, color=MAIN)
    ax.bar_label(bars, [f"{n}处" if n else "" for n in spaces], padding=2, fontsize=SMALL)
    ax.set_xticks(range(len(area)), AGE_BANDS.labels)
    ax.margins(y=0.12)
    plain_ticks(ax, "y")
    value_grid(ax, "y")
    return figure


@chart
def supply_by_year(supply: pd.DataFrame, note: str = "") -> Figure:
    """Draw the area under construction by planned year, office and other, from table ``supply``.

    Where the office share is unknown the whole area is drawn as 用途未报; projects without a year
    stand last.
    """
    rows = supply.dropna(subset=["gross_area_sqm"])
    if not len(rows):
        return no_data("在建供应按计划竣工年份", "没有在建项目")
    year = rows["planned_completion_year"].astype("Int64").astype("str").fillna("未定")
    unknown = rows["gross_area_sqm"].where(rows["office_area_sqm"].isna(), 0.0)
    office = rows["office_area_sqm"].fillna(0.0)
    parts = pd.DataFrame(
        {"办公": office, "其他用途": rows["gross_area_sqm"] - office - unknown, "用途未报": unknown}
    )
    parts = parts.groupby(year).sum().sort_index()
    scale = area_scale(parts.sum(axis=1))
    kept = [name for name in parts if parts[name].any()]
    title = f"在建供应按计划竣工年份（建筑面积，{scale.unit}）"
    scope = "口径：规划总建筑面积，办公面积 = 建筑面积 × 办公占比；未报占比的不计入办公。"
    figure, ax = new_figure(title, rows_height(parts.index) + 0.5, scope + note)
    colours = {"办公": MAIN, "其他用途": SOFT, "用途未报": OTHER}
    stacked_rows(ax, parts[kept], colours, [scale.number(total) for total in parts.sum(axis=1)])
    return figure
