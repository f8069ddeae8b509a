"""How fast is the simulation of scenarios? Apart from the tests: ``python tests/benchmarks/scenarios.py``.

10,000 draws × the demonstration district's 89 buildings × 5 years with its tenants: the engine, beside plain
loops over the draws that simulate the same things (who leaves, who comes, what each pays) in the same run: one
in Python, over every tenant, one in Python over the engine's own units (single enterprises and groups), and
one that loops over the draws only and does the rest in NumPy. The plain loops run a few draws and are scaled.
Times are medians of the processor's (one thread). Both sides are compared in what they find: means and
scatter of occupied area and tax at the end, within the error of the few draws.

Options: draws, draws of the plain loops, rounds.
"""

from __future__ import annotations

import math
import os
import random
import resource
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

from louyu_lab.analysis.scenarios.baseline.learning import baseline_of
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.setting import Clause
from louyu_lab.run.project import data_folder
from louyu_lab.run.reading import read_data

YEAR, HORIZON = 2020, 5
DRAWS, PLAIN_DRAWS, ROUNDS = 10_000, 12, 3


def main(draws: int = DRAWS, plain_draws: int = PLAIN_DRAWS, rounds: int = ROUNDS) -> None:
    """Print times, ratios, memory and how far the sides agree."""
    base = baseline_of(read_data(data_folder(""), None), YEAR, HORIZON)
    tenants = int(base.units["firms"].sum())
    print(
        f"{draws:,} 次模拟 × {len(base.buildings)} 幢 × {HORIZON} 年，{tenants:,} 家企业（引擎并为 {len(base.units):,} 个单元）"
    )
    quick, again, loops = [], [], {name: [] for name in LOOPS}
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tape = make_tape(base, draws)
        quick.append(timed(tape.run))
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        again.append(timed(lambda t=tape: t.run(ABSORB)))
        for name, loop in LOOPS.items():
            loops[name].append(timed(lambda loop=loop: loop(base, plain_draws)))
        if len(quick) == 1:
            print(f"引擎的内存增量峰值 {peak:,.0f} MB")
    seconds, more = (np.median([taken for taken, _ in of]) for of in (quick, again))
    print(f"引擎 {seconds:.2f} 秒；同一组随机数再算一个情景 {more:.2f} 秒")
    made = quick[0][1]
    print(
        finding("引擎", np.nansum(made.occupied_sqm[:, :, -1], axis=1), made.tax_yuan[:, :, -1].sum(axis=1))
    )
    for name, taken in loops.items():
        scaled = np.median([each for each, _ in taken]) / plain_draws * draws
        print(f"\n{name}：{scaled:,.0f} 秒（{plain_draws} 次折算），引擎快 {scaled / seconds:.0f} 倍")
        area, tax = np.concatenate([found for _, found in taken]).T
        print(finding(name, area, tax))


ABSORB = Scenario("", "消化闲置", "", "", "", {"absorption_sqm": (Clause(1e5),)})


def one_by_one(base: Baseline, draws: int, *, split: bool = True) -> np.ndarray:
    """Simulate in Python, one tenant (``split``) or unit after the other; (draws, 2) area and tax at the end."""
    rng = random.Random(5)
    rows = _tenants(base) if split else _units(base)
    entrants, drift = base.entrants, np.diff(base.growth.drift, prepend=0.0).tolist()
    multiples = entrants.multiples.tolist()
    homes = list(zip(base.buildings["rentable_area_sqm"], base.buildings["unmarketable_area_sqm"].fillna(0.0),
                     base.buildings["take_up"], strict=True))  # fmt: skip
    found = []
    for _ in range(draws):
        there, queue, common = [[*row] for row in rows], [], 0.0
        for step in range(base.horizon):
            common += drift[step] + rng.gauss(0.0, base.growth.common_sd)
            stayed, occupied, tax = [], [0.0] * len(homes), 0.0
            for row in there:
                home, area, paid, rate, growth, sd = row
                row[2] = paid = paid * math.exp(growth + rng.gauss(0.0, sd)) if paid else 0.0
                if rng.random() < rate:
                    tax += 0.5 * paid * math.exp(common)
                    continue
                tax += paid * math.exp(common)
                occupied[home] += area
                stayed.append(row)
            there = stayed
            queue = [entry for entry in queue if rng.random() >= entrants.exit_rate]
            for home, _, _ in queue:
                occupied[home] += entrants.firm_area_sqm
            free = [
                max(rentable - shut - area, 0.0)
                for (rentable, shut, _), area in zip(homes, occupied, strict=True)
            ]
            weight = [take * area for (_, _, take), area in zip(homes, free, strict=True)]
            shock = math.exp(base.demand.spread * rng.gauss(0.0, 1.0) - base.demand.spread**2 / 2)
            wanted, whole = base.demand.lettings_sqm * shock, sum(weight) or 1.0
            for home, own in enumerate(weight):
                let = min(free[home], wanted * own / whole)
                occupied[home] += let
                whole_firms, rest = divmod(let / entrants.firm_area_sqm, 1.0)
                for _ in range(int(whole_firms) + (rng.random() < rest)):
                    queue.append((home, step, rng.choice(multiples)))
            for _, begun, multiple in queue:
                mature = multiple * entrants.firm_area_sqm * entrants.yield_yuan_sqm
                tax += mature * float(entrants.ramp[step - begun]) * math.exp(common)
        found.append((sum(occupied), tax))
    return np.array(found)


