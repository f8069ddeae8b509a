"""What chapter 04 says of the forecast of building tax and of how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.tax.backtest import ALL_SIZES, CLEAR_GAIN, FIRST_ORIGIN_YEARS, pooled_wape
from louyu_lab.analysis.tax.forecast import TaxOutlook
from louyu_lab.analysis.tax.methods import METHODS
from louyu_lab.analysis.tax.promotion import (
    CERTAIN,
    CERTAIN_FROM,
    HOPEFUL,
    HOPEFUL_FROM,
    PRESSED,
)
from louyu_lab.analysis.tax.simulation import LEAST_ORIGINS
from louyu_lab.analysis.tiers import YI_BUILDING, tier_of
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, yuan


def scope_words(outlook: TaxOutlook, panel: pd.DataFrame) -> str:
    """Say how many buildings are forecast from how many years, and which are not for want of any tax."""
    history = outlook.history
    standing = int(history.is_standing.sum())
    rows = panel[panel["year"] == history.years[-1]]
    unknown = rows.loc[~rows["building_id"].isin(history.building_id), "building"]
    former = outlook.carried
    return paragraph(
        f"依据 {_span(history.years)}的税收，预测在册 {standing} 幢楼宇",
        f"其中 {len(former)} 幢没有 {history.years[-1]} 年的税收数据，"
        f"从最后有数据的一年推起：{former_taxes(former)}"
        if len(former)
        else "",
        f"{listed(unknown.fillna('未具名楼宇'), unit='幢')}没有任何一年的税收，未预测"
        if len(unknown)
        else "",
    )


def former_taxes(former: pd.DataFrame) -> str:
    """Name the buildings of ``history.carried`` with the tax that stands in for this year's."""
    each = [f"{row.building}（{row.year} 年 {yuan(row.tax_yuan)}）" for row in former.itertuples()]
    return listed(each, unit="幢")


def carried_note(outlook: TaxOutlook) -> str:
    """Say for the figure of the district that forecast and last year do not rest on the same buildings."""
    if len(outlook.carried) == 0:
        return ""
    return f"预测含 {outlook.history.years[-1]} 年没有数据的 {len(outlook.carried)} 幢楼宇，当年实际数不含。"


def former_note(yi: pd.DataFrame, outlook: TaxOutlook) -> str:
    """Say for the figure of table ``yi_outlook`` which buildings' tax is that of a former year."""
    former = outlook.carried[outlook.carried["building_id"].isin(yi["building_id"])]
    each = [f"{row.building}（{row.year}年）" for row in former.itertuples()]
    return f"以前年度税收：{listed(each, most=4, unit='幢')}。" if each else ""


