"""Which files of the old folder become empty forms, which are gone on with, and which stay behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import TEXTS, ledger_files, read_contents, relative_name
from louyu_lab.ledgers.mapping import UserMapping, read_mapping
from louyu_lab.run.year_roll.forms import Form, FoundSheet, find_sheets, make_form
from louyu_lab.run.year_roll.years import moved


@dataclass(frozen=True)
class PlannedForm:
    """An empty form to be written: its name below the new folder, where it comes from, its sheets."""

    name: str
    source: str
    sheets: tuple[Form, ...]

    @property
    def is_text(self) -> bool:
        """Whether it is a text table rather than a workbook."""
        return PurePosixPath(self.name).suffix.lower() in TEXTS


@dataclass(frozen=True)
class RollPlan:
    """What becomes of the old ledgers.

    ``forms`` are written; ``carried`` are copied as they are; of these ``continued`` state no year and
    are filled in further. ``behind`` reach only to an earlier year: name -> that year. ``ledgers`` is
    the first ledger of every file, ``contents`` its bytes.
    """

    forms: tuple[PlannedForm, ...]
    carried: tuple[str, ...]
    continued: tuple[str, ...]
    behind: Mapping[str, int]
    ledgers: Mapping[str, str]
    contents: Mapping[str, bytes]


def plan_roll(source: Path, latest: int, year: int, history: bool) -> RollPlan:
    """Decide what becomes of each ledger file of ``source``, whose latest year is ``latest``.

    Without ``history`` every file of the latest year and every undated one becomes an empty form. With
    it the old files come along: an undated one is gone on with rather than begun anew, since two copies
    of one register would be read as one with every row twice.
    """
    log = FaultLog()
    mapping = read_mapping(source, log)
    contents = read_contents(source, ledger_files(source, log), log)
    named = {relative_name(source, path): content for path, content in sorted(contents.items())}
    found = {name: sheets for name, content in named.items() if (sheets := _sheets(name, content, mapping))}
    current = {name: kept for name, sheets in found.items() if (kept := _current(sheets, latest))}
    continued = [name for name in current if history and not any(sheet.dated for sheet in current[name])]
    taken = set(found) if history else set()
    forms = []
    for name in (name for name in current if name not in continued):
        sheets = tuple(make_form(sheet, year - latest) for sheet in current[name])
        forms.append(PlannedForm(_free_name(name, sheets, year - latest, year, taken), name, sheets))
        taken.add(forms[-1].name)
    return RollPlan(
        forms=tuple(forms),
        carried=tuple(found) if history else (),
        continued=tuple(continued),
        behind=_behind(found, current, latest, year),
        ledgers={name: sheets[0].ledger for name, sheets in found.items()},
        contents=named,
    )


def _sheets(name: str, content: bytes, mapping: UserMapping) -> list[FoundSheet]:
    return find_sheets(name, content, mapping)


def _current(sheets: list[FoundSheet], latest: int) -> list[FoundSheet]:
    """The sheets of the latest year, and those that state none."""
    return [sheet for sheet in sheets if sheet.dated is None or sheet.dated >= latest]


def _free_name(name: str, sheets: tuple[Form, ...], step: int, year: int, taken: set[str]) -> str:
    """The form's name: years moved, an old format as .xlsx, told apart from a file that is there already."""
    path = PurePosixPath(moved(name, step))
    if sheets[0].sheet:
        path = path.with_suffix(".xlsx")
    elif path.suffix.lower() not in TEXTS:
        path = path.with_suffix(".csv")
    stem, number = path.stem, 1
    while path.as_posix() in taken:
        path = path.with_stem(f"{stem}_{year}年" + (f"_{number}" if number > 1 else ""))
        number += 1
    return path.as_posix()


def _behind(
    found: Mapping[str, list[FoundSheet]], current: Mapping[str, object], latest: int, year: int
) -> dict[str, int]:
    """Files that reach only to an earlier year and have no successor of the same name."""
    step = year - latest
    rolled = {moved(name, step) for name in current}
    behind: dict[str, tuple[str, int]] = {}
    for name, sheets in found.items():
        if name in current:
            continue
        last = max(sheet.dated or 0 for sheet in sheets)
        successor = moved(name, year - last)
        if successor not in rolled and last >= behind.get(successor, ("", 0))[1]:
            behind[successor] = (name, last)
    return dict(behind.values())