def one_by_one_units(base: Baseline, draws: int) -> np.ndarray:
    """The same over the engine's own units."""
    return one_by_one(base, draws, split=False)


def draw_by_draw(base: Baseline, draws: int) -> np.ndarray:
    """Loop over the draws, NumPy over the units; (draws, 2)."""
    rng = np.random.default_rng(5)
    home, area, tax, rate, growth, sd = np.array(_units(base)).T
    home = home.astype("int64")
    entrants, b = base.entrants, len(base.buildings)
    rentable = base.buildings["rentable_area_sqm"].to_numpy()
    shut = base.buildings["unmarketable_area_sqm"].fillna(0.0).to_numpy()
    take = base.buildings["take_up"].to_numpy()
    drift = np.diff(base.growth.drift, prepend=0.0)
    found = []
    for _ in range(draws):
        stays, paid, common = np.ones(len(home), dtype=bool), tax.copy(), 0.0
        homes, begun, multiple = np.empty(0, "int64"), np.empty(0, "int64"), np.empty(0)
        for step in range(base.horizon):
            common += drift[step] + base.growth.common_sd * rng.standard_normal()
            paid *= np.exp(growth + sd * rng.standard_normal(len(home)))
            leaves = stays & (rng.random(len(home)) < rate)
            stays &= ~leaves
            total = (paid[stays].sum() + 0.5 * paid[leaves].sum()) * np.exp(common)
            kept = rng.random(len(homes)) >= entrants.exit_rate
            homes, begun, multiple = homes[kept], begun[kept], multiple[kept]
            occupied = np.bincount(home, area * stays, minlength=b)
            occupied += np.bincount(homes, minlength=b) * entrants.firm_area_sqm
            free = np.maximum(rentable - shut - occupied, 0.0)
            shock = np.exp(base.demand.spread * rng.standard_normal() - base.demand.spread**2 / 2)
            weight = take * free
            let = np.minimum(free, base.demand.lettings_sqm * shock * weight / max(weight.sum(), 1.0))
            occupied += let
            firms = let / entrants.firm_area_sqm
            firms = (firms + rng.random(b)).astype("int64")
            homes = np.append(homes, np.repeat(np.arange(b), firms))
            begun = np.append(begun, np.full(firms.sum(), step))
            multiple = np.append(multiple, rng.choice(entrants.multiples, firms.sum()))
            mature = multiple * entrants.firm_area_sqm * entrants.yield_yuan_sqm
            total += (mature * entrants.ramp[step - begun]).sum() * np.exp(common)
        found.append((occupied.sum(), total))
    return np.array(found)


LOOPS = {
    "Python 逐次逐户": one_by_one,
    "Python 逐次逐单元": one_by_one_units,
    "逐次循环，其余 NumPy": draw_by_draw,
}


def _units(base: Baseline) -> list[tuple[float, ...]]:
    columns = ["building", "area_sqm", "tax_yuan", "exit_rate", "growth", "growth_sd"]
    return list(base.units[columns].itertuples(index=False, name=None))


def _tenants(base: Baseline) -> list[tuple[float, ...]]:
    """Take groups apart into as many equal tenants as they have."""
    rows = []
    for unit, firms in zip(_units(base), base.units["firms"], strict=True):
        many = max(int(firms), 1)
        rows += [(unit[0], unit[1] / many, unit[2] / many, *unit[3:])] * many
    return rows


def finding(name: str, area: np.ndarray, tax: np.ndarray) -> str:
    """Say what a side found at the end, with the error of its means."""
    parts = []
    for title, values, scale in (("入驻面积（万㎡）", area, 1e4), ("税收（亿元）", tax, 1e8)):
        error = values.std(ddof=1) / np.sqrt(len(values))
        parts.append(
            f"{title} {values.mean() / scale:.1f} ± {error / scale:.1f}，标准差 {values.std() / scale:.1f}"
        )
    return f"  {name}：" + "；".join(parts)


def timed(work):
    """Return the processor's seconds and what came out."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
