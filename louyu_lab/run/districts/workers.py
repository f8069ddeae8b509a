"""Worker processes of this machine: none outlives the program, and none leaves a message behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: Seconds between two looks at whether the program is still there.
_LOOK_EVERY_S = 0.5


def end_with(program: int) -> None:
    """Let this worker, and all it started, end as soon as the process ``program`` (an id) is gone.

    joblib's workers go on with what they were given when the program is killed, and would write into the
    results of the next one. To be called in the worker, as its first deed.
    """
    threading.Thread(target=_end_when_gone, args=(program,), daemon=True).start()


def _end_when_gone(program: int) -> None:
    import psutil

    with suppress(psutil.NoSuchProcess):
        started_by = psutil.Process(program)
        # Windows keeps the parent's id when it is gone; elsewhere a worker is given another parent at
        # once, while what was killed may go on being listed.
        while os.getppid() == program and started_by.is_running():
            time.sleep(_LOOK_EVERY_S)
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            child.kill()
    os._exit(1)


def start_trackers() -> None:
    """Start the processes that clear up after killed workers, such that they do it without a word.

    They would tell the user in English of every semaphore that a worker could not give back.
    """
    if os.name != "posix":
        return
    from multiprocessing import resource_tracker

    from joblib.externals.loky.backend import resource_tracker as loky_tracker

    with _warnings_off("resource_tracker"):
        resource_tracker.ensure_running()
        loky_tracker.ensure_running()


@contextmanager
def _warnings_off(beginning: str) -> Iterator[None]:
    """Let processes started inside, and no others, keep warnings that begin so to themselves."""
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [before, f"ignore:{beginning}"]))
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before
