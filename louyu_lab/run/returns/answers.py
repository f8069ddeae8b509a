"""What replies say: corrections, accepted faults, explanations; and where two replies contradict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from louyu_lab.ledgers.review.corrections import WHOLE_ROW

#: How a fault was answered: accepted as it is, or explained and left to decide.
ACCEPTED, OPEN = "接受", ""


@dataclass(frozen=True)
class Place:
    """A row of a ledger: the ledger's 中文名, its key, its file, sheet and Excel row.

    ``period`` is the one it reports on, "" where it reports on none.
    """

    ledger: str
    key: str
    file: str
    sheet: str
    row: int
    period: str = ""

    @property
    def dated_key(self) -> str:
        """The key with the period: what holds of a row in one year does not hold in the next."""
        return "；".join(part for part in (self.key, self.period) if part)

    @property
    def spot(self) -> tuple[str, str, int]:
        """File, sheet and Excel row."""
        return self.file, self.sheet, self.row

    def __str__(self) -> str:
        """Say where, as a person would look for it."""
        sheet = f" {self.sheet}" if self.sheet else ""
        key = f"（{self.dated_key}）" if self.dated_key else ""
        return f"{self.file}{sheet} 第 {self.row} 行{key}"


@dataclass(frozen=True)
class Change:
    """A cell that came back changed; ``old`` as a person read it, ``new`` as it was typed.

    ``was_doubted`` tells a cell that was asked about from one that nobody had asked about.
    """

    place: Place
    field: str
    old: str
    new: object
    basis: str
    by: str
    source: str
    was_doubted: bool = True

    @property
    def deletes(self) -> bool:
        """Whether the whole row is to be taken out."""
        return self.field == WHOLE_ROW


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
class Decided:
    """A row of a 复核.xlsx that came back filled in: its sheet, its texts by heading, the file."""

    kind: str
    texts: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True)
class Answers:
    """All that replies say. ``unanswered`` counts rows by street; ``remarks`` is what was not understood."""

    slips: int = 0
    changes: tuple[Change, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    decided: tuple[Decided, ...] = ()
    unanswered: tuple[tuple[str, int], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered, in whatever way."""
        return not (self.changes or self.verdicts or self.decided or self.remarks)


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
        decided=tuple(entry for one in every for entry in one.decided),
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
    changes, verdicts, remarks = _without_half_deleted(changes, verdicts)
    torn = set()
    by_cell: dict[tuple, list[Change]] = {}
    for change in changes:
        by_cell.setdefault((_cell(change), change.old), []).append(change)
    for (cell, _), several in by_cell.items():
        if len(several) > 1:
            torn.add(cell)
            told = "，".join(f"“{change.source}”写 {change.new or '空白'}" for change in several)
            remarks.append(
                f"{several[0].place}“{several[0].field}”有两种答复：{told}。"
                "都没有采用，请与填表人核实后只留一份。"
            )
    confirmed = {_cell(verdict): verdict for verdict in verdicts if verdict.decision == ACCEPTED}
    for change in changes:
        cell = _cell(change)
        if cell in confirmed and cell not in torn:
            torn.add(cell)
            remarks.append(
                f"{change.place}“{change.field}”有两种答复：“{change.source}”改为 {change.new or '空白'}，"
                f"“{confirmed[cell].source}”写属实。都没有采用，请与填表人核实后只留一份。"
            )
    kept = [change for change in changes if _cell(change) not in torn]
    steady = [verdict for verdict in verdicts if _cell(verdict) not in torn]
    return kept, steady, remarks


def _cell(entry: Change | Verdict) -> tuple[object, ...]:
    return *entry.place.spot, entry.field if isinstance(entry, Change) else entry.column


def _without_half_deleted(
    changes: list[Change], verdicts: list[Verdict]
) -> tuple[list[Change], list[Verdict], list[str]]:
    """Take out rows that one reply deletes and another mends or confirms, and say so."""
    deleted = {change.place.spot: change for change in changes if change.deletes}
    kept_on = {entry.place.spot: entry for entry in verdicts if entry.decision == ACCEPTED}
    kept_on |= {change.place.spot: change for change in changes if not change.deletes}
    torn = deleted.keys() & kept_on.keys()
    remarks = [
        f"{change.place}有两种答复：“{change.source}”写删除，“{kept_on[spot].source}”有改动或写属实。"
        "都没有采用，请与填表人核实后只留一份。"
        for spot, change in deleted.items()
        if spot in torn
    ]
    return (
        [change for change in changes if change.place.spot not in torn],
        [verdict for verdict in verdicts if verdict.place.spot not in torn],
        remarks,
    )
