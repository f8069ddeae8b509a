"""Which run a question is put to, and which scenario file is meant."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from louyu_lab.ledgers.beside import SCENARIOS, scenario_files
from louyu_lab.run.manifest import read_manifest
from louyu_lab.run.parameters import InputError, nearest_name
from louyu_lab.run.project import OUTPUTS, data_folder, project_root
from louyu_lab.run.proof.unfinished import unfinished_message

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline

#: So much of a name is told that is no file's.
_TOLD = 60


def latest_run(outputs: Path = OUTPUTS) -> Path:
    """Return the run below ``outputs`` that was finished last; raises InputError where there is none."""
    finished = [path for path in outputs.glob("*/manifest.json") if path.is_file()]
    if not finished:
        raise InputError(
            f"“{outputs}”里还没有完成的运行，没有可以推演的基准。请先用 louyu run 做年度研究"
            "（自己的台账加 --data 文件夹），或用 --run 给出别处的运行文件夹。"
        )
    return max(finished, key=lambda path: (path.stat().st_mtime_ns, path.parent.name)).parent


def baseline_of_run(run: Path) -> Baseline:
    """Return the baseline that a finished run holds; raises InputError, saying how to mend it, for none."""
    lacking = unfinished_message(run)
    if lacking:
        raise InputError(lacking)
    from louyu_lab.analysis.scenarios.baseline.stored import NoBaselineError, load_baseline

    try:
        return load_baseline(run)
    except NoBaselineError as error:
        raise InputError(str(error)) from error


def scenario_file(named: str, run: Path) -> Path:
    """Return the scenario file given by its path, or by its name in the ``scenarios`` folder of a run's data.

    The ending may be left out. Raises InputError, naming the files there are, for none.
    """
    found = _by_path(named)
    if found:
        return found
    held = [path for folder in data_folders(run) for path in scenario_files(folder)]
    found = next((path for path in held if named in (path.stem, path.name)), None)
    if found:
        return found
    raise InputError(_no_file(named, held))


def _by_path(named: str) -> Path | None:
    """Return the file that is given by its path, with its ending or without."""
    try:
        given = Path(named).expanduser()
        # A path such as "." or "/" has no name to put an ending to.
        endings = [given.with_name(f"{given.name}{ending}") for ending in (".yaml", ".yml") if given.name]
        return next((path for path in (given, *endings) if path.is_file()), None)
    except (OSError, RuntimeError):
        # A name too long for the file system, or "~somebody" of whom it knows nothing.
        return None


def data_folders(run: Path) -> list[Path]:
    """Folders that may be the run's data: the manifest keeps the folder's name and not where it lay."""
    name = str(_manifest(run)["parameters"].get("data_dir", ""))
    places = [Path(name), Path("data") / name] if name else []
    # Where the package was installed without the project there is no demonstration district.
    with suppress(InputError):
        places += [project_root() / "data" / name] if name else [data_folder("")]
    return list(dict.fromkeys(place.resolve() for place in places if (place / SCENARIOS).is_dir()))


def holds_inputs(folder: Path, run: Path) -> bool:
    """Whether a folder holds a file of the name that the run read from its data."""
    return any((folder / str(each["path"])).is_file() for each in _manifest(run)["inputs"])


def _manifest(run: Path) -> dict[str, Any]:
    """Return a finished run's manifest; raises InputError for what is none."""
    if lacking := unfinished_message(run):
        raise InputError(lacking)
    return read_manifest(run)


def _no_file(named: str, held: Sequence[Path]) -> str:
    names = [path.stem for path in held]
    near = nearest_name(Path(named).stem, names)
    hint = f"是否想写 {near}？" if near else ""
    listed = f"台账文件夹的 {SCENARIOS} 里有：{'、'.join(names)}。" if names else "请给出情景文件的路径。"
    return f"找不到情景文件“{named[:_TOLD]}”。{hint}{listed}"
