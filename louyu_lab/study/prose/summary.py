"""What chapter 07 says: each chapter's findings in a sentence or two, and what could not be said and why."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.endings import ENDED_ZH
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.printing import printed_value
from louyu_lab.study.prose.numbers import listed, paragraph

#: Table -> what its chapter does not say.
_LIMITS = {
    "vacancy_accounting": "空置的成因：第三章说的是相关，只有政策一节满足条件的才说因果",
    "tax_forecast": "税收预测：只含现有楼宇的经常性税收，不含新投用的楼宇和今后的政策",
    "scenarios": "情景：退租、新租和增长像以往一样才成立，杠杆的先验不是本区的因果估计",
}


def chapter_words(summary: pd.DataFrame) -> list[str]:
    """Return a paragraph a chapter from table ``summary``: its numbers as printed, and where they stand."""
    texts = []
    for chapter, rows in summary.groupby("chapter", sort=False):
        sentences = [
            "，".join(f"{row.finding} {printed_value(row.value, row.unit)}" for row in part.itertuples())
            + f"（见“{TABLES[table].zh}”）"
            for table, part in rows.groupby("table", sort=False)
        ]
        texts.append(f"**{chapter}** {paragraph(*sentences)}")
    return texts


def status_words(ended: Sequence[tuple[str, str, str]]) -> str:
    """Say how many chapters ran; outside a run, that only the headline indicators can be given."""
    if not ended:
        return "这里没有前面各章的结果，核心数字直接由台账算出；各章的发现要用 `louyu run` 跑完整个研究才有。"
    done = sum(status == "done" for _, status, _ in ended)
    rest = [
        f"{title}（{reason}）" if reason else title for title, status, reason in ended if status != "done"
    ]
    return paragraph(
        f"前面 {len(ended)} 章，{ENDED_ZH['done']} {done} 章",
        f"没有结果的：{listed(rest, unit='章')}" if rest else "",
    )


def unsaid_words(
    lacking: pd.DataFrame, year: int, ended: Sequence[tuple[str, str, str]], summary: pd.DataFrame
) -> str:
    """List what the study cannot say, and for want of what.

    ``lacking`` is table ``missing_indicators``, ``summary`` the findings there are.
    """
    items = [f"{title}：{reason or ENDED_ZH[status]}" for title, status, reason in ended if status != "done"]
    now = lacking[lacking["year"] == year]
    for reason, names in now.groupby("reason", sort=False)["name_zh"]:
        items.append(f"{listed(names, most=6, unit='项')}：{reason}")
    if not ended:
        items.append("空置成因、税收预测、产业、情景：手工运行本章时没有前面各章的表")
    held = set(summary["table"])
    items += [text for name, text in _LIMITS.items() if name in held]
    if "tax_forecast" in held and not summary["finding"].str.contains("区间", regex=False).any():
        items.append("税收预测的区间：历史太短，不给")
    return "\n".join(f"- {item}" for item in items)
