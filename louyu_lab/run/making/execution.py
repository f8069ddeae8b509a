"""Executing one chapter's notebook with papermill: its kernel, its time limit, how it ended."""

from __future__ import annotations

import errno
import logging
import math
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

from louyu_lab.run.graph import Stage
from louyu_lab.run.making.tidying import paths_to_hide, portable, tidy_notebook
from louyu_lab.run.manifest import StageResult
from louyu_lab.run.notebook_cells import NEEDED_PARAMETERS, declared_parameters
from louyu_lab.run.project import HOME

#: What a kernel of a run is started with: one thread, so that sums come out the same on any number of
#: cores; fixed hashing, clock zone and language; the kernel of the calling environment rather than one of
#: the user's own, and none of the user's packages.
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONNOUSERSITE": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

#: Seconds a chapter may take; a hundred times what the demonstration district needs.
TIME_LIMIT_S = 30 * 60

_REASON_LENGTH = 200

#: Bytes of a socket's path that every system takes, less the number that is put behind it.
_LONGEST_SOCKET = 90


@contextmanager
def kernel_environment() -> Iterator[None]:
    """Set up the environment of the kernels started inside, and put back what was there.

    What the user has in the home folder (IPython start-up files, matplotlib's settings) or in the
    working folder has no part in a run; a home that cannot be written to does not stop it.
    """
    with tempfile.TemporaryDirectory(prefix="louyu-", ignore_cleanup_errors=True) as own:
        wanted = KERNEL_ENVIRONMENT | {
            "IPYTHONDIR": own,
            "JUPYTER_RUNTIME_DIR": own,
            "MATPLOTLIBRC": str(_matplotlib_defaults()),
            # The package whose digest is in the fingerprint, not another one that lies about.
            "PYTHONPATH": os.pathsep.join(filter(None, [str(HOME), os.environ.get("PYTHONPATH", "")])),
        }
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        # What papermill would say in English on the terminal stands in the chapter's log and reason.
        papermill_log = logging.getLogger("papermill")
        level = papermill_log.level
        papermill_log.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            papermill_log.setLevel(level)
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _matplotlib_defaults() -> Path:
    """Return matplotlib's own settings; those of the user or of the working folder count for nothing."""
    found = find_spec("matplotlib")
    return Path(str(found and found.origin)).parent / "mpl-data" / "matplotlibrc"


def execute_stage(
    stage: Stage,
    source: Path,
    staging: Path,
    log: Path,
    parameters: Mapping[str, Any],
    time_limit_s: float = TIME_LIMIT_S,
) -> StageResult:
    """Execute a chapter's notebook into ``staging/notebooks`` and say how it ended.

    Never raises for what happens in the notebook: a failure is named with its cell and error. What
    the notebook prints goes to ``log`` while it runs, a traceback at its end. ``parameters`` holds
    ``data_dir`` and whatever else the notebook may declare; ``run_dir`` is the staging folder.
    """
    target = staging / "notebooks" / source.name
    for path in (target, log):
        path.parent.mkdir(parents=True, exist_ok=True)
    passed = {**parameters, "run_dir": str(staging)}
    started = time.perf_counter()
    with log.open("w", encoding="utf-8") as printed:
        status, reason, trace = _attempt(source, target, passed, printed, time_limit_s)
        if target.is_file():
            tidy_notebook(target, staging, passed)
        # A reason may name folders; what is kept and shown does not.
        reason = portable(reason, paths_to_hide(staging, passed))
        printed.write(trace if trace or printed.tell() else "没有输出。\n")
    return StageResult(stage.name, status, reason, round(time.perf_counter() - started, 1), stage.title)


def _attempt(
    source: Path, target: Path, parameters: Mapping[str, Any], log: TextIO, time_limit_s: float
) -> tuple[str, str, str]:
    """Run the notebook; return (status, reason, traceback)."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if not source.is_file():
        return "failed", f"找不到笔记本 {source.name}", ""
    try:
        _execute(source, target, parameters, log, time_limit_s)
    except PapermillExecutionError as error:
        if error.ename == "ChapterSkipped":
            return "skipped", str(error.evalue), ""
        return "failed", _failure(error.exec_count, error.ename, error.evalue), str(error)
    except CellTimeoutError:
        allowed = f"{time_limit_s / 60:g} 分钟"
        return "failed", f"超过了时限（{allowed}），可用 --time-limit 放宽", traceback.format_exc()
    except DeadKernelError:
        return "failed", "笔记本的进程中断了（多半是内存不足）", traceback.format_exc()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        return (
            "failed",
            f"笔记本没能运行：{_short(f'{type(error).__name__}：{error}')}",
            traceback.format_exc(),
        )
    except Exception as error:
        reason = f"笔记本没能运行：{_short(f'{type(error).__name__}：{error}')}"
        return "failed", reason, traceback.format_exc()
    return "done", "", ""


def _execute(
    source: Path, target: Path, parameters: Mapping[str, Any], log: TextIO, time_limit_s: float
) -> None:
    """Run the notebook in a kernel of this interpreter's environment, in the chapter's own folder."""
    import papermill
    from traitlets.config import Config

    declared = declared_parameters(source)
    lacking = [name for name in NEEDED_PARAMETERS if name not in declared]
    if lacking:
        raise ValueError(f"参数单元里缺 {'、'.join(lacking)}")
    until = time.monotonic() + time_limit_s
    with _transport() as transport:
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters={name: value for name, value in parameters.items() if name in declared},
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            # A kernel told to stop says so on the terminal as an error; what cells print is kept.
            extra_arguments=[
                "--IPKernelApp.log_level=50",
                "--IPKernelApp.ignore_cwd=True",
                "--HistoryManager.enabled=False",
            ],
            config=Config({"KernelManager": transport}),
            resources={"metadata": {"path": parameters["run_dir"]}},
            timeout_func=lambda _: max(1, math.ceil(until - time.monotonic())),
            stdout_file=log,
            stderr_file=log,
        )


@contextmanager
def _transport() -> Iterator[dict[str, str]]:
    """How to speak to the kernel so that nobody else on the machine can listen.

    Sockets in a private folder need no port, and cannot be mistaken for another run's, as Jupyter's
    default name in the working folder can; Windows has none, so there the port is encrypted.
    """
    if sys.platform == "win32":
        yield {"transport_encryption": "auto"}
        return
    with tempfile.TemporaryDirectory(prefix="louyu-", dir=_short_folder()) as sockets:
        yield {"transport": "ipc", "ip": f"{sockets}/kernel"}


def _short_folder() -> str | None:
    """Where sockets go: the usual temporary folder unless its path is too long for one."""
    usual = tempfile.gettempdir()
    return None if len(os.fsencode(usual)) + len("/louyu-12345678/kernel-1") < _LONGEST_SOCKET else "/tmp"


def _failure(cell: int, error: str, message: str) -> str:
    if f"[Errno {errno.ENOSPC}]" in message:
        return f"单元 In [{cell}] 写文件时磁盘已满"
    return f"单元 In [{cell}] 出错：{_short(f'{error}：{message}')}"


def _short(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= _REASON_LENGTH else line[: _REASON_LENGTH - 1] + "…"
