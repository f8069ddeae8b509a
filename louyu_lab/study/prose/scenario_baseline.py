"""What chapter 06 says of the baseline and of how a scenario is computed."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.study.prose.numbers import is_known, paragraph, percent, sqm, yuan

#: Newcomers' yield ÷ the mean yield as this study takes it where no ledger tells (levers.yaml).
_USUAL_RATIO = (0.3, 0.6)


def baseline_words(baseline: Baseline) -> str:
    """Say what holds if nothing is done: stock, lettings, newcomers, growth, and what is not known."""
    first, last = baseline.years[0], baseline.years[-1]
    span = f"逐年推演到 {last} 年" if last > first else f"推演到 {last} 年"
    return paragraph(
        f"基准：从 {baseline.year} 年末的楼宇、企业和税收出发，{span}，假定退租、新租和增长仍像以往",
        _stock_words(baseline),
        _demand_words(baseline),
        _entrant_words(baseline),
        _growth_words(baseline),
        _supply_words(baseline),
        _missing_words(baseline),
        "基准是比较的起点，不是目标，也不是承诺",
    )


def _stock_words(baseline: Baseline) -> str:
    rows = baseline.buildings
    known = rows.dropna(subset=["rentable_area_sqm", "occupied_area_sqm"])
    if not len(known):
        return f"在用楼宇 {len(rows)} 幢"
    rentable, occupied = known["rentable_area_sqm"].sum(), known["occupied_area_sqm"].sum()
    closed = known["unmarketable_area_sqm"].fillna(0.0).sum()
    return (
        f"在用楼宇 {len(rows)} 幢，空置 {sqm(rentable - occupied)}"
        + (f"，其中不可招商 {sqm(closed)}" if closed > 0 else "")
        + (f"（{len(rows) - len(known)} 幢没有入驻数据，面积不变）" if len(known) < len(rows) else "")
    )


def _demand_words(baseline: Baseline) -> str:
    demand = baseline.demand
    if not is_known(demand.lettings_sqm):
        return ""
    if demand.lettings_sqm <= 0:
        return "不计退租和新租"
    source = f"：{demand.source.rstrip('。')}" if demand.source else ""
    return f"全区每年新租出 {sqm(demand.lettings_sqm)}左右，补上退租的也在内{source}"


def _entrant_words(baseline: Baseline) -> str:
    """Say what newcomers pay beside the mean, and that few pay most."""
    entrants, mean = baseline.entrants, baseline.mean_yield_yuan_sqm
    if baseline.demand.lettings_sqm <= 0 or not is_known(entrants.yield_yuan_sqm):
        return ""
    beside = (
        f"，是全区平均（{mean:,.0f} 元/㎡）的 {_ratio(entrants.yield_yuan_sqm / mean)} 倍" if mean > 0 else ""
    )
    first = entrants.ramp[0] if len(entrants.ramp) else 1.0
    ramp = f"，第一年只有其中 {percent(first)}" if first < 0.995 else ""
    never = float(np.mean(np.asarray(entrants.multiples) <= 0)) if len(entrants.multiples) else 0.0
    few = f"；新来者有 {percent(never)} 不纳税，大头由少数大户交，平均数造不出亿元楼" if never > 0 else ""
    usual = _unusual_words(entrants.yield_yuan_sqm / mean) if mean > 0 else ""
    return f"新来企业成熟后每㎡年纳税 {entrants.yield_yuan_sqm:,.0f} 元{beside}{ramp}{few}{usual}"


def _ratio(value: float) -> str:
    """Return a ratio with two digits that count: 0.45, 0.083."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def _unusual_words(ratio: float) -> str:
    """Warn where newcomers' yield lies outside what is usually believed of it."""
    low, high = _USUAL_RATIO
    if low <= ratio <= high:
        return ""
    way, size = ("低于", "小") if ratio < low else ("高于", "大")
    return (
        f"；这{way}通常约定的 {low:g}–{high:g} 倍（全区平均由少数大户拉高，不代表一般企业），"
        f"多租出面积的增收因此按本区以往算得较{size}"
    )


def _growth_words(baseline: Baseline) -> str:
    if not (baseline.buildings["tax_yuan"].notna().any() or baseline.tax_draws is not None):
        return ""
    if baseline.tax_draws is not None:
        return (
            "各楼税收的增减和把握照第四章的预测，达到 1 亿元的可能性与第四章相同；"
            "全区税收的平均数也相同，各楼同涨同落的程度则按企业推演，全区的区间与第四章略有出入"
        )
    drift = np.asarray(baseline.growth.drift, dtype="float64")
    yearly = float(np.expm1(drift[-1] / len(drift))) if len(drift) else 0.0
    return (
        f"没有第四章的预测，现有税收按年均{'增长' if yearly >= 0 else '下降'} {percent(abs(yearly))} 推演，"
        f"全区各年同涨同跌的幅度约 {percent(baseline.growth.common_sd)}"
    )


def _supply_words(baseline: Baseline) -> str:
    supply = baseline.supply
    if not len(supply):
        return ""
    dated = supply[supply["planned_completion_year"].between(baseline.years[0], baseline.years[-1])]
    area = f"，建筑面积 {sqm(dated['gross_area_sqm'].sum())}" if len(dated) else ""
    return f"推演年份内竣工的在建项目 {len(dated)} 个{area}；基准只看现有楼宇，投用多少由情景设定"


def _missing_words(baseline: Baseline) -> str:
    """Name what cannot be said for want of data."""
    rows = baseline.buildings
    missing = []
    if not rows["tax_yuan"].notna().any():
        missing.append("税收和亿元楼")
    if not rows["occupied_area_sqm"].notna().any():
        missing.append("入驻和空置")
    if rows["tax_yuan"].notna().any() and not is_known(baseline.retained_rate):
        missing.append("地方财力（台账没有区级留存）")
    return f"没有数据、不推演的：{'、'.join(missing)}" if missing else ""


def method_words(baseline: Baseline, draws: int) -> str:
    """Say how a scenario is computed, and from which levels its result is to be read."""
    has_tax = baseline.buildings["tax_yuan"].notna().any()
    return paragraph(
        f"每个情景模拟 {draws:,} 次，各次的偶然因素与基准相同，所以两者之差只来自改变的杠杆",
        "退租腾出的面积和可招商空置再租出去，租出的不超过有的；区内搬迁一边多一边少，全区不增",
        "新来企业的税收按面积和成熟年数算，现有企业只按增长算，互不重复" if has_tax else "",
        "数值是各次模拟的中位数，80% 区间表示推演结果有八成落在其中；可能性是占全部模拟的比例，不是保证",
    )


def money_base_words(baseline: Baseline) -> str:
    """Say which part of the tax stays in the district, where the ledgers tell."""
    if not is_known(baseline.retained_rate):
        return ""
    tax = baseline.buildings["tax_yuan"].sum()
    return paragraph(
        f"区级留存占楼宇税收的 {percent(baseline.retained_rate)}（{yuan(tax)}中的 "
        f"{yuan(tax * baseline.retained_rate)}），地方税收按此折算"
    )
