"""What chapter 05 says of the recommenders' record: how many entrants they foresaw, and who did better."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.targets.holdout import EVERYBODY, LACKING, NEW, NEW_AMONG_NEW
from louyu_lab.analysis.industry.targets.recommenders import DEFAULT, OWN
from louyu_lab.analysis.industry.targets.record import ALL_YEARS
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent


def record_words(record: pd.DataFrame) -> str:
    """Say how many entrants each recommender foresaw and by how much the chosen one leads or trails.

    All entrants and the years in which another does better, those of new industries, and those of
    industries the building lacks (补链), with the rivals' figures each time.
    """
    rows = record[record["year"] == ALL_YEARS].set_index(["entrants", "recommender"])
    if not len(rows):
        return "企业台账看不出相邻两个年末之间谁新入驻，目标行业在本区准不准无从回测。"
    told = {name: rows.loc[name] for name in dict.fromkeys(rows.index.get_level_values("entrants"))}
    every, new = told[EVERYBODY], told.get(NEW_AMONG_NEW)
    count = {name: f"{int(table['n'].iloc[0]):,} 家次" for name, table in told.items()}
    best = every["recall"].idxmax()
    behind = f"本区历年以“{best}”最准，但仍采用“{DEFAULT}”，因为它在外地真实登记数据上最好"
    sentences = [
        f"用上年末的名单给每幢楼定三个目标行业，看下一年谁来：{count[EVERYBODY]}新入驻企业中，{_rivals(every)}",
        _verdict(every),
        "" if best == DEFAULT else behind,
        _other_years(record),
    ]
    if new is not None:
        # With targets among what a building lacks altogether, its own mix ranks as the district's does.
        sentences += [
            f"其中 {count[NEW]}的行业是楼里原来没有的，三个目标照旧时，{_rivals(told[NEW])}",
            _verdict(told[NEW]),
            f"只从没有的行业里荐三个，{_rivals(new.drop(OWN, errors='ignore'))}",
            _verdict(new.drop(OWN, errors="ignore")),
        ]
    if LACKING in told:
        sentences += [
            f"{count[LACKING]}的行业在楼里低于全区占比，只从这类行业里荐一个（补链），{_rivals(told[LACKING])}",
            _verdict(told[LACKING]),
        ]
    return paragraph(*sentences)


def _rivals(rows: pd.DataFrame) -> str:
    """The recall of each recommender (index), the chosen one first and with its interval."""
    own = rows.loc[DEFAULT]
    interval = (
        f"（95%区间 {percent(own['lo'])}—{percent(own['hi'])}）"
        if is_known(own["lo"])
        else "（楼宇太少，不作区间）"
    )
    others = "、".join(f"“{name}” {percent(row['recall'])}" for name, row in rows.drop(DEFAULT).iterrows())
    return f"“{DEFAULT}”猜中 {percent(own['recall'])}{interval}，{others}"


def _verdict(rows: pd.DataFrame) -> str:
    """Which rivals do better beyond chance, and which cannot be told apart from the chosen one."""
    others = rows.drop(DEFAULT).dropna(subset=["lead_lo", "lead_hi"])
    better = others[others["lead_hi"] < 0]
    alike = others[(others["lead_lo"] <= 0) & (others["lead_hi"] >= 0)]
    names = {
        "better": "、".join(f"“{at}”" for at in better.index),
        "alike": "、".join(f"“{at}”" for at in alike.index),
    }
    return "；".join(
        part
        for part in (
            f"{names['better']}更准，“{DEFAULT}”不如" if len(better) else "",
            f"与{names['alike']}不相上下（差距的95%区间含 0）" if len(alike) else "",
        )
        if part
    )


def _other_years(record: pd.DataFrame) -> str:
    """The years in which another recommender foresaw more of all entrants than the chosen one."""
    rows = record[(record["entrants"] == EVERYBODY) & (record["year"] != ALL_YEARS)]
    found = rows.pivot(index="year", columns="recommender", values="recall")
    behind = found[found.max(axis=1) > found[DEFAULT]] if len(found) else found
    if not len(behind):
        return ""
    named = [
        f"{year} 年“{row.idxmax()}”（{percent(row.max())}，“{DEFAULT}” {percent(row[DEFAULT])}）"
        for year, row in behind.iterrows()
    ]
    return f"{len(found)} 年中 {len(behind)} 年另有方法更准：" + listed(named, 4, "年")
