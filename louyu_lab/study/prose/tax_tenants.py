"""What chapter 04 says of the tenants behind the tax: who stays, leaves and comes, and what was set aside."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.tax.tenants.breaks import UNTESTED_ZH, UNUSUAL
from louyu_lab.analysis.tax.tenants.forecast import TenantForecast
from louyu_lab.analysis.tax.tenants.simulation import BASE, ENTERED, GROWN, LEFT, UNLISTED
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, yuan


def parts_words(parts: pd.DataFrame, forecast: TenantForecast) -> str:
    """Say what the district's change in the last year forecast is made of, or why that is not known."""
    rows = parts[parts["level"] == "district"]
    if forecast.model is None or not len(rows):
        return f"{forecast.refused or '没有分企业的税收'}，分不出存量、退出和新入驻；预测只按楼宇总额推算。"
    year = int(rows["year"].max())
    part = rows[rows["year"] == year].set_index("part")["mean_yuan"]
    change = part.drop(BASE).sum()
    rest = part.get(UNLISTED, 0.0)
    model = forecast.model
    by_firm, by_tax = _exit_rates(forecast)
    return paragraph(
        f"到 {year} 年，全区经常性税收平均比 {int(rows['year'].min()) - 1} 年（{yuan(part[BASE])}）"
        f"{'增加' if change >= 0 else '减少'} {yuan(abs(change))}：存量企业{_signed(part[GROWN])}，"
        f"退出{_signed(part[LEFT])}，新入驻{_signed(part[ENTERED])}"
        + (f"，未列名企业{_signed(rest)}" if rest else ""),
        "合计就是全区的预测；退出、换楼照逐户推算，加权后与逐户推算的差额按税收分摊给其余各项",
        f"近年每年约有 {model.entering.payers:.0f} 户企业开始纳税；纳税企业每年约 {percent(by_firm)} 迁出，"
        f"按税收加权为 {percent(by_tax)}；另有 {percent(model.leaving.move_rate)} 在区内换楼，税收随之转移",
        f"企业一年里多缴或少缴的部分，约 {percent(model.growth.persistence)} 留到以后各年，其余次年消失",
    )


def _signed(amount: float) -> str:
    return f"{'增' if amount >= 0 else '减'} {yuan(abs(amount))}"


def _exit_rates(forecast: TenantForecast) -> tuple[float, float]:
    """Return the yearly exit rate of the taxpayers there, by number and weighted with their tax."""
    units, rate = forecast.model.units, forecast.model.leaving.exit_rate
    paid = units.tax_yuan[:, -1]
    pays = units.is_here[:, -1] & (paid > 0) & (units.home[:, -1] >= 0)
    if not pays.any():
        return 0.0, 0.0
    return float(rate[pays].mean()), float((rate * paid)[pays].sum() / paid[pays].sum())


def breaks_words(breaks: pd.DataFrame) -> str:
    """Say which known policy breaks stand out from the other years, and what is made of it."""
    if not len(breaks):
        return "研究的年份里没有登记在册的政策变动，或看不出企业的同比增减。"
    told = breaks[breaks["verdict"] != UNTESTED_ZH]
    unusual = told[told["is_left_out"]]
    if not len(told):
        return paragraph(f"{_titles(breaks)}：可比年份太少，检验不出影响，照常计入趋势")
    each = [
        f"{row.year} 年（{row.title}）同一企业税收{_grown(row.growth_rate)}，"
        f"其他年份平均{_grown(row.usual_rate)}，{_p_words(row.p_value)}"
        for row in unusual.itertuples()
    ]
    usual = told[~told["is_left_out"]]
    return paragraph(
        f"{'；'.join(each)}，差别明显，不计入今后的增长趋势" if each else "",
        f"{_titles(usual)}当年的同企增长与其他年份没有明显差别，照常计入" if len(usual) else "",
        f"判断标准：单个年份与其他各年均值之差的 t 检验，p 值小于 {UNUSUAL:.2f}",
    )


def _p_words(p_value: float) -> str:
    return "p 小于 0.01" if p_value < 0.01 else f"p 为 {p_value:.2f}"


def _titles(breaks: pd.DataFrame) -> str:
    return listed([f"{row.year} 年{row.title}" for row in breaks.itertuples()], unit="项")


def _grown(rate: float) -> str:
    if not is_known(rate):
        return "不详"
    return f"{'增长' if rate >= 0 else '下降'} {percent(abs(rate))}"


def one_off_words(one_off: pd.DataFrame, year: int, unknown: int = 0) -> str:
    """Say how much one-off tax was set aside, in all and in ``year``.

    ``unknown`` buildings have no tax of that year: of them nothing can be said.
    """
    if not len(one_off):
        return "台账没有标明一次性税收，全部税收都按经常性税收预测。"
    now = one_off[one_off["year"] == year]
    most = one_off.sort_values("one_off_yuan", ascending=False).iloc[0]
    where = listed([_name(row) for _, row in now.iterrows()], unit="幢")
    return paragraph(
        "预测以经常性税收为基数",
        f"历年剔除一次性税收共 {yuan(one_off['one_off_yuan'].sum())}，最大一笔是 {int(most['year'])} 年"
        f"{_name(most)}的 {yuan(most['one_off_yuan'])}",
        f"{year} 年剔除 {yuan(now['one_off_yuan'].sum())}，涉及{where}"
        if len(now)
        else f"{year} 年{'已有数据的楼宇' if unknown else ''}没有一次性税收",
    )


def _name(row: pd.Series) -> str:
    return row["building"] if isinstance(row["building"], str) else row["building_id"]


def top_loss_words(loss: pd.DataFrame) -> str:
    """Say which buildings would fall a tier with their largest taxpayer, and the loss to be expected."""
    if not len(loss):
        return "没有分企业的税收，看不出首位税源迁出的影响。"
    falls = loss[loss["tier"] != loss["tier_without"]]
    first = [
        f"{_name(row)}（{row['top1_enterprise']}占 {percent(row['top1_rate'])}，"
        f"{row['tier']}降为{row['tier_without']}）"
        for _, row in falls.head(3).iterrows()
    ]
    expected = loss["expected_loss_yuan"].dropna()
    chance = loss["p_leaves"].median()
    return paragraph(
        f"{len(loss)} 幢楼宇中，首位税源一旦迁出，{len(falls)} 幢会降低梯次"
        + (f"，损失最大的是{'、'.join(first)}" if first else ""),
        f"到 {int(loss['to_year'].iloc[0])} 年，首位税源迁出的可能性中位数为 {percent(chance)}，"
        f"各楼可能性乘以损失之和为 {yuan(expected.sum())}"
        if len(expected)
        else "企业的去留记录不足，迁出的可能性无从估计",
    )
