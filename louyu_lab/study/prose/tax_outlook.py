"""What chapter 04 says of what is forecast, from what, and by what mixture."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.tax.outlook import TaxOutlook
from louyu_lab.analysis.tax.outlook.combining import LearnedWeight
from louyu_lab.study.prose.numbers import listed, paragraph, yuan

#: Series so short that they mostly lean on the others'.
_SHORT_YEARS = 3

#: Fewer pairs of years of tax by enterprise than these are called few.
_FEW_STEPS = 3


def scope_words(outlook: TaxOutlook, panel: pd.DataFrame) -> str:
    """Say how many buildings are forecast from how many years, and which are not for want of any tax."""
    history = outlook.recurring
    standing = history.is_standing
    rows = panel[panel["year"] == history.years[-1]]
    unknown = rows.loc[~rows["building_id"].isin(history.building_id), "building"]
    known = pd.DataFrame(history.tax_yuan[standing]).notna().sum(axis=1)
    short = int((known <= _SHORT_YEARS).sum())
    former = outlook.carried
    return paragraph(
        f"依据 {span(history.years)}的税收（不含一次性），预测在册 {int(standing.sum())} 幢楼宇",
        f"其中 {short} 幢只有 {_SHORT_YEARS} 年以内的税收，增长主要向其他楼宇看齐" if short else "",
        _former_words(former, int(history.years[-1])),
        f"{listed(unknown.fillna('未具名楼宇'), unit='幢')}没有任何一年的税收，未预测"
        if len(unknown)
        else "",
    )


def weight_words(outlook: TaxOutlook) -> str:
    """Say how much the tenants count in the forecast and from what that was learned, or why they do not."""
    if outlook.tenants.refused:
        return paragraph(f"{outlook.tenants.refused}，预测只依据各楼税收总额的历史")
    learned = outlook.learned
    both = sum(1 for weight in outlook.past_learned.values() if weight.value > 0)
    return paragraph(
        f"各楼的预测由两部分加权：逐户推算占 {outlook.weight:.0%}，楼宇税收总额的历史占 "
        f"{1 - outlook.weight:.0%}；{_learned_words(learned)}",
        f"分企业的税收连续只有 {learned.steps + 1} 年，好年景和长期增长还分不清，逐户推算的权重已压低"
        if learned.steps < _FEW_STEPS
        else "",
        f"检验所用的 {len(outlook.past_learned)} 个起点中，{both or '没有一'} 个有逐户推算，"
        "其余只有楼宇总额，检验出的误差不全是现在这套做法的"
        if both < len(outlook.past_learned)
        else "",
    )


def _learned_words(learned: LearnedWeight) -> str:
    if not learned.rows:
        return "没有往年误差可学，用通常的权重"
    return (
        f"权重由通常的权重和 {span(learned.origins)}末所作预测的 {learned.rows} 个误差（楼宇 × 年份）折中得出"
    )


def _former_words(former: pd.DataFrame, year: int) -> str:
    if not len(former):
        return ""
    return f"{len(former)} 幢没有 {year} 年的税收数据，从最后有数据的一年推起：{former_taxes(former)}"


def unit_words(breaks: pd.DataFrame, panel: pd.DataFrame) -> str:
    """Name the buildings whose tax seems to change its unit (``forecasting.unit_breaks``); "" without."""
    if not len(breaks):
        return ""
    names = dict(zip(panel["building_id"], panel["building"], strict=True))
    each = [f"{names.get(row.unique_id, row.unique_id)}（{row.ds} 年）" for row in breaks.itertuples()]
    return paragraph(
        f"{listed(each, unit='处')}的税收与前一年相差约万倍或亿倍，疑似换了单位，请核对台账",
        "这些楼的预测不可信",
    )


def former_taxes(former: pd.DataFrame) -> str:
    """Name the buildings of ``history.carried`` with the tax that stands in for this year's."""
    each = [f"{row.building}（{row.year} 年 {yuan(row.tax_yuan)}）" for row in former.itertuples()]
    return listed(each, unit="幢")


def carried_note(outlook: TaxOutlook) -> str:
    """Say for the figure of the district that forecast and last year do not rest on the same buildings."""
    if len(outlook.carried) == 0:
        return ""
    year = outlook.recurring.years[-1]
    return f"预测含 {year} 年没有数据的 {len(outlook.carried)} 幢楼宇，当年实际数不含。"


def span(years: Sequence[int]) -> str:
    """Return years in words: 2013—2020 年."""
    return f"{years[0]}—{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年"
