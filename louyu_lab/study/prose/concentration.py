"""What chapter 05 says of concentration: what is more than chance, and what only looks like it."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose.numbers import listed, paragraph, percent

#: Firms an industry needs in a building to be named among the clearest cases.
NAMED_FIRMS = 5


def concentration_words(table: pd.DataFrame, indicators: pd.DataFrame, year: int) -> str:
    """Say the concentration, what chance alone would give, and how many buildings stand out."""
    known = indicators[
        (indicators["year"] == year) & (indicators["indicator"] == "industry_concentration_rate")
    ]
    enough = table[~table["is_small"].astype(bool)]
    if len(enough) == 0 or len(known) == 0:
        return "没有写明所在楼宇的年末企业名单，集聚度无从计算。" if len(table) == 0 else ""
    above = int(enough["is_above_chance"].sum())
    return paragraph(
        f"行业集聚度 {percent(known['value'].iloc[0])}（{known['scope'].iloc[0]}）",
        f"同样多的企业随机入驻，也会有 {percent(_by_firms(table))}",
        f"企业数足够的 {len(enough)} 幢中，{above} 幢明显高于随机",
    )


def _by_firms(table: pd.DataFrame) -> float:
    """Return the chance expectation averaged as the concentration is: every building by its firms."""
    known = table.dropna(subset=["expected_rate"])
    firms = known["firms"].astype(float)
    return float((known["expected_rate"].astype(float) * firms).sum() / firms.sum())


def chance_words(table: pd.DataFrame) -> str:
    """Say for firms, area and tax how many buildings are more than chance, from table ``concentration``.

    Adjusted for the number of buildings looked at; small buildings are said apart.
    """
    rows = table[(table["level"] == "building") & (table["index"] == "行业集聚度")]
    rows = rows.dropna(subset=["p_value"])
    if not len(rows):
        return ""
    texts = []
    for measure, own in rows.groupby("measure", sort=False):
        enough = own[~own["is_small"].astype(bool)]
        above = int(enough["is_above_chance"].astype(bool).sum())
        texts.append(f"按{measure} {above} 幢（共 {len(enough)} 幢）")
    small = rows[rows["measure"] == rows["measure"].iloc[0]]["is_small"].astype(bool)
    return paragraph(
        f"同时看许多楼，总有几幢碰巧偏高；扣除这一点后明显高于随机的：{'，'.join(texts)}",
        f"另有 {int(small.sum())} 幢不足 10 家企业，不下结论" if small.any() else "",
    )


def quotient_words(table: pd.DataFrame) -> str:
    """Say how often an industry is somewhere beyond chance, and the clearest cases with their intervals."""
    rows = table[(table["level"] == "building") & (table["index"] == "区位商")]
    rows = rows.dropna(subset=["value"])
    if not len(rows):
        return ""
    above = rows[rows["is_above_chance"].astype(bool) & ~rows["is_small"].astype(bool)]
    # Three firms of a rare industry are many times the district's share, but no cluster to speak of.
    named = above[above["n"] >= NAMED_FIRMS]
    named = named.sort_values(["ci_lo", "id", "industry"], ascending=[False, True, True])
    cases = [
        f"{row.name_}的{row.industry}（{int(row.n)} 家，是全区占比的 {row.value:.1f} 倍，"
        f"95% 区间 {row.ci_lo:.1f}—{row.ci_hi:.1f}）"
        for row in named.head(3).rename(columns={"name": "name_"}).itertuples()
    ]
    return paragraph(
        f"{len(rows):,} 个“楼宇×行业”中，{len(above)} 个明显多于随机",
        f"最突出的是{'、'.join(cases)}" if cases else "",
    )


def agglomeration_words(table: pd.DataFrame) -> str:
    """Say which industries gather in buildings beyond chance, by firms, and which do not."""
    rows = table[(table["index"] == "EG指数") & (table["measure"] == "企业数")].dropna(subset=["value"])
    rows = rows.sort_values(["value", "industry"], ascending=[False, True])
    if not len(rows):
        return ""
    is_above = rows["is_above_chance"].astype(bool)
    above, rest = rows.loc[is_above, "industry"], rows.loc[~is_above, "industry"]
    return paragraph(
        f"{len(above)} 个行业扎堆的程度明显高于随机，依次是{listed(above)}" if len(above) else "",
        f"{listed(rest)}看不出扎堆" if len(rest) else "",
    )


def coagglomeration_words(pairs: pd.DataFrame) -> str:
    """Say which industries share buildings more and which less than by chance."""
    if not len(pairs):
        return "不足两个行业或两幢楼，同楼与否无从比较。"
    strength = (pairs["value"] - pairs["expected"]).abs()
    pairs = pairs.assign(strength=strength).sort_values("strength", ascending=False, kind="stable")
    texts = []
    for finding, verb in (("多于随机", "常在同楼"), ("少于随机", "少见同楼")):
        own = pairs[pairs["finding"] == finding]
        names = [f"{row.industry}与{row.other_industry}" for row in own.head(3).itertuples()]
        texts.append(f"{len(own)} 对行业{verb}（最明显的是{'、'.join(names)}）" if names else "")
    known = [text for text in texts if text]
    rest = int((pairs["finding"] == "与随机无异").sum())
    return paragraph("，".join([*known, f"{rest} 对与随机无异"] if rest else known))


def shift_share_words(table: pd.DataFrame, measure: str = "税收") -> str:
    """Say of which street the growth is most and least its own, from ``industry_shift_share``."""
    rows = table[(table["level"] == "street") & (table["measure"] == measure)]
    rows = rows.dropna(subset=["growth_rate", "local_rate"])
    if len(rows) < 2:
        return ""
    best, worst = rows.loc[rows["local_rate"].idxmax()], rows.loc[rows["local_rate"].idxmin()]
    if _rounded(best["local_rate"]) == _rounded(worst["local_rate"]):
        return paragraph(f"各街道{measure}的增减与全区带动、行业结构给出的一致，看不出哪个街道自己更强或更弱")
    texts = [
        f"{row['id']}{measure}{_grew(row['growth_rate'])}，其中全区带动、行业结构、本地竞争力依次为 "
        + "、".join(_signed(row[part]) for part in ("district_rate", "mix_rate", "local_rate"))
        + " 个百分点"
        for row in (best, worst)
    ]
    return paragraph(f"本地竞争力最强的街道：{texts[0]}", f"最弱的：{texts[1]}")


def _grew(rate: float) -> str:
    """Return 增 or 降 and the rate; 持平 where it rounds to nothing."""
    rounded = _rounded(rate)
    return f"{'增' if rounded > 0 else '降'} {abs(rounded):.1f}%" if rounded else "持平"


def _signed(rate: float) -> str:
    """Return a part of a growth rate in points with its sign; what rounds to nothing has none."""
    rounded = _rounded(rate)
    return f"{rounded:+.1f}" if rounded else "0"


def _rounded(rate: float) -> float:
    return round(rate * 100, 1)
