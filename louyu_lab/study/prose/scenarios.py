"""What chapter 06 says: what the baseline is, how the arithmetic goes, what each scenario comes to."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.scenarios import Baseline, Outcome, Scenario, ScenarioError
from louyu_lab.study.prose.numbers import is_known, paragraph, percent, sqm, yuan
from louyu_lab.study.prose.tax_outlook import former_taxes

#: Median ÷ mean yield below which the mean is said to be drawn up by a few large taxpayers.
_SKEWED_BELOW = 0.8


def baseline_words(baseline: Baseline) -> str:
    """Say what holds if nothing is done."""
    tax = ""
    if "tax_yuan" in baseline.sums:
        now = yuan(baseline.sums["tax_yuan"][0])
        tax = f"税收从 {now}起，一直不变（第四章没有给出全区预测）"
        if baseline.is_forecast:
            tax = f"税收从 {now}起，按第四章全区预测均值的增幅变化"
    empty = f"可招商空置 {sqm(baseline.marketable_sqm)}（空置减不可招商）" if len(baseline.space) else ""
    return paragraph(
        f"基准：{baseline.year} 年末的楼宇、面积和入驻面积一直不变，不计在建项目",
        tax,
        _carried_words(baseline),
        empty,
        "基准是比较的起点，不是对以后的判断",
    )


def _carried_words(baseline: Baseline) -> str:
    """Name the buildings that the forecast holds and the baseline's tax does not."""
    former = baseline.carried
    if len(former) == 0:
        return ""
    whole = f"，合计 {yuan(former['tax_yuan'].sum())}" if len(former) > 1 else ""
    return (
        f"第四章的预测另含 {len(former)} 幢没有 {baseline.year} 年税收的楼宇，从最后有数据的一年推起："
        f"{former_taxes(former)}{whole}；增幅两边都含它们，本章的税收额不含，因此比第四章少"
    )


def method_words(baseline: Baseline) -> str:
    """Say how a scenario is computed, with the district's own numbers."""
    sentences = [
        "新租出的面积不超过当年还剩的可招商空置，按各楼可招商空置的多少分摊；入驻面积加空置面积始终等于可租售面积"
    ]
    if is_known(baseline.mean_yield_yuan_sqm, baseline.median_yield_yuan_sqm):
        sentences += [
            "新租出面积当年起按全年纳税：面积 × 全区平均单产 × 单产系数 × 注册率之比",
            _yield_words(baseline),
        ]
    if len(baseline.supply) and {"gross_area_sqm", "rentable_area_sqm"} <= set(baseline.sums):
        sentences.append(
            "在建项目只计写明竣工年和办公占比的，取其办公面积；"
            f"可租售部分按现有楼宇的比例 {percent(baseline.rentable_rate)} 推算"
        )
    sentences.append("没有入驻数据的楼宇不参与消化")
    sentences.append("新增税收按基年单产计，不随年份增长，也不扣区内搬迁，因此只是量级")
    return paragraph(*sentences)


def outcome_words(scenario: Scenario, outcome: Outcome, table: pd.DataFrame) -> str:
    """Say what one scenario comes to in the last year of table ``scenarios``, and what it could not get."""
    own = table[table["scenario"] == outcome.title]
    last = own[own["year"] == own["year"].max()].set_index("indicator")
    year = int(own["year"].max())
    reason = f"：{scenario.reason.rstrip('。')}" if scenario.reason else ""
    return paragraph(
        f"**{outcome.title}**{reason}",
        _rate_words(last, year),
        _tax_words(last, year),
        _target_words(own),
        _capped_words(outcome.paths),
    )


def refused_words(refused: Sequence[ScenarioError]) -> str:
    """List the scenario files that were not computed, each with everything that is wrong with it."""
    if not refused:
        return ""
    listed = "\n".join(f"- {error.file}：{'；'.join(error.problems)}" for error in refused)
    return f"下列情景没有计算，改好后重跑：\n\n{listed}"


def no_scenario_words(held: int, refused: int) -> str:
    """Say that there is no scenario file and how to write one; nothing where there is any."""
    if held or refused:
        return ""
    return paragraph(
        "台账文件夹里没有情景文件，只说明基准和可用的杠杆",
        "情景写在台账文件夹下的 scenarios/名称.yaml，写 title（标题）、reason（理由）和 changes（改变），"
        "例如 changes 下写一行“absorption_sqm: 5万㎡”",
    )


def _rate_words(last: pd.DataFrame, year: int) -> str:
    if "occupancy_rate" not in last.index:
        return ""
    rate = last.loc["occupancy_rate"]
    points = rate["change"] * 100
    beside = f"基准 {percent(rate['baseline'])}，{'高' if points > 0 else '低'} {abs(points):.1f} 个百分点"
    if abs(points) < 0.05:
        beside = "与基准相同"
    return f"{year} 年入驻率 {percent(rate['value'])}（{beside}）"


def _tax_words(last: pd.DataFrame, year: int) -> str:
    if "tax_yuan" not in last.index:
        return ""
    tax = last.loc["tax_yuan"]
    change = tax["change"]
    beside = (
        f"比基准{'多' if change > 0 else '少'} {yuan(abs(change))}" if abs(change) >= 5e3 else "与基准相同"
    )
    return f"{year} 年楼宇税收 {yuan(tax['value'])}，{beside}"


def _target_words(own: pd.DataFrame) -> str:
    """Say how occupancy and tax stand to their targets in the years to come that have one."""
    coming = own["target"].notna() & (own["year"] > own["year"].min())
    rows = own[coming & own["indicator"].isin(["occupancy_rate", "tax_yuan"])]
    pieces = []
    for row in rows.itertuples():
        is_rate = row.indicator == "occupancy_rate"
        target = percent(row.target) if is_rate else yuan(row.target)
        short = f"{abs(row.gap) * 100:.1f} 个百分点" if is_rate else yuan(abs(row.gap))
        reached = "达到" if row.gap >= 0 else f"还差 {short}"
        pieces.append(f"{row.year} 年{row.name_zh}目标 {target}，{reached}")
    return "；".join(pieces)


def _yield_words(baseline: Baseline) -> str:
    mean, ratio = baseline.mean_yield_yuan_sqm, baseline.yield_ratio
    skewed = "，由少数大税源拉高" if ratio < _SKEWED_BELOW else ""
    return (
        f"全区平均单产 {mean:,.0f} 元/㎡（税收 ÷ 入驻面积）{skewed}，"
        f"各楼单产的中位数 {baseline.median_yield_yuan_sqm:,.0f} 元/㎡，单产系数不写时取两者之比 {ratio:.2f}"
    )


def _capped_words(paths: pd.DataFrame) -> str:
    asked, taken = paths["asked_sqm"].sum(), paths["taken_sqm"].sum()
    if asked - taken <= 0.5:
        return ""
    return f"各年合计要消化 {sqm(asked)}，范围内可招商的只有 {sqm(taken)}，多出的没有计入"
