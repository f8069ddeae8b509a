"""What chapter 03 says of vacant area and of what goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from louyu_lab.analysis.vacancy.accounting import (
    DOWNTIME_MONTHS,
    PARTS,
    REST,
    STRUCTURAL,
    STRUCTURAL_BOUND,
)
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.structural import BY_DATES, BY_ENDS, UNTOLD
from louyu_lab.analysis.vacancy.traits import SMALL_GROUP, STREET
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, sqm


def accounting_words(accounting: pd.DataFrame, year: int) -> str:
    """Say what the district's vacant area of the year consists of, and what changed since the year before.

    Parts of zero go unsaid. Where some of 结构 is only bounded in one of the years, its change is that of
    the method as well, and is told together with 其他.
    """
    now = _parts(accounting, year)
    whole = now.sum()
    if len(now) == 0:
        return f"{year} 年没有空置面积，本节从略。"
    if whole == 0:
        return f"{year} 年末没有空置面积。"
    split = "，".join(
        f"{part} {sqm(now[part])}（{percent(now[part] / whole)}）" for part in PARTS if now.get(part, 0.0) > 0
    )
    before = _parts(accounting, year - 1)
    change = ""
    if len(before):
        steps = [f"{name}{moved(step)}" for name, step in _steps(now, before)]
        change = f"与上年末相比，空置面积{moved(whole - before.sum())}，其中{'，'.join(steps)}"
    return paragraph(f"{year} 年末空置 {sqm(whole)}：{split}", change)


def structural_words(bases: pd.DataFrame, year: int) -> str:
    """Say what the structural part rests on, from ``accounting.structural_bases``."""
    rows = bases[bases["year"] == year].set_index("basis")
    if len(rows) == 0:
        return ""
    dated = bounded = untold = ""
    if BY_DATES in rows.index:
        row = rows.loc[BY_DATES]
        dated = (
            f"“{STRUCTURAL}”按闲置台账的起始日期：{row.buildings:.0f} 幢楼有日期，"
            f"这些楼待分的空置里 {percent(row.dated_sqm / row.area_sqm)}有日期可查"
        )
    if rows["bound_sqm"].sum() > 0:
        bounded = (
            f"没有日期的面积不知空了多久，取连续四个年末可招商空置的最小值，减去按日期已算作“{STRUCTURAL}”的，"
            f"记作“{STRUCTURAL_BOUND}”，{_bounded(rows)}：同样多的面积一直空着，不等于同一处一直空着"
        )
    if UNTOLD in rows.index:
        row = rows.loc[UNTOLD]
        untold = (
            f"{row.buildings:.0f} 幢（{sqm(row.area_sqm)}）三年前的空置面积不详，无从判断，结构部分计为 0"
        )
    return paragraph(dated, bounded, untold)


def excess_words(parts: pd.DataFrame, year: int, names: Mapping[str, str]) -> str:
    """Say which buildings' start dates contradict the year ends, from ``accounting.vacant_parts``.

    ``names`` maps building numbers to names. Less than a ㎡ is rounding. Empty where there are none.
    """
    rows = parts[(parts["year"] == year) & (parts["excess_sqm"] >= 1)]
    if len(rows) == 0:
        return ""
    rows = rows.sort_values(["excess_sqm", "building_id"], ascending=[False, True])
    named = listed([names.get(own, own) for own in rows["building_id"]], most=5, unit="幢")
    return paragraph(
        f"{len(rows)} 幢楼（{named}）按日期闲置满三年的面积，比四个年末中可招商空置最少的一个还多，"
        "两者对不上，请核对起始日期、闲置面积、年末空置和不可招商面积"
    )


def history_note(bases: pd.DataFrame) -> str:
    """Say below a figure by year where the structural part cannot be told, or not compared; often empty.

    Start dates take area out of the bound, more of it in some years than in others; so where both are
    found, neither is one series.
    """
    told = bases.assign(is_told=bases["basis"] != UNTOLD).groupby("year")["is_told"].max()
    blind = [int(year) for year in told.index[~told]]
    has_both = (bases["basis"] == BY_DATES).any() and bases["bound_sqm"].sum() > 0
    unlike = f"{STRUCTURAL}与{STRUCTURAL_BOUND}依据不同，不能逐年相比" if has_both and told.sum() > 1 else ""
    return paragraph(f"{_span(blind)}历史不足三年，结构未能分出，在其他里" if blind else "", unlike)


def friction_words(turnover_rate: float, year: int, downtime_months: float = DOWNTIME_MONTHS) -> str:
    """Say how the frictional part was reckoned; ``turnover_rate`` the district's, NaN where not known."""
    if not is_known(turnover_rate):
        why = "没有企业台账，或台账没有上年末的名单"
        return f"不知 {year} 年有多少面积退租（{why}），摩擦部分计为 0，留在“{REST}”里。"
    source = (
        "借用东京都心五区 52 幢写字楼的平均 88 天，本区有自己的数字时，可在本节的代码里改换租空置月数"
        if downtime_months == DOWNTIME_MONTHS
        else ""
    )
    return paragraph(
        f"{year} 年退租面积占入驻面积的 {percent(turnover_rate)}，换租空置按 {downtime_months:g} 个月计，"
        "两者相乘即摩擦部分",
        source,
    )


