"""What chapter 05 says of the industry mix and of concentration."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from louyu_lab.analysis.industry.comparison import ListedStreets, MixComparison
from louyu_lab.analysis.industry.sections import UNRECOGNISED, industry_map
from louyu_lab.study.prose.numbers import grown, is_known, listed, paragraph, percent


def mix_words(summary: pd.DataFrame, scope: str) -> str:
    """Say how many firms and industries there are and what the first four make up."""
    if not summary["firms"].sum() > 0:
        return ""
    named = summary[summary["industry"] != UNRECOGNISED]
    firms, unknown = int(summary["firms"].sum()), int(summary["firms"].sum() - named["firms"].sum())
    top = "、".join(
        f"{row.industry} {int(row.firms):,} 家（{percent(row.share_firms)}）"
        for row in named.nlargest(4, "firms").itertuples()
    )
    return paragraph(
        f"{scope}共 {firms:,} 家，分属 {len(named)} 个行业" + (f"，{unknown:,} 家未识别" if unknown else ""),
        f"企业最多的是{top}" if top else "",
    )


def listing_words(
    told: ListedStreets, compared: MixComparison, held_years: Collection[int], year: int
) -> str:
    """Say whose list of tenants is missing and what is left out for it; empty where nothing is.

    ``held_years``: years with a mix that is not empty.
    """
    if year not in held_years:
        last = max((at for at in held_years if at < year), default=None)
        return paragraph(
            f"企业台账没有 {year} 年末的企业名单"
            + (f"（最近的是 {last} 年末）" if last else "")
            + "，这一年的行业分布、集聚程度、楼宇类型和目标行业从略",
            "请补上名单" + (f"，或改以 {last} 年为研究年度" if last else ""),
        )
    if told.is_only_present:
        return (
            "企业台账只列在驻企业，没有一家写明迁出日期，往年的名单只剩留下来的，"
            "所以不与上年比较，也不说历年变化；下文的回测里同样没有已迁出的企业。"
        )
    absent = compared.lacking.get(year, ())
    before = {at: streets for at, streets in compared.lacking.items() if at != year and streets}
    gaps = sorted(set(held_years) - told.complete_years - {year, *before})
    return paragraph(
        f"{listed(absent)}没有 {year} 年末的企业名单，不在其中" if absent else "",
        *(_not_compared(at, streets, compared) for at, streets in before.items()),
        f"{'、'.join(map(str, gaps))} 年末也有街道没有名单，不画入历年变化" if gaps else "",
    )


def _not_compared(at: int, streets: tuple[str, ...], compared: MixComparison) -> str:
    if compared.before is None:
        return f"没有 {at} 年末的企业名单，不与上年比较"
    return f"{listed(streets)}没有 {at} 年末的企业名单，与上年的比较不含这里的企业"


def change_words(summary: pd.DataFrame) -> str:
    """Say which share grew and which fell most, in points, with the growth of the number beside it."""
    rows = summary.dropna(subset=["share_change"])
    if len(rows) < 2:
        return ""
    up, down = rows.loc[rows["share_change"].idxmax()], rows.loc[rows["share_change"].idxmin()]
    texts = []
    for row, word in ((up, "提高"), (down, "降低")):
        # A share that rounds to 0.0 has neither risen nor fallen.
        if abs(row["share_change"]) < 0.0005:
            continue
        text = f"{row['industry']}占比{word} {abs(row['share_change']) * 100:.1f} 个百分点"
        if is_known(row["firms_change_rate"]):
            text += f"（企业数{grown(row['firms_change_rate'])}）"
        texts.append(text)
    return paragraph("，".join(texts))


def map_words(own: pd.DataFrame, is_given: bool) -> str:
    """Say whose industries these are: ``own`` the district's map as read, ``is_given`` whether it has a file.

    Nothing where there is none: the chapter's introduction says what then holds.
    """
    if len(own):
        return f"行业按台账文件夹里的行业对照.yaml 归并，共 {own['industry'].nunique()} 类。"
    default = len(industry_map().names)
    told = f"台账文件夹里的行业对照.yaml 有误，没有使用，行业按默认的 {default} 类；错在哪里见第一章。"
    return told if is_given else ""


def source_words(sources: pd.Series) -> str:
    """Say what the industries rest on: given codes, given names, or our reading of name and scope."""
    share = sources.value_counts(normalize=True)
    parts = [f"{name} {percent(value)}" for name, value in share.items()]
    return paragraph(f"企业台账各行的行业依据：{'，'.join(parts)}")
