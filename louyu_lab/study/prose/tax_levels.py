"""What chapter 04 says of the tax to come of the district, its streets and its industries."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.tax.levels import UNNAMED
from louyu_lab.analysis.tax.outlook.industries import LEAST_SHARE
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, yuan

#: Forecasts of a sum this near to the sum of forecasts agree.
AGREE_RATE = 0.02

#: Further apart than this, either may be right.
FAR_RATE = 0.10


def district_words(forecast: pd.DataFrame, past: pd.DataFrame) -> str:
    """Say the district's tax of the next and the last year forecast, with growth a year and interval.

    ``forecast`` is table ``tax_forecast``, ``past`` comes from ``outlook.sums.past_sums``.
    """
    ahead = forecast[forecast["level"] == "district"].sort_values("year")
    before = past[past["level"] == "district"].sort_values("year")
    if not len(ahead) or not len(before):
        return "没有楼宇税收，无从预测。"
    base, last = before.iloc[-1], ahead.iloc[-1]
    ends = [ahead.iloc[0]] if len(ahead) == 1 else [ahead.iloc[0], last]
    return paragraph(
        f"现有楼宇的经常性税收，{_base_words(base)}预计 {'，'.join(_year_words(row) for row in ends)}",
        _growth_words(base, last),
    )


def _base_words(base: pd.Series) -> str:
    """Say the tax forecasts start from; what is carried from former years is told apart."""
    if not base["filled"]:
        return f"{base['year']} 年为 {yuan(base['tax_yuan'])}，"
    known = base["buildings"] - base["filled"]
    return (
        f"{base['year']} 年已有数据的 {known} 幢为 {yuan(base['tax_yuan'] - base['filled_yuan'])}，"
        f"另 {base['filled']} 幢沿用各自最近一年，计 {yuan(base['filled_yuan'])}，"
        f"合计 {yuan(base['tax_yuan'])}；"
    )


def _year_words(row: pd.Series) -> str:
    spread = f"80% 区间 {yuan(row['lo80_yuan'])}至 {yuan(row['hi80_yuan'])}"
    return f"{row['year']} 年 {yuan(row['mean_yuan'])}（{spread}）"


def _growth_words(base: pd.Series, last: pd.Series) -> str:
    """Say the growth a year to the last year, and whether a rise or a fall is sure."""
    if base["tax_yuan"] <= 0 or last["mean_yuan"] <= 0:
        return ""
    rate = (last["mean_yuan"] / base["tax_yuan"]) ** (1 / (last["year"] - base["of_year"])) - 1
    verb = "增长" if rate >= 0 else "下降"
    sure = "，增减还不能肯定"
    if last["lo80_yuan"] > base["tax_yuan"] or last["hi80_yuan"] < base["tax_yuan"]:
        sure = f"，{verb}有八成以上把握"
    counted = "（沿用的从原年份算起）" if base["filled"] else ""
    return f"年均{verb} {percent(abs(rate))}{counted}{sure}"


def street_words(forecast: pd.DataFrame, past: pd.DataFrame) -> str:
    """Say which streets grow and which fall beyond doubt to the last year, by their 80 % interval."""
    before = past[past["level"] == "street"].rename(columns={"id": "name"})
    rows = _compared(forecast, before, "street")
    if not len(rows):
        return "没有分街道的税收。"
    rows["name"] = rows["name"].map(_street)
    base = before[before["year"] == before["year"].max()]
    carried = base.loc[base["filled"] > 0, "name"].map(_street)
    return f"到 {int(rows['year'].iloc[0])} 年，" + paragraph(
        _sure_words(rows, "街道", "个"),
        f"{listed(carried, unit='个街道')}有楼宇没有 {base['year'].iloc[0]} 年的税收，比的是其最近一年"
        if len(carried)
        else "",
    )


def _street(name: str) -> str:
    return name or "未填街道"


def industry_words(forecast: pd.DataFrame, industry_past: pd.DataFrame) -> str:
    """Say the same of industries, and what the largest will pay; ``TaxDetail.industry_past``.

    Industries below ``LEAST_SHARE`` of today's tax have no growth worth telling; where more than half of the
    coming tax is not told by enterprise, nothing is said of industries.
    """
    rows = _compared(forecast, industry_past.rename(columns={"industry": "name"}), "industry")
    if not len(rows):
        return "没有能与楼宇税收对上的企业税收，不分行业和企业预测。"
    whole, unnamed = rows["mean_yuan"].sum(), rows.loc[rows["name"] == UNNAMED, "mean_yuan"].sum()
    if unnamed > whole / 2:
        return paragraph(f"{percent(unnamed / whole)} 的税收没有列出企业，不分行业")
    named = rows[rows["name"] != UNNAMED].sort_values(["mean_yuan", "name"], ascending=[False, True])
    large = named[named["base_yuan"] >= LEAST_SHARE * rows["base_yuan"].sum()]
    each = [f"{name} {yuan(tax)}" for name, tax in zip(named["name"], named["mean_yuan"], strict=True)]
    return paragraph(
        f"到 {rows['year'].iloc[0]} 年，税收最多的行业是{'、'.join(each[:3])}" if each else "",
        _sure_words(large, "行业", "个") if len(large) else "",
        f"另有 {len(named) - len(large)} 个行业税收不足全部的 {LEAST_SHARE:.0%}，不算增减"
        if len(large) < len(named)
        else "",
        f"{percent(unnamed / whole)} 的税收没有列出企业，不分行业" if unnamed > 0 and whole > 0 else "",
    )


def coherence_words(coherence: pd.DataFrame) -> str:
    """Say how far forecasts of the sums alone agree with the sums of the buildings' forecasts."""
    if not len(coherence):
        return ""
    rows = coherence[coherence["year"] == coherence["year"].max()]
    whole = rows[rows["level"] == "district"].iloc[0]
    if not is_known(whole["difference_rate"]):
        return ""
    rate = whole["difference_rate"]
    streets = rows.loc[rows["level"] == "street", "difference_rate"].abs().dropna()
    verdict = f"相差 {percent(abs(rate))}，两者一致"
    if abs(rate) > AGREE_RATE:
        verdict = f"{'高' if rate > 0 else '低'} {percent(abs(rate))}，本章用相加的数"
    if abs(rate) > FAR_RATE:
        verdict += "；差得较多，引用全区数时两个都报"
    return paragraph(
        f"各级预测都由各楼相加而成；把全区税收当一个序列单独预测，{whole['year']} 年为 "
        f"{yuan(whole['alone_yuan'])}，{verdict}",
        f"各街道单独预测与相加相差至多 {percent(streets.max())}" if len(streets) > 1 else "",
    )


