"""Do the intervals hold what they promise? Apart from the test suite: ``python tests/benchmarks/coverage.py``.

Generated districts of 60 to 150 buildings whose truth is known from counterfactuals, studied just as
chapter 03 studies a real one: the drivers it would choose, blanks as it fills them, intervals at 90 %. Of
each effect: bias, coverage, how often its sign is right where the design could tell; and of two
planted nulls, one of them correlated with grade, how often they come out significant at 5 %.

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

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers
from louyu_lab.analysis.vacancy.model import OUTCOME, PANEL, UNIT, fit_study
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import Ledgers, typed_frame

SIZES = (60, 75, 89, 120, 150)
DISTRICTS, FIRST_SEED = 250, 5_000
CONFOUNDED = 60

#: The study's drivers: the planted one, planted units in one of the study's, and whether a year is enough.
PLANTED = {
    "owners_log2": ("ln_owners", np.log(2)),
    "grade_steps": ("grade_steps", 1.0),
    "property_grade_steps": ("property_grade_steps", 1.0),
    "age_decades": ("age_decades", 1.0),
    "parking_fifths": ("parking_per_100sqm", 0.2),
    "thousand_sqm_per_lift": ("thousand_sqm_per_lift", 1.0),
    "metro_log2": ("ln_metro_m", np.log(2)),
    "gross_area_log2": ("ln_gross_area", np.log(2)),
    "rent_premium_tenths": ("ln_rent_premium", np.log(1.1)),
    "nearby_supply_tenths": ("nearby_supply", 0.1),
}

#: An effect of this many standard deviations of its estimator can be told from none.
TELLING = 2.5


def main(districts: int = DISTRICTS, first: int = FIRST_SEED) -> None:
    """Print the realistic districts with the marks to reach, and the confounded ones without."""
    whole = table("realistic", districts, first)
    print(f"realistic，{districts} 个区，种子自 {first} 起：")
    report(whole, "（目标 87%—93%）", "（目标 95%）")
    nulls = whole[whole["driver"].str.startswith("null")]
    share, error = nulls["is_significant"].mean(), np.sqrt(0.05 * 0.95 / len(nulls))
    print(f"  假成因在 5% 水平显著 {share:.1%}（目标不超过 {0.05 + 2 * error:.1%}）")
    print(f"confounded，{CONFOUNDED} 个区：")
    report(table("confounded", CONFOUNDED, first))


def table(difficulty: str, districts: int, first: int) -> pd.DataFrame:
    """Return a row a district and driver of the study."""
    tasks = (delayed(studied)(SIZES[i % len(SIZES)], first + i, difficulty) for i in range(districts))
    return pd.concat(Parallel(n_jobs=2)(tasks), ignore_index=True)


def studied(buildings: int, seed: int, difficulty: str) -> pd.DataFrame:
    """Study one district; the estimates beside the truth, in points."""
    plan = PlantedPlan(buildings=buildings, seed=seed, difficulty=difficulty)
    district, truth = make_planted(plan)
    stock = district.frames["buildings"]
    stock = stock.assign(since_year=stock["opened_date"].dt.year)
    frames = {name: typed_frame(name, district.frames[name]) for name in ("occupancy", "policies")}
    ledgers = Ledgers(
        district.name, {"buildings": typed_frame("buildings", stock), **frames}, *[pd.DataFrame()] * 3
    )
    model = fit_study(StudyYear(ledgers, plan.last_year))
    true = {entry["name"]: entry for entry in truth.summary["drivers"]}
    rows = []
    for effect in model.fit.effects.itertuples():
        if effect.driver in PLANTED:
            planted, units = PLANTED[effect.driver]
            which = "ape_points" if true[planted]["is_lasting"] else "ape_same_year_points"
            rows.append(
                (
                    effect.driver,
                    effect.effect_pp,
                    effect.lo_pp,
                    effect.hi_pp,
                    effect.p_value,
                    true[planted][which] * units,
                )
            )
    rows += nulls(model.stable, model.fit.design.drivers, seed)
    made = pd.DataFrame(rows, columns=["driver", "effect", "lo", "hi", "p_value", "truth"])
    return made.assign(buildings=buildings, seed=seed, is_significant=made["p_value"] < 0.05)


def nulls(frame: pd.DataFrame, drivers: tuple[str, ...], seed: int) -> list[tuple]:
    """Fit again with a trait that does nothing, once of its own and once correlated with grade."""
    rng = np.random.default_rng(seed)
    ids = frame[UNIT].unique()
    grade = frame["grade_steps"].fillna(frame["grade_steps"].mean())
    found = []
    for name, share in (("null", 0.0), ("null_with_grade", 1.0)):
        noise = dict(zip(ids, rng.standard_normal(len(ids)), strict=True))
        values = frame[UNIT].map(noise) + share * grade
        fit = fit_drivers(frame.assign(**{name: values}), OUTCOME, [*drivers, name], **PANEL)
        last = fit.effects.iloc[-1]
        found.append((name, last["effect_pp"], last["lo_pp"], last["hi_pp"], last["p_value"], 0.0))
    return found


def report(whole: pd.DataFrame, coverage_mark: str = "", sign_mark: str = "") -> None:
    """Print a line a driver, and the whole with its marks where there are any."""
    covered = (whole["lo"] <= whole["truth"]) & (whole["truth"] <= whole["hi"])
    error = whole["effect"] - whole["truth"]
    right = np.sign(whole["effect"]) == np.sign(whole["truth"])
    spread = error.groupby([whole["driver"], whole["buildings"]]).transform("std")
    told = whole["truth"].abs() >= TELLING * spread
    made = whole.assign(covered=covered, error=error, right=right.where(told), told=told)
    for driver, rows in made.groupby("driver", sort=False):
        signs = (
            f"，符号对 {rows['right'].mean():.1%}（{rows['told'].sum()} 次）" if rows["told"].any() else ""
        )
        print(
            f"  {driver:24s} {len(rows):4d} 区  真值 {rows['truth'].mean():6.2f}  偏差 {rows['error'].mean():6.2f}"
            f"  标准差 {rows['error'].std():5.2f}  覆盖 {rows['covered'].mean():.1%}{signs}"
        )
    real = made[~made["driver"].str.startswith("null")]
    by_size = real.groupby("buildings")["covered"].mean()
    print(f"  合计覆盖 {real['covered'].mean():.1%}{coverage_mark}；按楼宇数 {by_size.round(3).to_dict()}")
    if real["told"].any():
        right, times = real["right"].mean(), int(real["told"].sum())
        print(f"  看得出的效应符号对 {right:.1%}{sign_mark}，{times} 次")


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
