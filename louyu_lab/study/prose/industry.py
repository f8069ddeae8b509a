"""What chapter 05 says of the industry mix and of concentration."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.study.prose.numbers import grown, is_known, paragraph, percent


def mix_words(summary: pd.DataFrame, scope: str) -> str:
    """Say how many firms and industries there are and what the first four make up."""
    if len(summary) == 0:
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


def source_words(sources: pd.Series) -> str:
    """Say what the industries rest on: given codes, given names, or our reading of name and scope."""
    share = sources.value_counts(normalize=True)
    parts = [f"{name} {percent(value)}" for name, value in share.items()]
    return paragraph(f"企业台账各行的行业依据：{'，'.join(parts)}")
