"""What chapter 04 says of what is forecast, from what, and by what mixture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.outlook import TaxOutlook
from louyu_lab.analysis.tax.outlook.combining import LearnedWeight
from louyu_lab.analysis.tax.usable import UsableTaxes
from louyu_lab.study.prose.numbers import listed, paragraph, yuan

#: Level of the tax ledger -> what its part years are called.
_LEVELS_ZH = {"building": "楼宇", "enterprise": "企业"}

#: Series so short that they mostly lean on the others'.
_SHORT_YEARS = 3

#: Fewer pairs of years of tax by enterprise than these are called few.
_FEW_STEPS = 4


def refusal_words(taxes: UsableTaxes) -> str:
    """Say why nothing can be forecast; "" where something can."""
    known = taxes.known_yuan
    if not len(known):
        return f"{taxes.year} 年在册的楼宇都没有可用的税收数据，无从预测"
    return "" if (known != 0).any() else "在册楼宇历年的经常性税收都是零，无从预测"


def usable_words(taxes: UsableTaxes) -> str:
    """Say which tax was set aside as not known, and why forecasts start before the study's year."""
    told = {
        (row.year, row.months, _LEVELS_ZH[row.level])
        for row in taxes.part_years.itertuples()
        if row.level in _LEVELS_ZH
    }
    return paragraph(
        *(
            f"{year} 年的{what}税收只有 {months} 个月，不能当作全年，按没有数据处理"
            for year, months, what in sorted(told)
        ),
        _unit_error_words(taxes.unit_errors),
        _base_words(taxes),
    )


def _unit_error_words(errors: pd.DataFrame) -> str:
    if not len(errors):
        return ""
    each = [
        f"{row.building if isinstance(row.building, str) else row.building_id}（{row.year} 年 "
        f"{yuan(row.tax_yuan) if row.tax_yuan >= 1e4 else f'{row.tax_yuan:,.0f} 元'}）"
        for row in errors.itertuples()
    ]
    return (
        f"{listed(each, unit='处')}的税收与其他年份差约万倍或亿倍，疑似换了单位，按没有数据处理，请核对台账"
    )


def _base_words(taxes: UsableTaxes) -> str:
    if taxes.base_year == taxes.year:
        return ""
    coming = span(range(taxes.base_year + 1, taxes.year + 1))
    return (
        f"在册楼宇都没有可用的 {taxes.year} 年全年税收，所以从 {taxes.base_year} 年推起，{coming}也是预测；"
        f"本章所说的最近一年、现有楼宇都指 {taxes.base_year} 年"
    )


def scope_words(outlook: TaxOutlook, panel: pd.DataFrame) -> str:
    """Say how many buildings are forecast from how many years, and which are not for want of any tax."""
    history = outlook.recurring
    standing = history.is_standing
    rows = panel[panel["year"] == history.years[-1]]
    unknown = rows.loc[~rows["building_id"].isin(history.building_id), "building"]
    known = pd.DataFrame(history.tax_yuan[standing]).notna().sum(axis=1)
    short = int((known <= _SHORT_YEARS).sum())
    former = outlook.carried
    blank = history.years[np.isnan(history.tax_yuan).all(axis=0)]
    return paragraph(
        f"依据 {span(history.years)}的税收（不含一次性），预测在册 {int(standing.sum())} 幢楼宇",
        _short_words(short, known),
        f"{'、'.join(map(str, blank))} 年全区没有税收数据" if len(blank) else "",
        _former_words(former, int(history.years[-1])),
        f"{listed(unknown.fillna('未具名楼宇'), unit='幢')}没有任何一年的税收，未预测"
        if len(unknown)
        else "",
    )


def _short_words(short: int, known: pd.Series) -> str:
    if not short:
        return ""
    if short == len(known):
        most = "一年" if known.max() == 1 else f" {known.max()} 年以内"
        return f"各楼都只有{most}的税收，看不出本区自己的增长，增速取自其他地区的短序列，只宜看量级"
    return f"其中 {short} 幢只有 {_SHORT_YEARS} 年以内的税收，增长主要向其他楼宇看齐"


def weight_words(outlook: TaxOutlook) -> str:
    """Say how much the tenants count in the forecast and from what that was learned, or why they do not."""
    if outlook.tenants.refused:
        return paragraph(f"{outlook.tenants.refused}，预测只依据各楼税收总额的历史")
    learned = outlook.learned
    return paragraph(
        f"各楼的预测由两部分加权：逐户推算占 {outlook.weight:.0%}，楼宇税收总额的历史占 "
        f"{1 - outlook.weight:.0%}；{_learned_words(learned)}",
        f"分企业的税收连续只有 {learned.steps + 1} 年，好年景和长期增长还分不清，逐户推算的权重已压低"
        if learned.steps < _FEW_STEPS
        else "",
        _checked_words([weight.value > 0 for weight in outlook.past_learned.values()]),
    )


def _checked_words(has_both: list[bool]) -> str:
    """Say how many of the former years the back-test rests on had the forecast of tenants as well."""
    if all(has_both):
        return ""
    if not any(has_both):
        return f"检验所用的 {len(has_both)} 个起点都没有逐户推算，检验的只是看总额那一部分"
    return f"检验所用的 {len(has_both)} 个起点中，{sum(has_both)} 个有逐户推算，其余只看总额"


def _learned_words(learned: LearnedWeight) -> str:
    if not learned.rows:
        return "没有往年误差可学，用通常的权重"
    first, last = learned.origins[0], learned.origins[-1]
    is_unbroken = last - first + 1 == len(learned.origins)
    years = span(learned.origins) if is_unbroken else f"{'、'.join(map(str, learned.origins))} 年"
    errors = f"{years}末所作预测的 {learned.rows} 个误差（楼宇 × 年份）"
    return f"权重由通常的权重和 {errors}折中得出"


def _former_words(former: pd.DataFrame, year: int) -> str:
    if not len(former):
        return ""
    return f"{len(former)} 幢没有 {year} 年的税收数据，从最后有数据的一年推起：{former_taxes(former)}"


def former_taxes(former: pd.DataFrame) -> str:
    """Name the buildings of ``history.carried`` with the tax that stands in for this year's."""
    each = [f"{row.building}（{row.year} 年 {yuan(row.tax_yuan)}）" for row in former.itertuples()]
    return listed(each, unit="幢")


def span(years: Sequence[int]) -> str:
    """Return years in words: 2013—2020 年."""
    return f"{years[0]}—{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年"
