"""Where results are written: the folder of a run, who may take it, and what cannot be written.

A run is made in a folder of its own beside its final place and moved there whole: what carries the
final name is finished, what was broken off is still there to be gone on with.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from louyu_lab.run.manifest import RESULT_PARTS
from louyu_lab.run.parameters import InputError

#: Everything a run writes into its folder; replacing a run replaces these and nothing else. The
#: manifest comes last: a folder that holds one is finished. State comes first: it says whose folder it is.
RUN_PARTS = ("state", "logs", *RESULT_PARTS, "manifest.json")

#: What the folder in which a run is being made is called, after the run.
UNFINISHED = "_未完成"

#: Inside the folder in which a run is made: what earlier attempts left, the chapters at work, and the run
#: that is being replaced.
_EARLIER, _MAKING, _FORMER = "earlier", "state/making", "former"
#: In the folder in which a run is made, and in no other: nobody else's folder is taken for one.
_UNDER_WAY = ".under-way"

_MARK = Path("state") / "fingerprint.txt"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


class BusyError(InputError):
    """Another run is writing into the folder at this moment."""


def run_name(district: str, period: str, fingerprint: str) -> str:
    """Return ``<district>-<period>-<8 hex>``; signs that a file system refuses become underscores."""
    safe = re.sub(r'[\\/:*?"<>|\s.]+', "_", district).strip("_") or "district"
    return f"{safe}-{period}-{fingerprint[:8]}"


@contextmanager
def making(target: Path, fingerprint: str, replace: bool = False) -> Iterator[Path]:
    """Yield the folder to make a run in; when all went well it becomes ``target``, whole.

    An empty or new ``target`` is taken, and one that holds a run of the same fingerprint; one of
    another fingerprint only with ``replace``. Anything else is left alone, whatever ``replace`` says,
    so that no file of the user's is lost. What an earlier attempt left in the folder is still there.
    Raises InputError where the folder is refused, cannot be written, or is another run's at this moment.
    """
    work = target.with_name(target.name + UNFINISHED) if target.name else target
    with writing(target):
        _refuse(target, fingerprint, replace)
        _refuse_foreign(work)
        work.mkdir(parents=True, exist_ok=True)
    with said_of(target), _alone(target):
        (work / _UNDER_WAY).touch()
        _set_aside_earlier(work)
        write_whole(work / _MARK, fingerprint + "\n")
        yield work
        for scratch in (_EARLIER, _MAKING):
            shutil.rmtree(work / scratch, ignore_errors=True)
        _put_in_place(work, target)


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all, whenever the machine may stop."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


@contextmanager
def said_of(path: Path) -> Iterator[None]:
    """Turn a full disk or a folder that may not be written into an InputError; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InputError(
                f"磁盘已满，没有写完“{path}”。请清出空间后再运行一次：已完成的章节不会重做。"
            ) from error
        if error.errno in _REFUSED:
            raise InputError(_cannot_write(path)) from error
        raise


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into an InputError that names ``path``, the user's own choice."""
    try:
        with said_of(path):
            yield
    except OSError as error:
        raise InputError(_cannot_write(path)) from error


def refuse_among_ledgers(path: Path, data: Path, what: str) -> None:
    """Raise InputError where ``path`` lies in the data folder, or the data folder in ``path``.

    Results are never put among ledgers, and replacing an earlier run never takes ledgers with it.
    """
    path, data = path.resolve(), data.resolve()
    if path.is_relative_to(data):
        raise InputError(f"{what}不能写进台账文件夹“{data.name}”。请换一个位置。")
    if data.is_relative_to(path):
        raise InputError(f"台账文件夹“{data.name}”就在“{path}”里，{what}不能写在那里。请换一个位置。")


def earlier_runs(target: Path) -> list[Path]:
    """Return the folders that may hold chapters to take over: this run's own first, then its neighbours."""
    work = target.with_name(target.name + UNFINISHED)
    own = [*sorted((work / _EARLIER).glob("*"), reverse=True), target]
    beside = sorted(path for path in target.parent.glob("*/state/stages") if path.is_dir())
    return own + [path for mark in beside if (path := mark.parents[1]) not in (work, target)]


