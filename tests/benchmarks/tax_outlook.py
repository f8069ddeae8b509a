"""How near does the tax chapter come? Apart from the tests: ``python tests/benchmarks/tax_outlook.py``.

Generated realistic districts whose coming years are withheld. The chapter's forecast from the last ledger
year, its two parts alone and the simple rivals against the recurring tax that then came, for buildings,
streets and the district. The last ledger year lies before, in and after the year of the planted pandemic
by turns. Rivals forecast every level's own series; so does 单独预测 for the sums, and 折中 reconciles it
with the buildings' (wls_struct). WAPE = Σ|median − actual| ÷ Σ actual over all districts, bias = Σ(mean −
actual) ÷ Σ actual, coverage of the intervals by years ahead.

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

from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import RIVALS, rival
from louyu_lab.analysis.tax.history import RECURRING, TaxHistory, tax_history
from louyu_lab.analysis.tax.outlook.combining import combined, weights
from louyu_lab.analysis.tax.outlook.components import all_components
from louyu_lab.analysis.tax.outlook.sums import past_sums, street_names, tax_coherence
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame

DISTRICTS, FIRST_SEED, HORIZON = 12, 7_000, 3
SIZES, LAST_YEARS = (60, 89, 120, 150), (2018, 2020, 2024)

OURS, SERIES, TENANTS, ALONE, BETWEEN = "本章", "只用楼宇序列", "只用逐户", "单独预测", "折中"

LEVELS = ("district", "street", "building")

KEY = ["level", "method", "horizon"]


def main(districts: int = DISTRICTS, first: int = FIRST_SEED) -> None:
    """Print the errors of all districts together."""
    tasks = [
        delayed(trials)(SIZES[at % len(SIZES)], first + at, LAST_YEARS[at % len(LAST_YEARS)])
        for at in range(districts)
    ]
    rows = pd.concat(Parallel(n_jobs=2)(tasks), ignore_index=True)
    learned = rows.loc[rows["level"] == "district", ["seed", "last", "weight"]].drop_duplicates()
    print(f"realistic，{districts} 个区，种子自 {first} 起；逐户权重 {learned['weight'].round(2).tolist()}")
    for last in (*sorted(rows["last"].unique()), None):
        own = rows if last is None else rows[rows["last"] == last]
        print(
            f"\n{'合计' if last is None else f'台账止于 {last} 年'}\n{scores(own).round(3).to_string(na_rep='')}"
        )


def scores(rows: pd.DataFrame) -> pd.DataFrame:
    """Return ``wape`` by years ahead, ``bias`` and the coverages over all, a row a level and method."""
    sums = (
        rows.assign(
            miss=(rows["median"] - rows["actual"]).abs(),
            over=rows["mean"] - rows["actual"],
            in80=rows["actual"].between(rows["lo80"], rows["hi80"]),
            in95=rows["actual"].between(rows["lo95"], rows["hi95"]),
        )
        .groupby(KEY, sort=False)[["miss", "over", "actual", "in80", "in95"]]
        .agg({"miss": "sum", "over": "sum", "actual": "sum", "in80": "mean", "in95": "mean"})
    )
    wape = (sums["miss"] / sums["actual"]).unstack("horizon").add_prefix("wape ")
    both = sums.groupby(KEY[:2], sort=False)[["miss", "over", "actual"]].sum()
    wape["wape"], wape["bias"] = (both[name] / both["actual"] for name in ("miss", "over"))
    covered = sums[["in80", "in95"]].unstack("horizon")
    covered.columns = [f"{name} {step}" for name, step in covered.columns]
    known = rows["lo80"].notna().groupby([rows[name] for name in KEY[:2]]).any()
    covered[~known.reindex(covered.index)] = np.nan
    order = rows.drop_duplicates(KEY[:2]).sort_values(
        "level", key=lambda of: of.map(LEVELS.index), kind="stable"
    )
    return wape.join(covered).reindex(order.set_index(KEY[:2]).index)


def trials(buildings: int, seed: int, last_year: int) -> pd.DataFrame:
    """Return forecasts and actuals of one district: a row a level, method, object and year ahead."""
    plan = PlantedPlan(buildings=buildings, seed=seed, difficulty="realistic", last_year=last_year)
    panel, tenants, truth = panels(plan)
    made = all_components(panel, tenants, last_year, HORIZON, seed)
    history = tax_history(panel, last_year, RECURRING)
    weight = weights(made, history)[last_year].value
    parts = made[last_year]
    later = truth.set_index("building_id").reindex(parts.series.building_id)
    actual = later[[f"recurring_tax_yuan_{year}" for year in parts.series.years]].to_numpy()
    ours = combined(parts, weight)
    each = {OURS: ours, SERIES: parts.series, TENANTS: combined(parts, 1.0)}
    rows = [of_draws(name, paths, actual) for name, paths in each.items()]
    rows += [of_rivals(history, ours, actual), of_sums(history, ours, actual)]
    return pd.concat(rows, ignore_index=True).assign(seed=seed, last=last_year, weight=weight)


def panels(plan: PlantedPlan) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return ``building_years``, ``enterprise_years`` and the truth of a district made in memory."""
    district, truth = make_planted(plan)
    extra = {
        "buildings": {"since_year": district.frames["buildings"]["opened_date"].dt.year},
        "tenancies": {"enterprise_id": district.frames["tenancies"]["credit_code"]},
        "taxes": {"enterprise_id": district.frames["taxes"]["credit_code"], "level": "enterprise"},
        "occupancy": {"period": district.frames["occupancy"]["year"].astype("str")},
    }
    frames = {name: typed_frame(name, district.frames[name].assign(**extra[name])) for name in extra}
    ledgers = Ledgers(district.name, frames, *[pd.DataFrame()] * 3)
    years = plan.ledger_years.tolist()
    return building_years(ledgers, years), enterprise_years(ledgers, years), truth.buildings