def where_words(accounting: pd.DataFrame, year: int, names: Mapping[str, str], most: int = 5) -> str:
    """Say which streets and buildings hold most of 其他; ``names`` maps building numbers to names."""
    rows = accounting[(accounting["year"] == year) & (accounting["part"] == REST)]
    whole = rows.loc[rows["level"] == "district", "area_sqm"].sum()
    if whole <= 0:
        return ""
    streets = rows[rows["level"] == "street"].nlargest(3, "area_sqm")
    buildings = rows[rows["level"] == "building"].nlargest(most, "area_sqm")
    held = [f"{row.id} {sqm(row.area_sqm)}" for row in streets.itertuples()]
    named = [f"{names.get(row.id, row.id)} {sqm(row.area_sqm)}" for row in buildings.itertuples()]
    share = percent(buildings["area_sqm"].sum() / whole)
    return paragraph(
        f"“{REST}”部分最多的街道是{'、'.join(held)}" if len(streets) > 1 else "",
        f"最多的 {len(named)} 幢占全区“{REST}”部分的 {share}：{'、'.join(named)}",
    )


def trait_words(by_trait: pd.DataFrame, left_out: Sequence[str]) -> str:
    """Say which kinds of building differ beyond the interval, and how many would by chance alone."""
    lacking = f"{listed(left_out)}没有数据或各楼相同，无从比较" if left_out else ""
    compared = by_trait.dropna(subset=["lo", "hi"])
    if len(compared) == 0:
        return paragraph("楼宇太少，无法比较各类楼宇的空置率" if len(by_trait) else "", lacking)
    apart = compared[(compared["lo"] > 0) | (compared["hi"] < 0)]
    apart = apart.assign(size=apart["difference"].abs()).sort_values("size", ascending=False)
    clear = "；".join(_difference(row) for row in apart.itertuples())
    head = f"共比较 {len(compared)} 组，区间不含零的有 {len(apart)} 组"
    by_chance = f"即使全无差别，平均也会有 {len(compared) * (1 - LEVEL):.1f} 组碰巧如此"
    return paragraph(
        f"{head}；{by_chance}",
        f"与空置率相关的特征：{clear}" if clear else "",
        f"不足 {SMALL_GROUP} 幢的组标为样本少，不给区间" if by_trait["is_small"].any() else "",
        lacking,
    )


def _difference(row: object) -> str:
    label = row.trait_level if row.trait == STREET else f"{row.trait}{row.trait_level}"
    word = "高" if row.difference > 0 else "低"
    ends = sorted(abs(bound) * 100 for bound in (row.lo, row.hi))
    return f"{label}的楼宇{word} {abs(row.difference) * 100:.1f} 个百分点（{ends[0]:.1f}—{ends[1]:.1f}）"


def _bounded(rows: pd.DataFrame) -> str:
    """Say where the bound stands: in buildings with some start dates, in buildings with none."""
    kinds = {BY_DATES: "有部分日期的楼", BY_ENDS: "完全没有日期的楼"}
    areas = rows["bound_sqm"].reindex(list(kinds)).fillna(0.0)
    return "、".join(f"{kinds[basis]} {sqm(area)}" for basis, area in areas.items() if area > 0)


def _parts(accounting: pd.DataFrame, year: int) -> pd.Series:
    rows = accounting[(accounting["level"] == "district") & (accounting["year"] == year)]
    return rows.set_index("part")["area_sqm"]


def _steps(now: pd.Series, before: pd.Series) -> list[tuple[str, float]]:
    """Name each part that is there in one of the years and its change (㎡)."""
    now, before = (parts.reindex(list(PARTS), fill_value=0.0) for parts in (now, before))
    change = now - before
    shown = [part for part in PARTS if now[part] > 0 or before[part] > 0]
    if STRUCTURAL_BOUND not in shown:
        return [(part, change[part]) for part in shown]
    unlike = (STRUCTURAL, STRUCTURAL_BOUND, REST)
    steps = [(part, change[part]) for part in shown if part not in unlike]
    return [*steps, (f"{STRUCTURAL}和{REST}合计", change[list(unlike)].sum())]


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}—{years[-1]}年" if len(years) > 1 else f"{years[0]}年"


def moved(change_sqm: float) -> str:
    """Say by how many ㎡ an area rose or fell."""
    if abs(change_sqm) < 0.5:
        return "持平"
    return f"{'增加' if change_sqm > 0 else '减少'} {sqm(abs(change_sqm))}"
