"""Many districts at once, apart from the test suite: ``python tests/benchmarks/many.py``.

Ten generated districts, one of them broken, through local processes and through a Dask cluster of two
workers, each time with a worker killed in the middle: fingerprints and results must be equal to those of
an undisturbed run, and the broken district named.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from distributed import Client, LocalCluster

from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import write_planted
from louyu_lab.run.districts.many import ManyResult, run_many
from louyu_lab.run.graph import NOTEBOOKS
from louyu_lab.run.parameters import Parameters
from louyu_lab.run.project import notebooks_folder

DISTRICTS = 10
BROKEN = "区04"
COMPARED = ["status", "fingerprint", "results"]

#: The chapters that every district has; the others would only take longer.
STAGES = NOTEBOOKS[:2]


def main() -> None:
    """Print what each way took; stop where the results differ."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        root = districts(base / "全市")
        undisturbed = timed("本机两个进程，无干扰", root, base / "plain")
        killing = threading.Thread(target=kill_when_first_is_done, args=(base / "local", loky_worker))
        killing.start()
        local = timed("本机两个进程，中途杀掉一个", root, base / "local")
        killing.join()
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            with Client(cluster) as client:
                pid = sorted(client.run(os.getpid).values())[0]
            killing = threading.Thread(target=kill_when_first_is_done, args=(base / "dask", lambda: pid))
            killing.start()
            address = cluster.scheduler_address
            dask = timed("Dask 两个 worker，中途杀掉一个", root, base / "dask", "dask", address)
            killing.join()
    for name, made in (("本机", local), ("Dask", dask)):
        assert made.rows[COMPARED].equals(undisturbed.rows[COMPARED]), (name, made.text, undisturbed.text)
        refused = made.rows.loc[made.rows["status"] == "refused", "district_folder"].tolist()
        assert refused == [BROKEN], made.text
    done = (undisturbed.rows["status"] == "done").sum()
    print(f"三次的指纹和结果校验全部相同：{done} 个区完成，坏的区 {BROKEN} 已指出")


def districts(root: Path) -> Path:
    """Write the districts, each of its own seed, one with a workbook that nobody can open."""
    for number in range(1, DISTRICTS + 1):
        write_planted(root / f"区{number:02d}", PlantedPlan(buildings=5, years=2, seed=number), "csv")
    (root / BROKEN / "坏.xlsx").write_bytes(b"PK\x03\x04 cut")
    return root


def timed(what: str, root: Path, out: Path, engine: str = "local", address: str = "") -> ManyResult:
    """Run all districts and print the seconds."""
    start = time.perf_counter()
    settings = {"notebooks_dir": notebooks_folder(), "stages": STAGES}
    made = run_many(root, Parameters(), out, 2, engine, address, **settings)
    print(f"{what}：{DISTRICTS} 个区 {time.perf_counter() - start:.1f} s")
    return made


def kill_when_first_is_done(out: Path, worker: Callable[[], int]) -> None:
    """Kill a worker once the first district is finished and others are being made."""
    while not list(out.glob("*/manifest.json")):
        time.sleep(0.2)
    os.kill(worker(), signal.SIGKILL)
    print("  已杀掉一个正在运行的进程", file=sys.stderr)


def loky_worker() -> int:
    """Process id of one of joblib's workers: a child of this process that has a kernel below it."""
    while True:
        for child in psutil.Process().children():
            if any("ipykernel" in " ".join(kernel.cmdline()) for kernel in child.children()):
                return child.pid
        time.sleep(0.1)


if __name__ == "__main__":
    main()
