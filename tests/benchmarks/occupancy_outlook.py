"""How good the baseline's occupancy is, apart from the test suite: ``python tests/benchmarks/occupancy_outlook.py``.

From every former base year the district's occupancy 1–3 years ahead by the engine, against what came and
against "as it was in the base year" (last value): planted districts and the demonstration district. The
buildings are those of the base year's stock that are known at both ends; the pipeline ledger, which
nobody had then, is left out. Errors in points; intervals are to hold 80 %.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd

from louyu_lab.analysis.panel import building_years
from louyu_lab.analysis.scenarios.baseline.learning import baseline_of
from louyu_lab.analysis.scenarios.engine import make_tape
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.run.project import data_folder
from louyu_lab.run.reading import read_data

DISTRICTS, BUILDINGS, YEARS = 8, 60, 11
FEWEST_YEARS, AHEAD, DRAWS = 4, 3, 500
COVERAGE = 0.80

#: The year whose shock nobody could know of.
PANDEMIC = 2020


def main() -> None:
    """Print coverage and errors by district kind and years ahead, with and without the pandemic."""
    rows = [("植入", *row) for seed in range(DISTRICTS) for row in outlooks(planted(seed))]
    demo = read_data(data_folder(""), None)
    rows += [("演示", *row) for row in outlooks(demo)]
    table = pd.DataFrame(rows, columns=["kind", "base", "ahead", "value", "last", "mean", "low", "high"])
    table = table.assign(
        error=100 * (table["mean"] - table["value"]).abs(),
        naive=100 * (table["last"] - table["value"]).abs(),
        bias=100 * (table["mean"] - table["value"]),
        inside=table["value"].between(table["low"], table["high"]),
        width=100 * (table["high"] - table["low"]),
        crossed=(table["base"] < PANDEMIC) & (table["base"] + table["ahead"] >= PANDEMIC),
    )
    for label, part in (("全部", table), ("不跨 2020 年", table[~table["crossed"]])):
        print(f"{label}：80% 区间应含 {COVERAGE:.0%}")
        for (kind, ahead), own in part.groupby(["kind", "ahead"], sort=False):
            print(
                f"  {kind} {ahead} 年后 {len(own)} 次：含 {own['inside'].mean():.0%}，区间宽 {own['width'].mean():.1f} 点；"
                f"平均绝对误差 {own['error'].mean():.2f} 点（照旧 {own['naive'].mean():.2f}），偏差 {own['bias'].mean():+.2f}"
            )


def planted(seed: int) -> Ledgers:
    """Return the ledgers of a realistic district, in memory."""
    district, _ = make_planted(PlantedPlan(buildings=BUILDINGS, years=YEARS, seed=seed))
    frames = dict(district.frames)
    frames["buildings"] = frames["buildings"].assign(since_year=frames["buildings"]["opened_date"].dt.year)
    frames["tenancies"] = frames["tenancies"].assign(enterprise_id=frames["tenancies"]["credit_code"])
    held = {name: typed_frame(name, frames[name]) for name in ("buildings", "occupancy", "tenancies")}
    return Ledgers(district.name, held, *[pd.DataFrame()] * 3)


def outlooks(ledgers: Ledgers) -> Iterator[tuple[float, ...]]:
    """Yield ``base, ahead, value, last, mean, low, high`` of every base year and year ahead."""
    frames = {name: frame for name, frame in ledgers.frames.items() if name != "pipeline"}
    ledgers = replace(ledgers, frames=frames)
    panel = building_years(ledgers, ledgers.years)
    areas = panel.pivot(
        index="building_id", columns="year", values=["occupied_area_sqm", "rentable_area_sqm"]
    )
    years = sorted(panel["year"].unique())
    for base in years[FEWEST_YEARS - 1 : -1]:
        baseline = baseline_of(ledgers, base, AHEAD)
        occupied = make_tape(baseline, DRAWS, base).baseline_courses.occupied_sqm
        ids = baseline.buildings["building_id"]
        for ahead in range(1, min(AHEAD, years[-1] - base) + 1):
            ends = areas.reindex(ids)
            known = ends[
                [(part, at) for part in areas.columns.levels[0] for at in (base, base + ahead)]
            ].notna()
            used = known.all(axis=1).to_numpy()
            now, then = (
                ends["occupied_area_sqm"][at][used].sum() / ends["rentable_area_sqm"][at][used].sum()
                for at in (base, base + ahead)
            )
            rentable = ends["rentable_area_sqm"][base][used].sum()
            drawn = np.nansum(occupied[:, : len(ids)][:, used, ahead - 1], axis=1) / rentable
            low, high = np.quantile(drawn, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
            yield base, ahead, then, now, drawn.mean(), low, high


if __name__ == "__main__":
    main()
