"""Do chances of tiers keep their word? Apart from the tests: ``python tests/benchmarks/tier_reliability.py``.

Generated realistic districts whose coming years are withheld: the chances told at the last ledger year
against what then came, by the series forecast and by the rival, the transition matrix of the district's
own history. The last ledger year lies before, in and after the year of the planted pandemic by turns.
Prints Brier's scores by last year and years ahead, in how many districts ours is the better, and the
table of reliability.

Options: number of districts, first seed.
"""

from __future__ import annotations

import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from louyu_lab.analysis.panel import building_years
from louyu_lab.analysis.tax.history import tax_history
from louyu_lab.analysis.tax.series_paths import series_paths
from louyu_lab.analysis.tax.tiers import reliability as made
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame

DISTRICTS, FIRST_SEED, HORIZON = 24, 7_000, 3
SIZES, LAST_YEARS = (60, 89, 120, 150), (2018, 2020, 2024)


def main(districts: int = DISTRICTS, first: int = FIRST_SEED) -> None:
    """Print the scores and the reliability of all districts together."""
    last_years = [LAST_YEARS[at % len(LAST_YEARS)] for at in range(districts)]
    tasks = (delayed(trials)(SIZES[at % len(SIZES)], first + at, last) for at, last in enumerate(last_years))
    each = Parallel(n_jobs=2)(tasks)
    whole = made.joined(each)
    print(f"realistic，{districts} 个区，种子自 {first} 起，{len(whole.actual):,} 次预测")
    for last in (*sorted(set(last_years)), None):
        own = [one for one, year in zip(each, last_years, strict=True) if last in (year, None)]
        scores = made.tier_scores(made.joined(own))
        wide = scores.pivot(index="horizon", columns="method", values=["brier_tiers", "brier_yi"])
        print(f"\n{f'台账止于 {last} 年' if last else '合计'}\n{wide.to_string()}")
    better = [won(one) for one in each]
    print(f"\n各梯次布赖尔分小于转移矩阵的区：{sum(better)}/{len(better)}")
    for method in (made.OURS, made.MATRIX):
        print(f"\n{method}")
        print(made.tier_reliability(whole, method).round(3).to_string(index=False))


def trials(buildings: int, seed: int, last_year: int) -> made.TierTrials:
    """Return the chances told in one district, beside the tax withheld from its ledgers."""
    plan = PlantedPlan(buildings=buildings, seed=seed, difficulty="realistic", last_year=last_year)
    district, truth = make_planted(plan)
    extra = {
        "buildings": {"since_year": district.frames["buildings"]["opened_date"].dt.year},
        "tenancies": {"enterprise_id": district.frames["tenancies"]["credit_code"]},
        "taxes": {"enterprise_id": district.frames["taxes"]["credit_code"], "level": "enterprise"},
        "occupancy": {"period": district.frames["occupancy"]["year"].astype("str")},
    }
    frames = {name: typed_frame(name, district.frames[name].assign(**extra[name])) for name in extra}
    ledgers = Ledgers(district.name, frames, *[pd.DataFrame()] * 3)
    panel = building_years(ledgers, plan.ledger_years.tolist())
    history = tax_history(panel, plan.last_year)
    drawn = series_paths(history, HORIZON, seed=seed)
    later = truth.buildings.set_index("building_id").reindex(drawn.building_id)
    return made.trials_at(history, drawn, later[[f"tax_yuan_{year}" for year in drawn.years]].to_numpy())


def won(one: made.TierTrials) -> bool:
    """Tell whether ours has the lower score over all tiers and years ahead."""
    came = np.eye(one.chances[made.OURS].shape[1])[one.actual]
    return made.brier(one.chances[made.OURS], came) < made.brier(one.chances[made.MATRIX], came)


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
