"""A rerun with nothing to do: the same request, and a finished run of it that is still whole.

Nothing heavy is loaded here: what this answers, it answers at once.
"""

from __future__ import annotations

from pathlib import Path

from louyu_lab.run.folder import UNFINISHED
from louyu_lab.run.graph import NOTEBOOKS
from louyu_lab.run.manifest import output_records, read_manifest
from louyu_lab.run.parameters import Parameters
from louyu_lab.run.plan import asked_for
from louyu_lab.run.project import OUTPUTS, notebooks_folder

_NOTE = Path("state") / "request.txt"


def finished_run(asked: Parameters, out: str | Path | None = None) -> Path | None:
    """Return the finished run of this very request, complete and unchanged; None where one has to be made.

    ``out`` None looks under ``outputs/``. Raises InputError for a data folder that is not there.
    """
    notebooks = notebooks_folder()
    candidates = [Path(out).resolve()] if out else [path.resolve() for path in sorted(OUTPUTS.glob("*"))]
    # Something unfinished beside it wants to be cleared away by a run.
    candidates = [
        path
        for path in candidates
        if (path / _NOTE).is_file() and not path.with_name(path.name + UNFINISHED).exists()
    ]
    if not candidates:
        return None
    request = asked_for(asked, notebooks, [stage.name for stage in NOTEBOOKS]).request
    return next((path for path in candidates if _is_of(path, request)), None)


def note_request(run_dir: Path, request: str) -> None:
    """Remember in a run's state what it was asked for."""
    (run_dir / _NOTE).write_text(request + "\n", encoding="utf-8")


def _is_of(run_dir: Path, request: str) -> bool:
    if (run_dir / _NOTE).read_text(encoding="utf-8").strip() != request:
        return False
    try:
        manifest = read_manifest(run_dir)
        whole = manifest["outputs"] == output_records(run_dir)
        return whole and all(stage["status"] != "failed" for stage in manifest["stages"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