def method_words(outlook: TaxOutlook) -> str:
    """Say which method the back-test chose and by how much, or why there was no back-test."""
    errors = outlook.errors
    if len(errors) == 0:
        years = len(outlook.history.years)
        return paragraph(
            f"只有 {years} 年税收，不足 {FIRST_ORIGIN_YEARS + 1} 年，无法回测。"
            f"预测沿用{outlook.method}，只给一个数；区间和可能性无从得知，不编造"
        )
    wape = pooled_wape(errors)
    scores = "，".join(f"{name} {percent(wape[name])}" for name in METHODS)
    others = [name for name in METHODS if name != outlook.method]
    least = wape[others].min()
    gain = 1 - wape[outlook.method] / least if least > 0 else 0.0
    verdict = f"采用{outlook.method}，误差比另一种小 {percent(gain)}"
    if gain < CLEAR_GAIN:
        verdict = f"两种方法不相上下（相差不到 {percent(CLEAR_GAIN)}），采用较简单的{outlook.method}"
    origins = sorted(errors["origin"].unique())
    few = len(origins) < LEAST_ORIGINS
    return paragraph(
        f"站在 {_span(origins)}末，只用当时已有的数据预测，再与后来的实际相比："
        f"加权误差（误差绝对值之和 ÷ 实际税收之和）{scores}",
        verdict,
        f"回测起点只有 {len(origins)} 个，结论不稳" if few else "",
        _bias_words(outlook),
    )


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}—{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年"


def _bias_words(outlook: TaxOutlook) -> str:
    rows = outlook.backtest[outlook.backtest["is_chosen"] & (outlook.backtest["size_class"] == ALL_SIZES)]
    rows = rows.dropna(subset=["bias"])
    if len(rows) == 0:
        return ""
    row = rows.iloc[-1]
    # A bias that rounds to 0.0 % is none.
    if abs(row["bias"]) < 0.0005:
        return ""
    side = "低" if row["bias"] < 0 else "高"
    return f"提前 {row['horizon']} 年的预测平均偏{side} {percent(abs(row['bias']))}，区间已计入这一偏差"


def district_words(forecast: pd.DataFrame) -> str:
    """Say the district's tax of every coming year with its 80 % interval."""
    rows = forecast[forecast["level"] == "district"]
    if len(rows) == 0:
        return "没有楼宇税收，无从预测。"
    texts = []
    for row in rows.itertuples():
        spread = ""
        if is_known(row.lo80_yuan, row.hi80_yuan):
            spread = f"（80% 区间 {yuan(row.lo80_yuan)}至{yuan(row.hi80_yuan)}）"
        texts.append(f"{row.year} 年 {yuan(row.mean_yuan)}{spread}")
    without = [str(row.year) for row in rows.itertuples() if not is_known(row.lo80_yuan)]
    return paragraph(
        f"现有楼宇的税收，{'，'.join(texts)}",
        f"{'、'.join(without)} 年可比的回测年份不足 {LEAST_ORIGINS} 个，全区和街道不给区间"
        if without
        else "",
    )


def yi_words(yi: pd.DataFrame, outlook: TaxOutlook) -> str:
    """Say how many 亿元楼 there are, how many are to be expected, and which are hopeful."""
    if len(yi) == 0:
        return "没有亿元楼，也没有接近的楼宇。"
    is_yi = tier_of(yi["tax_yuan"]) == YI_BUILDING
    former = outlook.carried[outlook.carried["building_id"].isin(yi.loc[is_yi, "building_id"])]
    now = f"现有亿元楼 {is_yi.sum()} 幢"
    if len(former):
        now = f"按最后有数据的一年，亿元楼 {is_yi.sum()} 幢"
    year = int(yi["year"].iloc[0])
    buildings = outlook.forecast[
        (outlook.forecast["level"] == "building") & (outlook.forecast["year"] == year)
    ]
    expected = cut_offs = ""
    if buildings["p_yi"].notna().any():
        expected = f"，各楼可能性之和为 {buildings['p_yi'].sum():.1f} 幢（{year} 年）"
        cut_offs = (
            f"可能性不低于 {percent(CERTAIN_FROM)} 为“{CERTAIN}”，"
            f"不低于 {percent(HOPEFUL_FROM)} 为“{HOPEFUL}”，其余为“{PRESSED}”"
        )
    rising = yi[yi["outlook"].isin([CERTAIN, HOPEFUL]) & ~is_yi]
    falling = yi[yi["outlook"].isin([PRESSED, HOPEFUL]) & is_yi]
    return paragraph(
        now + expected,
        f"其中 {len(former)} 幢没有 {outlook.history.years[-1]} 年的税收数据：{former_taxes(former)}"
        if len(former)
        else "",
        f"可望晋级的有{_chances(rising)}" if len(rising) else "",
        f"可能降级的有{_chances(falling)}" if len(falling) else "",
        cut_offs,
    )


def _chances(rows: pd.DataFrame) -> str:
    each = [f"{row.building}（{percent(row.p_yi)}）" for row in rows.itertuples()]
    return listed(each, unit="幢")
