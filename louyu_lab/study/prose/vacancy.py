"""What chapter 03 says of vacant area and of what goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from louyu_lab.analysis.vacancy.accounting import PARTS, REST
from louyu_lab.analysis.vacancy.traits import LEVEL, SMALL_GROUP, STREET
from louyu_lab.study.prose.numbers import listed, paragraph, percent, sqm


def accounting_words(accounting: pd.DataFrame, year: int) -> str:
    """Say what the district's vacant area of the year consists of, and what changed since the year before."""
    now = _parts(accounting, year)
    whole = now.sum()
    if len(now) == 0:
        return f"{year} 年没有空置面积，本节从略。"
    if whole == 0:
        return f"{year} 年末没有空置面积。"
    split = "，".join(f"{part} {sqm(now[part])}（{percent(now[part] / whole)}）" for part in PARTS)
    before = _parts(accounting, year - 1)
    change = ""
    if len(before):
        steps = [f"{part}{_moved(now[part] - before[part])}" for part in PARTS]
        change = f"与上年末相比，空置面积{_moved(whole - before.sum())}，其中{'，'.join(steps)}"
    return paragraph(f"{year} 年末空置 {sqm(whole)}：{split}", change)


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


def _parts(accounting: pd.DataFrame, year: int) -> pd.Series:
    rows = accounting[(accounting["level"] == "district") & (accounting["year"] == year)]
    return rows.set_index("part")["area_sqm"]


def _moved(change_sqm: float) -> str:
    if abs(change_sqm) < 0.5:
        return "持平"
    return f"{'增加' if change_sqm > 0 else '减少'} {sqm(abs(change_sqm))}"