def _cannot_write(path: Path) -> str:
    return f"写不了“{path}”。若正在 Excel 等程序中打开，请先关闭；否则请用 --out 换一个能写入的位置。"


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the run's lock, which the system takes back when this process ends, however it ends."""
    from filelock import FileLock, Timeout

    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=0)
    with writing(target):
        try:
            lock.acquire()
        except Timeout:
            busy = f"另一次运行正在写“{target}”。请等它结束再运行，或用 --out 换一个文件夹。"
            raise BusyError(busy) from None
    try:
        yield
    finally:
        # Windows does not let an open file go; there it stays behind, empty and hidden.
        with suppress(OSError):
            os.unlink(lock.lock_file)
        lock.release()


def _refuse(target: Path, fingerprint: str, replace: bool) -> None:
    """Raise InputError where ``target`` may not be taken by this run."""
    if not target.name:
        raise InputError(f"“{target}”是整个磁盘，不能存放结果。请给出其中的一个文件夹。")
    around = next((path for path in target.parents if _fingerprint_in(path)), None)
    if around:
        raise InputError(f"“{around}”是一次运行的结果，“{target.name}”不能放在它里面。请换一个文件夹。")
    if target.exists() and not target.is_dir():
        raise InputError(f"“{target}”是一个文件，不能存放结果。请换一个文件夹。")
    if target.is_dir() and any(target.iterdir()):
        # While a run is moved into its place the mark may for a moment be in the other folder only.
        found = _fingerprint_in(target) or _fingerprint_in(target.with_name(target.name + UNFINISHED))
        if found is None:
            raise InputError(f"“{target}”里有别的文件，不是一次运行的结果。为免误删，请换一个空文件夹。")
        if found != fingerprint and not replace:
            raise InputError(
                f"“{target}”里是另一次运行的结果（{found[:8]}）。要覆盖请加 --replace，或换一个文件夹。"
            )


def _refuse_foreign(work: Path) -> None:
    """Raise InputError where the folder to make the run in exists and is not what an earlier attempt left."""
    if not work.exists() or not any(work.iterdir()):
        return
    ours = {*RUN_PARTS, _UNDER_WAY, _EARLIER, _FORMER}
    foreign = sorted(path.name for path in work.iterdir() if path.name not in ours)
    # While the last of it is being cleared away a run that is in its place may have lost the mark here.
    if foreign or not ((work / _UNDER_WAY).exists() or (work / _FORMER).exists()):
        named = f"（如“{foreign[0]}”）" if foreign else ""
        raise InputError(
            f"要在“{work.name}”里做这次运行，可那里有别的文件{named}。请先移走，或用 --out 换一个名称。"
        )


def _set_aside_earlier(work: Path) -> None:
    """Put what an attempt left where chapters can be taken over from it, so that nothing stale stays."""
    for left_over in (_MAKING, _FORMER):
        shutil.rmtree(work / left_over, ignore_errors=True)
    left = [name for name in RUN_PARTS if (work / name).exists()]
    if left:
        number = len(list((work / _EARLIER).glob("*"))) + 1
        attempt = work / _EARLIER / f"{number:03d}"
        attempt.mkdir(parents=True)
        for name in left:
            os.rename(work / name, attempt / name)


def _fingerprint_in(folder: Path) -> str | None:
    """Return the fingerprint of the run a folder holds, finished or broken off; None for no run."""
    try:
        if (folder / _MARK).is_file():
            return (folder / _MARK).read_text(encoding="utf-8").strip()
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _put_in_place(work: Path, target: Path) -> None:
    """Move a finished run to its place: in one step where nothing is there yet, else part by part.

    A former run loses its manifest first and the new one gets its last, so that whatever stops this
    half-way leaves a folder that is not taken for finished; the next run goes on from both.
    """
    if not target.exists():
        os.rename(work, target)
        (target / _UNDER_WAY).unlink(missing_ok=True)
        return
    former = work / _FORMER
    former.mkdir(exist_ok=True)
    (target / "manifest.json").unlink(missing_ok=True)
    for name in RUN_PARTS:
        if (target / name).exists():
            os.rename(target / name, former / name)
        if (work / name).exists():
            os.rename(work / name, target / name)
    shutil.rmtree(work, ignore_errors=True)
