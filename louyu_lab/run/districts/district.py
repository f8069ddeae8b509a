"""One district of many: its run in a worker, and how it ended."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.run.folder import BusyError
from louyu_lab.run.graph import NOTEBOOKS, Stage
from louyu_lab.run.making.execution import KERNEL_ENVIRONMENT
from louyu_lab.run.parameters import InputError, Parameters

#: How a district can end, and how the user reads it.
STATUS_ZH = {"done": "完成", "refused": "台账要先处理", "busy": "没有完成", "failed": "没有完成"}

#: What is set in a worker while it runs districts: a run's own kernels inherit it, whatever else runs
#: beside them; and no bar of progress, of which there would be one a district.
_ENVIRONMENT = KERNEL_ENVIRONMENT | {"TQDM_DISABLE": "1"}


@dataclass(frozen=True)
class District:
    """How one district's run ended.

    ``status`` is one of ``STATUS_ZH`` (``busy``: another run is writing there); ``run_folder`` is relative
    to the results' folder; ``reason`` (Chinese) says why it is not done; ``trace`` is the traceback of a
    failure of ours.
    """

    district_folder: str
    status: str
    run_folder: str = ""
    fingerprint: str = ""
    results: str = ""
    reason: str = ""
    trace: str = ""


def run_district(
    asked: Parameters, out: str, notebooks_dir: Path | None = None, stages: Sequence[Stage] = NOTEBOOKS
) -> District:
    """Run one district, as ``run_annual`` does, and say how it ended; never raises."""
    name = Path(out).name
    try:
        with _environment:
            return _run(asked, out, notebooks_dir, stages)
    except BusyError as busy:
        return District(name, "busy", reason=str(busy))
    except InputError as refused:
        return District(name, "refused", reason=str(refused))
    except Exception as error:
        reason = f"程序出错（{type(error).__name__}），详情见 {name}.log"
        return District(name, "failed", reason=reason, trace=traceback.format_exc())


def _run(asked: Parameters, out: str, notebooks_dir: Path | None, stages: Sequence[Stage]) -> District:
    # Imported here: a worker loads what a run needs only when it runs one.
    from louyu_lab.run.annual import run_annual
    from louyu_lab.run.manifest import read_manifest
    from louyu_lab.run.unchanged import finished_run

    settings = {"notebooks_dir": notebooks_dir, "stages": stages}
    finished = None if notebooks_dir else finished_run(asked, out)
    run_dir = finished or run_annual(asked, out, replace=True, jobs=1, **settings)
    manifest = read_manifest(run_dir)
    failed = [stage for stage in manifest["stages"] if stage["status"] == "failed"]
    return District(
        district_folder=Path(out).name,
        status="failed" if failed else "done",
        run_folder=run_dir.name,
        fingerprint=manifest["fingerprint"],
        results=manifest["results"],
        reason="；".join(f"{stage['name']}：{stage['reason']}" for stage in failed),
    )


class _Environment:
    """Variables set in this process from the first district that enters until the last one leaves.

    Districts share a process where a cluster's workers have several threads: one that ends must not take
    the variables from those still at work.
    """

    def __init__(self, wanted: dict[str, str]) -> None:
        self._wanted, self._inside, self._lock = wanted, 0, threading.Lock()
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = {name: os.environ.get(name) for name in self._wanted}
                os.environ.update(self._wanted)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside:
                return
            for name, value in self._before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


_environment = _Environment(_ENVIRONMENT)
