"""What chapter 02 says of idle space: how much, how it meets the vacancy, what has changed."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.idle import KEY_FLOOR_SQM
from louyu_lab.analysis.idle_accounts import (
    ADDED,
    BEYOND,
    CLOSING,
    GONE,
    LEDGER,
    LET,
    MATCHED,
    OPENING,
    OUTSIDE,
    TOTAL,
    UNLISTED,
    VACANCY,
    WRITTEN_OFF,
)
from louyu_lab.study.prose.numbers import is_known, paragraph, percent, sqm


def idle_words(by_type: pd.DataFrame, key: pd.DataFrame) -> str:
    """Say how much space is idle, of which type most, and what the large ones make up.

    Where ``in_stock`` of ``key`` is unknown throughout, nothing is said of the buildings in stock.
    """
    if len(by_type) == 0:
        return ""
    spaces, whole, first = by_type["spaces"].sum(), by_type["idle_area_sqm"].sum(), by_type.iloc[0]
    text = f"普查闲置 {int(spaces)} 处、{sqm(whole)}"
    most = f"{first['space_type']}最多，占 {percent(first['share_idle'])}"
    large = ""
    if len(key):
        large = f"{KEY_FLOOR_SQM:,.0f}㎡以上的重点闲置 {len(key)} 处、{sqm(key['idle_area_sqm'].sum())}"
        if key["in_stock"].notna().any():
            inside = key[key["in_stock"].fillna(False).astype(bool)]
            large += f"，其中在册楼宇内 {len(inside)} 处、{sqm(inside['idle_area_sqm'].sum())}"
    return paragraph(f"{text}，{most}", large)


def bridge_words(bridge: pd.DataFrame) -> str:
    """Say from table ``idle_bridge`` how the idle ledger meets the vacancy, and why it is no vacancy rate."""
    if len(bridge) == 0:
        return ""
    by = bridge.set_index(["side", "item"])
    area, rate = by["area_sqm"], by["share_rentable"]
    ledger = area[(LEDGER, TOTAL)]
    outside = area[LEDGER][area[LEDGER].index.str.startswith(OUTSIDE)].sum()
    if (VACANCY, TOTAL) not in by.index or not is_known(ledger):
        return "没有入驻数据或闲置面积，闲置台账无从与楼宇空置面积衔接。"
    matched, vacant = area.get((LEDGER, MATCHED), 0.0), area[(VACANCY, TOTAL)]
    head = (
        f"在用楼宇空置 {sqm(vacant)}，其中 {sqm(matched)}列入闲置台账，{sqm(area[(VACANCY, UNLISTED)])}未列入"
    )
    unlike = (
        f"闲置台账合计 {sqm(ledger)}，其中楼宇以外 {sqm(outside)}"
        f"：合计相当于可租售面积的 {percent(rate[(LEDGER, TOTAL)])}，但分子含楼宇以外的空间、"
        f"不含未列入台账的空置，不是空置率；空置率为 {percent(rate[(VACANCY, TOTAL)])}"
    )
    beyond = ""
    if (LEDGER, BEYOND) in by.index:
        beyond = (
            f"有 {int(by.loc[(LEDGER, BEYOND), 'buildings'])} 幢楼的闲置面积超过空置面积，"
            f"共超出 {sqm(area[(LEDGER, BEYOND)])}，请核对面积口径和填报时间"
        )
    return paragraph(head, unlike, beyond)


def idle_change_words(changes: pd.DataFrame) -> str:
    """Say what was added to the idle ledger and let since the census before."""
    if len(changes) == 0:
        return ""
    by = changes.set_index("entry")
    pieces = [
        f"{entry} {int(row.spaces)} 处、{_finely(abs(row.area_sqm))}"
        for entry, row in by.loc[[ADDED, LET, WRITTEN_OFF, GONE]].iterrows()
        if row.spaces
    ]
    first, last = by.loc[OPENING], by.loc[CLOSING]
    ends = f"闲置由 {_finely(first.area_sqm)}变为 {_finely(last.area_sqm)}"
    text = f"与 {changes['from_year'].iloc[0]} 年普查相比，{ends}"
    let = by.loc[LET]
    rate = f"盘活率 {percent(abs(let.share_opening))}（盘活面积 ÷ 期初闲置面积）" if let.spaces else ""
    return paragraph("：".join([text, "，".join(pieces)]) if pieces else text, rate)


def _finely(area_sqm: float) -> str:
    """Return an area as ``sqm`` does but with two decimals: an entry may be a tenth of a 万㎡."""
    return f"{area_sqm / 1e4:,.2f} 万㎡" if area_sqm >= 1000 else sqm(area_sqm)
