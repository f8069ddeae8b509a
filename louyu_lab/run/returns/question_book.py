"""复核.xlsx as a form: what was decided, here or in the form before, then what is open, 决定 left blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review import decisions
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.answers import Decided
from louyu_lab.run.returns.books import Layout, Records, fit, open_book, save_book
from louyu_lab.run.returns.decided_books import decided_in, key_of, rows_by_key
from louyu_lab.run.returns.questions import INFORMS, Question, explained_errors, open_questions

_LAYOUTS = tuple(Layout(kind, (*headings, *INFORMS[kind])) for kind, headings in decisions.HEADINGS.items())


@dataclass(frozen=True)
class Asked:
    """The form written: its path, how many questions are open, how many answers wait to be handed in.

    ``kept`` tells that a form which cannot be opened was left as it was.
    """

    path: Path
    open: int
    waiting: int = 0
    kept: bool = False


def write_questions(ledgers: Ledgers, data: Path, target: Path) -> Asked:
    """Write the decisions of ``data``, those of a form already at ``target``, and the open questions.

    Nothing that somebody decided or wrote down is lost by writing the form again, nor by copying it over
    the 复核.xlsx of ``data``; questions that the ledgers no longer ask go. Raises InputError where the form
    cannot be written, or 复核.xlsx in ``data`` not be read.
    """
    try:
        before = decided_in(target, target.name) if target.is_file() else ()
    except InputError:
        # What cannot be read may hold somebody's work.
        return Asked(target, 0, kept=True)
    book, sheets = open_book(data / decisions.FILE, _LAYOUTS)
    waiting = sum(
        _take_over(sheets[kind], kind, [entry for entry in before if entry.kind == kind]) for kind in sheets
    )
    count = _ask(sheets, ledgers)
    save_book(book, target, keep=False)
    return Asked(target, count, waiting)


def count_open(ledgers: Ledgers, data: Path) -> int:
    """Return how many questions the form of ``data`` would leave open."""
    _, sheets = open_book(data / decisions.FILE, _LAYOUTS)
    return _ask(sheets, ledgers)


def _ask(sheets: dict[str, Records], ledgers: Ledgers) -> int:
    """Bring the questions of every sheet up to date and return how many are undecided."""
    asked = open_questions(ledgers)
    errors = {decisions.FAULTS: explained_errors(ledgers)}
    for kind, questions in asked.items():
        _drop_settled(sheets[kind], kind, [*questions, *errors.get(kind, ())])
        _inform(sheets[kind], kind, [*questions, *errors.get(kind, ())])
        _append_new(sheets[kind], kind, questions)
    return sum(not texts["决定"] for records in sheets.values() for _, texts in records.rows())


def _take_over(records: Records, kind: str, before: Sequence[Decided]) -> int:
    """Put what was filled in before into its rows, or new ones; return how many decide anything anew."""
    held = rows_by_key(records, kind)
    count = 0
    for entry in before:
        texts = dict(entry.texts)
        said = {heading: texts[heading] for heading in ("决定", "说明", "经办人")}
        number, row = held.get(key_of(texts, kind), (0, {}))
        if number and _says_the_same(said, row):
            continue
        if number:
            records.put(number, said)
        else:
            number = records.append(texts)
        held[key_of(texts, kind)] = number, {**row, **texts}
        count += bool(said["决定"])
    return count


def _says_the_same(said: dict[str, str], row: dict[str, str]) -> bool:
    """Whether a row of the folder's own book says all that the form says."""
    is_decided = not said["决定"] or folded(said["决定"]) == folded(row["决定"])
    return is_decided and said["说明"] in row["说明"]


def _drop_settled(records: Records, kind: str, questions: Sequence[Question]) -> None:
    """Take out the rows left undecided of which nothing is asked any more."""
    asked = {key_of(question, kind) for question in questions}
    records.drop(
        number for number, texts in records.rows() if not texts["决定"] and key_of(texts, kind) not in asked
    )


def _inform(records: Records, kind: str, questions: Sequence[Question]) -> None:
    """Fill in beside the rows what only informs, where it is blank."""
    told = {key_of(question, kind): question for question in questions}
    for number, texts in records.rows():
        question = told.get(key_of(texts, kind))
        if question:
            records.put(
                number,
                {heading: question.get(heading, "") for heading in INFORMS[kind] if not texts[heading]},
            )


def _append_new(records: Records, kind: str, questions: Sequence[Question]) -> None:
    """Append the questions that are not there yet, answered or not."""
    held = {key_of(texts, kind) for _, texts in records.rows()}
    for question in questions:
        key = key_of(question, kind)
        if key not in held:
            held.add(key)
            records.append(question)
    fit(records)
