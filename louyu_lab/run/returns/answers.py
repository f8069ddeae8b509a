"""What replies say: corrections, accepted faults, explanations; and where two replies contradict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: How a fault was answered: accepted as it is, or explained and left to decide.
ACCEPTED, OPEN = "接受", ""


@dataclass(frozen=True)
class Place:
    """A row of a ledger: the ledger's 中文名, its key, its file, sheet and Excel row."""

    ledger: str
    key: str
    file: str
    sheet: str
    row: int

    def __str__(self) -> str:
        """Say where, as a person would look for it."""
        sheet = f" {self.sheet}" if self.sheet else ""
        key = f"（{self.key}）" if self.key else ""
        return f"{self.file}{sheet} 第 {self.row} 行{key}"


@dataclass(frozen=True)
class Change:
    """A cell that came back changed; ``old`` as a person read it, ``new`` as it was typed."""

    place: Place
    field: str
    old: str
    new: object
    basis: str
    by: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """A fault answered in words; ``decision`` is ``ACCEPTED`` or ``OPEN``, ``source`` the reply's file."""

    place: Place
    severity: str
    rule: str
    column: str
    value: str
    decision: str
    note: str
    by: str
    source: str


@dataclass(frozen=True)
class Answers:
    """All that replies say. ``unanswered`` counts rows by street; ``remarks`` is what was not understood."""

    slips: int = 0
    changes: tuple[Change, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    unanswered: tuple[tuple[str, int], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered, in whatever way."""
        return not (self.changes or self.verdicts or self.remarks)


def joined(answers: Iterable[Answers]) -> Answers:
    """Return several replies as one; an answer given twice counts once, contradictions are taken out."""
    every = list(answers)
    changes = _once(change for one in every for change in one.changes)
    verdicts = _once(verdict for one in every for verdict in one.verdicts)
    changes, verdicts, said = _agreeing(changes, verdicts)
    counts: dict[str, int] = {}
    for region, count in (entry for one in every for entry in one.unanswered):
        counts[region] = counts.get(region, 0) + count
    return Answers(
        slips=sum(one.slips for one in every),
        changes=tuple(changes),
        verdicts=tuple(verdicts),
        unanswered=tuple(sorted(counts.items())),
        remarks=(*(remark for one in every for remark in one.remarks), *said),
    )


def _once(entries: Iterable) -> list:
    """Leave out answers that say what another has said; the first one stays."""
    kept = {}
    for entry in entries:
        kept.setdefault(_said(entry), entry)
    return list(kept.values())


def _said(entry: Change | Verdict) -> tuple:
    if isinstance(entry, Change):
        return "change", entry.place, entry.field, entry.old, str(entry.new)
    note = entry.note if entry.decision == OPEN else ""
    return "verdict", entry.place, entry.rule, entry.column, entry.value, entry.decision, note


def _agreeing(
    changes: list[Change], verdicts: list[Verdict]
) -> tuple[list[Change], list[Verdict], list[str]]:
    """Take out cells that came back with two values, or changed here and confirmed there, and say so."""
    remarks, torn = [], set()
    by_cell: dict[tuple, list[Change]] = {}
    for change in changes:
        by_cell.setdefault((change.place, change.field, change.old), []).append(change)
    for (place, field, _), several in by_cell.items():
        if len(several) > 1:
            torn.add((place, field))
            told = "，".join(f"“{change.source}”写 {change.new or '空白'}" for change in several)
            remarks.append(f"{place}“{field}”有两种答复：{told}。都没有采用，请与填表人核实后只留一份。")
    confirmed = {
        (verdict.place, verdict.column): verdict for verdict in verdicts if verdict.decision == ACCEPTED
    }
    for change in changes:
        cell = (change.place, change.field)
        if cell in confirmed and cell not in torn:
            torn.add(cell)
            remarks.append(
                f"{change.place}“{change.field}”有两种答复：“{change.source}”改为 {change.new or '空白'}，"
                f"“{confirmed[cell].source}”写属实。都没有采用，请与填表人核实后只留一份。"
            )
    kept = [change for change in changes if (change.place, change.field) not in torn]
    steady = [verdict for verdict in verdicts if (verdict.place, verdict.column) not in torn]
    return kept, steady, remarks
