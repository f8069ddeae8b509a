"""Reading ``复核.xlsx``: what people decided on doubtful buildings, enterprises, industries and faults.

A decision speaks of a spelling, an enterprise or a fault, never of a file or a row, so that it holds next
year. What it means is found out where buildings, enterprises and industries are known: ``settled`` then
lists what cannot be and what contradicts itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pandas as pd

from louyu_lab.ledgers.faults import FaultLog, rules
from louyu_lab.ledgers.files import RawSheet
from louyu_lab.ledgers.model import DECISION_COLUMNS, listed
from louyu_lab.ledgers.review.books import Record, records, review_sheets
from louyu_lab.ledgers.texts import folded, nearest

FILE = "复核.xlsx"

#: The sheets, which are the kinds of decisions.
BUILDINGS, ENTERPRISES, INDUSTRIES, FAULTS = "楼宇", "企业", "行业", "问题"

#: Sheet -> its headings in the order in which a new workbook is laid out.
HEADINGS = {
    BUILDINGS: ("写法", "决定", "说明", "经办人"),
    ENTERPRISES: ("写法", "决定", "说明", "经办人"),
    INDUSTRIES: ("企业名称", "统一社会信用代码", "决定", "说明", "经办人"),
    FAULTS: ("规则", "对象", "列", "值", "决定", "说明", "经办人"),
}

#: Headings without which a sheet cannot be used; the rest may be absent.
REQUIRED = {
    BUILDINGS: ("写法", "决定"),
    ENTERPRISES: ("写法", "决定"),
    INDUSTRIES: ("企业名称", "决定"),
    FAULTS: ("规则", "对象", "决定"),
}

#: Headings that repeat what stands in a ledger, sign for sign.
_AS_WRITTEN = ("统一社会信用代码", "值")

#: What a decision comes to; two that differ contradict each other.
Answer = TypeVar("Answer", bound=Hashable)

#: Decisions with a meaning of their own: not one of ours, and a fault taken as it is.
NOT_IT, ACCEPT = "不是", "接受"


@dataclass(frozen=True)
class Decision:
    """One decision; ``subject`` is the spelling, the enterprise's name or the 对象 of a fault."""

    kind: str
    subject: str
    decision: str
    note: str = ""
    code: str = ""
    rule: str = ""
    column: str = ""
    value: str = ""
    sheet: str = ""
    row: int = 0

    @property
    def key(self) -> str:
        """What two decisions on the same thing share."""
        parts = (self.rule, self.subject, self.code, self.column, self.value)
        return "|".join(map(folded, parts))


class Undecided(ValueError):
    """What a decision names is not there; the message says more, and may be empty."""


@dataclass
class Decisions:
    """The decisions of a folder, and which of them met something in its ledgers."""

    listed: list[Decision] = field(default_factory=list)
    used: set[Decision] = field(default_factory=set)

    def of(self, kind: str) -> list[Decision]:
        """Return the decisions of one sheet."""
        return [decision for decision in self.listed if decision.kind == kind]

    def note_use(self, kind: str, subjects: Iterable[str]) -> None:
        """Remember that ``subjects`` (folded) occur in the ledgers."""
        met = set(subjects)
        self.used |= {decision for decision in self.of(kind) if folded(decision.subject) in met}

    def frame(self) -> pd.DataFrame:
        """Return the decisions as ``DECISION_COLUMNS``, in the order of the workbook."""
        rows = [
            {name: getattr(decision, name) for name in DECISION_COLUMNS[:-1]}
            | {"used": decision in self.used}
            for decision in self.listed
        ]
        return listed(DECISION_COLUMNS, rows)


def read_decisions(folder: Path, log: FaultLog) -> Decisions:
    """Return the decisions of ``复核.xlsx``; those left blank are passed over, faulty ones listed."""
    found = []
    for raw in review_sheets(folder, FILE, log):
        kind = raw.sheet.strip()
        if kind in HEADINGS:
            found += _decisions(raw, kind, log)
        elif any(cell == "决定" for row in raw.cells[:10] for cell in row):
            log.add("review-unreadable", FILE, raw.sheet, values=f"工作表名应为 {'、'.join(HEADINGS)} 之一")
    return Decisions(found)


def settled(
    given: Iterable[Decision], answer: Callable[[Decision], Answer], log: FaultLog
) -> dict[str, Answer]:
    """Return key -> what is decided; ``answer`` raises Undecided for a decision that names nothing.

    Such decisions are listed and left out, and so are those that contradict each other.
    """
    answers: dict[str, list[tuple[Decision, Answer]]] = {}
    for decision in given:
        try:
            answers.setdefault(decision.key, []).append((decision, answer(decision)))
        except Undecided as why:
            _list("decision-unknown", decision, log, str(why))
    sure = {}
    for key, pairs in answers.items():
        if len({found for _, found in pairs}) == 1:
            sure[key] = pairs[0][1]
        else:
            for decision, _ in pairs:
                _list("decision-contradictory", decision, log)
    return sure


def _list(rule: str, decision: Decision, log: FaultLog, why: str = "") -> None:
    said = f"{decision.subject or decision.code} → {decision.decision}{why}"
    log.add(rule, FILE, decision.sheet, decision.row, "决定", said)


def _decisions(raw: RawSheet, kind: str, log: FaultLog) -> list[Decision]:
    headings = [heading for heading in HEADINGS[kind] if heading != "经办人"]
    found = []
    for record in records(raw, headings, REQUIRED[kind], log) or []:
        if not record.text("决定"):
            continue
        record.note_personal(FILE, [name for name in headings if name not in _AS_WRITTEN], log)
        decision = _decision(record, kind)
        if wrong := _wrong(decision):
            log.add("decision-invalid", FILE, raw.sheet, record.row, values=wrong)
        else:
            found.append(decision)
    return found


def _decision(record: Record, kind: str) -> Decision:
    subject = {INDUSTRIES: "企业名称", FAULTS: "对象"}.get(kind, "写法")
    return Decision(
        kind=kind,
        subject=record.discreet(subject),
        decision=record.discreet("决定"),
        note=record.discreet("说明"),
        code=record.text("统一社会信用代码"),
        rule=_rule_named(record.discreet("规则")),
        column=record.text("列"),
        value=record.text("值"),
        sheet=record.sheet,
        row=record.row,
    )


def _rule_named(text: str) -> str:
    """Return a rule's Chinese text, given that or its key."""
    return rules()[text].zh if text in rules() else text


def _wrong(decision: Decision) -> str:
    """Say why a decision cannot be used at all; empty where it can."""
    if decision.kind != FAULTS:
        return "" if decision.subject or decision.code else "没有写所指的对象"
    known = {rule.zh: rule.severity for rule in rules().values()}
    if decision.rule not in known:
        return f"没有规则“{decision.rule}”{nearest(decision.rule, known)}"
    if known[decision.rule] == "fatal":
        return f"“{decision.rule}”是致命问题，不能接受"
    return "" if decision.decision == ACCEPT else f"问题只能决定“{ACCEPT}”，不是“{decision.decision}”"
