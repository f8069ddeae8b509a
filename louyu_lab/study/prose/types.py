"""What chapter 05 says of building types."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.types.district import DistrictTypes
from louyu_lab.analysis.industry.types.portraits import MIXED
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent

#: Industries named in a type's portrait.
_NAMED = 3


def types_words(types: DistrictTypes) -> str:
    """Say how many types there are and how sure, or that there are none and why."""
    found = types.found
    small = int((found.labels == -1).sum())
    left_out = f"另有 {small} 幢企业不足 10 家，样本不足，不归类" if small else ""
    if not found.is_declared:
        return paragraph(
            f"未见稳定类型：{found.reason}",
            _figures(found.stability, found.null_stability, "稳定性"),
            _figures(found.contrast, found.null_contrast, "界限清晰度"),
        )
    sizes = "、".join(
        f"{row.type_name} {row.buildings} 幢" for row in types.type_summary.itertuples() if row.type > 0
    )
    return paragraph(
        f"楼宇可分为 {int(found.labels.max())} 类：{sizes}",
        _figures(found.stability, found.null_stability, "稳定性"),
        _figures(found.contrast, found.null_contrast, "界限清晰度"),
        left_out,
    )


def _figures(value: float, bound: float, name: str) -> str:
    if not is_known(value, bound):
        return ""
    relation = "高于" if value > bound else "没有超过"
    return f"{name} {value:.2f}，{relation}没有类型时的上限 {bound:.2f}"


def portrait_words(types: DistrictTypes) -> str:
    """Say of each type which industries stand out, how stable it is, its vacancy and its tax."""
    sentences = []
    for row in types.type_summary.itertuples():
        if row.type <= 0:
            continue
        own = types.type_profiles[types.type_profiles["type"] == row.type]
        told = own[(own["location_quotient"] >= 1.2) & (own["share_firms"] >= 0.05)]
        first = told.nlargest(_NAMED, "share_firms") if len(told) else own.head(1)
        industries = "、".join(f"{r.industry}（{percent(r.share_firms)}）" for r in first.itertuples())
        is_mixed = row.type_name.startswith(MIXED)
        facts = [f"没有哪个行业独大，{industries}比全区多" if is_mixed else f"以{industries}见长"]
        facts += [f"空置率 {percent(row.vacancy_rate)}"] if is_known(row.vacancy_rate) else []
        facts += [f"税收 {row.tax_per_sqm_yuan:,.0f} 元/㎡"] if is_known(row.tax_per_sqm_yuan) else []
        facts += [f"这一类{row.stability_word}"] if row.stability_word else []
        sentences.append(f"{row.type_name}：{'，'.join(facts)}")
    return paragraph(*sentences)


def measure_words(table: pd.DataFrame) -> str:
    """Say whether area and tax part the buildings too, and whether alike."""
    sentences = []
    for row in table.itertuples():
        if row.measure == "企业数":
            continue
        if not row.types:
            sentences.append(f"按{row.measure}未见稳定类型（{row.reason}）")
        elif is_known(row.agreement):
            alike = (
                "基本一致" if row.agreement >= 0.75 else "部分一致" if row.agreement >= 0.4 else "很不一样"
            )
            sentences.append(
                f"按{row.measure}可分 {row.types} 类，与按企业数的分法{alike}（{row.agreement:.2f}）"
            )
        else:
            sentences.append(f"按{row.measure}可分 {row.types} 类，按企业数未分型，无从比较")
    return paragraph(*sentences)


def type_move_words(moves: pd.DataFrame) -> str:
    """Say which buildings changed their type for sure, and of how many it cannot be told."""
    if not len(moves):
        return "转型无从比较：没有分出类型，或没有一幢楼在两个年份都满 10 家企业。"
    turned = moves[moves["verdict"] == "转型"]
    unsure = int((moves["verdict"] == "说不准").sum())
    named = listed(
        [
            f"{r.building}（{r.from_type}→{r.to_type}，{r.from_year}—{r.to_year}年）"
            for r in turned.itertuples()
        ],
        most=6,
        unit="幢",
    )
    return paragraph(
        f"{len(turned)} 幢楼转了型：{named}"
        if len(turned)
        else f"{len(moves)} 幢可比的楼中，没有一幢确已转型",
        f"{unsure} 幢看似换了类型，但归类把握不足八成，不作结论" if unsure else "",
    )
