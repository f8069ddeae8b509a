"""What chapter 03 says of vacant area by cause: with what it goes together, never what brought it about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.attribution.cases import Case
from louyu_lab.analysis.vacancy.attribution.levels import moving_causes
from louyu_lab.analysis.vacancy.attribution.oaxaca import WHOLE_GAP, YEAR
from louyu_lab.analysis.vacancy.attribution.parts import OTHER_FACTORS, REFERENCE, UNEXPLAINED
from louyu_lab.study.charts.text import Scale, area_scale
from louyu_lab.study.prose.numbers import listed, paragraph

#: Causes named one by one; smaller ones are added up.
MOST_NAMED = 4

#: 未解释 beyond this share of what is vacant: the causes tell less than half of the story.
_MOST_UNEXPLAINED = 0.5

#: Differences of rates are printed in 个百分点 with one decimal; smaller ones are none.
_POINTS, _LEAST = Scale(0.01, " 个百分点", 1), 0.0005


def cause_words(causes: pd.DataFrame, year: int, level: float, is_mean: bool = True) -> str:
    """Say what the district's marketable vacant area of the year goes with, from table ``vacancy_causes``.

    ``level`` is that of the intervals; ``is_mean`` tells that the reference is the district's own mean.
    """
    causes = moving_causes(causes)
    district = causes[causes["level"] == "district"]
    if not len(district):
        return f"{year} 年没有可以按成因划分的可招商空置面积，本节从略。"
    amounts = district.groupby("cause", sort=False)["area_sqm"].sum()
    scale = area_scale([amounts.sum()])
    against = "各楼都按模型推算的全区平均空置率计" if is_mean else "各楼条件都达到参照的取值，按模型推算"
    head = (
        f"{year} 年末可招商空置 {_text(scale, amounts.sum())}；{against}，为"
        f" {_text(scale, amounts[REFERENCE])}（{REFERENCE}），{_unexplained(amounts[UNEXPLAINED], scale)}"
    )
    forced, scope = _by_construction(amounts), _scope(causes, level)
    if not is_mean:
        return paragraph(head, forced, *_lead(_told(district), scale, len(district)), scope)
    balance = "以全区平均为参照，各项成因在全区必然相抵，看的是街道之间、楼宇之间的差别"
    return paragraph(head, forced, balance, _above_words(causes, scale), scope)


def street_words(causes: pd.DataFrame, most: int = 3) -> str:
    """Say which streets lie farthest from the reference, and with which causes whose interval says so."""
    rows = _told(causes[causes["level"] == "street"])
    scale = area_scale(causes.loc[causes["level"] == "district", "area_sqm"].abs())
    sums = rows.groupby("id")["area_sqm"].sum().sort_index()
    if len(sums) < 2:
        return ""
    parts = []
    for word, found in (
        ("高于", sums[sums >= 1].nlargest(most)),
        ("低于", -sums[sums <= -1].nsmallest(most)),
    ):
        named = []
        for street, beyond in found.items():
            own = rows[rows["id"] == street].set_index("cause")
            is_sure = own["lo_sqm"] > 0 if word == "高于" else own["hi_sqm"] < 0
            lead = own.loc[is_sure, "area_sqm"].abs().nlargest(2).index
            which = f"主要与{'、'.join(lead)}相关" if len(lead) else "没有哪一项单独看得出"
            named.append(f"{street}{word}参照 {_text(scale, beyond)}，{which}")
        parts.append("；".join(named))
    told = [part for part in parts if part]
    return paragraph(f"模型各项成因合计，{'；'.join(told)}") if told else ""


def gap_words(gaps: pd.DataFrame) -> list[str]:
    """Say of each comparison in table ``vacancy_gaps`` how far apart the rates are, and with what it goes."""
    if not len(gaps):
        return ["街道或年份的楼宇太少，没有比较空置率的差距。"]
    pairs = gaps.groupby(["dimension", "first", "second"], sort=False)
    return [_gap(pair, rows.set_index("part")) for pair, rows in pairs]


def case_card(case: Case) -> str:
    """Return a building's card as one paragraph: how much is vacant, with what it goes, what is not known."""
    scale = area_scale([case.vacant_sqm])
    is_doubtful = abs(case.unexplained_sqm) > _MOST_UNEXPLAINED * case.vacant_sqm
    doubt = "，超过空置面积的一半，不宜据此断定成因" if is_doubtful else ""
    return paragraph(
        f"**{case.building}**（{case.street}）：可招商空置 {_text(scale, case.vacant_sqm)}，"
        f"{REFERENCE} {_text(scale, case.reference_sqm)}",
        *_lead(case.causes, scale, MOST_NAMED),
        f"{_unexplained(case.unexplained_sqm, scale)}{doubt}",
        f"台账缺{listed(case.lacking, unit='项')}，按该楼其他条件推算" if case.lacking else "",
    )


def _text(scale: Scale, area_sqm: float) -> str:
    """Return an area with its unit, set apart as everywhere in the chapter's prose."""
    return f"{scale.number(area_sqm)} {scale.unit}"


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["cause"].isin([REFERENCE, UNEXPLAINED])]


