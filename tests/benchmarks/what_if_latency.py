"""How long an answer takes after a slider is let go: ``python tests/benchmarks/what_if_latency.py``.

On the demonstration district with the panel's usual number of draws: sliders are moved one after another,
each move computed, drawn and written as the panel does it, the browser's part left out. Prints the median
and the slowest of 20 moves, and how long the panel takes to open.
"""

from __future__ import annotations

import os
import statistics
import time

# One thread for every library, as in a run.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from louyu_lab.run.panel import open_panel
from louyu_lab.run.panel.opening import DRAWS

MOVES = 20

#: Seconds within which an answer is to be there.
GOAL_SECONDS = 1.0


def main() -> None:
    """Print the figures."""
    began = time.perf_counter()
    panel = open_panel(data_dir="data/demo")
    opened = time.perf_counter() - began
    free = [name for name, slider in panel.sliders.items() if not slider.off]
    taken = []
    for move in range(MOVES):
        handle = panel.handles[free[move % len(free)]]
        further = handle.value + handle.step * (1 + move // len(free))
        began = time.perf_counter()
        handle.value = min(further, handle.max)
        taken.append(time.perf_counter() - began)
    buildings, units = len(panel.baseline.buildings), len(panel.baseline.units)
    print(f"{buildings} 幢楼、{units:,} 个推演单元，{DRAWS} 次模拟；打开 {opened:.1f} 秒")
    print(
        f"  移动滑杆到答案写好：中位数 {statistics.median(taken):.2f} 秒，"
        f"最慢 {max(taken):.2f} 秒（目标 {GOAL_SECONDS:g}）"
    )


if __name__ == "__main__":
    main()
