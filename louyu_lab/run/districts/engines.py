"""Where many tasks are run side by side: joblib's engines, and what becomes of a worker that dies.

joblib does the work, with processes of this machine or the workers of a Dask cluster; nothing here knows
more of a cluster than how to reach it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from louyu_lab.run.districts.workers import end_with, start_trackers
from louyu_lab.run.parameters import InputError

if TYPE_CHECKING:
    from distributed import Client

#: Engine as the user names it -> joblib's backend.
BACKENDS = {"local": "loky", "dask": "dask"}

#: Rounds side by side before what died is run one by one. Dask itself tries a task on four workers.
ROUNDS = {"local": 2, "dask": 1}

#: Seconds a scheduler has to answer.
PATIENCE_S = 15

#: A task by its name: the function's arguments.
Tasks = Mapping[str, tuple[Any, ...]]


def refuse_engine(engine: str, address: str) -> None:
    """Raise InputError for an engine that is not there, and for an address that it has no use for."""
    if engine not in BACKENDS:
        raise InputError(f"没有引擎“{engine}”。可用：{'、'.join(BACKENDS)}。")
    if address and engine != "dask":
        raise InputError("--address 是 Dask 集群的地址，要和 --engine dask 一起用。")


@contextmanager
def cluster(engine: str, address: str, workers: int) -> Iterator[Client | None]:
    """Yield a client of the cluster at ``address``, or of one made here; None where none is asked for.

    Raises InputError where the optional extra is missing or the scheduler does not answer.
    """
    if engine != "dask":
        yield None
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError as missing:
        raise InputError(
            '用 Dask 还缺 distributed。请先运行 pip install "louyu-lab[cluster]"，或去掉 --engine dask。'
        ) from missing
    if address:
        try:
            client = Client(address, timeout=PATIENCE_S)
        except (OSError, ValueError, TypeError) as unreachable:
            raise InputError(
                f"连不上 Dask 集群 {address}。请核对地址（如 tcp://10.0.0.1:8786），以及调度器是否已启动。"
            ) from unreachable
        with client:
            yield client
        return
    start_trackers()
    # One thread a worker: districts run side by side in processes, not in threads.
    local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**local) as made, Client(made) as client:
        yield client


def refuse_blind_workers(client: Client, folders: Sequence[Path]) -> None:
    """Raise InputError where there is no worker, or one lacks this package or does not see the folders."""
    try:
        seen = client.run(sees, [str(folder) for folder in folders])
    except Exception as error:
        raise InputError(
            f"集群的 worker 上没有装好 louyu_lab（{type(error).__name__}：{error}）。"
            "请在每台机器上装同一个版本，再启动 worker。"
        ) from error
    if not seen:
        raise InputError("Dask 集群里还没有 worker。请先启动 worker 再运行。")
    blind = sorted(worker for worker, is_seen in seen.items() if not is_seen)
    if blind:
        paths = "、".join(f"“{folder}”" for folder in folders)
        raise InputError(
            f"{paths}要在每台机器上以同样的路径可见（如共享盘）。看不到的 worker：{'、'.join(blind)}"
        )


def sees(folders: Sequence[str]) -> bool:
    """Tell whether every folder is there, on whichever machine this is asked."""
    return all(Path(folder).is_dir() for folder in folders)


def run_tasks(
    work: Callable[..., Any], tasks: Tasks, engine: str, workers: int, ended: Callable[[str, Any], None]
) -> list[str]:
    """Run ``work`` on every task, call ``ended(name, result)`` as each ends; return the names that died.

    ``work`` must not raise. A task whose worker died is run again, at last alone, so that the one that
    kills is told from those it took along; only a task that died alone as well is named.
    """
    left = dict(tasks)

    def note(name: str, result: Any) -> None:
        del left[name]
        ended(name, result)

    for _ in range(ROUNDS[engine] if workers > 1 or engine != "local" else 0):
        if left:
            _side_by_side(work, dict(left), engine, workers, note)
    if engine == "local":
        for name, task in dict(left).items():
            _side_by_side(work, {name: task}, engine, workers, note)
    return list(left)


def _side_by_side(
    work: Callable[..., Any], tasks: Tasks, engine: str, workers: int, note: Callable[[str, Any], None]
) -> None:
    """Run tasks until they end or a dying worker ends them all."""
    import joblib
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    # joblib would run a single job in this very process, which must outlive what it runs.
    options = {"n_jobs": max(2, workers)} | _backend(engine)
    calls = (joblib.delayed(_named)(name, work, task) for name, task in tasks.items())
    try:
        with joblib.parallel_config(**options):
            parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1, pre_dispatch="all")
            for outcome in parallel(calls):
                if outcome is not None:
                    note(*outcome)
    except TerminatedWorkerError:
        return


def _named(name: str, work: Callable[..., Any], task: tuple[Any, ...]) -> tuple[str, Any]:
    return name, work(*task)


def _backend(engine: str) -> dict[str, Any]:
    """Options of ``joblib.parallel_config`` for an engine."""
    if BACKENDS[engine] == "dask":
        return {"backend": _dask_backend()}
    if BACKENDS[engine] == "loky":
        start_trackers()
        return {
            **{"backend": "loky", "inner_max_num_threads": 1},
            **{"initializer": end_with, "initargs": (os.getpid(),)},
        }
    return {"backend": BACKENDS[engine]}


def _dask_backend() -> Any:
    """Joblib's Dask backend, told of tasks that Dask gave up.

    joblib 1.6 calls back only for tasks that came to an end, and waits for ever for one whose workers
    all died; here such a task ends with None, and the others go on.
    """
    from joblib._dask import DaskDistributedBackend

    class ToldOfLosses(DaskDistributedBackend):
        def submit(self, func: Any, callback: Any = None) -> Any:
            future = super().submit(func, callback)
            future.add_done_callback(lambda ended: callback([None]) if ended.exception() else None)
            return future

    return ToldOfLosses()


def side_by_side(jobs: int | None, tasks: int) -> int:
    """Return how many tasks to run at once: as asked, or one a processor; never more than there are."""
    return max(1, min(jobs or os.cpu_count() or 1, tasks))
