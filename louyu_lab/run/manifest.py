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
from pathlib import Path, PurePath
from typing import Any

from louyu_lab.analysis.handed import HANDED

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

#: Parts of a run folder that are results: the same input makes the same of them, byte for byte.
RESULT_PARTS = ("notebooks", "tables", "figures", "表格.xlsx", "study.html")

#: The one part of a run's state that is proven like a result: scenarios are computed from it later.
HANDED_PART = HANDED.as_posix()

#: What Python leaves beside the sources; everything else in the package is the program.
_LEFT_BY_PYTHON = "__pycache__"


@dataclass(frozen=True)
class StageResult:
    """How one chapter ended, in one of ``STATUSES``; ``reason`` (Chinese) says why it did not run through."""

    name: str
    status: str
    reason: str = ""
    seconds: float = 0.0
    title: str = ""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(content: Any) -> str:
    """Return the SHA-256 of what JSON can hold; the order of a mapping's keys makes no difference."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def identity_of(district: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a run's parameters counts: the district's name does, its folder's does not."""
    return {"district": district} | {name: value for name, value in parameters.items() if name != "data_dir"}


def fingerprint_of(parameters: Mapping[str, Any], inputs: Iterable[tuple[str, str]], code: str) -> str:
    """Return the fingerprint of a run, 64 hexadecimal signs.

    ``parameters`` are an ``identity_of``, ``inputs`` (relative name, sha256), ``code`` is a
    ``code_digest``. The order of either makes no difference.
    """
    return digest_of({"parameters": dict(parameters), "inputs": sorted(map(list, inputs)), "code": code})


def package_digest(package: Path, lock: Path) -> str:
    """Return one SHA-256 over everything in the package and the lock file.

    Line ends are folded: a checkout on another system is no other program. A lock that is not there
    counts as empty.
    """
    digest = hashlib.sha256()
    files = (path for path in package.rglob("*") if path.is_file())
    sources = (path for path in files if _LEFT_BY_PYTHON not in path.parts)
    for path in sorted(sources, key=lambda path: path.relative_to(package).as_posix()):
        _feed(digest, path.relative_to(package).as_posix(), path.read_text(encoding="utf-8"))
    _feed(digest, lock.name, lock.read_text(encoding="utf-8") if lock.is_file() else "")
    return digest.hexdigest()


def notebook_digest(path: Path) -> str:
    """Return the SHA-256 over a notebook's cells; running it, which changes its outputs, does not count."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):
        # No notebook; its chapter will fail, and until it is mended nothing else of it counts.
        return sha256_of(path)
    kept = [(cell["cell_type"], "".join(cell["source"]).replace("\r\n", "\n")) for cell in cells]
    return digest_of(kept)


def code_digest(package: str, notebooks: Mapping[str, str]) -> str:
    """Return one SHA-256 over a ``package_digest`` and each notebook's name and ``notebook_digest``."""
    return digest_of([package, dict(notebooks)])


def results_digest(outputs: Sequence[Mapping[str, str]]) -> str:
    """Return one SHA-256 over every result's path and content, as ``output_records`` lists them."""
    return digest_of(sorted([entry["path"], entry["sha256"]] for entry in outputs))


def part_of(path: PurePath) -> str:
    """Return the part of a run that a file belongs to, by its path below the run folder."""
    return HANDED_PART if path.as_posix().startswith(f"{HANDED_PART}/") else path.parts[0]


def output_records(run_dir: Path) -> list[dict[str, str]]:
    """Return ``path`` (relative, POSIX) and ``sha256`` of every result in a run folder, sorted.

    What a user puts beside them is no result, nor are logs and state, but for ``HANDED_PART``.
    """
    relative = (path.relative_to(run_dir) for path in run_dir.rglob("*") if path.is_file())
    results = sorted(path.as_posix() for path in relative if part_of(path) in (*RESULT_PARTS, HANDED_PART))
    return [{"path": path, "sha256": sha256_of(run_dir / path)} for path in results]


def write_manifest(
    run_dir: Path,
    *,
    run_id: str,
    district: str,
    fingerprint: str,
    code: str,
    parameters: Mapping[str, Any],
    inputs: Iterable[tuple[str, str]],
    stages: Sequence[StageResult],
) -> Path:
    """Write ``manifest.json``, last of all: a folder that holds one is a finished run."""
    outputs = output_records(run_dir)
    content = {
        "run_id": run_id,
        "district": district,
        "fingerprint": fingerprint,
        "results": results_digest(outputs),
        "code": code,
        "parameters": dict(parameters),
        "inputs": [{"path": path, "sha256": sha256} for path, sha256 in sorted(inputs)],
        "stages": [asdict(stage) for stage in stages],
        "outputs": outputs,
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
