"""Reading a data folder: files opened, sheets recognised, rows typed, checked, and kept or set aside."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.assembling import Parts, assemble
from louyu_lab.ledgers.beside import side_files
from louyu_lab.ledgers.checking import check_ledgers
from louyu_lab.ledgers.copies import Copies, workbooks_first
from louyu_lab.ledgers.district_industries import read_industries
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import (
    ledger_files,
    open_sheets,
    read_contents,
    relative_name,
)
from louyu_lab.ledgers.mapping import UserMapping, read_mapping
from louyu_lab.ledgers.model import Ledgers, empty_frame
from louyu_lab.ledgers.published.reading import read_published
from louyu_lab.ledgers.review.accepting import without_accepted
from louyu_lab.ledgers.review.correcting import Corrector
from louyu_lab.ledgers.review.corrections import read_corrections
from louyu_lab.ledgers.review.decisions import read_decisions
from louyu_lab.ledgers.rows import DataRows
from louyu_lab.ledgers.sheets import read_rows, sheet_rows
from louyu_lab.ledgers.subjects import SubjectNotes
from louyu_lab.ledgers.targets import read_targets


def read_ledgers(folder: Path | str, year: int | None = None) -> Ledgers:
    """Read and check every ledger below ``folder``.

    ``year`` is the year of reports that state none anywhere; without it the last full calendar year
    is assumed, and listed as a warning. Nothing of the user's is written to.

    Raises NotADirectoryError when there is no such folder. A folder with nothing readable does not
    raise: its faults say so, severity ``fatal``.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(f"没有这个文件夹：{folder}")
    log = FaultLog()
    mapping = read_mapping(folder, log)
    contents = read_contents(folder, ledger_files(folder, log), log)
    year = year or assumed_year()
    notes, decisions = SubjectNotes(year), read_decisions(folder, log)
    parts, corrections = _read_files(folder, contents, mapping, log, year, notes)
    frames = check_ledgers(assemble(parts, log, decisions), log)
    if not frames:
        log.add("folder-empty", folder.resolve().name)
    targets, industries = read_targets(folder, log), read_industries(folder, log)
    published, relations = read_published(folder, log)
    found = log.faults()
    subjects = notes.subjects(found, parts, frames.get("buildings", empty_frame("buildings")))
    faults, accepted = without_accepted(found, subjects, decisions)
    side = {path: path.read_bytes() for path in side_files(folder)}
    return Ledgers(
        district=_district_name(frames, folder),
        frames=frames,
        faults=faults,
        conversions=log.conversions(),
        inputs=_inputs(folder, contents | side),
        targets=targets,
        published=published,
        relations=relations,
        corrections=corrections,
        decisions=decisions.frame(),
        accepted=accepted,
        subjects=subjects,
        industries=industries,
    )


def assumed_year() -> int:
    """Return the last full calendar year: what an annual study without any date is about."""
    return dt.date.today().year - 1


def _read_files(
    folder: Path,
    contents: dict[Path, bytes],
    mapping: UserMapping,
    log: FaultLog,
    year: int,
    notes: SubjectNotes,
) -> tuple[Parts, pd.DataFrame]:
    """Read every sheet, workbooks first, in the order of the files, and tell what became of the corrections.

    Sheets that corrections speak of wait until all are opened; the others do not stay in memory.
    """

    def read(rows: DataRows) -> dict[str, pd.DataFrame]:
        mark = log.mark()
        found = read_rows(rows, log, year)
        notes.note(rows, log.rows_since(mark))
        return found

    corrector = Corrector(read_corrections(folder, log), year)
    sheets: list[DataRows | dict[str, pd.DataFrame]] = []
    named = {relative_name(folder, path): contents[path] for path in sorted(contents, key=workbooks_first)}
    copies = Copies(named, mapping, year)
    for name, content in named.items():
        for raw in open_sheets(name, content, log):
            mapping.note_use(raw)
            mark = log.mark()
            rows = sheet_rows(raw, mapping, log)
            if rows is not None and (original := copies.original(rows)):
                log.forget_since(mark)
                log.add("sheet-same-content", raw.file, raw.sheet, values=f"与 {original} 内容重复")
            elif rows is not None:
                sheets.append(rows if corrector.concerns(rows) else read(rows))
    mapping.report_unused(log)
    corrections = corrector.apply(log)
    parts: Parts = {}
    for sheet in sheets:
        for ledger, frame in (read(sheet) if isinstance(sheet, DataRows) else sheet).items():
            parts.setdefault(ledger, []).append(frame)
    return parts, corrections


def _inputs(folder: Path, contents: dict[Path, bytes]) -> pd.DataFrame:
    listed = sorted(contents)
    return pd.DataFrame(
        {
            "path": pd.Series([relative_name(folder, path) for path in listed], dtype="str"),
            "sha256": pd.Series([hashlib.sha256(contents[path]).hexdigest() for path in listed], dtype="str"),
        }
    )


def _district_name(frames: dict[str, pd.DataFrame], folder: Path) -> str:
    """The one district the totals speak of, or else the folder's name."""
    if "district" in frames:
        regions = frames["district"]["region"].dropna().unique()
        if len(regions) == 1:
            return str(regions[0])
    return folder.resolve().name
