"""Where the project keeps its notebooks and its demonstration ledgers, whatever the working folder."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.run.parameters import InputError

#: The package this program runs from, and the folder it lies in.
PACKAGE = Path(__file__).resolve().parents[1]
HOME = PACKAGE.parent

#: Where results go that were given no folder, below the working folder.
OUTPUTS = Path("outputs")

_MARK = "pyproject.toml"


def project_root() -> Path:
    """Return the project's folder: the package's parent, else the working folder or one above it.

    Raises InputError where there is none (the package was installed without the project).
    """
    here = Path.cwd()
    for folder in (HOME, here, *here.parents):
        if (folder / _MARK).is_file() and (folder / "louyu_lab").is_dir():
            return folder
    raise InputError("找不到项目文件夹（含 pyproject.toml 和 notebooks 的那一个）。请在项目文件夹里运行。")


def notebooks_folder() -> Path:
    """Return the folder of the chapters' notebooks."""
    return project_root() / "notebooks"


def data_folder(data_dir: str) -> Path:
    """Return the ledgers' folder as an absolute path; "" stands for the demonstration district.

    A relative folder is looked for from the working folder first, then from the project's, so that a
    notebook finds ``data/demo`` from wherever it is run. Raises InputError where there is no folder.
    """
    if not data_dir:
        return _existing(project_root() / "data" / "demo", "data/demo")
    try:
        return _existing(_beside(Path(data_dir).expanduser()), data_dir)
    except (OSError, RuntimeError) as error:
        # A name too long for the file system, or "~somebody" of whom it knows nothing.
        raise InputError(f"“{data_dir[:60]}”不能作文件夹的路径。请核对。") from error


def _beside(given: Path) -> Path:
    """Return a folder as seen from the working folder, else from the project's."""
    if given.is_absolute() or given.exists():
        return given.resolve()
    try:
        return (project_root() / given).resolve()
    except InputError:
        return given.resolve()


def _existing(folder: Path, named: str) -> Path:
    if folder.is_dir():
        return folder
    if folder.exists():
        raise InputError(f"“{named}”是一个文件。请给出存放台账的文件夹。")
    raise InputError(f"找不到台账文件夹“{named}”。请核对路径，或先把台账放进这个文件夹。")
