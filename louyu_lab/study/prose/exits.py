"""What chapter 03 says of tenants who leave: how long they stay, who leaves sooner, what may go next year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.exits.at_risk import LEVEL as RANGE_LEVEL
from louyu_lab.analysis.vacancy.exits.hazard import DRIVERS_ZH, ExitModel
from louyu_lab.analysis.vacancy.exits.spells import Spells
from louyu_lab.analysis.vacancy.exits.survival import (
    BY_SECTOR,
    EVERYBODY,
    FEWEST_EXITS,
    FEWEST_SPELLS,
    HORIZONS,
)
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, sqm, yuan


def spells_words(spells: Spells) -> str:
    """Say what the enterprise ledger shows of who came and left, or why nothing can be said."""
    if spells.refused:
        return paragraph(f"企业退租没有估计：{spells.refused}")
    source = "逐年名单" if spells.is_yearly else "迁入迁出日期"
    late = int((spells.frame["entry_years"] > 0).sum())
    moved = int(spells.frame["moved_on"].sum())
    seen = f"看到 {len(spells.frame):,} 段入驻，其中 {spells.exits:,} 段以迁出结束"
    return paragraph(
        f"按{source}，{spells.since}—{spells.until} 年{seen}",
        f"迁出的有 {percent(moved / spells.exits)}搬到区内别的楼，对楼是退租，对区不是流失" if moved else "",
        f"{late:,} 段早在台账之前就已入驻，此前同期迁走的企业台账里没有，所以从台账起始才开始计数"
        if late
        else "",
        f"{spells.unknown_start:,} 段没有迁入日期，未计" if spells.unknown_start else "",
        f"{listed(spells.silent)}只列在驻企业，没有一户迁出，看来迁出未登记，未计" if spells.silent else "",
    )


def stay_words(survival: pd.DataFrame) -> str:
    """Say how long tenants stay, and which industries stay longest and shortest."""
    everybody = survival[survival["group"] == EVERYBODY]
    if not len(everybody):
        return ""
    row = everybody.iloc[0]
    left = [
        f"满 {years} 年的有 {percent(row[f'rate_{years}'])}（{_range(row, years)}）"
        for years in HORIZONS
        if is_known(row[f"rate_{years}"])
    ]
    middle = ""
    if is_known(row["median_years"]):
        middle = f"一半企业在入驻 {row['median_years']:.1f} 年内迁出"
    elif is_known(row["observed_years"]) and row["observed_years"] > 0:
        middle = f"到可观察的 {row['observed_years']:.1f} 年为止，迁出的还不到一半"
    sectors = survival[survival["grouping"] == BY_SECTOR].dropna(subset=["rate_3"])
    apart = ""
    if len(sectors) > 1:
        ranked = sectors.sort_values("rate_3", ascending=False)
        first, last = ranked.iloc[0], ranked.iloc[-1]
        most, least = (
            f"{_sector(row['group'])}最{word}，为 {percent(row['rate_3'])}（{_range(row, 3)}）"
            for row, word in ((first, "高"), (last, "低"))
        )
        apart = f"满 3 年仍在的，{most}，{least}"
    small = f"不足 {FEWEST_SPELLS} 段入驻或 {FEWEST_EXITS} 户迁出的行业并入其余行业，仍不足的不列"
    return paragraph(
        f"入驻后仍在原楼的：{'，'.join(left)}；括号内为 {LEVEL:.0%}区间" if left else "",
        middle,
        apart,
        small if len(sectors) else "",
    )


def hazard_words(model: ExitModel, hazard: pd.DataFrame) -> str:
    """Say the yearly exit rate, and which kinds of tenants differ beyond their interval."""
    if model.fit is None:
        # Without a tenant-year the spells have told the reason already.
        return paragraph(f"退租率没有分行业、面积估计：{model.refused}") if len(model.rows) else ""
    rows = model.rows["is_exit"]
    told = hazard[(hazard["driver"] != DRIVERS_ZH["exit_year"]) & hazard["effect_pp"].notna()]
    apart = told[(told["lo_pp"] > 0) | (told["hi_pp"] < 0)]
    apart = apart.assign(size=apart["effect_pp"].abs()).sort_values("size", ascending=False).head(6)
    found = "；".join(_effect(row, hazard) for row in apart.itertuples())
    counts = f"{len(rows):,} 户次中 {int(rows.sum()):,} 户"
    return paragraph(
        f"年初在驻的企业，当年迁出的平均占 {percent(rows.mean())}（{counts}）",
        f"其他特征相同时，与退租率相关的：{found}；括号内为 {LEVEL:.0%}区间" if found else "",
        "其他特征相同时，各类企业的退租率看不出差别" if len(told) and not found else "",
        f"{'；'.join(model.left_out)}" if model.left_out else "",
    )


def at_risk_words(by_building: pd.DataFrame, year: int, most: int = 5) -> str:
    """Say how many tenants, how much area and tax may go within a year, and from which buildings."""
    whole = by_building[by_building["level"] == "district"]
    if not len(whole):
        return ""
    row = whole.iloc[0]
    amounts = [f"约 {row['expected_exits']:,.0f} 户（{row['lo_exits']:,.0f}—{row['hi_exits']:,.0f} 户）"]
    if is_known(row["expected_area_sqm"]):
        ends = f"{sqm(row['lo_area_sqm'])}—{sqm(row['hi_area_sqm'])}"
        amounts.append(f"退出面积 {sqm(row['expected_area_sqm'])}（{ends}）")
    if is_known(row["expected_tax_yuan"]):
        ends = f"{yuan(row['lo_tax_yuan'])}—{yuan(row['hi_tax_yuan'])}"
        amounts.append(f"涉及税收 {yuan(row['expected_tax_yuan'])}（{ends}）")
    buildings = by_building[by_building["level"] == "building"].dropna(subset=["expected_area_sqm"])
    first = buildings.nlargest(most, "expected_area_sqm")
    named = [f"{row.building} {sqm(row.expected_area_sqm)}" for row in first.itertuples()]
    return paragraph(
        f"{year} 年末在驻 {row['tenants']:,.0f} 户，按往年平均的退租水平，一年内预计退租{'，'.join(amounts)}",
        f"括号内为 {RANGE_LEVEL:.0%}区间，含年份好坏和偶然",
        f"预计退出面积最多的是{'、'.join(named)}" if len(buildings) > 1 else "",
        "名单按预计随迁税收排列，看的是损失多少，不是断定谁会走；迁到区内别的楼的也在内",
    )


def _range(row: pd.Series, years: int) -> str:
    lo, hi = row[f"lo_{years}"], row[f"hi_{years}"]
    return f"{lo * 100:.1f}—{hi * 100:.1f}" if is_known(lo, hi) else "无区间"


def _effect(row: object, hazard: pd.DataFrame) -> str:
    word = "高" if row.effect_pp > 0 else "低"
    ends = np.sort(np.abs([row.lo_pp, row.hi_pp]))
    size = f"{word} {abs(row.effect_pp):.1f} 个百分点（{ends[0]:.1f}—{ends[1]:.1f}）"
    if not row.level:
        return f"{row.driver}，{size}"
    against = hazard[(hazard["driver"] == row.driver) & hazard["is_reference"]]["level"].iloc[0]
    if row.driver == DRIVERS_ZH["sector"]:
        return f"{_sector(row.level)}比{_sector(against)}{size}"
    return f"{row.driver}{row.level}比{against}{size}"


def _sector(name: str) -> str:
    return "其他行业" if name == "其他" else name
