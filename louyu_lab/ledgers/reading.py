"""Reading a data folder: files opened, sheets recognised, rows typed, checked, and kept or set aside."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.assembling import Parts, assemble
from louyu_lab.ledgers.checking import check_ledgers
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import SIDE_FILES, ledger_files, open_sheets, read_contents, relative_name
from louyu_lab.ledgers.mapping import UserMapping, read_mapping
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.published.reading import read_published
from louyu_lab.ledgers.sheets import read_sheet
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
    parts = _read_files(folder, contents, mapping, log, year or assumed_year())
    frames = check_ledgers(assemble(parts, log), log)
    if not frames:
        log.add("folder-empty", folder.resolve().name)
    targets = read_targets(folder, log)
    published, relations = read_published(folder, log)
    side = {path: path.read_bytes() for name in SIDE_FILES if (path := folder / name).is_file()}
    return Ledgers(
        district=_district_name(frames, folder),
        frames=frames,
        faults=log.faults(),
        conversions=log.conversions(),
        inputs=_inputs(folder, contents | side),
        targets=targets,
        published=published,
        relations=relations,
    )


def assumed_year() -> int:
    """Return the last full calendar year: what an annual study without any date is about."""
    return dt.date.today().year - 1


def _read_files(
    folder: Path, contents: dict[Path, bytes], mapping: UserMapping, log: FaultLog, year: int
) -> Parts:
    parts: Parts = {}
    for path, content in contents.items():
        for raw in open_sheets(relative_name(folder, path), content, log):
            mapping.note_use(raw)
            for ledger, frame in read_sheet(raw, mapping, log, year).items():
                parts.setdefault(ledger, []).append(frame)
    mapping.report_unused(log)
    return parts


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