def _by_construction(amounts: pd.Series) -> str:
    """Say that a district without 未解释 is no proof: weighting by area and a level a year make it so."""
    if abs(amounts[UNEXPLAINED]) >= 1:
        return ""
    return (
        "推算的全区合计与实际相等是算法使然（模型按面积加权、每年各定水平），不说明模型准；"
        "准不准看楼宇一级的未解释"
    )


def _scope(causes: pd.DataFrame, level: float) -> str:
    """Say what the intervals cover, or that there are none."""
    if _told(causes)["lo_sqm"].isna().all():
        return "各项成因没有区间，估得准不准无从判断"
    return f"{level:.0%}区间只反映模型系数估得准不准，不含单幢楼宇的偶然，也不含台账里没有的因素"


def _above_words(causes: pd.DataFrame, scale: Scale) -> str:
    """Add up, cause by cause, the buildings that lie above the reference beyond doubt.

    Sums of all that lie above would be sums of noise where a cause does not matter.
    """
    rows = _told(causes[causes["level"] == "building"])
    if rows["lo_sqm"].isna().all():
        return ""
    sums = rows[rows["lo_sqm"] > 0].groupby("cause", sort=False)["area_sqm"].agg(["sum", "size"])
    sums = sums.sort_values("sum", ascending=False, kind="stable")
    named = [f"与{row.Index}相关的 {row.size} 幢、{_text(scale, row.sum)}" for row in sums.itertuples()]
    if not named:
        return "没有一项成因在楼宇一级高得看得出（区间都含零或低于参照）"
    return f"区间不含零的楼宇里，高于参照的：{'，'.join(named)}"


def _lead(causes: pd.DataFrame, scale: Scale, most: int) -> list[str]:
    """Name the largest causes with sign and interval in one sentence, the others added up."""
    moving = causes[np.round(causes["area_sqm"] / scale.divisor, scale.decimals) != 0]
    lead = moving.loc[moving["area_sqm"].abs().sort_values(ascending=False, kind="stable").index[:most]]
    named = [
        f"与{row.cause}相关的部分{_beyond(row.area_sqm, scale)}{_interval(row.lo_sqm, row.hi_sqm, scale)}"
        for row in lead.itertuples()
    ]
    if len(causes) > len(lead):
        rest = float(causes.drop(lead.index)["area_sqm"].sum())
        named.append(f"其余各项合计{_beyond(rest, scale)}")
    return ["；".join(named)] if named else []


def _beyond(area_sqm: float, scale: Scale) -> str:
    """Return a signed area against the reference: nothing is printed as less than zero."""
    if round(abs(area_sqm) / scale.divisor, scale.decimals) == 0:
        return "与参照持平"
    return f"{'高于' if area_sqm > 0 else '低于'}参照 {_text(scale, abs(area_sqm))}"


def _unexplained(area_sqm: float, scale: Scale) -> str:
    """Say by how much the vacant area differs from what the model tells."""
    if abs(area_sqm) < 1:
        return f"{UNEXPLAINED}部分为零"
    return f"{UNEXPLAINED}部分比模型推算{'多' if area_sqm > 0 else '少'} {_text(scale, abs(area_sqm))}"


def _interval(low: float, high: float, scale: Scale) -> str:
    """Return an interval in brackets, without signs; nothing where there is none."""
    if not np.isfinite([low, high]).all():
        return ""
    if low <= 0 <= high:
        return "（区间含零）"
    ends = sorted((abs(low), abs(high)))
    return f"（{scale.number(ends[0])}—{scale.number(ends[1])}）"


def _gap(pair: tuple[str, str, str], rows: pd.DataFrame) -> str:
    dimension, first, second = pair
    whole = float(rows.loc[WHOLE_GAP, "difference"])
    if abs(whole) < _LEAST:
        head = f"{first}与{second}的可招商空置率相同"
    else:
        head = f"{first}的可招商空置率比{second}{_points(whole)}"
    told = rows.drop(index=[WHOLE_GAP, UNEXPLAINED])
    told = told.loc[told["difference"].abs().sort_values(ascending=False, kind="stable").index]
    lead = told[:MOST_NAMED]
    named = [
        f"{_common(row.Index, dimension)}{_points(row.difference)}{_interval(row.lo, row.hi, _POINTS)}"
        for row in lead[lead["difference"].abs() >= _LEAST].itertuples()
    ]
    if len(told) > len(lead):
        named.append(f"其余各项合计{_points(float(told['difference'][MOST_NAMED:].sum()))}")
    named.append(f"{UNEXPLAINED}的部分{_points(float(rows.loc[UNEXPLAINED, 'difference']))}")
    return paragraph(f"{head}：{'，'.join(named)}")


def _common(cause: str, dimension: str) -> str:
    """Name a part of a gap; between years, what all buildings share is no difference in their make-up."""
    if dimension == YEAR and cause in (YEAR, OTHER_FACTORS):
        return "各楼共同的年份变化"
    return f"与{cause}相关的部分"


def _points(difference: float) -> str:
    if abs(difference) < _LEAST:
        return "持平"
    return f"{'高' if difference > 0 else '低'} {_POINTS.text(abs(difference))}"
