"""What chapter 03 says of how vacancy turns over: let up, aged, idle by group, and at which rents rest."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.idle_ages import AGE_BANDS, LONG_BANDS
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.natural import (
    NEEDED_PERIODS,
    NO_RESPONSE,
    OUT_OF_RANGE,
    SAME,
    TOO_SHORT,
    NaturalVacancy,
)
from louyu_lab.study.prose.numbers import is_known, paragraph, percent, sqm
from louyu_lab.study.prose.vacancy import moved


def circulation_words(circulation: pd.DataFrame, year: int) -> str:
    """Say how much vacancy was let up in the year and how fast tenants changed, from its table."""
    district = circulation[circulation["level"] == "district"].set_index("year")
    if year not in district.index:
        return f"{year} 年没有上年末的入驻面积或闲置起始日期，消化和周转从略。"
    now = district.loc[year]
    absorbed = net = ""
    if is_known(now["absorption_rate"]):
        absorbed = (
            f"{year} 年消化空置 {sqm(now['absorbed_area_sqm'])}，消化率 {percent(now['absorption_rate'])}"
            f"（期初空置 {sqm(now['opening_vacant_area_sqm'])}）"
        )
        before = district["absorption_rate"].get(year - 1)
        absorbed += f"，上年为 {percent(before)}" if before is not None and is_known(before) else ""
    if is_known(now["net_absorption_sqm"]):
        net = f"退租与新租相抵，入驻面积{moved(now['net_absorption_sqm'])}"
        net += f"，换手率 {percent(now['churn_rate'])}" if is_known(now["churn_rate"]) else ""
    streets = circulation[(circulation["level"] == "street") & (circulation["year"] == year)]
    streets = streets.dropna(subset=["absorption_rate"]).sort_values(
        ["absorption_rate", "id"], ascending=[False, True]
    )
    ends = ""
    if len(streets) > 1:
        ends = _ends(streets.iloc[0], streets.iloc[-1])
    age = now["mean_idle_months"]
    idle = f"楼内登记的闲置平均已有 {age:.0f} 个月（按面积加权）" if is_known(age) else ""
    return paragraph(absorbed, net, ends, idle)


def age_words(ages: pd.DataFrame) -> str:
    """Say how much of the dated idle space inside the buildings is older than three years."""
    dated = ages[ages["band"].isin(AGE_BANDS.labels)]
    whole = dated["idle_area_sqm"].sum()
    if whole <= 0:
        return "闲置台账没有楼内闲置的起始日期，闲置年限从略。"
    old = dated[dated["band"].isin(LONG_BANDS)]
    area = old["idle_area_sqm"].sum()
    return f"有起始日期的楼内闲置 {sqm(whole)}，其中闲置满三年的 {sqm(area)}，占 {percent(area / whole)}。"


def group_words(groups: pd.DataFrame, elements: pd.DataFrame) -> str:
    """Say which groups of the idle ledger were let up most and how full it is, from its two tables."""
    if len(elements) == 0:
        return "没有闲置资源台账，分组账从略。"
    whole = groups[groups["grouping"] == "全部"].iloc[0]
    if not is_known(whole["opening_area_sqm"]):
        rates = "闲置台账只有一次普查，增减和盘活率无从计算"
    else:
        best = [_best(groups, grouping, column) for grouping, column in _ALONE.items()]
        rates = f"{whole['from_year']}—{whole['to_year']} 年盘活率 {percent(whole['let_rate'])}"
        rates += f"；盘活率最高的{'，'.join(filter(None, best))}" if any(best) else ""
    mean = elements["completeness_rate"].mean()
    least = elements.sort_values("completeness_rate", kind="stable").iloc[0]
    lacking = (
        f"，填得最少的是“{least['element']}”（{percent(least['completeness_rate'])}）" if mean < 1 else ""
    )
    return paragraph(rates, f"十个要素平均填了 {percent(mean)}{lacking}")


def natural_words(natural: NaturalVacancy) -> str:
    """Say the natural vacancy rate with its interval, or why there is none."""
    if natural.refusal == TOO_SHORT:
        have = f"只有 {natural.periods} 年" if natural.periods else "没有相邻两年"
        return f"自然空置率不估计：{have}可比的报价租金，至少要 {NEEDED_PERIODS} 年。"
    response = _response(natural)
    if natural.refusal == NO_RESPONSE:
        same = "租金涨幅" if natural.high_seen - natural.low_seen > SAME else "空置率"
        found = response or f"各年{same}相同"
        return f"自然空置率不估计：{natural.periods} 年的租金看不出对空置率有反应：{found}。"
    if natural.refusal == OUT_OF_RANGE:
        return f"自然空置率不估计：由租金推得的数不在 0—100% 之间；{response}。"
    beyond = "这个数在历年空置率之外，是外推，只作参考" if natural.is_extrapolated else ""
    return paragraph(
        f"租金不涨不跌时的空置率（自然空置率）约 {percent(natural.rate)}，"
        f"{LEVEL:.0%}区间 {percent(natural.lo)}—{percent(natural.hi)}，由 {natural.periods} 年的报价租金推得",
        response,
        beyond,
    )


def _ends(first: pd.Series, last: pd.Series) -> str:
    """Name the streets with the highest and lowest 消化率; nothing where the two print the same."""
    high, low = percent(first["absorption_rate"]), percent(last["absorption_rate"])
    return "" if high == low else f"消化率最高的是{first['id']}（{high}），最低的是{last['id']}（{low}）"


def _response(natural: NaturalVacancy) -> str:
    """Say how rents answer to one point of vacancy; nothing where there was no regression."""
    if not is_known(natural.slope):
        return ""
    size = f"{abs(natural.slope):.1f}"
    way = "少涨" if natural.slope > 0 else "多涨"
    effect = "涨幅几乎不变" if size == "0.0" else f"{way} {size}%"
    error = f"（标准误 {natural.slope_se:.1f}）" if natural.slope_se >= 0.05 else ""
    return f"空置率高 1 个百分点，次年租金{effect}{error}"


#: Groupings by one dimension, and the column that names their groups.
_ALONE = {"类型": "space_type", "街道": "street", "产权": "ownership"}


def _best(groups: pd.DataFrame, grouping: str, column: str) -> str:
    """Name the group with the highest 盘活率 of one grouping; nothing where nobody let anything up."""
    rows = groups[(groups["grouping"] == grouping) & (groups["let_rate"] > 0)]
    if len(rows) == 0:
        return ""
    first = rows.sort_values(["let_rate", column], ascending=[False, True]).iloc[0]
    return f"{grouping}是{first[column]}（{percent(first['let_rate'])}）"
