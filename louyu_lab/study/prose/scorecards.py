"""What chapter 05 says of scorecards, of how firm ranks are, of low-yield tenants and lines of entry."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.scorecards.catalogue import NO
from louyu_lab.analysis.industry.scorecards.entry_thresholds import (
    ALL_GRADES,
    ENOUGH,
    MIN_TENANTS,
    NOT_ASKED,
    TOO_FEW,
)
from louyu_lab.analysis.industry.scorecards.files import Scorecards
from louyu_lab.analysis.industry.scorecards.low_yield import NO_TAX, QUANTILE
from louyu_lab.study.prose.numbers import is_known, paragraph, percent, sqm, yuan

#: Chance of keeping a grade below which it hangs on the weights.
_FIRM = 0.8


def source_words(loaded: Scorecards) -> str:
    """Say whose scorecards these are, and what is wrong with those refused."""
    if loaded.are_packaged:
        told = f"台账文件夹里没有 scorecards，用随程序附带的 {len(loaded.cards)} 份示例"
        told += "；示例只作参照，不是本区的办法"
    elif not loaded.cards:
        told = f"台账文件夹 scorecards 里的 {len(loaded.refused)} 份评价办法都有误，评价从略"
    else:
        examples = sum(card.is_example for card in loaded.cards)
        told = f"用台账文件夹 scorecards 里的 {len(loaded.cards)} 份评价办法"
        told += f"，其中 {examples} 份标明是示例" if examples else ""
    refused = [str(error) for error in loaded.refused]
    return paragraph(told, *refused)


def result_words(summary: pd.DataFrame) -> str:
    """Say for each card how many buildings it is for, how many pass and how many nearly do."""
    if not len(summary):
        return "没有可用的评价办法。"
    if not summary["buildings"].sum():
        return "没有适用的楼宇，评价从略。"
    return paragraph(*(_of_card(row) for row in summary.itertuples()))


def nearly_met(results: pd.DataFrame) -> list[str]:
    """Return the cards of which some building fails one requirement only, nothing of it being unknown."""
    return list(dict.fromkeys(_near(results)["scorecard"]))


def near_words(results: pd.DataFrame, most: int = 3) -> list[str]:
    """Name for each card, a paragraph each, the buildings nearest to passing and what they lack.

    These are buildings that fail one requirement only and of which nothing is unknown.
    """
    told = []
    for card, near in _near(results).groupby("scorecard", sort=False):
        near = near.sort_values(["worst_gap_rate", "building_id"]).head(most)
        names = near["building"].fillna(near["building_id"])
        each = "；".join(f"{name}，{lack}" for name, lack in zip(names, near["shortfall"], strict=True))
        told.append(paragraph(f"{card}只差一条、差得最少的：{each}"))
    return told


def _near(results: pd.DataFrame) -> pd.DataFrame:
    return results[(results["passes"] == "否") & (results["unmet"] == 1) & (results["unknown"] == 0)]


def chance_words(results: pd.DataFrame, conditions: pd.DataFrame, measures: pd.DataFrame) -> str:
    """Say how many buildings that pass on their concentration are no more concentrated than chance."""
    asks = conditions.loc[conditions["requirement"].str.contains("集聚度", regex=False), "scorecard"].unique()
    passing = results[results["scorecard"].isin(asks) & (results["passes"] == "是")]
    ids = passing["building_id"].unique()
    above = measures.loc[ids, "is_above_chance"]
    by_chance, untold = int((above == NO).sum()), int(above.isna().sum())
    told = [f"{by_chance} 幢按户数并不明显高于随机"] if by_chance else []
    told += [f"{untold} 幢看不出是否高于随机"] if untold else []
    if not told:
        return ""
    return paragraph(f"凭集聚度达标的 {len(ids)} 幢中，{'，'.join(told)}", "认定时宜再看面积和主业")


def robustness_words(table: pd.DataFrame) -> str:
    """Say how far ranks and grades move when the weights do."""
    told = []
    for card, own in table.groupby("scorecard", sort=False):
        width = (own["hi90_rank"] - own["lo90_rank"]).astype("float64")
        text = f"{card}参评 {len(own)} 幢：权重上下浮动，一半楼宇的名次范围不宽于 {width.median():.0f} 位"
        chance = own["p_grade"].dropna()
        if len(chance):
            unsure = int((chance < _FIRM).sum())
            text += (
                f"；满足必备条件的 {len(chance)} 幢中，{unsure} 幢换组相近的权重，等级有两成以上的可能会降"
            )
        told.append(text)
    return paragraph(*told)


def threshold_words(table: pd.DataFrame) -> str:
    """Say which industries have lines, the highest and the lowest median, and who would pass."""
    whole = table[table["grade"] == ALL_GRADES]
    rows = whole[whole["status"] == ENOUGH]
    if not len(rows):
        return f"没有一个行业有 {MIN_TENANTS} 家以上税收和面积都已知的纳税企业，准入门槛从略。"
    top, low = rows.loc[rows["p50_yuan_sqm"].idxmax()], rows.loc[rows["p50_yuan_sqm"].idxmin()]
    largest = rows.loc[rows["tenants"].idxmax()]
    few, public = ((whole["status"] == status).sum() for status in (TOO_FEW, NOT_ASKED))
    spread = f"单位面积税收的中位数最高的是{top['industry']}（{top['p50_yuan_sqm']:,.0f} 元/㎡）"
    if len(rows) > 1:
        spread += f"，最低的是{low['industry']}（{low['p50_yuan_sqm']:,.0f} 元/㎡）"
    return paragraph(
        f"{len(rows)} 个行业有 {MIN_TENANTS} 家以上可比的纳税企业"
        + (f"，{few} 个样本不足，不给数" if few else "")
        + (f"，{public} 个以公益为主，不设门槛" if public else ""),
        spread,
        f"以中位数为线，{largest['industry']}在驻 {largest['tenants']:,} 家中"
        f" {percent(largest['pass_p50_rate'])} 达得到"
        "（没有税收的和新入驻的都算在分母里）",
    )


def low_yield_words(table: pd.DataFrame, left_out: pd.DataFrame) -> str:
    """Say how many tenants are listed, the space they take, and the most it could bring."""
    if not len(left_out):
        return "没有可比的在驻企业，腾笼换鸟清单从略。"
    if not len(table):
        reason = left_out.loc[left_out["firms"].idxmax()]
        return f"没有企业列入腾笼换鸟清单；最多的情形是“{reason['outcome']}”（{reason['firms']:,} 家）。"
    none = int((table["finding"] == NO_TAX).sum())
    again = table["is_repeated"].dropna()
    return paragraph(
        f"{len(table):,} 家企业的单位面积税收低于同行业、同等级楼宇纳税企业的 {QUANTILE:.0%} 分位，"
        f"占用 {sqm(float(table['area_sqm'].sum()))}" + (f"，其中 {none:,} 家没有经常性税收" if none else ""),
        f"上年也低的 {int(again.sum()):,} 家，宜先核查" if len(again) else "",
        f"若这些面积都按同组中位数纳税，一年最多可增 {yuan(float(table['gain_yuan'].sum()))}；"
        "这是上限，没有计腾退、空置和招商的时间，也不知道有没有企业来租",
        "没有税收不等于应当清退：台账对不上、享受减免、总部在外都会如此，清单只供逐家核实",
    )


def _of_card(row: object) -> str:
    text = f"{row.scorecard}：适用 {row.buildings} 幢，达到必备条件 {row.passing} 幢"
    parts = [(row.near, "只差一条且差距不到一成"), (row.unknown, "有数据待补、还不能判定")]
    text += "".join(f"，{count} 幢{word}" for count, word in parts if is_known(count) and count)
    return text
