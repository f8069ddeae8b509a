"""复核.xlsx as rows: told from other workbooks, read for what is filled in, and filled in further."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from louyu_lab.ledgers.review import decisions
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.returns.answers import ACCEPTED, OPEN, Decided, Verdict
from louyu_lab.run.returns.books import Layout, Records, fit, open_book
from louyu_lab.run.returns.slip_cells import clean
from louyu_lab.run.returns.spellings import spelling_asked

LAYOUTS = tuple(Layout(kind, headings) for kind, headings in decisions.HEADINGS.items())

#: Sheet -> headings that tell one question from another; neither file nor row, so that it holds next year.
SAME = {
    decisions.BUILDINGS: ("写法",),
    decisions.ENTERPRISES: ("写法",),
    decisions.INDUSTRIES: ("企业名称", "统一社会信用代码"),
    decisions.FAULTS: ("规则", "对象", "列", "值"),
}

_SEARCHED_ROWS = 10


def key_of(texts: Mapping[str, object], kind: str) -> tuple[str, ...]:
    """Return what two rows of a sheet share that ask the same."""
    return tuple(folded(clean(texts.get(heading, ""))) for heading in SAME[kind])


def is_decisions(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bool:
    """Whether the cells of a workbook's sheets are those of a 复核.xlsx."""
    return any(
        title in decisions.HEADINGS and any("决定" in map(clean, row) for row in cells[:_SEARCHED_ROWS])
        for title, cells in sheets.items()
    )


def decided_in(path: Path, name: str) -> tuple[Decided, ...]:
    """Return the rows of a 复核.xlsx in which something was decided or said; raises InputError."""
    _, sheets = open_book(path, LAYOUTS)
    return tuple(
        Decided(kind, tuple(texts.items()), name)
        for kind, records in sheets.items()
        for _, texts in records.rows()
        if texts["决定"] or texts["说明"]
    )


def enter_verdicts(sheets: Mapping[str, Records], verdicts: Iterable[Verdict]) -> tuple[int, int]:
    """Enter the faults answered and return how many were accepted, how many explained.

    What is said of a spelling goes to the sheet that asks about it. A row left undecided so far is
    decided in its place; one decided stays as it is.
    """
    rows = {kind: rows_by_key(records, kind) for kind, records in sheets.items()}
    accepted = opened = 0
    for verdict in verdicts:
        kind, record = _record(verdict)
        if _enter(sheets[kind], rows[kind], kind, record):
            accepted += verdict.decision == ACCEPTED
            opened += verdict.decision != ACCEPTED
    _fit_new(sheets)
    return accepted, opened


def enter_decided(sheets: Mapping[str, Records], brought: Iterable[Decided], remarks: list[str]) -> int:
    """Enter decisions made in another copy of the book, and return how many; contradictions are said."""
    rows = {kind: rows_by_key(records, kind) for kind, records in sheets.items()}
    count = 0
    for entry in brought:
        record = dict(entry.texts)
        held = rows[entry.kind].get(key_of(record, entry.kind), (0, {}))[1]
        other = held.get("决定", "")
        if other and record["决定"] and folded(other) != folded(record["决定"]):
            named = "，".join(filter(None, (record[heading] for heading in SAME[entry.kind])))
            remarks.append(
                f"{entry.kind}“{named}”：“{entry.source}”决定 {record['决定']}，{decisions.FILE} 里已有另一个"
                f"决定 {other}，没有改。要改的，请在台账文件夹的 {decisions.FILE} 里改。"
            )
            continue
        count += _enter(sheets[entry.kind], rows[entry.kind], entry.kind, record)
    _fit_new(sheets)
    return count


def rows_by_key(records: Records, kind: str) -> dict[tuple[str, ...], tuple[int, dict[str, str]]]:
    """Key -> Excel row and texts; of rows that ask the same the decided one, else the first."""
    found: dict[tuple[str, ...], tuple[int, dict[str, str]]] = {}
    for number, texts in records.rows():
        key = key_of(texts, kind)
        if key not in found or (texts["决定"] and not found[key][1]["决定"]):
            found[key] = number, texts
    return found


def _enter(
    records: Records,
    rows: dict[tuple[str, ...], tuple[int, dict[str, str]]],
    kind: str,
    record: Mapping[str, str],
) -> bool:
    """Enter one row, new or in the place of its question; tell whether anything was."""
    key = key_of(record, kind)
    if key not in rows:
        texts = {heading: clean(record.get(heading, "")) for heading in records.columns}
        rows[key] = records.append(dict(record)), texts
        return True
    number, held = rows[key]
    note = record["说明"] if record["说明"] not in held["说明"] else ""
    if held["决定"] or not (record["决定"] or note):
        return False
    added = {"决定": record["决定"], "说明": "；".join(filter(None, (held["说明"], note)))}
    if not held["经办人"]:
        added["经办人"] = record["经办人"]
    records.put(number, added)
    rows[key] = number, {**held, **added}
    return True


def _record(verdict: Verdict) -> tuple[str, dict[str, str]]:
    """Return the sheet a verdict belongs to and its cells."""
    said = {"决定": verdict.decision, "说明": verdict.note, "经办人": verdict.by}
    asked = spelling_asked(verdict.rule, verdict.value) if verdict.decision == OPEN else None
    if asked:
        return asked[0], {"写法": asked[1]["写法"], **said}
    return decisions.FAULTS, {
        "规则": verdict.rule,
        "对象": verdict.place.key,
        "列": verdict.column,
        "值": verdict.value,
        **said,
    }


def _fit_new(sheets: Mapping[str, Records]) -> None:
    for records in sheets.values():
        if records.is_new:
            fit(records)
