"""What chapter 01 says: what was read, what is wrong, what is missing."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import sets_aside
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review.outcomes import OUTCOME_ZH
from louyu_lab.study.prose.numbers import listed, paragraph, yuan

#: What a missing ledger takes away from the study.
_WITHOUT = {
    "buildings": "没有楼宇台账，楼宇规模、入驻和税收无从计算",
    "occupancy": "没有运营台账，入驻率、空置和净吸纳无从计算",
    "tenancies": "没有企业台账，行业构成、注册率和迁入迁出无从计算",
    "taxes": "没有税收台账，税收梯次、单位面积税收和增长分解无从计算",
    "idle": "没有闲置资源台账，闲置一节从略",
    "pipeline": "没有在建台账，供应一节从略",
    "district": "没有区级总量，楼宇税收占全区的比重无从计算",
    "registrations": "没有注册名单，三方比对改用企业台账的“区内注册”",
}


def read_words(ledgers: Ledgers) -> str:
    """Say how many files, ledgers and rows were read."""
    names = [ledger.zh for name, ledger in catalogue().items() if ledgers.has(name)]
    rows = sum(len(ledgers[name]) for name in catalogue() if ledgers.has(name))
    years = ledgers.years
    span = (
        f"，数据年份 {years[0]}—{years[-1]}" if len(years) > 1 else f"，数据年份 {years[0]}" if years else ""
    )
    return paragraph(
        f"读入 {len(ledgers.inputs)} 个文件、{len(names)} 种台账（{listed(names, 12)}），共 {rows:,} 行{span}"
    )


def fault_words(faults: pd.DataFrame) -> str:
    """Say how many faults of each severity there are, and what becomes of their rows."""
    count = faults["severity"].value_counts()
    if len(faults) == 0:
        return "没有发现问题。"
    fatal, errors, warnings = (int(count.get(name, 0)) for name in ("fatal", "error", "warning"))
    pairs = zip(faults["rule"], faults["severity"], strict=True)
    aside = sum(sets_aside(rule, severity) for rule, severity in pairs)
    return paragraph(
        f"有 {fatal} 处致命问题，相关文件没有读入" if fatal else "",
        f"有 {aside} 处错误，所在的行已搁置，不进入后面各章" if aside else "",
        "没有错误，没有一行被搁置" if not errors else "",
        f"另有 {errors - aside} 处错误不在台账的行里，所写的内容没有使用" if errors > aside else "",
        f"另有 {warnings} 处提醒，照常使用" if warnings else "",
    )


def missing_words(ledgers: Ledgers) -> str:
    """List the ledgers that are missing and what that costs, as a Markdown list."""
    lines = [f"- {text}。" for name, text in _WITHOUT.items() if not ledgers.has(name)]
    return "\n".join(lines) if lines else "各主要台账齐全。"


def review_words(ledgers: Ledgers) -> str:
    """Say what became of the corrections and decisions, as a Markdown list; "" where there are none."""
    entries, decisions = ledgers.corrections["outcome"], ledgers.decisions
    unused = decisions[~decisions["used"]]
    counts = [(zh, int((entries == outcome).sum())) for outcome, zh in OUTCOME_ZH.items()]
    said = "，".join(f"{zh} {count} 处" for zh, count in counts if count)
    lines = [
        f"更正 {len(entries)} 处：{said}" if len(entries) else "",
        f"接受了 {len(ledgers.accepted)} 处问题，不再列入问题清单" if len(ledgers.accepted) else "",
        _decided(decisions, unused) if len(decisions) else "",
    ]
    return "\n".join(f"- {line}。" for line in lines if line)


def _decided(decisions: pd.DataFrame, unused: pd.DataFrame) -> str:
    said = f"复核决定 {len(decisions)} 项，用上 {len(decisions) - len(unused)} 项"
    if unused.empty:
        return said
    names = [subject or rule for subject, rule in zip(unused["subject"], unused["rule"], strict=True)]
    return f"{said}；没有遇到的 {len(unused)} 项（{listed(names, 5)}），可以留着明年用"


def reconciliation_words(table: pd.DataFrame) -> str:
    """Say how many firms agree in all three lists, and the groups to look into with the tax at stake."""
    sides = table[["in_tenancies", "in_taxes", "in_registrations"]]
    outside = table["group"].str.contains("楼外")
    agree = sides.fillna(False).astype(bool).all(axis=1) & ~outside
    odd = table[~agree & ~outside & sides.notna().all(axis=1)]
    pieces = [f"{row.group} {int(row.firms):,} 家{_at_stake(row.tax_yuan)}" for row in odd.itertuples()]
    return paragraph(
        f"楼内企业三方一致的 {int(table.loc[agree, 'firms'].sum()):,} 家" if agree.any() else "",
        f"需要核对的：{'；'.join(pieces)}" if pieces else "",
        f"楼外企业 {int(table.loc[outside, 'firms'].sum()):,} 家，属正常" if outside.any() else "",
    )


def _at_stake(tax_yuan: float) -> str:
    return f"（涉税 {yuan(tax_yuan)}）" if tax_yuan == tax_yuan and tax_yuan else ""
