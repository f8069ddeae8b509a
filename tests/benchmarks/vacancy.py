"""Speed of the driver model, apart from the test suite: ``python tests/benchmarks/vacancy.py``.

Against statsmodels' GLM, both on one thread: 1,000,000 units by 20 columns in 2,000 clusters, each in a
process of its own so that its memory can be told, the two in turn; and 1,000 bootstrap replicates on the
demonstration district against a loop of GLM fits.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time

# One thread for every library: the comparison is of methods, and a run fixes it so too.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd
import psutil

UNITS, COLUMNS, CLUSTERS = 1_000_000, 20, 2_000
REPLICATES, LOOPED = 1_000, 100
ROUNDS = 3

#: Ratios to reach.
GOAL_SPEED, GOAL_MEMORY, GOAL_BOOTSTRAP = 5.0, 1 / 3, 20.0


def main() -> None:
    """Print the medians and the ratios."""
    rounds = {"ours": [], "peer": []}
    for _ in range(ROUNDS):
        for which, taken in rounds.items():
            asked = [sys.executable, __file__, which]
            taken.append(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split())
    taken = {which: np.array(rows, dtype="float64") for which, rows in rounds.items()}
    (seconds, memory), (peer_seconds, peer_memory) = (
        np.median(rows[:, :2], axis=0) for rows in taken.values()
    )
    assert np.allclose(taken["ours"][:, 2], taken["peer"][:, 2], rtol=1e-6), taken
    print(f"{UNITS:,} 行 × {COLUMNS} 列，{CLUSTERS:,} 组：")
    print(
        f"  本包 {seconds:.2f} 秒、{memory:.0f} MB；statsmodels {peer_seconds:.2f} 秒、{peer_memory:.0f} MB"
    )
    faster, lighter = peer_seconds / seconds, memory / peer_memory
    print(f"  快 {faster:.1f} 倍（目标 {GOAL_SPEED:g}），内存 {lighter:.2f}（目标 {GOAL_MEMORY:.2f}）")
    bootstrap()


def bootstrap() -> None:
    """Refit the demonstration district's model on resampled buildings, in one go and one by one."""
    import statsmodels.api as sm

    from louyu_lab.analysis.study_year import StudyYear
    from louyu_lab.analysis.vacancy.model import OUTCOME, UNIT, fit_study
    from louyu_lab.run.project import data_folder
    from louyu_lab.run.reading import read_data

    model = fit_study(StudyYear(read_data(data_folder("")), 2020))
    fit, rows = model.fit, model.stable
    rows = rows.dropna(subset=[OUTCOME, *fit.design.drivers])
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        fit.bootstrap(REPLICATES, np.random.default_rng(0))
        taken.append(time.perf_counter() - start)
    x, y, codes = fit.design.matrix(rows), rows[OUTCOME].to_numpy(), pd.factorize(rows[UNIT])[0]
    rng, clusters = np.random.default_rng(0), codes.max() + 1
    start = time.perf_counter()
    for _ in range(LOOPED):
        counts = np.bincount(rng.integers(0, clusters, clusters), minlength=clusters)[codes]
        keep = counts > 0
        sm.GLM(y[keep], x[keep], family=sm.families.Binomial(), freq_weights=counts[keep]).fit()
    looped = (time.perf_counter() - start) * REPLICATES / LOOPED
    ours = statistics.median(taken)
    print(f"演示城区 {len(rows)} 行、{clusters} 幢、{x.shape[1]} 个系数，重抽样 {REPLICATES:,} 次：")
    print(f"  本包 {ours:.2f} 秒；逐次 GLM {looped:.1f} 秒（按 {LOOPED} 次推算）")
    print(f"  快 {looped / ours:.0f} 倍（目标 {GOAL_BOOTSTRAP:g}）")


def units() -> pd.DataFrame:
    """A register of units with a trait shared within clusters."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"x{i}": rng.standard_normal(UNITS) for i in range(COLUMNS)})
    frame["cluster"] = rng.integers(0, CLUSTERS, UNITS)
    eta = -1.5 + 0.5 * rng.standard_normal(CLUSTERS)[frame["cluster"]]
    for i in range(COLUMNS):
        eta += 0.1 * (-1) ** i * frame[f"x{i}"].to_numpy()
    frame["empty"] = (rng.random(UNITS) < 1 / (1 + np.exp(-eta))).astype("float64")
    return frame


def measured(which: str) -> None:
    """Fit once; print seconds, megabytes beyond what was held before, and the first coefficient."""
    frame = units()
    columns = [f"x{i}" for i in range(COLUMNS)]
    if which == "ours":
        from louyu_lab.analysis.vacancy import fit_drivers

        def fit() -> float:
            made = fit_drivers(frame, "empty", columns, cluster="cluster")
            return made.coefficients.loc[1, "coefficient"] + made.coefficients.loc[1, "se_cr1"]
    else:
        import statsmodels.api as sm

        def fit() -> float:
            model = sm.GLM(frame["empty"], sm.add_constant(frame[columns]), family=sm.families.Binomial())
            made = model.fit(cov_type="cluster", cov_kwds={"groups": frame["cluster"]})
            return made.params.iloc[1] + made.bse.iloc[1]

    # What is loaded at the first use of either library is no part of a fit.
    whole, frame = frame, frame.iloc[:2000]
    fit()
    frame = whole
    process, peak, done = psutil.Process(), [0], threading.Event()
    before = process.memory_info().rss

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], process.memory_info().rss)

    watching = threading.Thread(target=watch)
    watching.start()
    start = time.perf_counter()
    value = fit()
    seconds = time.perf_counter() - start
    done.set()
    watching.join()
    print(seconds, (peak[0] - before) / 1e6, value)


if __name__ == "__main__":
    measured(sys.argv[1]) if len(sys.argv) > 1 else main()
