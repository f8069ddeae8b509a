"""The ledgers as a run read them, kept for its chapters and for later runs on the same files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.chapter import ledgers_state
from louyu_lab.run.folder import write_whole
from louyu_lab.run.manifest import sha256_of

_CARD = Path("state") / "reading.json"


def kept_reading(runs: Iterable[Path], key: str) -> Path | None:
    """Return the first run that read these very files with this very program and still has what it read."""
    for run in runs:
        try:
            card = json.loads((run / _CARD).read_text(encoding="utf-8"))
            if card["key"] == key and frame_digests(run) == card["frames"]:
                return run
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def keep_reading(work: Path, key: str, ledgers: Ledgers, kept: Path | None) -> dict[str, str]:
    """Put the ledgers into a run's state, from ``kept`` where they lie there; return ``frame_digests``."""
    folder = ledgers_state(work)
    # An attempt that was broken off may have been moved out of the way since.
    if kept and ledgers_state(kept).is_dir():
        shutil.copytree(ledgers_state(kept), folder, dirs_exist_ok=True)
    else:
        ledgers.save(folder)
    digests = frame_digests(work)
    write_whole(work / _CARD, json.dumps({"key": key, "frames": digests}, indent=1))
    return digests


def read_or_kept(runs: Iterable[Path], key: str, read: Callable[[], Ledgers]) -> tuple[Ledgers, Path | None]:
    """Return the ledgers, and the run that had them ready where there is one."""
    kept = kept_reading(runs, key)
    return (Ledgers.load(ledgers_state(kept)), kept) if kept else (read(), None)


def frame_digests(run: Path) -> dict[str, str]:
    """Return frame -> SHA-256 of everything a run keeps of the ledgers."""
    return {path.stem: sha256_of(path) for path in sorted(ledgers_state(run).glob("*.parquet"))}
