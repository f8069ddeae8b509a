"""What a run was made from and what it made: the fingerprint and ``manifest.json``.

The fingerprint holds parameters, the content of the ledgers and the code; never time, path or
machine, so that the same study made twice carries the same name.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

#: States a stage can end in.
STATUSES = ("done", "skipped", "failed", "up-to-date")

#: Libraries whose versions the manifest records.
RECORDED_LIBRARIES = (
    "louyu-lab",
    "matplotlib",
    "numpy",
    "pandas",
    "papermill",
    "scikit-learn",
    "statsmodels",
)

#: Parts of a run folder that differ from run to run and are not results.
NOT_RESULTS = ("logs", "state", "manifest.json")

_CODE_SUFFIXES = {".py", ".yaml", ".css", ".j2"}


@dataclass(frozen=True)
class StageResult:
    """How one chapter ended, in one of ``STATUSES``; ``reason`` (Chinese) says why it did not run through."""

    name: str
    status: str
    reason: str = ""
    seconds: float = 0.0


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint_of(parameters: Mapping[str, Any], inputs: Iterable[tuple[str, str]], code: str) -> str:
    """Return the fingerprint of a run, 64 hexadecimal signs.

    ``parameters`` must hold no path, ``inputs`` are (relative name, sha256), ``code`` is a
    ``code_digest``. The order of either makes no difference.
    """
    identity = {"parameters": dict(parameters), "inputs": sorted(inputs), "code": code}
    text = json.dumps(identity, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def code_digest(package: Path, notebooks: Sequence[Path], lock: Path) -> str:
    """Return one SHA-256 over the package's sources, the notebooks' cells and the lock file.

    Line ends are folded and a notebook's outputs left out: neither a checkout on another system nor
    running a notebook by hand makes another program of it. A lock that is not there counts as empty.
    """
    digest = hashlib.sha256()
    sources = (path for path in package.rglob("*") if path.suffix in _CODE_SUFFIXES)
    for path in sorted(sources, key=lambda path: path.relative_to(package).as_posix()):
        _feed(digest, path.relative_to(package).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted(notebooks, key=lambda path: path.name):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        kept = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
        _feed(digest, path.name, json.dumps(kept, ensure_ascii=False))
    _feed(digest, lock.name, lock.read_text(encoding="utf-8") if lock.is_file() else "")
    return digest.hexdigest()


def output_records(run_dir: Path) -> list[dict[str, str]]:
    """Return ``path`` (relative, POSIX) and ``sha256`` of every result in a run folder, sorted."""
    relative = (path.relative_to(run_dir) for path in run_dir.rglob("*") if path.is_file())
    results = sorted(path.as_posix() for path in relative if path.parts[0] not in NOT_RESULTS)
    return [{"path": path, "sha256": sha256_of(run_dir / path)} for path in results]


def write_manifest(
    run_dir: Path,
    *,
    run_id: str,
    fingerprint: str,
    parameters: Mapping[str, Any],
    inputs: Iterable[tuple[str, str]],
    stages: Sequence[StageResult],
) -> Path:
    """Write ``manifest.json``, last of all: a folder that holds one is a finished run."""
    content = {
        "run_id": run_id,
        "fingerprint": fingerprint,
        "parameters": dict(parameters),
        "inputs": [{"path": path, "sha256": sha256} for path, sha256 in sorted(inputs)],
        "stages": [asdict(stage) for stage in stages],
        "outputs": output_records(run_dir),
        "versions": versions(),
    }
    target = run_dir / "manifest.json"
    target.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return target


def read_manifest(run_dir: Path) -> dict[str, Any]:
    """Return the manifest of a run folder; raises FileNotFoundError where there is none."""
    return json.loads((run_dir / "manifest.json").read_text(encoding="utf-8"))


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that make the numbers."""
    found = {"python": platform.python_version()}
    return found | {library: metadata.version(library) for library in RECORDED_LIBRARIES}


def _feed(digest: hashlib._Hash, name: str, text: str) -> None:
    # Lengths first, so that no two lists of files run together into the same bytes.
    for part in (name, text.replace("\r\n", "\n")):
        encoded = part.encode("utf-8")
        digest.update(f"{len(encoded)}:".encode())
        digest.update(encoded)