def of_draws(method: str, paths: TaxPaths, actual: np.ndarray) -> pd.DataFrame:
    """Return median, mean and bounds of the draws at the three levels."""
    rows = []
    for level, at in memberships(paths).items():
        drawn = np.einsum("ob,dbh->doh", at, paths.yuan)
        bounds = np.quantile(drawn, [0.5, 0.1, 0.9, 0.025, 0.975], axis=0)
        values = dict(zip(("median", "lo80", "hi80", "lo95", "hi95"), bounds, strict=True))
        values |= {"mean": drawn.mean(axis=0), "actual": at @ actual}
        rows.append(long(level, method, values))
    return pd.concat(rows, ignore_index=True)


def of_rivals(history: TaxHistory, paths: TaxPaths, actual: np.ndarray) -> pd.DataFrame:
    """Return the simple methods' forecasts of every level's own series."""
    own = history.tax_yuan[pd.Index(history.building_id).get_indexer(paths.building_id)]
    past = past_sums(history, paths, "全区").pivot(index=["level", "id"], columns="year", values="tax_yuan")
    series = {"building": own, **{name: past.loc[[name]].to_numpy() for name in ("street", "district")}}
    rows = []
    for level, at in memberships(paths).items():
        for method in RIVALS:
            point = rival(method, series[level], HORIZON)
            rows.append(long(level, method, {"median": point, "mean": point, "actual": at @ actual}))
    return pd.concat(rows, ignore_index=True)


def of_sums(history: TaxHistory, paths: TaxPaths, actual: np.ndarray) -> pd.DataFrame:
    """Return the forecasts of the sums alone, and reconciled with the buildings'."""
    table = tax_coherence(history, paths, "全区")
    rows = []
    for level, at in memberships(paths).items():
        for method, column in ((ALONE, "alone_yuan"), (BETWEEN, "wls_struct_yuan")):
            if level != "building":
                point = (
                    table[table["level"] == level].pivot(index="id", columns="year", values=column).to_numpy()
                )
                rows.append(long(level, method, {"median": point, "mean": point, "actual": at @ actual}))
    return pd.concat(rows, ignore_index=True)


def memberships(paths: TaxPaths) -> dict[str, np.ndarray]:
    """Return which buildings (columns) belong to each object (rows, sorted) of a level, as 0 and 1."""
    street = street_names(paths)
    count = len(street)
    return {
        "building": np.eye(count),
        "street": (np.unique(street)[:, None] == street).astype("float64"),
        "district": np.ones((1, count)),
    }


def long(level: str, method: str, values: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return arrays (objects, h) as rows; what is not given is NaN."""
    shape = values["actual"].shape
    names = ("median", "mean", "lo80", "hi80", "lo95", "hi95", "actual")
    each = {name: values.get(name, np.full(shape, np.nan)).ravel() for name in names}
    steps = np.tile(np.arange(1, shape[1] + 1), shape[0])
    return pd.DataFrame({"level": level, "method": method, "horizon": steps} | each)


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
