"""What chapter 02 says of targets, and of the indicators that cannot be computed."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import codes_by_name
from louyu_lab.analysis.targets import (
    ACHIEVED,
    BEHIND,
    LEADING,
    NO_BASE,
    NO_VALUE,
    NOT_BEGUN,
    ON_TRACK,
    UNKNOWN,
)
from louyu_lab.ledgers.texts import nearest
from louyu_lab.study.prose.numbers import listed, paragraph


def missing_words(lacking: pd.DataFrame) -> str:
    """Name the indicators that the ledgers do not allow, by what they lack."""
    by_reason = lacking.groupby("reason", sort=False)["name_zh"]
    pieces = [f"{reason}的有{listed(names, most=4, unit='项')}" for reason, names in by_reason]
    return paragraph(f"另有 {len(lacking)} 项指标算不出：{'；'.join(pieces)}") if pieces else ""


def target_words(core: pd.DataFrame, year: int) -> str:
    """Say how many targets are reached, ahead, on track or behind, and which names nobody knows.

    ``core`` has one target an indicator.
    """
    aimed = core[core["target_year"].notna()]
    if len(aimed) == 0:
        return "没有目标文件（targets.yaml），只列现值。"
    unknown = _unknown_words(aimed.loc[aimed["status"] == UNKNOWN, "name_zh"])
    rows = aimed[~aimed["status"].isin([NO_VALUE, UNKNOWN])]
    if len(rows) == 0:
        return paragraph("各项目标都没有现值可比", unknown)
    aims = "、".join(str(int(aim)) for aim in sorted(rows["target_year"].unique()))
    if (rows["base_year"] == year).all():
        return paragraph(f"{year} 年是基期，{aims} 年目标 {len(rows)} 项，增量完成率从 0 起算", unknown)
    count = rows["status"].value_counts()
    order = (ACHIEVED, LEADING, ON_TRACK, BEHIND, NOT_BEGUN, NO_BASE)
    parts = [f"{status} {int(count[status])} 项" for status in order if status in count]
    behind = rows.loc[rows["status"] == BEHIND, "name_zh"]
    return paragraph(
        f"{aims} 年目标 {len(rows)} 项：{'，'.join(parts)}",
        f"滞后的是{listed(behind, unit='项')}" if len(behind) else "",
        unknown,
    )


def _unknown_words(names: pd.Series) -> str:
    """Name the targets that no indicator is called after, each with the name it may have meant."""
    said = [name + nearest(name, codes_by_name()) for name in names]
    return f"targets.yaml 里认不出的指标：{listed(said, unit='项')}" if said else ""
