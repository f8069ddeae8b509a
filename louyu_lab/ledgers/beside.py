"""Files of a data folder that are no ledgers and yet have a meaning: what stands beside the ledgers."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from louyu_lab.ledgers.faults import FaultLog

#: Files with a meaning of their own, by name.
SIDE_FILES = (
    *("targets.yaml", "published.yaml", "columns.yaml", "行业对照.yaml"),
    *("已公布.xlsx", "更正.xlsx", "复核.xlsx"),
)

#: Folders of such files: one YAML file for each scenario or scorecard, and notes.
SCENARIOS, SCORECARDS = SIDE_FOLDERS = ("scenarios", "scorecards")

_YAML, _NOTES = (".yaml", ".yml"), (".txt", ".md")

#: A name that Windows, hiding the ending, shows as .yaml.
_SHOWN_AS_YAML = re.compile(r"\.ya?ml\.txt$", re.IGNORECASE)


def is_beside(name: str) -> bool:
    """Whether a file, by its name below the data folder, is one of these and never a ledger."""
    path = PurePosixPath(name)
    if path.parts[0] in SIDE_FOLDERS and len(path.parts) > 1:
        return path.suffix.lower() in (*_YAML, *_NOTES)
    return path.name in SIDE_FILES


def note_ending(name: str, log: FaultLog) -> None:
    """Add the fault of a scenario or scorecard that ends in .txt: it would not be read."""
    if _SHOWN_AS_YAML.search(name):
        log.add("yaml-ending", name)


def scenario_files(folder: Path) -> list[Path]:
    """Return the scenario files of a data folder, ``scenarios/*.yaml``, sorted by name."""
    return yaml_files(folder / SCENARIOS)


def scorecard_files(folder: Path) -> list[Path]:
    """Return the scorecards of a data folder, ``scorecards/*.yaml``, sorted by name."""
    return yaml_files(folder / SCORECARDS)


def side_files(folder: Path) -> list[Path]:
    """Return the files with a meaning of their own that are there: they are inputs though no ledgers."""
    named = [path for name in SIDE_FILES if (path := folder / name).is_file()]
    return [*named, *scenario_files(folder), *scorecard_files(folder)]


def yaml_files(folder: Path) -> list[Path]:
    """Return a folder's YAML files by name: either ending, in whatever case, and no hidden ones."""
    found = [path for path in folder.glob("*") if path.suffix.lower() in _YAML]
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))
