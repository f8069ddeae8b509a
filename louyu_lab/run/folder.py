"""Where results are written: the folder of a run, who may take it, and what cannot be written."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from louyu_lab.run.parameters import InputError

#: Everything a run writes into its folder; clearing a run removes these and nothing else.
RUN_PARTS = ("manifest.json", "study.html", "表格.xlsx", "notebooks", "state", "tables", "figures", "logs")

_MARK = Path("state") / "fingerprint.txt"


def run_name(district: str, period: str, fingerprint: str) -> str:
    """Return ``<district>-<period>-<8 hex>``; signs that a file system refuses become underscores."""
    safe = re.sub(r'[\\/:*?"<>|\s.]+', "_", district).strip("_") or "district"
    return f"{safe}-{period}-{fingerprint[:8]}"


def claim_folder(folder: Path, fingerprint: str, replace: bool = False) -> None:
    """Make ``folder`` the empty folder of this run.

    An empty or new folder is taken; a run of the same fingerprint is made afresh; a run of another
    one only with ``replace``. Anything else is left alone, whatever ``replace`` says, so that no file
    of the user's is lost. Raises InputError where the folder is refused or cannot be written.
    """
    with writing(folder):
        _empty(folder, fingerprint, replace)
        (folder / _MARK).parent.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).write_text(fingerprint + "\n", encoding="utf-8")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into an InputError that names ``path``, the user's own choice."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"写不了“{path}”。若正在 Excel 等程序中打开，请先关闭；否则请用 --out 换一个能写入的位置。"
        ) from error


def refuse_among_ledgers(path: Path, data: Path, what: str) -> None:
    """Raise InputError where ``path`` lies in the data folder, or the data folder in ``path``.

    Results are never put among ledgers, and clearing an earlier run never takes ledgers with it.
    """
    path, data = path.resolve(), data.resolve()
    if path.is_relative_to(data):
        raise InputError(f"{what}不能写进台账文件夹“{data.name}”。请换一个位置。")
    if data.is_relative_to(path):
        raise InputError(f"台账文件夹“{data.name}”就在“{path}”里，{what}不能写在那里。请换一个位置。")


def _empty(folder: Path, fingerprint: str, replace: bool) -> None:
    """Clear an earlier run out of ``folder`` where that is allowed; InputError where it is not."""
    if folder.is_file():
        raise InputError(f"“{folder}”是一个文件，不能存放结果。请换一个文件夹。")
    if folder.is_dir() and any(folder.iterdir()):
        found = _fingerprint_in(folder)
        if found is None:
            raise InputError(f"“{folder}”里有别的文件，不是一次运行的结果。为免误删，请换一个空文件夹。")
        if found != fingerprint and not replace:
            raise InputError(
                f"“{folder}”里是另一次运行的结果（{found[:8]}）。要覆盖请加 --replace，或换一个文件夹。"
            )
        _clear(folder)


def _fingerprint_in(folder: Path) -> str | None:
    """Return the fingerprint of the run a folder holds, finished or broken off; None for no run."""
    if (folder / _MARK).is_file():
        return (folder / _MARK).read_text(encoding="utf-8").strip()
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _clear(folder: Path) -> None:
    for name in RUN_PARTS:
        part = folder / name
        with writing(part):
            if part.is_dir():
                shutil.rmtree(part)
            else:
                part.unlink(missing_ok=True)
