"""Attribution on the fitted model itself: from rates drawn with known coefficients back to ㎡."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from louyu_lab.analysis.vacancy.attribution import attribute, telling_pairs, vacancy_gaps
from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers
from louyu_lab.analysis.vacancy.drivers.result import DriverFit

SLOPES = {"owners": 0.5, "age": 0.3, "lifts": 0.0}
GROUPS = {"产权": ["owners"], "设施": ["age"], "电梯": ["lifts"]}
OPTIONS = {"vacant_sqm": "vacant_sqm", "area_sqm": "area_sqm", "groups": GROUPS}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """120 buildings in four years; a fixed trait of standard deviation 0.2 beside the drivers."""
    rng = np.random.default_rng(21)
    buildings = pd.DataFrame(rng.normal(0, 1, (120, 3)), columns=list(SLOPES)).assign(
        building_id=[f"L{at:03d}" for at in range(120)],
        street=[("南街", "北街", "东街")[at % 3] for at in range(120)],
        area_sqm=rng.uniform(1e4, 5e4, 120),
        trait=rng.normal(0, 0.2, 120),
    )
    rows = buildings.merge(pd.DataFrame({"year": ["2017", "2018", "2019", "2020"]}), how="cross")
    linear = -1.5 + rows[list(SLOPES)].to_numpy() @ np.array(list(SLOPES.values())) + rows["trait"]
    rates = expit(linear + rng.normal(0, 0.2, len(rows)))
    return rows.assign(vacancy_rate=rates, vacant_sqm=rates * rows["area_sqm"])


@pytest.fixture(scope="module")
def fit(frame: pd.DataFrame) -> DriverFit:
    return fit_drivers(frame, "vacancy_rate", [*SLOPES, "year"], cluster="building_id", level=0.90)


def test_planted_causes_come_back_in_square_metres(frame: pd.DataFrame, fit: DriverFit) -> None:
    now = frame[frame["year"] == "2020"]
    table = attribute(fit, now, replicates=100, **OPTIONS)
    built = table[table["level"] == "building"].pivot(index="id", columns="cause", values="area_sqm")
    assert built.sum(axis=1).to_numpy() == pytest.approx(now["vacant_sqm"].to_numpy(), abs=1e-6)
    # The same with the planted coefficients: intercept, three drivers, three years that differ in nothing.
    planted = replace(fit, beta=np.array([-1.5, *SLOPES.values(), 0.0, 0.0, 0.0]))
    truth = attribute(planted, now, replicates=0, **OPTIONS)
    truth = truth[truth["level"] == "building"].pivot(index="id", columns="cause", values="area_sqm")
    for cause, driver in (("产权", "owners"), ("设施", "age")):
        ratio = (built[cause] @ truth[cause]) / (truth[cause] @ truth[cause])
        # A coefficient's standard error is √(0.2² + 0.2²/4) / √120 = 0.02; four of them, for either driver.
        assert ratio == pytest.approx(1, abs=4 * 0.02 / SLOPES[driver])
    assert np.abs(truth["电梯"]).max() < 1e-6
    # Lifts do nothing: the interval of most buildings holds zero, that of owners of hardly any far from the mean.
    rows = table[table["level"] == "building"].set_index(["cause", "id"])
    holds_zero = (rows["lo_sqm"] <= 0) & (rows["hi_sqm"] >= 0)
    assert holds_zero["电梯"].mean() > 0.8
    far = now.loc[now["owners"].abs() > 1, "building_id"]
    assert holds_zero["产权"].loc[far].mean() < 0.1


def test_gaps_of_the_fitted_model_add_up(frame: pd.DataFrame, fit: DriverFit) -> None:
    pairs = telling_pairs(fit, frame, "vacant_sqm", 2020)
    table = vacancy_gaps(fit, frame, pairs, replicates=20, **OPTIONS)
    for _, rows in table.groupby("dimension"):
        parts = rows.set_index("part")["difference"]
        assert parts.drop("实际相差").sum() == pytest.approx(parts["实际相差"], abs=1e-12)
    assert (table["lo"].dropna() <= table["hi"].dropna()).all()
