"""The folder of slips: written for every street with faults, never over one that somebody filled in."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.folder import writing
from louyu_lab.run.returns.register import missing
from louyu_lab.run.returns.replies import read_slip
from louyu_lab.run.returns.returned import NotASlip
from louyu_lab.run.returns.slip_rows import slips_of
from louyu_lab.run.returns.slips import slip_workbook

#: Name of the folder.
SLIPS = "核实单"


@dataclass(frozen=True)
class Written:
    """What was done: slips written, slips left because they hold answers, files that are no slips."""

    slips: tuple[Path, ...]
    filled: tuple[Path, ...] = ()
    foreign: tuple[Path, ...] = ()


def write_slips(ledgers: Ledgers, data: Path, folder: Path) -> Written:
    """Write one slip a street into ``folder`` and remove those of streets without faults.

    A slip whose answers are not yet in the workbooks of ``data`` is left as it is, and so is any file
    that is no slip. Raises InputError where the folder cannot be written.
    """
    slips = {_file_name(slip.name): slip for slip in slips_of(ledgers, data)}
    there = sorted(path for path in folder.glob("*.xlsx") if not path.name.startswith(("~$", ".")))
    held = {path: _holds(path, data) for path in there}
    for path, what in held.items():
        if what == "done" and path.name not in slips:
            with writing(path):
                path.unlink()
    written = []
    for name, slip in slips.items():
        path = folder / name
        if held.get(path, "done") == "done":
            _write(path, slip_workbook(slip, ledgers.district))
            written.append(path)
    return Written(
        tuple(written),
        tuple(path for path, what in held.items() if what == "filled"),
        tuple(path for path, what in held.items() if what == "foreign" and path.name in slips),
    )


def _holds(path: Path, data: Path) -> str:
    """Tell what a file is: ``done`` may go, ``filled`` holds answers, ``foreign`` is no slip."""
    try:
        answers = read_slip(path)
    except NotASlip:
        return "foreign"
    if answers.is_empty:
        return "done"
    entered = missing(data, answers)
    return "done" if entered.is_nothing and not answers.remarks and not entered.remarks else "filled"


def _write(path: Path, content: bytes) -> None:
    """Put a slip in its place whole; one that says the same is not touched."""
    if path.is_file() and path.read_bytes() == content:
        return
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        os.replace(part, path)


def _file_name(street: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "_", street).strip("._") + ".xlsx"
