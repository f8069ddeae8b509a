"""What chapter 05 says of addresses and of registration hubs."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.hubs import (
    AS_BUILDING,
    FIRMS_A_ROOM,
    NAMED,
    NO_ADDRESS,
)
from louyu_lab.ledgers.places.matching import BOTH, BY_NAME, BY_NUMBER, DOUBTFUL, KEY_ONLY, UNTOLD
from louyu_lab.study.prose.numbers import listed, paragraph, percent


def address_words(table: pd.DataFrame) -> str:
    """Say how the buildings of the enterprise ledger's rows are known, from table ``address_matches``."""
    if table.empty:
        return "没有企业台账，所在楼宇无从说起。"
    rows = table.set_index("how")["tenancies"]
    total, by_address = int(rows.sum()), int(rows.reindex([BOTH, BY_NUMBER, BY_NAME]).sum())
    known = int(rows.reindex([NAMED, AS_BUILDING]).sum()) + by_address
    outside = {
        "只得到地点、对不上楼宇的": KEY_ONLY,
        "存疑、待复核的": DOUBTFUL,
        "地址不足以判断的": UNTOLD,
        "连地址也没有的": NO_ADDRESS,
    }
    left = [f"{words} {int(rows[how]):,} 行" for words, how in outside.items() if how in rows.index]
    return paragraph(
        f"企业台账 {total:,} 行，{known:,} 行（{percent(known / total)}）知道在哪幢楼",
        f"其中 {by_address:,} 行是按地址对应到楼宇台账的" if by_address else "",
        f"没有楼宇台账，{int(rows[AS_BUILDING]):,} 行按门牌或楼名归并成楼"
        if AS_BUILDING in rows.index
        else "",
        f"其余按楼外企业处理：{'，'.join(left)}" if left else "",
    )


def hub_words(hubs: pd.DataFrame) -> str:
    """Say which places are registration hubs and how not to read them, from table ``registration_hubs``."""
    if hubs.empty:
        return f"没有发现注册型集聚（同一房间 {FIRMS_A_ROOM} 家以上，或地址写明集群注册、托管）。"
    names = hubs["building"].astype("object").fillna(hubs["place"])
    said = [
        f"{name}{room}（{firms:,} 家，占该处 {percent(share)}）"
        for name, room, firms, share in zip(
            names, hubs["room"], hubs["firms"], hubs["share_firms"], strict=True
        )
    ]
    return paragraph(
        f"有 {len(hubs)} 处疑似注册型集聚：{listed(said, 5, '处')}",
        "这些企业多半只在此登记，不在此办公；它们的行业构成不能当作产业集聚来读",
    )
