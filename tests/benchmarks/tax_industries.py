"""How often do the intervals of industries and enterprises hold? Apart from the tests:
``python tests/benchmarks/tax_industries.py``.

Generated realistic districts whose last three ledger years are withheld. The forecast of the tax chapter
by industry and by enterprise against the recurring tax that then came of the same buildings. Industries
below a hundredth of the tax are counted apart. Sure: the whole 80 % interval 3 years ahead lies above or
below today's tax, and how often the tax moved that way. WAPE: of the industries' means 3 years ahead, and
of the same district total divided as today. ``industries.USUAL_STRETCH`` was chosen on seeds 9106–9119.

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
from tax_outlook import panels

from louyu_lab.analysis.industry.classification import INPUTS, classify_enterprises
from louyu_lab.analysis.tax.levels import UNNAMED
from louyu_lab.analysis.tax.outlook import tax_outlook
from louyu_lab.analysis.tax.outlook.detail import BOUNDS, TaxDetail, tax_detail
from louyu_lab.analysis.tax.outlook.industries import LEAST_SHARE
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.ledgers.demo.planted import PlantedPlan

DISTRICTS, FIRST_SEED, HORIZON = 10, 9_200, 3
SIZES, LAST_YEARS = (60, 89, 120), (2019, 2020, 2024)

#: The largest enterprises of a district, counted apart.
LARGEST = 500


def main(districts: int = DISTRICTS, first: int = FIRST_SEED) -> None:
    """Print coverage and errors of all districts together."""
    seeds = range(first, first + districts)
    made = Parallel(n_jobs=2)(delayed(trial)(seed) for seed in seeds)
    industries, enterprises = (pd.concat(parts, ignore_index=True) for parts in zip(*made, strict=True))
    print(f"realistic，{districts} 个区，种子自 {first} 起")
    large = industries[industries["share"] >= LEAST_SHARE]
    groups = {"全部行业": industries, "占 1% 以上": large, "全部企业": enterprises}
    groups["各区前 500 户"] = enterprises[enterprises["rank"] <= LARGEST]
    for name, rows in groups.items():
        print(f"\n{name}，{len(rows)} 次\n{coverage(rows).round(3).to_string()}")
    last = large[large["horizon"] == HORIZON]
    sure = last[(last["lo80_yuan"] > last["base"]) | (last["hi80_yuan"] < last["base"])]
    right = ((sure["mean_yuan"] > sure["base"]) == (sure["actual"] > sure["base"])).mean()
    whole = last.groupby("seed")[["mean_yuan", "base"]].transform("sum")
    divided = last["base"] / whole["base"] * whole["mean_yuan"]
    wape = [(of - last["actual"]).abs().sum() / last["actual"].sum() for of in (last["mean_yuan"], divided)]
    print(f"\n有把握的 {len(sure)} 次，说对 {right:.0%}；WAPE {wape[0]:.1%}，按今年份额 {wape[1]:.1%}")


def coverage(rows: pd.DataFrame) -> pd.DataFrame:
    """Return by years ahead how often the intervals held, and how often more came than the 80 % one has."""
    held = {
        level: rows["actual"].between(rows[f"lo{level}_yuan"] - 1e-6, rows[f"hi{level}_yuan"] + 1e-6)
        for level in (80, 95)
    }
    above = rows["actual"] > rows["hi80_yuan"] + 1e-6
    table = pd.DataFrame({"80": held[80], "95": held[95], "高于80%": above})
    return table.groupby(rows["horizon"]).mean()


def trial(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the forecasts with what came, of the industries and of the enterprises of a district."""
    last = LAST_YEARS[seed % len(LAST_YEARS)]
    plan = PlantedPlan(buildings=SIZES[seed % len(SIZES)], seed=seed, difficulty="realistic", last_year=last)
    panel, tenants, _ = panels(plan)
    year = last - HORIZON
    before, known = panel[panel["year"] <= year], tenants[tenants["year"] <= year]
    outlook = tax_outlook(before, known, year, HORIZON, seed)
    detail = tax_detail(before, known, outlook, seed)
    of_industries = industry_rows(detail, outlook.paths, tenants, year)
    of_enterprises = enterprise_rows(detail, tenants, year)
    return of_industries.assign(seed=seed), of_enterprises.assign(seed=seed)


def industry_rows(detail: TaxDetail, paths: TaxPaths, tenants: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the industries' forecasts; ``actual`` is of the buildings forecast, whatever opened since."""
    words = tenants.sort_values("year", kind="stable").groupby("enterprise_id")[list(INPUTS)].last()
    own = tenants[tenants["building_id"].isin(paths.building_id)]
    industry = own["enterprise_id"].map(classify_enterprises(words)["industry"])
    came = own.groupby([industry, "year"])["recurring_tax_yuan"].sum()
    index = pd.MultiIndex.from_product([detail.industry, paths.years], names=["industry", "year"])
    bounds = np.quantile(detail.industry_yuan, list(BOUNDS.values()), axis=0)
    values = {"mean_yuan": detail.industry_yuan.mean(axis=0), **dict(zip(BOUNDS, bounds, strict=True))}
    table = pd.DataFrame({name: of.ravel() for name, of in values.items()}, index=index)
    table["actual"] = came.reindex(index).fillna(0.0)
    table = table.reset_index()
    base = came.xs(year, level="year")
    table["base"] = table["industry"].map(base).fillna(0.0)
    table = table.assign(share=table["base"] / base.sum(), horizon=table["year"] - year)
    return table[table["industry"] != UNNAMED]


def enterprise_rows(detail: TaxDetail, tenants: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the enterprises' forecasts; who is gone from the building has paid 0."""
    key = ["building_id", "enterprise_id", "year"]
    came = tenants.groupby(key)["recurring_tax_yuan"].sum()
    table = detail.enterprises
    actual = came.reindex(pd.MultiIndex.from_frame(table[key])).fillna(0.0).to_numpy()
    rank = table.groupby("year")["mean_yuan"].rank(ascending=False)
    return table.assign(actual=actual, rank=rank, horizon=table["year"] - year)


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
