"""What a run remembers of each chapter that ended, so that the next one need not do it again.

A record is kept in ``state/stages/`` once everything the chapter made lies in its place; its key is
made of all that the chapter's results depend on, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from louyu_lab.run.manifest import HANDED_PART, digest_of, sha256_of

_FOLDER = Path("state") / "stages"


@dataclass(frozen=True)
class StageRecord:
    """How a chapter ended, the key it ran under, and what it made: relative path -> SHA-256.

    ``status`` is ``done`` or ``skipped``; a chapter that failed leaves no record.
    """

    name: str
    key: str
    status: str
    reason: str
    outputs: Mapping[str, str] = field(default_factory=dict)

    def tables(self) -> dict[str, str]:
        """Return the SHA-256 of the typed copy of every table the chapter made, and of what it handed on."""
        typed = {Path(path): sha256 for path, sha256 in self.outputs.items()}
        taken = (Path("state") / "tables", Path(HANDED_PART))
        return {path.stem: sha256 for path, sha256 in typed.items() if path.parent in taken}


def stage_key(
    stage: str,
    code: str,
    parameters: Mapping[str, Any],
    about: Mapping[str, Any],
    ledgers: Mapping[str, str],
    taken: Mapping[str, Any],
) -> str:
    """Return the SHA-256 over everything a chapter's results depend on.

    ``code`` is the digest of package, lock and its own notebook; ``parameters`` those its notebook
    declares; ``about`` what is known of the district beside the ledgers; ``ledgers`` the content hash
    of each frame and file it may look at; ``taken`` what earlier chapters hand it.
    """
    return digest_of([stage, code, dict(parameters), dict(about), dict(ledgers), dict(taken)])


def write_record(run: Path, record: StageRecord) -> None:
    """Keep a record, whole or not at all."""
    from louyu_lab.run.folder import write_whole

    write_whole(
        run / _FOLDER / f"{record.name}.json", json.dumps(asdict(record), ensure_ascii=False, indent=1)
    )


def find_record(runs: Iterable[Path], stage: str, key: str) -> tuple[Path, StageRecord] | None:
    """Return the first run that ended this chapter under this key and still has all of it unchanged."""
    for run in runs:
        record = _read(run / _FOLDER / f"{stage}.json")
        if record and record.key == key and is_intact(run, record):
            return run, record
    return None


def is_intact(run: Path, record: StageRecord) -> bool:
    """Tell whether everything the record names lies in the run folder as it was made."""
    return all(
        (run / path).is_file() and sha256_of(run / path) == sha256 for path, sha256 in record.outputs.items()
    )


def _read(path: Path) -> StageRecord | None:
    try:
        return StageRecord(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        # Written by an older version, or cut off: as good as none.
        return None
