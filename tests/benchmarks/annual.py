"""The annual run on the demonstration district, timed against its peers: ``python tests/benchmarks/annual.py``.

The peers are the same notebooks one after another through the ``papermill`` command, with and without
ledgers already read, and the same cells as one plain script. Medians of ``REPEATS``, taken in turn so
that a busy moment of the machine hits all alike.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
YEAR = 2020
REPEATS = 3

#: What a run may take of the papermill commands' time, and an unchanged rerun of a run's.
RUN_GOAL, RERUN_GOAL = 0.5, 0.05

#: Reads the ledgers once and runs every chapter's cells in one process.
_PLAIN = """
import json, os, sys
from pathlib import Path
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
run, year, *notebooks = sys.argv[1:]
from louyu_lab.run.chapter import ledgers_state
from louyu_lab.run.project import data_folder
from louyu_lab.run.reading import read_data
read_data(data_folder("")).save(ledgers_state(Path(run)))
for notebook in notebooks:
    space = {}
    for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
            if "parameters" in cell["metadata"].get("tags", ()):
                space |= {"run_dir": run, "year": int(year)}
"""


def main() -> None:
    """Print the medians and the ratios."""
    base = Path(tempfile.mkdtemp(prefix="louyu_bench_"))
    try:
        seconds = medians(
            {
                "run": lambda: louyu_run(fresh(base / "runs")),
                "rerun": lambda: louyu_run(base / "runs"),
                "papermill": lambda: papermill(fresh(base / "by_hand"), read_before=False),
                "papermill_read": lambda: papermill(fresh(base / "by_hand"), read_before=True),
                "script": lambda: python("-c", _PLAIN, fresh(base / "script"), YEAR, *NOTEBOOKS),
            }
        )
    finally:
        shutil.rmtree(base)
    run = seconds["run"]
    print(f"年度运行（{len(NOTEBOOKS)} 章，演示城区）：{run:.1f} 秒")
    print(
        f"  与逐章 papermill 命令（{seconds['papermill']:.1f} 秒）之比 {run / seconds['papermill']:.2f}（目标 ≤ {RUN_GOAL}）"
    )
    print(
        f"  与逐章 papermill、台账已读好（{seconds['papermill_read']:.1f} 秒）之比 {run / seconds['papermill_read']:.2f}"
    )
    print(f"  与同样的代码写成一个脚本（{seconds['script']:.1f} 秒）之比 {run / seconds['script']:.2f}")
    print(
        f"  没有变化时重跑 {seconds['rerun']:.2f} 秒，占 {seconds['rerun'] / run:.1%}（目标 < {RERUN_GOAL:.0%}）"
    )


def louyu_run(out: Path) -> None:
    """Run the demonstration district into ``out``."""
    python("-m", "louyu_lab", "run", "--year", YEAR, "--out", out / "run")


def papermill(out: Path, read_before: bool) -> None:
    """Run every notebook with the papermill command, the ledgers read by each or once before."""
    given = ["-p", "year", YEAR]
    if read_before:
        save = "import sys; from pathlib import Path; from louyu_lab.run.chapter import ledgers_state; "
        save += "from louyu_lab.run.project import data_folder; from louyu_lab.run.reading import read_data; "
        python("-c", save + "read_data(data_folder('')).save(ledgers_state(Path(sys.argv[1])))", out)
        given += ["-p", "run_dir", out]
    for notebook in NOTEBOOKS:
        python("-m", "papermill", "--no-progress-bar", notebook, out / notebook.name, *given)


def python(*arguments: object) -> None:
    """Run this interpreter on the project; raises CalledProcessError where it fails."""
    command = [sys.executable, *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def fresh(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def medians(work: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median seconds of each piece of work, all of them once a round."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(REPEATS):
        for name, each in work.items():
            start = time.perf_counter()
            each()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


if __name__ == "__main__":
    main()