def _compared(forecast: pd.DataFrame, past: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the forecast of the level's last year with ``name`` and ``base_yuan`` of the last year known."""
    rows = forecast[(forecast["level"] == level) & (forecast["year"] == forecast["year"].max())]
    base = past[past["year"] == past["year"].max()].set_index("name")["tax_yuan"]
    return rows.assign(name=rows["id"], base_yuan=rows["id"].map(base)).reset_index(drop=True)


def _sure_words(rows: pd.DataFrame, what: str, unit: str) -> str:
    """Name who grows and who falls with the whole 80 % interval, by growth rate."""
    rows = rows[rows["base_yuan"] > 0]
    rows = rows.assign(rate=rows["mean_yuan"] / rows["base_yuan"] - 1).sort_values("rate", kind="stable")
    rising = rows[rows["lo80_yuan"] > rows["base_yuan"]][::-1]
    falling = rows[rows["hi80_yuan"] < rows["base_yuan"]]
    said = []
    if len(rising):
        said.append(f"有八成以上把握增长的{what}：{_rates(rising, unit)}")
    if len(falling):
        said.append(f"有八成以上把握下降的：{_rates(falling, unit)}")
    if not said:
        return f"没有哪个{what}的增减有八成以上把握"
    return "；".join(said)


def _rates(rows: pd.DataFrame, unit: str) -> str:
    each = [f"{name}（{rate:+.1%}）" for name, rate in zip(rows["name"], rows["rate"], strict=True)]
    return listed(each, most=5, unit=unit)
